//! What customers must read, by the guide: a phrase of each public text that no other text has. The macros must mention
//! these phrases, so a reworded macro still has them.

/// Identity is asked (상담 순서 1).
pub(super) const WHO: &str = "가입자 본인이신가요";
/// The vehicle is asked (상담 순서 3).
pub(super) const CAR: &str = "이용하시는 차량인가요";
/// Both are asked (상담 순서 1·3).
pub(super) const BOTH: &str = "가입자 본인이시고";
/// A running use is cancelled (결정표 2·3행).
pub(super) const CANCELLED: &str = "청구되는 요금은 없으니";
/// A payment is cancelled (결정표 4·6행).
pub(super) const REFUNDED: &str = "은 전액 결제취소";
/// A receivable is withdrawn (결정표 7·8·10행).
pub(super) const WITHDRAWN: &str = "은 청구를 철회";
/// A coupon is offered (결정표 5행).
pub(super) const OFFER: &str = "쿠폰을 받으시겠어요";
/// A coupon is granted (결정표 5행).
pub(super) const COUPON: &str = "에 해당하는 쿠폰을 지급해 드렸습니다";
/// Points are granted (결정표 5·9행).
pub(super) const POINTS: &str = "에 해당하는 T포인트를 지급해 드렸습니다";
/// A payment is required first (결정표 9행).
pub(super) const PAY: &str = "T포인트로 보상해 드리겠습니다";
/// The airport is called first (결정표 6·10행).
pub(super) const INTERIM: &str = "주차장에 먼저 확인";
/// Nothing is disclosed to another person (상담제한).
pub(super) const RESTRICTED: &str = "안내하거나 취소해 드릴 수 없습니다";
/// How to end a pass (상담 안내).
pub(super) const PASS: &str = "주차패스 해지";
/// Which car it was (상담 안내).
pub(super) const WHICH_CAR: &str = "다시 안내해 드려도 될까요";
/// Closed without an answer.
pub(super) const CLOSED: &str = "언제든지 다시 글을 남겨 주시면";
