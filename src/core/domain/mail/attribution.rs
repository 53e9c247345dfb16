//! Cuts the attribution above a quoted mail (author and date), as Gmail, Naver, Apple Mail and phones write it.

use super::claim;
use super::page::Page;

/// The endings of an attribution.
const VERBS: &[&str] = &[
    "작성:",
    "작성했습니다:",
    "작성하였습니다:",
    "작성하셨습니다:",
    "작성함:",
    "님이쓴글:",
    "님이썼습니다:",
    "님의글:",
    "님의말:",
    "님이보낸메시지:",
    "님이보낸메일:",
    "님이보낸이메일:",
    "님의메시지:",
    "님의메일:",
    "님께서보낸메시지:",
    "님께서보낸메일:",
    "wrote:",
    "writes:",
    "hasewritten:",
    "schrieb:",
    "aécrit:",
    "escribió:",
    "escreveu:",
    "hascritto:",
    "写道:",
    "書きました:",
    "のメール:",
];

/// The endings of an attribution that may lack a date.
const DATELESS_VERBS: &[&str] =
    &["님이보낸메시지:", "님이보낸메일:", "님이보낸이메일:", "님께서보낸메시지:", "님께서보낸메일:"];

/// The words after "on" (in German "am").
const DAYS_AND_MONTHS: &[&str] = &[
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
    "sep", "oct", "nov", "dec",
];

/// The most lines over which an attribution is recognised.
const MOST_LINES: usize = 4;

/// The most characters of an attribution, long display names included.
const MOST_SIGNS: usize = 300;

/// The most characters of an attribution without a date.
const MOST_DATELESS_SIGNS: usize = 40;

/// Cuts the attributions; text before one on the same line stays.
pub(super) fn cut(page: &mut Page<'_>) {
    for line in 0..page.line_count() {
        let squeezed = page.squeezed(line);
        let text = squeezed.text.trim_end_matches(['>', '"', '“']);
        if !text.ends_with(':') {
            continue;
        }
        if is_dateless(text) {
            page.cut_line(line);
            continue;
        }
        let mut first = line;
        for _ in 0..MOST_LINES {
            let joined = page.joined(first..line + 1);
            if let Some(from) = dated_from(&joined.text) {
                page.cut(joined.rest(from));
                break;
            }
            // There may be a blank line between the date and the name.
            let Some(earlier) =
                (first.saturating_sub(2)..first).rev().find(|earlier| !page.is_blank(*earlier))
            else {
                break;
            };
            if !may_be_broken(&page.squeezed(earlier).text) {
                break;
            }
            first = earlier;
        }
    }
}

fn is_dateless(text: &str) -> bool {
    text.chars().count() <= MOST_DATELESS_SIGNS
        && DATELESS_VERBS.iter().any(|verb| text.ends_with(verb))
        && !claim::claims(text)
        && !claim::begins_with_answer(text)
        && !is_sentence(text)
}

/// The start of the date from which the text to its end is an attribution.
fn dated_from(text: &str) -> Option<usize> {
    let text = text.trim_end_matches(['>', '"', '“']);
    let ends_with_verb = VERBS.iter().any(|verb| text.ends_with(verb));
    // Some programs write no verb: "2026-11-29 7:03 GMT+09:00 고객센터 <support@centre.example>:"
    let text = if ends_with_verb { text } else { text.strip_suffix(':')? };
    let signs: Vec<(usize, char)> = text.char_indices().collect();
    let tail = &signs[signs.len().saturating_sub(MOST_SIGNS)..];
    let letters: Vec<char> = tail.iter().map(|(_, sign)| *sign).collect();
    let at = (0..letters.len()).rev().find(|at| begins_date(&letters, *at))?;
    let at = at.checked_sub(2).filter(|on| begins_date(&letters, *on)).unwrap_or(at);
    let header: String = letters[at..].iter().collect();
    let names_mail = header.contains('@');
    let says_when = has_clock(&letters[at..]) || (header.contains('시') && header.contains('분'));
    let ends_with_mail = header
        .rsplit_once('@')
        .is_some_and(|(_, domain)| domain.contains('.') && domain.chars().all(is_of_address));
    let is_certain = if ends_with_verb { names_mail || says_when } else { ends_with_mail && says_when };
    (is_certain && !is_sentence(&header) && !claim::claims(&header)).then(|| tail[at].0)
}

fn is_of_address(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || ".->)]".contains(sign)
}

fn is_sentence(text: &str) -> bool {
    text.contains(['?', '!']) || ["니다.", "요.", "니다,", "요,"].iter().any(|end| text.contains(end))
}

/// Whether an attribution may continue from this line to the next: the line contains no sentence.
fn may_be_broken(text: &str) -> bool {
    text.contains('@') || !(claim::claims(text) || text.ends_with(['요', '다', '까', '죠', '음', '함', '임']))
}

fn begins_date(letters: &[char], at: usize) -> bool {
    let rest = &letters[at..];
    let before = at.checked_sub(1).map(|before| letters[before]);
    if before.is_none_or(|sign| !sign.is_ascii_alphabetic())
        && (rest.starts_with(&['o', 'n']) || rest.starts_with(&['a', 'm']))
    {
        let word: String = rest.iter().skip(2).take(3).collect();
        return word.starts_with(|sign: char| sign.is_ascii_digit())
            || DAYS_AND_MONTHS.contains(&word.as_str());
    }
    let is_fresh = before.is_none_or(|sign| !sign.is_ascii_digit() && !"./-년월年月:".contains(sign));
    let (digits, separator, day, rest) = number_and_sign(rest);
    let (closing, year) =
        rest.split_first().map_or((None, 0), |(sign, rest)| (Some(sign), count_digits(rest)));
    match (digits, separator) {
        // "2026년 11월 29일", also directly after a plate.
        (4, Some('년' | '年')) => is_short(day) && matches!(closing, Some('월' | '月')),
        (4, Some('-' | '.' | '/')) => is_short(day) && closing == separator && (1..=4).contains(&year),
        (1 | 2, Some('월' | '月')) => is_fresh && is_short(day) && matches!(closing, Some('일' | '日')),
        (1 | 2, Some('-' | '.' | '/')) => {
            is_fresh && is_short(day) && closing == separator && (2..=6).contains(&year)
        }
        _ => false,
    }
}

/// The number of digits, the character after them, the number of digits after that, and the rest.
fn number_and_sign(letters: &[char]) -> (usize, Option<&char>, usize, &[char]) {
    let digits = count_digits(letters);
    let Some((sign, rest)) = letters[digits..].split_first() else {
        return (digits, None, 0, &[]);
    };
    let second = count_digits(rest);
    (digits, Some(sign), second, &rest[second..])
}

fn count_digits(letters: &[char]) -> usize {
    letters.iter().take_while(|sign| sign.is_ascii_digit()).count()
}

fn is_short(digits: usize) -> bool {
    matches!(digits, 1 | 2)
}

/// "7:03"
fn has_clock(letters: &[char]) -> bool {
    letters.windows(4).any(|four| {
        four[0].is_ascii_digit() && four[1] == ':' && four[2].is_ascii_digit() && four[3].is_ascii_digit()
    })
}
