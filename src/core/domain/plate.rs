//! Parses Korean licence plates, and finds them in messages.

use std::collections::BTreeSet;
use std::fmt;

use unicode_normalization::UnicodeNormalization;

mod areas;
mod forms;
mod given;
mod last_digits;
mod mention;

pub use given::{GivenPlate, same_text};
pub use last_digits::last_digits_mentioned;
pub use mention::places;

use super::written::is_filler;

/// The bytes of the longest plate that counts as a noun in a message: a region, two districts of three syllables each,
/// a syllable and four digits.
pub(super) const LONGEST: usize = 31;
/// The first characters of plates: digits, regions, and the special kinds.
pub(super) const FIRST_SIGNS: &str = "0123456789서부대인광울세경강충전제임외영준국협";
/// The most bytes of a text that is parsed as a plate. NFD Hangul needs nine for a syllable.
const LONGEST_TEXT: usize = 200;

/// A Korean licence plate without spaces and punctuation.
///
/// | Form | As normalised |
/// |---|---|
/// | Cars, also electric and hired ones, since 2004 and 2019 | `12가3456`, `123가4567` |
/// | Cars before 2004; taxis, buses and lorries; construction machines with a syllable | `서울12가3456`, `서울1가2345` |
/// | Embassies, consulates, international organisations (외교, 영사, 준외, 준영, 국기, 협정, 대표) | `외교123456` |
/// | Temporary permission (임시, 임시운행, 임시운행허가), four to six digits, with or without a region | `임시1234`, `서울임시1234` |
/// | Motorcycles: region, district without 시, 군 or 구, syllable | `서울강남가1234`, `대구중구나1234` |
/// | Construction machines before they had a syllable: region and kind (01 to 27) | `서울021234` |
///
/// A plate of the armed forces (육, 해, 공, 국, 합) counts only in the form of a car's, such as `23육1234`; `육12345` does
/// not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Plate(String);

impl Plate {
    /// Parses a plate as people type it: full-width digits, NFD Hangul, spaces, hyphens and dots are normalised.
    ///
    /// `None` unless the text is exactly one plate. A car's plate may have any Hangul syllable: the parser does not
    /// decide which ones were ever issued.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_TEXT {
            return None;
        }
        forms::plate(&compact(text)).map(Self)
    }

    /// All plates in a text, each once, in order. A plate may contain spaces, hyphens and the like as in
    /// [`Plate::parse`], but no line break, and nothing between the leading digits.
    ///
    /// Unlike in [`Plate::parse`], only syllables that were ever issued count, since messages contain many numbers;
    /// amounts, years and phone numbers are no plates. Searches the first 65,536 characters, in linear time.
    pub fn mentioned(text: &str) -> Vec<Self> {
        let mut seen = BTreeSet::new();
        let found = places(text).into_iter().map(|(plate, _)| plate);
        found.filter(|plate| seen.insert(plate.clone())).map(Self).collect()
    }

    /// The plate without spaces and punctuation, in NFC, as in the table above.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Plate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The text in NFKC without the separators that people put between a plate's parts. Normalising may yield new
/// separators, so they are removed before and after it.
fn compact(text: &str) -> String {
    text.chars().filter(|sign| !is_filler(*sign)).nfkc().filter(|sign| !is_filler(*sign)).collect()
}

/// Whether this text, normalised and without spaces, names a plate in a message. A construction machine's plate without
/// a syllable resembles other numbers too much.
pub fn is_written(text: &str) -> bool {
    let is_special = || forms::special(text).is_some_and(|(kind, _)| kind != forms::Kind::Machine);
    let is_ordinary = || text.chars().rev().nth(4).is_some_and(forms::is_issued) && forms::is_ordinary(text);
    text.len() <= LONGEST
        && text.ends_with(|last: char| last.is_ascii_digit())
        && (is_ordinary() || is_special())
}
