//! `/groups` and `/group_memberships` (facts §5.3).

use axum::extract::{Path, Query, State};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::IdPath;
use super::body::flag;
use super::paging::Parameters;
use super::resource::{Resource, create, delete, list, page, page_at, show, update};
use super::sorting::by_text;
use crate::zendesk::audit_log::AuditKind;
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::groups::{Group, GroupInput, Membership};
use crate::zendesk::refusal::{Flaws, Refusal};
use crate::zendesk::state::State as Account;
use crate::zendesk::wire;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/groups", get(list::<Group>).post(create::<Group>))
        .route("/api/v2/groups/assignable", get(assignable))
        .route("/api/v2/groups/{id}", get(show::<Group>).put(update::<Group>).delete(delete::<Group>))
        .route("/api/v2/groups/{id}/memberships", get(of_group))
        .route("/api/v2/users/{id}/groups", get(of_user))
        .route("/api/v2/group_memberships", get(list::<Membership>).post(create::<Membership>))
}

type Answer = Result<Json<Value>, Refusal>;

impl Resource for Group {
    const PATH: &'static str = "groups";
    const NAMES: (&'static str, &'static str) = ("group", "groups");
    type Id = i64;
    type Input = GroupInput;

    /// In alphabetical order, including deleted ones unless `exclude_deleted` is given.
    fn list(account: &Account, query: &Parameters, _caller: Caller) -> Result<Value, Refusal> {
        let deleted = flag(query, "exclude_deleted") != Some(true);
        groups(account, Self::PATH, query, |group| deleted || !group.deleted)
    }

    fn show(account: &Account, id: &i64, _caller: Caller) -> Result<Value, Refusal> {
        let group = account.groups.get(id).ok_or(Refusal::NotFound)?;
        Ok(wire::group(account, group))
    }

    fn create(account: &mut Account, input: GroupInput, by: Caller, now: Timestamp) -> Result<i64, Refusal> {
        let id = account.next_id();
        account.groups.create(id, input, now)?;
        log(account, AuditKind::Create, id, by, now);
        Ok(id)
    }

    fn update(
        account: &mut Account,
        id: &i64,
        input: GroupInput,
        by: Caller,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        account.groups.update(*id, input, now)?;
        log(account, AuditKind::Update, *id, by, now);
        Ok(())
    }

    fn delete(account: &mut Account, id: &i64, by: Caller, now: Timestamp) -> Result<(), Refusal> {
        account.groups.delete(*id, now)?;
        log(account, AuditKind::Destroy, *id, by, now);
        Ok(())
    }
}

fn log(account: &mut Account, kind: AuditKind, id: i64, by: Caller, now: Timestamp) {
    let name = account.groups[&id].name.clone();
    account.log(by.user_id, kind, ("group", id, &name), String::new(), now);
}

fn groups(
    account: &Account,
    path: &str,
    query: &Parameters,
    wanted: impl Fn(&Group) -> bool,
) -> Result<Value, Refusal> {
    let groups = account.groups.values().filter(|group| wanted(group));
    let items = groups.map(|group| (by_text(&group.name, group.id), group)).collect();
    page_at(account, path, "groups", query, items, |group| wire::group(account, group))
}

async fn assignable(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    groups(&zendesk.lock(), "groups/assignable", &query, |group| !group.deleted).map(Json)
}

async fn of_user(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: IdPath,
    Query(query): Query<Parameters>,
) -> Answer {
    let Path(id) = path?;
    let account = zendesk.lock();
    let theirs = &account.user(id)?.group_ids;
    let wanted = |group: &Group| !group.deleted && theirs.contains(&group.id);
    groups(&account, &format!("users/{id}/groups"), &query, wanted).map(Json)
}

/// The ids of an agent and of a group that they join.
#[derive(Debug, Deserialize)]
pub(super) struct Joining {
    user_id: i64,
    group_id: i64,
}

impl Resource for Membership {
    const PATH: &'static str = "group_memberships";
    const NAMES: (&'static str, &'static str) = ("group_membership", "group_memberships");
    type Id = i64;
    type Input = Joining;

    fn list(account: &Account, query: &Parameters, _caller: Caller) -> Result<Value, Refusal> {
        let all = account.groups.memberships(&account.users).into_iter();
        page::<Self, _, _>(account, query, all.map(|one| (one.id(), one)).collect(), |one| {
            wire::membership(account, one)
        })
    }

    fn show(account: &Account, id: &i64, _caller: Caller) -> Result<Value, Refusal> {
        let mut all = account.groups.memberships(&account.users).into_iter();
        let found = all.find(|one| one.id() == *id).ok_or(Refusal::NotFound)?;
        Ok(wire::membership(account, found))
    }

    fn create(account: &mut Account, input: Joining, _: Caller, _: Timestamp) -> Result<i64, Refusal> {
        let Joining { user_id, group_id } = input;
        let there = account.groups.takes_tickets(group_id);
        let user = account.users.get_mut(&user_id).filter(|user| user.role.is_staff() && there);
        let user = user.ok_or_else(|| Flaws::only("user_id", "User: is invalid", "InvalidValue"))?;
        if !user.group_ids.insert(group_id) {
            return Err(Flaws::only("user_id", "User: has already been taken", "DuplicateValue"));
        }
        Ok(Membership::id_of(user_id, group_id))
    }
}

async fn of_group(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: IdPath,
    Query(query): Query<Parameters>,
) -> Answer {
    let Path(id) = path?;
    let account = zendesk.lock();
    if !account.groups.takes_tickets(id) {
        return Err(Refusal::NotFound);
    }
    let all = account.groups.memberships(&account.users).into_iter().filter(|one| one.group_id == id);
    let items = all.map(|one| (one.id(), one)).collect();
    let (path, name) = (format!("groups/{id}/memberships"), Membership::NAMES.1);
    page_at(&account, &path, name, &query, items, |one| wire::membership(&account, one)).map(Json)
}
