//! Whether each action, reply and note of the demo happened exactly once: the policy's decisions against the sandbox's records.

use super::Tale;
use crate::domain::parking::ParkingAction;
use crate::sandbox::parking::{ActionKind, DoneAction};

#[cfg(test)]
mod tests;

/// One Korean sentence a difference; `actions` is all that was really done at the parking system.
pub(super) fn differences(tales: &[Tale], actions: &[DoneAction]) -> Vec<String> {
    let mut found: Vec<String> = tales.iter().flat_map(|tale| of_ticket(tale, actions)).collect();
    let known = |action: &&DoneAction| tales.iter().any(|tale| is_of(action, tale));
    found.extend(
        actions.iter().filter(|action| !known(action)).map(|action| {
            format!("티켓 {}: 데모에 없는 티켓인데 {}", action.ticket_id, named(&[action.kind]))
        }),
    );
    found
}

fn of_ticket(tale: &Tale, actions: &[DoneAction]) -> Vec<String> {
    let ticket = tale.case.ticket_id;
    let Some(decision) = &tale.case.decision else {
        return vec![format!("티켓 {ticket}: 정책 판단이 없음")];
    };
    let wanted: Vec<ActionKind> = decision.outcome.actions().iter().map(|action| kind(*action)).collect();
    let replies = usize::from(decision.outcome.reply().is_some());
    let done: Vec<&DoneAction> = actions.iter().filter(|action| is_of(action, tale)).collect();
    let kinds: Vec<ActionKind> = done.iter().map(|action| action.kind).collect();
    let mut found = Vec::new();
    if sorted(kinds.clone()) != sorted(wanted.clone()) {
        found.push(format!("티켓 {ticket}: 처리는 {}이어야 하는데 {}", named(&wanted), named(&kinds)));
    }
    let own_use = |action: &&DoneAction| tale.story.uses.iter().any(|own| own.id == action.use_id);
    found.extend(
        done.iter()
            .filter(|action| !own_use(action))
            .map(|action| format!("티켓 {ticket}: 다른 고객의 이용 건 {}을 처리함", action.use_id)),
    );
    let journal: Vec<&str> = tale.case.receipts().map(|(_, receipt)| receipt.receipt_id.as_str()).collect();
    let sandbox: Vec<&str> = done.iter().map(|action| action.receipt_id.as_str()).collect();
    if sorted(journal) != sorted(sandbox) {
        found.push(format!("티켓 {ticket}: 기록의 접수번호와 주차 시스템의 접수번호가 다름"));
    }
    for (what, wanted, seen) in
        [("공개 답변", replies, tale.replies.len()), ("내부 메모", 1, tale.notes.len())]
    {
        if wanted != seen {
            found.push(format!("티켓 {ticket}: {what} {wanted}건이어야 하는데 {seen}건"));
        }
    }
    found
}

fn is_of(action: &DoneAction, tale: &Tale) -> bool {
    action.ticket_id == tale.case.ticket_id.to_string()
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort_unstable();
    list
}

fn kind(action: ParkingAction) -> ActionKind {
    match action {
        ParkingAction::Cancel => ActionKind::Cancellation,
        ParkingAction::Refund => ActionKind::Refund,
        ParkingAction::WithdrawReceivable => ActionKind::ReceivableWithdrawal,
        ParkingAction::OperatorMakeGood => ActionKind::OperatorMakeGood,
        ParkingAction::Inspection => ActionKind::Inspection,
        ParkingAction::Coupon | ParkingAction::Points => ActionKind::Compensation,
    }
}

fn named(kinds: &[ActionKind]) -> String {
    let name = |kind: &ActionKind| match kind {
        ActionKind::Cancellation => "픽 취소",
        ActionKind::Refund => "결제취소",
        ActionKind::ReceivableWithdrawal => "미수철회",
        ActionKind::OperatorMakeGood => "보전처리",
        ActionKind::Compensation => "보상",
        ActionKind::Inspection => "기기 점검 요청",
    };
    let names: Vec<&str> = kinds.iter().map(name).collect();
    format!("[{}]", names.join(", "))
}
