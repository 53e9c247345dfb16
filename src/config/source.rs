//! Reads the configuration files, from a folder or from the copies built into the program.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use super::Files;
use super::report::Report;
use super::settings::Settings;
use crate::domain::file::TomlFile;
use crate::domain::openings::Openings;
use crate::domain::policy::Policy;
use crate::domain::problem::Problem;
use crate::domain::reply::{FaultyFile, Macros};
use crate::domain::words::Words;

/// The built-in settings file: every setting with its default and the reason for it.
pub const EMBEDDED_SETTINGS: &str = include_str!("../../config/misread.toml");
const EMBEDDED_POLICY: &str = include_str!("../../config/policy.toml");
const EMBEDDED_WORDS: &str = include_str!("../../config/words.toml");
const EMBEDDED_OPENINGS: &str = include_str!("../../config/openings.tsv");
/// Parsed once per process: the words file is large, and tests and reloads load it often.
static SHIPPED_WORDS: LazyLock<Result<Words, Vec<Problem>>> = LazyLock::new(|| Words::parse(EMBEDDED_WORDS));
static SHIPPED_OPENINGS: LazyLock<Result<Openings, Vec<Problem>>> =
    LazyLock::new(|| Openings::parse(EMBEDDED_OPENINGS));
const EMBEDDED_MACROS: &[(&str, &str)] = &[
    ("airport_interim", include_str!("../../config/macros/airport_interim.toml")),
    ("ask_again", include_str!("../../config/macros/ask_again.toml")),
    ("ask_both", include_str!("../../config/macros/ask_both.toml")),
    ("ask_identity", include_str!("../../config/macros/ask_identity.toml")),
    ("ask_vehicle", include_str!("../../config/macros/ask_vehicle.toml")),
    ("closed_silent", include_str!("../../config/macros/closed_silent.toml")),
    ("coupon_granted", include_str!("../../config/macros/coupon_granted.toml")),
    ("follow_up", include_str!("../../config/macros/follow_up.toml")),
    ("nothing_charged", include_str!("../../config/macros/nothing_charged.toml")),
    ("offer_coupon", include_str!("../../config/macros/offer_coupon.toml")),
    ("pass_cancel", include_str!("../../config/macros/pass_cancel.toml")),
    ("payment_cancelled", include_str!("../../config/macros/payment_cancelled.toml")),
    ("please_pay", include_str!("../../config/macros/please_pay.toml")),
    ("question_both", include_str!("../../config/macros/question_both.toml")),
    ("question_coupon", include_str!("../../config/macros/question_coupon.toml")),
    ("question_identity", include_str!("../../config/macros/question_identity.toml")),
    ("question_vehicle", include_str!("../../config/macros/question_vehicle.toml")),
    ("points_granted", include_str!("../../config/macros/points_granted.toml")),
    ("receivable_withdrawn", include_str!("../../config/macros/receivable_withdrawn.toml")),
    ("reminder", include_str!("../../config/macros/reminder.toml")),
    ("restricted", include_str!("../../config/macros/restricted.toml")),
    ("self_cancel", include_str!("../../config/macros/self_cancel.toml")),
    ("self_cancel_not_offered", include_str!("../../config/macros/self_cancel_not_offered.toml")),
    ("use_cancelled", include_str!("../../config/macros/use_cancelled.toml")),
    ("who_was_it", include_str!("../../config/macros/who_was_it.toml")),
    ("who_was_it_directly_operated", include_str!("../../config/macros/who_was_it_directly_operated.toml")),
    ("why_hidden", include_str!("../../config/macros/why_hidden.toml")),
];

/// The built-in files except `misread.toml`, each with its name in a folder. The drill writes them next to its own
/// settings file.
pub fn shipped_files() -> impl Iterator<Item = (String, &'static str)> {
    let macros = EMBEDDED_MACROS.iter().map(|(stem, text)| (format!("macros/{stem}.toml"), *text));
    let lists = [("words.toml", EMBEDDED_WORDS), ("openings.tsv", EMBEDDED_OPENINGS)];
    [("policy.toml", EMBEDDED_POLICY)]
        .into_iter()
        .chain(lists)
        .map(|(name, text)| (name.to_owned(), text))
        .chain(macros)
}

/// The built-in macros, by name.
pub fn shipped_macros() -> impl Iterator<Item = (&'static str, &'static str)> {
    EMBEDDED_MACROS.iter().copied()
}

