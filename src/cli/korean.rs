//! The command line of operations in Korean: headings of their commands' help, and what clap finds wrong.

use std::error::Error as _;
use std::ffi::OsString;
use std::fmt::Display;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory as _, Error, FromArgMatches as _};

use super::Cli;
use super::wrong::Reader;
use crate::domain::ids::InvalidTicketId;

/// The commands of operations; all others are for engineers.
const OF_OPERATIONS: [&str; 5] = ["check", "policy", "macros", "limits", "case"];

const HELP: &str = "{before-help}{about-with-newline}\n사용법: {usage}\n\n{all-args}{after-help}";

/// The whole command line, as help, completions and man pages know it.
pub(super) fn command() -> Command {
    OF_OPERATIONS.iter().fold(Cli::command(), |command, name| command.mut_subcommand(name, in_korean))
}

fn in_korean(command: Command) -> Command {
    let help =
        Arg::new("help").short('h').long("help").action(ArgAction::Help).help("이 도움말을 보여 줍니다");
    command
        .help_template(HELP)
        .subcommand_help_heading("명령")
        .subcommand_value_name("명령")
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(help)
        .mut_args(argument_in_korean)
        .mut_subcommands(in_korean)
}

fn argument_in_korean(argument: Arg) -> Arg {
    let heading = if argument.is_positional() { "인자" } else { "옵션" };
    let argument = argument.help_heading(heading);
    if !argument.get_action().takes_values() {
        return argument;
    }
    let possible: Vec<String> =
        argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let default: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let values = [("쓸 수 있는 값", possible.join(", ")), ("기본값", default.join(", "))];
    let told = values.iter().filter(|(_, values)| !values.is_empty());
    let mut help: Vec<String> = argument.get_help().map(ToString::to_string).into_iter().collect();
    help.extend(told.map(|(label, values)| format!("[{label}: {values}]")));
    argument.help(help.join(" ")).hide_possible_values(true).hide_default_value(true)
}

/// Reads the command line.
///
/// # Errors
/// What is to be printed instead, such as a help, and who reads it.
pub(super) fn parse(arguments: Vec<OsString>) -> Result<(Cli, Reader), (Error, Reader)> {
    let name = arguments.get(1).and_then(|name| name.to_str()).unwrap_or_default();
    let reader = if OF_OPERATIONS.contains(&name) { Reader::Operations } else { Reader::Engineers };
    let matches = command().try_get_matches_from(arguments).map_err(|error| (error, reader))?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| (error, reader))?;
    Ok((cli, reader))
}

/// What is wrong, with the usage; `None` if clap prints something else, such as a help.
pub(super) fn told(error: &Error) -> Option<String> {
    let told = |kind| error.get(kind).map(values).filter(|values| !values.is_empty());
    let argument = told(ContextKind::InvalidArg).unwrap_or_default();
    let value = told(ContextKind::InvalidValue).unwrap_or_default();
    let wrong = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("`{}`: 그런 명령은 없습니다.", told(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::UnknownArgument => format!("`{argument}`: 그런 인자나 옵션은 없습니다."),
        ErrorKind::MissingRequiredArgument => format!("빠진 것이 있습니다: {argument}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("`{argument}`에 값이 빠졌습니다."),
        ErrorKind::InvalidValue => format!("`{value}`: `{argument}`에 쓸 수 없는 값입니다."),
        ErrorKind::ValueValidation => {
            format!("`{value}`: `{argument}`에 쓸 수 없는 값입니다.{}", reason(error))
        }
        ErrorKind::ArgumentConflict => match told(ContextKind::PriorArg) {
            Some(other) => format!("`{argument}`, `{other}`: 함께 쓸 수 없습니다."),
            None => format!("`{argument}`: 두 번 쓸 수 없습니다."),
        },
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("`{argument}`: 값의 개수가 맞지 않습니다.")
        }
        ErrorKind::InvalidUtf8 => "글자로 읽을 수 없는 인자가 있습니다.".to_owned(),
        _ => return None,
    };
    let hints = [
        (told(ContextKind::ValidValue), "쓸 수 있는 값"),
        (told(ContextKind::SuggestedSubcommand), "혹시 이것인가요"),
        (told(ContextKind::SuggestedArg), "혹시 이것인가요"),
        (told(ContextKind::SuggestedValue), "혹시 이것인가요"),
    ];
    let hints: String =
        hints.into_iter().filter_map(|(hint, label)| Some(format!("\n  {label}: {}", hint?))).collect();
    let usage = told(ContextKind::Usage).unwrap_or_default();
    let usage = usage.trim_start_matches("Usage:").trim();
    let usage = if usage.is_empty() { String::new() } else { format!("\n\n사용법: {usage}") };
    Some(format!("오류: {wrong}{hints}{usage}\n\n자세한 설명은 `--help`를 붙여서 보세요.\n"))
}

/// Why a value cannot be read.
fn reason(error: &Error) -> String {
    let Some(source) = error.source() else { return String::new() };
    if source.is::<InvalidTicketId>() {
        return " 티켓 번호는 1 이상의 정수입니다.".to_owned();
    }
    if source.is::<jiff::Error>() {
        return " 날짜는 2026-11-30처럼 적습니다.".to_owned();
    }
    format!(" {source}")
}

fn values(value: &ContextValue) -> String {
    fn listed<T: Display>(values: &[T]) -> String {
        values.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
    }
    match value {
        ContextValue::String(value) => value.clone(),
        ContextValue::Strings(values) => listed(values),
        ContextValue::StyledStr(value) => value.to_string(),
        ContextValue::StyledStrs(values) => listed::<StyledStr>(values),
        ContextValue::Number(value) => value.to_string(),
        _ => String::new(),
    }
}
