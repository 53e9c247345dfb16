//! Customers whose tickets need a person: the customer's answer or payment, an agent's call, or an agent's decision.

use super::{Calendar, DAY, HOUR, Holder};
use crate::domain::ids::UseId;
use crate::domain::parking::ParkingAction::{
    Coupon, Inspection, OperatorMakeGood, Points, Refund, WithdrawReceivable,
};
use crate::domain::parking::{ParkingUse, UseStatus};
use crate::domain::policy::Team;
use crate::seed::said::{COUPON, INTERIM, OFFER, PAY, POINTS, REFUNDED, WHO, WITHDRAWN};
use crate::seed::{End, ScriptStep, Story, lots, unverified};

/// Rows 5, 6, 9 and 10; then cases that never reach the table: the use, the writer or the vehicle is unknown.
pub(super) fn all(calendar: Calendar) -> Vec<Story> {
    vec![
        paid_at_closed_lot(calendar),
        paid_at_airport(calendar),
        unpaid_at_closed_lot(calendar),
        unpaid_at_airport(calendar),
        no_use_found(),
        unknown_requester(calendar),
        several_uses(calendar),
        another_plate(calendar),
    ]
}

/// The airport desk has done its part and gives the ticket back.
fn called(note: &'static str) -> ScriptStep {
    ScriptStep::AgentTags { tag: "misread_airport_called", note }
}

fn paid_at_closed_lot(calendar: Calendar) -> Story {
    let holder = Holder { number: 9, name: "한예준", plate: "76우3021", ownership_verified: true };
    Story {
        uses: vec![holder.used(lots::sinchon(), UseStatus::Completed, calendar.ended(35 * DAY, 100, 5_000))],
        script: vec![ScriptStep::CustomerSays("네, 쿠폰으로 받을게요. 감사합니다.")],
        end: End::solved(&[Coupon]).saying(&[OFFER, COUPON]),
        ..holder.writes(
            "폐점한 주차장 결제 완료",
            Some(5),
            "주차비 5,000원 결제 문의",
            "카드값 정리하다가 보니 주차비 5,000원이 결제됐어요. 저는 그 주차장에 간 적이 없습니다. 그날 차는 집에 있었어요. 환불 부탁드려요.",
        )
    }
}

fn paid_at_airport(calendar: Calendar) -> Story {
    let holder = Holder { number: 10, name: "오지우", plate: "128조9905", ownership_verified: true };
    Story {
        uses: vec![holder.used(lots::incheon_airport(), UseStatus::Completed, calendar.ended(6 * DAY, 3 * DAY, 27_000))],
        script: vec![called("공항에 전화해 오인식 건이라 결제를 취소하고 요금은 당사가 보전한다고 알렸습니다. 동의받았습니다.")],
        end: End { team: Some(Team::AirportDesk), ..End::solved(&[Refund, OperatorMakeGood, Inspection]).saying(&[INTERIM, REFUNDED]) },
        ..holder.writes(
            "인천공항 결제 완료",
            Some(6),
            "공항 주차비 27,000원 환불 요청",
            "인천공항 3일 주차로 27,000원이 결제됐습니다. 여권 도장 보여드릴 수 있어요, 저 올해 출국한 적 없습니다. 꼭 환불해 주세요.",
        )
    }
}

fn unpaid_at_closed_lot(calendar: Calendar) -> Story {
    let holder = Holder { number: 11, name: "서다인", plate: "85거4417", ownership_verified: false };
    Story {
        uses: vec![holder.used(lots::dunsan(), UseStatus::Unpaid, calendar.ended(60 * DAY, 45, 2_000))],
        script: vec![ScriptStep::HoursPass(7), ScriptStep::CustomerPays, ScriptStep::HoursPass(7)],
        end: End::solved(&[Points]).saying(&[PAY, POINTS]),
        ..holder.writes(
            "폐점한 주차장 미수",
            Some(9),
            "없어진 주차장에서 돈을 내라네요",
            "검색해 보니 이미 문 닫은 주차장이던데 거기서 2,000원 미납이라고 뜹니다. 가 본 적도 없는 곳이에요. 어떻게 하면 되나요?",
        )
    }
}

