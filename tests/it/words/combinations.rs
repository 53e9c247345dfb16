//! Combinations in conversations that must be read exactly: answers with wishes, thanks and plates, and two answers in
//! one message.

use std::collections::BTreeSet;

use misread::domain::words::Answer::{No, Unclear, Yes};
use misread::domain::words::Question::{Coupon, Identity, Vehicle};
use misread::domain::words::Wish::{CancelPass, SelfCancel};
use misread::domain::words::{Answer, Asked, Question, Reading, Wish};

use super::table::WORDS;

fn read(asked: &[Question], text: &str) -> Reading {
    WORDS.read(&Asked::of(asked), text)
}

#[track_caller]
fn assert_answers(asked: &[Question], cases: &[(&str, &[Answer])]) {
    for (text, expected) in cases {
        let answers = WORDS.read(&Asked::of(asked), text).answers;
        let answers: Vec<_> = asked.iter().map(|question| answers[question]).collect();
        assert_eq!(answers, *expected, "{text:?}");
    }
}

#[test]
fn an_answer_stands_beside_a_wish() {
    for (asked, text, answer, wish) in [
        (Vehicle, "네 맞아요. 주차패스도 해지해 주세요", Yes, CancelPass),
        (Vehicle, "제 차 아니에요. 주차패스 해지해 주세요", No, CancelPass),
        (Identity, "네 본인이에요. 매번 이렇게 문의해야 하나요?", Yes, SelfCancel),
        (Coupon, "네 쿠폰 주세요. 주차패스는 해지할게요", Yes, CancelPass),
        // "네" may answer, or introduce the request.
        (Vehicle, "네 주차패스도 해지해 주세요", Unclear, CancelPass),
    ] {
        let reading = read(&[asked], text);
        assert_eq!((reading.answers[&asked], reading.wishes), (answer, BTreeSet::from([wish])), "{text:?}");
    }
}

#[test]
fn two_questions_are_answered_in_one_message() {
    assert_answers(
        &[Identity, Vehicle],
        &[
            ("네 제 계정이고 제 차 맞아요", &[Yes, Yes]),
            // It is unclear which of the two questions is answered.
            ("네 네", &[Unclear, Unclear]),
            ("1번 네 2번 네", &[Yes, Yes]),
            ("1. 네 2. 네", &[Yes, Yes]),
            ("둘 다 네", &[Yes, Yes]),
            ("본인은 맞는데 제 차는 아니에요", &[Yes, No]),
            ("1번 아니요 2번 아니요", &[No, No]),
            ("1번 네", &[Unclear, Unclear]),
            ("1번 네 2번", &[Unclear, Unclear]),
            ("1번 네 2번 아니요", &[Unclear, Unclear]),
        ],
    );
    // The numbers follow the order of the questions; with one question, there are no numbers to choose from.
    assert_answers(&[Identity], &[("1번 네", &[Unclear]), ("2번 네", &[Unclear])]);
}

#[test]
fn an_answer_ends_where_the_next_word_begins_though_no_blank_stands_between() {
    assert_answers(
        &[Identity],
        &[
            ("본인입니다확인해주세요", &[Yes]),
            ("예본인맞습니다취소해주세요", &[Yes]),
            ("맞습니다아닙니다", &[Unclear]),
            ("본인입니다만아닙니다", &[Unclear]),
        ],
    );
    let together = read(&[Identity], "본인입니다확인해주세요");
    assert_eq!((together.nothing_else, together.settles(Identity)), (true, Some(Yes)));
    assert_eq!(read(&[Identity], "본인이에요남편이썼어요").settles(Identity), None);
}

#[test]
fn a_coupon_is_taken_or_declined_and_money_is_no_coupon() {
    assert_answers(
        &[Coupon],
        &[
            ("쿠폰 말고 포인트로 주세요", &[No]),
            ("쿠폰 좋아요", &[Yes]),
            ("네 쿠폰으로 받을게요", &[Yes]),
            ("네 쿠폰으로 받을게요. 감사합니다", &[Yes]),
            ("현금으로 환불해 주세요", &[Unclear]),
            ("네 현금으로 환불해 주세요", &[Unclear]),
        ],
    );
}

