//! Customers with another question in their first message.

use super::{Calendar, DAY, Holder};
use crate::domain::parking::ParkingAction::{
    Cancel, Inspection, OperatorMakeGood, Refund, WithdrawReceivable,
};
use crate::domain::parking::UseStatus;
use crate::seed::said::{CANCELLED, REFUNDED, WITHDRAWN};
use crate::seed::{End, Story, lots};

/// Cancelling in the app, at a lot that offers it and at one that does not; the undisclosed name of the lot.
pub(super) fn all(calendar: Calendar) -> Vec<Story> {
    vec![every_time(calendar), every_time_elsewhere(calendar), why_hidden(calendar)]
}

fn every_time(calendar: Calendar) -> Story {
    let holder = Holder { number: 27, name: "심가온", plate: "61노8827", ownership_verified: true };
    Story {
        uses: vec![holder.used(lots::haeundae(), UseStatus::InUse, calendar.since(40))],
        end: End::solved(&[Cancel, OperatorMakeGood, Inspection]).saying(&[CANCELLED]),
        ..holder.writes(
            "매번 문의? 앱 취소 되는 주차장",
            Some(2),
            "또 잘못 찍혔어요",
            "이번이 두 번째예요. 저는 인천 사는데 또 부산에 주차 중이래요. 취소해 주시고요, 이럴 때마다 매번 문의해야 하나요?",
        )
    }
}

fn every_time_elsewhere(calendar: Calendar) -> Story {
    let holder = Holder { number: 28, name: "표지안", plate: "44서3602", ownership_verified: false };
    Story {
        uses: vec![holder.used(lots::coex(), UseStatus::Unpaid, calendar.ended(2 * DAY, 150, 15_000))],
        end: End::solved(&[WithdrawReceivable, OperatorMakeGood, Inspection]).saying(&[WITHDRAWN]),
        ..holder.writes(
            "매번 문의? 앱 취소 안 되는 곳",
            Some(7),
            "15,000원 미납 취소요",
            "미납 15,000원은 제가 이용한 게 아닙니다. 그날 차는 집에 있었어요. 취소해 주세요. 다음에 또 이런 일이 생기면 제가 직접 취소할 수 있나요?",
        )
    }
}

fn why_hidden(calendar: Calendar) -> Story {
    let holder = Holder { number: 29, name: "하예린", plate: "250모6139", ownership_verified: false };
    Story {
        uses: vec![holder.used(lots::gangnam(), UseStatus::Completed, calendar.ended(DAY, 75, 5_000))],
        end: End::solved(&[Refund, Inspection]).saying(&[REFUNDED]),
        ..holder.writes(
            "주차장 이름이 왜 안 보이나요?",
            Some(4),
            "어디서 결제된 건가요",
            "어제 5천원 결제됐는데 저는 차를 안 썼어요. 취소해 주세요. 근데 주차장 이름은 왜 가려져 있는 거예요?",
        )
    }
}