fn unpaid_at_airport(calendar: Calendar) -> Story {
    let holder = Holder { number: 12, name: "신우진", plate: "203소6648", ownership_verified: true };
    Story {
        uses: vec![holder.used(lots::incheon_airport(), UseStatus::Unpaid, calendar.ended(12 * DAY, 9 * HOUR, 9_000))],
        script: vec![called("제1여객터미널 주차 담당자와 통화했습니다. 미수는 철회하고 요금은 당사가 보전하기로 했습니다.")],
        end: End {
            team: Some(Team::AirportDesk),
            ..End::solved(&[WithdrawReceivable, OperatorMakeGood, Inspection]).saying(&[INTERIM, WITHDRAWN])
        },
        ..holder.writes(
            "인천공항 미수",
            Some(10),
            "미납 9천원 제 것 아니에요",
            "공항 주차 미납 9,000원 알림이 계속 옵니다. 그날 저는 야간 근무였고 차는 회사 기계식 주차장에 있었어요. 출차 기록도 뽑아드릴 수 있습니다.",
        )
    }
}

fn no_use_found() -> Story {
    let holder = Holder { number: 13, name: "조은별", plate: "64더1290", ownership_verified: true };
    Story {
        end: End::open(&[], Team::Agents),
        ..holder.writes(
            "이용 건을 찾지 못함",
            None,
            "이거 뭔가요",
            "저 주차한 적 없는데 주차 완료됐다고 알림이 왔어요. 그날 차는 집에 세워 두었습니다. 제 차 번호로 조회해 보시고 취소해 주세요.",
        )
    }
}

fn unknown_requester(calendar: Calendar) -> Story {
    let holder = Holder { number: 14, name: "문태오", plate: "97보3355", ownership_verified: true };
    Story {
        customer: unverified(14, holder.name, &holder.account()),
        script: vec![ScriptStep::CustomerSays("네, 제 계정이고 본인 맞습니다.")],
        uses: vec![holder.used(lots::gangnam(), UseStatus::Completed, calendar.ended(2 * DAY, 60, 3_000))],
        end: End::solved(&[Refund, Inspection]).saying(&[WHO, REFUNDED]),
        ..holder.writes(
            "본인 확인이 안 된 문의자",
            Some(4),
            "주차요금 3,000원 문의",
            "앱에 주차비 3,000원이 결제됐다고 떠서 문의드려요. 그날은 차를 쓰지 않았어요. 취소 부탁드려요.",
        )
    }
}

fn several_uses(calendar: Calendar) -> Story {
    let holder = Holder { number: 15, name: "배나윤", plate: "330러7074", ownership_verified: true };
    let first = holder.used(lots::gangnam(), UseStatus::Completed, calendar.ended(3 * DAY, 80, 4_000));
    let second = ParkingUse {
        id: UseId::new("use-0015b"),
        ..holder.used(lots::haeundae(), UseStatus::Completed, calendar.ended(DAY, 150, 7_500))
    };
    Story {
        uses: vec![first, second],
        end: End::open(&[], Team::Agents),
        ..holder.writes(
            "맞는 이용 건이 여럿",
            None,
            "이번 주 결제 내역 문의",
            "이번 주에 주차요금이 결제됐는데 저는 그날 차를 두고 출근했어요. 부산은 간 적도 없거든요. 취소해 주세요!",
        )
    }
}

fn another_plate(calendar: Calendar) -> Story {
    let holder = Holder { number: 16, name: "노시현", plate: "41머6602", ownership_verified: true };
    Story {
        plate: Some("41머6620".to_owned()),
        uses: vec![holder.used(lots::gangnam(), UseStatus::Completed, calendar.ended(DAY, 90, 4_500))],
        end: End::open(&[], Team::Agents),
        ..holder.writes(
            "적어 준 번호판이 이용 건의 차량과 다름",
            None,
            "4,500원 결제 취소 부탁드려요",
            "어제 4,500원이 결제됐는데 저는 주차한 적이 없어요. 제 차는 41머6620이고 그 시간에 회사 주차장에 있었습니다. 취소 부탁드립니다.",
        )
    }
}
