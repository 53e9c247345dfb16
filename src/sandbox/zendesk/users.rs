//! Creates, changes and deletes users (facts §5.3).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;

use super::audit_log::AuditKind;
use super::change::Setting;
use super::profile::Profile;
use super::records::{Role, User};
use super::refusal::{Flaws, Refusal};
use super::state::State;

/// A request's data for a user. Absent keys stay unchanged.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UserInput {
    name: Option<String>,
    pub(super) email: Option<String>,
    role: Option<Role>,
    external_id: Setting<String>,
    verified: Option<bool>,
    suspended: Option<bool>,
    organization_id: Setting<i64>,
    locale_id: Option<i64>,
    phone: Setting<String>,
    details: Setting<String>,
    notes: Setting<String>,
    tags: Option<BTreeSet<String>>,
}

impl UserInput {
    fn write_on(self, user: &mut User) {
        let profile = &mut user.profile;
        if let Some(name) = self.name {
            name.trim().clone_into(&mut user.name);
        }
        if let Some(email) = self.email {
            user.email = email.trim().to_lowercase();
        }
        user.role = self.role.unwrap_or(user.role);
        user.verified = self.verified.unwrap_or(user.verified);
        profile.suspended = self.suspended.unwrap_or(profile.suspended);
        profile.locale_id = self.locale_id.unwrap_or(profile.locale_id);
        profile.tags = self.tags.unwrap_or_else(|| std::mem::take(&mut profile.tags));
        profile.organization_id = self.organization_id.applied(profile.organization_id);
        for (kept, said) in [
            (&mut user.external_id, self.external_id),
            (&mut profile.phone, self.phone),
            (&mut profile.details, self.details),
            (&mut profile.notes, self.notes),
        ] {
            *kept = said.applied(kept.take());
        }
    }
}

impl State {
    /// Creates a user: a customer, unless a role is given.
    pub(super) fn create_user(&mut self, input: UserInput, by: i64, now: Timestamp) -> Result<i64, Refusal> {
        let id = self.next_id();
        let user = User {
            id,
            name: String::new(),
            email: String::new(),
            role: Role::EndUser,
            external_id: None,
            verified: false,
            group_ids: BTreeSet::new(),
            profile: Profile { created_at: Some(now), ..Profile::default() },
        };
        self.keep_user(user, input, by, now)?;
        Ok(id)
    }

    pub(super) fn update_user(
        &mut self,
        id: i64,
        input: UserInput,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let user = self.users.get(&id).filter(|user| user.profile.active).ok_or(Refusal::NotFound)?.clone();
        self.keep_user(user, input, by, now)
    }

    /// The user with the external id or address, if there is one.
    pub(super) fn user_like(&self, input: &UserInput) -> Option<i64> {
        let wanted = input.external_id.applied(None);
        let mut active = self.users.values().filter(|user| user.profile.active);
        let found = active.find(|user| {
            let same_id = wanted
                .as_ref()
                .zip(user.external_id.as_ref())
                .is_some_and(|(a, b)| a.eq_ignore_ascii_case(b));
            let same_address =
                input.email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(&user.email));
            same_id || same_address
        });
        found.map(|user| user.id)
    }

    /// Deletes a user: they lose all access, but their tickets still name them.
    pub(super) fn delete_user(&mut self, id: i64, by: i64, now: Timestamp) -> Result<(), Refusal> {
        let user = self.users.get(&id).filter(|user| user.profile.active).ok_or(Refusal::NotFound)?;
        let mut user = user.clone();
        self.allow_user_change(user.role, by)?;
        user.profile.active = false;
        user.profile.updated_at = Some(now);
        let name = user.name.clone();
        self.users.insert(id, user);
        self.log(by, AuditKind::Destroy, ("user", id, &name), String::new(), now);
        Ok(())
    }

    /// Agents create and change customers; only admins create and change staff.
    fn allow_user_change(&self, role: Role, by: i64) -> Result<(), Refusal> {
        let admin = self.user(by)?.role == Role::Admin;
        if admin || !role.is_staff() { Ok(()) } else { Err(Refusal::Forbidden) }
    }

    fn keep_user(
        &mut self,
        mut user: User,
        input: UserInput,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let new = user.profile.updated_at.is_none();
        self.allow_user_change(user.role, by)?;
        input.write_on(&mut user);
        self.allow_user_change(user.role, by)?;
        let mut flaws = Flaws::default();
        if user.name.is_empty() {
            flaws.add("name", "Name: is too short (minimum is 1 characters)", "BlankValue");
        }
        let others = || self.users.values().filter(|other| other.id != user.id && other.profile.active);
        if !user.email.is_empty() && others().any(|other| other.email.eq_ignore_ascii_case(&user.email)) {
            let text = format!("Email: {} is already being used by another user", user.email);
            flaws.add("email", &text, "DuplicateValue");
        }
        if !user.email.is_empty() && !user.email.contains('@') {
            flaws.add("email", "Email: is not properly formatted", "InvalidValue");
        }
        if user.external_id.is_some() && others().any(|other| other.external_id == user.external_id) {
            flaws.add("external_id", "External: has already been taken", "DuplicateValue");
        }
        flaws.into_result()?;
        user.profile.updated_at = Some(now);
        let (id, name) = (user.id, user.name.clone());
        self.users.insert(id, user);
        let deed = if new { AuditKind::Create } else { AuditKind::Update };
        self.log(by, deed, ("user", id, &name), String::new(), now);
        Ok(())
    }
}
