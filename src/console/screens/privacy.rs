//! Customers' data: how long it is kept, and its erasure on request.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::console::access::Viewer;
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::case::figures;
use crate::domain::ids::TicketId;
use crate::domain::moment::later;
use crate::domain::parking::Won;
use crate::ports::{
    Act, Erased, Ledger, Loaded, NewAccess, NotErased, PURGE_EVERY, StoreError, Tickets, erase as erase_case,
    is_erased,
};
use crate::story::figures::korean;
use crate::story::progress::Progress;
use crate::story::{cases, minute};

/// The most tickets of one erasure: each is written to the access log by itself.
pub const MOST: usize = 50;
const LONGEST_ACCOUNT: usize = 100;

#[derive(Serialize)]
struct Content {
    days: i64,
    last: Option<String>,
    next: Option<String>,
    done: Option<Done>,
    most: usize,
}

/// What an erasure did.
#[derive(Serialize)]
struct Done {
    erased: usize,
    refused: Vec<i64>,
}

pub(super) fn show(visit: &Visit<'_>) -> Reply {
    let parts = &visit.console.parts;
    let last = parts.status.purged_at();
    let fields = &visit.fields;
    let done = fields.text("erased").parse().ok().map(|erased| Done {
        erased,
        refused: numbers(fields.text("refused")).into_iter().map(TicketId::get).collect(),
    });
    let content = Content {
        days: parts.retention.as_hours() / 24,
        last: last.map(minute),
        next: last.map(|last| minute(later(last, PURGE_EVERY))),
        done,
        most: MOST,
    };
    Reply::page("privacy.html", "개인정보", content)
}

#[derive(Serialize)]
struct Preview {
    /// What was asked for, in words.
    of: String,
    cases: Vec<Line>,
    /// The numbers of the cases that would be erased, as the form sends them.
    tickets: String,
    erasable: usize,
    refused: usize,
    /// Whether there are more tickets than one erasure takes.
    has_more: bool,
    most: usize,
    /// What is kept as figures, by their terms.
    kept: Vec<Kept>,
}

#[derive(Serialize)]
struct Line {
    ticket: i64,
    state: &'static str,
    entries: usize,
    is_erasable: bool,
    then: &'static str,
}

#[derive(Serialize)]
struct Kept {
    name: String,
    count: String,
}

/// What an erasure would erase and what it would leave. It changes nothing.
pub(super) async fn preview(visit: &Visit<'_>, viewer: &Viewer) -> Result<Reply, Refused> {
    let ledger = visit.console.parts.ledger.as_ref();
    let account: String = visit.fields.text("account").chars().take(LONGEST_ACCOUNT).collect();
    let (of, mut ids) = if account.is_empty() {
        let ids = numbers(visit.fields.text("tickets"));
        if ids.is_empty() {
            return Err(Refused::Form("지울 티켓 번호나 계정 번호를 적어 주세요."));
        }
        let listed: Vec<String> = ids.iter().map(TicketId::to_string).collect();
        (format!("티켓 {}", listed.join(", ")), ids)
    } else {
        (format!("계정 {account}"), ledger.tickets(Tickets::OfAccount(&account), None, MOST + 1).await?)
    };
    let previewed = NewAccess { reason: Some(of.clone()), ..viewer.did(Act::PreviewedErasure, visit.now) };
    visit.console.record(&previewed).await?;
    let has_more = ids.len() > MOST;
    ids.truncate(MOST);
    let (mut lines, mut erasable, mut kept) = (Vec::with_capacity(ids.len()), Vec::new(), BTreeMap::new());
    for id in ids {
        let loaded = ledger.load(id).await?;
        let line = line(id, &loaded);
        if line.is_erasable {
            erasable.push(id.to_string());
            count(&loaded, &mut kept);
        }
        lines.push(line);
    }
    let content = Preview {
        of,
        refused: lines.len() - erasable.len(),
        erasable: erasable.len(),
        tickets: erasable.join(" "),
        cases: lines,
        has_more,
        most: MOST,
        kept: kept.into_iter().map(|(name, count)| shown(&name, count)).collect(),
    };
    Ok(Reply::page("erasure.html", "삭제 미리 보기", content))
}

