//! Puts nouns together as Korean does: owner, thing, particle or copula ("제 차", "제 차는", "제 찬데요").

/// The final consonants that particles and copulas may begin with, with their place among the finals of a syllable.
const FINALS: [(char, u32); 3] = [('ㄴ', 4), ('ㄹ', 8), ('ㅂ', 17)];
/// A copula that begins so follows any syllable; any other needs one without a final consonant: "차고", but "본인이고".
const AFTER_ANY: [&str; 4] = ["이", "입", "임", "인"];
const FIRST_SYLLABLE: u32 = 0xac00;
const LAST_SYLLABLE: u32 = 0xd7a3;
const FINALS_OF_A_SYLLABLE: u32 = 28;

/// A noun with a particle, if the two can be put together.
pub(super) fn with_particle(noun: &str, particle: &str) -> Option<String> {
    joined(noun, particle)
}

/// A noun with a copula, if the two can be put together.
pub(super) fn with_copula(noun: &str, copula: &str) -> Option<String> {
    let fits = AFTER_ANY.iter().any(|start| copula.starts_with(start)) || is_open(noun.chars().last()?);
    fits.then(|| joined(noun, copula)).flatten()
}

/// A suffix that begins with a single consonant is written into the last syllable: 저 + ㄴ데요 = 전데요.
fn joined(noun: &str, suffix: &str) -> Option<String> {
    let mut rest = suffix.chars();
    let Some((_, place)) =
        rest.next().and_then(|first| FINALS.iter().find(|(consonant, _)| *consonant == first))
    else {
        return Some(format!("{noun}{suffix}"));
    };
    let mut signs: Vec<char> = noun.chars().collect();
    let last = signs.pop().filter(|last| is_open(*last))?;
    signs.push(char::from_u32(u32::from(last) + place)?);
    signs.extend(rest);
    Some(signs.into_iter().collect())
}

/// A Hangul syllable without a final consonant.
fn is_open(sign: char) -> bool {
    let code = u32::from(sign);
    (FIRST_SYLLABLE..=LAST_SYLLABLE).contains(&code)
        && (code - FIRST_SYLLABLE).is_multiple_of(FINALS_OF_A_SYLLABLE)
}

#[cfg(test)]
mod tests {
    use super::{with_copula, with_particle};

    #[test]
    fn suffixes_join_as_korean_is_written() {
        assert_eq!(with_copula("저", "ㄴ데요").as_deref(), Some("전데요"));
        assert_eq!(with_copula("제차", "ㅂ니다").as_deref(), Some("제찹니다"));
        assert_eq!(with_copula("본인", "입니다").as_deref(), Some("본인입니다"));
        assert_eq!(with_copula("본인", "고"), None);
        assert_eq!(with_copula("차량", "ㄴ데요"), None);
        assert_eq!(with_particle("저", "ㄴ").as_deref(), Some("전"));
        assert_eq!(with_particle("차량", "은").as_deref(), Some("차량은"));
        assert_eq!(with_particle("차량", "ㄴ"), None);
    }
}
