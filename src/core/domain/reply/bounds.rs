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
        [("current_tags", "더하는데", &does.add_tags), ("remove_tags", "빼는데", &does.remove_tags)]
    {
        for tag in tags {
            if among(&bounds.own_tags, tag) {
                let what =
                    format!("`{action}`이(가) `{tag}` 태그를 {verb}, 서비스와 트리거만 다루는 태그입니다");
                problems.push(does.problem(action, what).help("이 태그를 빼세요"));
            } else if action == "remove_tags" && among(&bounds.start_tags, tag) {
                let what =
                    format!("`{action}`이(가) `{tag}` 태그를 빼는데, 본인 미사용 문의임을 아는 태그입니다");
                problems.push(does.problem(action, what).help("이 태그를 빼세요"));
            } else if action == "remove_tags" && among(&does.add_tags, tag) {
                let what = format!("매크로가 `{tag}` 태그를 더하면서 뺍니다");
                problems.push(does.problem(action, what).help("하나만 남기세요"));
            }
        }
    }
    problems
}

fn fields(found: &Macro, bounds: &Bounds) -> Vec<Problem> {
    let own = |id: &i64| {
        let name = bounds.fields.get(id)?;
        let action = field_action(*id);
        let what = format!("`{action}`이(가) 서비스가 직접 읽고 쓰는 {name} 필드를 바꿉니다");
        Some(found.does.problem(&action, what).help("이 필드는 서비스에 맡기세요"))
    };
    found.does.fields.keys().filter_map(own).collect()
}

/// A row that hands the ticket to a team determines the group.
fn group(row: &Row, found: &Macro, bounds: &Bounds) -> Option<Problem> {
    let Then::Outcome(Outcome::HandOver { team, .. }) = &row.then else { return None };
    let (wanted, set) = (bounds.groups.get(team), found.does.group_id?);
    (wanted != Some(&set)).then(|| {
        let what = format!(
            "행 `{}`은(는) {}으로 이관하는데, 이 매크로는 티켓을 그룹 {set}에 넣습니다",
            row.id,
            team.korean()
        );
        found.does.problem("group_id", what).help("`group_id`를 빼세요. 담당은 행이 정합니다")
    })
}
