//! The customer centre's terms for figures.

use serde::de::DeserializeOwned;

use super::{cases, lasting, words};
use crate::domain::case::{Ending, FirstReplies, Median, OrderKind, WriteKind};
use crate::domain::parking::ParkingAction;
use crate::domain::words::Question;

/// The customer centre's term for a figure; the figure's name if it is unknown, as one that a newer version has
/// counted.
pub fn korean(name: &str) -> String {
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
        Some(("reply", counted)) => first_reply(counted),
        Some(_) | None => None,
    };
    term.unwrap_or_else(|| name.to_owned())
}

/// The action that a figure's name ends with.
pub(crate) fn action(word: &str) -> Option<ParkingAction> {
    read(word)
}

/// The shares that are shown of first replies: the bound in seconds, and the row.
pub(crate) const FIRST_REPLY_SHARES: [(u64, &str); 4] =
    [(60, "1분 안"), (300, "5분 안"), (3_600, "1시간 안"), (86_400, "1일 안")];

fn first_reply(counted: &str) -> Option<String> {
    let told = match counted.strip_prefix("first.")? {
        "count" => "건수",
        "seconds" => "걸린 시간의 합(초)",
        "within_10s" => "10초 안",
        "within_30s" => "30초 안",
        "within_1m" => "1분 안",
        "within_5m" => "5분 안",
        "within_15m" => "15분 안",
        "within_1h" => "1시간 안",
        "within_4h" => "4시간 안",
        "within_1d" => "1일 안",
        _ => return None,
    };
    Some(format!("첫 답변: {told}"))
}

/// The median of first replies, for people.
pub(crate) fn median(median: Median) -> String {
    match median {
        Median::Seconds(seconds) => format!("약 {}", lasting(seconds)),
        Median::OverADay => "1일 넘음".to_owned(),
    }
}

/// How long customers waited for the first reply, in one line; `None` of nothing.
pub(crate) fn first_replies(all: &FirstReplies) -> Option<String> {
    let (mean, half) = (all.mean()?, all.median()?);
    let shares = FIRST_REPLY_SHARES.map(|(bound, row)| {
        let percent = share(all.within(bound), all.count).unwrap_or_default();
        format!("{row} {percent}%")
    });
    let (count, mean, half) = (cases(all.count), lasting(mean), median(half));
    Some(format!("첫 답변까지: {count}, 평균 {mean}, 중앙값 {half}, {}", shares.join(", ")))
}

/// In percent; `None` of nothing.
pub fn share(part: u64, of: u64) -> Option<i64> {
    let percent = (u128::from(part) * 100 + u128::from(of) / 2).checked_div(u128::from(of))?;
    i64::try_from(percent).ok()
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
