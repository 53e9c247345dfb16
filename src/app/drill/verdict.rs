//! After the storm: lets things settle, judges the outside world, looks through the logs, and counts.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;

use super::audit::{self, Acknowledged, Rest, Seen, Violation, Wrong};
use super::calm::Calm;
use super::chaos::Done;
use super::outside::{self, Outside};
use super::people::Part;
use super::place::LEASE_SECONDS;
use super::secrets::Private;
use super::world::World;
use crate::domain::case::{self, Case, Ending, Entry};
use crate::domain::ids::TicketId;
use crate::domain::korea::seoul;
use crate::ports::{Loaded, PendingDelivery, Recorded, Store};
use crate::sandbox::parking::DoneAction;

/// Leases end, failures are tried again, people answer: all of that takes so long at most, and a bit more for many tickets.
const SETTLE_WITHIN: Duration = Duration::from_secs(60 + 6 * LEASE_SECONDS);

/// What a drill came to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Which kind of ledger.
    pub store: &'static str,
    /// What all chance came from.
    pub seed: u64,
    /// How many cycles were carried out.
    pub cycles: usize,
    /// How often a process was killed.
    pub kills: usize,
    /// How often a process was frozen until its leases had ended.
    pub freezes: usize,
    /// How often the database was restarted.
    pub database_restarts: usize,
    /// How often the sandbox's clock jumped forward.
    pub clock_jumps: usize,
    /// How often all access tokens were made invalid.
    pub revoked_tokens: usize,
    /// How often each fault of Zendesk and the parking system struck.
    pub faults: BTreeMap<&'static str, u64>,
    /// Attempts to bring an authentic delivery.
    pub attempts: u64,
    /// Deliveries that were acknowledged.
    pub acknowledged: u64,
    /// Deliveries that were sent again although they had been acknowledged.
    pub repeated: u64,
    /// Attempts that were refused.
    pub refused: u64,
    /// Attempts without an answer.
    pub unanswered: u64,
    /// Deliveries that were never acknowledged and given up.
    pub dropped: u64,
    /// Forgeries, wrong times and nonsense.
    pub bad: u64,
    /// What became of the tickets.
    pub tickets: Tickets,
    /// Lost answers and interrupted work that were cleared up.
    pub saved: Saved,
    /// Stuck cases by reason.
    pub stuck: BTreeMap<String, usize>,
    /// From each kill until the process was ready again, shortest first.
    pub ready_after: Vec<Duration>,
    /// From each kill until the process acknowledged a delivery again, shortest first.
    pub acknowledging_after: Vec<Duration>,
    /// Bytes of logs that were searched for what is private.
    pub log_bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// Everything that is wrong, each with its ticket's timeline.
    pub violations: Vec<String>,
    /// Where the logs are, if something is wrong.
    pub folder: Option<PathBuf>,
}

/// How often the service came back to something that it did not know the end of. A drill in which this is nothing proves nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Saved {
    /// Updates of tickets that were found by their marker, and so not repeated.
    pub found_by_marker: usize,
    /// Updates of tickets that were looked for, and not found.
    pub not_found: usize,
    /// Actions that were asked for again, and had been done under the same key.
    pub replayed: usize,
    /// Updates that were refused because the ticket had changed.
    pub conflicts: usize,
    /// Pauses after a failure.
    pub failures: usize,
}

/// What became of the tickets.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tickets {
    /// All that were opened.
    pub opened: usize,
    /// Done without a person.
    pub done: usize,
    /// Handed to a team.
    pub handed_over: usize,
    /// Waiting for a customer, a payment, a colleague.
    pub waiting: usize,
    /// Given up, with a reason.
    pub stuck: usize,
    /// Of which no delivery was acknowledged and nothing was done.
    pub untold: usize,
    /// Of which only forgers told, and nothing was done.
    pub forged: usize,
    /// Acknowledged and not done.
    pub lost: usize,
    /// Of which something was done twice.
    pub twice: usize,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.violations.is_empty()
    }
}

