//! The ids of fields and groups that the settings must contain.

use super::{Account, FieldRole, Wanted, fields, groups};
use crate::domain::policy::Team;

/// The ids of the fields and groups; missing and ambiguous ones are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Numbers {
    pub fields: Vec<(FieldRole, i64)>,
    pub groups: Vec<(Team, i64)>,
}

/// The ids in this account.
pub fn numbers(wanted: &Wanted, account: &Account) -> Numbers {
    let field = |(role, number): &(FieldRole, Option<i64>)| match fields::find(*role, *number, account) {
        fields::Match::One(field) => Some((*role, field.id)),
        _ => None,
    };
    let group = |(team, number): &(Team, Option<i64>)| match groups::find(*team, *number, account) {
        groups::Match::One(group) => Some((*team, group.id)),
        _ => None,
    };
    Numbers {
        fields: wanted.fields.iter().filter_map(field).collect(),
        groups: wanted.groups.iter().filter_map(group).collect(),
    }
}

impl Numbers {
    /// The ids as lines of `misread.toml`.
    pub fn as_settings(&self) -> String {
        let fields = self.fields.iter().map(|(role, id)| format!("{} = {id}\n", role.key()));
        let groups = self.groups.iter().map(|(team, id)| format!("{} = {id}\n", groups::key(*team)));
        format!(
            "[zendesk.fields]\n{}\n[zendesk.groups]\n{}",
            fields.collect::<String>(),
            groups.collect::<String>()
        )
    }
}
