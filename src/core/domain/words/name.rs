//! Recognises people's names in signatures and next to "본인".

use std::collections::BTreeSet;

use super::pattern::{Memo, Patterns};
use super::text::Sentence;

/// The words that may follow a name which the writer gives as their own.
const AFTER_A_NAME: [&str; 9] =
    ["입니다", "이에요", "예요", "이고", "이라고", "라고", "본인", "드림", "올림"];

/// Names, and lines that sign a message: a name with a title or a department.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// 김철수
    pub(super) names: Patterns<()>,
    /// 김철수, 영업팀 김철수 과장
    pub(super) signatures: Patterns<()>,
}

impl Names {
    /// Removes the sentences that only sign the message.
    pub(super) fn take_signatures(&self, sentences: &mut Vec<Sentence>) {
        let signs = |sentence: &Sentence| {
            let text = sentence.squeezed();
            let ends = self.signatures.at(&text, 0, &mut Memo::default());
            !sentence.asks && ends.iter().any(|(to, ())| *to == text.len())
        };
        let signing: Vec<bool> = sentences.iter().map(signs).collect();
        // If the first sentence is a name, nothing is removed: it may name the person that the message is about.
        let mut place = 0;
        if signing.first() == Some(&false) {
            sentences.retain(|_| {
                place += 1;
                !signing[place - 1]
            });
        }
    }

    /// Whether more than one name is given as the writer's: "김철수 본인입니다 박영희 드림".
    pub(super) fn are_several(&self, sentences: &[Sentence]) -> bool {
        let mut found = BTreeSet::new();
        for part in sentences.iter().flat_map(|sentence| &sentence.parts) {
            for from in &part.word_starts {
                for (to, ()) in self.names.at(&part.text, *from, &mut part.cache.borrow_mut().memo) {
                    let rest = &part.text[to..];
                    let is_given =
                        rest.is_empty() || AFTER_A_NAME.iter().any(|after| rest.starts_with(after));
                    if is_given {
                        found.insert(part.text[*from..to].to_owned());
                    }
                }
            }
        }
        found.len() > 1
    }
}
