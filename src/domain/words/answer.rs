//! Weighs all remarks of a message against one question. Every doubt makes it unclear.

use super::lexicon::Polarity;
use super::remark::{How, Remark};
use super::{Answer, Question};

/// The answer to a question, one of `asked` questions that were put together.
pub(super) fn answer(question: Question, asked: usize, remarks: &[Remark]) -> Answer {
    let evidence = Evidence::of(question, remarks);
    if evidence.wavers {
        return Answer::Unclear;
    }
    match (evidence.explicit_yes, evidence.explicit_no) {
        (true, true) => Answer::Unclear,
        // "아니요 제 차 맞아요", "제 차 맞는데 … 제 차가 아니에요"
        (true, false) if evidence.bare_no || evidence.murky_here => Answer::Unclear,
        (true, false) => Answer::Yes,
        // "네 제 차 아니에요" is a polite no.
        (false, true) => Answer::No,
        (false, false) => evidence.bare(question, asked),
    }
}

/// What speaks for and against.
#[derive(Default)]
struct Evidence {
    explicit_yes: bool,
    explicit_no: bool,
    /// Something was said of another question: an answer without a noun belongs to that.
    explicit_elsewhere: bool,
    bare_yes: bool,
    /// A bare yes was more than a word: 맞아요.
    bare_yes_says_more: bool,
    bare_no: bool,
    murky_here: bool,
    murky_anywhere: bool,
    mentioned: bool,
    called_mine: bool,
    wavers: bool,
    both: bool,
    weak: bool,
    thanks: bool,
    other: bool,
}

impl Evidence {
    fn of(question: Question, remarks: &[Remark]) -> Self {
        let mut evidence = Self::default();
        for remark in remarks {
            match remark {
                Remark::Says { about, polarity, how } if about.is_empty() => {
                    evidence.bare_yes |= *polarity == Polarity::Yes;
                    evidence.bare_no |= *polarity == Polarity::No;
                    evidence.bare_yes_says_more |= *polarity == Polarity::Yes && *how != How::Word;
                }
                Remark::Says { about, polarity, .. } if about.contains(&question) => {
                    evidence.explicit_yes |= *polarity == Polarity::Yes;
                    evidence.explicit_no |= *polarity == Polarity::No;
                }
                Remark::Says { .. } => evidence.explicit_elsewhere = true,
                Remark::Murky(about) => {
                    evidence.murky_here |= about.contains(&question);
                    evidence.murky_anywhere |= about.is_empty() || about.contains(&question);
                }
                Remark::Mentions { about, mine } if *about == question => {
                    evidence.mentioned |= !mine;
                    evidence.called_mine |= mine;
                }
                Remark::Wavers => evidence.wavers = true,
                Remark::Both => evidence.both = true,
                Remark::Weak => evidence.weak = true,
                Remark::Thanks => evidence.thanks = true,
                Remark::Mentions { .. } | Remark::Other => evidence.other = true,
            }
        }
        evidence
    }

    /// What answers without a noun mean.
    fn bare(&self, question: Question, asked: usize) -> Answer {
        if self.explicit_elsewhere || self.murky_anywhere {
            return Answer::Unclear;
        }
        let mentioned = self.mentioned || self.called_mine;
        match (self.bare_yes, self.bare_no) {
            (true, false) if self.bare_yes_says_more => Answer::Yes,
            // "네 그 차 …" is not understood; "네 알겠습니다" only confirms having read, unless we offered something.
            (true, false) if self.mentioned || (self.thanks && question != Question::Coupon) => Answer::Unclear,
            (true, false) => Answer::Yes,
            // "아니요" to two questions denies one of them, but which?
            (false, true) if !mentioned && (asked == 1 || self.both) => Answer::No,
            (false, false) if self.weak && !self.other && !mentioned && asked == 1 => Answer::No,
            _ => Answer::Unclear,
        }
    }
}
