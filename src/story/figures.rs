//! The customer centre's terms for figures.

use serde::de::DeserializeOwned;

use super::words;
use crate::domain::case::{Ending, OrderKind, WriteKind};
use crate::domain::parking::ParkingAction;
use crate::domain::words::Question;

/// The customer centre's term for a figure; the figure's name if it is unknown, as one that a newer version has
/// counted.
pub(crate) fn korean(name: &str) -> String {
    let term = match name.split_once('.') {
        None if name == "deliveries" => Some("Zendesk 알림".to_owned()),
        None if name == "stuck" => Some("막힘".to_owned()),
        Some(("decided", row)) => Some(format!("판단: 정책 행 {row}")),
        Some(("heard", "understood")) => Some("고객의 글: 알아들음".to_owned()),
        Some(("heard", "not_understood")) => Some("고객의 글: 알아듣지 못한 말이 있음".to_owned()),
        Some(("ordered", what)) => {
            read(what).map(|what: OrderKind| format!("운영 지시: {}", words::order(what)))
        }
        Some(("won", what)) => read(what).map(|what: ParkingAction| format!("금액(원): {}", what.korean())),
        Some(("acted", what)) => read(what).map(|what: ParkingAction| format!("처리: {}", what.korean())),
        Some(("written", what)) => read(what).map(|what: WriteKind| format!("글: {}", words::write(what))),
        Some(("ended", how)) => read(how).map(|how: Ending| format!("끝: {}", words::ending(how))),
        Some(("answered", answered)) => answer(answered),
        Some(_) | None => None,
    };
    term.unwrap_or_else(|| name.to_owned())
}

/// The action that a figure's name ends with.
pub(crate) fn action(word: &str) -> Option<ParkingAction> {
    read(word)
}

fn answer(answered: &str) -> Option<String> {
    let (question, answer) = answered.split_once('.')?;
    let question: Question = read(question)?;
    let answer = match answer {
        "yes" => "네",
        "no" => "아니요",
        "unclear" => "분명하지 않음",
        _ => return None,
    };
    Some(format!("답변: {} · {answer}", question.korean()))
}

fn read<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(word.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::korean;

    #[test]
    fn a_figure_is_told_in_the_centres_words_and_one_that_is_not_known_by_its_name() {
        for (name, told) in [
            ("deliveries", "Zendesk 알림"),
            ("ended.handed_over", "끝: 상담 이관"),
            ("acted.withdraw_receivable", "처리: 미수철회"),
            ("won.refund", "금액(원): 결제취소"),
            ("written.reply", "글: 공개 답변"),
            ("answered.coupon.no", "답변: 쿠폰 수락 여부 · 아니요"),
            ("ordered.hand_over", "운영 지시: 일반 상담으로 이관"),
            ("decided.unpaid_closed", "판단: 정책 행 unpaid_closed"),
            ("ended.sometime", "ended.sometime"),
        ] {
            assert_eq!(korean(name), told);
        }
    }
}
