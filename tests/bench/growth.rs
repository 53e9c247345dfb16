//! What people and monitoring ask of a ledger, and the console's pages, from a thousand cases to a million.
//!
//! `cargo bench --bench growth`, or `… -- postgres://…` for an empty PostgreSQL database. The number of unfinished cases stays the same: the
//! ended ones add up. `… -- 100000` ends at that size.
#![expect(clippy::print_stdout, reason = "a bench prints its results")]

#[path = "growth/pages.rs"]
mod pages;

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use misread::app::SystemClock;
use misread::domain::ids::TicketId;
use misread::ports::{CaseState, Clock as _, Ledger, Tickets};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tokio::runtime::Runtime;

const SIZES: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Cases that have not ended, at every size.
const UNFINISHED: u32 = 400;
/// Cases that came on one day.
const A_DAY: u32 = 1_000;
/// Milliseconds between two cases.
const BETWEEN: i64 = 86_400;
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
    let mut of_pages = Vec::new();
    for size in SIZES.into_iter().filter(|size| *size <= most) {
        let (times, pages) = runtime.block_on(async {
            fill(&address, filled, size).await;
            (measure(&address).await, pages::measure(&address).await)
        });
        of_pages.push((size, pages));
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
    let slowest_page = print_pages(&of_pages);
    assert!(
        slowest < AT_MOST && slowest_page < AT_MOST,
        "a question took {slowest:?}, a page {slowest_page:?}"
    );
}

/// Each page at each size, and how it grew from the first; returns the slowest.
fn print_pages(of_pages: &[(u32, Vec<Duration>)]) -> Duration {
    let milliseconds = |time: Duration| 1000.0 * time.as_secs_f64();
    let mut heads = String::new();
    for (size, _) in of_pages {
        // Writing to a string cannot fail.
        let _ = write!(heads, " {size:>9} cases |");
    }
    println!("{:>50} |{heads}   growth", "page");
    let mut slowest = Duration::ZERO;
    for (place, page) in pages::PAGES.iter().enumerate() {
        let times: Vec<Duration> =
            of_pages.iter().filter_map(|(_, times)| times.get(place).copied()).collect();
        let mut cells = String::new();
        for time in &times {
            let _ = write!(cells, " {:>12.2} ms |", milliseconds(*time));
        }
        let growth = times.first().zip(times.last());
        let growth = growth.map_or(1.0, |(first, last)| last.as_secs_f64() / first.as_secs_f64());
        println!("{page:>50} |{cells} {growth:>6.1} ×");
        slowest = times.into_iter().fold(slowest, Duration::max);
    }
    let promised = pages::PROMISED;
    let is_kept = if slowest <= promised { "kept" } else { "NOT KEPT" };
    println!(
        "the slowest page took {:.2} ms; the promise of {promised:?} is {is_kept}",
        milliseconds(slowest)
    );
    slowest
}

/// The median of each question.
async fn measure(address: &str) -> Vec<Duration> {
    let ledger = misread::store::open(address, Arc::default()).await.expect("the ledger opens");
    let mut medians = Vec::new();
    for question in QUESTIONS {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let started = Instant::now();
            ask(&*ledger, question).await;
            times.push(started.elapsed());
        }
        times.sort_unstable();
        medians.push(times[TIMES / 2]);
    }
    medians
}

async fn ask(ledger: &dyn Ledger, question: &str) {
    let (is_answered, found) = match question {
        "figures, summed" => (true, ledger.figure_sums().await.expect("sums").len()),
        "figures" => (true, ledger.figures().await.expect("figures").len()),
        "figures, 30 days" => {
            let since = day(30);
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
    assert!(is_answered && found > 0, "{question}");
}

/// So many days ago: a larger ledger reaches further back.
fn day(ago: i64) -> Date {
    let today = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    today.saturating_sub(ago.days())
}

/// Adds cases up to `size`, as their appends would have left them.
async fn fill(address: &str, filled: u32, size: u32) {
    drop(misread::store::open(address, Arc::default()).await.expect("the ledger is created"));
    let numbers = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT {filled} + 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {size})"
    );
    let entry = r#"'{"entry":"account_read","id":"acct-' || n || '","account":null}'"#;
    // The last of a million came now.
    let first = SystemClock.now().as_millisecond() - i64::from(SIZES[3]) * BETWEEN;
    let at = format!("{first} + n * CAST({BETWEEN} AS BIGINT)");
    let stuck = r#"'{"cause":"permanent","error":"GET /accounts: 50' || (n % 7) || '"}'"#;
    let awaits = "CASE WHEN n % 4 = 3 THEN NULL WHEN n % 2 = 0 THEN 'answer' ELSE 'payment' END";
    let statements = [
        format!(
            "{numbers} INSERT INTO cases (ticket_id, state, updated_at, awaits)
            SELECT n, CASE WHEN n > {UNFINISHED} THEN 'ended' WHEN n % 4 = 3 THEN 'stuck' ELSE 'waiting' END, {at},
                CASE WHEN n <= {UNFINISHED} THEN {awaits} END
            FROM numbers"
        ),
        format!(
            "{numbers} INSERT INTO journal (ticket_id, position, at, body, counted, outlined)
            SELECT n, 1, {at}, {entry}, TRUE, TRUE FROM numbers"
        ),
        format!("{numbers} INSERT INTO mentions (account, ticket_id) SELECT 'acct-' || n, n FROM numbers"),
        format!(
            "{numbers} INSERT INTO outlines
                (ticket_id, since, awaits, until, is_last, ending, stuck, policy_row, won, lot, lot_name, plate)
            SELECT n, {at}, CASE WHEN n <= {UNFINISHED} THEN {awaits} END, CASE WHEN n <= {UNFINISHED} THEN {at} END, FALSE,
                CASE WHEN n <= {UNFINISHED} THEN NULL WHEN n % 10 = 9 THEN 'handed_over' ELSE 'settled' END,
                CASE WHEN n <= {UNFINISHED} AND n % 4 = 3 THEN {stuck} END,
                'row_' || (n % 25), n % 50 * 1000, 'lot-' || (n % 3001), '주차장 ' || (n % 3001), '12가' || (1000 + n % 9000)
            FROM numbers"
        ),
    ];
    let days = (filled / A_DAY..size / A_DAY).map(|number| day(i64::from(number)));
    let counts = days.flat_map(|day| (0..25).map(move |name| (day, name)));
    let counts: Vec<String> =
        counts.map(|(day, name)| format!("('{day}', 'decided.row_{name}', 40)")).collect();
    let counts = counts.join(",");
    if address.starts_with("postgres://") {
        let mut connection = PgConnection::connect(address).await.expect("the server is there");
        let counts = format!(
            "INSERT INTO event_counts (day, name, count, shard) SELECT c.*, s FROM (VALUES {counts}) AS c, generate_series(0, 1) AS s"
        );
        // As autovacuum leaves the tables soon after.
        for statement in statements.into_iter().chain([counts, "VACUUM ANALYZE".to_owned()]) {
            sqlx::raw_sql(AssertSqlSafe(statement))
                .execute(&mut connection)
                .await
                .expect("the ledger is filled");
        }
    } else {
        let mut connection = SqliteConnection::connect(address).await.expect("the file is there");
        let counts = format!("INSERT INTO event_counts (day, name, count) VALUES {counts}");
        for statement in statements.into_iter().chain([counts]) {
            sqlx::raw_sql(AssertSqlSafe(statement))
                .execute(&mut connection)
                .await
                .expect("the ledger is filled");
        }
        connection.close().await.expect("the file closes");
    }
}
