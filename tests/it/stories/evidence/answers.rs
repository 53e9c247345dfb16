//! Answers by mail to the question on identity, as mail programs and people send them.

use misread::domain::case::{Occasion, Rest, WakeReason};
use misread::domain::ticket::TicketStatus;
use misread::sandbox::zendesk::{Channel, CustomerMessage};

use super::Centre;

/// The result of a message. `{plate}` is the use's plate, and `#` our question as sent.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Comes {
    /// Settled without a person.
    Yes,
    /// Not settled: restricted, asked again, or handed over.
    NotYes,
    /// Handed over at once.
    Person,
}
use Comes::{NotYes, Person, Yes};

const ANSWERS: &[(Comes, &str)] = &[
    (Yes, "네"),
    (Yes, "네 본인입니다. {plate} 취소 부탁드립니다."),
    (
        Yes,
        "네\n\n2026년 11월 29일 (일) 오전 7:03, 고객센터 <support@centre.example>님이\n작성:\n\n> 문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요?",
    ),
    (
        Yes,
        "네\n\n--------- 원본 메일 ---------\n보낸사람: 고객센터 <support@centre.example>\n제목: 문의\n\n#",
    ),
    (
        Yes,
        "네\n\n-------- Original message --------\nFrom: 고객센터 <support@centre.example>\nDate: 11/29/26\n\n#",
    ),
    (Yes, "네\n\n2026-11-29 7:03 GMT+09:00 고객센터 <support@centre.example>:\n\n#"),
    (Yes, "네\n\n**보낸 사람:** 고객센터\n**보낸 날짜:** 2026년 11월 29일\n**제목:** 문의\n\n#"),
    (Yes, "네\n\n#"),
    (Yes, "네\n\n나의 Galaxy에서 보냄"),
    (Yes, "네\n\n홍길동 드림\n010-0000-0000"),
    (
        Yes,
        "네 본인입니다.\n\n이 메일은 지정된 수신인만을 위한 것이며, 만약 수신인이 아닌 경우 즉시 삭제해 주시기 바랍니다.",
    ),
    (
        Yes,
        "네 본인 맞습니다\n\nIf you are not the intended recipient, please delete it. No liability is accepted.",
    ),
    (
        NotYes,
        "네, 답변드립니다.\n\n2026년 11월 29일 (일) 오전 7:03, 고객센터 <support@centre.example>님이 작성:\n\n> 문의를 남기신 분이 카카오 T 계정의 가입자 본인이신가요?\n\n아니요, 남편 계정입니다.\n\n> 감사합니다.",
    ),
    (NotYes, "네, 안녕하세요."),
    (NotYes, "네, 안녕하세요. 남편이 문의 남긴 건인데요."),
    (NotYes, "네. 접수번호 20261129-001로 접수되었습니다. 순차적으로 답변드리겠습니다."),
    (NotYes, "네, 안녕하세요. 홍길동입니다. 현재 부재중입니다. 12월 5일 이후 회신드리겠습니다."),
    (NotYes, "ㅇ 성명: 홍길동\nㅇ 연락처: 010-0000-0000\nㅇ 차량번호: {plate}\nㅇ 요청사항: 결제 취소"),
    (NotYes, "ㅇ 차량번호: {plate}\nㅇ 소유자: 김영희(배우자)"),
    (NotYes, "네 알겠습니다"),
    (NotYes, "네 수고하세요"),
    (Person, "네 본인이에요. 취소하지 말아주세요."),
    (Person, "네 본인입니다만 가입은 아버지 명의로 되어 있습니다"),
    (Person, "네 본인입니다. 그런데 생각해 보니 제가 주차한 게 맞네요"),
    (Person, "네 맞아요. 그 차는 지난달에 팔았어요"),
    (Person, "네 본인 맞는데 요금이 두 번 결제됐어요"),
    (Person, "네 본인이에요. 34나5678이 제 차예요"),
];