#[test]
fn a_car_that_the_writer_uses_is_theirs_and_one_that_others_use_is_not() {
    assert_answers(
        &[Vehicle],
        &[
            ("네 제가 타고 다닙니다", &[Yes]),
            ("현재 이용 중입니다", &[Yes]),
            ("동생이 이용 중입니다", &[Unclear]),
            ("남편이 타고 다녀요", &[Unclear]),
            ("다른 분이 사용하고 있어요", &[Unclear]),
            ("동생이 타는 차예요", &[Unclear]),
        ],
    );
}

#[test]
fn an_answer_may_name_a_plate_but_not_two() {
    assert_answers(
        &[Vehicle],
        &[
            ("네 12가3456 제 차 맞아요", &[Yes]),
            ("네 12가 3456 제 차 맞아요", &[Yes]),
            ("네 서울12가3456 제 차 맞아요", &[Yes]),
            ("12가1111 제 차 맞습니다", &[Yes]),
            ("12가3456은 제 차가 아니에요", &[No]),
            ("12가3456", &[Unclear]),
            // The caller compares the plate with the use's.
            ("네 제 차는 12가3456이에요", &[Yes]),
            ("34나5678번 차량 이용하는 것 맞습니다", &[Yes]),
            ("34나5678 제가 운전합니다", &[Yes]),
            ("12가3456 아니에요", &[Unclear]),
            ("네 12가3456, 34나5678 제 차 맞아요", &[Unclear]),
        ],
    );
}

#[test]
fn a_message_that_is_not_understood_is_left_to_a_person() {
    for (text, wishes, nothing_else) in [
        ("주차패스 해지해 주세요 감사합니다", &[CancelPass][..], true),
        ("주차패스 해지해 주세요. 그리고 환불이 아직 안 됐어요", &[CancelPass], false),
        ("매번 이렇게 문의해야 하나요? 또 그럴 것 같은데요", &[SelfCancel], true),
        ("아, 네 감사합니다", &[], true),
        ("감사합니다. 남편이", &[], false),
        ("감사합니다. 맞아요", &[], false),
        ("감사합니다. 전부 다", &[], false),
        ("감사합니다. 2번", &[], false),
        ("남편 주차패스 해지해 주세요", &[CancelPass], false),
        ("", &[], false),
    ] {
        let reading = read(&[], text);
        let expected: BTreeSet<Wish> = wishes.iter().copied().collect();
        assert_eq!((reading.wishes, reading.nothing_else), (expected, nothing_else), "{text:?}");
    }
}

#[test]
fn a_yes_that_is_asked_back_is_no_answer() {
    let cases: &[(&str, &[Answer])] = &[
        ("네 맞아요\n네?", &[Unclear]),
        ("네, 본인 맞습니다.\n네?", &[Unclear]),
        ("네 본인이에요. 맞아요?", &[Unclear]),
        ("네 본인이에요. 언제 취소되나요?", &[Yes]),
    ];
    assert_answers(&[Identity], cases);
}

#[test]
fn what_the_ticket_is_about_may_be_said_once_more_beside_who_one_is_but_not_beside_a_coupon() {
    for (asked, text, nothing_else) in [
        (Identity, "네 본인 맞습니다. 주차한 적 없어요", true),
        (Identity, "네 본인이에요 취소해 주세요", true),
        (Identity, "네 맞아요 빨리 환불해 주세요", true),
        (Identity, "네 본인입니다. 저는 그날 거기서 주차 안 했어요. 결제 취소 부탁드립니다.", true),
        (Identity, "네 본인이에요. 환불이 아직 안 들어왔어요", false),
        (Identity, "네 본인이고 영수증도 보내주세요", false),
        (Coupon, "아니요 쿠폰은 필요 없어요. 환불해 주세요", false),
    ] {
        let reading = read(&[asked], text);
        assert_ne!(reading.answers[&asked], Unclear, "{text:?}");
        assert_eq!(reading.nothing_else, nothing_else, "{text:?}");
    }
}