fn line(id: TicketId, loaded: &Loaded) -> Line {
    let (state, is_erasable, then) = match Progress::of(id, loaded) {
        None => ("없음", false, "이 번호의 건이 없습니다."),
        Some(Progress::Ended) if is_erased(loaded) => ("끝남", false, "이미 지웠습니다."),
        Some(Progress::Ended) if !loaded.deliveries.is_empty() => {
            ("끝남", false, "지우지 않습니다. 방금 알림이 와서 다시 살펴보는 중입니다.")
        }
        Some(Progress::Ended) => ("끝남", true, "지웁니다."),
        Some(Progress::Active) => ("처리 중", false, UNDER_WAY),
        Some(Progress::Waiting) => ("대기", false, UNDER_WAY),
        Some(Progress::Stuck(_)) => ("막힘", false, UNDER_WAY),
    };
    Line { ticket: id.get(), state, entries: loaded.journal.len(), is_erasable, then }
}

const UNDER_WAY: &str = "지우지 않습니다. 아직 끝나지 않은 건입니다. 먼저 사람에게 넘겨 주세요.";

/// Adds the figures that stay of a journal.
fn count(loaded: &Loaded, kept: &mut BTreeMap<String, u64>) {
    for ((_, name), count) in figures(loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry))) {
        *kept.entry(name).or_default() += count;
    }
}

fn shown(name: &str, count: u64) -> Kept {
    let is_won = name.starts_with("won.");
    let won = || Won(i64::try_from(count).unwrap_or(i64::MAX)).to_string();
    let term = korean(name);
    let name = if is_won { term.replace("금액(원)", "금액") } else { term };
    Kept { name, count: if is_won { won() } else { cases(count) } }
}

/// Erases the tickets of a preview in the person's name, as `misread case erase` does. A case that is under way stays.
pub(super) async fn erase(visit: &Visit<'_>, viewer: &Viewer) -> Result<Reply, Refused> {
    let ids = numbers(visit.fields.text("tickets"));
    if ids.is_empty() {
        return Err(Refused::Form("지울 티켓이 없습니다. 미리 보기에서 다시 골라 주세요."));
    }
    if ids.len() > MOST {
        return Err(Refused::Form("한 번에 지울 수 있는 티켓보다 많습니다. 미리 보기에서 다시 골라 주세요."));
    }
    let reason = visit.fields.reason().ok_or(Refused::Form(
        "지우는 까닭을 두 글자 이상, 300자 이하로 적어 주세요. 접근 기록에 남습니다.",
    ))?;
    let ledger = visit.console.parts.ledger.as_ref();
    let (mut erased, mut refused) = (0, Vec::new());
    for id in ids {
        if erased_one(visit, viewer, ledger, id, &reason).await? {
            erased += 1;
        } else {
            refused.push(id.to_string());
        }
    }
    tracing::info!(cases = erased, refused = refused.len(), "erased in the console");
    Ok(Reply::to(format!("/privacy?erased={erased}&refused={}", refused.join("-"))))
}

/// Whether the case was erased.
async fn erased_one(
    visit: &Visit<'_>,
    viewer: &Viewer,
    ledger: &dyn Ledger,
    id: TicketId,
    reason: &str,
) -> Result<bool, StoreError> {
    if !line(id, &ledger.load(id).await?).is_erasable {
        return Ok(false);
    }
    // First the record: no act without one.
    let did = viewer.did(Act::Erased, visit.now);
    visit.console.record(&NewAccess { ticket_id: Some(id), reason: Some(reason.to_owned()), ..did }).await?;
    match erase_case(ledger, id, visit.now, &viewer.name).await {
        Ok(Erased::Entries(_)) => Ok(true),
        Ok(Erased::Nothing) | Err(NotErased::NotEnded(_) | NotErased::Changed(_)) => Ok(false),
        Err(NotErased::Store(error)) => Err(error),
    }
}

/// The tickets of a text, each once, and at most one more than [`MOST`]; what is no number is ignored.
pub fn numbers(text: &str) -> Vec<TicketId> {
    let mut ids: Vec<TicketId> = Vec::new();
    for id in text.split(|sign: char| !sign.is_ascii_digit()).filter_map(|number| number.parse().ok()) {
        if !ids.contains(&id) && ids.len() <= MOST {
            ids.push(id);
        }
    }
    ids
}
