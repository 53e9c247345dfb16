//! A ticket's brand, form, custom status, CCs and followers (facts §3.1, §5.3).

use std::collections::BTreeSet;

use serde::Serialize;

/// The default brand of tickets.
pub const DEFAULT_BRAND: i64 = 6_130_830_354_842;
/// The default form of tickets.
pub const DEFAULT_FORM: i64 = 6_130_830_344_474;

/// A ticket's place in the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Placement {
    /// The brand that the customer wrote to.
    pub brand_id: i64,
    /// The form that it was sent with.
    pub ticket_form_id: i64,
    /// A custom status within the ticket's status; that status's default one when absent.
    #[serde(skip)]
    pub(super) chosen_status: Option<i64>,
    /// The CCs of public comments.
    pub email_cc_ids: BTreeSet<i64>,
    /// Agents who are notified of every comment.
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
