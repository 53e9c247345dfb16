//! Customers who are first asked about their identity or car, and customers who name the use they mean.

use super::{Calendar, DAY, HOUR, Holder};
use crate::domain::ids::UseId;
use crate::domain::parking::ParkingAction::{
    Cancel, Inspection, OperatorMakeGood, Refund, WithdrawReceivable,
};
use crate::domain::parking::{ParkingUse, UseStatus};
use crate::domain::policy::Team;
use crate::domain::seoul::seoul;
use crate::seed::said::{BOTH, CANCELLED, CAR, CLOSED, REFUNDED, WHO, WITHDRAWN};
use crate::seed::{End, Mail, ScriptStep, Story, customer, lots, unverified};
use crate::zendesk::Channel;

/// Identity, vehicle, both; a clear no, an unclear answer, no answer; several uses, and only one fits the time.
pub(super) fn all(calendar: Calendar) -> Vec<Story> {
    vec![
        holder_by_mail(calendar),
        both_in_one_message(calendar),
        one_of_two_cars(calendar),
        not_their_car(calendar),
        unclear_at_first(calendar),
        silent(calendar),
        told_by_the_time(calendar),
        settled_before(calendar),
    ]
}

fn holder_by_mail(calendar: Calendar) -> Story {
    let holder = Holder { number: 17, name: "유하린", plate: "58저2291", ownership_verified: true };
    Story {
        // Writes from an address that no system knows: only a person can verify it.
        customer: customer(17, holder.name, None),
        channel: Channel::Email,
        uses: vec![holder.used(lots::gangnam(), UseStatus::Completed, calendar.ended(5 * DAY, 110, 5_500))],
        script: vec![
            ScriptStep::CustomerMails(Mail::of("네, 본인 맞습니다. 확인 부탁드립니다.")),
            ScriptStep::AgentTags {
                tag: "misread_release",
                note: "앱 가입자 정보로 계정 본인임을 확인했습니다. 준비된 처리와 답변을 승인합니다.",
            },
        ],
        end: End { team: Some(Team::Agents), ..End::solved(&[Refund, Inspection]).saying(&[WHO, REFUNDED]) },
        ..holder.writes(
            "메일 문의, 본인이라는 답뿐이라 상담사가 승인",
            Some(4),
            "주차요금 결제 취소 요청의 건",
            "수고 많으십니다. 회사 메일로 문의드립니다. 지난주에 주차요금 5,500원이 결제되었으나 당일 저는 대전 출장 중이었고 차량은 자택에 있었습니다. 결제 취소를 요청드립니다.",
        )
    }
}

fn both_in_one_message(calendar: Calendar) -> Story {
    let holder = Holder { number: 18, name: "권시우", plate: "27무8830", ownership_verified: false };
    let account = holder.account_with("163누4075");
    Story {
        plate: None,
        customer: unverified(18, holder.name, &account),
        account: Some(account),
        uses: vec![holder.used(lots::haeundae(), UseStatus::Unpaid, calendar.ended(3 * DAY, 200, 9_000))],
        script: vec![ScriptStep::CustomerSays("네 제 계정이고 제 차 맞아요")],
        end: End::solved(&[WithdrawReceivable, OperatorMakeGood, Inspection]).saying(&[BOTH, WITHDRAWN]),
        ..holder.writes(
            "본인·차량 질문에 한 번에 답함",
            Some(7),
            "미납이라는데요",
            "저는 그날 운행을 안 했는데 9천원 미납이라고 알림이 왔어요. 차는 집에 있었고 해운대에는 간 적이 없습니다. 확인하고 취소해 주세요.",
        )
    }
}

fn one_of_two_cars(calendar: Calendar) -> Story {
    let holder = Holder { number: 19, name: "홍채원", plate: "72도5519", ownership_verified: true };
    Story {
        plate: None,
        account: Some(holder.account_with("314바9926")),
        uses: vec![holder.used(lots::pangyo(), UseStatus::InUse, calendar.since(3 * HOUR))],
        script: vec![ScriptStep::CustomerSays("네 제 차 맞아요!!")],
        end: End::solved(&[Cancel, Inspection]).saying(&[CAR, CANCELLED]),
        ..holder.writes(
            "차량 두 대, 본인 차량이라 답함",
            Some(3),
            "입차했다고 떠요",
            "저 지금 집인데 세 시간 전에 입차했다고 떠 있어요!! 요금 더 나오기 전에 빨리 취소해 주세요ㅠㅠ",
        )
    }
}

