//! Cuts words without regard to blanks, which customers leave out: as few unknown words as possible, then as few phrases.

use super::lexicon::{Lexicon, Meaning, Piece};
use super::text::Part;

/// How a place in the text is reached best.
#[derive(Clone, Copy)]
struct Step {
    /// Unknown words, then phrases, on the way here.
    cost: (usize, usize),
    /// Where the last piece begins.
    from: usize,
    /// What it means; `None` when unknown.
    meaning: Option<Meaning>,
}

/// What a part is made of. A phrase may leave out or add blanks, but a word is understood as a whole or not at all: "네이버" is not "네".
pub(super) fn pieces(lexicon: &Lexicon, part: &Part) -> Vec<Piece> {
    let length = part.text.len();
    let mut best: Vec<Option<Step>> = vec![None; length + 1];
    best[0] = Some(Step { cost: (0, 0), from: 0, meaning: None });
    for from in 0..length {
        let Some(here) = best[from] else { continue };
        for (to, meaning) in edges(lexicon, part, from, here.meaning) {
            let unknown = usize::from(meaning.is_none());
            let step = Step { cost: (here.cost.0 + unknown, here.cost.1 + 1), from, meaning };
            if best[to].is_none_or(|known| step.cost < known.cost) {
                best[to] = Some(step);
            }
        }
    }
    trace(&best, &part.text)
}

/// Every piece that may begin here: where it ends, and what it means.
fn edges(
    lexicon: &Lexicon,
    part: &Part,
    from: usize,
    before: Option<Meaning>,
) -> impl Iterator<Item = (usize, Option<Meaning>)> {
    let starts_word = part.word_starts.contains(&from);
    let word_end = part.word_end(from);
    // No phrase is longer, so that a word of a whole message takes no longer than many short ones.
    let reach = if starts_word { part.text.len() } else { word_end }.min(from + lexicon.longest());
    let known = (from + 1..=reach).filter_map(move |to| {
        let phrase = part.text.get(from..to)?;
        let meaning = lexicon.meaning(phrase)?;
        let fits = match meaning {
            // "아니네" is not "아니, 네".
            Meaning::Word(_) => starts_word || matches!(before, Some(Meaning::Word(_))),
            Meaning::Weak => starts_word,
            // A single syllable is a word only where it is written as one.
            Meaning::Filler | Meaning::Greeting | Meaning::Both | Meaning::Ordinal(_) => {
                phrase.chars().nth(1).is_some() || (starts_word && to == word_end)
            }
            _ => true,
        };
        fits.then_some((to, Some(meaning)))
    });
    known.chain(starts_word.then_some((word_end, None)))
}

fn trace(best: &[Option<Step>], text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut to = text.len();
    while let Some(step) = best[to].filter(|_| to > 0) {
        pieces.push(match step.meaning {
            Some(meaning) => Piece::Known(meaning),
            None => Piece::Unknown(text[step.from..to].to_owned()),
        });
        to = step.from;
    }
    pieces.reverse();
    pieces
}
