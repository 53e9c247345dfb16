//! Understands a sentence clause by clause. What is not understood as a whole is murky, never half understood.

use std::collections::BTreeSet;

use super::Question;
use super::lexicon::{Firmness, Meaning, Noun, Owner, Piece, Polarity};

/// Parts of words that make an answer doubtful. Without blanks.
#[derive(Clone, Debug)]
pub(super) struct Unsure {
    /// Anywhere in the message: nothing in it is an answer.
    pub(super) anywhere: Vec<String>,
    /// Doubts what it is said about, or the whole sentence where it is said about nothing.
    pub(super) in_clause: Vec<String>,
    /// Takes the doubt away: "왜 이런지 모르겠어요" doubts something else.
    pub(super) elsewhere: Vec<String>,
    /// Takes an answer back, at the beginning of a clause: "아닐 수도 있어요".
    pub(super) wavering: Vec<String>,
    /// What customers deny beside the question: "네 안 갔어요" agrees with themselves, not with us.
    pub(super) denials: Vec<String>,
    /// A word that ends so ends its clause.
    pub(super) clause_endings: Vec<String>,
}

/// What a clause says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Remark {
    /// Yes or no to these questions; to what was asked, if none is named.
    Says { about: BTreeSet<Question>, polarity: Polarity, how: How },
    /// Something about these questions, or about what was asked, that is not understood.
    Murky(BTreeSet<Question>),
    /// Names the thing without an answer.
    Mentions(Question),
    /// 네, 아니요 beside words that are not understood: perhaps no answer at all.
    Aside(Polarity),
    /// Denies something beside the question.
    Denies,
    /// Takes an answer back.
    Wavers,
    /// 둘 다
    Both,
    /// 아니, which is "no" only where nothing else is said, and a doubt where it is a sentence or the end of one.
    Weak { last: bool },
    /// 감사합니다, 알겠습니다
    Thanks,
    /// Words about other matters.
    Other,
}

/// How an answer without a noun was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// 네, 아니요
    Word,
    /// 맞아요, 아니에요
    Predicate(Firmness),
    /// 쿠폰 말고
    Statement,
}

/// What a sentence says.
pub(super) fn remarks(unsure: &Unsure, pieces: &[Piece], asks: bool) -> Vec<Remark> {
    let mut reader = Reader { unsure, clause: Clause::default(), remarks: Vec::new(), doubted: false };
    for piece in pieces {
        reader.take(piece);
    }
    reader.end_clause();
    let Reader { mut remarks, doubted, .. } = reader;
    let says_nothing =
        |remark: &Remark| matches!(remark, Remark::Both | Remark::Thanks | Remark::Weak { .. });
    let last = remarks.iter().rfind(|remark| !says_nothing(remark));
    // A question about the answer itself takes back all of the sentence: "네 제 차 맞아요?"
    let questioned =
        asks && matches!(last, Some(Remark::Says { how, .. }) if *how != How::Predicate(Firmness::Firm));
    let end = remarks.len();
    for (place, remark) in remarks.iter_mut().enumerate() {
        if let Remark::Weak { last } = remark {
            *last = place + 1 == end;
        }
    }
    // A sentence of its own that says nothing but "모르겠어요" doubts what was said before it.
    if doubted && !remarks.iter().any(|remark| matches!(remark, Remark::Says { .. } | Remark::Murky(_))) {
        remarks.push(Remark::Wavers);
    }
    let denied = remarks.contains(&Remark::Denies);
    let beside = remarks.contains(&Remark::Other);
    for remark in &mut remarks {
        if let Remark::Says { about, polarity, how } = remark {
            let questioned = questioned || (asks && *how == How::Statement);
            if questioned && about.is_empty() {
                // "네?" after a yes asks it back.
                *remark = Remark::Wavers;
            } else if doubted || questioned || (denied && about.is_empty()) {
                *remark = Remark::Murky(about.clone());
            } else if beside && about.is_empty() && *how == How::Word {
                *remark = Remark::Aside(*polarity);
            }
        }
    }
    remarks
}

/// What stands before the next predicate.
#[derive(Default)]
struct Clause {
    nouns: Vec<Noun>,
    /// Unknown words, without blanks.
    unknown: String,
    /// 둘 다
    both: bool,
    /// Known words that do not go together.
    tangled: bool,
}

struct Reader<'a> {
    unsure: &'a Unsure,
    clause: Clause,
    remarks: Vec<Remark>,
    doubted: bool,
}

