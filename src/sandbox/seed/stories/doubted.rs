//! Customers whose words need closer checks: of their author, their context, or a withdrawal.

use super::{Calendar, DAY, HOUR, Holder};
use crate::domain::parking::ParkingAction::{Cancel, Inspection, OperatorMakeGood, Refund};
use crate::domain::parking::UseStatus;
use crate::domain::policy::Team;
use crate::seed::said::{CANCELLED, REFUNDED, RESTRICTED, WHO};
use crate::seed::{End, Mail, Quote, ScriptStep, Story, customer, lots, unverified};
use crate::zendesk::Channel;

/// A stranger's yes, a forged sender, quoted answers, a contradicting opening, a picture as an answer, an automatic answer.
pub(super) fn all(calendar: Calendar) -> Vec<Story> {
    vec![
        stranger_with_a_plate(calendar),
        forged_sender(calendar),
        no_within_a_quote(calendar),
        yes_above_our_text(calendar),
        did_park(calendar),
        picture_for_an_answer(calendar),
        out_of_office(calendar),
    ]
}

/// A stranger who has seen the car knows its plate: nothing is disclosed or done before a person has looked.
fn stranger_with_a_plate(calendar: Calendar) -> Story {
    let holder = Holder { number: 30, name: "도경수", plate: "83라5067", ownership_verified: true };
    Story {
        customer: customer(30, "이름 모를 문의자", None),
        channel: Channel::Email,
        uses: vec![holder.used(lots::coex(), UseStatus::Completed, calendar.ended(2 * DAY, 130, 9_500))],
        script: vec![ScriptStep::CustomerMails(Mail::of("네"))],
        end: End::prepared().saying(&[WHO]),
        ..holder.writes(
            "차량번호만 아는 사람이 “네”라고 답함",
            None,
            "주차 결제 취소해 주세요",
            "이 차량번호로 결제된 주차요금 취소해 주세요. 저는 주차한 적이 없습니다. 언제 어디서 결제된 건지도 알려 주세요.",
        )
    }
}

/// The address is the holder's, but possibly not the author: Zendesk does not trust the sender, in the first message or
/// later.
fn forged_sender(calendar: Calendar) -> Story {
    let holder = Holder { number: 31, name: "백승아", plate: "29모7148", ownership_verified: true };
    let doubted = |words, flags| ScriptStep::CustomerMails(Mail { flags, ..Mail::of(words) });
    Story {
        channel: Channel::Email,
        flags: &[0],
        uses: vec![holder.used(lots::gangnam(), UseStatus::Completed, calendar.ended(3 * DAY, 85, 6_000))],
        script: vec![doubted("네, 본인입니다.", &[0]), doubted("네, 제가 계정 본인 맞습니다.", &[2])],
        end: End::open(&[], Team::Agents).saying(&[WHO, WHO]),
        ..holder.writes(
            "보낸 사람을 믿을 수 없는 메일",
            None,
            "6,000원 결제 취소 부탁드립니다",
            "3일 전 주차요금 6,000원은 제가 이용한 것이 아닙니다. 결제 취소 부탁드립니다.",
        )
    }
}

/// Without removing the quote, the mail would contain our question and a thank-you.
fn no_within_a_quote(calendar: Calendar) -> Story {
    let holder = Holder { number: 32, name: "양지호", plate: "57보4419", ownership_verified: true };
    Story {
        customer: unverified(32, holder.name, &holder.account()),
        channel: Channel::Email,
        uses: vec![holder.used(lots::pangyo(), UseStatus::Completed, calendar.ended(4 * DAY, 55, 3_500))],
        script: vec![ScriptStep::CustomerMails(Mail { quote: Quote::Around, ..Mail::of("아니요") })],
        end: End::solved(&[]).saying(&[WHO, RESTRICTED]),
        ..holder.writes(
            "인용된 질문 사이에 적은 “아니요”",
            None,
            "주차요금 3,500원",
            "주차요금 3,500원이 결제되었다는 알림을 받았습니다. 주차한 적이 없으니 확인 후 취소 바랍니다.",
        )
    }
}

