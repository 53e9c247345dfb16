//! What macros must not change: the service's own tags and fields, and the policy's routing.

use std::collections::BTreeMap;

use super::actions::field_action;
use super::{FaultyFile, Macro, Macros};
use crate::domain::policy::{Outcome, Policy, Row, Team, Then};
use crate::domain::problem::Problem;
use crate::domain::ticket::TicketStatus;

/// What macros must not change, from the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Tags that only the service and its triggers set and remove.
    pub own_tags: Vec<String>,
    /// Tags by which our tickets are recognised: no macro removes them.
    pub start_tags: Vec<String>,
    /// Ticket fields that the service itself reads or sets, with their names.
    pub fields: BTreeMap<i64, &'static str>,
    /// The group of each team, as far as configured.
    pub groups: BTreeMap<Team, i64>,
    /// The account's custom statuses with their categories.
    pub statuses: BTreeMap<i64, TicketStatus>,
}

/// All macros that break a bound, with the place.
pub(super) fn check(macros: &Macros, policy: &Policy, bounds: &Bounds) -> Vec<(FaultyFile, Problem)> {
    let own = macros.iter().flat_map(|(name, found)| {
        let problems = tags(found, bounds).into_iter().chain(fields(found, bounds));
        problems.map(|problem| (name.to_owned(), problem)).collect::<Vec<_>>()
    });
    let of_rows = policy.rows().filter_map(|row| {
        let name = row.reply()?;
        Some((name.to_owned(), group(row, macros.get(name)?, bounds)?))
    });
    own.chain(of_rows).map(|(name, problem)| (FaultyFile::Macro(name), problem)).collect()
}

fn tags(found: &Macro, bounds: &Bounds) -> Vec<Problem> {
    let does = &found.does;
    let among = |tags: &[String], tag: &str| tags.iter().any(|own| own.to_lowercase() == tag.to_lowercase());
    let mut problems = Vec::new();
    for (action, verb, tags) in
        [("current_tags", "adds", &does.add_tags), ("remove_tags", "removes", &does.remove_tags)]
    {
        for tag in tags {
            if among(&bounds.own_tags, tag) {
                let what = format!(
                    "`{action}` {verb} `{tag}`, which only the service and its triggers set and remove"
                );
                problems.push(does.problem(action, what).help("leave this tag out"));
            } else if action == "remove_tags" && among(&bounds.start_tags, tag) {
                let what = format!("`{action}` removes `{tag}`, by which the ticket is known to be ours");
                problems.push(does.problem(action, what).help("leave this tag out"));
            } else if action == "remove_tags" && among(&does.add_tags, tag) {
                let what = format!("the macro both adds and removes the tag `{tag}`");
                problems.push(does.problem(action, what).help("keep one of them"));
            }
        }
    }
    problems
}

fn fields(found: &Macro, bounds: &Bounds) -> Vec<Problem> {
    let own = |id: &i64| {
        let name = bounds.fields.get(id)?;
        let action = field_action(*id);
        let what = format!("`{action}` sets the field {name}, which the service itself reads or sets");
        Some(found.does.problem(&action, what).help("leave this field to the service"))
    };
    found.does.fields.keys().filter_map(own).collect()
}

/// A row that hands the ticket to a team determines the group.
fn group(row: &Row, found: &Macro, bounds: &Bounds) -> Option<Problem> {
    let Then::Outcome(Outcome::HandOver { team, .. }) = &row.then else { return None };
    let (wanted, set) = (bounds.groups.get(team), found.does.group_id?);
    (wanted != Some(&set)).then(|| {
        let what = format!(
            "row `{}` hands the ticket to {}, and this macro puts it into the group {set}",
            row.id,
            team.korean()
        );
        found.does.problem("group_id", what).help("leave `group_id` out: the row names the team")
    })
}
