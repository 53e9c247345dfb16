//! Finds plates and their places in messages.

use std::ops::Range;

use super::forms::{self, Kind};
use crate::domain::written;

/// The characters of a message that are searched.
const LONGEST_MESSAGE: usize = 65_536;
/// The characters of the longest head of a plate, such as 강원특별자치도 with two districts of five syllables and a syllable.
const LONGEST_HEAD: usize = 20;
/// Units after a number, which make it an amount, a count or a year.
const UNITS: &[&str] = &["원", "만원", "천원", "년", "월", "호", "층", "번지", "명", "점", "%", "포인트"];

/// A normalised character of a text, its byte range there, and the separator before it.
struct Sign {
    value: char,
    at: Range<usize>,
    before: Gap,
}

/// The separator before a character; of several, the greatest counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    Nothing,
    Blank,
    /// A hyphen or a dot.
    Joint,
    /// A line break, after which no plate continues.
    Line,
}

/// All plates in a text with their byte ranges, in order, without overlap.
pub fn places(text: &str) -> Vec<(String, Range<usize>)> {
    let signs = signs(text);
    let ordinary = (0..signs.len()).filter_map(|middle| plate_around(&signs, middle));
    let mut found: Vec<_> = ordinary.collect();
    let values: Vec<char> = signs.iter().map(|sign| sign.value).collect();
    let mut next = 0;
    let mut special = Vec::new();
    for start in 0..signs.len() {
        next += found[next..].iter().take_while(|(_, place)| place.end <= start).count();
        if let Some((plate, place)) = special_at(&signs, &values, start)
            && found.get(next).is_none_or(|(_, other)| place.end <= other.start)
            && special.last().is_none_or(|(_, last): &(String, Range<usize>)| last.end <= start)
        {
            special.push((plate, place));
        }
    }
    found.extend(special);
    found.sort_by_key(|(_, place)| place.start);
    found
        .into_iter()
        .map(|(plate, place)| (plate, signs[place.start].at.start..signs[place.end - 1].at.end))
        .collect()
}

fn signs(text: &str) -> Vec<Sign> {
    let mut gap = Gap::Line;
    let mut signs = Vec::new();
    for written::Sign { value, at } in written::signs(text).take(LONGEST_MESSAGE) {
        if value == '\n' || value == '\r' {
            gap = Gap::Line;
        } else if !written::is_filler(value) {
            signs.push(Sign { value, at, before: std::mem::replace(&mut gap, Gap::Nothing) });
        } else if !written::is_invisible(value) {
            gap = gap.max(if value.is_whitespace() { Gap::Blank } else { Gap::Joint });
        }
    }
    signs
}

fn is_digit(sign: &Sign) -> bool {
    sign.value.is_ascii_digit()
}

fn on_one_line(signs: &[Sign]) -> bool {
    signs.iter().all(|sign| sign.before != Gap::Line)
}

/// The plate of digits, a syllable and four digits whose syllable is at `middle`.
fn plate_around(signs: &[Sign], middle: usize) -> Option<(String, Range<usize>)> {
    let back = signs.get(middle + 1..middle + 5)?;
    let goes_on = signs.get(middle + 5).is_some_and(|next| is_digit(next) && next.before == Gap::Nothing);
    if !forms::is_issued(signs[middle].value) || goes_on || !back.iter().all(is_digit) || !on_one_line(back) {
        return None;
    }
    let joined = |at: &usize| *at == middle || signs[*at].before == Gap::Nothing;
    let front = (1..=middle).rev().take(4).take_while(|at| joined(at) && is_digit(&signs[at - 1])).count();
    let start = middle - front;
    let region = start.checked_sub(2).filter(|_| front <= 2 && signs[start].before != Gap::Line);
    let plate = |from: usize| {
        let plate: String = signs[from..middle + 5].iter().map(|sign| sign.value).collect();
        let is_plate = on_one_line(&signs[from + 1..=middle]) && forms::is_ordinary(&plate);
        is_plate.then_some((plate, from..middle + 5))
    };
    region.and_then(plate).or_else(|| plate(start))
}

/// The plate of another form that begins at `start`.
fn special_at(signs: &[Sign], values: &[char], start: usize) -> Option<(String, Range<usize>)> {
    if !written::is_syllable(values[start]) {
        return None;
    }
    let head = forms::head(&values[start..values.len().min(start + LONGEST_HEAD)])?;
    let from = start + head.length;
    let to = from + digits(signs, from, head.kind)?;
    let number: String = values[from..to].iter().collect();
    let fits = head.kind.takes(&number) && on_one_line(&signs[start + 1..to]) && ends_at(signs, to);
    fits.then(|| (head.text + &number, start..to))
}

/// The number of digits that belong to the plate, in the groups of its kind.
fn digits(signs: &[Sign], from: usize, kind: Kind) -> Option<usize> {
    let group = |from: usize| {
        let rest = signs.get(from..).unwrap_or_default();
        let goes_on =
            |(at, sign): &(usize, &Sign)| is_digit(sign) && (*at == 0 || sign.before == Gap::Nothing);
        rest.iter().take(8).enumerate().take_while(goes_on).count()
    };
    let first = group(from);
    let gap = signs.get(from + first).map_or(Gap::Line, |next| next.before);
    match (kind, first) {
        (Kind::Diplomatic, 3) if gap < Gap::Line => Some(3 + group(from + 3)),
        (Kind::Machine, 2) if gap == Gap::Joint => Some(2 + group(from + 2)),
        // Only without a blank: "서울 201120" may be a date.
        (Kind::Machine, _) => (signs[from].before == Gap::Nothing).then_some(first),
        _ => Some(first),
    }
}

/// Whether the number ends here and is not an amount, a phone number or a count.
fn ends_at(signs: &[Sign], to: usize) -> bool {
    let Some(next) = signs.get(to).filter(|next| next.before != Gap::Line) else { return true };
    let digit_behind = signs.get(to + 1).is_some_and(|sign| is_digit(sign) && sign.before == Gap::Nothing);
    let rest: String = signs[to..].iter().take(3).map(|sign| sign.value).collect();
    let goes_on = is_digit(next) && next.before != Gap::Blank;
    !(goes_on
        || (digit_behind && matches!(next.value, ',' | ':' | '/' | '~'))
        || UNITS.iter().any(|unit| rest.starts_with(unit)))
}
