//! The policy's inputs, each a closed list of values.
//!
//! Every input that can be unknown has the value "unknown", so that the tables must say what happens then.

use serde::{Deserialize, Serialize};

/// An input of a decision table: a closed list of values with their names.
pub trait Input: Copy + Eq + Sized + 'static {
    /// The input's name in the policy file.
    const NAME: &'static str;
    /// The input's Korean name in the centre.
    const KOREAN: &'static str;
    /// All values.
    const ALL: &'static [Self];

    /// The value's name in the policy file.
    fn code(self) -> &'static str;
    /// The value's Korean name in the centre.
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
    /// Which use the ticket is about (guide, order of a consultation, 2).
    Found = "use", "이용 건" {
        /// None was found, and no given detail excludes one.
        None = "none", "찾지 못함";
        /// Exactly one.
        One = "one", "한 건";
        /// More than one.
        Several = "several", "여러 건";
        /// A plate or time was given that fits none of the uses found, or given details contradict each other.
        Contradicted = "contradicted", "알려 준 내용과 다름";
        /// A time was given that could not be read.
        Unread = "unread", "알려 준 내용을 읽지 못함";
    }
}
input! {
    /// Who writes (policy, "Who writes, and what may be told and done").
    Identity = "identity", "작성자" {
        /// The requester is an end user whose verified external id is the use's account, and their words carry no warning.
        Proven = "proven", "계정 본인(시스템 확인)";
        /// Their external id is the use's account, and they clearly answered yes without a warning.
        AccountTied = "account_tied", "계정 본인(연결된 계정, 본인 답변)";
        /// They clearly answered yes, and have no linked account or another one.
        OwnWord = "own_word", "본인이라는 답변뿐";
        /// They said that they are not the holder.
        Denied = "denied", "본인 아님";
        /// None of these is established.
        Unknown = "unknown", "확인 안 됨";
        /// Asking is pointless: a member of staff, a suspended user, a requester who was replaced or whom no reply reaches.
        Excluded = "excluded", "자동 상담 대상 아님";
    }
}
input! {
    /// Whether the registered plate is of a car that the customer uses (guide, order of a consultation, 3).
    VehicleMatch = "vehicle", "차량 확인" {
        /// Established, or confirmed by the customer when asked.
        Own = "own", "본인 차량";
        /// The customer said that it is not.
        NotOwn = "not_own", "본인 차량 아님";
        /// Not established, and no plate was given.
        Unknown = "unknown", "확인 안 됨";
        /// A plate was given that differs from the use's.
        Contradicted = "contradicted", "알려 준 차량번호와 다름";
        /// A plate was given that could not be read.
        Unread = "unread", "알려 준 차량번호를 읽지 못함";
    }
}
input! {
    /// Whether the customer's own words agree with the request to cancel.
    Request = "request", "요청 내용" {
        /// No words speak against it.
        Stands = "stands", "취소 요청";
        /// Some words do: they did park, do not want it cancelled, speak for another person, or the like.
        Contradicted = "contradicted", "요청과 다른 내용이 있음";
        /// The turn rests on words that are not all understood.
        Unread = "unread", "이해하지 못한 내용이 있음";
    }
}
input! {
    /// 픽 상태, as far as the policy distinguishes states.
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
        /// An unknown state.
        Unknown = "unknown", "알 수 없음";
    }
}
input! {
    /// The kind of lot, as far as the policy distinguishes lots.
    LotKind = "lot", "주차장" {
        /// In business, not at Incheon Airport.
        Open = "open", "운영 중";
        /// 폐점
        Closed = "closed", "폐점";
        /// 인천공항
        Incheon = "incheon", "인천공항";
        /// Both at once, which does not occur in practice.
        IncheonClosed = "incheon_closed", "인천공항이면서 폐점";
        /// An unknown kind.
        Unknown = "unknown", "알 수 없음";
    }
}
input! {
    /// The operator of the lot.
    Operator = "operation", "운영 형태" {
        /// 직영
        Direct = "direct", "직영";
        /// 제휴
        Partner = "partner", "제휴";
        /// An unknown operator.
        Unknown = "unknown", "알 수 없음";
    }
}

input! {
    /// What has already happened in this consultation (guide, decision table, inputs).
    Progress = "progress", "진행" {
        /// Nothing relevant.
        None = "none", "처음";
        /// An agent has called the airport and given the ticket back.
        AirportCalled = "airport_called", "공항 통화 완료";
        /// The customer accepts the coupon.
        CouponAccepted = "coupon_accepted", "쿠폰 수락";
        /// The customer declines the coupon.
        CouponDeclined = "coupon_declined", "쿠폰 거절";
        /// The customer was asked to pay first.
        PaymentRequested = "payment_requested", "결제 요청함";
    }
}
input! {
    /// The amount of a possible compensation, compared with the most that is granted without a person (setting
    /// `compensation.cap_won`).
    Grant = "amount", "보상 금액" {
        /// At most the cap.
        WithinCap = "within_cap", "한도 이내";
        /// Above the cap.
        AboveCap = "above_cap", "한도 초과";
        /// The use has no amount.
        Unknown = "unknown", "금액 없음";
    }
}

/// What is known of one policy input, in Korean for the internal note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence<T> {
    /// The value that the policy's rows are compared with.
    pub value: T,
    /// The evidence for it.
    pub source: String,
    /// The evidence against it.
    pub against: Vec<String>,
    /// What was given but not understood.
    pub not_understood: Vec<String>,
}

impl<T> Evidence<T> {
    /// A value without evidence against it.
    pub fn of(value: T, source: impl Into<String>) -> Self {
        Self { value, source: source.into(), against: Vec::new(), not_understood: Vec::new() }
    }

    /// Adds evidence against it.
    #[must_use]
    pub fn against(mut self, grounds: impl IntoIterator<Item = String>) -> Self {
        self.against.extend(grounds);
        self
    }

    /// Adds what was given but not understood.
    #[must_use]
    pub fn not_understood(mut self, grounds: impl IntoIterator<Item = String>) -> Self {
        self.not_understood.extend(grounds);
        self
    }
}

/// All policy inputs of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Situation {
    pub found: Evidence<Found>,
    pub identity: Evidence<Identity>,
    pub vehicle: Evidence<VehicleMatch>,
    pub request: Evidence<Request>,
    /// The one use that fits; `None` unless exactly one was found.
    pub one: Option<OneUse>,
}

/// The inputs of the second table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneUse {
    /// 픽 상태
    pub status: Evidence<Status>,
    /// The kind of lot.
    pub lot: Evidence<LotKind>,
    /// 직영 or 제휴.
    pub operation: Evidence<Operator>,
    /// What has already happened.
    pub progress: Evidence<Progress>,
    /// The amount of a possible compensation.
    pub amount: Evidence<Grant>,
}
