//! What another policy would change: its mistakes, the situations that it decides otherwise, and the tickets of a recent span
//! that it would have. It changes nothing.

mod past;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use serde::Serialize;
use tokio::task::spawn_blocking;

use super::Badge;
use crate::console::access::Viewer;
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::policy::{Change, Policy, Row, Trust, compare};
use crate::ports::{Act, NewAccess};
use crate::story::policy::together;
use past::Past;

/// The largest policy file, in bytes; the shipped one has less than half of it.
pub(in crate::console) const LARGEST: usize = 64 * 1024;
/// The days of Seoul, with today, whose decisions are repeated; one of them is chosen.
const SPANS: [i8; 3] = [7, 30, 90];
const TRUSTS: [Trust; 3] = [Trust::Auto, Trust::Assist, Trust::Shadow];

#[derive(Serialize)]
struct Content {
    version: String,
    rows: Vec<Choice>,
    spans: Vec<Span>,
    /// The pasted file; empty: none was pasted.
    text: String,
    most: usize,
    /// Why nothing was tried.
    wrong: Option<String>,
    /// The file's mistakes, as `misread check` shows them.
    mistakes: Option<String>,
    tried: Option<Tried>,
}

/// A row whose trust can be chosen.
#[derive(Serialize)]
struct Choice {
    id: String,
    sentence: String,
    trust: Badge,
    /// The trusts, and whether each is chosen.
    trusts: Vec<(Badge, bool)>,
}

#[derive(Serialize)]
struct Span {
    days: i8,
    is_chosen: bool,
}

/// What the other policy would change.
#[derive(Serialize)]
struct Tried {
    version: String,
    is_same: bool,
    /// The number of situations that are decided otherwise.
    situations: usize,
    changes: Vec<Changed>,
    past: Past,
    /// The other policy's file.
    file: String,
}

/// Situations of one row that another one decides, or the same one otherwise.
#[derive(Serialize)]
struct Changed {
    before: Side,
    after: Side,
    situations: usize,
    differences: Vec<String>,
    conditions: Vec<String>,
}

#[derive(Serialize)]
struct Side {
    row: String,
    sentence: String,
    then: String,
}

impl Side {
    fn of(row: &Row) -> Self {
        Self { row: row.id.clone(), sentence: row.sentence.clone(), then: row.then.to_string() }
    }
}

impl Changed {
    fn of(change: &Change<'_>, new: &Policy) -> Self {
        Self {
            before: Side::of(change.before),
            after: Side::of(change.after),
            situations: change.situations.len(),
            differences: change.differences(),
            conditions: change.in_short(new).iter().map(|line| together(line)).collect(),
        }
    }
}

/// What a person asks.
struct Asked {
    /// Rows with another trust.
    trusts: BTreeMap<String, Trust>,
    days: i8,
    /// A whole file; empty: the one in force.
    text: String,
}

impl Asked {
    fn of(visit: &Visit<'_>, policy: &Policy) -> Self {
        let trust = |row: &Row| {
            let code = visit.fields.text(&format!("trust-{}", row.id));
            let trust = TRUSTS.into_iter().find(|trust| trust.code() == code)?;
            Some((row.id.clone(), trust))
        };
        let days = visit.fields.text("days").parse().ok().filter(|days| SPANS.contains(days));
        // Browsers send the line ends of a text as CRLF.
        let text = visit.fields.whole("text").replace("\r\n", "\n");
        Self { trusts: policy.rows().filter_map(trust).collect(), days: days.unwrap_or(SPANS[1]), text }
    }
}

/// Why there is no other policy.
enum Wrong {
    Told(String),
    /// As `misread check` shows them.
    Mistakes(String),
}

/// The other policy: the file in force or the pasted one, with other trusts.
async fn other(
    visit: &Visit<'_>,
    asked: &Asked,
    now: &Arc<Policy>,
) -> Result<Result<Arc<Policy>, Wrong>, Refused> {
    if asked.text.len() > LARGEST {
        let most = LARGEST / 1024;
        return Ok(Err(Wrong::Told(format!(
            "정책 파일은 {most}KB까지 보실 수 있습니다. 파일을 다시 확인해 주세요."
        ))));
    }
    let base = if asked.text.trim().is_empty() {
        Arc::clone(now)
    } else {
        match read(visit, asked.text.clone()).await? {
            Ok(policy) => policy,
            Err(mistakes) => return Ok(Err(Wrong::Mistakes(mistakes))),
        }
    };
    if let Some(gone) = asked.trusts.keys().find(|id| base.row(id).is_none()) {
        let told = format!(
            "붙여 넣으신 파일에 없는 행의 단계를 고르셨습니다: {gone}. 그 행은 ‘그대로’로 두고 다시 보아 주세요."
        );
        return Ok(Err(Wrong::Told(told)));
    }
    let text = base.with_trust(&asked.trusts);
    Ok(read(visit, text).await?.map_err(Wrong::Mistakes))
}