/// Lets things settle and judges.
///
/// # Errors
/// When the ledger or a log cannot be read, or a process cannot be stopped.
pub(super) async fn judge(world: &World, calm: &Calm, done: Done) -> anyhow::Result<Report> {
    let ledger = world.ledger().await?;
    let tokens = world.sandbox.zendesk.access_tokens();
    let within = SETTLE_WITHIN + Duration::from_millis(200) * u32::try_from(done.cycles).unwrap_or(u32::MAX);
    let rests = world.come_to_rest(ledger.as_ref(), Some(calm), within).await?;
    let actions = world.sandbox.parking.actions();
    let mut saved = Saved::default();
    let seen = look(world, calm, ledger.as_ref(), &actions, &mut saved).await?;
    let mut violations = audit::violations(&seen, &actions);
    if !rests {
        violations
            .push(general(Wrong::Restless, "not everything was delivered and at rest in time".to_owned()));
    }
    violations.extend(of_processes(world, done.database_restarts));
    if !world.end().await? {
        violations.push(general(Wrong::Process, "a process did not stop softly".to_owned()));
    }
    let mut report = figures(world, done, &seen, &violations);
    report.saved = saved;
    let private = Private::of(&world.sandbox, &world.people().parts, tokens);
    for replica in &world.replicas {
        report.log_bytes += std::fs::metadata(replica.log())?.len();
        let told = private.told_in(replica.log())?;
        violations.extend(told.into_iter().map(|(text, line)| {
            let place = replica.log().display();
            general(Wrong::Private, format!("{place}:{line} says `{text}`"))
        }));
    }
    for violation in &violations {
        report.violations.push(with_timeline(violation, ledger.as_ref()).await);
    }
    Ok(report)
}

async fn look(
    world: &World,
    calm: &Calm,
    ledger: &dyn Store,
    actions: &[DoneAction],
    saved: &mut Saved,
) -> anyhow::Result<Vec<Seen>> {
    let parts = std::mem::take(&mut world.people().parts);
    let mut seen = Vec::new();
    for part in &parts {
        let loaded = ledger.load(part.ticket).await?;
        saved.count(&loaded);
        let rest = rest_of(part.ticket, &loaded);
        seen.push(see(world, calm, part, rest, actions)?);
    }
    world.people().parts = parts;
    Ok(seen)
}

fn see(world: &World, calm: &Calm, part: &Part, rest: Rest, actions: &[DoneAction]) -> anyhow::Result<Seen> {
    let ticket = world.sandbox.zendesk.ticket(part.ticket).context("a ticket is gone")?;
    let told =
        part.announced && world.post.acknowledged(part.ticket.get()).is_some_and(|stage| stage >= part.stage);
    let acknowledged = match (part.forged, told) {
        (true, _) => Acknowledged::OnlyForged,
        (false, true) => Acknowledged::All,
        (false, false) => Acknowledged::NotTheLast,
    };
    Ok(Seen {
        ticket: part.ticket.get(),
        title: part.story.title,
        outside: Outside::of(&ticket, &part.story, actions),
        markers: outside::markers(&ticket),
        wanted: calm.end(part.told, part.stage).clone(),
        before: part.stage.checked_sub(1).map(|before| calm.end(part.told, before).clone()),
        acknowledged,
        rest,
    })
}

fn rest_of(ticket: TicketId, loaded: &Loaded) -> Rest {
    if loaded.journal.is_empty() && loaded.deliveries.is_empty() {
        return Rest::Nowhere;
    }
    let case = Case::fold(ticket, loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry)));
    match case.rest {
        _ if !loaded.deliveries.is_empty() => Rest::Active,
        None => Rest::Active,
        Some(case::Rest::Waiting(_)) => Rest::Waiting,
        Some(case::Rest::Ended(ending)) => Rest::Ended { handed_over: ending == Ending::HandedOver },
        Some(case::Rest::Stuck(reason)) => Rest::Stuck(reason),
    }
}

impl Saved {
    fn count(&mut self, loaded: &Loaded) {
        for Recorded { entry, .. } in &loaded.journal {
            match entry {
                Entry::Written { found_by_marker: true, .. } => self.found_by_marker += 1,
                Entry::NotFound { .. } => self.not_found += 1,
                Entry::Acted { receipt, .. } if receipt.replayed => self.replayed += 1,
                Entry::WriteConflict { .. } => self.conflicts += 1,
                Entry::Deferred { failed: true, .. } => self.failures += 1,
                _ => {}
            }
        }
    }
}

