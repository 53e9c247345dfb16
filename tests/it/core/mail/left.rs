use super::{ASK, OURS, own_words, text, wrong};

#[test]
fn measured_cases_leave_what_the_person_wrote() {
    let cases = [
        (
            "네\n\n2026년 11월 29일 (일) 오전 7:03, 고객센터 <support@centre.example>님이\n작성:\n\n> 문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요?",
            "네",
        ),
        (
            "네\n\n--------- 원본 메일 ---------\n보낸사람: 고객센터 <support@centre.example>\n제목: 문의\n\n<ours>",
            "네",
        ),
        (
            "네\n\n-------- Original message --------\nFrom: 고객센터 <support@centre.example>\nDate: 11/29/26\n\n<ours>",
            "네",
        ),
        ("네\n\n2026-11-29 7:03 GMT+09:00 고객센터 <support@centre.example>:\n\n<ours>", "네"),
        ("네\n\n**보낸 사람:** 고객센터\n**보낸 날짜:** 2026년 11월 29일\n**제목:** 문의\n\n<ours>", "네"),
        ("네\n\n<ours>", "네"),
        (
            "네, 답변드립니다.\n\n2026년 11월 29일 (일) 오전 7:03, 고객센터 <support@centre.example>님이 작성:\n\n> 문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요?\n\n아니요, 남편 계정입니다.\n\n> 감사합니다.",
            "네, 답변드립니다.\n아니요, 남편 계정입니다.",
        ),
        ("네, 안녕하세요.", "네, 안녕하세요."),
        ("네, 안녕하세요. 남편이 문의 남긴 건인데요.", "네, 안녕하세요. 남편이 문의 남긴 건인데요."),
        (
            "ㅇ 성명: 홍길동\nㅇ 연락처: 010-0000-0000\nㅇ 차량번호: 12가3456\nㅇ 요청사항: 결제 취소",
            "ㅇ 성명: 홍길동\nㅇ 연락처: 010-0000-0000\nㅇ 차량번호: 12가3456\nㅇ 요청사항: 결제 취소",
        ),
        (
            "ㅇ 차량번호: 12가3456\nㅇ 소유자: 김영희(배우자)",
            "ㅇ 차량번호: 12가3456\nㅇ 소유자: 김영희(배우자)",
        ),
        ("네\n\n나의 Galaxy에서 보냄", "네"),
        ("네\n\n홍길동 드림\n010-0000-0000", "네"),
        (
            "네 본인입니다.\n\n이 메일은 지정된 수신인만을 위한 것이며, 만약 수신인이 아닌 경우 즉시 삭제해 주시기 바랍니다.",
            "네 본인입니다.",
        ),
        (
            "네 본인 맞습니다\n\nIf you are not the intended recipient, please delete it. No liability is accepted.",
            "네 본인 맞습니다",
        ),
    ];
    assert_eq!(wrong(cases.map(|(message, expected)| (message.replace("<ours>", ASK), expected))), "");
    for automatic in [
        "네. 접수번호 20261129-001로 접수되었습니다. 순차적으로 답변드리겠습니다.",
        "네, 안녕하세요. 홍길동입니다. 현재 부재중입니다. 12월 5일 이후 회신드리겠습니다.",
    ] {
        assert_eq!(text(automatic), automatic);
        assert!(own_words(automatic, OURS).automatic, "{automatic}");
    }
}

#[test]
fn answers_between_and_beside_our_lines_stay() {
    let cases = [
        ("문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요? 네", "네"),
        ("아니요 문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요?", "아니요"),
        ("네문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요?", "네"),
        ("\"문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요?\" → 아니요", "→ 아니요"),
        (
            "1. 문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요? 네\n2. 앱에 등록된 차량이 고객님 본인의 차량인가요? 아니요",
            "네\n아니요",
        ),
        (
            "> 1. 문의를 남기신 분이\n네\n> 2. 앱에 등록된 차량이\n네 12가3456\n> 감사합니다.",
            "네\n네 12가3456",
        ),
        ("네 12가3451 문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요?", "네 12가3451"),
        // The last line of a wrapped quote has no mark.
        ("네\n> 문의를 남기신 분이 카카오 T 계정의 가입자\n본인이신가요?", "네"),
        // Not completely ours.
        (
            "문의를 남기신 분이 카카오 T 계정의 가입자 본인이 아닙니다",
            "문의를 남기신 분이 카카오 T 계정의 가입자 본인이 아닙니다",
        ),
        (
            "문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요라고 물으셨죠",
            "문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요라고 물으셨죠",
        ),
        (
            "불편을 드려 진심으로 사과드립니다 라고 하셨는데",
            "불편을 드려 진심으로 사과드립니다 라고 하셨는데",
        ),
        ("네 감사합니다.", "네 감사합니다."),
        ("감사합니다.", "감사합니다."),
    ];
    assert_eq!(wrong(cases.map(|(message, expected)| (message.to_owned(), expected))), "");
}

