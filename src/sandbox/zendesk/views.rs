//! The account's views: lists of tickets by conditions (facts §5.4).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::audit_log::AuditKind;
use super::macros::Restriction;
use super::nullable::Setting;
use super::records::{FakeTicket, User};
use super::refusal::{Flaws, Refusal};
use super::rules::{Conditions, RuleCondition};
use super::state::State;
use super::table::Table;

/// The columns that a view can show, beside custom fields by their ids.
const COLUMNS: [&str; 23] = [
    "assigned",
    "assignee",
    "due_date",
    "group",
    "nice_id",
    "updated",
    "updated_assignee",
    "updated_requester",
    "updated_by_type",
    "organization",
    "priority",
    "created",
    "requester",
    "locale_id",
    "satisfaction_score",
    "solved",
    "status",
    "description",
    "submitter",
    "ticket_form",
    "type",
    "brand",
    "custom_status_id",
];
/// Columns by which tickets are neither sorted nor grouped.
const UNSORTED: [&str; 3] = ["description", "submitter", "custom_status_id"];
const MOST_COLUMNS: usize = 10;
/// One of these must be among the conditions that all hold.
const REQUIRED: [&str; 5] = ["status", "type", "group_id", "assignee_id", "requester_id"];

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct View {
    pub id: i64,
    /// Its title for agents. Not unique.
    pub title: String,
    pub description: Option<String>,
    /// Inactive views are not shown.
    pub active: bool,
    /// The tickets that it shows.
    pub conditions: Conditions,
    /// What it shows of them.
    pub output: Output,
    /// Who may see it; all agents when absent.
    pub restriction: Option<Restriction>,
    /// Its position among the views.
    pub position: i64,
    /// Whole seconds.
    pub created_at: Timestamp,
    /// Whole seconds.
    pub updated_at: Timestamp,
}

/// The columns and the order of a view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Output {
    pub columns: Vec<String>,
    /// The column by which it is grouped.
    pub group_by: Option<String>,
    /// `asc` or `desc`.
    pub group_order: Option<String>,
    /// The column by which it is sorted.
    pub sort_by: Option<String>,
    /// `asc` or `desc`.
    pub sort_order: Option<String>,
}

/// A request's data for a view. Absent keys stay unchanged; `conditions` as a whole is no key of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ViewInput {
    title: Option<String>,
    description: Setting<String>,
    active: Option<bool>,
    all: Option<Vec<RuleCondition>>,
    any: Option<Vec<RuleCondition>>,
    output: Option<Output>,
    /// Null removes the restriction.
    restriction: Setting<Restriction>,
}

impl ViewInput {
    fn written_on(self, mut on: View) -> View {
        on.title = self.title.unwrap_or(on.title);
        on.description = self.description.applied(on.description);
        on.active = self.active.unwrap_or(on.active);
        on.conditions.all = self.all.unwrap_or(on.conditions.all);
        on.conditions.any = self.any.unwrap_or(on.conditions.any);
        on.output = self.output.unwrap_or(on.output);
        on.restriction = self.restriction.applied(on.restriction).map(Restriction::completed);
        on
    }
}

impl View {
    /// Its form in the API.
    pub(super) fn json(&self, base_url: &str) -> Value {
        let Output { columns, group_by, group_order, sort_by, sort_order } = &self.output;
        let columns: Vec<Value> = columns.iter().map(|id| json!({ "id": id, "title": id })).collect();
        json!({
            "url": format!("{base_url}/api/v2/views/{}.json", self.id), "id": self.id,
            "title": self.title, "raw_title": self.title, "active": self.active, "default": false,
            "updated_at": self.updated_at, "created_at": self.created_at, "position": self.position,
            "description": self.description, "conditions": self.conditions, "restriction": self.restriction,
            "execution": {
                "columns": columns, "group_by": group_by, "group_order": group_order, "sort_by": sort_by,
                "sort_order": sort_order,
            },
        })
    }
}

