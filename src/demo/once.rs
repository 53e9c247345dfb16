//! Checks that each action, reply and note of the demo happened exactly once, and that each story ended as written:
//! compares every turn of every journal with the sandbox's records.

use std::collections::BTreeSet;

use super::{Tale, Turn, group_name};
use crate::domain::case::WriteKind;
use crate::domain::parking::ParkingAction;
use crate::domain::policy::{Outcome, Team};
use crate::sandbox::parking::DoneAction;
use crate::sandbox::seed::{ACCOUNT, SaidOtherwise};

/// One Korean sentence per difference; `actions` are all actions of the parking system, oldest first. `as_told`: whether
/// the stories must end as written.
pub fn differences(tales: &[Tale], actions: &[DoneAction], as_told: bool) -> Vec<String> {
    let mut found: Vec<String> = tales.iter().flat_map(|tale| of_ticket(tale, actions, as_told)).collect();
    let known = |action: &&DoneAction| tales.iter().any(|tale| is_of(action, tale));
    found.extend(actions.iter().filter(|action| !known(action)).map(|action| {
        format!("티켓 {}: 데모에 없는 티켓인데 {}", action.ticket_id, listed(&[name(action)]))
    }));
    found
}

fn of_ticket(tale: &Tale, actions: &[DoneAction], as_told: bool) -> Vec<String> {
    let done: Vec<&DoneAction> = actions.iter().filter(|action| is_of(action, tale)).collect();
    let mut found = of_actions(tale, &done);
    found.extend(of_writes(tale));
    if as_told {
        found.extend(of_end(tale, &done));
    }
    found.into_iter().map(|difference| format!("티켓 {}: {difference}", tale.case.ticket_id)).collect()
}

/// For each turn: each decided action was done once, no other was, and the receipts match.
fn of_actions(tale: &Tale, done: &[&DoneAction]) -> Vec<String> {
    let mut found = Vec::new();
    let mut before: Vec<ParkingAction> = Vec::new();
    for (place, turn) in tale.turns.iter().enumerate() {
        let wanted: Vec<ParkingAction> = decided(turn).filter(|action| !before.contains(action)).collect();
        let own = |action: &&&DoneAction| turn.actions.iter().any(|act| act.key.as_str() == action.key);
        let of_turn: Vec<&DoneAction> = done.iter().filter(own).copied().collect();
        let wanted_names: Vec<&str> = wanted.iter().map(|action| action.korean()).collect();
        let names: Vec<&str> = of_turn.iter().map(|action| name(action)).collect();
        if names != wanted_names {
            found.push(format!(
                "차례 {}: 처리는 {}이어야 하는데 {}",
                place + 1,
                listed(&wanted_names),
                listed(&names)
            ));
        }
        let receipts = turn.actions.iter().filter_map(|action| action.receipt.as_ref());
        let journal: Vec<&str> = receipts.map(|receipt| receipt.receipt_id.as_str()).collect();
        let sandbox: Vec<&str> = of_turn.iter().map(|action| action.receipt_id.as_str()).collect();
        if journal != sandbox {
            found.push(format!("차례 {}: 기록의 접수번호와 주차 시스템의 접수번호가 다름", place + 1));
        }
        before.extend(wanted);
    }
    let keys: BTreeSet<&str> =
        tale.turns.iter().flat_map(|turn| &turn.actions).map(|action| action.key.as_str()).collect();
    let own_use = |action: &DoneAction| tale.story.uses.iter().any(|own| own.id == action.use_id);
    for action in done {
        if !keys.contains(action.key.as_str()) {
            found.push(format!("기록에 없는 처리 {}", listed(&[name(action)])));
        }
        if !own_use(action) {
            found.push(format!("다른 고객의 이용 건 {}을 처리함", action.use_id));
        }
    }
    found
}

/// The actions decided and carried out in a turn; a turn is complete only if it informed the customer.
fn decided(turn: &Turn) -> impl Iterator<Item = ParkingAction> {
    let replied = turn.writes.iter().any(|written| written.kind == WriteKind::Reply);
    let settled = turn.decision.as_ref().filter(|decision| {
        replied && turn.escalated.is_none() && matches!(decision.outcome, Outcome::Settle { .. })
    });
    settled.into_iter().flat_map(|decision| decision.outcome.actions()).copied()
}

/// The ticket has as many public texts and notes as the journal's turns have written, and no turn has written two.
fn of_writes(tale: &Tale) -> Vec<String> {
    let mut found = Vec::new();
    if tale.turns.iter().all(|turn| turn.writes.is_empty()) {
        found.push("아무 글도 남기지 않음".to_owned());
    }
    found.extend(counted("공개 답변", tale.turns.iter().map(Turn::public_texts), tale.replies.len()));
    found.extend(counted("내부 메모", tale.turns.iter().map(Turn::notes), tale.notes.len()));
    found
}

/// `written`: the journal's number in each turn; `seen`: the ticket's number.
fn counted(what: &str, written: impl Iterator<Item = usize>, seen: usize) -> Vec<String> {
    let written: Vec<usize> = written.collect();
    let all: usize = written.iter().sum();
    let difference = (all != seen).then(|| format!("{what} {all}건이어야 하는데 {seen}건"));
    let twice = written.iter().enumerate().filter(|(_, count)| **count > 1);
    let twice = twice.map(|(place, count)| format!("차례 {}: {what} {count}건", place + 1));
    difference.into_iter().chain(twice).collect()
}

/// The story's end as written.
fn of_end(tale: &Tale, done: &[&DoneAction]) -> Vec<String> {
    let end = &tale.story.end;
    let wanted: Vec<&str> = end.actions.iter().map(|action| action.korean()).collect();
    let names: Vec<&str> = done.iter().map(|action| name(action)).collect();
    let mut found = Vec::new();
    if wanted != names {
        found.push(format!("이야기에서 처리는 {}인데 {}", listed(&wanted), listed(&names)));
    }
    let fields = &tale.ticket.fields;
    if fields.status != end.status {
        found.push(format!("이야기에서 상태는 {:?}인데 {:?}", end.status, fields.status));
    }
    if fields.group_id != end.team.map(|team| ACCOUNT.group(team)) {
        let group = fields.group_id.and_then(group_name).unwrap_or("없음");
        found.push(format!("이야기에서 그룹은 {}인데 {group}", end.team.map_or("없음", Team::korean)));
    }
    let replies = tale.replies.iter().map(|reply| reply.body.as_str());
    found.extend(end.says_otherwise(replies, false).map(|otherwise| match otherwise {
        SaidOtherwise::Lacks { place, phrase } => {
            format!("이야기에서 {}번째 공개 답변은 ‘{phrase}’을(를) 알려야 하는데 그 말이 없음", place + 1)
        }
        SaidOtherwise::Count { is, should } => format!("이야기에서 공개 답변은 {should}건인데 {is}건"),
    }));
    found
}

fn is_of(action: &DoneAction, tale: &Tale) -> bool {
    action.ticket_id == tale.case.ticket_id.to_string()
}

fn name(action: &DoneAction) -> &'static str {
    action.as_ordered().map_or("알 수 없는 보상", ParkingAction::korean)
}

fn listed(names: &[&str]) -> String {
    format!("[{}]", names.join(", "))
}
