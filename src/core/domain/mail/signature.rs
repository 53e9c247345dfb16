//! Cuts signatures at the end of a message: name, company, numbers and addresses.

use super::claim;
use super::contact::is_contact;
use super::page::Page;

/// Family names of one syllable. A name is recognised only with a given name of two syllables.
const FAMILY_NAMES: &str = "김이박최정강조윤장임한오서신권황안송류유홍전고문양손배백허남심노하곽성차주우구민진나엄채원천방공현함변염추도소석선설마길연위표명기반왕금옥육맹제탁국은";

/// Family names of two syllables.
const LONG_FAMILY_NAMES: &[&str] = &["남궁", "황보", "제갈", "선우", "독고", "사공", "서문"];

/// Polite closings after the name.
const CLOSINGS: &[&str] = &["드림", "올림", "배상", "배"];

/// Words before 드림 that are no names: "연락 드림".
const GIVEN: &[&str] = &[
    "연락", "문의", "답변", "회신", "안내", "전화", "말씀", "부탁", "인사", "확인", "정보", "자료", "사진",
    "서류", "번호", "성함", "이름", "주소",
];

/// Job titles. 대리 also means a proxy, so it is not included.
const POSITIONS: &[&str] = &[
    "사원",
    "주임",
    "과장",
    "차장",
    "부장",
    "팀장",
    "실장",
    "본부장",
    "센터장",
    "이사",
    "상무",
    "전무",
    "부사장",
    "사장",
    "대표",
    "대표이사",
    "선임",
    "책임",
    "수석",
    "매니저",
    "교수",
    "원장",
    "연구원",
    "간사",
    "국장",
    "소장",
    "manager",
    "director",
    "ceo",
    "cto",
];

/// Words that mark a company or department.
const COMPANIES: &[&str] = &[
    "주식회사",
    "(주)",
    "유한회사",
    "재단법인",
    "사단법인",
    "co.,ltd",
    "co.ltd",
    "ltd.",
    "inc.",
    "corp",
    "llc",
    "사업부",
    "사업팀",
    "영업팀",
    "개발팀",
    "총무팀",
    "인사팀",
    "관리팀",
    "마케팅팀",
    "기획팀",
    "재무팀",
    "본부",
    "연구소",
    "대학교",
    "그룹",
    "department",
    "team",
];

/// The beginnings of an address.
const PLACES: &[&str] = &[
    "주소", "address", "addr", "서울", "경기", "인천", "부산", "대구", "대전", "광주", "울산", "세종",
    "강원", "충북", "충남", "전북", "전남", "경북", "경남", "제주",
];

/// English closings above the name.
const ENGLISH_CLOSINGS: &[&str] = &[
    "bestregards",
    "kindregards",
    "warmregards",
    "regards",
    "best",
    "sincerely",
    "yourssincerely",
    "sincerelyyours",
    "yourstruly",
    "yours",
    "cheers",
];

/// The longest line of a signature, in characters.
const MOST_SIGNS: usize = 80;

/// The most lines of a signature.
const MOST_LINES: usize = 12;

enum Kind {
    /// A number or address.
    ContactDetail,
    /// "홍길동 드림"
    Closing,
    /// A name, company, job title or place: it counts only in a signature with a contact.
    Beside,
}

/// Cuts the signature at the end.
pub(super) fn cut(page: &mut Page<'_>) {
    let left = page.left_lines();
    let tail: Vec<(usize, Kind)> =
        left.iter().rev().take(MOST_LINES).map_while(|line| Some((*line, kind(page, *line)?))).collect();
    // A message of such lines only is an answer: the customer sends their name or number.
    if tail.len() == left.len() {
        return;
    }
    // A rule above the signature counts as a contact. Earlier steps have cut it, so it is searched for in the original.
    let below_rule = |line: usize| (line.saturating_sub(2)..line).any(|above| is_delimiter(page, above));
    let has_rule = tail.last().is_some_and(|(line, _)| below_rule(*line));
    let has_contact = has_rule || tail.iter().any(|(_, kind)| matches!(kind, Kind::ContactDetail));
    for (line, kind) in tail {
        if has_contact || matches!(kind, Kind::Closing) {
            page.cut_line(line);
        } else {
            break;
        }
    }
}

fn kind(page: &Page<'_>, line: usize) -> Option<Kind> {
    let squeezed = page.squeezed(line).text;
    if squeezed.chars().count() > MOST_SIGNS {
        return None;
    }
    let typed = page.message().get(page.bytes(line)).unwrap_or_default();
    if is_contact(&squeezed) {
        return Some(Kind::ContactDetail);
    }
    if claim::speaks(&squeezed) || claim::answers_in_english(typed) {
        return None;
    }
    if is_closing(&squeezed) || ENGLISH_CLOSINGS.contains(&squeezed.trim_end_matches([',', '.', '!'])) {
        return Some(Kind::Closing);
    }
    let has_position = POSITIONS.iter().any(|position| squeezed.ends_with(position));
    let is_beside = is_name(&squeezed)
        || (!claim::ends_sentence(&squeezed) || has_position)
            && (has_position
                || COMPANIES.iter().any(|company| squeezed.contains(company))
                || squeezed.ends_with('팀')
                || is_place(&squeezed)
                || is_english_name(typed));
    is_beside.then_some(Kind::Beside)
}

fn is_delimiter(page: &Page<'_>, line: usize) -> bool {
    let typed = page.message().get(page.bytes(line)).unwrap_or_default().trim();
    (2..=MOST_SIGNS).contains(&typed.len()) && typed.chars().all(|sign| "-_=─━—–".contains(sign))
}

/// "홍길동 드림", "홍길동 과장 드림"
fn is_closing(squeezed: &str) -> bool {
    let squeezed = squeezed.trim_end_matches(['.', '!', '~', '^']);
    let before = CLOSINGS.iter().find_map(|closing| squeezed.strip_suffix(closing));
    before.is_some_and(|name| {
        let bare =
            POSITIONS.iter().find_map(|position| name.strip_suffix(position).filter(|name| is_name_of(name)));
        is_name_of(bare.unwrap_or(name))
    })
}

fn is_name(squeezed: &str) -> bool {
    is_name_of(squeezed) && !claim::ends_sentence(squeezed) && !squeezed.starts_with('안')
}

fn is_name_of(text: &str) -> bool {
    let signs = text.chars().count();
    let begins = match signs {
        3 => text.starts_with(|sign| FAMILY_NAMES.contains(sign)),
        4 => LONG_FAMILY_NAMES.iter().any(|name| text.starts_with(name)),
        _ => false,
    };
    begins
        && text.chars().all(|sign| ('가'..='힣').contains(&sign))
        && !GIVEN.iter().any(|given| text.contains(given))
}

/// "Gildong Hong", "Sales Manager | Hanbit": at most a few Latin words.
fn is_english_name(typed: &str) -> bool {
    let words: Vec<&str> = typed.split_whitespace().collect();
    (1..=6).contains(&words.len())
        && typed
            .trim()
            .chars()
            .all(|sign| sign.is_ascii_alphabetic() || sign.is_whitespace() || ".,|/&-".contains(sign))
        && words
            .iter()
            .filter(|word| word.len() > 1)
            .all(|word| word.starts_with(|sign: char| sign.is_ascii_uppercase()))
}

fn is_place(squeezed: &str) -> bool {
    PLACES.iter().any(|place| squeezed.trim_start_matches(['(', '우', ')']).starts_with(place))
        && squeezed.contains(|sign: char| sign.is_ascii_digit())
        && squeezed.contains(['로', '길', '동', '구', '읍', '면'])
}
