//! Customers whose tickets the service settles in one turn: rows 1 to 4, 7 and 8, with all spellings of plates.

use super::{Calendar, DAY, HOUR, Holder};
use crate::domain::parking::ParkingAction::{
    Cancel, Inspection, OperatorMakeGood, Refund, WithdrawReceivable,
};
use crate::domain::parking::UseStatus;
use crate::domain::policy::Team;
use crate::seed::said::{CANCELLED, PASS, REFUNDED, WHICH_CAR, WITHDRAWN};
use crate::seed::{End, ScriptStep, Story, lots};

/// Rows 1 to 4, 7 and 8.
pub(super) fn all(calendar: Calendar) -> Vec<Story> {
    vec![
        cancelled_by_customer(calendar),
        in_use_at_partner(calendar),
        in_use_at_airport(calendar),
        in_use_at_direct_lot(calendar),
        paid_and_verified(calendar),
        paid_without_plate(calendar),
        unpaid_for_more_than_a_year(calendar),
        unpaid_at_direct_lot(calendar),
    ]
}

fn cancelled_by_customer(calendar: Calendar) -> Story {
    let holder = Holder { number: 1, name: "김서연", plate: "123가4568", ownership_verified: true };
    Story {
        plate: Some("123가-4568".to_owned()),
        uses: vec![holder.used(lots::gangnam(), UseStatus::CancelledByCustomer, calendar.ended(3 * HOUR, 20, 0))],
        end: End::solved(&[Inspection]).saying(&["앱에서 이미 취소"]),
        ..holder.writes(
            "고객이 이미 앱에서 취소한 건",
            Some(1),
            "저 주차 안 했는데요",
            "안녕하세요, 아까 갑자기 입차 알림이 떠서 놀라서 앱에서 바로 취소 눌렀어요. 저는 그 시간에 사무실에 있었고 차도 집에 있었거든요. \
             혹시 나중에 돈 빠져나가는 건 아니죠? 확인 좀 부탁드려요ㅠㅠ",
        )
    }
}

fn in_use_at_partner(calendar: Calendar) -> Story {
    let holder = Holder { number: 2, name: "이도현", plate: "45나7712", ownership_verified: true };
    Story {
        uses: vec![holder.used(lots::coex(), UseStatus::InUse, calendar.since(95))],
        script: vec![ScriptStep::CustomerSays("감사합니다. 그런데 누가 주차한 건지 알 수 있을까요?")],
        end: End::open(&[Cancel, OperatorMakeGood, Inspection], Team::LotContact).saying(&[CANCELLED, WHICH_CAR]),
        ..holder.writes(
            "제휴 주차장 이용 중, 소유인증 완료",
            Some(2),
            "지금 주차 중이라고 나와요!!",
            "제 차는 지금 아파트 주차장에 멀쩡히 있는데 한 시간 반째 주차 중이라고 뜹니다. 요금이 계속 올라가고 있어요. 빨리 좀 취소해 주세요!!",
        )
    }
}

fn in_use_at_airport(calendar: Calendar) -> Story {
    let holder = Holder { number: 3, name: "박지훈", plate: "68마2043", ownership_verified: false };
    Story {
        uses: vec![holder.used(lots::incheon_airport(), UseStatus::InUse, calendar.since(2 * DAY + 40))],
        end: End::solved(&[Cancel, OperatorMakeGood, Inspection]).saying(&[CANCELLED]),
        ..holder.writes(
            "인천공항 이용 중, 소유인증 전",
            Some(2),
            "공항 간 적 없습니다",
            "이틀 전부터 어디 주차장에 들어가 있다고 나오는데, 저는 이번 주 내내 회사만 다녔습니다. 번호판 인식이 잘못된 것 같은데 확인 후 취소 부탁드립니다.",
        )
    }
}

fn in_use_at_direct_lot(calendar: Calendar) -> Story {
    let holder = Holder { number: 4, name: "최유진", plate: "217다3390", ownership_verified: true };
    Story {
        plate: Some("２１７다 ３３９０".to_owned()),
        uses: vec![holder.used(lots::pangyo(), UseStatus::InUse, calendar.since(25))],
        // They also fear that their plate was copied: only the lot can tell.
        end: End::open(&[Cancel, Inspection], Team::LotContact).saying(&[CANCELLED]),
        ..holder.writes(
            "직영 주차장 이용 중, 전각 숫자로 적은 번호판",
            Some(3),
            "입차 알림이 잘못 왔어요",
            "방금 입차했다고 카톡이 왔는데 저 지금 제주도예요 ㅋㅋ 차는 서울 집에 있고요. 누가 제 번호판을 베낀 건 아니겠죠? 일단 취소해 주세요~",
        )
    }
}

