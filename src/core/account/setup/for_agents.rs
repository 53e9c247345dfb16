//! The macros and views for agents, and how they are found, compared and mended.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::{
    Account, Difference, Item, Kind, Listing, Step, Verdict, Wanted, by_hand, good, groups, is_marked,
    marker, missing, same,
};
use crate::account::for_agents::{Rule, WantedRule, output, wanted as wanted_rules};
use crate::domain::policy::Team;
use crate::domain::rule::{Conditions, RuleAction};

/// Stands for the id of the group 공항 담당 until it is known.
const NOT_YET: &str = "(공항 담당)";
/// The beginnings of the markers of macros and views.
const MARKERS: [&str; 2] = ["[misread:macro:", "[misread:view:"];

/// A macro or a view of the account.
#[derive(Clone, Copy)]
struct There<'a> {
    id: i64,
    title: &'a str,
    description: Option<&'a str>,
    active: bool,
    restriction: Option<&'a Value>,
    conditions: Option<&'a Conditions>,
    actions: &'a [RuleAction],
}

impl There<'_> {
    /// Whether only one agent sees it.
    fn is_personal(&self) -> bool {
        self.restriction.is_some_and(|restriction| restriction["type"] == "User")
    }
}

/// The account's macros or views; `is_whole`: one that is not among them does not exist.
struct Shelf<'a> {
    kind: Kind,
    all: Vec<There<'a>>,
    is_whole: bool,
}

pub(super) fn items(wanted: &Wanted, account: &Account) -> Vec<Item> {
    let number = wanted.groups.iter().find(|(team, _)| *team == Team::AirportDesk).and_then(|(_, id)| *id);
    let group = match groups::find(Team::AirportDesk, number, account) {
        groups::Match::One(group) => Some(group.id.to_string()),
        groups::Match::None | groups::Match::Several(_) | groups::Match::Gone(_) => None,
    };
    let rules = wanted_rules(&wanted.marks, group.as_deref().unwrap_or(NOT_YET));
    let shelves = [macros(account), views(account)];
    let mut items = Vec::new();
    for rule in &rules {
        let kind = if matches!(rule.rule, Rule::Macro(_)) { Kind::Macro } else { Kind::View };
        let shelf = shelves.iter().flatten().find(|shelf| shelf.kind == kind);
        items.extend(shelf.map(|shelf| item(rule, shelf, group.is_some())));
    }
    items.extend(shelves.iter().flatten().flat_map(|shelf| no_longer_wanted(&rules, shelf)));
    items
}

/// `None`: the macros were not read.
fn macros(account: &Account) -> Option<Shelf<'_>> {
    let all = account.macros.known().iter().map(|one| There {
        id: one.id,
        title: &one.title,
        description: one.description.as_deref(),
        active: one.active,
        restriction: one.restriction.as_ref(),
        conditions: None,
        actions: &one.actions,
    });
    shelf(Kind::Macro, &account.macros, all.collect())
}

/// `None`: the views were not read.
fn views(account: &Account) -> Option<Shelf<'_>> {
    let all = account.views.known().iter().map(|one| There {
        id: one.id,
        title: &one.title,
        description: one.description.as_deref(),
        active: one.active,
        restriction: one.restriction.as_ref(),
        conditions: Some(&one.conditions),
        actions: &[],
    });
    shelf(Kind::View, &account.views, all.collect())
}

fn shelf<'a, T>(kind: Kind, list: &Listing<T>, all: Vec<There<'a>>) -> Option<Shelf<'a>> {
    match list {
        Listing::Read(_) => Some(Shelf { kind, all, is_whole: true }),
        Listing::Visible(_) => Some(Shelf { kind, all, is_whole: false }),
        Listing::NotAsked | Listing::Unread => None,
    }
}

fn item(rule: &WantedRule, shelf: &Shelf<'_>, group_is_known: bool) -> Item {
    let what = format!("{} {}", word(shelf.kind), rule.title);
    let needs_group = names_group(rule) && !group_is_known;
    match find(rule, shelf) {
        Some(_) if needs_group => Item::not_looked(what, "the group 공항 담당 is not known"),
        Some(there) => compared(rule, there, shelf.kind, what),
        None if !shelf.is_whole => {
            Item::not_looked(what, "the service's user does not see it; an admin's credentials would tell")
        }
        None => {
            let lines = same::lines(&conditions(rule), actions(rule));
            let step = Step::Create { kind: shelf.kind, body: new_body(rule), or: None };
            missing(what, lines, (!needs_group).then_some(step))
        }
    }
}

