//! The time that separating a person's own words from a mail takes. Tests of the result are next to the code.

use std::time::{Duration, Instant};

use misread::domain::mail::own_words;

const ASK: &str = "안녕하세요, 고객님. 카카오 T 고객센터입니다.

이용하지 않으신 주차 내역으로 많이 당황하셨겠습니다. 불편을 드려 진심으로 사과드립니다.

개인정보 보호를 위해 먼저 본인 확인을 부탁드립니다. 문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요?

이 문의에 \"네\" 또는 \"아니요\"로 답해 주시면 확인하는 대로 이어서 도와드리겠습니다.

감사합니다.
카카오 T 고객센터 드림
";

#[test]
fn long_messages_take_little_time() {
    let periodic = "가".repeat(299);
    let ours = [ASK, &periodic, "다".repeat(60_000).leak()];
    for pattern in [
        "이메일\n",
        "이 메일은 ",
        "수신 무단\n",
        "http. a",
        "가",
        "다",
        ">",
        "-",
        "_",
        "*",
        "2026년 11월 29일 작성:\n",
        ":\n",
        "a@b.c ",
        "1",
        "나의",
        "sentfrom",
        "from:",
        "보낸 사람: a\n",
        "\n",
        "To:\n",
        "수신인 메일 ",
        "수신인 메일.",
        "수신인 메일\n",
        "네. ",
        "홍길동 드림\n",
        "010-0000-0000\n",
        "\u{1161}",
        "\u{301}",
        "http",
        "www.",
        "안녕하세요, 고객님. ",
        "문의를 남기신 분이 카카오 T 계정의 가입자 ",
        "내 galaxy",
        "[image:",
        "2026-11-29\n<a@b.c>:\n",
        "From: a@b.c\nb@c.d\n",
        "이용하지 않으신 주차 내역으로 많이 당황하셨겠습니다. ",
        "On 2026-11-29 7:03\n\n:\n",
        "이 메일은 수신인 ",
        "--\n홍길동\n",
    ] {
        let message: String = pattern.chars().cycle().take(16_384).collect();
        let start = Instant::now();
        own_words(&message, &ours);
        assert!(start.elapsed() < Duration::from_secs(5), "{pattern:?} took {:?}", start.elapsed());
    }
}
