//! Cuts the lines that phones and mail programs append: "나의 Galaxy에서 보냄", "Sent from my iPhone".

use super::page::Page;

/// The words of devices and programs. "남편 휴대폰에서 보냄" contains another word and stays.
const DEVICES: &[&str] = &[
    "나의",
    "내",
    "my",
    "a",
    "the",
    "삼성",
    "samsung",
    "갤럭시",
    "galaxy",
    "note",
    "노트",
    "fold",
    "flip",
    "폴드",
    "플립",
    "ultra",
    "울트라",
    "plus",
    "플러스",
    "iphone",
    "아이폰",
    "ipad",
    "아이패드",
    "pro",
    "max",
    "mini",
    "스마트폰",
    "휴대폰",
    "휴대전화",
    "핸드폰",
    "휴대기기",
    "휴대용장치",
    "단말기",
    "기기",
    "장치",
    "태블릿",
    "모바일",
    "mobile",
    "phone",
    "smartphone",
    "tablet",
    "device",
    "메일",
    "전자메일",
    "이메일",
    "mail",
    "email",
    "e-mail",
    "앱",
    "app",
    "어플",
    "용",
    "의",
    "의새로운",
    "outlook",
    "아웃룩",
    "for",
    "on",
    "from",
    "ios",
    "android",
    "안드로이드",
    "windows",
    "윈도우",
    "10",
    "11",
    "mac",
    "맥",
    "macbook",
    "맥북",
    "다음",
    "daum",
    "네이버",
    "naver",
    "네이트",
    "nate",
    "gmail",
    "지메일",
    "카카오",
    "kakao",
    "카카오메일",
    "한메일",
    "hanmail",
    "yahoo",
    "yahoomail",
    "야후",
    "proton",
    "thunderbird",
    "spark",
    "xiaomi",
    "huawei",
    "pixel",
    "lg",
    "lge",
    "sky",
    "kt",
    "skt",
    "5g",
    "lte",
    "4g",
    "tab",
    "탭",
    "se",
    "xr",
    "xs",
    "웹",
    "web",
    "microsoft",
    "s",
    "z",
    "x",
    "bymail",
    "안전한이메일",
    "secureemail",
];

/// The Korean endings of such a line.
const KOREAN_ENDS: &[&str] = &[
    "에서보냄",
    "에서보냈습니다",
    "에서보낸메일",
    "에서보낸메일입니다",
    "에서보낸이메일",
    "에서보낸이메일입니다",
    "에서보낸메시지",
    "에서보낸메시지입니다",
    "에서전송",
    "에서전송됨",
    "에서전송했습니다",
    "에서발송",
    "에서발송됨",
    "에서발송했습니다",
    "에서작성",
    "에서작성됨",
    "에서작성한메일입니다",
    "으로보냄",
    "로보냄",
    "으로보낸메일입니다",
    "로보낸메일입니다",
    "다운로드",
    "받기",
    "가져오기",
];

/// The English beginnings of such a line.
const ENGLISH_BEGINS: &[&str] =
    &["sentfrom", "sentvia", "sentwith", "sentusing", "sentby", "getoutlook", "downloadoutlook"];

/// The longest such line, in characters.
const MOST_SIGNS: usize = 80;

/// Cuts such lines in any position, also when appended to another line.
pub(super) fn cut(page: &mut Page<'_>) {
    for line in 0..page.line_count() {
        let squeezed = page.squeezed(line);
        let text = squeezed.text.as_str();
        if is_program(text) {
            page.cut_line(line);
            continue;
        }
        let begins = ENGLISH_BEGINS.iter().chain(&["나의", "내"]).filter_map(|begin| text.rfind(begin));
        if let Some(from) = begins.filter(|from| is_program(&text[*from..])).min() {
            page.cut(squeezed.rest(from));
        }
    }
}

fn is_program(text: &str) -> bool {
    if text.len() > MOST_SIGNS * 4 {
        return false;
    }
    let text = without_links(text);
    let text = text.trim_matches(|sign: char| sign.is_ascii_punctuation());
    if text.chars().count() > MOST_SIGNS {
        return false;
    }
    let korean =
        KOREAN_ENDS.iter().filter_map(|end| Some((end, text.strip_suffix(end)?))).any(|(end, device)| {
            let is_program_offered =
                device.contains("outlook") || end.starts_with("에서") || end.contains("로보");
            is_program_offered && is_device(device)
        });
    let english = ENGLISH_BEGINS.iter().filter_map(|begin| text.strip_prefix(begin)).any(is_device);
    korean || english
}

/// The text without URLs and the brackets of links.
fn without_links(text: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("http") {
        left.push_str(&rest[..at]);
        let link = &rest[at..];
        let end = link.find(|sign: char| !sign.is_ascii() || ">)]".contains(sign)).unwrap_or(link.len());
        rest = &link[end..];
    }
    left.push_str(rest);
    left.retain(|sign| !"<>()[]\"'’".contains(sign));
    left
}

/// Whether a text consists only of such words and numbers.
fn is_device(text: &str) -> bool {
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for at in 0..text.len() {
        if !reached[at] || !text.is_char_boundary(at) {
            continue;
        }
        let rest = &text[at..];
        for word in DEVICES.iter().filter(|word| rest.starts_with(**word)) {
            reached[at + word.len()] = true;
        }
        if rest.starts_with(|sign: char| sign.is_ascii_digit() || "-+./,".contains(sign)) {
            reached[at + 1] = true;
        }
    }
    !text.is_empty() && reached[text.len()] && text.chars().any(char::is_alphabetic)
}
