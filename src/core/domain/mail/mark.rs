//! Cuts the lines that mark a quote: quote signs, "-----Original Message-----", rules, reply markers.

use super::page::Page;

/// The beginnings of a quoted line.
const QUOTE_SIGNS: &[&str] = &[">", "|>", "│", "┃", "&gt;"];

/// The titles between dashes above a quoted mail: Outlook, Naver, Daum, Samsung, Gmail, company mail.
const TITLES: &[&str] = &[
    "originalmessage",
    "originalemail",
    "originale-mail",
    "originalmail",
    "originalappointment",
    "forwardedmessage",
    "forwardedemail",
    "forwardedmail",
    "replymessage",
    "repliedmessage",
    "beginforwardedmessage",
    "startofforwardedmessage",
    "원본메시지",
    "원본메세지",
    "원본메일",
    "원본이메일",
    "원본전자메일",
    "원본편지",
    "원문메일",
    "원문메시지",
    "원래메시지",
    "원래메일",
    "메일원본",
    "메일원문",
    "전달된메시지",
    "전달된메세지",
    "전달된메일",
    "전달된이메일",
    "전달메시지",
    "전달메일",
    "전달된메시지시작",
    "받은메일",
    "받은메시지",
    "이전메일",
    "이전메시지",
    "회신메시지",
    "답장메시지",
];

/// Titles that no person writes as a line, even without dashes.
const PLAIN_TITLES: &[&str] = &[
    "originalmessage",
    "forwardedmessage",
    "beginforwardedmessage",
    "원본메시지",
    "원본메세지",
    "원본메일",
    "원본이메일",
    "전달된메시지",
    "전달된메일",
    "전달된이메일",
    "전달된메시지시작",
];

/// The number of consecutive underscores that make a rule, also after words.
const RULE_SIGNS: usize = 8;

/// Cuts the lines marked as quotes, in any position. Returns whether one of them contains text that was not cut yet.
pub(super) fn cut_quoted(page: &mut Page<'_>) -> bool {
    let mut says_something = false;
    for line in 0..page.line_count() {
        let squeezed = page.squeezed(line).text;
        if QUOTE_SIGNS.iter().any(|sign| squeezed.starts_with(sign)) && !is_face(&squeezed) {
            says_something |= squeezed.contains(char::is_alphanumeric);
            page.cut_line(line);
        }
    }
    says_something
}

/// Whether a line begins with an emoticon instead of a quote sign: ">_<", "><".
fn is_face(text: &str) -> bool {
    let mut behind = text.chars().skip(1).take(4).skip_while(|sign| "._/-,ㅁㅂㅅㅇㅗㅡ^".contains(*sign));
    behind.next() == Some('<')
        && !behind.next().is_some_and(|next| next.is_ascii_alphanumeric() || next == '/')
}

/// Cuts rules, titles between dashes, reply markers and image placeholders.
pub(super) fn cut_markers(page: &mut Page<'_>) {
    for line in 0..page.line_count() {
        let squeezed = page.squeezed(line);
        let text = squeezed.text.as_str();
        if is_rule(text) || is_plain_title(text) || is_reply_marker(text) || is_picture(text) {
            page.cut_line(line);
        } else if let Some(from) = titled_from(text) {
            page.cut(squeezed.rest(from));
        } else if let Some(from) = text.find(&"_".repeat(RULE_SIGNS)) {
            let rule = text.len() - from - text[from..].trim_start_matches('_').len();
            page.cut(squeezed.place(from)..squeezed.place(from + rule));
        }
    }
}

/// Whether a line announces a quoted mail.
pub(super) fn is_title_or_rule(text: &str) -> bool {
    is_rule(text)
        || is_plain_title(text)
        || titled_from(text).is_some()
        || text.ends_with(&"_".repeat(RULE_SIGNS))
}

fn is_rule(text: &str) -> bool {
    text.len() >= 2
        && (text.chars().all(|sign| sign == '-')
            || (text.len() >= 3 && text.chars().all(|sign| "-_=".contains(sign))))
}

fn is_plain_title(text: &str) -> bool {
    PLAIN_TITLES.contains(&text.trim_matches(|sign| "[]<>:-=".contains(sign)))
}

/// The start of the dashes and the title at the end of the line.
fn titled_from(text: &str) -> Option<usize> {
    let title_end = text.trim_end_matches(|sign| "-=_:".contains(sign));
    let before =
        TITLES.iter().filter_map(|title| title_end.strip_suffix(title)).min_by_key(|before| before.len())?;
    let own = before.trim_end_matches(|sign| "-=_".contains(sign));
    (before.len() - own.len() >= 2).then_some(own.len())
}

/// Zendesk writes "##- 이 줄 위에 회신을 입력해 주세요 -##"; other ticket systems write similar lines.
fn is_reply_marker(text: &str) -> bool {
    let framed =
        text.starts_with("##-") || (text.starts_with(['#', '-', '=']) && text.ends_with(['#', '-', '=']));
    text.starts_with("##-") && text.ends_with("-##")
        || framed
            && (["이줄위", "이선위", "윗줄에"].iter().any(|words| text.contains(words))
                || ["abovethisline", "abovetheline"].iter().any(|words| text.contains(words)))
}

/// The placeholder of a signature's image in a plain-text mail.
fn is_picture(text: &str) -> bool {
    let is_framed = text.ends_with(']') && text.matches(']').count() == 1;
    is_framed && ["[image:", "[cid:", "[이미지:", "[inlineimage:"].iter().any(|begin| text.starts_with(begin))
}
