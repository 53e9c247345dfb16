//! The ids of fields and groups in the Zendesk account. The settings may leave them out; `misread serve` requires them.

use super::settings::Settings;
use crate::domain::policy::Team;
use crate::domain::problem::Problem;

/// The ids of fields and groups in the Zendesk account, all set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountIds {
    /// The ticket fields that the service reads and sets.
    pub fields: FieldIds,
    /// The groups that take tickets over.
    pub groups: GroupIds,
}

/// The ids of the ticket fields that the service reads and sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldIds {
    /// 상담유형
    pub consultation_type: i64,
    /// 차량번호
    pub plate: i64,
    /// 이용 일시; optional, since customers also write it in their message.
    pub used_at: Option<i64>,
}

/// The ids of the groups that take tickets over, one per team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupIds {
    /// 일반 상담
    pub agents: i64,
    /// 공항 담당
    pub airport_desk: i64,
    /// 주차장 확인 담당
    pub lot_contact: i64,
    /// 보상 담당
    pub compensation: i64,
}

impl GroupIds {
    /// The group of a team.
    pub fn of(&self, team: Team) -> i64 {
        match team {
            Team::Agents => self.agents,
            Team::AirportDesk => self.airport_desk,
            Team::LotContact => self.lot_contact,
            Team::Compensation => self.compensation,
        }
    }
}

impl Settings {
    /// The ids that `misread serve` requires. An error has one problem for each id that is not set.
    pub fn require_account(&self) -> Result<AccountIds, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut require = |id: Option<i64>, section: &str, key: &str, what: &str| {
            id.unwrap_or_else(|| {
                let problem = Problem::new(format!("`{section}.{key}`이(가) 없습니다. {what}의 번호입니다"));
                let help = format!(
                    "MISREAD_CONFIG 폴더의 misread.toml에서 `[{section}]` 아래에 `{key} = <번호>`를 쓰세요. \
                     번호는 Zendesk 관리 센터에서 해당 페이지의 주소에 있습니다"
                );
                problems.push(problem.help(help));
                0
            })
        };
        let fields = FieldIds {
            consultation_type: require(
                self.zendesk.fields.consultation_type,
                FIELDS,
                "consultation_type",
                "상담유형 필드",
            ),
            plate: require(self.zendesk.fields.plate, FIELDS, "plate", "차량번호 필드"),
            used_at: self.zendesk.fields.used_at,
        };
        let groups = &self.zendesk.groups;
        let mut group = |id: Option<i64>, key: &str, team: Team| {
            require(id, GROUPS, key, &format!("{} 그룹", team.korean()))
        };
        let groups = GroupIds {
            agents: group(groups.agents, "agents", Team::Agents),
            airport_desk: group(groups.airport_desk, "airport_desk", Team::AirportDesk),
            lot_contact: group(groups.lot_contact, "lot_contact", Team::LotContact),
            compensation: group(groups.compensation, "compensation", Team::Compensation),
        };
        if problems.is_empty() { Ok(AccountIds { fields, groups }) } else { Err(problems) }
    }
}

const FIELDS: &str = "zendesk.fields";
const GROUPS: &str = "zendesk.groups";
