//! Customers' data is erased after the retention or on order, and nothing is done twice because of it.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::SignedDuration;
use misread::domain::case::{Ending, Entry, Figures};
use misread::domain::ids::TicketId;
use misread::domain::policy::Policy;
use misread::domain::ticket::TicketStatus;
use misread::ports::{CaseState, DeliveryContent, NewDelivery};
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::seed::Story;
use misread::sandbox::zendesk::SERVICE_USER;
use misread::worker::upkeep::{Erased, Maintenance, NotErased, erase};

use crate::world::World;
use crate::world::log::Log;

const PAID: &str = "결제 완료, 소유인증 완료";
const STRANGER: &str = "본인 확인이 안 된 문의자";

async fn erased(world: &World, id: TicketId) -> Result<Erased, NotErased> {
    erase(world.service.store().as_ref(), id, world.now(), "민지").await
}

/// Runs the maintenance once as the service does, with a retention of 365 days.
async fn keep(world: &World) {
    let (ledger, clock) = (world.service.store().clone(), world.clock.clone());
    let year = SignedDuration::from_hours(24 * 365);
    Maintenance::new(ledger, world.service.allowance().clone(), clock, SignedDuration::from_mins(10), year)
        .look()
        .await;
}

fn count(figures: &Figures, wanted: &str) -> u64 {
    figures.iter().filter(|((_, name), _)| name == wanted).map(|(_, count)| count).sum()
}

/// A settled case whose record was erased directly after.
async fn settled_and_erased() -> (World, TicketId, usize) {
    let (world, id) = World::opened(PAID).await;
    let entries = world.journal(id).await.len();
    assert_eq!(erased(&world, id).await.unwrap(), Erased::Entries(entries));
    (world, id, entries)
}

#[tokio::test]
async fn one_entry_stays_that_knows_nothing_of_the_customer_and_the_figures() {
    let (world, id, entries) = settled_and_erased().await;
    let loaded = world.service.store().load(id).await.unwrap();
    let [stays] = loaded.journal.try_into().unwrap();
    assert_eq!(usize::try_from(stays.position).unwrap(), entries + 1);
    let by = Some("민지".to_owned());
    let tombstone = Entry::Erased { entries: stays.position - 1, ending: Ending::Settled, by };
    assert_eq!(stays.entry, tombstone);
    let figures = world.service.store().figures().await.unwrap();
    for (name, wanted) in [
        ("deliveries", 1),
        ("decided.completed_open", 1),
        ("acted.refund", 1),
        ("acted.inspection", 1),
        ("written.reply", 1),
        ("reply.first.count", 1),
        ("reply.first.within_10s", 1),
        ("written.note", 1),
        ("ended.settled", 1),
    ] {
        assert_eq!(count(&figures, name), wanted, "{name} in {figures:?}");
    }
    assert_eq!(erased(&world, id).await.unwrap(), Erased::Nothing);
    assert_eq!(world.service.store().figures().await.unwrap(), figures);
}

#[tokio::test]
async fn a_trigger_that_fires_once_more_finds_nothing_to_do() {
    let (world, id, _) = settled_and_erased().await;
    let before = world.ticket(id);
    world.wake(id, "start").await;
    world.until_idle().await;
    assert_eq!((world.ticket(id), world.actions(id)), (before, vec![Refund, Inspection]));
    assert_eq!(world.ending(id).await, Ending::Settled);
}

#[tokio::test]
async fn a_customer_who_writes_again_reaches_a_person_and_no_key_is_used_twice() {
    let (world, id, _) = settled_and_erased().await;
    world.customer_says(id, "그런데 어느 차였나요?").await;
    assert_eq!(world.ending(id).await, Ending::HandedOver);
    assert_eq!(world.stands(id, "misread_handed_over"), (TicketStatus::Open, true));
    assert_eq!((world.actions(id), world.replies(id).len()), (vec![Refund, Inspection], 1));
    let [_, note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("글을 더 남기셨습니다"), "{note}");
    let comments = world.ticket(id).comments;
    let written = comments.iter().filter(|comment| comment.author_id == SERVICE_USER);
    let markers: Vec<String> = written.map(|comment| format!("{:?}", comment.metadata)).collect();
    let different: BTreeSet<&String> = markers.iter().collect();
    assert_eq!((markers.len(), different.len()), (3, 3), "{markers:?}");
}

