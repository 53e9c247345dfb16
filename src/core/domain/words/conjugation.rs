//! Conjugates a verb or adjective from its dictionary form: 자다 → 자고, 자니까, 자서, 잤어요.
//!
//! It handles regular verbs and the listed irregular stems. A wrong form does no harm if it is no Korean word.

/// Stems that keep a final ㅂ: 잡아, not 자워.
const KEEP_B: &[&str] = &["잡", "입", "씹", "뽑", "좁", "업", "접", "굽", "집", "꼽", "붙잡", "뒤집"];
/// Stems whose final ㄷ becomes ㄹ: 듣다, 들어.
const TURN_D: &[&str] = &["듣", "걷", "싣", "묻", "깨닫", "알아듣"];
/// Stems that lose a final ㅅ: 낫다, 나아.
const LOSE_S: &[&str] = &["낫", "짓", "붓", "잇", "긋"];
/// Stems in 르 that do not double the ㄹ: 들르다, 들러.
const KEEP_REU: &[&str] = &["들르", "따르", "치르"];

/// The stems of a verb, by the endings that join to them.
#[derive(Debug, PartialEq, Eq)]
pub struct Stems {
    /// Before 고, 는데, 지만: 자.
    pub plain: String,
    /// Before 니까, 면, and final consonants (ㄴ, ㄹ, ㅂ): 자, 먹으.
    pub open: String,
    /// Before 서, 요: 자, 먹어.
    pub infinitive: String,
    /// Before 어요, 습니다: 잤, 먹었.
    pub past: String,
}

/// The stems of a verb in its dictionary form (자다); `None` if the text is no dictionary form.
pub fn stems(dictionary_form: &str) -> Option<Stems> {
    let stem = dictionary_form.strip_suffix('다')?;
    let last = stem.chars().last().and_then(Syllable::of)?;
    let head = &stem[..stem.len() - last.text().len()];
    let is_one_of = |list: &[&str]| list.iter().any(|verb| stem.ends_with(verb));
    let (open, infinitive) = match last.final_consonant {
        0 if last.text() == "하" => (stem.to_owned(), format!("{head}해")),
        0 if last.text() == "르" && !is_one_of(KEEP_REU) => {
            (stem.to_owned(), without_reu(head).unwrap_or_else(|| contracted(head, last)))
        }
        0 => (stem.to_owned(), contracted(head, last)),
        L => (stem.to_owned(), format!("{stem}{}", a_or_eo(last.vowel))),
        B if !is_one_of(KEEP_B) => {
            let open = last.with_final(0).text();
            (
                format!("{head}{open}우"),
                format!("{head}{open}{}", if matches!(stem, "돕" | "곱") { '와' } else { '워' }),
            )
        }
        D if is_one_of(TURN_D) => {
            let stem = format!("{head}{}", last.with_final(L).text());
            (format!("{stem}으"), format!("{stem}{}", a_or_eo(last.vowel)))
        }
        S if is_one_of(LOSE_S) => {
            let stem = format!("{head}{}", last.with_final(0).text());
            (format!("{stem}으"), format!("{stem}{}", a_or_eo(last.vowel)))
        }
        _ => (format!("{stem}으"), format!("{stem}{}", a_or_eo(last.vowel))),
    };
    let past = join_final(&infinitive, SS)?;
    Some(Stems { plain: stem.to_owned(), open, infinitive, past })
}

/// A stem joined with an ending. An ending that begins with a single consonant closes the stem: 자 + ㄴ다고 = 잔다고. The stem
/// loses ㄹ before ㄴ, ㅂ and ㅅ.
pub fn joined(stem: &str, ending: &str) -> String {
    let first = ending.chars().next();
    let is_lost = matches!(first, Some('ㄴ' | 'ㅂ' | 'ㅅ' | '니' | '네' | '는' | '시' | '세' | 'ㄹ'));
    let stem = match stem.chars().last().and_then(Syllable::of) {
        Some(last) if is_lost && last.final_consonant == L => {
            format!("{}{}", &stem[..stem.len() - last.text().len()], last.with_final(0).text())
        }
        _ => stem.to_owned(),
    };
    let consonant = match first {
        Some('ㄴ') => N,
        Some('ㄹ') => L,
        Some('ㅂ') => B,
        _ => return format!("{stem}{ending}"),
    };
    let rest: String = ending.chars().skip(1).collect();
    join_final(&stem, consonant).map_or_else(|| format!("{stem}{ending}"), |joined| format!("{joined}{rest}"))
}

/// The infinitive of a stem in 르, from the part before 르: 모르 → 몰라, 부르 → 불러.
fn without_reu(head: &str) -> Option<String> {
    let before = head.chars().last().and_then(Syllable::of)?;
    let first = &head[..head.len() - before.text().len()];
    let ending = if is_bright(before.vowel) { '라' } else { '러' };
    Some(format!("{first}{}{ending}", before.with_final(L).text()))
}

/// The infinitive of a stem that ends in a vowel, contracted with 아 or 어: 가, 와, 줘, 봐, 마셔, 바빠.
fn contracted(head: &str, last: Syllable) -> String {
    let vowel = match last.vowel {
        O => WA,
        U => WO,
        I => YEO,
        OE => WAE,
        EU => {
            let before = head.chars().last().and_then(Syllable::of);
            if before.is_some_and(|before| is_bright(before.vowel)) { A } else { EO }
        }
        A | EO | AE | E | YEO => last.vowel,
        _ => return format!("{head}{}{}", last.text(), a_or_eo(last.vowel)),
    };
    format!("{head}{}", Syllable { vowel, ..last }.text())
}

fn a_or_eo(vowel: u32) -> char {
    if is_bright(vowel) { '아' } else { '어' }
}

fn is_bright(vowel: u32) -> bool {
    matches!(vowel, A | O | YA)
}

fn join_final(text: &str, consonant: u32) -> Option<String> {
    let last = text.chars().last().and_then(Syllable::of).filter(|last| last.final_consonant == 0)?;
    Some(format!("{}{}", &text[..text.len() - last.text().len()], last.with_final(consonant).text()))
}

const FIRST: u32 = 0xac00;
const VOWELS: u32 = 21;
const FINALS: u32 = 28;

const A: u32 = 0;
const AE: u32 = 1;
const YA: u32 = 2;
const EO: u32 = 4;
const E: u32 = 5;
const YEO: u32 = 6;
const O: u32 = 8;
const WA: u32 = 9;
const WAE: u32 = 10;
const OE: u32 = 11;
const U: u32 = 13;
const WO: u32 = 14;
const EU: u32 = 18;
const I: u32 = 20;

const N: u32 = 4;
const D: u32 = 7;
const L: u32 = 8;
const B: u32 = 17;
const S: u32 = 19;
const SS: u32 = 20;

/// A Hangul syllable as the indices of its parts (Unicode standard, 3.12).
#[derive(Clone, Copy, Debug)]
struct Syllable {
    lead: u32,
    vowel: u32,
    final_consonant: u32,
}

impl Syllable {
    fn of(sign: char) -> Option<Self> {
        let index = ('가'..='힣').contains(&sign).then(|| u32::from(sign) - FIRST)?;
        Some(Self {
            lead: index / (VOWELS * FINALS),
            vowel: index / FINALS % VOWELS,
            final_consonant: index % FINALS,
        })
    }

    fn with_final(self, final_consonant: u32) -> Self {
        Self { final_consonant, ..self }
    }

    fn text(self) -> String {
        let index = (self.lead * VOWELS + self.vowel) * FINALS + self.final_consonant;
        char::from_u32(FIRST + index).into_iter().collect()
    }
}
