//! The centre's words for a use, for notes and operators.

use super::{Linkage, Operation, ParkingUse, UseStatus};
use crate::domain::seoul::to_the_minute;

impl ParkingUse {
    /// The use in one line: what it is, whose car, where, when, how much.
    pub fn in_one_line(&self) -> String {
        format!(
            "{} · {} · {} · {} · 입차 {} · {}",
            self.id,
            self.status.korean(),
            self.vehicle.plate,
            self.lot.name,
            to_the_minute(self.entered_at),
            self.amount.map_or("금액 없음".into(), |amount| amount.to_string()),
        )
    }
}

impl UseStatus {
    /// The centre's word for the state.
    pub fn korean(self) -> &'static str {
        match self {
            Self::InUse => "이용 중",
            Self::Completed => "이용완료(결제완료)",
            Self::Unpaid => "미수",
            Self::CancelledByCustomer => "고객 취소",
            Self::CancelledByCentre => "센터 취소",
            Self::Refunded => "결제취소됨",
            Self::Withdrawn => "미수철회됨",
            Self::Unknown => "알 수 없는 상태",
        }
    }
}

impl Operation {
    /// The centre's word for who operates a lot.
    pub fn korean(self) -> &'static str {
        match self {
            Self::Direct => "직영",
            Self::Partner => "제휴",
            Self::Unknown => "운영 형태 미상",
        }
    }
}

impl Linkage {
    /// The centre's word for how a lot is linked.
    pub fn korean(self) -> &'static str {
        match self {
            Self::Linked => "연동",
            Self::Unlinked => "비연동",
            Self::Other => "기타",
        }
    }
}
