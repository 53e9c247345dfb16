//! What people read beside the code: the README and the files of a deployment say what the program really knows.

use std::collections::BTreeMap;

use misread::account::setup::OPTION_NAMES;
use misread::account::triggers::{self, START_BODY};
use misread::config::{self, VARIABLES};
use misread::domain::parking::ParkingAction;
use misread::domain::policy::{Outcome, Policy, Team, Then};
use misread::testbed::sandbox::marks;

const README: &str = include_str!("../../../README.md");
const UNIT: &str = include_str!("../../../deploy/misread.service");
const ENVIRONMENT: &str = include_str!("../../../deploy/misread.env.example");

fn policy() -> Policy {
    config::load_files(&BTreeMap::new()).unwrap().policy
}

/// The README's table line that begins with this row's id, in the section with this heading.
fn line(heading: &str, id: &str) -> &'static str {
    let (_, section) = README.split_once(heading).unwrap();
    let mut lines = section
        .lines()
        .take_while(|line| !line.starts_with("## "))
        .filter(|line| line.starts_with(&format!("| `{id}` |")));
    lines.next().unwrap_or_else(|| panic!("`{heading}` of the README lacks `{id}`"))
}

/// What the README calls an action.
fn action(action: ParkingAction) -> &'static str {
    match action {
        ParkingAction::Cancel => "cancel",
        ParkingAction::Refund => "refund",
        ParkingAction::WithdrawReceivable => "withdraw",
        ParkingAction::OperatorMakeGood => "make good",
        ParkingAction::Inspection => "inspection",
        ParkingAction::Coupon => "coupon",
        ParkingAction::Points => "points",
    }
}

/// The last column of a row's line.
fn consequence(then: &Then) -> String {
    let outcome = match then {
        Then::Decide => return "the decision table below".to_owned(),
        Then::Outcome(outcome) => outcome,
    };
    let happens = match outcome {
        Outcome::Settle { actions, .. } if actions.is_empty() => "answer".to_owned(),
        Outcome::Settle { actions, .. } => {
            actions.iter().map(|done| action(*done)).collect::<Vec<_>>().join(", ")
        }
        Outcome::Ask { questions, .. } => {
            let asked = questions.iter().map(|question| format!("{question:?}").to_lowercase());
            format!("ask {}", asked.collect::<Vec<_>>().join(", "))
        }
        Outcome::AwaitPayment { .. } => "wait for the payment".to_owned(),
        Outcome::HandOver { team, interim: None, .. } => format!("→ {}", team.korean()),
        Outcome::HandOver { team, interim: Some(_), .. } => format!("→ {} → back", team.korean()),
    };
    outcome.reply().map_or(happens.clone(), |reply| format!("{happens} · `{reply}`"))
}

#[test]
fn the_readme_has_every_row_of_the_policy_with_its_sentence_and_its_consequence() {
    let policy = policy();
    for row in policy.rows() {
        let line = line("## The policy", &row.id);
        assert!(line.contains(&row.sentence), "{}: {}", row.id, row.sentence);
        assert!(line.ends_with(&format!("| {} |", consequence(&row.then))), "{line}");
    }
    let (_, section) = README.split_once("## The policy").unwrap();
    let table = section.split_once("\n### ").unwrap().0;
    assert_eq!(table.lines().filter(|line| line.starts_with("| `")).count(), policy.rows().count());
}

#[test]
fn the_readme_says_how_to_roll_out_and_its_words_are_those_of_the_files() {
    use misread::domain::policy::Trust;
    let (_, section) = README.split_once("### From shadow to auto").unwrap();
    let section = section.split("\n#").next().unwrap();
    for trust in [Trust::Shadow, Trust::Assist, Trust::Auto] {
        assert!(section.contains(&format!("`{}`", trust.code())), "{trust:?}");
    }
    let settings = include_str!("../../../config/policy.toml");
    let whole_file = "trust = \"auto\"";
    assert!(settings.lines().any(|line| line == whole_file) && section.contains("trust = \"shadow\""));
    for word in ["misread policy diff", "misread check", "systemctl reload misread"] {
        assert!(section.contains(word), "{word}");
    }
    let (_, texts) = README.split_once("### The texts").unwrap();
    let texts = texts.split("\n#").next().unwrap();
    for word in [
        "`audience`",
        "`anyone`",
        "`holder`",
        "`must_mention`",
        "`kind = \"paragraph\"`",
        "misread macros preview",
    ] {
        assert!(texts.contains(word), "{word}");
    }
    let macros = config::load_files(&BTreeMap::new()).unwrap().macros;
    for (name, _) in macros.paragraphs() {
        assert!(texts.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn the_readme_asks_every_question_that_the_policy_leaves_open_and_no_other() {
    let policy = policy();
    let asked = policy.rows().filter_map(|row| Some((row, row.question.as_ref()?)));
    let count = asked
        .inspect(|(row, question)| {
            assert!(line("### OPEN", &row.id).contains(question.as_str()), "{question}");
        })
        .count();
    let (_, section) = README.split_once("### OPEN").unwrap();
    let lines = section.lines().skip(1).take_while(|line| !line.starts_with('#'));
    assert_eq!(lines.filter(|line| line.starts_with("| `")).count(), count);
}

#[test]
fn the_readme_names_every_variable_once_in_its_table() {
    for name in VARIABLES {
        let lines = README.lines().filter(|line| line.starts_with(&format!("| `{name}` |")));
        assert_eq!(lines.count(), 1, "{name}");
    }
}

#[test]
fn the_readmes_triggers_are_the_planned_ones() {
    assert!(README.contains(&format!("```json\n{START_BODY}\n```")));
    for trigger in triggers::wanted(&marks(), "the webhook", 7) {
        let line = README.lines().find(|line| line.starts_with(&format!("| {} |", trigger.title)));
        let line = line.unwrap_or_else(|| panic!("the README lacks {}", trigger.title));
        for condition in trigger.conditions.all.iter().filter(|one| one.field == "current_tags") {
            let tags = format!("`{}`", condition.value.as_str().unwrap());
            assert!(line.contains(&tags), "{tags} is not in\n{line}");
        }
    }
}

#[test]
fn the_readme_names_what_the_set_up_makes() {
    let (_, section) = README.split_once("### 1. Zendesk").unwrap();
    let section = section.split("\n### ").next().unwrap();
    for team in Team::ALL {
        assert!(section.contains(team.korean()), "{team:?}");
    }
    for word in ["상담유형", "차량번호", "이용 일시", OPTION_NAMES[0], "`tickets:write read`", "`read write`"]
    {
        assert!(section.contains(word), "{word}");
    }
    for value in marks().consultation_types.iter().chain([&marks().prepared_tag]) {
        assert!(section.contains(&format!("`{value}`")), "{value}");
    }
}

#[test]
fn the_files_of_a_deployment_set_only_variables_that_exist() {
    let names = |text: &'static str| {
        text.lines().filter_map(|line| {
            let line = line.trim_start_matches("# ").trim_start_matches("Environment=");
            let (name, _) = line.split_once('=')?;
            name.starts_with("MISREAD_").then(|| name.trim_end_matches("_FILE"))
        })
    };
    let set: Vec<&str> = names(UNIT).chain(names(ENVIRONMENT)).collect();
    for name in &set {
        assert!(VARIABLES.contains(name), "there is no variable {name}");
    }
    for required in README.lines().filter(|line| line.contains("| required |")) {
        let name = required.trim_start_matches("| `").split('`').next().unwrap();
        assert_eq!(set.iter().filter(|set| **set == name).count(), 1, "{name}");
    }
}
