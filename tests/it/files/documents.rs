//! The documents next to the code, and the deployment's files, agree with the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use misread::account::for_agents::{self, Rule, WantedRule};
use misread::account::setup::OPTION_NAMES;
use misread::account::triggers::{self, START_BODY};
use misread::config::{self, EMBEDDED_SETTINGS, VARIABLES};
use misread::domain::parking::Won;
use misread::domain::policy::{Outcome, Policy, Row, Team, Then, Trust};
use misread::domain::reply::Placeholder;
use misread::testbed::sandbox::marks;

const README: &str = include_str!("../../../README.md");
const CONFIG: &str = include_str!("../../../config/README.md");
const DEPLOY: &str = include_str!("../../../deploy/README.md");
const TESTS: &str = include_str!("../../README.md");
const UNIT: &str = include_str!("../../../deploy/misread.service");
const ENVIRONMENT: &str = include_str!("../../../deploy/misread.env.example");

const PAPERS: &[&str] = &[
    "README.md",
    "config/README.md",
    "deploy/README.md",
    "deploy/RUNBOOK.md",
    "deploy/CHANGELOG.md",
    "tests/README.md",
    "tests/CONTRIBUTING.md",
];

fn policy() -> Policy {
    config::load_files(&BTreeMap::new()).unwrap().policy
}

