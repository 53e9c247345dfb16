//! Recognises the forms of Korean plates in text without spaces and punctuation.

use super::areas::{REGIONS, districts, regions, starts_with};
use crate::domain::written::is_syllable;

/// The prefixes of plates of embassies, consulates, their staff, international organisations, treaties and missions.
const DIPLOMATIC: &[&str] = &["외교", "영사", "준외", "준영", "국기", "협정", "대표"];
/// The prefixes of temporary plates, the longer first.
const TEMPORARY: &[&str] = &["임시운행허가", "임시운행", "임시"];
/// The kinds of construction machines, from the bulldozer to the tower crane (건설기계관리법 시행령, 별표 1).
const MACHINES: std::ops::RangeInclusive<u8> = 1..=27;

/// The initial consonants and vowels of plate syllables by their Unicode index, and the further syllables allowed.
/// Units such as 시 and 동 are not included: "12시 3000원" and "101동 1203호" name no plate.
const INITIALS: &[u32] = &[0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 16, 17, 18];
const VOWELS: &[u32] = &[0, 4, 8, 13];
const FURTHER_SYLLABLES: [char; 6] = ['배', '국', '합', '육', '해', '공'];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Diplomatic,
    Temporary,
    Motorcycle,
    /// Without a syllable, as formerly issued to construction machines.
    Machine,
}

/// The part of a plate before its last digits, unless that is digits and a syllable.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) kind: Kind,
    /// Its spelling in the normalised plate.
    pub(super) text: String,
    /// Its length in characters.
    pub(super) length: usize,
}

impl Kind {
    /// Whether these digits may follow the head.
    pub(super) fn takes(self, digits: &str) -> bool {
        match self {
            Self::Diplomatic => digits.len() == 6,
            Self::Temporary => (4..=6).contains(&digits.len()),
            Self::Motorcycle => digits.len() == 4,
            Self::Machine => {
                digits.len() == 6 && digits[..2].parse().is_ok_and(|kind| MACHINES.contains(&kind))
            }
        }
    }
}

/// The normalised plate of a text without spaces and punctuation.
pub(super) fn plate(compact: &str) -> Option<String> {
    if is_ordinary(compact) {
        return Some(compact.to_owned());
    }
    special(compact).map(|(_, plate)| plate)
}

/// A plate whose form is not digits, a syllable and digits.
pub(super) fn special(compact: &str) -> Option<(Kind, String)> {
    let digits = compact.trim_start_matches(|sign: char| !sign.is_ascii_digit());
    if !(4..=6).contains(&digits.len()) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let signs: Vec<char> = compact.chars().collect();
    let head = head(&signs)?;
    let is_whole = head.length + digits.len() == signs.len() && head.kind.takes(digits);
    is_whole.then(|| (head.kind, head.text + digits))
}

/// The plate head at the start of these characters, without spaces. A digit follows it.
pub(super) fn head(signs: &[char]) -> Option<Head> {
    let followed = |length: usize| signs.get(length).is_some_and(char::is_ascii_digit);
    let mut heads = without_region(signs);
    for (region, length) in regions(signs) {
        let rest = &signs[length..];
        heads.extend(temporary(rest).map(|more| (Kind::Temporary, format!("{region}임시"), length + more)));
        heads.extend(
            motorcycle(region, rest).into_iter().map(|(text, more)| (Kind::Motorcycle, text, length + more)),
        );
        heads.push((Kind::Machine, region.to_owned(), length));
    }
    let (kind, text, length) = heads.into_iter().find(|(_, _, length)| followed(*length))?;
    Some(Head { kind, text, length })
}

fn without_region(signs: &[char]) -> Vec<(Kind, String, usize)> {
    let diplomatic = DIPLOMATIC.iter().find(|word| starts_with(signs, word));
    let mut heads: Vec<_> =
        diplomatic.map(|word| (Kind::Diplomatic, (*word).to_owned(), 2)).into_iter().collect();
    if let Some(length) = temporary(signs) {
        heads.push((Kind::Temporary, "임시".to_owned(), length));
        // "임시 서울 1234"
        heads.extend(
            regions(&signs[length..])
                .map(|(region, more)| (Kind::Temporary, format!("{region}임시"), length + more)),
        );
    }
    heads
}

fn temporary(signs: &[char]) -> Option<usize> {
    TEMPORARY.iter().find(|word| starts_with(signs, word)).map(|word| word.chars().count())
}

/// The possible rests of a motorcycle's head after the region: a district, or two as in 성남 분당, and a syllable. Sejong
/// has no districts.
fn motorcycle(region: &str, signs: &[char]) -> Vec<(String, usize)> {
    let mut places: Vec<(String, usize)> = Vec::new();
    if region == "세종" {
        places.push((String::new(), 0));
    }
    for (district, length) in districts(signs) {
        places.push((district.to_owned(), length));
        places.extend(
            districts(&signs[length..]).map(|(next, more)| (format!("{district}{next}"), length + more)),
        );
    }
    let with_syllable = |(place, length): (String, usize)| {
        let syllable = signs.get(length).filter(|sign| is_issued(**sign))?;
        Some((format!("{region}{place}{syllable}"), length + 1))
    };
    places.into_iter().filter_map(with_syllable).collect()
}

/// Whether a syllable was ever issued.
pub(super) fn is_issued(syllable: char) -> bool {
    let place = u32::from(syllable).wrapping_sub(u32::from('가'));
    let (initial, vowel, last) = (place / 588, place % 588 / 28, place % 28);
    FURTHER_SYLLABLES.contains(&syllable)
        || (last == 0 && INITIALS.contains(&initial) && VOWELS.contains(&vowel))
}

/// Digits, any syllable and four digits, optionally after a region.
pub(super) fn is_ordinary(compact: &str) -> bool {
    let region = REGIONS.iter().find_map(|region| compact.strip_prefix(region));
    let (number, digits_in_front) = match region {
        Some(rest) => (rest, 1..=2),
        None => (compact, 2..=3),
    };
    let front = number.bytes().take_while(u8::is_ascii_digit).count();
    let mut rest = number[front..].chars();
    digits_in_front.contains(&front)
        && rest.next().is_some_and(is_syllable)
        && rest.as_str().len() == 4
        && rest.all(|digit| digit.is_ascii_digit())
}
