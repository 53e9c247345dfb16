//! Cuts company disclaimers, notes of virus scanners and ticket systems, and unsubscribe texts.

use std::ops::Range;

use super::claim;
use super::footer_marks::MARKS;
use super::page::{Page, Squeezed};

/// The titles of footers, each in a line or sentence of its own.
const TITLES: &[&str] = &[
    "disclaimer",
    "confidentialitynotice",
    "confidentiality",
    "confidential",
    "legalnotice",
    "privileged&confidential",
    "법적고지",
    "법적고지사항",
    "면책조항",
    "면책공고",
    "보안안내",
    "보안유지안내",
    "기밀유지",
    "수신거부",
    "unsubscribe",
    "learnwhythisisimportant",
    "이유알아보기",
    "이항목이중요한이유알아보기",
];

/// The beginnings of a footer's sentence. The lines before it may be a person's, if they end without punctuation.
const BEGINS: &[&str] = &[
    "이메일",
    "이e-mail",
    "이email",
    "본메일",
    "본이메일",
    "본e-mail",
    "본전자우편",
    "본전자메일",
    "이전자우편",
    "이전자메일",
    "이메시지",
    "본메시지",
    "이문서",
    "본문서",
    "이통신",
    "만약",
    "만일",
    "귀하",
    "수신",
    "당사",
    "본내용",
    "이내용",
    "위메일",
    "해당메일",
    "주의",
    "this",
    "the",
    "if",
    "any",
    "unless",
    "please",
    "confidential",
    "notice",
    "disclaimer",
    "caution",
    "privileged",
    "avast",
    "virus",
    "바이러스",
    "unauthori",
    "no",
    "you",
    "all",
    "we",
    "unsubscribe",
    "메일수신",
    "메일을",
    "인쇄",
    "출력",
];

/// Words that occur only in sentences of the writer; such a sentence is never cut as a footer.
const OWN: &[&str] = &[
    "제가",
    "저는",
    "저의",
    "묻겠",
    "고소",
    "본인",
    "환불",
    "결제",
    "주차",
    "계정",
    "쿠폰",
    "차량",
    "남편",
    "아내",
    "가입",
    "카카오",
    "아닙니다",
    "아니에요",
    "아니예요",
    "아님",
    "아니다",
    "다른분",
    "i'm",
    "i’m",
    "husband",
    "wife",
];

/// The longest sentence examined, in characters.
const MOST_SIGNS: usize = 2_000;

/// The longest sentence examined, in lines.
const MOST_LINES: usize = 30;

/// A sentence of a paragraph: its text without spaces, and the bytes of each line in it.
struct Sentence {
    squeezed: Squeezed,
    line_starts: Vec<usize>,
}

/// Cuts footer sentences, and the whole last paragraph if it begins like a footer.
pub(super) fn cut(page: &mut Page<'_>) {
    let paragraphs = paragraphs(page);
    let mut is_at_end = true;
    for lines in paragraphs.iter().rev() {
        let sentences = sentences(&page.joined(lines.clone()), &line_starts(page, lines));
        let footers: Vec<Option<Range<usize>>> = sentences.iter().map(footer).collect();
        let is_whole =
            is_at_end && footers.first().is_some_and(|first| *first == sentences.first().map(whole));
        for (sentence, footer) in sentences.iter().zip(footers) {
            let followed =
                is_whole && !claim::speaks(&sentence.squeezed.text) && !is_own(&sentence.squeezed.text);
            if let Some(bytes) = footer.or_else(|| followed.then(|| whole(sentence))) {
                page.cut(bytes);
            } else {
                is_at_end = false;
            }
        }
    }
}

fn paragraphs(page: &Page<'_>) -> Vec<Range<usize>> {
    let mut paragraphs: Vec<Range<usize>> = Vec::new();
    for line in page.left_lines() {
        match paragraphs.last_mut() {
            Some(last) if last.end == line => last.end = line + 1,
            _ => paragraphs.push(line..line + 1),
        }
    }
    paragraphs
}

/// The start of each line in the joined text.
fn line_starts(page: &Page<'_>, lines: &Range<usize>) -> Vec<usize> {
    let lengths = lines.clone().map(|line| page.squeezed(line).text.len());
    lengths.scan(0, |end, length| Some(std::mem::replace(end, *end + length))).collect()
}

fn sentences(paragraph: &Squeezed, line_starts: &[usize]) -> Vec<Sentence> {
    let text = paragraph.text.as_str();
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut lines = line_starts.iter().copied().peekable();
    let mut signs = text.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        let end = at + sign.len_utf8();
        let next = signs.peek().map(|(_, next)| *next);
        // "www.avast.com" does not end a sentence; neither does "1.".
        let is_inside = sign == '.'
            && next.is_some_and(|next| next.is_ascii_alphanumeric())
            && is_in_address(&text[..at]);
        if next.is_some()
            && (!".?!。".contains(sign) || is_inside || next.is_some_and(|next| ".?!\"'”)]".contains(next)))
        {
            continue;
        }
        let mut starts = Vec::new();
        while let Some(line) = lines.next_if(|line| *line < end) {
            starts.extend((line >= start).then(|| line - start));
        }
        starts.truncate(MOST_LINES);
        sentences.push(Sentence { squeezed: paragraph.part(start..end), line_starts: starts });
        start = end;
    }
    sentences
}

/// Whether the word before a dot belongs to an address.
fn is_in_address(before: &str) -> bool {
    let word = before.rsplit(|sign: char| !sign.is_ascii_alphanumeric()).next().unwrap_or_default();
    word.ends_with("www") || word.ends_with("avast")
}

fn whole(sentence: &Sentence) -> Range<usize> {
    sentence.squeezed.rest(0)
}

/// The footer part of a sentence, without the lines before it.
fn footer(sentence: &Sentence) -> Option<Range<usize>> {
    let text = sentence.squeezed.text.as_str();
    let starts = sentence.line_starts.iter().copied().filter(|start| *start > 0);
    let mut tails = std::iter::once(0).chain(starts).filter(|start| {
        let line = &text[*start..];
        BEGINS.iter().any(|begin| line.starts_with(begin)) && is_footer(line)
    });
    let begun = tails.next();
    // A footer with an unknown beginning: the last line from which the text is a footer.
    let begun = begun.or_else(|| {
        let last = sentence.line_starts.iter().copied().filter(|start| is_footer(&text[*start..])).max();
        last.or_else(|| (sentence.line_starts.is_empty() && is_footer(text)).then_some(0))
    });
    begun.map(|start| sentence.squeezed.rest(start))
}

fn is_footer(text: &str) -> bool {
    if text.len() > MOST_SIGNS * 3 || is_own(text) {
        return false;
    }
    let bare = text.trim_matches(|sign: char| sign.is_ascii_punctuation() || "※■▶【】".contains(sign));
    TITLES.contains(&bare) || MARKS.iter().any(|words| words.iter().all(|word| text.contains(word)))
}

fn is_own(text: &str) -> bool {
    let is_first_person =
        text.starts_with('i') && !["if", "in", "it", "is"].iter().any(|begin| text.starts_with(begin));
    let is_denial = text.starts_with("not") && !text.starts_with("notice") && !text.starts_with("notify");
    let is_spoken = text.trim_end_matches(['.', '!']).ends_with('요')
        && !text.contains("주세요")
        && !text.contains("하세요");
    is_first_person
        || is_denial
        || is_spoken
        || text.starts_with("yes")
        || OWN.iter().any(|word| text.contains(word))
        || claim::begins_with_answer(text)
        || claim::has_plate(text)
}
