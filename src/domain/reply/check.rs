//! The macros against the policy: what a row or the service itself sends must exist and must be sendable.

use super::{Audience, FaultyFile, Macro, Macros, names};
use crate::domain::policy::{Identity, Input, Outcome, Policy, Row, Status, TableName, Then};
use crate::domain::problem::Problem;
use crate::domain::ticket::TicketStatus;

type Found = (FaultyFile, Problem);

/// Every misfit, with the file that it is in.
pub(super) fn check(macros: &Macros, policy: &Policy) -> Vec<Found> {
    let mut found: Vec<Found> = policy.rows().flat_map(|row| of_row(macros, row)).collect();
    found.extend(names::MACROS.iter().filter_map(|(name, when)| own_macro(macros, name, when)));
    let missing = names::PARAGRAPHS.iter().filter(|name| !macros.paragraphs.contains_key(**name));
    found.extend(missing.map(|name| {
        let what = format!("the paragraph `{name}` does not exist: it answers what customers also ask");
        let problem =
            Problem::new(what).help("take it over from the shipped config/macros/ and change its words");
        (FaultyFile::Macro((*name).to_owned()), problem)
    }));
    found
}

/// What the service sends by itself, whoever reads it.
fn own_macro(macros: &Macros, name: &str, when: &str) -> Option<Found> {
    let problem = match macros.get(name) {
        None => Problem::new(format!("the macro `{name}` does not exist: {when}"))
            .help("take it over from the shipped config/macros/ and change its words"),
        Some(found) if found.wording.audience != Audience::Anyone => Problem::new(format!(
            "the macro `{name}` is for the established holder only: {when}, whoever wrote"
        ))
        .help("write `audience = \"anyone\"` and leave out every fact of the use"),
        Some(_) => return None,
    };
    Some((FaultyFile::Macro(name.to_owned()), problem))
}

fn of_row(macros: &Macros, row: &Row) -> Vec<Found> {
    let Some(reply) = row.reply() else {
        return Vec::new();
    };
    let Some(used) = macros.get(reply) else {
        let names = macros.macros.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let what = format!("row `{}` answers with the macro `{reply}`, which does not exist", row.id);
        let problem = Problem::at(row.then_at.clone(), what).help(format!("the macros are {names}"));
        return vec![(FaultyFile::Policy, problem)];
    };
    let mut problems = unknown_facts(row, used);
    problems.extend(disclosure(row, used));
    problems.extend(status(row, used));
    problems.into_iter().map(|problem| (FaultyFile::Macro(reply.to_owned()), problem)).collect()
}

/// Placeholders that are not known in every situation of the row.
fn unknown_facts(row: &Row, used: &Macro) -> Vec<Problem> {
    let unguarded = used.wording.uses.iter().filter(|place| !place.guarded);
    let problem = |place: &super::template::Use| {
        let missing = |status: &Status| row.allows(*status) && !place.placeholder.is_known_in(*status);
        let status = Status::ALL.iter().copied().find(missing)?;
        let path = place.placeholder.path();
        let what = format!(
            "`{path}` is not known in a situation of row `{}`, which uses this macro: {}: {}",
            row.id,
            Status::KOREAN,
            status.korean()
        );
        let help = format!("leave it out, or put it between `{{% if {path} %}}` and `{{% endif %}}`");
        Some(Problem::at(place.at.clone(), what).help(help))
    };
    unguarded.filter_map(problem).collect()
}

/// A row of the consultation that somebody other than the established holder reads must disclose nothing of the use (guide,
/// order of a consultation, 1).
fn disclosure(row: &Row, used: &Macro) -> Option<Problem> {
    let stranger = |identity: &Identity| *identity != Identity::Holder && row.allows(*identity);
    let read_by = Identity::ALL.iter().copied().find(stranger)?;
    let discloses = row.table == TableName::Consultation && used.wording.audience == Audience::Holder;
    discloses.then(|| {
        let what = format!(
            "row `{}` sends this macro where the writer is not the established holder: {}: {}",
            row.id,
            Identity::KOREAN,
            read_by.korean()
        );
        Problem::new(what).help("write `audience = \"anyone\"` and leave out every fact of the use, or name another macro in the row")
    })
}

/// A ticket that waits for the customer is pending, or nobody sees that it waits.
fn status(row: &Row, used: &Macro) -> Option<Problem> {
    let waits = matches!(&row.then, Then::Outcome(Outcome::Ask { .. } | Outcome::AwaitPayment { .. }));
    (waits && used.status != Some(TicketStatus::Pending)).then(|| {
        Problem::new(format!(
            "row `{}` waits for the customer, and this macro does not set the ticket to pending",
            row.id
        ))
        .help("write `status = \"pending\"` under `[actions]`")
    })
}
