//! Parses a text of a file: finds its placeholders, checks its audience and its mandatory mentions.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::file::Unread;
use super::template::{self, Use};
use super::wording::{ReadingOfText, Said};
use super::{Audience, LONGEST_REPLY, Mention, Placeholder, Wording};
use crate::domain::problem::Problem;

/// A mandatory mention in a file.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WrittenMention {
    text: Option<Spanned<String>>,
    why: Option<Spanned<String>>,
    first: bool,
}

impl WrittenMention {
    /// The values without their spans.
    pub(super) fn plain(self) -> (Option<String>, Option<String>, bool) {
        (self.text.map(Spanned::into_inner), self.why.map(Spanned::into_inner), self.first)
    }
}

/// The part of a file with the text.
pub(super) struct Written {
    pub(super) audience: Option<Audience>,
    pub(super) must_mention: Option<Spanned<Vec<WrittenMention>>>,
    pub(super) comment: Option<Spanned<String>>,
    /// The comment's key, for messages to authors.
    pub(super) place: &'static str,
}

impl Written {
    /// `text` is the whole file's.
    pub(super) fn read(
        self,
        text: &str,
        is_paragraph: bool,
        unread: &Unread,
        problems: &mut Vec<Problem>,
    ) -> Option<Wording> {
        let place = self.place;
        if self.audience.is_none() && !unread.audience {
            problems.push(
                Problem::new("누가 읽을 수 있는 글인지 적혀 있지 않습니다").help(
                    "확인된 본인만 읽으면 `audience = \"holder\"`, 누구나 읽으면 `\"anyone\"`을 쓰세요",
                ),
            );
        }
        let mentions =
            if unread.must_mention { Vec::new() } else { mentions(text, self.must_mention, problems) };
        if self.comment.is_none() && unread.comment {
            return None;
        }
        let (template, uses) = comment(text, place, self.comment, problems)?;
        if self.audience == Some(Audience::Anyone) {
            problems
                .extend(uses.iter().filter(|place| place.placeholder.is_of_the_use()).map(not_for_anyone));
        }
        if is_paragraph {
            let is_part =
                |place: &&Use| matches!(place.placeholder, Placeholder::Paragraphs | Placeholder::Questions);
            let inner = uses.iter().filter(is_part);
            let what = "문단은 답변의 한 부분이어서 다른 문단이나 질문을 넣을 수 없습니다";
            problems.extend(inner.map(|place| Problem::at(place.at.clone(), what)));
        }
        let must_mention = mentions.iter().map(|mention| mention.get_ref().clone()).collect();
        let wording = Wording { audience: self.audience?, must_mention, template, uses };
        match wording.readings() {
            Ok(readings) => {
                problems.extend(mentions.iter().filter_map(|mention| lost(mention, &readings, place)));
            }
            Err(kind) => problems.push(Problem::new(format!("글을 쓸 수 없습니다: {kind}"))),
        }
        Some(wording)
    }
}

fn not_for_anyone(place: &Use) -> Problem {
    let path = place.placeholder.path();
    let what = format!("`{path}`은(는) 이용 건의 정보인데, 이 글은 누구나 읽습니다");
    Problem::at(place.at.clone(), what)
        .help("빼세요. 확인된 본인만 읽는 글(`audience = \"holder\"`)에만 쓸 수 있습니다")
}

fn lost(mention: &Spanned<Mention>, readings: &[ReadingOfText], place: &str) -> Option<Problem> {
    let Mention { text, why, .. } = mention.get_ref();
    let (what, help) = match mention.get_ref().said(readings) {
        Said::Always => return None,
        Said::Sometimes => (
            format!("꼭 알릴 말 `{text}`이(가) 어떤 경우에는 글에 없습니다: {why}"),
            format!("{place}에서 `{{% if %}}` 밖에 쓰세요"),
        ),
        Said::Never => (
            format!("꼭 알릴 말 `{text}`이(가) 글에 없습니다: {why}"),
            format!("{place}에 쓰세요. 상담 가이드가 바뀌었을 때만 `must_mention`을 고치세요"),
        ),
    };
    Some(Problem::at(mention.span(), what).help(help))
}