#[tokio::test]
async fn a_customer_who_only_thanks_reopens_nothing() {
    let (world, id, _) = settled_and_erased().await;
    world.customer_says(id, "감사합니다!").await;
    assert_eq!(
        (world.ending(id).await, world.ticket(id).fields.status),
        (Ending::Settled, TicketStatus::Solved)
    );
}

#[tokio::test]
async fn what_has_not_ended_is_not_erased() {
    let (world, id) = World::opened(STRANGER).await;
    let before = world.journal(id).await;
    assert!(matches!(erased(&world, id).await, Err(NotErased::NotEnded(ticket)) if ticket == id));
    world.wake(id, "start").await;
    assert!(matches!(erased(&world, id).await, Err(NotErased::NotEnded(_))));
    assert_eq!(world.journal(id).await, before);
}

#[tokio::test]
async fn after_the_retention_time_what_is_old_is_erased_and_nothing_else() {
    let world = World::new().await;
    let old = world.open(&world.story(PAID));
    world.until_idle().await;
    world.pass(Duration::from_hours(24 * 300));
    let young = world.open(&world.story("제휴 주차장 이용 중"));
    world.until_idle().await;
    keep(&world).await;
    assert!(world.journal(old).await.len() > 1, "300 days are not 365");

    world.pass(Duration::from_hours(24 * 66));
    keep(&world).await;
    assert!(matches!(world.journal(old).await.as_slice(), [Entry::Erased { by: None, .. }]));
    assert!(world.journal(young).await.len() > 1);
    let figures = world.service.store().figures().await.unwrap();
    assert_eq!(count(&figures, "ended.settled"), 2, "of both, also of the erased one");
    keep(&world).await;
    assert_eq!(world.service.store().figures().await.unwrap(), figures, "what is erased is counted once");
}

/// A case in every state, and a delivery that is not understood.
async fn in_every_state(world: &World) -> Vec<(TicketId, Story)> {
    let faults = world.sandbox.parking.faults();
    let mut cases = Vec::new();
    for title in [PAID, STRANGER, "폐점한 주차장 미수", "인천공항 결제 완료", "이용 건을 찾지 못함"]
    {
        let story = world.story(title);
        cases.push((world.open(&story), story));
        world.until_idle().await;
    }
    // Prepared for a release.
    world.reload(|files| {
        let assist = include_str!("../../../config/policy.toml").replacen(
            "trust = \"auto\"\n",
            "trust = \"assist\"\n",
            1,
        );
        files.policy = Policy::parse(&assist).unwrap();
    });
    let story = world.story("제휴 주차장 이용 중");
    cases.push((world.open(&story), story));
    world.until_idle().await;
    // Stuck, paused, and never worked on.
    faults.inject(FaultRule::always("/uses", Fault::unavailable(Some(600))));
    let story = world.story("직영 주차장 미수");
    cases.push((world.open(&story), story));
    world.until_idle().await;
    let story = world.story("일 년 넘은 미수");
    cases.push((world.open(&story), story));
    world.step().await;
    let story = world.story("직영 주차장 이용 중");
    cases.push((world.open(&story), story));
    world.sandbox.zendesk.deliver_webhooks().await;
    let poison = DeliveryContent::Poison { problem: "not JSON".to_owned() };
    let body = format!("{{\"ticket_id\": {} …", cases[0].1.customer.name);
    let (dedup_key, received_at) = ("poison".to_owned(), world.now());
    let delivery = NewDelivery { dedup_key, received_at, body, content: poison };
    world.service.store().accept(delivery).await.unwrap();
    cases
}

/// After 400 days without events one run of the maintenance erases all customers' data.
async fn nothing_is_left(world: &World, rows: impl AsyncFn(&str) -> Vec<String>) {
    let cases = in_every_state(world).await;
    let mut states = BTreeSet::new();
    for (id, _) in &cases {
        states.insert(world.state(*id).await);
    }
    let all = [CaseState::Active, CaseState::Waiting, CaseState::Ended, CaseState::Stuck];
    assert_eq!(states, all.into());
    let traces = || {
        cases.iter().flat_map(|(id, story)| {
            let uses = story.uses.iter();
            let of_uses =
                uses.flat_map(|one| [one.id.to_string(), one.vehicle.plate.clone(), one.lot.id.to_string()]);
            let account = story.account.iter().map(|account| account.id.to_string());
            let own = [story.customer.name.clone(), story.message.to_string(), format!("misread-{id}-")];
            of_uses.chain(account).chain(own).chain(story.plate.clone()).collect::<Vec<_>>()
        })
    };
    let found = async || {
        let all = rows(&world.ledger()).await.join("\n");
        traces().filter(|trace| all.contains(trace.as_str())).collect::<Vec<_>>()
    };
    assert!(found().await.len() > 30, "what is there is found");
    world.pass(Duration::from_hours(24 * 400));
    let log = Log::collected();
    keep(world).await;
    assert_eq!(found().await, [""; 0]);
    for (id, _) in &cases {
        assert!(matches!(world.journal(*id).await.as_slice(), [Entry::Erased { .. }]));
        assert_eq!(world.state(*id).await, CaseState::Ended);
    }
    let told = log.lines("it ends here");
    assert_eq!(told.len(), 7, "every one that had not ended: {told:?}");
}

