//! Parses the policy file into tables whose words are all declared.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use toml::Spanned;

use super::table::{Condition, Declared, Row, Table, TableName, Then, Word, listed};
use super::{Outcome, Team, Trust, consultation_inputs, decision_inputs};
use crate::domain::file::TomlFile;
use crate::domain::parking::ParkingAction;
use crate::domain::problem::Problem;
use crate::domain::words::Question;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PolicyFile {
    trust: Trust,
    consultation: Vec<Spanned<WrittenRow>>,
    decision: Vec<Spanned<WrittenRow>>,
}

/// Every key is optional here, so that all missing keys can be reported at once.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WrittenRow {
    id: Option<Spanned<String>>,
    sentence: Option<Spanned<String>>,
    reason: Option<Spanned<String>>,
    source: Option<Spanned<String>>,
    question: Option<Spanned<String>>,
    when: BTreeMap<Spanned<String>, Spanned<Values>>,
    decide: Option<Spanned<bool>>,
    actions: Option<Spanned<Vec<ParkingAction>>>,
    ask: Option<Spanned<Vec<Question>>>,
    await_payment: Option<Spanned<bool>>,
    reply: Option<Spanned<String>>,
    hand_over: Option<Spanned<Team>>,
    todo: Option<Spanned<String>>,
    trust: Option<Spanned<Trust>>,
}

/// `"closed"` or `["open", "closed"]`; only the values of a list have spans.
struct Values(Vec<(String, Option<Range<usize>>)>);

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Values;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("따옴표로 묶은 값 하나, 또는 그런 값의 목록")
            }

            fn visit_str<E>(self, text: &str) -> Result<Values, E> {
                Ok(Values(vec![(text.to_owned(), None)]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Values, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element::<Spanned<String>>()? {
                    let at = value.span();
                    values.push((value.into_inner(), Some(at)));
                }
                Ok(Values(values))
            }
        }

        deserializer.deserialize_any(OneOrMany)
    }
}

/// Parses the consultation and the decision table, without proving them.
pub(super) fn read(text: &str) -> Result<(Table, Table), Vec<Problem>> {
    let (written, mut problems) = TomlFile::parse(text)?.read_what_can_be::<PolicyFile>();
    let Some(written) = written else { return Err(problems) };
    let broken = broken_rows(&written, &problems);
    let trust = written.trust;
    let mut table = |name, inputs, rows| table(name, inputs, rows, (trust, &broken), &mut problems);
    let consultation = table(TableName::Consultation, consultation_inputs(), written.consultation);
    let decision = table(TableName::Decision, decision_inputs(), written.decision);
    let mut rows: Vec<&Row> = Vec::new();
    for row in consultation.rows.iter().chain(&decision.rows) {
        if rows.iter().any(|earlier| earlier.id == row.id) {
            let what = format!("id `{}`을(를) 두 번 썼습니다", row.id);
            problems.push(
                Problem::at(row.id_at.clone(), what)
                    .help("id는 한 행의 이름으로 계속 남습니다. 다른 이름을 쓰세요"),
            );
        }
        rows.push(row);
    }
    if problems.is_empty() {
        return Ok((consultation, decision));
    }
    problems.sort_by_key(|problem| problem.at.as_ref().map(|at| at.start));
    Err(problems)
}

/// Where the rows begin in which a value could not be read.
fn broken_rows(written: &PolicyFile, problems: &[Problem]) -> Vec<usize> {
    // A row is known by its head alone; it ends where the next begins.
    let rows = written.consultation.iter().chain(&written.decision).map(|row| row.span().start);
    let rows: Vec<usize> = rows.collect();
    let row_of = |at: &Range<usize>| rows.iter().filter(|start| **start <= at.start).max().copied();
    problems.iter().filter_map(|problem| row_of(problem.at.as_ref()?)).collect()
}