fn paid_and_verified(calendar: Calendar) -> Story {
    let holder = Holder { number: 5, name: "정하은", plate: "서울32라1187", ownership_verified: true };
    Story {
        plate: Some("서울 32라 1187".to_owned()),
        uses: vec![holder.used(lots::nami_island(), UseStatus::Completed, calendar.ended(DAY + 5 * HOUR, 190, 8_000))],
        script: vec![ScriptStep::CustomerSays("확인했습니다. 빠른 처리 정말 감사합니다! 수고하세요~")],
        end: End::solved(&[Refund, Inspection]).saying(&[REFUNDED]),
        ..holder.writes(
            "결제 완료, 소유인증 완료",
            Some(4),
            "8천원 결제된 거 환불해 주세요",
            "어제 주차비 8,000원이 결제됐는데 저는 남이섬은커녕 강원도 근처에도 안 갔어요. 카드 내역 보고 깜짝 놀랐네요. 환불 처리 부탁드립니다.",
        )
    }
}

fn paid_without_plate(calendar: Calendar) -> Story {
    let holder = Holder { number: 6, name: "강민재", plate: "391버5526", ownership_verified: false };
    Story {
        plate: None,
        uses: vec![holder.used(lots::haeundae(), UseStatus::Completed, calendar.ended(4 * DAY, 125, 6_500))],
        script: vec![ScriptStep::CustomerSays("네 감사합니다. 주차패스 해지하고 싶어요.")],
        end: End::solved(&[Refund, Inspection]).saying(&[REFUNDED, PASS]),
        ..holder.writes(
            "결제 완료, 번호판을 적지 않음 (등록 차량 한 대), 소유인증 전",
            Some(4),
            "주차요금 오결제",
            "4일 전에 6,500원 자동결제 됐던데 저 그날 차 안 몰았습니다. 주차패스가 멋대로 결제한 것 같아요. 결제 취소해 주시고 왜 이런 일이 생긴 건지도 알려주세요.",
        )
    }
}

fn unpaid_for_more_than_a_year(calendar: Calendar) -> Story {
    let holder = Holder { number: 7, name: "윤서준", plate: "34나5678", ownership_verified: false };
    Story {
        // "나" as two jamo (NFD), as a Mac types it.
        plate: Some("34\u{1102}\u{1161}5678".to_owned()),
        uses: vec![holder.used(lots::gangnam(), UseStatus::Unpaid, calendar.ended(410 * DAY, 260, 14_000))],
        end: End::solved(&[WithdrawReceivable, OperatorMakeGood, Inspection]).saying(&[WITHDRAWN]),
        ..holder.writes(
            "일 년 넘은 미수, NFD 한글로 적은 번호판",
            Some(7),
            "미납 요금 안내가 왔는데 제가 쓴 게 아닙니다",
            "작년 주차요금 14,000원이 미납이라고 문자가 왔어요. 일 년도 더 된 건데 이제 와서요? 그날 저는 출장 중이었고 차는 집에 세워뒀습니다. 황당하네요. 확인하고 없애 주세요.",
        )
    }
}

fn unpaid_at_direct_lot(calendar: Calendar) -> Story {
    let holder = Holder { number: 8, name: "임수아", plate: "52호8814", ownership_verified: true };
    Story {
        uses: vec![holder.used(lots::seongsu(), UseStatus::Unpaid, calendar.ended(9 * DAY, 75, 4_500))],
        end: End::solved(&[WithdrawReceivable, Inspection]).saying(&[WITHDRAWN]),
        ..holder.writes(
            "직영 주차장 미수, 소유인증 완료",
            Some(8),
            "미수금이요?",
            "성수동은 최근에 간 적도 없는데 미수금 4,500원이 있다고 하네요;; 다음 주차 때 같이 결제된다고 해서 불안합니다. 제 이용 아니니까 빼 주세요.",
        )
    }
}
