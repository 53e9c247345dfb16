//! Where a ticket stands in the account: brand, form, custom status, and who gets copies (facts §3.1, §5.3).

use std::collections::BTreeSet;

use serde::Serialize;

/// The brand of every ticket that names none.
pub const DEFAULT_BRAND: i64 = 6_130_830_354_842;
/// The form of every ticket that names none.
pub const DEFAULT_FORM: i64 = 6_130_830_344_474;

/// Where a ticket stands in the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Placement {
    /// The brand that the customer wrote to.
    pub brand_id: i64,
    /// The form that it was sent with.
    pub ticket_form_id: i64,
    /// A custom status of the status that the ticket has; that status's default one when absent.
    #[serde(skip)]
    pub(super) chosen_status: Option<i64>,
    /// Who gets copies of public comments.
    pub email_cc_ids: BTreeSet<i64>,
    /// Agents who are told of every comment.
    pub follower_ids: BTreeSet<i64>,
    /// The closed ticket that it follows.
    pub followup_source_id: Option<i64>,
}

impl Default for Placement {
    fn default() -> Self {
        Self {
            brand_id: DEFAULT_BRAND,
            ticket_form_id: DEFAULT_FORM,
            chosen_status: None,
            email_cc_ids: BTreeSet::new(),
            follower_ids: BTreeSet::new(),
            followup_source_id: None,
        }
    }
}
