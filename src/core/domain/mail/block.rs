//! Header blocks above quoted mail: "보낸 사람: …", "From: …".

use std::collections::BTreeSet;

use super::claim;
use super::mark;
use super::page::{Page, Squeezed};

/// The keys of the sender. A block without one is no header.
const SENDERS: &[&str] = &[
    "보낸사람",
    "보낸이",
    "보내는사람",
    "보낸분",
    "발신",
    "발신인",
    "발신자",
    "from",
    "sender",
    "von",
    "de",
    "差出人",
    "发件人",
];

/// Other keys of headers.
const OTHERS: &[&str] = &[
    "받는사람",
    "받은사람",
    "받는이",
    "받는분",
    "수신",
    "수신인",
    "수신자",
    "참조",
    "숨은참조",
    "날짜",
    "일시",
    "보낸날짜",
    "보낸시간",
    "보낸시각",
    "보낸일시",
    "발신일",
    "발송일",
    "발송일시",
    "받은날짜",
    "제목",
    "첨부",
    "첨부파일",
    "중요도",
    "회신",
    "회신주소",
    "to",
    "cc",
    "bcc",
    "date",
    "sent",
    "senton",
    "subject",
    "reply-to",
    "importance",
    "priority",
    "attachments",
    "an",
    "gesendet",
    "betreff",
    "宛先",
    "件名",
    "收件人",
    "主题",
];

/// Sender keys that people also write above a letter: they count only with a mail address.
const FORMAL_SENDERS: &[&str] = &["발신", "발신인", "발신자", "보낸이", "sender", "von", "de"];

/// The longest line with a whole header, in characters.
const MOST_SIGNS: usize = 500;

/// Cuts the header blocks. The quoted mail below is cut only if it is ours or marked.
pub(super) fn cut(page: &mut Page<'_>) {
    let lines: Vec<(usize, Squeezed)> =
        page.left_lines().into_iter().map(|line| (line, page.squeezed(line))).collect();
    let mut at = 0;
    while at < lines.len() {
        let (line, squeezed) = &lines[at];
        let text = squeezed.text.as_str();
        let is_below_title = line.checked_sub(1).is_some_and(|above| is_title(page, above));
        let below = lines.get(at + 1).and_then(|(_, below)| key(&below.text));
        if key(text).is_some() {
            let end = block_end(&lines, at);
            if is_header(&lines[at..end], is_below_title) {
                lines[at..end]
                    .iter()
                    .filter(|(_, line)| !claims(&line.text))
                    .for_each(|(line, _)| page.cut_line(*line));
            }
            at = end;
        } else {
            // A program may append the header to the answer's line: "네보낸 사람: 고객센터".
            if below.is_some_and(|key| !SENDERS.contains(&key))
                && let Some(from) = glued_sender(text)
            {
                let end = block_end(&lines, at + 1);
                page.cut(squeezed.rest(from));
                lines[at + 1..end].iter().for_each(|(line, _)| page.cut_line(*line));
                at = end;
            } else {
                at += 1;
            }
        }
    }
}

/// Whether the first line above that was not blank in the original is a title or a rule.
fn is_title(page: &Page<'_>, above: usize) -> bool {
    let bytes = (above.saturating_sub(1)..=above).rev().map(|line| page.bytes(line));
    let mut typed =
        bytes.filter_map(|bytes| page.message().get(bytes)).filter(|line| line.len() <= MOST_SIGNS);
    typed.find(|line| !line.trim().is_empty()).is_some_and(|line| {
        let folded: String = super::page::fold(line).collect();
        mark::is_title_or_rule(&folded)
    })
}

fn key(text: &str) -> Option<&'static str> {
    let (word, _) = text.split_once(':')?;
    SENDERS.iter().chain(OTHERS).copied().find(|key| *key == word)
}

/// The end, exclusive, of the block that begins at `start`.
fn block_end(lines: &[(usize, Squeezed)], start: usize) -> usize {
    let mut end = start;
    for (at, (_, squeezed)) in lines.iter().enumerate().skip(start) {
        if key(&squeezed.text).is_some() {
            end = at + 1;
        } else if !is_address(&squeezed.text) || at > end {
            break;
        }
    }
    end
}

/// Whether a line continues a long list of addresses: "고객센터<support@centre.example>".
fn is_address(text: &str) -> bool {
    text.contains('@')
        && text.chars().count() <= MOST_SIGNS
        && text.trim_end_matches([';', ',', '>']).rsplit('@').next().is_some_and(|domain| {
            domain.contains('.')
                && domain.chars().all(|sign| sign.is_ascii_alphanumeric() || ".-".contains(sign))
        })
        && !claim::speaks(text)
}

fn is_header(block: &[(usize, Squeezed)], is_below_title: bool) -> bool {
    let keys: BTreeSet<&str> = block.iter().filter_map(|(_, line)| key(&line.text)).collect();
    let has_sender = keys.iter().any(|key| SENDERS.contains(key));
    let is_flat = matches!(block, [(_, line)] if has_sender && is_flat_header(&line.text));
    let is_formal = keys.iter().all(|key| !SENDERS.contains(key) || FORMAL_SENDERS.contains(key));
    let has_address = block.iter().any(|(_, line)| line.text.contains('@'));
    // A bounce's header stays: "mailer-daemon" in it shows that the mail is automatic.
    let is_machine = block
        .iter()
        .any(|(_, line)| line.text.contains("mailer-daemon") || line.text.contains("postmaster@"));
    let is_certain = is_below_title || has_address || !is_formal;
    !is_machine
        && (is_flat || (has_sender && is_below_title) || (keys.len() >= 2 && has_sender && is_certain))
}

/// Whether a line names another person and is no subject line.
fn claims(text: &str) -> bool {
    let is_subject = matches!(key(text), Some("제목" | "subject" | "betreff" | "件名" | "主题"));
    !is_subject && claim::claims(text)
}

/// Whether a line is a whole header: a key and an address.
fn is_flat_header(text: &str) -> bool {
    text.chars().count() <= MOST_SIGNS && text.split_once(':').is_some_and(|(_, value)| is_address(value))
}

fn glued_sender(text: &str) -> Option<usize> {
    let long = SENDERS.iter().filter(|key| key.chars().count() >= 3);
    long.filter_map(|key| text.rfind(&format!("{key}:"))).min()
}
