//! Plays the stories without faults, for the `Baseline`.

use std::time::Duration;

use anyhow::{Context as _, ensure};

use super::actors::{Kind, Part};
use super::baseline::{Baseline, FollowedUp};
use super::observed::{Observed, Written};
use super::place::PER_ACCOUNT;
use super::rng::Rng;
use super::world::{Environment, World};
use crate::domain::parking::ParkingAction;
use crate::ports::{CaseState, Ledger};
use crate::sandbox::parking::DoneAction;
use crate::sandbox::seed::{ACCOUNT, End, Story};
use crate::sandbox::zendesk::{FakeTicket, SERVICE_USER};
use crate::testbed::folder::Folder;

/// Far longer than it takes.
const AT_MOST: Duration = Duration::from_mins(1);

impl Baseline {
    /// Plays every story once: one process, no faults.
    ///
    /// # Errors
    /// If that fails, or a case is stuck.
    pub(super) async fn play(told: &[Story]) -> anyhow::Result<Self> {
        let folder = Folder::new("drill-calm")?;
        let place = Environment::File(folder.path().join("misread.db"));
        let world = World::make(folder.path(), &place, (1, None), told, &mut Rng::new(0)).await?;
        let ledger = world.ledger().await?;
        for number in 0..told.len() {
            world.actors().open(number, None)?;
        }
        let mut ends = vec![Vec::new(); told.len()];
        loop {
            rest(&world, ledger.as_ref()).await?;
            let mut actors = world.actors();
            let actions = world.sandbox.parking.actions();
            for part in &actors.parts {
                if ends[part.told].len() > part.stage {
                    continue;
                }
                let ticket = world.sandbox.zendesk.ticket(part.ticket).context("a ticket is gone")?;
                let end = Observed::of(&ticket, &part.story, &actions);
                check_turn(ends[part.told].last(), &end).with_context(|| part.story.title)?;
                let is_over = part.is_over();
                check_end(&part.story.end, &ticket, &actions, is_over).with_context(|| part.story.title)?;
                ends[part.told].push(end);
            }
            if actors.all_go_on()? == 0 {
                break;
            }
        }
        let followed_up = follow_up(&world, ledger.as_ref(), told.len()).await.context("a follow-up")?;
        let limited = limit(&world, ledger.as_ref(), &ends).await.context("a household")?;
        ensure!(world.end().await?, "the service did not stop softly although nothing went wrong");
        Ok(Self { ends, followed_up, limited })
    }
}

/// Waits until no work is left.
async fn rest(world: &World, ledger: &dyn Ledger) -> anyhow::Result<()> {
    let rests = world.come_to_rest(ledger, None, AT_MOST).await?;
    ensure!(rests, "the service did not come to rest although nothing went wrong");
    let stuck = ledger.list(Some(CaseState::Stuck), 1).await?;
    ensure!(stuck.is_empty(), "a case is stuck although nothing went wrong");
    Ok(())
}

/// Closes every ticket that was settled without a person, and lets its customer write again.
async fn follow_up(
    world: &World,
    ledger: &dyn Ledger,
    stories: usize,
) -> anyhow::Result<Vec<Option<FollowedUp>>> {
    for place in 0..stories {
        let mut actors = world.actors();
        if actors.parts[place].may_be_followed_up() {
            actors.write_again(place)?;
        }
    }
    rest(world, ledger).await?;
    let (actors, actions) = (world.actors(), world.sandbox.parking.actions());
    let ticket = |part: &Part| world.sandbox.zendesk.ticket(part.ticket).context("a ticket is gone");
    let mut followed_up: Vec<Option<FollowedUp>> = (0..stories).map(|_| None).collect();
    for part in actors.parts.iter().filter(|part| part.kind == Kind::FollowUp) {
        let now = ticket(part)?;
        check_end(&End::prepared(), &now, &actions, true).with_context(|| part.story.title)?;
        let closed = actors.parts.iter().find(|closed| closed.told == part.told && closed.closed);
        let closed = closed.context("nothing was closed")?;
        followed_up[part.told] = Some(FollowedUp {
            closed: Observed::of(&ticket(closed)?, &closed.story, &actions),
            follow_up: Observed::of(&now, &part.story, &actions),
        });
    }
    Ok(followed_up)
}

/// A household writes: tickets within the limit are settled, the others are prepared for a person.
async fn limit(world: &World, ledger: &dyn Ledger, ends: &[Vec<Observed>]) -> anyhow::Result<Observed> {
    world.actors().open_household()?;
    rest(world, ledger).await?;
    let (actors, actions) = (world.actors(), world.sandbox.parking.actions());
    let (mut settled, mut limited) = (0, None);
    for part in actors.parts.iter().filter(|part| matches!(part.kind, Kind::OfHousehold(_))) {
        let ticket = world.sandbox.zendesk.ticket(part.ticket).context("a ticket is gone")?;
        let end = Observed::of(&ticket, &part.story, &actions);
        if end == ends[part.told][0] {
            settled += 1;
            continue;
        }
        check_end(&End::prepared(), &ticket, &actions, true)?;
        ensure!(
            *limited.get_or_insert_with(|| end.clone()) == end,
            "two tickets above the limit stand otherwise"
        );
    }
    ensure!(settled == PER_ACCOUNT, "{settled} tickets were settled where {PER_ACCOUNT} are let");
    limited.context("no ticket was left to a person")
}

/// One turn has at most one public text and one note: a wrong baseline would detect nothing.
fn check_turn(before: Option<&Observed>, now: &Observed) -> anyhow::Result<()> {
    let known = before.map_or(0, |before| before.comments.len());
    let (notes, texts): (Vec<_>, Vec<_>) =
        now.comments.iter().skip(known).partition(|written| **written == Written::Note);
    ensure!(notes.len() <= 1 && texts.len() <= 1, "a turn spoke twice although nothing went wrong");
    Ok(())
}

/// It ended as the story says, or, while not `is_over`, has done and said a part of that.
pub fn check_end(
    end: &End,
    ticket: &FakeTicket,
    actions: &[DoneAction],
    is_over: bool,
) -> anyhow::Result<()> {
    let id = ticket.fields.id.to_string();
    let own = actions.iter().filter(|action| action.ticket_id == id);
    let done: Vec<Option<ParkingAction>> = own.map(DoneAction::as_ordered).collect();
    let wanted: Vec<Option<ParkingAction>> = end.actions.iter().copied().map(Some).collect();
    let group = end.team.map(|team| ACCOUNT.group(team));
    let stands_so = ticket.fields.status == end.status && ticket.fields.group_id == group;
    let fits = if is_over { done == wanted && stands_so } else { wanted.starts_with(&done) };
    let stands = (ticket.fields.status, ticket.fields.group_id);
    ensure!(
        fits,
        "it ended otherwise although nothing went wrong: {done:?} were done, and it stands as {stands:?}"
    );
    let own = ticket.comments.iter().filter(|comment| comment.author_id == SERVICE_USER && comment.public);
    let otherwise = end.says_otherwise(own.map(|comment| comment.body.as_str()), !is_over);
    otherwise.map_or(Ok(()), Err).context("it spoke otherwise although nothing went wrong")
}