/// The text under a heading, including its subsections.
fn section(paper: &'static str, heading: &str) -> &'static str {
    let (_, rest) = paper
        .split_once(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("no paper has the heading `{heading}`"));
    let level = heading.find(' ').unwrap();
    let next = (1..=level).filter_map(|level| rest.find(&format!("\n{} ", "#".repeat(level))));
    &rest[..next.min().unwrap_or(rest.len())]
}

/// The lines of tables that begin with a name.
fn named_lines(section: &'static str) -> impl Iterator<Item = &'static str> {
    section.lines().filter(|line| line.starts_with("| `"))
}

/// The table line that begins with this row's id, in the section with this heading.
fn line(heading: &str, id: &str) -> &'static str {
    let mut lines = named_lines(section(CONFIG, heading));
    lines
        .find(|line| line.starts_with(&format!("| `{id}` |")))
        .unwrap_or_else(|| panic!("`{heading}` lacks `{id}`"))
}

/// The last column of a row's line.
fn consequence(then: &Then) -> String {
    let outcome = match then {
        Then::Decide => return "결정표로".to_owned(),
        Then::Outcome(outcome) => outcome,
    };
    let happens = match outcome {
        Outcome::Settle { actions, .. } if actions.is_empty() => "답변만".to_owned(),
        Outcome::Settle { actions, .. } => {
            actions.iter().map(|done| done.korean()).collect::<Vec<_>>().join(" → ")
        }
        Outcome::Ask { questions, .. } => {
            let asked: Vec<_> = questions.iter().map(|question| question.korean()).collect();
            format!("질문: {}", asked.join(", "))
        }
        Outcome::AwaitPayment { .. } => "결제를 기다림".to_owned(),
        Outcome::HandOver { team, interim: None, .. } => format!("{}으로 이관", team.korean()),
        Outcome::HandOver { team, interim: Some(_), .. } => {
            format!("{}으로 이관, 돌려주면 이어서 처리", team.korean())
        }
    };
    outcome.reply().map_or(happens.clone(), |reply| format!("{happens} · `{reply}`"))
}

const POLICY: &str = "## 정책";

#[test]
fn the_policy_page_has_every_row_with_its_sentence_its_source_and_its_consequence() {
    let (policy, page) = (policy(), section(CONFIG, POLICY));
    for row in policy.rows() {
        let line = line(POLICY, &row.id);
        let source = row.source.replace("상담 가이드 ", "");
        assert!(line.contains(&format!("| {} | {source} |", row.sentence)), "{}: {line}", row.id);
        assert!(line.ends_with(&format!("| {} |", consequence(&row.then))), "{line}");
        if let Then::Outcome(Outcome::Settle { actions, .. }) = &row.then {
            assert!(
                actions.iter().all(|action| page.contains(&format!("\n| {} | `", action.korean()))),
                "{line}"
            );
        }
    }
    assert_eq!(named_lines(page).count(), policy.rows().count());
}

#[test]
fn the_policy_page_says_how_to_roll_out_and_its_words_are_those_of_the_files() {
    let section = section(CONFIG, "## 참관에서 자동까지");
    for trust in [Trust::Shadow, Trust::Assist, Trust::Auto] {
        assert!(section.contains(&format!("| `{}` |", trust.code())), "{trust:?}");
    }
    let settings = include_str!("../../../config/policy.toml");
    let whole_file = "trust = \"auto\"";
    assert!(settings.lines().any(|line| line == whole_file) && section.contains("trust = \"shadow\""));
    for word in ["misread policy diff", "misread check", "systemctl reload misread"] {
        assert!(section.contains(word), "{word}");
    }
}

#[test]
fn the_page_of_texts_names_what_a_head_says_every_text_and_every_placeholder() {
    let texts = section(CONFIG, "## 고객님께 보내는 글");
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
    let files = config::load_files(&BTreeMap::new()).unwrap();
    for (name, _) in files.macros.paragraphs() {
        assert!(texts.contains(&format!("`{name}`")), "{name}");
    }
    // A macro that no row sends is sent by the service itself.
    let of_rows: BTreeSet<&str> = files.policy.rows().filter_map(Row::reply).collect();
    for (name, _) in files.macros.iter().filter(|(name, _)| !of_rows.contains(name)) {
        assert!(texts.contains(&format!("`{name}`")), "{name}");
    }
    for placeholder in Placeholder::ALL.iter().map(|placeholder| placeholder.path()) {
        let forms = [format!("`{{{{ {placeholder} }}}}`"), format!("`{{% if {placeholder} %}}`")];
        assert!(forms.iter().any(|form| texts.contains(form)), "{placeholder}");
    }
}

#[test]
fn the_policy_page_asks_every_question_that_the_policy_leaves_open_and_no_other() {
    const OPEN: &str = "## 정책 담당자에게 드리는 질문";
    let policy = policy();
    let asked = policy.rows().filter_map(|row| Some((row, row.question.as_ref()?)));
    let count = asked
        .inspect(|(row, question)| {
            assert!(line(OPEN, &row.id).contains(question.as_str()), "{question}");
        })
        .count();
    assert_eq!(named_lines(section(CONFIG, OPEN)).count(), count);
}

/// The settings in a table with columns: names, then values in the same order.
fn settings_shown(heading: &str) -> BTreeMap<&'static str, &'static str> {
    named_lines(section(CONFIG, heading))
        .flat_map(|line| {
            let columns: Vec<&str> = line.split(" | ").collect();
            let names = columns[0].trim_start_matches("| ").split(", ");
            names.map(|name| name.trim_matches('`')).zip(columns[1].split(" · "))
        })
        .collect()
}

#[test]
fn the_tables_of_settings_have_each_with_its_default_and_no_other() {
    let settings: toml::Table = EMBEDDED_SETTINGS.parse().unwrap();
    let defaults = |section: &str, prefix: &str| -> BTreeMap<String, String> {
        let settings = settings[section].as_table().unwrap().iter();
        settings
            .map(|(name, value)| {
                let shown = match value {
                    toml::Value::Integer(number) => Won(*number).to_string().replace('원', ""),
                    other => format!("`{}`", other.as_str().unwrap()),
                };
                (format!("{prefix}{name}"), shown)
            })
            .collect()
    };
    let mut wait = defaults("waiting", "waiting.");
    wait.extend(defaults("compensation", "compensation."));
    for (heading, defaults) in [("## 기다림과 보상", wait), ("## 한도와 차단기", defaults("limits", ""))]
    {
        let shown = settings_shown(heading);
        let shown: BTreeMap<String, String> =
            shown.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        assert_eq!(shown, defaults, "{heading}");
    }
}

#[test]
fn the_page_of_the_deployment_names_every_variable_once_in_its_table_and_no_other() {
    let table = section(DEPLOY, "## Settings and secrets");
    for name in VARIABLES {
        let lines = table.lines().filter(|line| line.starts_with(&format!("| `{name}` |")));
        assert_eq!(lines.count(), 1, "{name}");
    }
    assert_eq!(named_lines(table).count(), VARIABLES.len());
}

#[test]
fn the_triggers_that_are_shown_are_the_planned_ones() {
    let shown = section(DEPLOY, "### Triggers");
    assert!(shown.contains(&format!("```json\n{START_BODY}\n```")));
    for trigger in triggers::wanted(&marks(), "the webhook", 7) {
        let line = shown.lines().find(|line| line.starts_with(&format!("| {} |", trigger.title)));
        let line = line.unwrap_or_else(|| panic!("no line shows {}", trigger.title));
        for condition in trigger.conditions.all.iter().filter(|one| one.field == "current_tags") {
            let tags = format!("`{}`", condition.value.as_str().unwrap());
            assert!(line.contains(&tags), "{tags} is not in\n{line}");
        }
    }
}

#[test]
fn what_the_set_up_makes_is_named() {
    let section = section(DEPLOY, "## Set up Zendesk");
    for team in Team::ALL {
        assert!(section.contains(team.korean()), "{team:?}");
    }
    for word in ["상담유형", "차량번호", "이용 일시", OPTION_NAMES[0], "`tickets:write read`", "`read write`"]
    {
        assert!(section.contains(word), "{word}");
    }
    for value in marks().consultation_types.iter().chain([&marks().prepared_tag, &marks().stuck_tag]) {
        assert!(section.contains(&format!("`{value}`")), "{value}");
    }
    for rule in for_agents::wanted(&marks(), "1") {
        assert!(section.contains(rule.title), "{}", rule.title);
    }
}

#[test]
fn agents_read_of_every_macro_with_its_tag_and_of_every_view() {
    let (macros, views) = (section(CONFIG, "### 승인하기와 돌려주기"), section(CONFIG, "### 보기"));
    for WantedRule { title, rule, .. } in for_agents::wanted(&marks(), "1") {
        let place = if matches!(rule, Rule::Macro(_)) { macros } else { views };
        let line = place.lines().find(|line| line.starts_with('|') && line.contains(title));
        let line = line.unwrap_or_else(|| panic!("no line tells of {title}"));
        if let Rule::Macro(actions) = rule {
            assert!(line.contains(&format!("`{}`", actions[0].value.as_str().unwrap())), "{line}");
        }
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
    let required: Vec<&str> = DEPLOY.lines().filter(|line| line.contains("| required |")).collect();
    assert!(!required.is_empty());
    for required in required {
        let name = required.trim_start_matches("| `").split('`').next().unwrap();
        assert_eq!(set.iter().filter(|set| **set == name).count(), 1, "{name}");
    }
}

#[test]
fn the_figures_of_the_words_are_those_that_their_test_demands() {
    let source = include_str!("../words/answers.rs");
    let (_, floors) = source.split_once("const FLOORS").unwrap();
    let floors = floors.lines().take_while(|line| *line != "];").filter_map(|line| {
        let (name, rest) = line.trim().strip_prefix("(\"")?.split_once("\", ")?;
        let (_, figures) = rest.split_once('[')?;
        let figures = figures.strip_suffix("]),")?;
        (!figures.contains("; ")).then(|| {
            let figures = figures.split(", ").map(|figure| if figure == "0" { "–" } else { figure });
            format!("| {name} | {} |", figures.collect::<Vec<_>>().join(" | "))
        })
    });
    let shown = section(TESTS, "## How well answers are understood");
    let floors: Vec<String> = floors.collect();
    assert!(floors.len() > 5, "{floors:?}");
    let lines: Vec<&str> = shown.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert_eq!(lines, floors);
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A document without its code blocks.
fn prose(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // Between two fences is code: every second part.
    let parts = format!("\n{text}");
    parts.split("\n```").step_by(2).collect::<Vec<_>>().join("\n")
}

/// The anchors of a document's headings, as GitHub generates them.
fn anchors(path: &Path) -> BTreeSet<String> {
    let text = prose(path);
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title.chars().filter(|sign| sign.is_alphanumeric() || " -_".contains(*sign));
            kept.map(|sign| if sign == ' ' { '-' } else { sign }).collect()
        })
        .collect()
}

#[test]
fn every_link_in_the_papers_leads_to_a_file_and_a_heading_that_exist_and_every_source_file_is_there() {
    for paper in PAPERS {
        let path = root().join(paper);
        let text = prose(&path);
        let targets = text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
        for target in targets.filter(|target| !target.starts_with("http")) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            let file = fs::canonicalize(&file).unwrap_or_else(|error| panic!("{paper}: {target}: {error}"));
            assert!(file.starts_with(fs::canonicalize(root()).unwrap()), "{paper}: {target}");
            assert!(anchor.is_empty() || anchors(&file).contains(anchor), "{paper}: no heading for {target}");
        }
        let sources = text.split('`').filter(|part| part.starts_with("src/"));
        for file in sources.filter(|file| Path::new(file).extension().is_some_and(|kind| kind == "rs")) {
            assert!(root().join(file).exists(), "{paper}: {file}");
        }
    }
}

#[test]
fn the_first_page_is_short_and_leads_to_every_other() {
    let lines = README.lines().count();
    assert!(lines <= 200, "README.md has {lines} lines");
    for paper in &PAPERS[1..] {
        assert!(README.contains(&format!("]({paper})")), "README.md does not lead to {paper}");
    }
}

#[test]
fn the_tests_that_the_papers_name_exist() {
    let mut modules = Vec::new();
    let mut folders = vec![root().join("tests/it")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let module = path.strip_prefix(root().join("tests/it")).unwrap().with_extension("");
            modules.push(module.to_str().unwrap().replace('/', "::") + "::");
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    for paper in PAPERS {
        let text = fs::read_to_string(root().join(paper)).unwrap();
        for rest in text.split("--test it ").skip(1) {
            let filter = rest.split(|sign: char| sign.is_whitespace() || sign == '`').next().unwrap();
            assert!(modules.iter().any(|module| module.contains(filter)), "{paper}: no test has {filter}");
        }
    }
}
