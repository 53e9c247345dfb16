use misread::domain::words::lexicon::{Firmness, Meaning, Noun, Owner, Polarity};
use misread::domain::words::noun::{NounEntry, Nouns};

#[test]
fn suffixes_join_as_korean_is_written() {
    let noun = Noun { about: None, owner: Owner::Mine };
    let entry = NounEntry { noun, claim: Some((noun, Polarity::Yes)) };
    let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let copulas = list(&["ㄴ데요", "ㅂ니다", "입니다", "이고", "고"]);
    let nouns = Nouns::new(
        list(&["저", "제차", "본인"]).into_iter().map(|text| (text, entry)).collect(),
        list(&["은", "ㄴ"]).into_iter().collect(),
        copulas.into_iter().map(|text| (text, Firmness::Plain)).collect(),
    );
    let claim = Some(Meaning::Claim(noun, Polarity::Yes, Firmness::Plain));
    for phrase in ["전데요", "제찹니다", "제차고", "본인입니다", "본인이고"] {
        assert_eq!(nouns.meaning(phrase), claim, "{phrase}");
    }
    for phrase in ["전", "본인은", "제차"] {
        assert_eq!(nouns.meaning(phrase), Some(Meaning::Noun(noun)), "{phrase}");
    }
    for phrase in ["본인고", "본인ㄴ데요", "차", "제차라", ""] {
        assert_eq!(nouns.meaning(phrase), None, "{phrase}");
    }
    for text in ["전데요맞아요", "제찹니다만", "본인이고", "12가3456입니다", "저", "차는", "젖", ""]
    {
        let starts = text.char_indices().map(|(at, sign)| &text[..at + sign.len_utf8()]);
        let tried: Vec<_> = starts.filter_map(|start| Some((start.len(), nouns.meaning(start)?))).collect();
        assert_eq!(nouns.beginnings(text).collect::<Vec<_>>(), tried, "{text}");
    }
}
