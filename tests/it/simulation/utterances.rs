//! Customers' messages, labelled by hand as a careful agent would read them.

/// The questions that the service may ask (policy, the order of a consultation 1 and 3, decision table 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Identity,
    Vehicle,
    Coupon,
}

/// The answer of an utterance to one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Yes,
    No,
    Unclear,
    /// No answer: the previous one remains.
    Silent,
    /// Reasonable people differ, but none would read a yes.
    NotYes,
    /// Reasonable people differ.
    Either,
}

/// Customers' wishes (policy, follow-ups).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matter {
    SelfCancel,
    CancelPass,
    WhoWasIt,
    WhyHidden,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Answers a question; requires a reaction.
    Answer,
    /// Thanks, okay, or a bare yes: requires no reaction if nothing was asked.
    Polite,
    /// A wish, which has a reply of its own.
    Wish(Matter),
    /// Requires a person.
    Other,
    /// A machine's answer, which is no person's word.
    Machine,
    /// No text at all.
    Blank,
}

/// The additional content of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    Nothing,
    /// Content that a person must read.
    Unread,
    /// An objection to the request.
    Against,
}

/// One message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Utterance {
    pub(super) text: &'static str,
    pub(super) kind: Kind,
    /// Its answer to each question asked alone: identity, vehicle, coupon. y yes, n no, u unclear, - silent, x not a
    /// yes, ? either.
    alone: [u8; 3],
    /// Its answer if identity and vehicle are asked together.
    both: [u8; 2],
    /// The questions that it explicitly denies, asked or not.
    pub(super) denies: Option<Question>,
    pub(super) beside: Beside,
}

impl Utterance {
    /// Its answer to `question` while `asked` is open.
    pub(super) fn label(&self, question: Question, asked: &[Question]) -> Label {
        let place = question as usize;
        if !asked.contains(&question) {
            return if self.denies == Some(question) { Label::No } else { Label::Silent };
        }
        label(if asked.len() == 2 && place < 2 { self.both[place] } else { self.alone[place] })
    }
}

impl Utterance {
    /// Whether it leaves an asked question open.
    pub(super) fn is_muddled(&self, asked: &[Question]) -> bool {
        asked.iter().any(|question| self.label(*question, asked) == Label::Unclear)
    }

    /// Whether it clearly answers only another question.
    pub(super) fn is_of_another(&self, question: Question) -> bool {
        let clear = |place: usize| place != question as usize && matches!(self.alone[place], b'y' | b'n');
        self.denies.is_some_and(|denied| denied != question) || (0..2).any(clear)
    }
}

fn label(letter: u8) -> Label {
    match letter {
        b'y' => Label::Yes,
        b'n' => Label::No,
        b'u' => Label::Unclear,
        b'-' => Label::Silent,
        b'x' => Label::NotYes,
        _ => Label::Either,
    }
}

const fn answer(text: &'static str, alone: [u8; 3], both: [u8; 2]) -> Utterance {
    Utterance { text, kind: Kind::Answer, alone, both, denies: None, beside: Beside::Nothing }
}

const fn denial(text: &'static str, alone: [u8; 3], both: [u8; 2], denies: Question) -> Utterance {
    Utterance { text, kind: Kind::Answer, alone, both, denies: Some(denies), beside: Beside::Nothing }
}

const fn polite(text: &'static str, alone: [u8; 3], both: [u8; 2]) -> Utterance {
    Utterance { text, kind: Kind::Polite, alone, both, denies: None, beside: Beside::Nothing }
}

const fn wish(text: &'static str, matter: Matter) -> Utterance {
    Utterance {
        text,
        kind: Kind::Wish(matter),
        alone: *b"---",
        both: *b"--",
        denies: None,
        beside: Beside::Nothing,
    }
}

const fn other(text: &'static str) -> Utterance {
    laden(text, *b"---", *b"--", Beside::Unread)
}

/// An answer with more content.
const fn laden(text: &'static str, alone: [u8; 3], both: [u8; 2], beside: Beside) -> Utterance {
    Utterance { text, kind: Kind::Other, alone, both, denies: None, beside }
}

const fn machine(text: &'static str) -> Utterance {
    Utterance { kind: Kind::Machine, ..other(text) }
}