#[test]
fn headers_glued_to_own_words_are_cut_alone() {
    let cases = [
        (
            "네2026년 11월 29일 (일) 오전 7:03, 고객센터 <support@centre.example>님이 작성:\n\n> 안녕하세요",
            "네",
        ),
        (
            "네 12가3456 2026년 11월 29일 (일) 오전 7:03, 고객센터 <support@centre.example>님이 작성:",
            "네 12가3456",
        ),
        (
            "네 12가34562026년 11월 29일 (일) 오전 7:03, 고객센터 <support@centre.example>님이 작성:",
            "네 12가3456",
        ),
        (
            "아니요 On Sun, Nov 29, 2026 at 7:03 AM 고객센터 <support@centre.example> wrote:\n> 안녕하세요",
            "아니요",
        ),
        (
            "2026년 11월 28일에 간 적 없어요. 2026년 11월 29일 (일) 오전 7:03, 고객센터 <support@centre.example>님이 작성:",
            "2026년 11월 28일에 간 적 없어요.",
        ),
        ("네 -----Original Message-----\nFrom: 고객센터 <support@centre.example>\nSubject: 문의", "네"),
        ("네--------- 원본 메일 ---------\n보낸사람: 고객센터\n제목: 문의", "네"),
        ("네________________________________\n보낸 사람: 고객센터\n제목: 문의", "네"),
        ("네보낸 사람: 고객센터\n보낸 날짜: 2026년 11월 29일\n제목: 문의", "네"),
        ("네 나의 Galaxy에서 보냄", "네"),
        ("아니요 Sent from my iPhone", "아니요"),
    ];
    assert_eq!(wrong(cases.map(|(message, expected)| (message.to_owned(), expected))), "");
}

#[test]
fn what_may_be_a_persons_stays() {
    for own in [
        "남편 휴대폰에서 보냄",
        "엄마의 iPhone에서 보냄",
        "Sent from my husband's iPhone",
        "네\n홍길동 아내 드림",
        "네\n홍길동 대리 드림\n010-0000-0000",
        "연락처 드림",
        "답변 드림",
        "네\n이용함\n010-0000-0000",
        "네\n안했어\n010-0000-0000",
        "네\n12가3456",
        "네\n--\n아니요 남편 차입니다",
        "제목: 본인이 아닙니다",
        "날짜: 11월 28일",
        "참조: 남편 계정입니다",
        "무단으로 결제되어 법적 책임을 묻겠습니다",
        "메일로 보낸 개인정보 무단 사용에 대해 제가 법적 책임을 묻겠습니다",
        "2026년 11월 28일에 남편이 작성:",
        "아래는 고객센터가 보낸 글이라고 아내가 그러네요:",
        "네\n\n홍길동",
        "네\n원본은 아내에게 있어요",
        "-> 아니요",
        "^^",
        "네\n이 메일은 남편이 씁니다",
        "3456",
        "010-0000-0000",
        "홍길동 드림",
        ">_< 아니에요",
        "> <",
        "메일 수신인이 다른 사람입니다.",
        "수신인이 아닙니다.",
        "Not the intended recipient.",
        "I received this email in error, I am not the holder.",
        "수신거부 해 주세요",
        "Please delete this account",
        "2026년 11월 28일에 갔어요\n고객센터 <support@centre.example> 작성:",
        "발신: 홍길동\n수신: 고객센터\n제목: 본인 아님",
        "남편이 보낸 사람: 고객센터",
        "--참조: 남편 계정입니다",
        "본인님이 보낸 메시지:",
        "네 / 아니요",
    ] {
        let expected = own
            .replace("\n--\n", "\n")
            .replace("대리 드림\n010-0000-0000", "대리 드림")
            .replace("함\n010-0000-0000", "함")
            .replace("어\n010-0000-0000", "어");
        let expected: Vec<&str> = expected.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(text(own), expected.join("\n"), "{own:?}");
    }
}

#[test]
fn a_foreign_mail_below_a_header_stays() {
    let message =
        "네\n\n-----Original Message-----\nFrom: 아내 <wife@mail.example>\nSubject: 차\n\n내 계정이야\n> 응";
    // The sender is not us, so the header stays too.
    assert_eq!(text(message), "네\nFrom: 아내 <wife@mail.example>\n내 계정이야");
}

#[test]
fn machines_are_known_by_their_wording() {
    for automatic in [
        "자동 회신: 홍길동은 휴가 중입니다.",
        "Automatic reply: I am out of office until Monday.",
        "본 메일은 발신 전용입니다.",
        "문의가 접수되었습니다. 영업일 이내 답변드리겠습니다.",
        "Delivery has failed to these recipients or groups",
        "보내신 메일이 반송되었습니다.",
        "From: MAILER-DAEMON@mail.example",
    ] {
        assert!(own_words(automatic, OURS).automatic, "{automatic}");
    }
    for own in [
        "부재중이라 답이 늦었습니다. 네 본인입니다",
        "부재중이라 답이 늦었습니다.",
        "네 12가3456 자동응답이 와서 다시 보내요",
        "네",
        "",
        "휴가 다녀오느라 늦었어요",
    ] {
        assert!(!own_words(own, OURS).automatic, "{own}");
    }
}
