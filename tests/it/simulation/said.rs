//! One message of the customer as it arrives: its words, Zendesk's warning, its files, and the additions of a mail
//! program.

use misread::domain::ticket::Warning;

use super::rng::Rng;
use super::utterances::{BLANK, Beside, Kind, LADEN, MACHINES, Question, Utterance};

/// A message with the labels that the oracle judges by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    /// `None`: the opening, which the situation labels.
    pub(super) words: Option<Utterance>,
    /// Zendesk's warning.
    pub(super) flag: Option<Warning>,
    pub(super) files: usize,
    pub(super) wrapping: Wrapping,
}

/// The additions of a mail program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrapping {
    Bare,
    /// Our last text below, each line marked.
    Marked,
    /// Our last text below, unmarked.
    Below,
    /// Our last text above, unmarked.
    Above,
    /// Our last text under a header.
    Original,
    /// Another person's words under a header.
    Foreign,
    Phone,
    Signature,
    Disclaimer,
}

/// Zendesk's flags 0, 2, 3, 4 and 11.
const FLAGS: [Warning; 5] = [
    Warning::NotTrusted,
    Warning::NotInConversation,
    Warning::NotSignedIn,
    Warning::Automatic,
    Warning::OnBehalf,
];

const WRAPPINGS: [Wrapping; 7] = [
    Wrapping::Marked,
    Wrapping::Below,
    Wrapping::Above,
    Wrapping::Original,
    Wrapping::Phone,
    Wrapping::Signature,
    Wrapping::Disclaimer,
];

impl Said {
    /// The first message of the ticket.
    pub(super) const OPENING: Self = Self { words: None, flag: None, files: 0, wrapping: Wrapping::Bare };

    /// These words; occasionally something stranger.
    pub(super) fn twisted(words: Utterance, rng: &mut Rng) -> Self {
        let bare = Self { words: Some(words), ..Self::OPENING };
        match rng.between(0, 99) {
            0..8 => Self { flag: Some(rng.pick(&FLAGS)), ..bare },
            8..12 => Self { files: 1, ..bare },
            12..14 => Self { words: Some(BLANK), ..bare },
            14..17 => Self { words: Some(BLANK), files: 2, ..bare },
            17..22 => Self { words: Some(rng.pick(MACHINES)), ..bare },
            22..28 => Self { words: Some(rng.pick(LADEN)), ..bare },
            28..57 => Self { wrapping: rng.pick(&WRAPPINGS), ..bare },
            57..60 => Self { wrapping: Wrapping::Foreign, ..bare },
            _ => bare,
        }
    }

    /// The text as it arrives, written below or above this text of ours.
    pub(super) fn text(&self, ours: Option<&str>) -> String {
        let own = self.words.map_or("", |words| words.text);
        let ours = ours.unwrap_or_default();
        let header = "2026년 11월 20일 (금) 오후 2:10, 고객센터 <support@centre.example>님이 작성:";
        match self.wrapping {
            Wrapping::Bare => own.to_owned(),
            Wrapping::Marked => {
                let marked: Vec<String> = ours.lines().map(|line| format!("> {line}")).collect();
                format!("{own}\n\n{header}\n\n{}", marked.join("\n"))
            }
            Wrapping::Below => format!("{own}\n\n{ours}"),
            Wrapping::Above => format!("{ours}\n\n{own}"),
            Wrapping::Original => format!(
                "{own}\n\n-----Original Message-----\nFrom: \"고객센터\"<support@centre.example>\nTo: <hong@mail.example>;\nSent: 2026-11-20 (금) 14:10:11 (GMT+09:00)\nSubject: Re: 문의\n\n{ours}"
            ),
            Wrapping::Foreign => {
                let header = header.replace("고객센터 <support", "이현우 <lee");
                format!("{own}\n\n{header}\n\n네 맞아요")
            }
            Wrapping::Phone => format!("{own}\n\n나의 iPhone에서 보냄"),
            Wrapping::Signature => format!("{own}\n\n홍길동 드림\n010-0000-0000"),
            Wrapping::Disclaimer => format!(
                "{own}\n\n이 메일은 지정된 수신인만을 위한 것이며, 만약 수신인이 아닌 경우 즉시 삭제해 주시기 바랍니다."
            ),
        }
    }

    /// Whether a machine wrote it.
    pub(super) fn is_a_machines(&self) -> bool {
        self.flag == Some(Warning::Automatic) || self.is_of(Kind::Machine)
    }

    /// Whether a person other than the customer may have written it.
    pub(super) fn is_doubted(&self) -> bool {
        self.flag.is_some() && !self.is_a_machines()
    }

    /// Whether it contains a file, or text that is not certainly the writer's own.
    pub(super) fn has_no_words(&self) -> bool {
        !self.is_a_machines()
            && (self.files > 0 || self.is_of(Kind::Blank) || self.wrapping == Wrapping::Foreign)
    }

    /// Whether it contains an objection to the request.
    pub(super) fn is_against(&self) -> bool {
        !self.is_a_machines() && self.words.is_some_and(|words| words.beside == Beside::Against)
    }

    /// Whether a person must read it: not all of it is an answer, a wish or politeness.
    pub(super) fn needs_a_reader(&self, asked: &[Question]) -> bool {
        let Some(words) = self.words.filter(|_| !self.is_a_machines()) else { return false };
        words.beside != Beside::Nothing || self.has_no_words() || words.is_muddled(asked)
    }

    fn is_of(&self, kind: Kind) -> bool {
        self.words.is_some_and(|words| words.kind == kind)
    }
}
