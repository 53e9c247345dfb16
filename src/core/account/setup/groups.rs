//! The groups that take tickets over: looked up by the settings' ids, or by name.

use serde_json::json;

use super::{Account, Group, Item, Kind, Step, Wanted, by_hand, good, missing};
use crate::domain::policy::Team;

/// The look-up result for a team's group.
pub(super) enum Match<'a> {
    One(&'a Group),
    None,
    Several(Vec<i64>),
    /// The settings name a group that does not exist.
    Gone(i64),
}

pub(super) fn find(team: Team, number: Option<i64>, account: &Account) -> Match<'_> {
    let mut there = account.groups.known().iter().filter(|group| !group.deleted);
    if let Some(id) = number {
        return there.find(|group| group.id == id).map_or(Match::Gone(id), Match::One);
    }
    let named: Vec<&Group> = there.filter(|group| group.name.trim() == team.korean()).collect();
    match named.as_slice() {
        [] => Match::None,
        [group] => Match::One(group),
        several => Match::Several(several.iter().map(|group| group.id).collect()),
    }
}

pub(super) fn items(wanted: &Wanted, account: &Account) -> Vec<Item> {
    if !account.groups.is_read() {
        return Vec::new();
    }
    let groups = wanted.groups.iter().map(|(team, number)| item(*team, *number, account));
    let members =
        wanted.groups.iter().filter_map(|(team, number)| membership(wanted, *team, *number, account));
    groups.chain(members).collect()
}

/// An agent who may only see tickets of their groups must be in every one. `None`: the group, or the memberships of the
/// agent, are not known yet.
fn membership(wanted: &Wanted, team: Team, number: Option<i64>, account: &Account) -> Option<Item> {
    if !account.memberships.is_read() {
        return None;
    }
    let what = format!("the service's user in group {}", team.korean());
    match find(team, number, account) {
        Match::One(group) if account.memberships.known().contains(&group.id) => {
            Some(good(what, format!("#{}", wanted.service_user)))
        }
        Match::One(group) => {
            let body = json!({ "user_id": wanted.service_user, "group_id": group.id });
            Some(missing(what, Vec::new(), Some(Step::Create { kind: Kind::Membership, body, or: None })))
        }
        Match::None => Some(missing(what, Vec::new(), None)),
        Match::Several(_) | Match::Gone(_) => None,
    }
}

fn item(team: Team, number: Option<i64>, account: &Account) -> Item {
    let what = format!("group {}", team.korean());
    let setting = format!("zendesk.groups.{}", key(team));
    match find(team, number, account) {
        Match::One(group) if group.name == team.korean() => good(what, format!("#{}", group.id)),
        Match::One(group) => good(what, format!("#{}, named {}", group.id, group.name)),
        Match::None => {
            let step = Step::Create { kind: Kind::Group, body: json!({ "name": team.korean() }), or: None };
            missing(what, Vec::new(), Some(step))
        }
        Match::Several(ids) => by_hand(
            what,
            format!("there are several of this name: {}", super::fields::list(&ids)),
            format!("write the number of the right one as `{setting}` into misread.toml"),
        ),
        Match::Gone(id) => by_hand(
            what,
            format!("the settings name #{id}, and there is no such group, or it was deleted"),
            format!(
                "correct `{setting}` in misread.toml, or take the line out: then the group is looked for by name"
            ),
        ),
    }
}

/// The setting of a team's group.
pub(super) fn key(team: Team) -> &'static str {
    match team {
        Team::Agents => "agents",
        Team::AirportDesk => "airport_desk",
        Team::LotContact => "lot_contact",
        Team::Compensation => "compensation",
    }
}
