//! Words files with mistakes, each refused at its place.

use misread::domain::problem::Problem;
use misread::domain::words::Words;

use super::table::SHIPPED;

/// The problems of the shipped file with one text replaced.
fn problems(original: &str, replaced: &str) -> (String, Vec<Problem>) {
    assert!(SHIPPED.contains(original), "the shipped file has no {original}");
    let text = SHIPPED.replacen(original, replaced, 1);
    let problems = Words::parse(&text).expect_err("the file should be refused");
    (text, problems)
}

/// The only problem, which has a place and this text.
fn assert_refused(original: &str, replaced: &str, at: &str, says: &str) {
    let (text, problems) = problems(original, replaced);
    let [problem] = problems.as_slice() else { panic!("{problems:#?}") };
    assert_eq!(&text[problem.at.clone().unwrap()], at);
    assert!(problem.what.contains(says), "{}", problem.what);
}

#[test]
fn a_phrase_means_only_one_thing() {
    let says = "`아니요`이(가) `yes.words`에도 `no.words`에도 있습니다";
    assert_refused("words = [\n  \"네\",", "words = [\n  \"네\", \"아니요\",", "\"아니요\"", says);
    let blanks_do_not_count = "`맞아요`이(가) `yes.words`에도 `yes.predicates`에도 있습니다";
    let with_blank = "words = [\n  \"네\", \"맞 아요\",";
    assert_refused("words = [\n  \"네\",", with_blank, "\"맞아요\"", blanks_do_not_count);
    let says = "`본인`이(가) `grammar.fillers`에도 `identity.roles`에도 있습니다";
    assert_refused("fillers = [", "fillers = [\"본인\",", "\"본인\"", says);
    let says = "`은`이(가) `grammar.particles`에도 `grammar.copulas`에도 있습니다";
    assert_refused("copulas = [", "copulas = [\"은\",", "\"은\"", says);
}

#[test]
fn no_person_is_both_the_writer_and_another() {
    let says = "`제`이(가) `people.mine`에도 `people.others`에도 있습니다";
    assert_refused("others = [", "others = [\"제\",", "\"제\"", says);
}

#[test]
fn owners_and_things_do_not_make_one_word_of_two_meanings() {
    let says = "`차`(으)로 생기는 `제소유차`에 이미 다른 뜻이 있습니다";
    let (_, found) = problems("things = [\n  \"계정\",", "things = [\n  \"소유 차\", \"계정\",");
    assert!(found.iter().any(|problem| problem.what == says), "{found:#?}");
}

#[test]
fn what_can_never_be_found_is_refused() {
    for never in ["ㅋㅋ", "네!", "맞아요?", "네, 네", "넵~", "네네네", "😊😊😊 네ㅠ"] {
        let quoted = format!("\"{never}\"");
        let replaced = format!("words = [\n  {quoted}, \"네\",");
        assert_refused("words = [\n  \"네\",", &replaced, &quoted, "글에서 찾을 수 없는 말입니다");
    }
    assert_refused("says = [", "says = [\"또…!\",", "\"또…!\"", "글에서 찾을 수 없는 말입니다");
}

#[test]
fn empty_phrases_lists_and_unknown_keys_are_refused() {
    assert_refused("weak = [", "weak = [\"\",", "\"\"", "빈 말입니다");
    assert_refused("weak = [", "weak = [\" \",", "\" \"", "빈 말입니다");
    assert_refused("says = [", "says = [\"또…\",", "\"또…\"", "빈 말입니다");
    assert_refused("lines = [", "lines = [\"\",", "\"\"", "빈 말입니다");
    assert_refused("[no]", "[no]\nwrods = []", "wrods", "모르는 키 `wrods`");
    let (_, found) = problems("weak = [\"아니\", \"아니 아니\"]", "weak = []");
    assert_eq!(found[0].what, "`no.weak`에 말이 없습니다");
    let nothing = Words::parse("").unwrap_err();
    assert!(nothing.len() > 40 && nothing.iter().all(|problem| problem.what.ends_with("에 말이 없습니다")));
}

#[test]
fn a_phrase_names_one_set_that_exists() {
    let first = "says = [\n  \"취소하지\",";
    assert!(SHIPPED.contains(first));
    for (phrase, says) in
        [("<없음> 계정", "묶음 <없음>이(가) 없습니다"), ("<가족> <가족>", "묶음을 하나만 쓸 수 있습니다")]
    {
        let (text, found) = problems(first, &format!("says = [\n  \"{phrase}\", \"취소하지\","));
        let [problem] = found.as_slice() else { panic!("{found:#?}") };
        assert_eq!(&text[problem.at.clone().unwrap()], format!("\"{phrase}\""));
        assert!(problem.what.contains(says), "{}", problem.what);
    }
}

/// Phrases are found by their first sign, which any two syllables do not have.
#[test]
fn any_two_syllables_do_not_begin_a_phrase() {
    for phrase in ["<두 글자> 입니다", "[네] <두 글자>"] {
        let quoted = format!("\"{phrase}\"");
        assert_refused("weak = [", &format!("weak = [{quoted},"), &quoted, "묶음 <두 글자>이(가) 없습니다");
    }
}
