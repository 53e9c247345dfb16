mod left;
mod properties;

use std::fmt::Write as _;

use misread::domain::mail::own_words;
use unicode_normalization::UnicodeNormalization;

const ASK: &str = "안녕하세요, 고객님. 카카오 T 고객센터입니다.

이용하지 않으신 주차 내역으로 많이 당황하셨겠습니다. 불편을 드려 진심으로 사과드립니다.

개인정보 보호를 위해 먼저 본인 확인을 부탁드립니다. 문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요?

이 문의에 \"네\" 또는 \"아니요\"로 답해 주시면 확인하는 대로 이어서 도와드리겠습니다.

감사합니다.
카카오 T 고객센터 드림
";

const ASK_BOTH: &str = "안녕하세요, 고객님. 카카오 T 고객센터입니다.

이용하지 않으신 주차 내역으로 많이 당황하셨겠습니다. 불편을 드려 진심으로 사과드립니다.

개인정보 보호를 위해 먼저 두 가지만 확인을 부탁드립니다.

1. 문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요?
2. 앱에 등록된 차량이 고객님 본인의 차량인가요? 차량번호도 함께 적어 주세요.

이 문의에 각각 \"네\" 또는 \"아니요\"로 답해 주시면 확인하는 대로 이어서 도와드리겠습니다.

감사합니다.
카카오 T 고객센터 드림
";

const COUPON: &str = "안녕하세요, 고객님. 카카오 T 고객센터입니다.

이용하지 않으신 주차장의 요금이 결제되어 많이 당황하셨겠습니다. 불편을 드려 진심으로 사과드립니다.

확인해 보니 2026년 11월 28일 오후 3:12에 서울 강남구에서 고객님의 차량이 입차한 것으로 기록되어 요금이 결제되었습니다. 주차장의 번호판 인식 카메라는 빛 반사나 촬영 각도에 따라 번호가 비슷한 다른 차량을 고객님의 차량으로 잘못 인식하기도 합니다.

결제를 취소해 드려야 하지만, 해당 주차장이 폐점하여 저희 쪽에서 결제취소를 할 수 없습니다. 대신 결제된 12,000원에 해당하는 쿠폰을 드리고자 합니다.

쿠폰을 받으시겠어요? 이 문의에 \"네\" 또는 \"아니요\"로 답해 주세요. 쿠폰이 필요하지 않으시면 다른 방법으로 보상해 드리겠습니다.

감사합니다.
카카오 T 고객센터 드림
";

const OURS: &[&str] = &[ASK, ASK_BOTH, COUPON];

const ANSWERS: &[&str] = &[
    "네",
    "네.",
    "아니요",
    "아니요, 남편 계정입니다.",
    "네 12가3456",
    "네 본인 맞습니다",
    "네, 본인입니다\n차량번호는 123가4567이에요",
    "예 제가 가입자입니다. 감사합니다.",
    "1. 네\n2. 아니요",
    "ㅇㅇ",
    "👍",
    "본인이 아니라 아내가 씁니다",
    "Yes",
    "No, it is my husband's account",
    "저 아닌데요?",
    "12가 3456 입니다",
    "모르겠어요",
];