/// What processes did that nobody had asked for.
fn of_processes(world: &World, database_restarts: usize) -> Vec<Violation> {
    let figures = world.post.figures();
    let accepted = figures.wrongly_accepted.into_iter().map(|(ticket, what)| Violation {
        wrong: Wrong::Forged,
        ticket: Some(ticket),
        what: format!("{what} was acknowledged"),
    });
    let refused = figures.refused_in_peace.into_iter().map(|(ticket, outcome)| Violation {
        wrong: Wrong::Process,
        ticket: Some(ticket),
        what: format!("a delivery was not acknowledged by a process to which nothing was done: {outcome}"),
    });
    // While its database restarts, a process that starts cannot but end.
    let ended = world
        .replicas
        .iter()
        .filter(|_| database_restarts == 0)
        .flat_map(|replica| replica.ended_by_itself());
    accepted.chain(refused).chain(ended.map(|what| general(Wrong::Process, what))).collect()
}

fn general(wrong: Wrong, what: String) -> Violation {
    Violation { wrong, ticket: None, what }
}

fn figures(world: &World, done: Done, seen: &[Seen], violations: &[Violation]) -> Report {
    let post = world.post.figures();
    let count = |fits: fn(&Seen) -> bool| seen.iter().filter(|seen| fits(seen)).count();
    let wrong = |wrong: Wrong| violations.iter().filter(|violation| violation.wrong == wrong).count();
    let is_forged = |seen: &Seen| seen.acknowledged == Acknowledged::OnlyForged;
    let mut stuck = BTreeMap::new();
    for seen in seen {
        if let Rest::Stuck(reason) = &seen.rest {
            *stuck.entry(reason.clone()).or_default() += 1;
        }
    }
    let tickets = Tickets {
        opened: seen.len(),
        done: count(|seen| seen.rest == Rest::Ended { handed_over: false }),
        handed_over: count(|seen| seen.rest == Rest::Ended { handed_over: true }),
        waiting: count(|seen| seen.rest == Rest::Waiting),
        stuck: stuck.values().sum(),
        untold: seen.iter().filter(|seen| seen.rest == Rest::Nowhere && !is_forged(seen)).count(),
        forged: seen.iter().filter(|seen| is_forged(seen)).count(),
        lost: wrong(Wrong::Lost),
        twice: wrong(Wrong::Twice),
    };
    Report {
        cycles: done.cycles,
        kills: done.kills,
        freezes: done.freezes,
        database_restarts: done.database_restarts,
        clock_jumps: done.jumps,
        revoked_tokens: done.revoked,
        faults: done.faults,
        attempts: post.attempts,
        acknowledged: post.acknowledged,
        repeated: post.repeated,
        refused: post.refused,
        unanswered: post.unanswered,
        dropped: post.dropped,
        bad: post.forged + post.stale + post.nonsense,
        tickets,
        stuck,
        ready_after: sorted(done.ready_after),
        acknowledging_after: sorted(post.recoveries),
        ..Report::default()
    }
}

fn sorted(mut times: Vec<Duration>) -> Vec<Duration> {
    times.sort_unstable();
    times
}

/// A violation with what the ticket's journal tells.
async fn with_timeline(violation: &Violation, ledger: &dyn Store) -> String {
    let mut lines = vec![violation.to_string()];
    let ticket = violation.ticket.and_then(|ticket| TicketId::try_from(ticket).ok());
    let Some(ticket) = ticket else { return lines.remove(0) };
    match ledger.load(ticket).await {
        Ok(Loaded { journal, deliveries }) => {
            lines.extend(journal.into_iter().map(|Recorded { position, at, entry }| {
                format!("  {position:>4}  {}  {entry}", seoul(at).strftime("%H:%M:%S%.3f"))
            }));
            lines.extend(deliveries.into_iter().map(|PendingDelivery { id, asks, .. }| {
                format!("     -  waits to be taken in: {}", asks.entry(id))
            }));
        }
        Err(error) => lines.push(format!("  its journal cannot be read: {error}")),
    }
    lines.join("\n")
}
