//! Files that people write: each is read, or told what is wrong with it and where.

use misread::config::{Report, Settings};
use misread::domain::policy::{Policy, TableName, compare};
use misread::domain::problem::Problem;
use misread::domain::reply::Macros;
use misread::domain::words::{Question, Words};

use super::input::Input;
use super::{replies, samples, words};

pub(super) fn settings(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Err(problems) = Settings::parse(&text).and_then(|settings| settings.require_account()) {
        check_told(&text, problems);
    }
}

/// A policy that was proved decides whatever is asked.
pub(super) fn policy(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let policy = match Policy::parse(&text) {
        Ok(policy) => policy,
        Err(problems) => return check_told(&text, problems),
    };
    for situation in samples::situations() {
        let decision = policy.decide(&situation);
        assert!(policy.row(&decision.row).is_some_and(|row| row.reason == decision.reason));
    }
    assert!(compare(&policy, &policy).is_empty());
    assert!(!policy.inputs(TableName::Decision).is_empty());
    let shipped = samples::playbook();
    let misfits = shipped.macros.check(&policy).err().unwrap_or_default();
    assert!(misfits.iter().all(|(_, problem)| !problem.what.is_empty()));
}

pub(super) fn words_file(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let words = match Words::parse(&text) {
        Ok(words) => words,
        Err(problems) => return check_told(&text, problems),
    };
    for message in [
        "네 본인 맞아요",
        "아니요 제 차 아니에요",
        "1번 네 2번 아니요",
        "쿠폰 주세요. 감사합니다!",
        text.as_ref(),
    ] {
        words::check(&words, &[Question::Identity, Question::Vehicle], message);
        words::check(&words, &[Question::Coupon], message);
    }
}

/// A macro that is read can be rendered, for anyone or for the holder.
pub(super) fn macros(data: &[u8]) {
    let mut input = Input::new(data);
    let name = input.pick(&["payment_cancelled", "ask_identity", "self_cancel", "follow_up"]);
    let text = String::from_utf8_lossy(input.rest()).into_owned();
    let macros = match Macros::parse(&[(name.to_owned(), text.clone())]) {
        Ok(macros) => macros,
        Err(problems) => {
            return check_told(&text, problems.into_iter().map(|(_, problem)| problem).collect());
        }
    };
    let misfits = macros.check(&samples::playbook().policy).err().unwrap_or_default();
    assert!(!misfits.is_empty(), "one macro is never enough");
    let parking_use = samples::parking_use();
    for known in [None, Some(&parking_use)] {
        replies::check(macros.render(name, &replies::facts("홍길동", known)));
        replies::check(macros.paragraph(name, &replies::facts("홍길동", known)));
    }
}

/// The problems that a report shows in full; of the others it tells the number.
const SHOWN: usize = 100;

/// Each problem says something and stands within the text, and the report shows it and their number.
fn check_told(text: &str, problems: Vec<Problem>) {
    assert!(!problems.is_empty());
    for problem in &problems {
        assert!(!problem.what.is_empty());
        if let Some(at) = &problem.at {
            assert!(text.get(at.clone()).is_some(), "{at:?} is no place in the text: {problem:?}");
        }
    }
    let mut report = Report::default();
    report.extend_file("config/some.toml", Some(text), problems);
    let shown = report.to_string();
    assert_eq!(shown.lines().filter(|line| line.starts_with("오류: ")).count(), report.len().min(SHOWN));
    assert!(shown.lines().last().is_some_and(|line| line.contains(&report.len().to_string())));
    assert_eq!(report.problems().count(), report.len());
}
