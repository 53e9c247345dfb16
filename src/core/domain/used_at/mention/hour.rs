//! Reads times of day as people name them in messages.

use jiff::civil::Time;

use super::begins_with;
use crate::domain::used_at::clock;
use crate::domain::used_at::scan::Scanner;
use crate::domain::written::is_syllable;

/// The words for a part of the day, before an hour or after a day.
const PARTS: &[&str] = &["오전", "오후", "새벽", "아침", "저녁", "점심", "한낮", "밤", "낮", "am", "pm"];
/// The words that are a time of day by themselves, unlike `밤`, which also means a chestnut.
const ALONE: &[&str] = &["오전", "오후", "새벽", "아침", "저녁", "정오", "자정"];
const NOON: &str = "정오";
const MIDNIGHT: &str = "자정";
/// The syllables that may directly follow 시 if it is an hour: not 시간, 시장, 시즌.
const BEHIND_HOUR: &str = "에쯤경정부까반이입였인전후로즈께엔는은가를와과의무임요예";
/// The syllables that may directly follow a part of the day, or 분.
const BEHIND_WORD: &str = "에쯤경정부까이입은는의엔도만중늦일무인으전후";

/// A named time of day; `None` if it is ambiguous.
#[derive(Clone, Copy)]
pub(super) struct Hour(pub(super) Option<Time>);

/// Reads a time of day; reads nothing if there is none.
pub(super) fn hour(scanner: &mut Scanner, behind_day: bool, before: Option<char>) -> Option<Hour> {
    let mut ahead = scanner.clone();
    let read = of_clock(&mut ahead, before).or_else(|| {
        ahead = scanner.clone();
        word(&mut ahead, behind_day, before)
    })?;
    *scanner = ahead;
    Some(read)
}

fn of_clock(scanner: &mut Scanner, before: Option<char>) -> Option<Hour> {
    let text = scanner.rest();
    let part = PARTS.iter().find(|part| scanner.word(part));
    if part.is_some_and(|part| part.is_ascii()) && before.is_some_and(|before| before.is_ascii_alphabetic()) {
        return None;
    }
    let hour = scanner.number(1..=2)?.small().filter(|hour| (0..=24).contains(hour));
    // "2시~4시" is read elsewhere; this is "2~4시".
    let mut range = scanner.clone();
    if (range.word("~") || range.word("-")) && range.number(1..=2).is_some() && named(&mut range) {
        *scanner = range;
        return Some(Hour(None));
    }
    hour?;
    let mut half = "";
    if scanner.at_once_word(":") {
        digital(scanner)?;
        if part.is_none() {
            half = ["am", "pm"].into_iter().find(|half| scanner.word(half)).unwrap_or_default();
        }
    } else if named(scanner) {
        minutes(scanner);
    } else {
        return None;
    }
    let read = &text[..text.len() - scanner.rest().len()];
    let read_whole_hour = read.ends_with('시');
    let read = format!("{half}{}", read.strip_suffix(half).unwrap_or(read));
    let mut read = Scanner::new(&read);
    let time = clock::clock(&mut read).filter(|_| read.is_at_end());
    let is_half_past = read_whole_hour && is_half_past(scanner);
    Some(Hour(if is_half_past { time.and_then(|time| time.with().minute(30).build().ok()) } else { time }))
}

/// `05` after a colon, and an optional `:30`.
fn digital(scanner: &mut Scanner) -> Option<()> {
    let mut sixty = || scanner.at_once(|next| next.is_ascii_digit()).then(|| scanner.number(2..=2))?;
    if sixty()?.value >= 60 {
        return None;
    }
    if scanner.at_once_word(":") {
        let second = scanner.number(2..=2)?;
        let mut fraction = scanner.clone();
        if fraction.at_once_word(".") && fraction.number(1..=4).is_some() {
            *scanner = fraction;
        }
        return (second.value < 60).then_some(());
    }
    Some(())
}

/// `시`, and not 시간.
fn named(scanner: &mut Scanner) -> bool {
    scanner.word("시") && !scanner.at_once(|next| is_syllable(next) && !BEHIND_HOUR.contains(next))
}

/// `20분`, and not 20분간.
fn minutes(scanner: &mut Scanner) {
    let mut ahead = scanner.clone();
    if ahead.number_before("분").is_some() && !begins_with(&ahead, &["간", "동안"]) {
        *scanner = ahead;
    }
}

/// `반` after an hour.
fn is_half_past(scanner: &mut Scanner) -> bool {
    let mut ahead = scanner.clone();
    let is_read = ahead.word("반") && !ahead.at_once(|next| is_syllable(next) && !BEHIND_WORD.contains(next));
    if is_read {
        *scanner = ahead;
    }
    is_read
}

fn word(scanner: &mut Scanner, behind_day: bool, before: Option<char>) -> Option<Hour> {
    let words = if behind_day { PARTS } else { ALONE };
    if !behind_day && before.is_some_and(is_syllable) {
        return None;
    }
    let word = words.iter().chain(&[NOON, MIDNIGHT]).find(|word| !word.is_ascii() && scanner.word(word))?;
    if scanner.at_once(|next| is_syllable(next) && !BEHIND_WORD.contains(next)) {
        return None;
    }
    Some(Hour((*word == NOON).then(|| Time::constant(12, 0, 0, 0))))
}