impl Table<View> {
    /// The view, if this user may see it.
    pub(super) fn seen_by(&self, user: &User, id: i64) -> Result<&View, Refusal> {
        let found = self.get(&id).ok_or(Refusal::NotFound)?;
        if Restriction::admits(found.restriction.as_ref(), user) {
            Ok(found)
        } else {
            Err(Refusal::Forbidden)
        }
    }
}

impl State {
    /// Creates a view. Agents may create only personal ones.
    pub(super) fn create_view(&mut self, input: ViewInput, by: i64, now: Timestamp) -> Result<i64, Refusal> {
        let id = self.next_id();
        let last = self.views.values().map(|known| known.position).max().unwrap_or(0);
        let fresh = View {
            id,
            title: String::new(),
            description: None,
            active: true,
            conditions: Conditions::default(),
            output: Output::default(),
            restriction: None,
            position: last + 1,
            created_at: now,
            updated_at: now,
        };
        self.keep_view(input.written_on(fresh), by, now)?;
        Ok(id)
    }

    /// Changes a view. A given list of conditions replaces that list (facts §5.4).
    pub(super) fn update_view(
        &mut self,
        id: i64,
        input: ViewInput,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let before = self.views.get(&id).ok_or(Refusal::NotFound)?.clone();
        if !Restriction::is_changed_by(before.restriction.as_ref(), self.user(by)?) {
            return Err(Refusal::Forbidden);
        }
        self.keep_view(input.written_on(before), by, now)
    }

    fn keep_view(&mut self, mut kept: View, by: i64, now: Timestamp) -> Result<(), Refusal> {
        if !Restriction::is_changed_by(kept.restriction.as_ref(), self.user(by)?) {
            return Err(Refusal::Forbidden);
        }
        self.check_view(&kept)?;
        let before = self.views.get(&kept.id);
        if before == Some(&kept) {
            return Ok(());
        }
        let kind = if before.is_some() { AuditKind::Update } else { AuditKind::Create };
        kept.updated_at = now;
        let (id, title) = (kept.id, kept.title.clone());
        self.views.insert(id, kept);
        self.log(by, kind, ("rule", id, &title), String::new(), now);
        Ok(())
    }

    /// Rejects a view without a title, without a condition that narrows it, and with what a view cannot have.
    fn check_view(&self, view: &View) -> Result<(), Refusal> {
        let mut flaws = Flaws::default();
        if view.title.trim().is_empty() {
            flaws.add("title", "Title: cannot be blank", "BlankValue");
        }
        let narrows = |condition: &RuleCondition| REQUIRED.contains(&condition.field.as_str());
        if !view.conditions.all.iter().any(narrows) {
            flaws.base(
                "View must test for at least one of the following ticket properties in the ALL conditions section: status, type, \
                 group, assignee, or requester",
            );
        }
        self.check_conditions_of_view(&view.conditions, &mut flaws);
        let Output { columns, group_by, sort_by, .. } = &view.output;
        let unknown = |column: &&String| {
            let is_field = column.parse().is_ok_and(|id: i64| self.fields.contains_key(&id));
            !COLUMNS.contains(&column.as_str()) && !is_field
        };
        if let Some(column) = columns.iter().chain(group_by).chain(sort_by).find(unknown) {
            flaws.base(&format!("Invalid column '{column}'"));
        }
        if group_by.iter().chain(sort_by).any(|column| UNSORTED.contains(&column.as_str())) {
            flaws.base("Invalid column to group or sort by");
        }
        if columns.len() > MOST_COLUMNS {
            flaws.base("Too many columns");
        }
        flaws.into_result()
    }

    /// The tickets in a view, oldest change first, as this user sees it.
    pub(super) fn tickets_in(&self, view: &View, user: i64) -> Vec<&FakeTicket> {
        let shown = |ticket: &&FakeTicket| self.is_in_view(&view.conditions, &ticket.fields, user);
        let mut found: Vec<&FakeTicket> = self.tickets.values().filter(shown).collect();
        found.sort_by_key(|ticket| (ticket.fields.updated_at, ticket.fields.id));
        found
    }
}
