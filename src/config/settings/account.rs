//! Under `[zendesk]`: the account's own things, by their numbers and names.

use serde::Deserialize;

/// `[zendesk.custom_statuses]`: the ids of the account's own statuses; where one is unset, the category's default one is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CustomStatuses {
    /// With an agent.
    pub open: Option<i64>,
    /// Waiting for the customer.
    pub pending: Option<i64>,
    /// Waiting for somebody else.
    pub hold: Option<i64>,
    /// Done.
    pub solved: Option<i64>,
}

/// `[zendesk.fields]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FieldSettings {
    /// 상담유형
    pub consultation_type: Option<i64>,
    /// 차량번호
    pub plate: Option<i64>,
    /// 이용 일시; may stay unset.
    pub used_at: Option<i64>,
}

/// `[zendesk.consultation_types]`: option values by the lot's linkage.
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

/// `[zendesk.groups]`
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
