//! Where a ticket stands in the account: brand, form, and who gets copies (facts §3.1, §5.3).

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
    /// Who gets copies of public comments.
    pub email_cc_ids: BTreeSet<i64>,
    /// Agents who are told of every comment.
    pub follower_ids: BTreeSet<i64>,
}

impl Default for Placement {
    fn default() -> Self {
        Self {
            brand_id: DEFAULT_BRAND,
            ticket_form_id: DEFAULT_FORM,
            email_cc_ids: BTreeSet::new(),
            follower_ids: BTreeSet::new(),
        }
    }
}

impl Placement {
    /// What the brand is called.
    pub(super) fn brand_name(&self) -> Option<&'static str> {
        (self.brand_id == DEFAULT_BRAND).then_some("주차 고객센터")
    }

    /// What the form is called.
    pub(super) fn form_name(&self) -> Option<&'static str> {
        (self.ticket_form_id == DEFAULT_FORM).then_some("기본 티켓 양식")
    }
}
