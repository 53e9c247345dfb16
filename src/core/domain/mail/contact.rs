//! Recognises lines that contain only phone numbers, mail addresses and URLs.

/// Labels before a number or address, longest first.
const LABELS: &[&str] = &[
    "대표전화",
    "휴대전화",
    "homepage",
    "telephone",
    "홈페이지",
    "휴대폰",
    "핸드폰",
    "연락처",
    "이메일",
    "사무실",
    "e-mail",
    "mobile",
    "phone",
    "email",
    "office",
    "직통",
    "대표",
    "내선",
    "전화",
    "팩스",
    "메일",
    "mail",
    "cell",
    "blog",
    "블로그",
    "h.p",
    "tel",
    "fax",
    "www",
    "web",
    "ext",
    "hp",
    "t",
    "m",
    "p",
    "h",
    "f",
    "e",
    "c",
    "o",
    "d",
    "w",
];

/// Whether a line contains only phone numbers, mail addresses, URLs and their labels.
pub(super) fn is_contact(squeezed: &str) -> bool {
    let mut rest =
        squeezed.trim_start_matches(|sign: char| !sign.is_alphanumeric() && sign != '+' && sign.is_ascii());
    let mut has_contact = false;
    while !rest.is_empty() {
        let run_end =
            rest.find(|sign: char| !sign.is_ascii() || "<>()[]|,".contains(sign)).unwrap_or(rest.len());
        let run = &rest[..run_end];
        let number_end =
            rest.find(|sign: char| !sign.is_ascii_digit() && !"-+.()".contains(sign)).unwrap_or(rest.len());
        if is_mail(run) || is_page(run) {
            has_contact = true;
            rest = &rest[run_end..];
        } else if is_phone(&rest[..number_end]) {
            has_contact = true;
            rest = &rest[number_end..];
        } else if let Some(behind) = LABELS.iter().find_map(|label| rest.strip_prefix(label)) {
            rest = behind;
        } else {
            return false;
        }
        rest = rest.trim_start_matches(|sign: char| {
            sign.is_ascii_punctuation() && sign != '+' || "·•:│ㅣ☎✆📞📱✉".contains(sign)
        });
    }
    has_contact
}

fn is_phone(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (9..=24).contains(&digits.len()) && (digits.starts_with('0') || digits.starts_with("82"))
        || digits.len() == 8 && ["15", "16", "18"].iter().any(|begin| digits.starts_with(begin))
}

fn is_mail(run: &str) -> bool {
    run.split_once('@')
        .is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.') && domain.len() >= 4)
}

fn is_page(run: &str) -> bool {
    ["http://", "https://", "www."]
        .iter()
        .any(|begin| run.strip_prefix(begin).is_some_and(|page| page.contains('.')))
}
