//! After the faults: lets the service settle, judges the external state, searches the logs, and counts.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;

use super::actors::{Kind, Part};
use super::audit::{self, Acknowledged, Rest, Seen, Violation, Wrong};
use super::baseline::{Baseline, FollowedUp};
use super::chaos::Done;
use super::observed::{self, Observed};
use super::place::LEASE_SECONDS;
use super::report::{Jobs, Report, Saved, Tickets};
use super::secrets::Private;
use super::world::World;
use crate::domain::case::{self, Case, Ending};
use crate::domain::ids::TicketId;
use crate::domain::seoul::seoul;
use crate::ports::{Ledger, Loaded, Recorded};
use crate::sandbox::parking::DoneAction;

/// Leases expire, failures are retried, people answer: this is the time limit for all of it, with some reserve for many
/// tickets.
const SETTLE_WITHIN: Duration = Duration::from_secs(60 + 6 * LEASE_SECONDS);

/// Lets the service settle, and judges.
///
/// # Errors
/// If the ledger or a log cannot be read, or a process cannot be stopped.
pub(super) async fn judge(world: &World, baseline: &Baseline, done: Done) -> anyhow::Result<Report> {
    let ledger = world.ledger().await?;
    let tokens = world.sandbox.zendesk.access_tokens();
    let within = SETTLE_WITHIN + Duration::from_millis(200) * u32::try_from(done.cycles).unwrap_or(u32::MAX);
    let rests = world.come_to_rest(ledger.as_ref(), Some(baseline), within).await?;
    let actions = world.sandbox.parking.actions();
    let mut saved = Saved::default();
    let seen = look(world, baseline, ledger.as_ref(), &actions, &mut saved).await?;
    let mut violations = audit::violations(&seen, &actions);
    violations.extend(audit::of_figures(&ledger.figures().await?, &seen, &actions));
    if !rests {
        violations
            .push(general(Wrong::Restless, "not everything was delivered and at rest in time".to_owned()));
    }
    violations.extend(of_processes(world, &done));
    if !world.end().await? {
        violations.push(general(Wrong::Process, "a process did not stop softly".to_owned()));
    }
    let mut report = figures(world, done, &seen, &violations);
    report.saved = saved;
    report.jobs = Jobs::of(&world.sandbox.zendesk.jobs());
    let private = Private::of(&world.sandbox, &world.actors().parts, tokens);
    for replica in &world.replicas {
        report.log_bytes += std::fs::metadata(replica.log())?.len();
        let told = private.told_in(replica.log())?;
        violations.extend(told.into_iter().map(|(text, line)| {
            let place = replica.log().display();
            general(Wrong::Private, format!("{place}:{line} says `{text}`"))
        }));
    }
    for violation in &violations {
        let told = with_timeline(violation.to_string(), violation.ticket, ledger.as_ref()).await;
        report.violations.push(told);
    }
    for stuck in seen.iter().filter(|seen| matches!(seen.rest, Rest::Stuck(_))) {
        let name = format!("stuck: ticket {} ({})", stuck.ticket, stuck.title);
        report.stuck_tickets.push(with_timeline(name, Some(stuck.ticket), ledger.as_ref()).await);
    }
    Ok(report)
}

async fn look(
    world: &World,
    baseline: &Baseline,
    ledger: &dyn Ledger,
    actions: &[DoneAction],
    saved: &mut Saved,
) -> anyhow::Result<Vec<Seen>> {
    let parts = std::mem::take(&mut world.actors().parts);
    let mut seen = Vec::new();
    for part in &parts {
        let loaded = ledger.load(part.ticket).await?;
        saved.count(&loaded);
        let rest = rest_of(part.ticket, &loaded);
        seen.push(see(world, baseline, part, rest, actions)?);
    }
    world.actors().parts = parts;
    Ok(seen)
}

