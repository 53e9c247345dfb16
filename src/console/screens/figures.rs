//! What happened by day, week or month, from the figures that the ledger keeps: no journal is read.

pub mod spans;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use spans::{Spans, Step};

use crate::console::chart::{Chart, Series};
use crate::console::csv::{self, Cell, Table};
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::case::{FirstReplies, Median};
use crate::domain::parking::Won;
use crate::domain::seoul::seoul;
use crate::domain::words::Question;
use crate::story::figures::{FIRST_REPLY_SHARES, korean, median, share};
use crate::story::{lasting, minute};

const SETTLED: [&str; 2] = ["ended.settled", "ended.silent"];
const TO_PEOPLE: [&str; 2] = ["ended.handed_over", "ended.stepped_back"];
/// Not ended by the service or by people: nothing was to be done, or it only watched.
const OTHERWISE: [&str; 5] =
    ["ended.shadowed", "ended.ticket_closed", "ended.ticket_gone", "ended.already_solved", "ended.not_ours"];

#[derive(Serialize)]
struct Content {
    steps: Vec<Link>,
    period: String,
    earlier: String,
    later: Option<String>,
    file: String,
    charts: Vec<Chart>,
    tables: Vec<Shown>,
    as_of: String,
}

#[derive(Serialize)]
struct Link {
    label: &'static str,
    href: String,
    is_here: bool,
}

/// A table of the page and of the file.
#[derive(Serialize)]
struct Shown {
    title: &'static str,
    note: &'static str,
    heads: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    label: String,
    cells: Vec<String>,
    /// What the file adds to the label: the unit of the values, where the cells have words.
    #[serde(skip)]
    unit: &'static str,
    #[serde(skip)]
    values: Vec<Option<i64>>,
}

impl Row {
    fn of(label: impl Into<String>, values: Vec<Option<i64>>, shown: impl Fn(i64) -> String) -> Self {
        let cells = values.iter().map(|value| value.map_or_else(|| "-".to_owned(), &shown)).collect();
        Self { label: label.into(), cells, unit: "", values }
    }

    fn counts(label: impl Into<String>, values: Vec<u64>) -> Self {
        Self::of(label, values.into_iter().map(whole).map(Some).collect(), |count| count.to_string())
    }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) async fn show(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let spans = Spans::of(visit).await?;
    let (step, first, last) = (spans.step, spans.starts[0], spans.starts[spans.starts.len() - 1]);
    let address = |step: Step, until: Date| format!("/figures?by={}&until={until}", step.name());
    let today = seoul(visit.now).date();
    let next = (0..step.columns()).fold(last, |start, _| step.forth(start)).min(step.start(today));
    let link = |to: Step| Link {
        label: to.korean(),
        href: format!("/figures?by={}", to.name()),
        is_here: to == step,
    };
    let content = Content {
        steps: Step::ALL.map(link).into(),
        period: format!("{first}부터 {}까지", step.forth(last).saturating_sub(1.days()).min(today)),
        earlier: address(step, step.back(first)),
        later: (next > last).then(|| address(step, next)),
        file: format!("/figures.csv?by={}&until={last}", step.name()),
        charts: charts(&spans),
        tables: tables(&spans),
        as_of: minute(visit.now),
    };
    Ok(Reply::page("figures.html", "숫자", content))
}

pub(super) async fn file(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let spans = Spans::of(visit).await?;
    let heads = ["표", "항목"].map(str::to_owned).into_iter().chain(spans.labels());
    let mut table = Table::with_heads(heads);
    for Shown { title, rows, .. } in tables(&spans) {
        for Row { label, unit, values, .. } in rows {
            let label = format!("{label}{unit}");
            let head = [title.into(), label.as_str().into()];
            let values = values.into_iter().map(|value| value.map_or_else(|| "".into(), Cell::Number));
            table.add(head.into_iter().chain(values));
        }
    }
    let (step, last) = (spans.step.name(), spans.starts[spans.starts.len() - 1]);
    let name = format!("figures-{step}-{last}.csv");
    Ok(Reply::File { name, kind: csv::KIND, body: table.text() })
}

fn charts(spans: &Spans) -> Vec<Chart> {
    let endings = Chart::new(
        "endings",
        "끝난 건",
        &spans.labels(),
        &[
            Series::new("사람 없이 끝남", spans.each(|span| spans.sum(span, &SETTLED))),
            Series::new("사람에게 넘김", spans.each(|span| spans.sum(span, &TO_PEOPLE))),
            Series::new("그 밖의 끝", spans.each(|span| spans.sum(span, &OTHERWISE))),
        ],
        |count| format!("{count}건"),
    );
    let names = spans.names("won.");
    let actions: Vec<Series> = names
        .iter()
        .map(|name| Series::new(term(name), spans.each(|span| spans.count(span, name))))
        .collect();
    let won = Chart::new("won", "처리한 금액", &spans.labels(), &actions, won_words);
    vec![endings, won]
}