/// Reads the file on a thread of its own: it takes time, and reads the texts that it names.
async fn read(visit: &Visit<'_>, text: String) -> Result<Result<Arc<Policy>, String>, Refused> {
    let reader = Arc::clone(&visit.console.parts.policies);
    let read = spawn_blocking(move || reader.read(&text).map(Arc::new)).await;
    read.map_err(|error| {
        tracing::error!(%error, "a policy file could not be tried");
        Refused::Failed
    })
}

/// The policy in force, by itself: a reload may replace it meanwhile.
fn in_force(visit: &Visit<'_>) -> Arc<Policy> {
    Arc::new(visit.console.parts.playbook.playbook().policy.clone())
}

pub(in crate::console::screens) fn form(visit: &Visit<'_>) -> Reply {
    let now = in_force(visit);
    page(&now, Asked::of(visit, &now), None, None)
}

pub(in crate::console::screens) async fn show(visit: &Visit<'_>, viewer: &Viewer) -> Result<Reply, Refused> {
    let now = in_force(visit);
    let asked = Asked::of(visit, &now);
    let Ok(_alone) = visit.console.trials.try_acquire() else {
        let busy =
            "지금 다른 분의 정책을 보고 있습니다. 고르신 것은 그대로 있으니 잠시 뒤에 다시 눌러 주세요.";
        return Ok(page(&now, asked, Some(Wrong::Told(busy.to_owned())), None));
    };
    let new = match other(visit, &asked, &now).await? {
        Ok(new) => new,
        Err(wrong) => return Ok(page(&now, asked, Some(wrong), None)),
    };
    let reason = Some(format!("정책 {} ⇒ {}, 최근 {}일", now.hash(), new.hash(), asked.days));
    visit.console.record(&NewAccess { reason, ..viewer.did(Act::TriedPolicy, visit.now) }).await?;
    let sides = (Arc::clone(&now), Arc::clone(&new));
    let changes = spawn_blocking(move || {
        let (old, new) = sides;
        compare(&old, &new).iter().map(|change| Changed::of(change, &new)).collect::<Vec<_>>()
    });
    let changes = changes.await.map_err(|_| Refused::Failed)?;
    let tried = Tried {
        version: new.hash().to_owned(),
        is_same: new.hash() == now.hash(),
        situations: changes.iter().map(|change| change.situations).sum(),
        changes,
        past: Past::of(visit, &new, asked.days).await?,
        file: new.text().to_owned(),
    };
    Ok(page(&now, asked, None, Some(tried)))
}

/// The other policy's file, to be put in place by a person.
pub(in crate::console::screens) async fn file(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let now = in_force(visit);
    let asked = Asked::of(visit, &now);
    match other(visit, &asked, &now).await? {
        Ok(new) => {
            let body = new.text().to_owned();
            Ok(Reply::File { name: "policy.toml".to_owned(), kind: "application/toml; charset=utf-8", body })
        }
        Err(wrong) => Ok(page(&now, asked, Some(wrong), None)),
    }
}

fn page(now: &Policy, asked: Asked, wrong: Option<Wrong>, tried: Option<Tried>) -> Reply {
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (wrong, mistakes) = match wrong {
        None => (None, None),
        Some(Wrong::Told(told)) => (Some(told), None),
        Some(Wrong::Mistakes(mistakes)) => (None, Some(mistakes)),
    };
    let choice = |row: &Row| {
        let chosen = asked.trusts.get(&row.id);
        Choice {
            id: row.id.clone(),
            sentence: row.sentence.clone(),
            trust: Badge::of(row.trust),
            trusts: TRUSTS.into_iter().map(|trust| (Badge::of(trust), chosen == Some(&trust))).collect(),
        }
    };
    let content = Content {
        version: now.hash().to_owned(),
        rows: now.rows().map(choice).collect(),
        spans: SPANS.map(|days| Span { days, is_chosen: days == asked.days }).into(),
        most: LARGEST,
        wrong,
        mistakes,
        tried,
        text: asked.text,
    };
    Reply::page("policy_trial.html", "정책 바꿔 보기", content).with(status)
}