fn see(
    world: &World,
    baseline: &Baseline,
    part: &Part,
    rest: Rest,
    actions: &[DoneAction],
) -> anyhow::Result<Seen> {
    let ticket = world.sandbox.zendesk.ticket(part.ticket).context("a ticket is gone")?;
    let told = part.announced
        && world.network.acknowledged(part.ticket.get()).is_some_and(|stage| stage >= part.stage);
    let acknowledged = match (part.forged, told) {
        (true, _) => Acknowledged::OnlyForged,
        (false, true) => Acknowledged::All,
        (false, false) => Acknowledged::NotTheLast,
    };
    let observed = Observed::of(&ticket, &part.story, actions);
    Ok(Seen {
        ticket: part.ticket.get(),
        title: part.story.title,
        kind: part.kind,
        wanted: wanted(baseline, part, &observed).clone(),
        observed,
        markers: observed::markers(&ticket),
        before: part.stage.checked_sub(1).map(|before| baseline.end(part.told, before).clone()),
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
        Some(case::Rest::Stuck(reason)) => Rest::Stuck(reason.to_string()),
    }
}

/// Unexpected behaviour of processes.
fn of_processes(world: &World, done: &Done) -> Vec<Violation> {
    let figures = world.network.figures();
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
    // A process that starts while its database restarts must exit.
    let ended = world
        .replicas
        .iter()
        .filter(|_| done.database_restarts == 0)
        .flat_map(|replica| replica.ended_by_itself());
    accepted.chain(refused).chain(ended.map(|what| general(Wrong::Process, what))).collect()
}

fn general(wrong: Wrong, what: String) -> Violation {
    Violation { wrong, ticket: None, what }
}

fn figures(world: &World, done: Done, seen: &[Seen], violations: &[Violation]) -> Report {
    let network = world.network.figures();
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
        follow_ups: count(|seen| seen.kind == Kind::FollowUp),
        limited: count(audit::is_limited),
        untold: seen.iter().filter(|seen| seen.rest == Rest::Nowhere && !is_forged(seen)).count(),
        forged: seen.iter().filter(|seen| is_forged(seen)).count(),
        lost: wrong(Wrong::Lost),
        twice: wrong(Wrong::Twice),
    };
    Report {
        cycles: done.cycles,
        kills: done.kills,
        freezes: done.freezes,
        partitions: done.partitions,
        database_restarts: done.database_restarts,
        clock_jumps: done.jumps,
        revoked_tokens: done.revoked,
        faults: done.faults,
        attempts: network.attempts,
        acknowledged: network.acknowledged,
        repeated: network.repeated,
        refused: network.refused,
        unanswered: network.unanswered,
        beside_one_that_is_down: network.beside_one_that_is_down,
        dropped: network.dropped,
        bad: network.forged + network.stale + network.nonsense,
        tickets,
        stuck,
        ready_after: sorted(done.ready_after),
        acknowledging_after: sorted(network.recoveries),
        ..Report::default()
    }
}

fn sorted(mut times: Vec<Duration>) -> Vec<Duration> {
    times.sort_unstable();
    times
}

/// A text followed by the timeline of the ticket's journal.
async fn with_timeline(text: String, ticket: Option<i64>, ledger: &dyn Ledger) -> String {
    let Some(ticket) = ticket.and_then(|ticket| TicketId::try_from(ticket).ok()) else { return text };
    let mut lines = vec![text];
    match ledger.load(ticket).await {
        Ok(Loaded { journal, deliveries }) => {
            lines.extend(journal.into_iter().map(|Recorded { position, at, entry }| {
                format!("  {position:>4}  {}  {entry}", seoul(at).strftime("%H:%M:%S%.3f"))
            }));
            lines.extend(
                deliveries
                    .iter()
                    .map(|delivery| format!("     -  waits to be taken in: {}", delivery.entry())),
            );
        }
        Err(error) => lines.push(format!("  its journal cannot be read: {error}")),
    }
    lines.join("\n")
}

/// The expected state of a ticket: of all permitted states, the one closest to the observed.
fn wanted<'a>(baseline: &'a Baseline, part: &Part, stands: &Observed) -> &'a Observed {
    let end = baseline.end(part.told, part.stage);
    match (part.kind, &baseline.followed_up[part.told]) {
        (Kind::Story, Some(FollowedUp { closed, .. })) if part.closed => closed,
        (Kind::FollowUp, Some(FollowedUp { follow_up, .. })) => follow_up,
        (Kind::OfHousehold(_), _) if stands.is_part_of(&baseline.limited) => &baseline.limited,
        _ => end,
    }
}