fn tables(spans: &Spans) -> Vec<Shown> {
    let table = |title, note, rows| Shown { title, note, heads: spans.labels(), rows };
    vec![
        table(
            "끝난 건",
            "한 티켓이 여러 번 끝날 수 있습니다. 고객님이 다시 글을 남기시면 이어서 처리합니다.",
            endings(spans),
        ),
        table(
            "첫 답변까지 걸린 시간",
            "티켓의 첫 알림을 받은 때부터, 서비스가 고객님께 처음으로 보낸 공개 답변이 티켓에 올라간 것을 확인한 때까지입니다. 상담사의 승인을 기다린 \
             시간도 들어가고, 상담사가 직접 드린 답변은 세지 않습니다. 답변한 날에 셉니다. 중앙값은 구간별 건수로 어림합니다. 이 시간을 \
             재기 전의 날은 \"-\"로 나옵니다.",
            first_replies(spans),
        ),
        table("고객님께 보낸 글", "한 티켓에 여러 번 답변할 수 있습니다.", of_prefix(spans, "written.")),
        table(
            "분명하지 않은 답",
            "여쭌 것 가운데 네·아니요로 알아듣지 못한 답의 수와 비율입니다.",
            unclear(spans),
        ),
        table("처리한 금액", "주차 시스템이 돌려준 접수증의 금액입니다.", money(spans)),
        table("정책 행별 판단", "한 티켓이 여러 번 판단될 수 있습니다.", of_prefix(spans, "decided.")),
    ]
}

fn endings(spans: &Spans) -> Vec<Row> {
    let all = |span| spans.sum(span, &SETTLED) + spans.sum(span, &TO_PEOPLE);
    let mut rows = vec![
        Row::counts("사람 없이 끝남", spans.each(|span| spans.sum(span, &SETTLED))),
        Row::counts("사람에게 넘김", spans.each(|span| spans.sum(span, &TO_PEOPLE))),
        Row::of(
            "사람 없이 끝난 비율",
            spans.each(|span| share(spans.sum(span, &SETTLED), all(span))),
            |percent| format!("{percent}%"),
        ),
    ];
    rows.extend(of_prefix(spans, "ended."));
    rows.push(Row::counts("막힘", spans.each(|span| spans.count(span, "stuck"))));
    rows
}

/// A span without any, such as one from before the time was kept, has no figures.
fn first_replies(spans: &Spans) -> Vec<Row> {
    let all = spans.each(|span| FirstReplies::of(|name| spans.count(span, name)));
    let each = |of: &dyn Fn(&FirstReplies) -> Option<i64>| all.iter().map(of).collect::<Vec<_>>();
    if all.iter().all(|found| found.count == 0) {
        return Vec::new();
    }
    let counts = each(&|found| Some(found.count).filter(|count| *count > 0).map(whole));
    let mut rows = vec![Row::of("첫 답변 건수", counts, |count| count.to_string())];
    rows.extend(FIRST_REPLY_SHARES.map(|(bound, label)| {
        let shares = each(&|found| share(found.within(bound), found.count));
        Row::of(label, shares, |percent| format!("{percent}%"))
    }));
    let means = each(&|found| found.mean().map(whole));
    let mean = Row::of("평균", means, |seconds| lasting(seconds.unsigned_abs()));
    rows.push(Row { unit: ", 초", ..mean });
    let cells = all.iter().map(|found| found.median().map_or_else(|| "-".to_owned(), median));
    let values = each(&|found| match found.median()? {
        Median::Seconds(seconds) => Some(whole(seconds)),
        Median::OverADay => None,
    });
    rows.push(Row { label: "중앙값(어림)".to_owned(), cells: cells.collect(), unit: ", 초", values });
    rows
}

fn of_prefix(spans: &Spans, prefix: &str) -> Vec<Row> {
    let row = |name: &String| Row::counts(term(name), spans.each(|span| spans.count(span, name)));
    spans.names(prefix).iter().map(row).collect()
}

fn unclear(spans: &Spans) -> Vec<Row> {
    let mut rows = Vec::new();
    for question in [Question::Identity, Question::Vehicle, Question::Coupon] {
        let word = serde_json::to_value(question).ok();
        let word = word.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        let [yes, no, unclear] = ["yes", "no", "unclear"].map(|answer| format!("answered.{word}.{answer}"));
        let all = |span| spans.sum(span, &[&yes, &no, &unclear]);
        rows.push(Row::counts(question.korean(), spans.each(|span| spans.count(span, &unclear))));
        rows.push(Row::of(
            format!("{}, 비율", question.korean()),
            spans.each(|span| share(spans.count(span, &unclear), all(span))),
            |percent| format!("{percent}%"),
        ));
    }
    rows
}

fn money(spans: &Spans) -> Vec<Row> {
    let names = spans.names("won.");
    let row = |label: String, of: Vec<u64>| {
        Row::of(label, of.into_iter().map(whole).map(Some).collect(), |won| Won(won).to_string())
    };
    let mut rows: Vec<Row> =
        names.iter().map(|name| row(term(name), spans.each(|span| spans.count(span, name)))).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if rows.len() > 1 {
        rows.push(row("모두".to_owned(), spans.each(|span| spans.sum(span, &names))));
    }
    rows
}

/// The figure's term without its kind.
fn term(name: &str) -> String {
    let term = korean(name);
    term.split_once(": ").map_or(term.as_str(), |(_, term)| term).to_owned()
}

fn won_words(won: u64) -> String {
    Won(whole(won)).to_string()
}
