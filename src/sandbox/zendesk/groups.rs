//! Groups of agents, and their members (facts §5.3).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::records::User;
use super::refusal::{Flaws, Refusal};
use super::table::Table;

/// A group of agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    pub id: i64,
    /// Its name for agents.
    pub name: String,
    /// Empty if none was given.
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
    /// A public group without a description, not yet in an account.
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
    pub(super) fn id(&self) -> i64 {
        Self::id_of(self.user_id, self.group_id)
    }

    /// The same on every run, and as large as real ones.
    pub(super) fn id_of(user_id: i64, group_id: i64) -> i64 {
        let digest = Sha256::digest(format!("membership {user_id} {group_id}"));
        let tail = digest.iter().take(5).fold(0_i64, |sum, byte| sum * 256 + i64::from(*byte));
        6_136_000_000_000 + tail % 1_000_000_000
    }

    pub(super) fn json(&self, base_url: &str, since: Option<Timestamp>) -> Value {
        let id = self.id();
        json!({
            "url": format!("{base_url}/api/v2/group_memberships/{id}.json"), "id": id, "user_id": self.user_id,
            "group_id": self.group_id, "default": self.default, "created_at": since, "updated_at": since,
        })
    }
}

impl Table<Group> {
    /// All memberships in groups that are not deleted. The first of each agent is their default one.
    pub(super) fn memberships(&self, users: &Table<User>) -> Vec<Membership> {
        let of_user = |user: &User| {
            let here =
                user.group_ids.iter().filter(|id| self.takes_tickets(**id)).copied().collect::<Vec<_>>();
            let user_id = user.id;
            here.into_iter().enumerate().map(move |(at, group_id)| Membership {
                user_id,
                group_id,
                default: at == 0,
            })
        };
        users.values().filter(|user| user.profile.active).flat_map(of_user).collect()
    }

    /// Whether there is this group, and it accepts tickets.
    pub(super) fn takes_tickets(&self, id: i64) -> bool {
        self.get(&id).is_some_and(|group| !group.deleted)
    }

    pub(super) fn create(&mut self, id: i64, input: GroupInput, now: Timestamp) -> Result<(), Refusal> {
        self.keep(Group { created_at: Some(now), ..Group::new(id, "") }, input, now)
    }

    pub(super) fn update(&mut self, id: i64, input: GroupInput, now: Timestamp) -> Result<(), Refusal> {
        let group = self.get(&id).filter(|group| !group.deleted).ok_or(Refusal::NotFound)?.clone();
        self.keep(group, input, now)
    }

    /// Marks a group as deleted.
    pub(super) fn delete(&mut self, id: i64, now: Timestamp) -> Result<(), Refusal> {
        let group = self.get_mut(&id).filter(|group| !group.deleted).ok_or(Refusal::NotFound)?;
        group.deleted = true;
        group.updated_at = Some(now);
        Ok(())
    }

    fn keep(&mut self, mut group: Group, input: GroupInput, now: Timestamp) -> Result<(), Refusal> {
        group.name = input.name.unwrap_or(group.name);
        group.description = input.description.unwrap_or(group.description);
        group.is_public = input.is_public.unwrap_or(group.is_public);
        group.updated_at = Some(now);
        if group.name.trim().is_empty() {
            return Err(Flaws::only("name", "Name: cannot be blank", "BlankValue"));
        }
        let taken = |other: &Group| other.id != group.id && !other.deleted && other.name == group.name;
        if self.values().any(taken) {
            return Err(Flaws::only("name", "Name: has already been taken", "DuplicateValue"));
        }
        self.insert(group.id, group);
        Ok(())
    }
}