/// What programs put around an answer, with or without our mail.
const WRAPPERS: &[&str] = &[
    "<answer>",
    "<answer>\n\n<ours>",
    "<ours>\n\n<answer>",
    "<answer>\n\n2026년 11월 29일 (일) 오전 7:03, 고객센터 <support@centre.example>님이 작성:\n\n<ours>",
    "<answer>\n\n2026년 11월 29일 (일) 오전 7:03, 고객센터 <support@centre.example>님이\n작성:\n\n> 문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요?",
    "<answer>\n\n2026년 11월 29일 (일)\n오전 7:03, 고객센터\n<support@centre.example>님이 작성:\n\n<ours>",
    "<answer>\n\n2026년 11월 29일 (일) 07:03, 고객센터 via Zendesk <support@centre.example>님이 작성:\n<ours>",
    "<answer>\n2026-11-29 7:03 GMT+09:00 고객센터 <support@centre.example>:\n\n<ours>",
    "<answer>\n\n2026-11-29 (일) 오전 7:03에 고객센터 <support@centre.example>님이 쓴 글:\n> 안녕하세요",
    "<answer>\n\n2026. 11. 29. 오전 7:03, 고객센터 <support@centre.example> 작성:\n\n<ours>",
    "<answer>\n\n나의 iPhone에서 보냄\n\n> 2026. 11. 29. 오전 7:03, 고객센터 <support@centre.example> 작성:\n> \n> 안녕하세요, 고객님.\n> ",
    "<answer>\n\nOn Sun, Nov 29, 2026 at 7:03 AM 고객센터 <support@centre.example> wrote:\n\n<ours>",
    "<answer>\n\nOn Sun, Nov 29, 2026 at 7:03 AM Customer Centre of the Parking Service <\nsupport@centre.example> wrote:\n\n> 안녕하세요",
    "<answer>\n\nOn Sunday, November 29, 2026 at 07:03:11 AM GMT+9, 고객센터\n<support@centre.example> wrote: \n\n<ours>",
    "<answer>\n\nSent from my iPhone\n\n> On Nov 29, 2026, at 7:03 AM, 고객센터 <support@centre.example> wrote:\n> \n> 안녕하세요",
    "<answer>\n\nOn 2026-11-29 07:03, 고객센터 wrote:\n> 안녕하세요",
    "<answer>\n\nOn 29 Nov 2026, at 07:03, 고객센터 <support@centre.example> wrote:\n\n<ours>",
    "<answer>\n\nAm 29.11.2026 um 07:03 schrieb 고객센터 <support@centre.example>:\n<ours>",
    "<answer>\n\n-----Original Message-----\nFrom: \"고객센터\"<support@centre.example>\nTo: <hong@mail.example>;\nCc:\nSent: 2026-11-29 (일) 07:03:11 (GMT+09:00)\nSubject: Re: 문의\n\n<ours>",
    "<answer>\n\n-----Original Message-----\n**From:** \"고객센터\"<support@centre.example>\n**To:** <hong@mail.example>;\n**Cc:**\n**Sent:** 2026-11-29 (일) 07:03:11\n**Subject:** 네 아닙니다\n\n<ours>",
    "<answer>\n\n--------- 원본 메일 ---------\n보낸사람: 고객센터 <support@centre.example>\n받는사람: 홍길동 <hong@mail.example>\n날짜: 2026년 11월 29일 일요일, 07시 03분 11초 +0900\n제목: 문의\n\n<ours>",
    "<answer>\n\n--------- 원본 메일 ---------\n\n보낸사람 : 고객센터 <support@centre.example>\n\n받는사람 :\n홍길동 <hong@mail.example>\n\n제목 : 문의\n\n<ours>",
    "<answer>\n\n-------- Original message --------\nFrom: 고객센터 <support@centre.example>\nDate: 11/29/26\n\n<ours>",
    "<answer>\n\n나의 Galaxy에서 보냄\n\n-------- 원본 이메일 --------\n발신: 고객센터 <support@centre.example>\n날짜: 26/11/29 오전 7:03 (GMT+09:00)\n받은 사람: hong@mail.example\n제목: 문의\n\n<ours>",
    "<answer>\n\n나의 Galaxy에서 보냄\n\n\n-------- 원본 메시지 --------\n발신: 고객센터 <support@centre.example>\n날짜: 26/11/29 오전 7:03 (GMT+09:00)\n받은 사람: hong@mail.example\n제목: 문의\n<ours>",
    "<answer>\n\nSent from my Galaxy\n\n-------- Original message --------\nFrom: 고객센터 <support@centre.example> \nDate: 11/29/26 7:03 AM (GMT+09:00) \nTo: hong@mail.example \nSubject: 문의 \n\n<ours>",
    "<answer>\n\n________________________________\n보낸 사람: 고객센터 <support@centre.example>\n보낸 날짜: 2026년 11월 29일 일요일 오전 7:03\n받는 사람: 홍길동 <hong@mail.example>\n제목: 문의\n\n<ours>",
    "<answer>\n\niOS용 Outlook 다운로드<https://aka.ms/o0ukef>\n________________________________\nFrom: 고객센터 <support@centre.example>\nSent: Sunday, November 29, 2026 7:03:11 AM\nTo: 홍길동 <hong@mail.example>\nSubject: 문의\n\n<ours>",
    "<answer>\n\nGet Outlook for Android<https://aka.ms/AAb9ysg>\n________________________________\n보낸 사람: 고객센터 <support@centre.example>\n보낸 날짜: 2026년 11월 29일\n<ours>",
    "<answer>\n\nGet [Outlook for iOS](https://aka.ms/o0ukef)",
    "<answer>\n\nWindows용 메일에서 보냄\n\n보낸 사람: 고객센터\n보낸 날짜: 2026년 11월 29일 일요일 오전 7:03\n받는 사람: hong@mail.example\n제목: 문의\n\n<ours>",
    "<answer>\n\n**보낸 사람:** 고객센터\n**보낸 날짜:** 2026년 11월 29일\n**제목:** 문의\n\n<ours>",
    "<answer>\n\n*From:* 고객센터 <support@centre.example>\n*Sent:* Sunday, November 29, 2026 7:03 AM\n*To:* Hong <hong@mail.example>\n*Subject:* 문의\n\n<ours>",
    "<answer>\n\n보낸 사람： 고객센터\n받는 사람： 홍길동\n제목： 문의\n\n<ours>",
    "<answer>\n\n---------- Forwarded message ---------\n보낸사람: 고객센터 <support@centre.example>\nDate: 2026년 11월 29일 (일) 오전 7:03\nSubject: 문의\nTo: <hong@mail.example>\n\n<ours>",
    "<answer>\n\n---------- 전달된 메시지 ----------\n보낸 사람: 고객센터\n제목: 문의\n\n<ours>",
    "<answer>\n\n고객센터님이 보낸 메시지:\n\n<ours>",
    "##- 이 줄 위에 회신을 입력해 주세요 -##\n\n<answer>",
    "<answer>\n\n##- Please type your reply above this line -##\n\n<ours>",
    "<answer>\n\n나의 Galaxy에서 보냄",
    "<answer>\n\nGalaxy에서 보냄",
    "<answer>\n\n나의 Samsung Galaxy 스마트폰에서 보냄",
    "<answer>\n\n내 iPhone에서 보냄",
    "<answer>\n\nSent from my Galaxy S24 Ultra",
    "<answer>\n\nSent from Samsung Mobile on KT",
    "<answer>\n\nSent from Yahoo Mail for iPhone",
    "<answer>\n\n네이버 메일 앱에서 보냄",
    "<answer>\n\nDaum 메일앱에서 보냄",
    "<answer>\n\n삼성 이메일에서 보냄",
    "<answer>\n\n이메일 앱에서 보냄",
    "<answer>\n\n홍길동 드림",
    "<answer>\n\n홍길동 드림\n010-0000-0000",
    "<answer>\n\n홍길동 배상\nM 010.0000.0000",
    "<answer>\n\n-- \n홍길동\nABC Corp.\nT. 02-000-0000 | M. 010-0000-0000\nE. hong@mail.example\nwww.mail.example",
    "<answer>\n\n--\n(주)한빛상사 영업팀\n홍길동 과장\n서울특별시 중구 세종대로 110\nTel: 02-000-0000 / Fax: 02-000-0001\nhong@mail.example",
    "<answer>\n\nBest regards,\nGildong Hong\nSales Manager\n+82 10-0000-0000",
    "<answer>\n\n이 메일은 지정된 수신인만을 위한 것이며, 만약 수신인이 아닌 경우 즉시 삭제해 주시기 바랍니다.",
    "<answer>\n\nIf you are not the intended recipient, please delete it. No liability is accepted.",
    "<answer>\n이 메일은 지정된 수신인만을 위한 것이며, 만약\n수신인이 아닌 경우 즉시 삭제해 주시기 바랍니다. 본 메일의 무단 복사를 금합니다.",
    "<answer>\n\n홍길동 드림\n010-0000-0000\n\nCONFIDENTIALITY NOTICE: This e-mail and any attachments may contain confidential and privileged information.\nUnauthorized use, disclosure or copying of this e-mail is strictly prohibited.",
    "<answer>\n\nVirus-free. www.avast.com",
    "<answer>\n\n바이러스가 없습니다. www.avast.com",
    "<answer>\n\nPlease consider the environment before printing this email.",
    "<answer>\n\n메일 수신을 원하지 않으시면 수신거부를 눌러 주세요.",
    "<answer>\n\n[image: image.png]\n홍길동 드림\n010-0000-0000",
    "<answer>\n\nThis email is a service from Centre. Delivered by Zendesk",
];