fn table(
    name: TableName,
    inputs: Vec<Declared>,
    written: Vec<Spanned<WrittenRow>>,
    (trust, broken): (Trust, &[usize]),
    problems: &mut Vec<Problem>,
) -> Table {
    let rows = written.into_iter().filter_map(|row| {
        let at = row.span();
        let is_whole = !broken.contains(&at.start);
        let mut reader = RowReader { at, trust, is_whole, problems };
        reader.row(name, &inputs, row.into_inner())
    });
    let rows = rows.collect();
    Table { name, inputs, rows }
}

/// Reads one row and collects its problems.
struct RowReader<'a> {
    at: Range<usize>,
    /// The trust of a row without its own.
    trust: Trust,
    /// Whether all of it could be read: what a row lacks otherwise may only have been wrong, and is told already.
    is_whole: bool,
    problems: &'a mut Vec<Problem>,
}

impl RowReader<'_> {
    fn row(&mut self, table: TableName, inputs: &[Declared], written: WrittenRow) -> Option<Row> {
        if let Some(id) = &written.id {
            self.at = id.span();
        }
        let when = self.conditions(inputs, &written.when);
        let then = if self.is_whole { self.consequence(&written) } else { None };
        let trust_at = written.trust.as_ref().map(Spanned::span);
        let trust = written.trust.map_or(self.trust, Spanned::into_inner);
        let question = written.question.and_then(|question| self.text("question", Some(question)));
        let id = self.text("id", written.id);
        let (sentence, reason) =
            (self.text("sentence", written.sentence), self.text("reason", written.reason));
        let source = self.text("source", written.source);
        let (then, then_at) = then?;
        let id_at = self.at.clone();
        Some(Row {
            table,
            id: id?,
            sentence: sentence?,
            reason: reason?,
            source: source?,
            question,
            when,
            then,
            trust,
            id_at,
            trust_at,
            then_at,
        })
    }

    fn text(&mut self, key: &str, written: Option<Spanned<String>>) -> Option<String> {
        match written {
            Some(text) if !text.get_ref().trim().is_empty() => Some(text.into_inner()),
            Some(text) => self.refuse(text.span(), format!("`{key}`이(가) 비어 있습니다")),
            None if !self.is_whole => None,
            None => self.refuse(self.at.clone(), format!("이 행에 `{key}`이(가) 없습니다")),
        }
    }

    fn conditions(
        &mut self,
        inputs: &[Declared],
        written: &BTreeMap<Spanned<String>, Spanned<Values>>,
    ) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for (name, values) in written {
            if let Some(declared) = inputs.iter().find(|declared| declared.input.code == name.get_ref()) {
                conditions.push(self.condition(declared, values));
            } else {
                let allowed = listed(inputs.iter().map(|declared| &declared.input));
                let what = format!("`{}`은(는) 이 표의 항목이 아닙니다", name.get_ref());
                self.problems
                    .push(Problem::at(name.span(), what).help(format!("쓸 수 있는 항목: {allowed}")));
            }
        }
        // Readers expect the order of the table, not of the alphabet.
        conditions
            .sort_by_key(|condition| inputs.iter().position(|declared| declared.input == condition.input));
        conditions
    }

    fn condition(&mut self, declared: &Declared, written: &Spanned<Values>) -> Condition {
        let mut values: Vec<Word> = Vec::new();
        for (value, at) in &written.get_ref().0 {
            let at = at.clone().unwrap_or_else(|| written.span());
            match declared.values.iter().find(|word| word.code == value) {
                Some(word) if values.contains(word) => {
                    self.problems.push(Problem::at(at, format!("`{value}`을(를) 두 번 썼습니다")));
                }
                Some(word) => values.push(*word),
                None => {
                    let what = format!("`{value}`은(는) `{}`의 값이 아닙니다", declared.input.code);
                    let help = format!("쓸 수 있는 값: {}", listed(&declared.values));
                    self.problems.push(Problem::at(at, what).help(help));
                }
            }
        }
        Condition { input: declared.input, values }
    }

    fn consequence(&mut self, written: &WrittenRow) -> Option<(Then, Range<usize>)> {
        let kinds = [
            written.decide.is_some(),
            written.actions.is_some(),
            written.ask.is_some(),
            written.await_payment.is_some(),
            written.hand_over.is_some(),
        ];
        if kinds.iter().filter(|kind| **kind).count() != 1 {
            return self.refuse(
                self.at.clone(),
                "행에는 다음 가운데 하나만 씁니다: `decide = true`, `actions`와 `reply`, `ask`와 `reply`, \
                 `await_payment = true`와 `reply`, `hand_over`와 `todo`"
                    .into(),
            );
        }
        if let (None, Some(todo)) = (&written.hand_over, &written.todo) {
            return self.refuse(
                todo.span(),
                "`todo`는 `hand_over`와 함께 씁니다. 여기서는 읽을 사람이 없습니다".into(),
            );
        }
        if let Some(decide) = &written.decide {
            return self.decide(decide, written.reply.as_ref());
        }
        if let Some(team) = &written.hand_over {
            return self.hand_over(*team.get_ref(), written);
        }
        let Some(reply) = &written.reply else {
            return self.refuse(self.at.clone(), "고객에게 알려야 합니다. `reply`가 없습니다".into());
        };
        let at = reply.span();
        let reply = reply.get_ref().clone();
        let outcome = match (&written.actions, &written.ask, &written.await_payment) {
            (Some(actions), ..) => Outcome::Settle { actions: actions.get_ref().clone(), reply },
            (_, Some(questions), _) if questions.get_ref().is_empty() => {
                return self.refuse(questions.span(), "`ask`가 비어 있습니다. 무엇을 물을지 쓰세요".into());
            }
            (_, Some(questions), _) if named_twice(questions.get_ref()) => {
                return self.refuse(questions.span(), "`ask`에 같은 질문이 두 번 있습니다".into());
            }
            (_, Some(questions), _) => Outcome::Ask { questions: questions.get_ref().clone(), reply },
            (.., Some(wait)) if !wait.get_ref() => {
                return self.refuse(wait.span(), "`await_payment`에는 `true`만 쓸 수 있습니다".into());
            }
            _ => Outcome::AwaitPayment { reply },
        };
        Some((Then::Outcome(outcome), at))
    }

    fn decide(
        &mut self,
        decide: &Spanned<bool>,
        reply: Option<&Spanned<String>>,
    ) -> Option<(Then, Range<usize>)> {
        if let Some(reply) = reply {
            return self.refuse(reply.span(), "`decide` 행은 답하지 않습니다. `reply`를 빼세요".into());
        }
        if !decide.get_ref() {
            let what = "`decide`에는 `true`만 쓸 수 있습니다. 판단하지 않는 행은 `hand_over`로 이관합니다";
            return self.refuse(decide.span(), what.into());
        }
        Some((Then::Decide, decide.span()))
    }

    fn hand_over(&mut self, team: Team, written: &WrittenRow) -> Option<(Then, Range<usize>)> {
        let Some(todo) = &written.todo else {
            return self.refuse(self.at.clone(), "담당이 할 일을 알아야 합니다. `todo`가 없습니다".into());
        };
        let at = written.reply.as_ref().map_or_else(|| todo.span(), Spanned::span);
        let todo = self.text("todo", Some(todo.clone()))?;
        let interim = written.reply.as_ref().map(|reply| reply.get_ref().clone());
        Some((Then::Outcome(Outcome::HandOver { team, todo, interim }), at))
    }

    fn refuse<T>(&mut self, at: Range<usize>, what: String) -> Option<T> {
        self.problems.push(Problem::at(at, what));
        None
    }
}

fn named_twice(questions: &[Question]) -> bool {
    (1..questions.len()).any(|later| questions[..later].contains(&questions[later]))
}
