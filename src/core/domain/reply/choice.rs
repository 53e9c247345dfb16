//! Chooses the text for each macro: the account's if it has no problem, otherwise the account's last good one, otherwise
//! the file's. A text that did not pass every check is never sent.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::bounds::Bounds;
use super::file::{self, File};
use super::head::Head;
use super::{AccountMacro, FaultyFile, Macros};
use crate::domain::policy::Policy;
use crate::domain::problem::Problem;

/// The look-up result for a macro in the account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Finding {
    Found(AccountMacro),
    Missing {
        /// The title or id that was looked up.
        wanted: String,
    },
    /// Several macros with the same title: it is ambiguous which is meant.
    Several {
        ids: Vec<i64>,
    },
}

/// The chosen macros and the faults.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The macros in use.
    pub macros: Macros,
    /// The account's macros without a problem: the last good ones from now on.
    pub sound: BTreeMap<String, AccountMacro>,
    /// Macros whose text in the account is not used.
    pub faults: Vec<Fault>,
    /// The account's macros without a problem, each as a file.
    pub texts: BTreeMap<String, String>,
}

/// A macro whose text in the account is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The macro's file name.
    pub name: String,
    /// Its id in the account, if it exists.
    pub macro_id: Option<i64>,
    /// When it was last edited there.
    pub updated_at: Option<Timestamp>,
    /// All its problems with their places.
    pub problems: Vec<String>,
    /// The text used meanwhile.
    pub serves: Serves,
}

/// The text used instead of a faulty macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serves {
    /// The account's last good version.
    LastGood {
        /// When that version was written in the account.
        updated_at: Timestamp,
    },
    /// The text in the macro's file.
    File,
}

/// A possible version of a macro.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    version: &'a AccountMacro,
    is_current: bool,
    account_id: Option<i64>,
}

/// One macro while its version is chosen.
struct Selection<'a> {
    name: &'a str,
    head: Option<Head>,
    finding: Option<&'a Finding>,
    /// The remaining candidates, the best last.
    candidates: Vec<Candidate<'a>>,
    /// The current candidate, as a file.
    text: String,
    problems: Vec<String>,
}

impl Macros {
    /// Chooses the text for each file. `findings`: the account's macros, if it was read; `good`: the account's last good
    /// versions. `self` are the files' macros, already checked.
    pub fn choose(
        &self,
        findings: Option<&BTreeMap<String, Finding>>,
        good: &BTreeMap<String, AccountMacro>,
        policy: &Policy,
        bounds: &Bounds,
    ) -> Choice {
        let selection = |name| Selection::new(name, self.text(name)?, findings, good.get(name)).into();
        let mut selections: Vec<Selection<'_>> = self.names().filter_map(selection).collect();
        let macros = loop {
            let macros = self.with_candidates(&mut selections, bounds);
            let found = [macros.check(policy), macros.check_bounds(policy, bounds)];
            if !refuse(&mut selections, found.into_iter().filter_map(Result::err).flatten()) {
                break macros;
            }
        };
        let sound = selections.iter().filter_map(Selection::sound).collect();
        let is_sound = |selection: &&Selection<'_>| selection.sound().is_some();
        let texts = selections
            .iter()
            .filter(is_sound)
            .map(|selection| (selection.name.to_owned(), selection.text.clone()));
        let texts = texts.collect();
        Choice { macros, sound, texts, faults: selections.into_iter().filter_map(Selection::fault).collect() }
    }