/// Our mail as quoted when every line is marked, wrapped, or printed differently.
fn spellings(ours: &str) -> Vec<String> {
    let squeezed: String = ours.split_whitespace().collect::<Vec<_>>().join(" ");
    vec![
        ours.to_owned(),
        quoted("> ", ours),
        quoted("＞", ours),
        quoted("│ ", ours),
        wrapped(ours, 20),
        wrapped(ours, 76),
        quoted("> ", &wrapped(ours, 33)),
        squeezed,
        ours.replace('\n', "\r\n"),
        ours.replace('"', "”").replace('.', " ."),
        ours.nfd().collect(),
        ours.replace("1. ", "• ").replace("2. ", "• "),
    ]
}

fn quoted(mark: &str, text: &str) -> String {
    text.lines().fold(String::new(), |mut quoted, line| {
        let _ = writeln!(quoted, "{mark}{line}");
        quoted
    })
}

/// Breaks lines even inside words, as some programs do.
fn wrapped(text: &str, width: usize) -> String {
    let lines = text.lines().flat_map(|line| {
        let signs: Vec<char> = line.chars().collect();
        let parts: Vec<String> = signs.chunks(width).map(|part| part.iter().collect()).collect();
        if parts.is_empty() { vec![String::new()] } else { parts }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn text(message: &str) -> String {
    own_words(message, OURS).text
}

fn filled(wrapper: &str, answer: &str, ours: &str) -> String {
    wrapper.replace("<ours>", ours).replace("<answer>", answer)
}

/// The own words of each message that differ from the expected ones.
fn wrong<'a>(cases: impl IntoIterator<Item = (String, &'a str)>) -> String {
    cases.into_iter().fold(String::new(), |mut wrong, (message, expected)| {
        let left = text(&message);
        if left != expected {
            let _ = writeln!(wrong, "{expected:?} is {left:?} in {message:?}");
        }
        wrong
    })
}

#[test]
fn every_wrapper_leaves_the_answer() {
    let cases = WRAPPERS
        .iter()
        .flat_map(|wrapper| ANSWERS.iter().map(move |answer| (filled(wrapper, answer, ASK), *answer)));
    assert_eq!(wrong(cases), "");
}

#[test]
fn wrappers_are_known_in_other_spellings() {
    let mut cases = Vec::new();
    for wrapper in WRAPPERS {
        for answer in ["네", "아니요", "네 12가3456"] {
            let message = filled(wrapper, answer, ASK_BOTH);
            cases.push((message.replace('\n', "\r\n"), answer));
            cases.push((message.replace('\n', "  \n"), answer));
            cases.push((
                message.replace(' ', "\u{a0}").replacen(&answer.replace(' ', "\u{a0}"), answer, 1),
                answer,
            ));
            if !wrapper.contains("수신") {
                cases.push((message.replace('\n', "\n\n"), answer));
            }
        }
        let decomposed: String = filled(wrapper, "네 본인", ASK).nfd().collect();
        let expected: String = "네 본인".nfd().collect();
        assert_eq!(text(&decomposed), expected, "{wrapper:?}");
    }
    let wrong: Vec<_> = cases.iter().filter(|(message, answer)| text(message) != *answer).collect();
    assert!(
        wrong.is_empty(),
        "{} {:#?}",
        wrong.len(),
        wrong.iter().map(|(message, _)| (message, text(message))).collect::<Vec<_>>()
    );
}

#[test]
fn our_text_is_found_however_it_comes_back() {
    let mut cases = Vec::new();
    for ours in OURS.iter().flat_map(|ours| spellings(ours)) {
        for answer in ANSWERS {
            cases.push((format!("{answer}\n\n{ours}"), *answer));
            cases.push((format!("{ours}\n\n{answer}"), *answer));
        }
    }
    assert_eq!(wrong(cases), "");
}
