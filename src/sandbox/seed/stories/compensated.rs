//! Customers of closed lots who get a compensation instead of a refund.

use super::{Calendar, DAY, Holder};
use crate::domain::parking::ParkingAction::Points;
use crate::domain::parking::UseStatus;
use crate::domain::policy::Team;
use crate::seed::said::{OFFER, POINTS};
use crate::seed::{End, ScriptStep, Story, lots};

/// A declined coupon, and an amount that is too high to be granted without a person.
pub(super) fn all(calendar: Calendar) -> Vec<Story> {
    vec![no_coupon_please(calendar), above_the_cap(calendar)]
}

fn no_coupon_please(calendar: Calendar) -> Story {
    let holder = Holder { number: 25, name: "구은채", plate: "36버4481", ownership_verified: false };
    Story {
        uses: vec![holder.used(lots::dunsan(), UseStatus::Completed, calendar.ended(40 * DAY, 180, 6_000))],
        script: vec![ScriptStep::CustomerSays("쿠폰 말고 포인트로 주세요")],
        end: End::solved(&[Points]).saying(&[OFFER, POINTS]),
        ..holder.writes(
            "폐점 주차장, 쿠폰 대신 포인트",
            Some(5),
            "대전 주차비 6천원",
            "대전에서 6천원이 결제됐는데 저는 대전에 간 적이 없어요. 그날 차는 부산 집에 있었습니다. 환불해 주세요.",
        )
    }
}

fn above_the_cap(calendar: Calendar) -> Story {
    let holder = Holder { number: 26, name: "민태준", plate: "309가7715", ownership_verified: true };
    Story {
        uses: vec![holder.used(lots::sinchon(), UseStatus::Completed, calendar.ended(30 * DAY, 2 * DAY, 48_000))],
        end: End::open(&[], Team::Compensation),
        ..holder.writes(
            "폐점 주차장, 보상 한도 초과",
            Some(5),
            "48,000원 결제 취소 바랍니다",
            "신촌에서 이틀 동안 주차했다고 48,000원이 결제되었습니다. 해당 기간 차량은 정비소에 입고되어 있었고 입고 확인서를 가지고 있습니다. 취소 바랍니다.",
        )
    }
}
