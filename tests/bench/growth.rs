//! What people and monitoring ask of a ledger, from a thousand cases to a million.
//!
//! `cargo bench --bench growth`, or `… -- postgres://…` for an empty PostgreSQL database. The number of unfinished cases stays the same: the
//! ended ones add up. `… -- 100000` ends at that size.
#![expect(clippy::print_stdout, reason = "a bench prints its results")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::Date;
use misread::domain::ids::TicketId;
use misread::ports::{CaseState, Ledger, Tickets};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tokio::runtime::Runtime;

const SIZES: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Cases that have not ended, at every size.
const UNFINISHED: u32 = 400;
/// Cases that came on one day.
const A_DAY: u32 = 1_000;
/// The most that a question may take at any size, with room for a busy machine.
const AT_MOST: Duration = Duration::from_millis(250);
const TIMES: usize = 15;
const QUESTIONS: [&str; 7] = [
    "figures, summed",
    "figures",
    "figures, 30 days",
    "backlog",
    "list of 20",
    "list of 20 ended",
    "tickets of an account",
];

fn main() {
    let folder =
        tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("the build's folder is writable");
    let file = format!("sqlite://{}", folder.path().join("misread.db").display());
    let address = std::env::args().find(|argument| argument.starts_with("postgres://")).unwrap_or(file);
    let most = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(u32::MAX);
    let runtime = Runtime::new().expect("a runtime starts");
    println!("{:>9} |{}", "cases", QUESTIONS.map(|question| format!(" {question:>21} |")).concat());
    let mut first: Option<Vec<Duration>> = None;
    let (mut filled, mut slowest) = (0, Duration::ZERO);
    for size in SIZES.into_iter().filter(|size| *size <= most) {
        let times = runtime.block_on(async {
            fill(&address, filled, size).await;
            measure(&address, size).await
        });
        filled = size;
        slowest = times.iter().copied().fold(slowest, Duration::max);
        let first = first.get_or_insert_with(|| times.clone());
        let cell = |(time, first): (&Duration, &Duration)| {
            format!(
                " {:>9.2} ms {:>6.1} × |",
                1000.0 * time.as_secs_f64(),
                time.as_secs_f64() / first.as_secs_f64()
            )
        };
        println!("{size:>9} |{}", times.iter().zip(first.iter()).map(cell).collect::<String>());
    }
    assert!(slowest < AT_MOST, "a question took {slowest:?}");
}

/// The median of each question.
async fn measure(address: &str, size: u32) -> Vec<Duration> {
    let ledger = misread::store::open(address, Arc::default()).await.expect("the ledger opens");
    let mut medians = Vec::new();
    for question in QUESTIONS {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let started = Instant::now();
            ask(&*ledger, question, size).await;
            times.push(started.elapsed());
        }
        times.sort_unstable();
        medians.push(times[TIMES / 2]);
    }
    medians
}

async fn ask(ledger: &dyn Ledger, question: &str, size: u32) {
    let days = i64::from(size / A_DAY);
    let (is_answered, found) = match question {
        "figures, summed" => (true, ledger.figure_sums().await.expect("sums").len()),
        "figures" => (true, ledger.figures().await.expect("figures").len()),
        "figures, 30 days" => {
            let since = day(days - 30);
            let figures = ledger.figures_since(since).await.expect("figures");
            (figures.keys().all(|(day, _)| *day >= since), figures.len())
        }
        "backlog" => {
            let backlog = ledger.backlog(Timestamp::UNIX_EPOCH).await.expect("the backlog");
            let waiting = backlog.awaiting.answer + backlog.awaiting.payment;
            (waiting == backlog.waiting.cases && waiting > 0, 1)
        }
        "list of 20" => (true, ledger.list(None, 20).await.expect("a list").len()),
        "list of 20 ended" => (true, ledger.list(Some(CaseState::Ended), 20).await.expect("a list").len()),
        _ => {
            let tickets = ledger.tickets(Tickets::OfAccount("acct-77"), None, 20).await.expect("tickets");
            (tickets == [TicketId::try_from(77).expect("an id")], tickets.len())
        }
    };
    assert!(is_answered && found > 0, "{question} of {size} cases");
}

fn day(number: i64) -> Date {
    let day = Timestamp::from_second(number.max(0) * 86_400).expect("a time in range");
    day.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Adds cases up to `size`, as their appends would have left them.
async fn fill(address: &str, filled: u32, size: u32) {
    drop(misread::store::open(address, Arc::default()).await.expect("the ledger is created"));
    let numbers = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT {filled} + 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {size})"
    );
    let entry = r#"'{"entry":"account_read","id":"acct-' || n || '","account":null}'"#;
    let statements = [
        format!(
            "{numbers} INSERT INTO cases (ticket_id, state, updated_at, awaits)
            SELECT n, CASE WHEN n > {UNFINISHED} THEN 'ended' ELSE 'waiting' END, n * 86400,
                CASE WHEN n > {UNFINISHED} THEN NULL WHEN n % 2 = 0 THEN 'answer' ELSE 'payment' END
            FROM numbers"
        ),
        format!(
            "{numbers} INSERT INTO journal (ticket_id, position, at, body, counted) SELECT n, 1, n, {entry}, COUNTED FROM numbers"
        ),
        format!("{numbers} INSERT INTO mentions (account, ticket_id) SELECT 'acct-' || n, n FROM numbers"),
    ];
    let days = (filled / A_DAY..size / A_DAY).map(|number| day(i64::from(number)));
    let counts = days.flat_map(|day| (0..25).map(move |name| (day, name)));
    let counts: Vec<String> =
        counts.map(|(day, name)| format!("('{day}', 'decided.row_{name}', 40)")).collect();
    let counts = counts.join(",");
    if address.starts_with("postgres://") {
        let mut connection = PgConnection::connect(address).await.expect("the server is there");
        let counts = format!(
            "INSERT INTO event_counts (day, name, count, shard) SELECT *, s FROM (VALUES {counts}) AS c, generate_series(0, 1) AS s"
        );
        for statement in statements.into_iter().chain([counts, "ANALYZE".to_owned()]) {
            let statement = AssertSqlSafe(statement.replace("COUNTED", "true"));
            sqlx::raw_sql(statement).execute(&mut connection).await.expect("the ledger is filled");
        }
    } else {
        let mut connection = SqliteConnection::connect(address).await.expect("the file is there");
        let counts = format!("INSERT INTO event_counts (day, name, count) VALUES {counts}");
        for statement in statements.into_iter().chain([counts]) {
            let statement = AssertSqlSafe(statement.replace("COUNTED", "1"));
            sqlx::raw_sql(statement).execute(&mut connection).await.expect("the ledger is filled");
        }
        connection.close().await.expect("the file closes");
    }
}