    /// The macros with each selection's current candidate; candidates that cannot be parsed are skipped.
    fn with_candidates(&self, selections: &mut [Selection<'_>], bounds: &Bounds) -> Self {
        let mut with_candidates = self.clone();
        for selection in selections {
            match selection.read(bounds) {
                Some((File::Macro(read), account_id)) => {
                    let read = super::Macro { account_id, ..read };
                    with_candidates.replies.insert(selection.name.to_owned(), read);
                }
                Some((File::Paragraph(read), account_id)) => {
                    let read = super::Paragraph { account_id, ..read };
                    with_candidates.paragraphs.insert(selection.name.to_owned(), read);
                }
                None => {}
            }
        }
        with_candidates
    }
}

/// Removes faulty candidates; returns whether there were any.
fn refuse(selections: &mut [Selection<'_>], found: impl Iterator<Item = (FaultyFile, Problem)>) -> bool {
    let mut by_name: BTreeMap<String, Vec<Problem>> = BTreeMap::new();
    for (file, problem) in found {
        if let FaultyFile::Macro(name) = file {
            by_name.entry(name).or_default().push(problem);
        }
    }
    let faulty =
        selections.iter_mut().filter_map(|selection| Some((by_name.get(selection.name)?, selection)));
    faulty.filter_map(|(problems, selection)| selection.refuse(problems).then_some(())).count() > 0
}

impl<'a> Selection<'a> {
    fn new(
        name: &'a str,
        text: &str,
        findings: Option<&'a BTreeMap<String, Finding>>,
        good: Option<&'a AccountMacro>,
    ) -> Self {
        let finding = findings.and_then(|findings| findings.get(name));
        let (current, mut problems) = match finding {
            Some(Finding::Found(found)) if found.active => (Some(found), Vec::new()),
            Some(Finding::Found(_)) => (None, vec!["꺼져 있습니다".to_owned()]),
            Some(Finding::Missing { wanted }) => {
                let what = format!("서비스의 사용자가 볼 수 있는 {wanted}인 매크로가 없습니다");
                (None, vec![what])
            }
            Some(Finding::Several { ids }) => (
                None,
                vec![format!(
                    "같은 제목의 매크로가 여럿입니다({ids:?}). 하나만 남기고 삭제하거나 제목을 바꾸세요"
                )],
            ),
            None => (None, Vec::new()),
        };
        let head = Head::of(text);
        if head.is_none() {
            problems.push("파일을 읽을 수 없습니다".to_owned());
        }
        // The use of a macro that may be deleted is not reported: Zendesk might reject the whole reply for it.
        let is_there = |id| findings.is_none() || current.is_some_and(|current| current.id == id);
        let good = good.map(|version| Candidate {
            version,
            is_current: false,
            account_id: Some(version.id).filter(|id| is_there(*id)),
        });
        let current =
            current.map(|version| Candidate { version, is_current: true, account_id: Some(version.id) });
        let candidates = good.into_iter().chain(current).collect();
        Self { name, head, finding, candidates, text: String::new(), problems }
    }

    /// The best candidate that can be parsed.
    fn read(&mut self, bounds: &Bounds) -> Option<(File, Option<i64>)> {
        while let (Some(candidate), Some(head)) = (self.candidates.last().copied(), &self.head) {
            let read = candidate.version.file(head, bounds).and_then(|text| {
                self.text = text;
                file::read(&self.text)
            });
            match read {
                Ok(read) => return Some((read, candidate.account_id)),
                Err(problems) => drop(self.refuse(&problems)),
            }
        }
        None
    }

    /// Removes the candidate; returns whether there was one.
    fn refuse(&mut self, problems: &[Problem]) -> bool {
        let Some(candidate) = self.candidates.pop() else { return false };
        if candidate.is_current {
            self.problems.extend(problems.iter().map(|problem| told(problem, &self.text)));
        }
        true
    }

    fn sound(&self) -> Option<(String, AccountMacro)> {
        let candidate = self.candidates.last().filter(|candidate| candidate.is_current)?;
        Some((self.name.to_owned(), candidate.version.clone()))
    }

    fn fault(self) -> Option<Fault> {
        let found = match self.finding {
            Some(Finding::Found(found)) => Some(found),
            _ => None,
        };
        (!self.problems.is_empty()).then(|| Fault {
            name: self.name.to_owned(),
            macro_id: found.map(|found| found.id),
            updated_at: found.map(|found| found.updated_at),
            problems: self.problems,
            serves: match self.candidates.last() {
                Some(candidate) => Serves::LastGood { updated_at: candidate.version.updated_at },
                None => Serves::File,
            },
        })
    }
}

/// The problem with the comment's line as shown in Zendesk, and how to fix it.
fn told(problem: &Problem, text: &str) -> String {
    let comment = ["comment_value = \"\"\"\n", "\ntext = \"\"\"\n"];
    let start = comment.iter().find_map(|key| Some(text.find(key)? + key.len()));
    let line = problem.at.as_ref().zip(start).and_then(|(at, start)| {
        let before = text.get(start..at.start)?;
        Some(before.matches('\n').count() + 1)
    });
    let place = line.map(|line| format!("글의 {line}번째 줄: ")).unwrap_or_default();
    let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    format!("{place}{}{help}", problem.what)
}
