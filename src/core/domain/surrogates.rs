//! Lone surrogates in foreign JSON: `\ud83d` without the other half of its emoji, as in a truncated text.

/// The replacement character U+FFFD as an escape's digits.
const REPLACEMENT: &[u8; 4] = b"fffd";

/// Replaces lone surrogates by the replacement character (RFC 8259, 8.2): parsers reject them, and one such character must
/// not make a whole response unreadable. Byte offsets stay the same.
pub fn mend(json: &mut [u8]) {
    let mut at = 0;
    while let Some(found) = json.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\\')) {
        at += found;
        match unit(json, at) {
            Some(0xD800..=0xDBFF) if matches!(unit(json, at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            Some(0xD800..=0xDFFF) => {
                if let Some(digits) = json.get_mut(at + 2..at + 6) {
                    digits.copy_from_slice(REPLACEMENT);
                }
                at += 6;
            }
            // Skips an escaped backslash too, since a plain `u` may follow it.
            _ => at += 2,
        }
    }
}

/// The UTF-16 unit of the escape `\uXXXX` that begins here, if one does.
fn unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(br"\u")?;
    let all_hex = digits.iter().all(u8::is_ascii_hexdigit);
    let digits = std::str::from_utf8(digits).ok().filter(|_| all_hex)?;
    u16::from_str_radix(digits, 16).ok()
}