impl Reader<'_> {
    fn take(&mut self, piece: &Piece) {
        match piece {
            Piece::Unknown(word) => {
                self.clause.unknown.push_str(word);
                if ends_with_any(word, &self.unsure.clause_endings) {
                    self.end_clause();
                }
            }
            Piece::Break if self.clause.nouns.is_empty() => self.end_clause(),
            Piece::Break | Piece::Known(Meaning::Filler | Meaning::Greeting | Meaning::Closing) => {}
            Piece::Known(meaning) => self.known(*meaning),
        }
    }

    fn known(&mut self, meaning: Meaning) {
        let clause = &mut self.clause;
        match meaning {
            // "카톡으로 예 …": an answer does not stand behind other words.
            Meaning::Word(_) if !clause.unknown.is_empty() => clause.tangled = true,
            Meaning::Word(polarity) => self.predicate(polarity, How::Word),
            Meaning::Predicate(polarity, firmness) => {
                // "남편 차 맞아요", "남편 차 아니에요": whose is it then? And a coupon is neither right nor wrong.
                clause.tangled |= clause.has(Owner::Others) || clause.topics().contains(&Question::Coupon);
                self.predicate(polarity, How::Predicate(firmness));
            }
            Meaning::Claim(noun, polarity, firmness) => {
                clause.tangled |= polarity == Polarity::Yes && clause.has(Owner::Others);
                clause.tangled |=
                    noun.about.is_some_and(|question| clause.topics().iter().any(|topic| *topic != question));
                clause.nouns.push(noun);
                self.predicate(polarity, How::Predicate(firmness));
            }
            Meaning::Statement(about, polarity) => {
                clause.nouns.push(Noun { about: Some(about), owner: Owner::Unsaid });
                self.predicate(polarity, How::Statement);
            }
            Meaning::Wants(about, polarity) => {
                if clause.topics().contains(&about) {
                    self.predicate(polarity, How::Statement);
                }
            }
            Meaning::Noun(noun) => clause.nouns.push(noun),
            Meaning::Both => {
                clause.both = true;
                self.remarks.push(Remark::Both);
            }
            Meaning::Ambiguous | Meaning::Ordinal(_) => clause.tangled = true,
            Meaning::Weak => self.remarks.push(Remark::Weak { last: true }),
            Meaning::Thanks => self.remarks.push(Remark::Thanks),
            Meaning::Filler | Meaning::Greeting | Meaning::Closing => {}
        }
    }

    /// A predicate ends its clause.
    fn predicate(&mut self, polarity: Polarity, how: How) {
        let clause = std::mem::take(&mut self.clause);
        self.doubts(&clause);
        let wavers = clause.nouns.is_empty() && starts_with_any(&clause.unknown, &self.unsure.wavering);
        self.remarks.push(match clause.understood(polarity) {
            _ if wavers => Remark::Wavers,
            Some(about) => Remark::Says { about, polarity, how },
            None => Remark::Murky(clause.topics()),
        });
    }

    /// A clause ends without a predicate that we know.
    fn end_clause(&mut self) {
        let clause = std::mem::take(&mut self.clause);
        self.doubts(&clause);
        let (unknown, topics) = (&clause.unknown, clause.topics());
        if unknown.is_empty() && !clause.tangled {
            return self.fragment(&clause);
        }
        let wavers = if clause.nouns.is_empty() { starts_with_any } else { contains_any };
        if wavers(unknown, &self.unsure.wavering) {
            self.remarks.push(if clause.nouns.is_empty() { Remark::Wavers } else { Remark::Murky(topics) });
        } else if !topics.is_empty() && contains_any(unknown, &self.unsure.in_clause) {
            self.remarks.push(Remark::Murky(topics));
        } else {
            self.remarks.extend(topics.into_iter().map(Remark::Mentions));
            self.remarks.push(Remark::Other);
        }
    }

    /// Only nouns. "ㅇㅇ 내 차" is a yes to the vehicle.
    fn fragment(&mut self, clause: &Clause) {
        let topics = clause.topics();
        let mine = clause.nouns.iter().all(|noun| noun.owner == Owner::Mine || noun.owner == Owner::Writer);
        match self.remarks.last_mut() {
            Some(Remark::Says { about, polarity: Polarity::Yes, how: How::Word })
                if about.is_empty() && mine && topics.len() == 1 =>
            {
                *about = topics;
            }
            _ => self.remarks.extend(topics.into_iter().map(Remark::Mentions)),
        }
    }

    fn doubts(&mut self, clause: &Clause) {
        let unknown = &clause.unknown;
        if contains_any(unknown, &self.unsure.denials) {
            self.remarks.push(Remark::Denies);
        }
        self.doubted |= clause.topics().is_empty()
            && contains_any(unknown, &self.unsure.in_clause)
            && !contains_any(unknown, &self.unsure.elsewhere);
    }
}

impl Clause {
    fn topics(&self) -> BTreeSet<Question> {
        self.nouns.iter().filter_map(|noun| noun.about).collect()
    }

    fn has(&self, owner: Owner) -> bool {
        self.nouns.iter().any(|noun| noun.owner == owner)
    }

    /// What a predicate after these nouns is about: none when it is about what was asked, `None` when that cannot be told.
    fn understood(&self, polarity: Polarity) -> Option<BTreeSet<Question>> {
        let mut topics = self.topics();
        let only_the_writer =
            !self.nouns.is_empty() && self.nouns.iter().all(|noun| noun.owner == Owner::Writer);
        let both =
            self.both || self.nouns.iter().any(|noun| noun.about.is_none() && noun.owner == Owner::Mine);
        let murky = self.tangled
            || !self.unknown.is_empty()
            // "저 아니에요": not the holder, or not the one who parked?
            || (only_the_writer && polarity == Polarity::No)
            // "12가3456 아니에요": not theirs, or not the number?
            || (polarity == Polarity::No && self.has(Owner::Plate) && !self.has(Owner::Mine))
            // "차 명의가 저 아니에요": which of the two?
            || (topics.len() > 1 && (polarity == Polarity::No || !both));
        if only_the_writer {
            topics.insert(Question::Identity);
        }
        (!murky).then_some(topics)
    }
}

fn contains_any(text: &str, parts: &[String]) -> bool {
    parts.iter().any(|part| text.contains(part.as_str()))
}

fn starts_with_any(text: &str, starts: &[String]) -> bool {
    starts.iter().any(|start| text.starts_with(start.as_str()))
}

fn ends_with_any(text: &str, ends: &[String]) -> bool {
    ends.iter().any(|end| text.ends_with(end.as_str()))
}