/// The texts of the files, and the folder's name for messages. A text is `None` if its file cannot be read.
struct Texts {
    folder: String,
    settings: Option<String>,
    policy: Option<String>,
    words: Option<String>,
    /// `None`: the built-in ones are used.
    openings: Option<String>,
    macros: Vec<(String, String)>,
}

impl Texts {
    fn macro_name(&self, stem: &str) -> String {
        format!("{}/macros/{stem}.toml", self.folder)
    }

    fn policy_name(&self) -> String {
        format!("{}/policy.toml", self.folder)
    }

    fn words_name(&self) -> String {
        format!("{}/words.toml", self.folder)
    }
}

/// The settings file's name for messages; the built-in one has the name that it has in the repository.
pub(super) fn settings_name(folder: Option<&str>) -> String {
    format!("{}/misread.toml", folder.map_or("config", |folder| folder.trim_end_matches('/')))
}

/// Reads and checks all files, and adds their problems to the report. `policy`: the text of another `policy.toml`.
pub(super) fn files(folder: Option<&str>, policy: Option<&str>, report: &mut Report) -> Option<Files> {
    let mut texts = match folder {
        Some(folder) => from_folder(folder, report),
        None => embedded(),
    };
    if let Some(text) = policy {
        texts.policy = Some(text.to_owned());
    }
    let settings = texts
        .settings
        .as_deref()
        .and_then(|text| collect(Settings::parse(text), &settings_name(folder), text, report));
    let policy = texts
        .policy
        .as_deref()
        .and_then(|text| collect(Policy::parse(text), &texts.policy_name(), text, report));
    let words = texts.words.as_deref().and_then(|text| {
        let shipped = text == EMBEDDED_WORDS;
        let words = if shipped { SHIPPED_WORDS.clone() } else { Words::parse(text) };
        collect(words, &texts.words_name(), text, report)
    });
    let openings = match &texts.openings {
        Some(text) => collect(Openings::parse(text), &format!("{}/openings.tsv", texts.folder), text, report),
        None => collect(SHIPPED_OPENINGS.clone(), "config/openings.tsv", EMBEDDED_OPENINGS, report),
    };
    let macros = macros(&texts, policy.as_ref(), settings.as_ref(), words.as_ref(), report);
    if let (Some(settings), Some(macros), Some(text)) = (&settings, &macros, &texts.settings) {
        report.extend_file(&settings_name(folder), Some(text), unknown_ids(settings, macros, text));
    }
    files_of(settings, policy, words, openings, macros)
}

/// Reads and proves only the policy.
pub(super) fn policy(folder: Option<&str>, report: &mut Report) -> Option<Policy> {
    match folder {
        Some(folder) => {
            policy_file(&format!("{}/policy.toml", folder.trim_end_matches('/')), FOLDER_HOLDS, report)
        }
        None => collect(Policy::parse(EMBEDDED_POLICY), "config/policy.toml", EMBEDDED_POLICY, report),
    }
}

/// Reads and proves the policy file `name`; `help` is the advice if it cannot be read.
pub(super) fn policy_file(name: &str, help: &str, report: &mut Report) -> Option<Policy> {
    let text = read(name, help, report)?;
    collect(Policy::parse(&text), name, &text, report)
}

fn files_of(
    settings: Option<Settings>,
    policy: Option<Policy>,
    words: Option<Words>,
    openings: Option<Openings>,
    macros: Option<Macros>,
) -> Option<Files> {
    Some(Files { settings: settings?, policy: policy?, words: words?, openings: openings?, macros: macros? })
}

fn collect<T>(read: Result<T, Vec<Problem>>, name: &str, text: &str, report: &mut Report) -> Option<T> {
    read.map_err(|problems| report.extend_file(name, Some(text), problems)).ok()
}

/// A problem for each id of a macro that has no file.
fn unknown_ids(settings: &Settings, macros: &Macros, text: &str) -> Vec<Problem> {
    let file = TomlFile::parse(text).ok();
    let unknown = settings.macros.ids.keys().filter(|name| macros.text(name).is_none());
    let problem = |name: &String| Problem {
        what: format!("`macros.ids.{name}`: macros/{name}.toml 파일이 없습니다"),
        at: file.as_ref().and_then(|file| file.span(&["macros", "ids", name])),
        help: Some("매크로 파일의 이름을 `.toml` 없이 쓰세요".to_owned()),
    };
    unknown.map(problem).collect()
}

