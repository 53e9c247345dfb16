//! The inputs that the policy may ask about, each a closed list of values.
//!
//! "Unknown" is a value of every input that can be unknown, so that the tables must say what happens then.

use serde::{Deserialize, Serialize};

/// An input of a decision table: a closed list of values with their words.
pub trait Input: Copy + Eq + Sized + 'static {
    /// The input's name in the policy file.
    const NAME: &'static str;
    /// The centre's word for the input.
    const KOREAN: &'static str;
    /// Every value.
    const ALL: &'static [Self];

    /// The value's name in the policy file.
    fn code(self) -> &'static str;
    /// The centre's word for the value.
    fn korean(self) -> &'static str;
}

macro_rules! input {
    ($(#[$doc:meta])* $name:ident = $code:literal, $korean:literal { $($(#[$value_doc:meta])* $value:ident = $value_code:literal, $value_korean:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$value_doc])* #[serde(rename = $value_code)] $value,)+
        }

        impl Input for $name {
            const NAME: &'static str = $code;
            const KOREAN: &'static str = $korean;
            const ALL: &'static [Self] = &[$(Self::$value),+];

            fn code(self) -> &'static str {
                match self { $(Self::$value => $value_code),+ }
            }

            fn korean(self) -> &'static str {
                match self { $(Self::$value => $value_korean),+ }
            }
        }
    };
}

input! {
    /// How many uses fit what the ticket says.
    Found = "use", "이용 건" {
        /// None.
        None = "none", "찾지 못함";
        /// Exactly one.
        One = "one", "한 건";
        /// More than one.
        Several = "several", "여러 건";
    }
}
input! {
    /// Whether the writer is the holder of the app account (guide, order of a consultation, 1).
    Identity = "identity", "본인 확인" {
        /// Established by the company's own systems, or the customer said so when asked.
        Holder = "holder", "계정 본인";
        /// The customer said that they are not.
        NotHolder = "not_holder", "본인 아님";
        /// Not established.
        Unknown = "unknown", "확인 안 됨";
    }
}
input! {
    /// Whether the registered plate is the customer's own (guide, order of a consultation, 3).
    VehicleMatch = "vehicle", "차량 확인" {
        /// Established, or the customer said so when asked.
        Own = "own", "본인 차량";
        /// The customer said that it is not.
        NotOwn = "not_own", "본인 차량 아님";
        /// Not established.
        Unknown = "unknown", "확인 안 됨";
    }
}
input! {
    /// 픽 상태, as far as the policy tells states apart.
    Status = "status", "픽 상태" {
        /// 이용 중
        InUse = "in_use", "이용 중";
        /// 이용완료(결제완료)
        Completed = "completed", "이용완료(결제완료)";
        /// 미수
        Unpaid = "unpaid", "미수";
        /// 고객 취소
        CancelledByCustomer = "cancelled_by_customer", "고객 취소";
        /// Already cancelled, refunded or withdrawn by the centre.
        Settled = "settled", "센터 처리 완료";
        /// A state that we do not know.
        Unknown = "unknown", "알 수 없음";
    }
}
input! {
    /// What kind of lot it is, as far as the policy tells lots apart.
    LotKind = "lot", "주차장" {
        /// In business, not at Incheon Airport.
        Open = "open", "운영 중";
        /// 폐점
        Closed = "closed", "폐점";
        /// 인천공항
        Incheon = "incheon", "인천공항";
        /// Both at once, which cannot be true in practice.
        IncheonClosed = "incheon_closed", "인천공항이면서 폐점";
        /// Something that we do not know.
        Unknown = "unknown", "알 수 없음";
    }
}
input! {
    /// Who runs the lot.
    Operator = "operation", "운영 형태" {
        /// 직영
        Direct = "direct", "직영";
        /// 제휴
        Partner = "partner", "제휴";
        /// Something that we do not know.
        Unknown = "unknown", "알 수 없음";
    }
}

input! {
    /// What has already happened in this consultation (guide, decision table, inputs).
    Progress = "progress", "진행" {
        /// Nothing that matters.
        None = "none", "처음";
        /// An agent has called the airport and gave the ticket back.
        AirportCalled = "airport_called", "공항 통화 완료";
        /// The customer takes the coupon.
        CouponAccepted = "coupon_accepted", "쿠폰 수락";
        /// The customer does not want the coupon.
        CouponDeclined = "coupon_declined", "쿠폰 거절";
        /// The customer was asked to pay first.
        PaymentRequested = "payment_requested", "결제 요청함";
    }
}
input! {
    /// The amount that a compensation would have, against the most that is granted without a person (setting
    /// `compensation.cap_won`).
    Grant = "amount", "보상 금액" {
        /// Not more than the cap.
        WithinCap = "within_cap", "한도 이내";
        /// More than the cap.
        AboveCap = "above_cap", "한도 초과";
        /// The use has no amount.
        Unknown = "unknown", "금액 없음";
    }
}

/// A value and where it is known from, in the words of the internal note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it is known from (Korean).
    pub source: String,
}

/// Everything that the policy may ask about one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    /// How many uses fit.
    pub found: Sourced<Found>,
    /// Who writes.
    pub identity: Sourced<Identity>,
    /// Whose car.
    pub vehicle: Sourced<VehicleMatch>,
    /// The one use that fits, as far as the policy tells uses apart; `None` unless exactly one was found.
    pub one: Option<OneUse>,
}

/// The inputs of the second table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneUse {
    /// 픽 상태
    pub status: Sourced<Status>,
    /// What kind of lot.
    pub lot: Sourced<LotKind>,
    /// Who runs it.
    pub operation: Sourced<Operator>,
    /// What has already happened.
    pub progress: Sourced<Progress>,
    /// What a compensation would be worth.
    pub amount: Sourced<Grant>,
}
