//! Reads a sentence clause by clause. A clause that is not understood as a whole is murky, even if a part of it is an
//! answer.

mod weighed;

use std::collections::BTreeSet;

use super::asked::{Asked, Numbers};
use super::clause::Clause;
use super::lexicon::{Firmness, Meaning, Noun, Owner, Piece, Polarity};
use super::unsure::{Unsure, contains_any, ends_with_any, starts_with_any};
use super::{Answer, Question};

/// A statement of a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Remark {
    /// Yes or no to these questions; if there are none, to the questions that were asked.
    Says { about: BTreeSet<Question>, polarity: Polarity, how: How },
    /// An answer to these questions, or to those that were asked, that is not understood.
    Murky(BTreeSet<Question>),
    /// Names the question's subject without an answer.
    Mentions(Question),
    /// 네 or 아니요 in a sentence with words that are not understood: possibly no answer.
    Aside(Polarity),
    /// Denies something other than the question.
    Denies,
    /// Withdraws an answer.
    Wavers,
    /// 둘 다
    Both,
    /// 아니: a no if nothing else in the message answers; a doubt if it is the last remark of its sentence.
    Weak { last: bool },
    /// 감사합니다
    Thanks,
    /// 알겠습니다: confirms receipt.
    Acknowledges,
    /// The yes of "네, 안녕하세요", which only opens the message.
    Opens,
    /// 수고하세요
    Closes,
    /// 부탁드립니다
    Requests,
    /// 12가3456 without a statement about it.
    NamesPlate,
    /// 근데: another matter follows.
    Contrast,
    /// Words about other matters.
    Other,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// 네, 아니요
    Word,
    /// 맞아요, 아니에요
    Predicate(Firmness),
    /// 쿠폰 말고
    Statement,
    /// 쿠폰: a choice if the sentence says nothing more about it.
    Named,
    /// 12가3456입니다
    Plate,
}

impl How {
    /// Whether the answer holds in spite of a question mark: "맞는데요?"
    fn is_firm(self) -> bool {
        matches!(self, Self::Predicate(Firmness::Firm | Firmness::Conceding))
    }
}

/// The remarks of a sentence cut into `pieces`; `asks`: it ends with a question mark.
pub(super) fn remarks(unsure: &Unsure, asked: &Asked, pieces: &[Piece], asks: bool) -> Vec<Remark> {
    let mut reader = Reader { unsure, asked, clause: Clause::default(), remarks: Vec::new(), doubted: false };
    for piece in pieces {
        reader.take(piece);
    }
    reader.end_clause();
    let Reader { remarks, doubted, .. } = reader;
    weighed::weigh(remarks, doubted, asks)
}