pub(super) const UTTERANCES: &[Utterance] = &[
    polite("네", *b"yyy", *b"yy"),
    answer("네 맞아요", *b"yy?", *b"yy"),
    answer("네, 맞습니다.", *b"yy?", *b"yy"),
    answer("네 본인 맞습니다", *b"y??", *b"y?"),
    answer("본인입니다", *b"y?-", *b"y?"),
    answer("둘 다 맞아요", *b"??-", *b"yy"),
    answer("본인이고 제 차 맞아요", *b"yy-", *b"yy"),
    answer("계정은 제 거 맞고 차도 제 차예요", *b"??-", *b"yy"),
    answer("제 차 맞아요", *b"xy-", *b"xy"),
    answer("제 계정이고 제 차인데 이용은 안 했어요", *b"??-", *b"yy"),
    answer("아니요", *b"nnn", *b"xx"),
    answer("아닙니다", *b"nnx", *b"xx"),
    denial("본인 아니에요", *b"nxx", *b"nx", Question::Identity),
    denial("남편 계정이에요", *b"nxx", *b"nx", Question::Identity),
    denial("아뇨 대신 문의하는 거예요", *b"nxx", *b"nx", Question::Identity),
    denial("제 차 아니에요", *b"xnx", *b"xn", Question::Vehicle),
    denial("남편 차예요", *b"xnx", *b"xn", Question::Vehicle),
    denial("본인은 맞지만 제 차는 아닙니다", *b"?nx", *b"yn", Question::Vehicle),
    answer("둘 다 아니에요", *b"xxx", *b"nn"),
    answer("1", *b"yyy", *b"yy"),
    answer("1번이요", *b"yyy", *b"yy"),
    answer("1번입니다. 12가3456", *b"???", *b"??"),
    answer("2번이요", *b"nnn", *b"yn"),
    answer("2", *b"nnn", *b"yn"),
    answer("3번", *b"uuu", *b"n?"),
    answer("네, 이용하는 차량입니다.", *b"?y-", *b"?y"),
    answer("본인이지만, 등록된 차량을 이용하지 않습니다.", *b"?nx", *b"yn"),
    answer("글쎄요", *b"uuu", *b"uu"),
    answer("모르겠어요", *b"uuu", *b"uu"),
    answer("네?", *b"uuu", *b"uu"),
    answer("무슨 말인지 모르겠어요", *b"uuu", *b"uu"),
    answer("본인 맞냐고요?", *b"u?-", *b"u?"),
    answer("네 잠시만요 확인해볼게요", *b"uuu", *b"uu"),
    answer("아마 맞을걸요", *b"uuu", *b"uu"),
    answer("맞긴 뭐가 맞아요", *b"uux", *b"uu"),
    answer("네 아니요", *b"uuu", *b"uu"),
    answer("빨리 처리해 주세요", *b"--?", *b"--"),
    answer("네 제 차는 99하9999예요", *b"?u?", *b"?u"),
    answer("쿠폰 받을게요", *b"--y", *b"--"),
    answer("쿠폰으로 주세요", *b"--y", *b"--"),
    answer("네 쿠폰으로 처리해주세요", *b"??y", *b"??"),
    answer("쿠폰 필요 없어요", *b"--n", *b"--"),
    answer("쿠폰 말고 포인트로 주세요", *b"--n", *b"--"),
    answer("쿠폰 얼마짜리예요?", *b"--u", *b"--"),
    answer("쿠폰은 괜찮아요", *b"--u", *b"--"),
    answer("아니요 쿠폰 주세요", *b"xxu", *b"xx"),
    answer("환불은 안 되나요?", *b"--u", *b"--"),
    polite("감사합니다", *b"---", *b"--"),
    polite("감사합니다!!", *b"---", *b"--"),
    polite("네 감사합니다", *b"??y", *b"??"),
    polite("네 알겠습니다", *b"???", *b"??"),
    wish("주차패스 해지해주세요", Matter::CancelPass),
    wish("매번 이렇게 문의해야 하나요?", Matter::SelfCancel),
    wish("제 차 도난당한 건가요?", Matter::WhoWasIt),
    wish("누가 주차한 건지 알려주세요", Matter::WhoWasIt),
    wish("주차장 이름은 왜 가려져 있나요?", Matter::WhyHidden),
    other("영수증 보내주세요"),
    other("전화번호 바꾸고 싶어요"),
    other("카드사에서 아직 취소가 안 됐대요"),
    other("결제했어요"),
    other("{{ticket.requester.email}} {% raw %} 이거 뭐예요"),
];

/// Answers with additional content that must not be ignored.
pub(super) const LADEN: &[Utterance] = &[
    laden("네 맞아요. 영수증도 보내주세요", *b"yy?", *b"yy", Beside::Unread),
    laden("네 본인이고 제 차 맞아요. 첨부한 사진 봐 주세요", *b"yy?", *b"yy", Beside::Unread),
    laden("네 맞습니다. 전화번호도 바꾸고 싶어요", *b"yy?", *b"yy", Beside::Unread),
    laden("네, 맞아요. 그리고 지난달에 문의한 건은 어떻게 됐나요?", *b"yy?", *b"yy", Beside::Unread),
    laden("네 본인입니다. 사실 그날 제가 주차한 건 맞아요", *b"y??", *b"y?", Beside::Against),
    laden("네. 그런데 취소는 하지 말아 주세요", *b"yy?", *b"yy", Beside::Against),
    laden("네 맞아요. 같은 건이 두 번 결제됐어요", *b"yy?", *b"yy", Beside::Against),
    laden("네 맞는데 이미 환불받았어요", *b"???", *b"??", Beside::Against),
    laden("네 본인이고 제 차인데 그 차는 지난달에 팔았어요", *b"???", *b"??", Beside::Against),
    laden("네. 경찰에 신고하겠습니다", *b"???", *b"??", Beside::Against),
];

/// Automatic replies.
pub(super) const MACHINES: &[Utterance] = &[
    machine("현재 부재중입니다. 12월 5일 이후 회신드리겠습니다."),
    machine("네, 안녕하세요. 홍길동입니다. 현재 부재중입니다. 12월 5일 이후 회신드리겠습니다."),
    machine("자동 회신: 휴가 중입니다. 급하신 용무는 전화 주세요."),
    machine("문의가 접수되었습니다. 순차적으로 답변드리겠습니다."),
];

/// A message without any text.
pub(super) const BLANK: Utterance = Utterance {
    text: "",
    kind: Kind::Blank,
    alone: *b"---",
    both: *b"--",
    denies: None,
    beside: Beside::Unread,
};