#[tokio::test]
async fn nothing_of_a_customer_is_left_in_any_state_after_400_days() {
    let world = World::with(|settings| settings.retry.attempts = 3).await;
    nothing_is_left(&world, async |address| {
        let path = address.strip_prefix("sqlite://").unwrap();
        let pool = sqlx::SqlitePool::connect(&format!("sqlite://{path}")).await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlx_%'",
        )
        .fetch_all(&pool)
        .await
        .unwrap();
        let mut rows = Vec::new();
        for table in tables {
            let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)")
                .bind(&table)
                .fetch_all(&pool)
                .await
                .unwrap();
            let texts = columns.iter().map(|column| format!("coalesce(CAST(\"{column}\" AS TEXT), '')"));
            let query = format!("SELECT {} FROM \"{table}\"", texts.collect::<Vec<_>>().join(" || ' ' || "));
            rows.extend(
                sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(query)).fetch_all(&pool).await.unwrap(),
            );
        }
        pool.close().await;
        rows
    })
    .await;
}

#[tokio::test]
async fn nothing_of_a_customer_is_left_in_any_state_after_400_days_on_postgres() {
    let Some(world) = World::on_postgres_with(|settings| settings.retry.attempts = 3).await else { return };
    nothing_is_left(&world, async |address| {
        let pool = sqlx::PgPool::connect(address).await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()",
        )
        .fetch_all(&pool)
        .await
        .unwrap();
        let mut rows = Vec::new();
        for table in tables {
            let query = format!("SELECT given::text FROM \"{table}\" AS given");
            rows.extend(
                sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(query)).fetch_all(&pool).await.unwrap(),
            );
        }
        pool.close().await;
        rows
    })
    .await;
}

#[tokio::test]
async fn a_case_that_lived_on_after_an_erasure_is_erased_and_counted_anew() {
    let (world, id, _) = settled_and_erased().await;
    world.customer_says(id, "그런데 어느 차였나요?").await;
    world.pass(Duration::from_hours(24 * 366));
    keep(&world).await;
    let journal = world.journal(id).await;
    assert!(matches!(journal.as_slice(), [Entry::Erased { ending: Ending::HandedOver, .. }]), "{journal:?}");
    let figures = world.service.store().figures().await.unwrap();
    assert_eq!((count(&figures, "ended.settled"), count(&figures, "ended.handed_over")), (1, 1));
}

#[tokio::test]
async fn nothing_of_a_customer_is_left_in_the_files_of_the_ledger() {
    let world = World::new().await;
    let stories = world.sandbox.stories.clone();
    let mut tickets = Vec::new();
    for story in &stories {
        tickets.push((world.open(story), story));
    }
    world.until_idle().await;
    let (mut gone, mut kept) = (BTreeSet::new(), BTreeSet::new());
    for (id, story) in tickets {
        let uses = story.uses.iter();
        let of_uses =
            uses.flat_map(|one| [one.id.to_string(), one.vehicle.plate.clone(), one.lot.name.clone()]);
        let traces = of_uses.chain([story.customer.name.clone(), story.message.to_string()]);
        match erased(&world, id).await {
            Ok(_) => gone.extend(traces),
            Err(_) => kept.extend(traces),
        }
    }
    let gone: Vec<String> = gone.difference(&kept).filter(|trace| trace.len() > 4).cloned().collect();
    assert!(gone.len() > 60, "{gone:?}");
    world.service.store().compact().await.unwrap();
    let files: Vec<u8> = world.ledger_files().into_iter().flatten().collect();
    let in_files = |trace: &&String| files.windows(trace.len()).any(|window| window == trace.as_bytes());
    assert!(kept.iter().filter(in_files).count() > 10, "what is kept is found");
    assert_eq!(gone.iter().filter(in_files).collect::<Vec<_>>(), [""; 0]);
}
