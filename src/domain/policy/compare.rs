//! What changes from one policy to another: every situation is asked of both.

use super::decision::in_order;
use super::{Combination, Outcome, Policy, Row, Team, Then};
use crate::domain::parking::ParkingAction;

/// Situations that one row decided and another will decide, with another outcome.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// The old policy's row.
    pub before: &'a Row,
    /// The new policy's row.
    pub after: &'a Row,
    /// Every situation that is concerned.
    pub situations: Vec<Combination>,
}

impl Change<'_> {
    /// What is different, in Korean, one difference a line.
    pub fn differences(&self) -> Vec<String> {
        differences(self.before.outcome(), self.after.outcome())
    }
}

/// Every situation whose outcome changes, grouped by old and new row, in the order of the tables.
pub fn compare<'a>(old: &'a Policy, new: &'a Policy) -> Vec<Change<'a>> {
    let mut changes: Vec<Change<'a>> = Vec::new();
    for situation in situations(old, new) {
        let (before, after) = (old.row_in(&situation), new.row_in(&situation));
        if before.then == after.then {
            continue;
        }
        let known =
            changes.iter_mut().find(|change| change.before.id == before.id && change.after.id == after.id);
        match known {
            Some(change) => change.situations.push(situation),
            None => changes.push(Change { before, after, situations: vec![situation] }),
        }
    }
    changes
}

/// Every situation that at least one of them tells apart.
fn situations(old: &Policy, new: &Policy) -> Vec<Combination> {
    let of_uses = old.decision.combinations();
    let split = |consultation: Combination| {
        let passes =
            [old, new].iter().any(|policy| policy.consultation.row_for(&consultation).then == Then::Decide);
        if passes {
            of_uses.iter().map(|of_use| consultation.and(of_use)).collect()
        } else {
            vec![consultation]
        }
    };
    old.consultation.combinations().into_iter().flat_map(split).collect()
}

impl Policy {
    /// The row that says what follows in a situation of both tables.
    fn row_in(&self, situation: &Combination) -> &Row {
        let row = self.consultation.row_for(situation);
        if row.then == Then::Decide { self.decision.row_for(situation) } else { row }
    }
}

/// What is different between two outcomes, in Korean, one difference a line.
pub fn differences(before: &Outcome, after: &Outcome) -> Vec<String> {
    let mut lines = actions(before.actions(), after.actions());
    if before.reply() != after.reply() {
        let word = |outcome: &Outcome| outcome.reply().unwrap_or("없음").to_owned();
        lines.push(format!("답변: {} ⇒ {}", word(before), word(after)));
    }
    let (old, new) = (before.hand_over(), after.hand_over());
    let team = |hand_over: Option<(Team, &str)>| {
        hand_over.map_or("없음(자동 처리)", |(team, _)| team.korean())
    };
    if team(old) != team(new) {
        lines.push(format!("담당: {} ⇒ {}", team(old), team(new)));
    }
    if let (Some((_, old)), Some((_, new))) = (old, new)
        && old != new
    {
        lines.push(format!("할 일: {new}"));
    }
    lines
}

fn actions(before: &[ParkingAction], after: &[ParkingAction]) -> Vec<String> {
    let missing = |from: &[ParkingAction], of: &[ParkingAction]| -> Vec<ParkingAction> {
        of.iter().filter(|action| !from.contains(action)).copied().collect()
    };
    let (added, dropped) = (missing(before, after), missing(after, before));
    let line = |word: &str, actions: &[ParkingAction]| {
        (!actions.is_empty()).then(|| format!("처리 {word}: {}", in_order(actions)))
    };
    let order = (added.is_empty() && dropped.is_empty() && before != after)
        .then(|| format!("처리 순서: {} ⇒ {}", in_order(before), in_order(after)));
    [line("추가", &added), line("제외", &dropped), order].into_iter().flatten().collect()
}
