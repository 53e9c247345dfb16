//! Cuts words without regard to blanks, which customers leave out: as few unknown words as possible, then as few phrases.

use super::lexicon::{Lexicon, Meaning, Noun, Owner, Piece};
use super::pattern::Memo;
use super::text::Part;

/// With these a clause ends, and no word goes on.
const FINAL_ENDINGS: [&str; 6] = ["니다", "에요", "예요", "아요", "고요", "구요"];

/// How a place in the text is reached best.
#[derive(Clone, Copy)]
struct Step {
    /// Unknown words, then phrases, on the way here. What is run together with an answer counts half.
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
    let mut memo = Memo::default();
    best[0] = Some(Step { cost: (0, 0), from: 0, meaning: None });
    for from in 0..length {
        let Some(here) = best[from] else { continue };
        for (to, meaning) in edges(lexicon, part, from, here.meaning, &mut memo) {
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

/// Every piece that may begin here: where it ends, and what it means.
fn edges(
    lexicon: &Lexicon,
    part: &Part,
    from: usize,
    before: Option<Meaning>,
    memo: &mut Memo,
) -> Vec<(usize, Option<Meaning>)> {
    let starts_word = part.word_starts.contains(&from);
    let word_end = part.word_end(from);
    let reach = if starts_word { part.text.len() } else { word_end };
    let known =
        lexicon.meanings(&part.text, from, reach, memo).into_iter().filter_map(move |(to, meaning)| {
            let phrase = part.text.get(from..to)?;
            let fits = match meaning {
                // "아니네" is not "아니, 네".
                Meaning::Word(_) => {
                    (starts_word || matches!(before, Some(Meaning::Word(_) | Meaning::Ordinal(_))))
                        && !part.is_said_twice(from, to)
                }
                Meaning::Weak => starts_word,
                // "1 12가3456" is no "112가3456".
                Meaning::Noun(Noun { owner: Owner::Plate, .. })
                | Meaning::Claim(Noun { owner: Owner::Plate, .. }, ..) => !part.splits_a_number(from, to),
                // A single syllable is a word only where it is written as one.
                Meaning::Filler | Meaning::Contrast | Meaning::Greeting | Meaning::Both => {
                    phrase.chars().nth(1).is_some() || (starts_word && to == word_end)
                }
                // "네1", but not "11" or "12가3456".
                Meaning::Ordinal(_) => !part.is_in_a_number(from, to),
                _ => true,
            };
            fits.then_some((to, Some(meaning)))
        });
    let begins_unknown = starts_word || ends_a_clause(before, &part.text[..from]);
    known.chain(begins_unknown.then_some((word_end, None))).collect()
}

/// Whether an answer ends here so that what follows is another word, though no blank stands between them: "본인입니다확인해주세요".
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
