use jiff::Timestamp;
use misread::cli::serve::status_line::line;
use misread::ports::{Backlog, Group, LastReload, Running};

#[test]
fn the_line_says_policy_cases_and_a_refused_reload() {
    let mut running =
        Running { policy: "0123456789abcdef".to_owned(), since: Timestamp::UNIX_EPOCH, last_reload: None };
    let backlog = Backlog { stuck: Group { cases: 2, oldest: None }, ..Backlog::default() };
    let cases = "cases: 0 active, 0 overdue, 0 waiting, 2 stuck";
    let policy = "policy 0123456789ab since 1970-01-01T00:00:00Z";
    assert_eq!(line(&running, Some(&backlog)), format!("{policy}; {cases}"));
    running.last_reload = Some(LastReload { at: Timestamp::UNIX_EPOCH, problems: 3 });
    let refused = "RELOAD REFUSED at 1970-01-01T00:00:00Z (3 problems), this one stays in force";
    assert_eq!(line(&running, None), format!("{policy}; {refused}; the ledger does not answer"));
}
