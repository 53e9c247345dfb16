//! Reads numbers and words from the start of a text, after optional spaces.

use std::ops::RangeInclusive;

/// Reads a text from its beginning, and keeps what is left.
#[derive(Clone)]
pub(super) struct Scanner<'a> {
    rest: &'a str,
}

/// A number of at most four digits, with the number of digits: `05` differs from `5`.
#[derive(Clone, Copy)]
pub(super) struct Number {
    pub(super) value: i16,
    pub(super) digits: usize,
}

impl Number {
    /// The value as a month, day, hour or minute; `None` for a number of more than two digits.
    pub(super) fn small(self) -> Option<i8> {
        (self.digits <= 2).then(|| i8::try_from(self.value).ok()).flatten()
    }
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.trim_start().is_empty()
    }

    /// Reads all digits that follow, if their count is in `digits`.
    pub(super) fn number(&mut self, digits: RangeInclusive<usize>) -> Option<Number> {
        let rest = self.rest.trim_start();
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        let value = rest[..count].parse().ok().filter(|_| digits.contains(&count))?;
        self.rest = &rest[count..];
        Some(Number { value, digits: count })
    }

    /// Reads a word if it follows, in either case.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start();
        let follows = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if follows {
            self.rest = &rest[word.len()..];
        }
        follows
    }

    /// Reads a character if it follows directly.
    pub(super) fn letter(&mut self, sign: char) -> bool {
        let rest = self.rest.strip_prefix([sign, sign.to_ascii_lowercase()]);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// `20일`
    pub(super) fn number_before(&mut self, word: &str) -> Option<Number> {
        let number = self.number(1..=2)?;
        self.word(word).then_some(number)
    }

    /// `5분`; 0 if there is no number.
    pub(super) fn optional_number_before(&mut self, word: &str) -> Option<i8> {
        let is_number = self.rest.trim_start().starts_with(|next: char| next.is_ascii_digit());
        if is_number { self.number_before(word)?.small() } else { Some(0) }
    }

    /// Reads the next character after optional spaces, if `wanted` accepts it.
    pub(super) fn sign<T>(&mut self, wanted: impl FnOnce(char) -> Option<T>) -> Option<T> {
        let rest = self.rest.trim_start();
        let found = rest.chars().next().and_then(wanted);
        if found.is_some() {
            self.rest = rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
        }
        found
    }

    /// Whether the very next character matches; reads nothing.
    pub(super) fn at_once(&self, is_meant: impl FnOnce(char) -> bool) -> bool {
        self.rest.chars().next().is_some_and(is_meant)
    }

    /// Reads a word if it follows directly, without a space.
    pub(super) fn at_once_word(&mut self, word: &str) -> bool {
        let rest = self.rest.strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// `:05`
    pub(super) fn sixty_after(&mut self, sign: char) -> Option<i8> {
        if self.letter(sign) { self.two_digits() } else { None }
    }

    /// `:30`, `:30.123` or nothing, which is 0. Fractions are dropped.
    pub(super) fn optional_second(&mut self) -> Option<i8> {
        if !self.letter(':') {
            return Some(0);
        }
        let second = self.two_digits()?;
        if self.letter('.') {
            let fraction = self.rest.bytes().take_while(u8::is_ascii_digit).count();
            self.rest = &self.rest[fraction..];
            return (1..=9).contains(&fraction).then_some(second);
        }
        Some(second)
    }

    fn two_digits(&mut self) -> Option<i8> {
        let follows_at_once = !self.rest.starts_with(char::is_whitespace);
        follows_at_once.then(|| self.number(2..=2))?.and_then(Number::small)
    }
}
