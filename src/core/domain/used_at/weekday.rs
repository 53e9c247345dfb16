//! Reads weekdays after a day: `11월 20일(금)`, `11월 20일 금요일`.

use jiff::civil::Weekday;

use super::scan::Scanner;

pub(super) fn of(syllable: char) -> Option<Weekday> {
    Some(match syllable {
        '월' => Weekday::Monday,
        '화' => Weekday::Tuesday,
        '수' => Weekday::Wednesday,
        '목' => Weekday::Thursday,
        '금' => Weekday::Friday,
        '토' => Weekday::Saturday,
        '일' => Weekday::Sunday,
        _ => return None,
    })
}

/// Reads a weekday in brackets, or written out; reads nothing if there is none.
pub(super) fn behind(scanner: &mut Scanner) -> Option<Weekday> {
    let mut ahead = scanner.clone();
    let close = ["(", "["].into_iter().position(|open| ahead.word(open)).map(|open| [")", "]"][open]);
    let weekday = ahead.sign(of)?;
    let written_out = ahead.word("요일");
    let is_whole = match close {
        Some(close) => ahead.word(close),
        None => written_out,
    };
    is_whole.then(|| {
        *scanner = ahead;
        weekday
    })
}