#[tokio::test]
async fn an_answer_is_taken_for_what_all_of_its_own_words_say() {
    let mut centre = Centre::new().await;
    for (comes, message) in ANSWERS {
        let story = centre.tied();
        let id = centre.open(&story).await;
        let [question] = centre.world.replies(id).try_into().unwrap();
        let message = message.replace('#', &question).replace("{plate}", story.plate.as_deref().unwrap());
        let mail =
            CustomerMessage { text: message.clone(), via: Channel::Email, ..CustomerMessage::default() };
        centre.world.pass(std::time::Duration::from_mins(10));
        centre.world.sandbox.zendesk.customer_sends(id, mail).unwrap();
        centre.world.until_idle().await;
        match comes {
            Yes => assert!(centre.is_settled(id), "{message:?}: {:#?}", centre.world.notes(id)),
            NotYes => {
                assert_eq!(centre.world.actions(id), [], "{message:?}");
                centre.assert_nothing_told(id, &story, &message);
            }
            Person => {
                centre.assert_handed_over(id, &message);
                centre.assert_nothing_told(id, &story, &message);
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_goes_to_a_person_at_once_and_is_never_no_answer() {
    let mut centre = Centre::new().await;
    let picture = || vec!["photo.jpg".to_owned()];
    for (text, attachments) in [("", picture()), ("네", picture()), ("", Vec::new()), ("👀", Vec::new())] {
        let story = centre.tied();
        let id = centre.open(&story).await;
        let message = CustomerMessage { text: text.to_owned(), attachments, ..CustomerMessage::default() };
        centre.world.sandbox.zendesk.customer_sends(id, message.clone()).unwrap();
        centre.world.until_idle().await;
        centre.assert_handed_over(id, &format!("{message:?}"));
        centre.world.hours_later(74).await;
        assert_eq!(centre.world.replies(id).len(), 1, "no reply says that an answer is missing: {message:?}");
    }
}

/// A picture sent after the case was settled is read too.
#[tokio::test]
async fn a_picture_after_the_end_is_seen() {
    let mut centre = Centre::new().await;
    let story = centre.holder();
    let id = centre.open(&story).await;
    assert!(centre.is_settled(id));
    let message = CustomerMessage { attachments: vec!["scan.pdf".to_owned()], ..CustomerMessage::default() };
    centre.world.pass(std::time::Duration::from_mins(10));
    centre.world.sandbox.zendesk.customer_sends(id, message).unwrap();
    centre.world.until_idle().await;
    assert_eq!(centre.world.stands(id, "misread_handed_over"), (TicketStatus::Open, true));
}

#[tokio::test]
async fn a_machine_s_answer_is_none_and_uses_up_no_try() {
    let mut centre = Centre::new().await;
    for (text, flags) in
        [("[자동회신] 현재 부재중입니다. 12월 5일 이후 회신드리겠습니다.", vec![]), ("네", vec![4])]
    {
        let story = centre.tied();
        let id = centre.open(&story).await;
        let message = CustomerMessage { text: text.to_owned(), flags, ..CustomerMessage::default() };
        centre.world.pass(std::time::Duration::from_mins(10));
        centre.world.sandbox.zendesk.customer_sends(id, message).unwrap();
        centre.world.until_idle().await;
        centre.assert_asked(id, text);
        assert_eq!(centre.world.replies(id).len(), 1, "{text}");
        let case = centre.world.case(id).await;
        assert!(matches!(case.rest, Some(Rest::Waiting(_))), "{:?}", case.rest);
        assert_eq!((case.turn.occasion, case.roused), (Occasion::Customer, None::<WakeReason>));
        centre.world.customer_says(id, "네 본인입니다").await;
        assert!(centre.is_settled(id), "{text}: {:#?}", centre.world.notes(id));
    }
}

/// Lines that the lists were not tuned on, each as a whole conversation: without a clear answer of the account's holder
/// no money moves and nothing is disclosed.
#[tokio::test]
async fn whole_conversations_with_held_out_lines_move_money_on_a_clear_yes_alone() {
    let table = include_str!("../../../data/answers_held_out.tsv");
    let mut centre = Centre::new().await;
    let (mut yes, mut settled) = (0, 0);
    for line in table.lines().filter(|line| line.starts_with("i\t")).step_by(2) {
        let [_, label, kind, _, text]: [&str; 5] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let story = centre.tied();
        let id = centre.open(&story).await;
        let message = text.replace("\\n", "\n").replace("12가3456", story.plate.as_deref().unwrap());
        centre.world.customer_says(id, &message).await;
        if label == "y" && matches!(kind, "alone" | "wish") {
            yes += 1;
            settled += i32::from(!centre.world.actions(id).is_empty());
        } else {
            assert_eq!(centre.world.actions(id), [], "{line}");
            centre.assert_nothing_told(id, &story, line);
        }
    }
    assert!(10 * settled >= 4 * yes, "only {settled} of {yes} honest customers were settled at once");
}
