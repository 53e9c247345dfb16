//! Compares two policies: evaluates every situation in both.

use super::decision::in_order;
use super::table::Declared;
use super::{Combination, Condition, Outcome, Policy, Row, Team, Then, Trust, Word};
use crate::domain::parking::ParkingAction;

/// Situations decided by one row in the old policy and by another in the new one, with another outcome.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// The old policy's row.
    pub before: &'a Row,
    /// The new policy's row.
    pub after: &'a Row,
    /// The trust of both rows, the old one first.
    pub trust: (Trust, Trust),
    /// All combinations of inputs that are decided otherwise now.
    pub situations: Vec<Combination>,
}

impl Change<'_> {
    /// The differences in Korean, one per line.
    pub fn differences(&self) -> Vec<String> {
        let (before, after) = self.trust;
        differences((self.before.outcome(), before), (self.after.outcome(), after))
    }

    /// The same situations in fewer lines: lines that differ in one input are merged, and an input with all its values is
    /// omitted.
    pub fn in_short(&self, policy: &Policy) -> Vec<Vec<Condition>> {
        let declared = [&policy.consultation.inputs[..], &policy.decision.inputs[..]].concat();
        merged(&self.situations, &declared)
    }
}

/// Situations in fewer lines: lines that differ in one input are merged, and an input with all its declared values is
/// omitted.
pub(super) fn merged(situations: &[Combination], declared: &[Declared]) -> Vec<Vec<Condition>> {
    let alone = |(input, value): &(Word, Word)| Condition { input: *input, values: vec![*value] };
    let mut lines: Vec<Vec<Condition>> =
        situations.iter().map(|situation| situation.pairs().iter().map(alone).collect()).collect();
    let longest = lines.iter().map(Vec::len).max().unwrap_or(0);
    for place in (0..longest).rev() {
        lines = side_by_side(lines, place);
    }
    let says_something = |condition: &Condition| {
        let all = |declared: &Declared| {
            declared.input == condition.input && declared.values.len() == condition.values.len()
        };
        !declared.iter().any(all)
    };
    for line in &mut lines {
        line.retain(says_something);
    }
    lines
}

/// Merges lines that differ only in the values at `place`.
fn side_by_side(lines: Vec<Vec<Condition>>, place: usize) -> Vec<Vec<Condition>> {
    let mut joined: Vec<Vec<Condition>> = Vec::new();
    for line in lines {
        let Some(here) = line.get(place) else {
            joined.push(line);
            continue;
        };
        let fits = |known: &&mut Vec<Condition>| {
            known.len() == line.len()
                && known[..place] == line[..place]
                && known[place + 1..] == line[place + 1..]
        };
        match joined.iter_mut().find(fits) {
            Some(known) => known[place].values.extend(&here.values),
            None => joined.push(line),
        }
    }
    joined
}

/// All situations with a changed outcome, grouped by old and new row, in the order of the tables.
pub fn compare<'a>(old: &'a Policy, new: &'a Policy) -> Vec<Change<'a>> {
    let mut changes: Vec<Change<'a>> = Vec::new();
    for situation in situations(old, new) {
        let ((before, old_trust), (after, new_trust)) = (old.row_in(&situation), new.row_in(&situation));
        let trust = (old_trust, new_trust);
        if before.then == after.then && old_trust == new_trust {
            continue;
        }
        let known = changes.iter_mut().find(|change| {
            change.before.id == before.id && change.after.id == after.id && change.trust == trust
        });
        match known {
            Some(change) => change.situations.push(situation),
            None => changes.push(Change { before, after, trust, situations: vec![situation] }),
        }
    }
    changes
}

/// All situations that at least one of the policies distinguishes.
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
    /// The row with the outcome for a situation of both tables, and its trust.
    fn row_in(&self, situation: &Combination) -> (&Row, Trust) {
        let gate = self.consultation.row_for(situation);
        if gate.then != Then::Decide {
            return (gate, gate.trust);
        }
        let row = self.decision.row_for(situation);
        (row, gate.trust.min(row.trust))
    }
}

/// The differences between two outcomes in Korean, one per line.
pub fn differences(
    (before, old_trust): (&Outcome, Trust),
    (after, new_trust): (&Outcome, Trust),
) -> Vec<String> {
    let mut lines = actions(before.actions(), after.actions());
    if before.questions() != after.questions() {
        let asked = |outcome: &Outcome| match outcome.questions() {
            [] => "없음".to_owned(),
            asked => asked.iter().map(|question| question.korean()).collect::<Vec<_>>().join(", "),
        };
        lines.push(format!("질문: {} ⇒ {}", asked(before), asked(after)));
    }
    let waits = |outcome: &Outcome| matches!(outcome, Outcome::AwaitPayment { .. });
    if waits(before) != waits(after) {
        let word = |waits: bool| if waits { "기다림" } else { "기다리지 않음" };
        lines.push(format!("고객의 결제: {} ⇒ {}", word(waits(before)), word(waits(after))));
    }
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
    if old_trust != new_trust {
        lines.push(format!("신뢰 단계: {} ⇒ {}", old_trust.korean(), new_trust.korean()));
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