/// The object with the marker, an active one before an inactive copy; otherwise one that people share under our title.
fn find<'a>(rule: &WantedRule, shelf: &Shelf<'a>) -> Option<There<'a>> {
    let all = || shelf.all.iter().copied();
    let is_ours = |there: &There<'_>| is_marked(there.description, rule.role);
    let in_use = all().filter(is_ours).find(|there| there.active);
    let titled = || all().find(|there| there.title.trim() == rule.title && !there.is_personal());
    in_use.or_else(|| all().find(is_ours)).or_else(titled)
}

fn compared(rule: &WantedRule, there: There<'_>, kind: Kind, what: String) -> Item {
    let is_ours = is_marked(there.description, rule.role);
    let mut body = Map::new();
    let mut differences = Vec::new();
    let mut part = |part: &str, is: &str, should_be: &str| {
        let (is, should_be) = (Some(is.to_owned()), Some(should_be.to_owned()));
        differences.push(Difference { part: part.to_owned(), is, should_be });
    };
    if !there.active {
        part("active", "false", "true");
        body.insert("active".to_owned(), json!(true));
    }
    if there.is_personal() {
        part("restriction", "one agent", "none");
        body.insert("restriction".to_owned(), Value::Null);
    }
    let none = Conditions::default();
    let is = (there.conditions.unwrap_or(&none), there.actions);
    let rules = same::rule_differences(is, (&conditions(rule), actions(rule)), false);
    if !rules.is_empty() {
        body.extend(content(rule));
    }
    differences.extend(rules);
    if differences.is_empty() {
        let whose = if is_ours { "" } else { ", made by hand" };
        let confined = if there.restriction.is_some() { ", for some groups" } else { "" };
        return good(what, format!("#{}{confined}{whose}", there.id));
    }
    if !is_ours {
        let parts = differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        return by_hand(
            what,
            format!("#{} has this title, was made by hand and differs: {parts}", there.id),
            format!(
                "give it another title in the Admin Centre and apply again, or write {} into its description: then it is ours to correct",
                marker(rule.role)
            ),
        );
    }
    let step = Step::Change { kind, id: there.id.to_string(), body: Value::Object(body), or: None };
    Item { what, verdict: Verdict::Differs { differences }, step: Some(step) }
}

/// Objects of ours that this version no longer wants are switched off, never deleted.
fn no_longer_wanted(rules: &[WantedRule], shelf: &Shelf<'_>) -> Vec<Item> {
    let known: Vec<String> = rules.iter().map(|rule| marker(rule.role)).collect();
    let is_old = |there: &&There<'_>| {
        let description = there.description.unwrap_or_default();
        let is_marked = MARKERS.iter().any(|marker| description.contains(marker));
        there.active && is_marked && !known.iter().any(|marker| description.contains(marker.as_str()))
    };
    let switch_off = |there: &There<'_>| {
        let (is, should_be) = (Some("true".to_owned()), Some("false".to_owned()));
        let differences = vec![Difference { part: "active".to_owned(), is, should_be }];
        let (id, body) = (there.id.to_string(), json!({ "active": false }));
        Item {
            what: format!("{} {}, which is no longer wanted", word(shelf.kind), there.title),
            verdict: Verdict::Differs { differences },
            step: Some(Step::Change { kind: shelf.kind, id, body, or: None }),
        }
    };
    shelf.all.iter().filter(is_old).map(switch_off).collect()
}

fn new_body(rule: &WantedRule) -> Value {
    let mut body = content(rule);
    body.insert("title".to_owned(), json!(rule.title));
    body.insert("description".to_owned(), json!(format!("{} {}", rule.purpose, marker(rule.role))));
    body.insert("active".to_owned(), json!(true));
    if matches!(rule.rule, Rule::View(_)) {
        body.insert("output".to_owned(), output());
    }
    Value::Object(body)
}

/// The parts of a request that say what it does. A view's conditions are sent without the key under which they are shown, and
/// an update of one list replaces that list (facts §5.4).
fn content(rule: &WantedRule) -> Map<String, Value> {
    let parts = match &rule.rule {
        Rule::Macro(actions) => vec![("actions", json!(actions))],
        Rule::View(conditions) => vec![("all", json!(conditions.all)), ("any", json!(conditions.any))],
    };
    parts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn conditions(rule: &WantedRule) -> Cow<'_, Conditions> {
    match &rule.rule {
        Rule::Macro(_) => Cow::Owned(Conditions::default()),
        Rule::View(conditions) => Cow::Borrowed(conditions),
    }
}

fn actions(rule: &WantedRule) -> &[RuleAction] {
    match &rule.rule {
        Rule::Macro(actions) => actions,
        Rule::View(_) => &[],
    }
}

fn names_group(rule: &WantedRule) -> bool {
    conditions(rule).all.iter().any(|condition| condition.field == "group_id")
}

fn word(kind: Kind) -> &'static str {
    if kind == Kind::Macro { "macro" } else { "view" }
}
