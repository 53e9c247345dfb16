//! `misread case figures`: prints how often what happened, and what was moved, as counted when it happened.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::ExitCode;

use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use super::{open, words};
use crate::app::upkeep;
use crate::cli::json::{self, Format};
use crate::cli::wrong::korean as korean_error;
use crate::domain::case::{Ending, Figures, OrderKind, WriteKind};
use crate::domain::parking::ParkingAction;
use crate::domain::words::Question;

/// The help on the JSON document.
pub(super) const HELP: &str = "\
JSON(--json): {\"figures\": [{day(--by-day일 때만, 아니면 null), name, count}]}. name은 ended.settled, decided.정책행, acted.refund,
won.refund(원), written.reply, answered.identity.yes, heard.not_understood, ordered.retry, deliveries, stuck과 같습니다.";

#[derive(Serialize)]
struct Document<'a> {
    figures: Vec<Figure<'a>>,
}

#[derive(Serialize)]
struct Figure<'a> {
    day: Option<Date>,
    name: &'a str,
    count: u64,
}

pub(super) async fn run(since: Option<Date>, by_day: bool, format: Format) -> anyhow::Result<ExitCode> {
    let ledger = open().await?;
    // What an earlier version left, if the service has not counted it yet.
    let (_, unreadable) = upkeep::count(ledger.as_ref(), &CancellationToken::new()).await?;
    for error in &unreadable {
        writeln!(io::stderr(), "세지 않았습니다. {}", korean_error(error))?;
    }
    let all = match since {
        Some(since) => ledger.figures_since(since).await?,
        None => ledger.figures().await?,
    };
    let figures = if by_day { each_day(&all) } else { sums(&all) };
    if format.json {
        json::print(&Document { figures })?;
    } else {
        tell(&figures)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn each_day(all: &Figures) -> Vec<Figure<'_>> {
    all.iter().map(|((day, name), count)| Figure { day: Some(*day), name, count: *count }).collect()
}

fn sums(all: &Figures) -> Vec<Figure<'_>> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for ((_, name), count) in all {
        *sums.entry(name).or_default() += count;
    }
    sums.into_iter().map(|(name, count)| Figure { day: None, name, count }).collect()
}

fn tell(figures: &[Figure<'_>]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for Figure { day, name, count } in figures {
        let day = day.map(|day| format!("{day}  ")).unwrap_or_default();
        writeln!(out, "{day}{count:>9}  {} ({name})", korean(name))?;
    }
    Ok(())
}

/// The customer centre's term for a figure; the figure's name if it is unknown, as one that a newer version has
/// counted.
fn korean(name: &str) -> String {
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