/// The phone appends its signature, and the mail program quotes our text without a mark.
fn yes_above_our_text(calendar: Calendar) -> Story {
    let holder = Holder { number: 33, name: "류다은", plate: "348누2265", ownership_verified: true };
    let mail =
        Mail { quote: Quote::Below, ..Mail::of("네, 본인입니다.\n\n나의 iPhone에서 보냄") };
    Story {
        customer: unverified(33, holder.name, &holder.account()),
        channel: Channel::Email,
        uses: vec![holder.used(lots::haeundae(), UseStatus::Completed, calendar.ended(5 * DAY, 70, 4_200))],
        script: vec![ScriptStep::CustomerMails(mail)],
        end: End::solved(&[Refund, Inspection]).saying(&[WHO, REFUNDED]),
        ..holder.writes(
            "휴대폰 메일로 답함, 인용 표시 없음",
            Some(4),
            "부산 주차비",
            "4,200원 결제됐던데 저는 부산에 간 적이 없습니다. 결제 취소 부탁드려요.",
        )
    }
}

fn did_park(calendar: Calendar) -> Story {
    let holder = Holder { number: 34, name: "곽민서", plate: "66다9370", ownership_verified: true };
    Story {
        uses: vec![holder.used(lots::gangnam(), UseStatus::Completed, calendar.ended(DAY, 45, 3_800))],
        end: End::open(&[], Team::Agents),
        ..holder.writes(
            "첫 문의가 취소 요청과 어긋남",
            None,
            "3,800원 결제 건이요",
            "잘못 결제된 줄 알았는데 다시 보니 제가 주차한 거 맞네요. 취소하지 마세요. 확인하느라 글 남깁니다.",
        )
    }
}

fn picture_for_an_answer(calendar: Calendar) -> Story {
    let holder = Holder { number: 35, name: "추서윤", plate: "21고6853", ownership_verified: false };
    let mail = Mail { attachments: &["KakaoTalk_20261128_계정화면.jpg"], ..Mail::of("") };
    Story {
        customer: unverified(35, holder.name, &holder.account()),
        channel: Channel::Email,
        uses: vec![holder.used(lots::seongsu(), UseStatus::Unpaid, calendar.ended(8 * DAY, 65, 5_200))],
        script: vec![ScriptStep::CustomerMails(mail)],
        end: End::open(&[], Team::Agents).saying(&[WHO]),
        ..holder.writes(
            "답 대신 사진만 보냄",
            None,
            "미납 5,200원",
            "성수동에 간 적이 없는데 5,200원 미납이라고 합니다. 제 이용이 아니니 없애 주세요.",
        )
    }
}

/// An automatic message answers nothing and counts as no attempt: the case still waits for the customer's own answer.
fn out_of_office(calendar: Calendar) -> Story {
    let holder = Holder { number: 36, name: "탁현우", plate: "115서8084", ownership_verified: true };
    let machine = "[자동 회신] 안녕하세요. 저는 현재 휴가 중으로 11월 30일까지 부재중입니다. 복귀 후 확인하여 답변드리겠습니다.";
    Story {
        customer: unverified(36, holder.name, &holder.account()),
        channel: Channel::Email,
        uses: vec![holder.used(lots::coex(), UseStatus::InUse, calendar.since(2 * HOUR))],
        script: vec![
            ScriptStep::CustomerMails(Mail { flags: &[4], ..Mail::of(machine) }),
            ScriptStep::CustomerMails(Mail::of("네 계정 본인입니다.")),
        ],
        end: End::solved(&[Cancel, OperatorMakeGood, Inspection]).saying(&[WHO, CANCELLED]),
        ..holder.writes(
            "부재중 자동 회신, 그 뒤에 답함",
            Some(2),
            "입차 알림",
            "두 시간 전에 입차했다는 알림이 왔는데 차는 집 주차장에 있습니다. 취소 부탁드립니다.",
        )
    }
}
