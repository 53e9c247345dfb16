//! The sections under `[zendesk]` with ids and option values of the account.

use serde::Deserialize;

/// `[zendesk.custom_statuses]`: ids of custom statuses. If one is unset, the service sets the default status of the
/// category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CustomStatuses {
    /// In the category open: an agent works on the ticket.
    pub open: Option<i64>,
    /// In the category pending: the ticket waits for the customer.
    pub pending: Option<i64>,
    /// In the category on-hold: the ticket waits for a third party.
    pub hold: Option<i64>,
    /// In the category solved.
    pub solved: Option<i64>,
}

/// `[zendesk.fields]`: ids of ticket fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FieldSettings {
    /// 상담유형
    pub consultation_type: Option<i64>,
    /// 차량번호
    pub plate: Option<i64>,
    /// 이용 일시; `misread serve` does not require it.
    pub used_at: Option<i64>,
}

/// `[zendesk.consultation_types]`: option values of 상담유형 by the lot's linkage.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsultationTypes {
    /// 연동
    pub linked: String,
    /// 비연동
    pub unlinked: String,
    /// 기타
    pub other: String,
}

impl Default for ConsultationTypes {
    fn default() -> Self {
        Self {
            linked: "no_self_use_linked".to_owned(),
            unlinked: "no_self_use_unlinked".to_owned(),
            other: "no_self_use_other".to_owned(),
        }
    }
}

/// `[zendesk.groups]`: ids of the groups that take tickets over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GroupSettings {
    /// 일반 상담
    pub agents: Option<i64>,
    /// 공항 담당
    pub airport_desk: Option<i64>,
    /// 주차장 확인 담당
    pub lot_contact: Option<i64>,
    /// 보상 담당
    pub compensation: Option<i64>,
}
