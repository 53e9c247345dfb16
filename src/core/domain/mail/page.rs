//! A message as normalised characters for comparing and cutting; each knows its position in the original.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// A normalised character: composed, narrow, lower case; dashes unified; no spaces, asterisks or invisible characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign {
    pub(super) letter: char,
    /// The bytes of the message that it represents.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A line of the message.
#[derive(Debug)]
struct Line {
    bytes: Range<usize>,
    signs: Vec<Sign>,
}

/// A message and the parts of it that are cut.
#[derive(Debug)]
pub(super) struct Page<'a> {
    message: &'a str,
    lines: Vec<Line>,
    is_cut: Vec<bool>,
}

/// The remaining characters of one or more consecutive lines, without spaces.
#[derive(Debug, Default)]
pub(super) struct Squeezed {
    pub(super) text: String,
    /// The position in the message for each byte of `text`, and the end of the last one.
    places: Vec<usize>,
    end: usize,
}

impl Squeezed {
    /// The position in the message of a byte of `text`.
    pub(super) fn place(&self, byte: usize) -> usize {
        self.places.get(byte).copied().unwrap_or(self.end)
    }

    /// A part of this text.
    pub(super) fn part(&self, bytes: Range<usize>) -> Self {
        let places = self.places.get(bytes.clone()).unwrap_or_default().to_vec();
        Self { end: self.place(bytes.end), text: self.text.get(bytes).unwrap_or_default().to_owned(), places }
    }

    /// From a byte of `text` to its end.
    pub(super) fn rest(&self, byte: usize) -> Range<usize> {
        self.place(byte)..self.end
    }
}

impl<'a> Page<'a> {
    pub(super) fn new(message: &'a str) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        for (at, separator) in message.match_indices(is_line_end) {
            lines.push(Line { bytes: start..at, signs: signs(message, start..at) });
            start = at + separator.len();
        }
        lines.push(Line { bytes: start..message.len(), signs: signs(message, start..message.len()) });
        Self { message, lines, is_cut: vec![false; message.len()] }
    }

    pub(super) fn message(&self) -> &'a str {
        self.message
    }

    pub(super) fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// All characters in order, including cut ones.
    pub(super) fn signs(&self) -> impl Iterator<Item = &Sign> {
        self.lines.iter().flat_map(|line| &line.signs)
    }

    /// The bytes of a line.
    pub(super) fn bytes(&self, line: usize) -> Range<usize> {
        self.lines.get(line).map_or(0..0, |line| line.bytes.clone())
    }

    /// A normalised line without the parts that are cut.
    pub(super) fn squeezed(&self, line: usize) -> Squeezed {
        self.joined(line..line + 1)
    }

    /// Lines without the parts that are cut, joined.
    pub(super) fn joined(&self, lines: Range<usize>) -> Squeezed {
        let mut squeezed = Squeezed::default();
        for sign in self.lines.get(lines).into_iter().flatten().flat_map(|line| &line.signs) {
            if !self.is_cut[sign.start] {
                squeezed.text.push(sign.letter);
                squeezed.places.resize(squeezed.text.len(), sign.start);
                squeezed.end = sign.end;
            }
        }
        squeezed
    }

    /// Whether nothing of a line remains.
    pub(super) fn is_blank(&self, line: usize) -> bool {
        self.lines.get(line).is_none_or(|line| line.signs.iter().all(|sign| self.is_cut[sign.start]))
    }

    /// The lines with remaining text.
    pub(super) fn left_lines(&self) -> Vec<usize> {
        (0..self.line_count()).filter(|line| !self.is_blank(*line)).collect()
    }

    pub(super) fn cut(&mut self, bytes: Range<usize>) {
        if let Some(cut) = self.is_cut.get_mut(bytes) {
            cut.fill(true);
        }
    }

    /// The range from the first to the last byte newly cut.
    pub(super) fn cut_by(&mut self, cut: impl FnOnce(&mut Self)) -> Option<Range<usize>> {
        let before = self.is_cut.clone();
        cut(self);
        let mut anew = before.iter().zip(&self.is_cut).enumerate().filter(|(_, (before, now))| before != now);
        let (first, _) = anew.next()?;
        Some(first..anew.next_back().map_or(first, |(last, _)| last) + 1)
    }

    /// Whether text remains after a byte.
    pub(super) fn is_left_behind(&self, byte: usize) -> bool {
        self.lines
            .iter()
            .flat_map(|line| &line.signs)
            .any(|sign| sign.start > byte && !self.is_cut[sign.start])
    }

    pub(super) fn cut_line(&mut self, line: usize) {
        self.cut(self.bytes(line));
    }

    /// The remaining lines; text before and after a cut is placed on separate lines.
    pub(super) fn left(&self) -> String {
        let mut left = Vec::new();
        for (index, line) in self.lines.iter().enumerate().filter(|(index, _)| !self.is_blank(*index)) {
            let is_cut = &self.is_cut[line.bytes.clone()];
            if is_cut.contains(&true) {
                let parts =
                    is_cut.chunk_by(|one, other| one == other).scan(line.bytes.start, |start, run| {
                        let bytes = *start..*start + run.len();
                        *start = bytes.end;
                        Some((run[0], bytes))
                    });
                let kept =
                    parts.filter(|(is_cut, _)| !is_cut).filter_map(|(_, bytes)| self.message.get(bytes));
                left.extend(kept.map(str::trim).filter(|part| !part.chars().all(is_mere_punctuation)));
            } else if let Some(whole) = self.message.get(self.bytes(index)) {
                left.push(whole.trim());
            }
        }
        left.join("\n")
    }
}

