//! The words by which the oracle recognises the service's public texts and their questions.

use super::utterances::{Matter, Question};

pub(super) const REMINDS: &str = "아직 답변을 받지 못해";
pub(super) const CLOSES: &str = "마무리하겠습니다";
pub(super) const ASKS_AGAIN: &str = "다시 한번 여쭙니다";
pub(super) const RESTRICTS: &str = "안내하거나 취소해 드릴 수 없습니다";
pub(super) const PAY_FIRST: &str = "먼저 결제해 주시면";
pub(super) const CANCELLED: &str = "주차 건은 바로 취소해 드렸습니다";
pub(super) const REFUNDED: &str = "전액 결제취소해 드렸습니다";
pub(super) const WITHDRAWN: &str = "청구를 철회해 드렸습니다";
pub(super) const COUPON_GRANTED: &str = "쿠폰을 지급해 드렸습니다";
pub(super) const POINTS_GRANTED: &str = "T포인트를 지급해 드렸습니다";
pub(super) const INSPECTED: &str = "기기 점검을 요청했";
pub(super) const CANCELLED_BY_CUSTOMER: &str = "앱에서 이미 취소";
pub(super) const SELF_CANCEL: &str = "[앱결제 취소]를 눌러";
/// The lots where customers cannot cancel in the app, for customers who do not know which lot is meant.
pub(super) const SELF_CANCEL_EXCEPT: &str = "무역센터(코엑스), 남이섬, 인천공항";
/// The lot that is meant, in addition to its region.
pub(super) const NO_SELF_CANCEL: &str = "이번 주차장은 앱에서 직접 취소하실 수 없는 곳";

/// The title of a note about misspelt tags.
pub(super) const TELLS_OF_TAGS: &str = "태그 확인 요청";

const ASKS: [(&str, Question); 5] = [
    ("가입자 본인이신가요", Question::Identity),
    ("가입자 본인이시고", Question::Identity),
    ("고객님께서 이용하시는 차량인가요", Question::Vehicle),
    ("차량을 이용하고 계신가요", Question::Vehicle),
    ("쿠폰을 받으시겠어요", Question::Coupon),
];

/// The words that answer each wish.
const ANSWERS: [(&str, Matter); 4] = [
    ("믿고 이용해 주시는 고객님께", Matter::SelfCancel),
    ("[등록정보 확인하기]", Matter::CancelPass),
    ("걱정이 크셨겠습니다", Matter::WhoWasIt),
    ("주차장 이름은 개인정보 보호를 위해", Matter::WhyHidden),
];

/// Whether a text answers this wish.
pub(super) fn answers(text: &str, matter: Matter) -> bool {
    ANSWERS.iter().any(|(words, answered)| *answered == matter && text.contains(words))
}

/// Whether a text only answers a wish: it begins with that answer.
pub(super) fn only_answers(text: &str) -> bool {
    let greeting = "안녕하세요, 고객님. 카카오 T 고객센터입니다.";
    let said = text.trim().trim_start_matches(greeting).trim_start();
    let first = said.lines().next().unwrap_or_default();
    ANSWERS.iter().any(|(words, _)| first.contains(words))
}

/// The questions in a public text, by its words.
pub(super) fn questions_in(text: &str) -> Vec<Question> {
    ASKS.into_iter().filter(|(words, _)| text.contains(words)).map(|(_, question)| question).collect()
}

/// Whether it is a reminder, which asks nothing new.
pub(super) fn reminds(text: &str) -> bool {
    text.contains(REMINDS) || text.contains(CLOSES)
}

/// A word that is in no text would make its check useless.
#[test]
fn all_words_of_the_oracle_stand_in_the_shipped_texts() {
    let macros = misread::config::load_files(&std::collections::BTreeMap::new()).unwrap().macros;
    let texts: Vec<&str> = macros.names().map(|name| macros.text(name).unwrap()).collect();
    let words = [
        REMINDS,
        CLOSES,
        ASKS_AGAIN,
        RESTRICTS,
        PAY_FIRST,
        CANCELLED,
        REFUNDED,
        WITHDRAWN,
        COUPON_GRANTED,
        POINTS_GRANTED,
        INSPECTED,
        CANCELLED_BY_CUSTOMER,
        SELF_CANCEL,
        SELF_CANCEL_EXCEPT,
        NO_SELF_CANCEL,
    ];
    for words in words.into_iter().chain(ASKS.map(|(words, _)| words)).chain(ANSWERS.map(|(words, _)| words))
    {
        assert!(texts.iter().any(|text| text.contains(words)), "no text says `{words}`");
    }
}