fn macros(
    texts: &Texts,
    policy: Option<&Policy>,
    settings: Option<&Settings>,
    words: Option<&Words>,
    report: &mut Report,
) -> Option<Macros> {
    let text_of =
        |stem: &str| texts.macros.iter().find(|(name, _)| name == stem).map(|(_, text)| text.as_str());
    let macros = match Macros::parse(&texts.macros) {
        Ok(macros) => macros,
        Err(problems) => {
            for (stem, problem) in problems {
                report.extend_file(&texts.macro_name(&stem), text_of(&stem), [problem]);
            }
            return None;
        }
    };
    // A check between two files is skipped if one of them has problems of its own: it would report their consequences.
    let fit = policy.map_or(Ok(()), |policy| macros.check(policy));
    let within = policy.zip(settings);
    let within =
        within.map_or(Ok(()), |(policy, settings)| macros.check_bounds(policy, &settings.macro_bounds()));
    let choices = words.map_or(Ok(()), |words| macros.check_choices(words));
    let misfits = [fit, within, choices].into_iter().filter_map(Result::err).flatten();
    for (file, problem) in misfits {
        match file {
            FaultyFile::Policy => {
                report.extend_file(&texts.policy_name(), texts.policy.as_deref(), [problem]);
            }
            FaultyFile::Macro(stem) => {
                report.extend_file(&texts.macro_name(&stem), text_of(&stem), [problem]);
            }
        }
    }
    Some(macros)
}

fn embedded() -> Texts {
    let macros = EMBEDDED_MACROS.iter().map(|(stem, text)| ((*stem).to_owned(), (*text).to_owned()));
    Texts {
        folder: "config".to_owned(),
        settings: Some(EMBEDDED_SETTINGS.to_owned()),
        policy: Some(EMBEDDED_POLICY.to_owned()),
        words: Some(EMBEDDED_WORDS.to_owned()),
        openings: None,
        macros: macros.collect(),
    }
}

/// Reads every file of a folder. A missing file is a problem: a built-in one in its place would change the policy or
/// the replies without notice.
fn from_folder(folder: &str, report: &mut Report) -> Texts {
    let folder = folder.trim_end_matches('/');
    let settings = read(&settings_name(Some(folder)), FOLDER_HOLDS, report);
    let policy = read(&format!("{folder}/policy.toml"), FOLDER_HOLDS, report);
    let words = read(&format!("{folder}/words.toml"), FOLDER_HOLDS, report);
    let macros = macro_stems(&format!("{folder}/macros"), report)
        .into_iter()
        .filter_map(|stem| {
            let text = read(&format!("{folder}/macros/{stem}.toml"), FOLDER_HOLDS, report)?;
            Some((stem, text))
        })
        .collect();
    // Folders of earlier versions do not have this file.
    let openings = fs::read_to_string(format!("{folder}/openings.tsv")).ok();
    Texts { folder: folder.to_owned(), settings, policy, words, openings, macros }
}

const FOLDER_HOLDS: &str =
    "MISREAD_CONFIG 폴더에는 config/처럼 misread.toml, policy.toml, words.toml, macros/가 있어야 합니다";

fn read(name: &str, help: &str, report: &mut Report) -> Option<String> {
    let missing = |error: std::io::Error| {
        let problem = Problem::new(format!("파일을 읽을 수 없습니다: {error}")).help(help);
        report.extend_file(name, None, [problem]);
    };
    fs::read_to_string(name).map_err(missing).ok()
}

/// The sorted names of the macro files without `.toml`; files with another extension are no macros.
fn macro_stems(name: &str, report: &mut Report) -> Vec<String> {
    let stem = |entry: fs::DirEntry| {
        let path = entry.path();
        let is_toml = path.extension().is_some_and(|extension| extension == "toml");
        let stem = path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned);
        stem.filter(|_| is_toml)
    };
    match fs::read_dir(Path::new(name)).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(entries) => {
            let mut stems: Vec<String> = entries.into_iter().filter_map(stem).collect();
            stems.sort();
            stems
        }
        Err(error) => {
            report.extend_file(name, None, [Problem::new(format!("폴더를 읽을 수 없습니다: {error}"))]);
            Vec::new()
        }
    }
}