/// The line terminators of any mail program.
pub(super) fn is_line_end(sign: char) -> bool {
    matches!(sign, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character has no meaning if it is all that remains next to a cut; a thumbs-up has one.
fn is_mere_punctuation(sign: char) -> bool {
    sign.is_whitespace()
        || is_dropped(sign)
        || sign.is_ascii_punctuation()
        || "“”‘’…·•–—─。、，：？！＞│「」『』《》〈〉▶◀■□●○▪".contains(sign)
}

/// The letters of a text as they are compared: composed, narrow, in lower case, without blanks.
pub(super) fn fold(text: &str) -> impl Iterator<Item = char> {
    signs(text, 0..text.len()).into_iter().map(|sign| sign.letter)
}

fn signs(message: &str, bytes: Range<usize>) -> Vec<Sign> {
    let base = bytes.start;
    let text = message.get(bytes).unwrap_or_default();
    let mut signs = Vec::with_capacity(text.len() / 2);
    let mut typed = text.char_indices().peekable();
    while let Some((start, first)) = typed.next() {
        let mut end = start + first.len_utf8();
        let mut is_single = true;
        while let Some((at, next)) = typed.next_if(|(_, next)| continues(*next)) {
            end = at + next.len_utf8();
            is_single = false;
        }
        let place = |letter| Sign { letter, start: base + start, end: base + end };
        if is_single && first.is_ascii() {
            signs.extend(compared(first).map(place));
        } else {
            let cluster = text.get(start..end).unwrap_or_default();
            signs.extend(cluster.nfc().flat_map(narrow).flat_map(compared).map(place));
        }
    }
    signs
}

/// A combining character: a vowel or final of decomposed Hangul, or an accent.
fn continues(sign: char) -> bool {
    !sign.is_ascii() && (matches!(sign, '\u{1160}'..='\u{11ff}') || canonical_combining_class(sign) != 0)
}

/// Single jamo stay as typed: "ㅇㅇ" is a word.
fn narrow(sign: char) -> impl Iterator<Item = char> {
    let is_jamo = matches!(sign, '\u{3131}'..='\u{318e}');
    let as_typed = is_jamo.then_some(sign);
    let narrowed = (!is_jamo).then(|| std::iter::once(sign).nfkc()).into_iter().flatten();
    as_typed.into_iter().chain(narrowed)
}

fn compared(sign: char) -> impl Iterator<Item = char> {
    let sign = match sign {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{2501}' | '\u{fe58}' => '-',
        _ => sign,
    };
    sign.to_lowercase().filter(|sign| !sign.is_whitespace() && !is_dropped(*sign))
}

/// Invisible characters, and the asterisks that bold text turns into.
fn is_dropped(sign: char) -> bool {
    matches!(sign, '*' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{ad}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
