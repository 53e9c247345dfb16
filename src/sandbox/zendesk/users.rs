//! Creates and changes users (facts §5.3).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;

use super::moments::ACCOUNT_OPENED;
use super::nullable::Setting;
use super::profile::Profile;
use super::records::{Role, User};
use super::refusal::{Flaws, Refusal};
use super::settings::{ADMIN_USER, SERVICE_USER};
use super::table::Table;

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

impl User {
    /// A customer of whom only this is known.
    fn blank(id: i64, name: &str, email: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            email: email.to_owned(),
            role: Role::EndUser,
            external_id: None,
            verified: false,
            group_ids: BTreeSet::new(),
            profile: Profile::default(),
        }
    }

    /// A customer whom a ticket names by address.
    pub(super) fn mailing(id: i64, email: &str, name: Option<&str>) -> Self {
        let before_the_at = email.split('@').next().unwrap_or(email);
        Self::blank(id, name.unwrap_or(before_the_at), email)
    }
}

impl Table<User> {
    /// The member of staff who acts as the service, and the one who sets the account up.
    pub(super) fn of_new_account() -> Self {
        let staff = |id, name, email, role| {
            let mut user = User { role, verified: true, ..User::blank(id, name, email) };
            user.profile.created_at = Some(ACCOUNT_OPENED);
            user.profile.updated_at = Some(ACCOUNT_OPENED);
            (id, user)
        };
        let service = staff(SERVICE_USER, "misread", "misread@sandbox.example", Role::Agent);
        let admin = staff(ADMIN_USER, "관리자", "admin@sandbox.example", Role::Admin);
        [service, admin].into_iter().collect()
    }

    /// The user with this address.
    pub(super) fn by_address(&self, email: &str) -> Option<&User> {
        self.values().find(|user| user.email.eq_ignore_ascii_case(email))
    }

    /// The user, if they are not deleted.
    pub(super) fn active(&self, id: i64) -> Result<&User, Refusal> {
        self.get(&id).filter(|user| user.profile.active).ok_or(Refusal::NotFound)
    }

    /// Creates a user: a customer, unless a role is given.
    pub(super) fn create(
        &mut self,
        id: i64,
        input: UserInput,
        by: Role,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut user = User::blank(id, "", "");
        user.profile.created_at = Some(now);
        self.keep(user, input, by, now)
    }

    pub(super) fn update(
        &mut self,
        id: i64,
        input: UserInput,
        by: Role,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.keep(self.active(id)?.clone(), input, by, now)
    }

    /// The user with the external id or address, if there is one.
    pub(super) fn like(&self, input: &UserInput) -> Option<i64> {
        let wanted = input.external_id.applied(None);
        let mut active = self.values().filter(|user| user.profile.active);
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

    fn keep(&mut self, mut user: User, input: UserInput, by: Role, now: Timestamp) -> Result<(), Refusal> {
        may_change(by, user.role)?;
        input.write_on(&mut user);
        may_change(by, user.role)?;
        let mut flaws = Flaws::default();
        if user.name.is_empty() {
            flaws.add("name", "Name: is too short (minimum is 1 characters)", "BlankValue");
        }
        let others = || self.values().filter(|other| other.id != user.id && other.profile.active);
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
        self.insert(user.id, user);
        Ok(())
    }
}

/// Agents create and change customers; only admins create and change staff.
fn may_change(by: Role, role: Role) -> Result<(), Refusal> {
    if by == Role::Admin || !role.is_staff() { Ok(()) } else { Err(Refusal::Forbidden) }
}
