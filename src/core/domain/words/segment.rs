//! Cuts text into phrases. Blanks hardly count, since customers leave them out: the best cut has the fewest unknown
//! words, then the fewest phrases.

use super::lexicon::{Lexicon, Meaning, Noun, Owner, Piece};
use super::text::Part;

/// Endings that close a clause; no word continues after them.
const FINAL_ENDINGS: [&str; 6] = ["니다", "에요", "예요", "아요", "고요", "구요"];

/// The best cut of the text up to one place.
#[derive(Clone, Copy)]
struct Step {
    /// The unknown words, each counted as 2, and the phrases of the cut. An unknown word without a blank before it
    /// counts as 1.
    cost: (usize, usize),
    /// The start of the last piece.
    from: usize,
    /// The meaning of the last piece; `None` if it is unknown.
    meaning: Option<Meaning>,
}

/// Cuts a part into pieces. A phrase may have fewer or more blanks than in the lists, but a word is known as a whole or
/// not at all: "네이버" is not "네".
pub(super) fn pieces(lexicon: &Lexicon, part: &Part) -> Vec<Piece> {
    let length = part.text.len();
    let mut best: Vec<Option<Step>> = vec![None; length + 1];
    // Shortest path over the byte offsets: `best[to]` is the cheapest cut of the text up to `to`.
    best[0] = Some(Step { cost: (0, 0), from: 0, meaning: None });
    for from in 0..length {
        let Some(here) = best[from] else { continue };
        for (to, meaning) in edges(lexicon, part, from, here.meaning) {
            let unknown = match meaning {
                Some(_) => 0,
                None if part.word_starts.contains(&from) => 2,
                None => 1,
            };
            let step = Step { cost: (here.cost.0 + unknown, here.cost.1 + 1), from, meaning };
            if best[to].is_none_or(|known| step.cost < known.cost) {
                best[to] = Some(step);
            }
        }
    }
    trace(lexicon, &best, &part.text)
}

/// The pieces that may begin at `from`: end and meaning. `before` is the meaning of the piece that ends there.
fn edges(
    lexicon: &Lexicon,
    part: &Part,
    from: usize,
    before: Option<Meaning>,
) -> Vec<(usize, Option<Meaning>)> {
    let starts_word = part.word_starts.contains(&from);
    let word_end = part.word_end(from);
    let meanings = lexicon.meanings(part, from);
    let known = meanings.iter().copied().filter_map(move |(to, meaning)| {
        let phrase = part.text.get(from..to)?;
        let fits = match meaning {
            // "아니네" is not "아니, 네".
            Meaning::Word(_) => {
                (starts_word || matches!(before, Some(Meaning::Word(_) | Meaning::Ordinal(_))))
                    && !part.is_said_twice(from, to)
            }
            Meaning::Weak => starts_word,
            // "1 12가3456" is not the plate "112가3456".
            Meaning::Noun(Noun { owner: Owner::Plate, .. })
            | Meaning::Claim(Noun { owner: Owner::Plate, .. }, ..) => !part.splits_a_number(from, to),
            // A single syllable is a word only if it is written as one.
            Meaning::Filler | Meaning::Contrast | Meaning::Greeting | Meaning::Both => {
                phrase.chars().nth(1).is_some() || (starts_word && to == word_end)
            }
            // "네1" ends with a number of a list; "11" and "12가3456" do not.
            Meaning::Ordinal(_) => !part.is_in_a_number(from, to),
            _ => true,
        };
        fits.then_some((to, Some(meaning)))
    });
    let begins_unknown = starts_word || ends_a_clause(before, &part.text[..from]);
    known.chain(begins_unknown.then_some((word_end, None))).collect()
}

/// Whether the text ends with a complete answer, so that another word may follow without a blank: "본인입니다확인해주세요".
fn ends_a_clause(before: Option<Meaning>, text: &str) -> bool {
    matches!(before, Some(Meaning::Claim(..) | Meaning::Predicate(..) | Meaning::Statement(..)))
        && FINAL_ENDINGS.iter().any(|ending| text.ends_with(ending))
}

fn trace(lexicon: &Lexicon, best: &[Option<Step>], text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut to = text.len();
    while let Some(step) = best[to].filter(|_| to > 0) {
        let phrase = &text[step.from..to];
        pieces.push(match step.meaning {
            Some(Meaning::Matter) => Piece::Matter(phrase.to_owned()),
            Some(meaning) => Piece::Known(meaning),
            None => Piece::Unknown(phrase.to_owned()),
        });
        if matches!(step.meaning, Some(Meaning::Matter | Meaning::Denial)) && lexicon.sets_against(phrase) {
            pieces.push(Piece::Known(Meaning::Contrast));
        }
        to = step.from;
    }
    pieces.reverse();
    pieces
}