fn not_their_car(calendar: Calendar) -> Story {
    let holder = Holder { number: 20, name: "안도윤", plate: "19소7743", ownership_verified: false };
    Story {
        plate: None,
        account: Some(holder.account_with("246더1038")),
        uses: vec![holder.used(lots::gangnam(), UseStatus::Completed, calendar.ended(2 * DAY, 50, 3_500))],
        script: vec![ScriptStep::CustomerSays("아니요, 제 차 아니에요.")],
        end: End::open(&[], Team::Agents).saying(&[CAR]),
        ..holder.writes(
            "차량 두 대, 본인 차량 아님",
            None,
            "결제 내역 문의드립니다",
            "그저께 3,500원 결제된 게 있는데 저는 그 시간에 수업 중이었습니다. 어떻게 된 일인지 알려 주시고 취소 부탁드립니다.",
        )
    }
}

fn unclear_at_first(calendar: Calendar) -> Story {
    let holder = Holder { number: 21, name: "전유나", plate: "82머3160", ownership_verified: true };
    Story {
        customer: unverified(21, holder.name, &holder.account()),
        uses: vec![holder.used(
            lots::nami_island(),
            UseStatus::Completed,
            calendar.ended(8 * DAY, 240, 12_000),
        )],
        script: vec![
            ScriptStep::CustomerSays("그걸 왜 물어보시는지 모르겠네요. 저는 환불만 해주시면 되는데요"),
            ScriptStep::CustomerSays("아 네 제 계정 맞습니다"),
        ],
        end: End::solved(&[Refund, Inspection]).saying(&[WHO, WHO, REFUNDED]),
        ..holder.writes(
            "분명하지 않은 답, 다시 물음",
            Some(4),
            "12,000원 환불요",
            "주말에 애들이랑 집에만 있었는데 남이섬 주차 12,000원이 웬 말인가요. 환불해 주세요.",
        )
    }
}

fn silent(calendar: Calendar) -> Story {
    let holder = Holder { number: 22, name: "송재하", plate: "95루6274", ownership_verified: true };
    Story {
        customer: customer(22, holder.name, None),
        uses: vec![holder.used(lots::seongsu(), UseStatus::Unpaid, calendar.ended(20 * DAY, 70, 4_000))],
        script: vec![ScriptStep::HoursPass(25), ScriptStep::HoursPass(49)],
        end: End::solved(&[]).saying(&[WHO, WHO, CLOSED]),
        ..holder.writes(
            "답이 없는 고객, 알리고 마무리",
            None,
            "미납 문자",
            "미납 문자가 왔는데 저는 주차한 적이 없습니다. 그날 차는 집에 있었어요. 확인 부탁드립니다.",
        )
    }
}

fn told_by_the_time(calendar: Calendar) -> Story {
    let holder = Holder { number: 23, name: "남궁민서", plate: "147어2058", ownership_verified: true };
    let own = holder.used(lots::gangnam(), UseStatus::Completed, calendar.ended(6 * DAY, 95, 4_800));
    let misread = ParkingUse {
        id: UseId::new("use-0023b"),
        ..holder.used(lots::nami_island(), UseStatus::Completed, calendar.ended(3 * DAY, 80, 7_000))
    };
    let day = seoul(misread.entered_at).strftime("%-m월 %-d일").to_string();
    Story {
        used_at: Some(day),
        uses: vec![own, misread],
        end: End::solved(&[Refund, Inspection]).saying(&[REFUNDED]),
        ..holder.writes(
            "여러 건을 이용 일시로 좁힘",
            Some(4),
            "7,000원 결제 취소해 주세요",
            "적어 드린 날짜에 결제된 7,000원은 제 이용이 아닙니다. 그날은 차를 쓰지 않았으니 확인하고 취소해 주세요.",
        )
    }
}

fn settled_before(calendar: Calendar) -> Story {
    let holder = Holder { number: 24, name: "황보람", plate: "53하1946", ownership_verified: true };
    Story {
        uses: vec![holder.used(lots::gangnam(), UseStatus::Refunded, calendar.ended(11 * DAY, 65, 3_200))],
        end: End::open(&[], Team::Agents),
        ..holder.writes(
            "이미 결제취소한 건을 다시 문의",
            None,
            "3,200원이요",
            "카드 내역에 주차요금 3,200원이 그대로 있어요. 저는 거기 주차한 적 없습니다. 확인하고 취소해 주세요.",
        )
    }
}
