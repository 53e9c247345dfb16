//! Groups of agents, and their members (facts §5.3).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::audit_log::AuditKind;
use super::refusal::{Flaws, Refusal};
use super::state::State;

/// A group of agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Zendesk's id.
    pub id: i64,
    /// Its name for agents.
    pub name: String,
    /// Its purpose.
    pub description: String,
    /// Deleted groups are still listed, but accept no tickets.
    pub deleted: bool,
    /// Private groups are visible to their own agents only; the fake shows all.
    pub is_public: bool,
    /// Absent until it is added to an account.
    pub created_at: Option<Timestamp>,
    /// Absent until it is added to an account.
    pub updated_at: Option<Timestamp>,
}

impl Group {
    /// A public group.
    pub fn new(id: i64, name: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            description: String::new(),
            deleted: false,
            is_public: true,
            created_at: None,
            updated_at: None,
        }
    }
}

/// A request's data for a group. Absent keys stay unchanged.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct GroupInput {
    name: Option<String>,
    description: Option<String>,
    is_public: Option<bool>,
}

/// The membership of an agent in a group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Membership {
    pub(super) user_id: i64,
    pub(super) group_id: i64,
    default: bool,
}

impl Membership {
    /// The same on every run, and as large as real ones.
    pub(super) fn id(&self) -> i64 {
        let digest = Sha256::digest(format!("membership {} {}", self.user_id, self.group_id));
        let tail = digest.iter().take(5).fold(0_i64, |sum, byte| sum * 256 + i64::from(*byte));
        6_136_000_000_000 + tail % 1_000_000_000
    }

    pub(super) fn json(&self, state: &State) -> Value {
        let id = self.id();
        let since = state.users.get(&self.user_id).and_then(|user| user.profile.created_at);
        json!({
            "url": format!("{}/api/v2/group_memberships/{id}.json", state.base_url), "id": id, "user_id": self.user_id,
            "group_id": self.group_id, "default": self.default, "created_at": since, "updated_at": since,
        })
    }
}

impl State {
    /// All memberships in groups that are not deleted. The first of each agent is their default one.
    pub(super) fn memberships(&self) -> Vec<Membership> {
        let of_user = |user: &super::records::User| {
            let here = user.group_ids.iter().filter(|id| self.has_group(**id)).copied().collect::<Vec<_>>();
            let user_id = user.id;
            here.into_iter().enumerate().map(move |(at, group_id)| Membership {
                user_id,
                group_id,
                default: at == 0,
            })
        };
        self.users.values().filter(|user| user.profile.active).flat_map(of_user).collect()
    }

    /// Whether this group accepts tickets.
    pub(super) fn has_group(&self, id: i64) -> bool {
        self.groups.get(&id).is_some_and(|group| !group.deleted)
    }

    pub(super) fn create_group(
        &mut self,
        input: GroupInput,
        by: i64,
        now: Timestamp,
    ) -> Result<i64, Refusal> {
        let id = self.next_id();
        let mut group = Group::new(id, "");
        group.created_at = Some(now);
        self.keep_group(group, input, by, now)?;
        Ok(id)
    }

    pub(super) fn update_group(
        &mut self,
        id: i64,
        input: GroupInput,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let group = self.groups.get(&id).filter(|group| !group.deleted).ok_or(Refusal::NotFound)?.clone();
        self.keep_group(group, input, by, now)
    }

    /// Marks a group as deleted and removes its members.
    pub(super) fn delete_group(&mut self, id: i64, by: i64, now: Timestamp) -> Result<(), Refusal> {
        let group = self.groups.get_mut(&id).filter(|group| !group.deleted).ok_or(Refusal::NotFound)?;
        group.deleted = true;
        group.updated_at = Some(now);
        let name = group.name.clone();
        self.log(by, AuditKind::Destroy, ("group", id, &name), String::new(), now);
        Ok(())
    }

    fn keep_group(
        &mut self,
        mut group: Group,
        input: GroupInput,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let deed = if group.updated_at.is_none() { AuditKind::Create } else { AuditKind::Update };
        group.name = input.name.unwrap_or(group.name);
        group.description = input.description.unwrap_or(group.description);
        group.is_public = input.is_public.unwrap_or(group.is_public);
        group.updated_at = Some(now);
        if group.name.trim().is_empty() {
            return Err(Flaws::only("name", "Name: cannot be blank", "BlankValue"));
        }
        let taken = |other: &Group| other.id != group.id && !other.deleted && other.name == group.name;
        if self.groups.values().any(taken) {
            return Err(Flaws::only("name", "Name: has already been taken", "DuplicateValue"));
        }
        let (id, name) = (group.id, group.name.clone());
        self.groups.insert(id, group);
        self.log(by, deed, ("group", id, &name), String::new(), now);
        Ok(())
    }
}