struct Reader<'a> {
    unsure: &'a Unsure,
    asked: &'a Asked,
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
            Piece::Matter(_) => self.matter(false),
            Piece::Break if self.clause.nouns.is_empty() => self.end_clause(),
            Piece::Break | Piece::Known(Meaning::Filler) => {}
            Piece::Known(meaning) => self.known(*meaning),
        }
    }

    fn known(&mut self, meaning: Meaning) {
        let clause = &mut self.clause;
        match meaning {
            // A yes or no after unknown words may belong to them: "카톡으로 예 …".
            Meaning::Word(_) if !clause.unknown.is_empty() => clause.tangled = true,
            // "남편: 네" may be the husband's yes.
            Meaning::Word(polarity) => {
                clause.tangled |= clause.has(Owner::Others);
                self.predicate(polarity, How::Word);
            }
            Meaning::Predicate(polarity, firmness) => {
                // "남편 차 맞아요" and "남편 차 아니에요" leave the owner open, and 맞아요 is no answer to the offer of a coupon.
                clause.tangled |= clause.has(Owner::Others) || clause.topics().contains(&Question::Coupon);
                // The same without a noun: an offer is accepted, not correct.
                clause.tangled |= polarity == Polarity::Yes
                    && clause.nouns.is_empty()
                    && self.asked.questions() == [Question::Coupon];
                self.predicate(polarity, How::Predicate(firmness));
            }
            Meaning::Claim(noun, polarity, firmness) => {
                clause.tangled |= polarity == Polarity::Yes && clause.has(Owner::Others);
                clause.tangled |=
                    noun.about.is_some_and(|question| clause.topics().iter().any(|topic| *topic != question));
                clause.nouns.push(noun);
                let is_plate = noun.owner == Owner::Plate;
                self.predicate(polarity, if is_plate { How::Plate } else { How::Predicate(firmness) });
            }
            Meaning::Statement(about, polarity) => {
                // "동생이 이용 중입니다" is the brother's or sister's use.
                clause.tangled |= polarity == Polarity::Yes && clause.has(Owner::Others);
                clause.nouns.push(Noun { about: Some(about), owner: Owner::Unsaid });
                self.predicate(polarity, How::Statement);
            }
            Meaning::Wants(about, polarity) => {
                // "쿠폰 남편 주세요" asks it for another person.
                clause.tangled |= clause.has(Owner::Others);
                let is_named = clause.topics().contains(&about);
                let is_asked = self.asked.questions() == [about];
                let is_no = |remark: &Remark| matches!(remark, Remark::Says { polarity: Polarity::No, .. });
                let declined = self.remarks.iter().any(is_no);
                // "전화 주세요" asks for a call.
                let wants_something_else = self.remarks.contains(&Remark::Other);
                match polarity {
                    _ if is_named => self.predicate(polarity, How::Statement),
                    // "네 부탁드립니다" is only politeness if no coupon was offered.
                    _ if !self.asked.questions().contains(&about) => self.remarks.push(Remark::Requests),
                    // "네 됐습니다" means either that it is done or that it is declined.
                    Polarity::No if is_asked => self.remarks.push(Remark::Murky(BTreeSet::from([about]))),
                    // "쿠폰 말고 포인트 주세요" asks for points.
                    Polarity::Yes if declined => {}
                    Polarity::Yes if wants_something_else => {}
                    Polarity::Yes if is_asked && clause.nouns.is_empty() && clause.unknown.is_empty() => {
                        clause.nouns.push(Noun { about: Some(about), owner: Owner::Unsaid });
                        self.predicate(polarity, How::Statement);
                    }
                    Polarity::Yes | Polarity::No => {}
                }
            }
            Meaning::Noun(noun) => clause.nouns.push(noun),
            Meaning::Both => {
                clause.both = true;
                self.remarks.push(Remark::Both);
            }
            Meaning::Option(place) => self.option(usize::from(place)),
            Meaning::Ambiguous | Meaning::Ordinal(_) => clause.tangled = true,
            Meaning::Weak => self.remarks.push(Remark::Weak { last: true }),
            Meaning::Thanks => self.remarks.push(Remark::Thanks),
            Meaning::Acknowledges | Meaning::Solved => self.remarks.push(Remark::Acknowledges),
            Meaning::Closing => self.remarks.push(Remark::Closes),
            Meaning::Matter | Meaning::FollowUp(_) => self.matter(false),
            Meaning::Denial => self.matter(true),
            Meaning::Greeting => self.greeting(),
            Meaning::Contrast => self.remarks.push(Remark::Contrast),
            Meaning::Filler => {}
        }
    }

    /// Ends a clause that states the ticket's matter and answers nothing: "그날 제 차는 집에 있었어요".
    fn matter(&mut self, denies: bool) {
        let is_known = self.clause.unknown.is_empty() && !self.clause.tangled;
        if is_known {
            let clause = std::mem::take(&mut self.clause);
            self.remarks.extend(clause.topics().into_iter().map(Remark::Mentions));
        } else {
            self.end_clause();
        }
        self.remarks.push(Remark::Other);
        self.remarks.extend(denies.then_some(Remark::Denies));
    }

    /// Adds all answers of the offered answer at `place`: "1번".
    fn option(&mut self, place: usize) {
        let Numbers::Options(options) = &self.asked.numbers else { return };
        let clause = std::mem::take(&mut self.clause);
        self.doubts(&clause);
        // A plate may precede the number: "12가3456 1번", but not "남편 1번".
        let is_clean = clause.nouns.iter().all(|noun| noun.owner == Owner::Plate)
            && clause.unknown.is_empty()
            && !clause.tangled;
        for (question, answer) in options.get(place).into_iter().flatten() {
            let polarity = if *answer == Answer::Yes { Polarity::Yes } else { Polarity::No };
            let about = BTreeSet::from([*question]);
            self.remarks.push(if is_clean {
                Remark::Says { about, polarity, how: How::Statement }
            } else {
                Remark::Murky(about)
            });
        }
    }

    /// A yes before a greeting only opens the message: "네, 안녕하세요".
    fn greeting(&mut self) {
        if let Some(last) = self.remarks.last_mut()
            && *last == yes_word()
        {
            *last = Remark::Opens;
        }
    }

    /// Ends the clause with a predicate.
    fn predicate(&mut self, polarity: Polarity, how: How) {
        let clause = std::mem::take(&mut self.clause);
        self.doubts(&clause);
        // "둘 다 맞아요" answers each question as if it were named.
        let asked = self.asked.questions();
        let each = (clause.both && clause.nouns.is_empty() && asked.len() > 1).then(|| asked.iter().copied());
        let wavers = clause.nouns.is_empty() && starts_with_any(&clause.unknown, &self.unsure.wavering);
        self.remarks.push(match clause.understood(polarity) {
            _ if wavers => Remark::Wavers,
            Some(about) => Remark::Says { about: each.map_or(about, Iterator::collect), polarity, how },
            None => Remark::Murky(clause.topics()),
        });
    }

    /// Ends the clause without a known predicate.
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
            // "12가3456 취소해 주세요": the caller compares the plate with the use's.
            if clause.nouns.iter().all(|noun| noun.owner == Owner::Plate) && !topics.is_empty() {
                self.remarks.push(Remark::NamesPlate);
            } else {
                self.remarks.extend(topics.into_iter().map(Remark::Mentions));
            }
            self.remarks.push(Remark::Other);
        }
    }

    /// Ends a clause of nouns only. "ㅇㅇ 내 차" is a yes to the vehicle.
    fn fragment(&mut self, clause: &Clause) {
        let topics = clause.topics();
        let is_mine = |noun: &Noun| matches!(noun.owner, Owner::Mine | Owner::Writer);
        let mine = clause.nouns.iter().all(|noun| is_mine(noun) || noun.owner == Owner::Plate);
        if clause.has(Owner::Plate) && !clause.has(Owner::Others) && !clause.nouns.iter().any(is_mine) {
            self.remarks.push(Remark::NamesPlate);
            return;
        }
        if mine && topics.iter().eq(&[Question::Coupon]) {
            self.remarks.push(Remark::Says { about: topics, polarity: Polarity::Yes, how: How::Named });
            return;
        }
        // "본인" answers the question on identity if it is the only question.
        let answers = self.asked.questions().len() == 1 && topics.iter().eq(self.asked.questions());
        match self.remarks.last_mut() {
            None if mine && answers && !clause.nouns.is_empty() => {
                self.remarks.push(Remark::Says {
                    about: topics,
                    polarity: Polarity::Yes,
                    how: How::Statement,
                });
            }
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

/// The remark of 네 without a noun.
fn yes_word() -> Remark {
    Remark::Says { about: BTreeSet::new(), polarity: Polarity::Yes, how: How::Word }
}