fn mentions(
    text: &str,
    written: Option<Spanned<Vec<WrittenMention>>>,
    problems: &mut Vec<Problem>,
) -> Vec<Spanned<Mention>> {
    let help = "`[actions]` 위에 `must_mention = [{ text = \"영업일 3~5일\", why = \"카드사 반영 기간\" }]`처럼 쓰세요";
    match written {
        None => {
            problems.push(Problem::new("꼭 알릴 말이 적혀 있지 않습니다").help(help));
            Vec::new()
        }
        Some(none) if none.get_ref().is_empty() => {
            problems.push(Problem::at(none.span(), "`must_mention`이 비어 있습니다").help(help));
            Vec::new()
        }
        Some(written) => {
            let at = written.span();
            let read = |mention| self::mention(text, &at, mention, problems);
            written.into_inner().into_iter().filter_map(read).collect()
        }
    }
}

/// Reads a mandatory mention; its problems point at its text.
fn mention(
    file: &str,
    all_at: &Range<usize>,
    written: WrittenMention,
    problems: &mut Vec<Problem>,
) -> Option<Spanned<Mention>> {
    let filled = |value: &Option<Spanned<String>>| {
        value.as_ref().is_some_and(|value| !value.get_ref().trim().is_empty())
    };
    if !filled(&written.text) || !filled(&written.why) {
        let at = written.text.or(written.why).map_or_else(|| all_at.clone(), |value| value.span());
        let what = "꼭 알릴 말마다 `text`와 `why`를 씁니다";
        problems.push(Problem::at(at, what));
        return None;
    }
    let (text, why, first) = (written.text?, written.why?.into_inner(), written.first);
    let at = text.span();
    match template::scan(text.get_ref()) {
        Err(found) => problems.extend(in_file(file, at.clone(), found)),
        Ok(uses) if uses.iter().any(|place| place.guarded) => {
            problems.push(Problem::at(at.clone(), "꼭 알릴 말에는 `{% if %}`를 쓸 수 없습니다"));
        }
        Ok(_) => return Some(Spanned::new(at, Mention { text: text.into_inner(), why, first })),
    }
    None
}

fn comment(
    text: &str,
    place: &str,
    written: Option<Spanned<String>>,
    problems: &mut Vec<Problem>,
) -> Option<(String, Vec<Use>)> {
    let Some(value) = written.filter(|value| !value.get_ref().trim().is_empty()) else {
        problems.push(Problem::new("글이 없습니다").help(format!("{place}에 쓰세요")));
        return None;
    };
    let whole = value.span();
    let template = value.into_inner();
    if template.len() > LONGEST_REPLY {
        let what = format!("글이 Zendesk가 받는 {LONGEST_REPLY}바이트보다 깁니다");
        problems.push(Problem::at(whole, what));
        return None;
    }
    match template::scan(&template) {
        Ok(uses) => {
            let written = template::scan(&text[whole.clone()]).unwrap_or_default();
            let same =
                written.iter().map(|place| place.placeholder).eq(uses.iter().map(|place| place.placeholder));
            let places = if same {
                written.into_iter().map(|place| shifted(place.at, whole.start)).collect()
            } else {
                vec![whole; uses.len()]
            };
            Some((template, uses.into_iter().zip(places).map(|(place, at)| Use { at, ..place }).collect()))
        }
        Err(found) => {
            problems.extend(in_file(text, whole, found));
            None
        }
    }
}

/// Maps the spans of a value's problems to the file, by scanning the value as written for the same problems. Escapes can
/// make the two differ; then the span is the whole value.
fn in_file(text: &str, whole: Range<usize>, found: Vec<Problem>) -> Vec<Problem> {
    let written = template::scan(&text[whole.clone()]).err().unwrap_or_default();
    let same = written.iter().map(|problem| &problem.what).eq(found.iter().map(|problem| &problem.what));
    let (problems, places) = if same { (written, None) } else { (found, Some(whole.clone())) };
    let place = |problem: Problem| {
        let at = places.clone().or_else(|| problem.at.clone().map(|at| shifted(at, whole.start)));
        Problem { at, ..problem }
    };
    problems.into_iter().map(place).collect()
}

fn shifted(at: Range<usize>, by: usize) -> Range<usize> {
    at.start + by..at.end + by
}
