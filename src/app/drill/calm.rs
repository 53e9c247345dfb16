//! The same stories told when nothing goes wrong: what one process did to the outside world then is what must be there once, and
//! nothing else, whatever goes wrong.

use std::time::Duration;

use anyhow::{Context as _, ensure};

use super::dice::Dice;
use super::outside::{Outside, Written};
use super::world::World;
use crate::app::folder::Folder;
use crate::domain::parking::ParkingAction;
use crate::ports::CaseState;
use crate::sandbox::parking::DoneAction;
use crate::sandbox::seed::{ACCOUNT, Story};
use crate::sandbox::zendesk::FakeTicket;

/// Far longer than it takes.
const AT_MOST: Duration = Duration::from_mins(1);

/// How each story stands after each part of it, when nothing goes wrong.
#[derive(Clone, Debug)]
pub(super) struct Calm(Vec<Vec<Outside>>);

impl Calm {
    /// Tells every story once: one process, nothing goes wrong.
    ///
    /// # Errors
    /// When that does not work, or a case is stuck.
    pub(super) async fn play(told: &[Story]) -> anyhow::Result<Self> {
        let folder = Folder::new("drill-calm")?;
        let address = format!("sqlite://{}", folder.path().join("misread.db").display());
        let world = World::make(folder.path(), &address, 1, told, &mut Dice::new(0)).await?;
        let ledger = world.ledger().await?;
        for number in 0..told.len() {
            world.people().open(number, None)?;
        }
        let mut ends = vec![Vec::new(); told.len()];
        loop {
            let rests = world.come_to_rest(ledger.as_ref(), None, AT_MOST).await?;
            ensure!(rests, "the service did not come to rest although nothing went wrong");
            let stuck = ledger.list(Some(CaseState::Stuck), 1).await?;
            ensure!(stuck.is_empty(), "a case is stuck although nothing went wrong");
            let mut people = world.people();
            let actions = world.sandbox.parking.actions();
            for part in &people.parts {
                if ends[part.told].len() > part.stage {
                    continue;
                }
                let ticket = world.sandbox.zendesk.ticket(part.ticket).context("a ticket is gone")?;
                let end = Outside::of(&ticket, &part.story, &actions);
                check_turn(ends[part.told].last(), &end).with_context(|| part.story.title)?;
                if part.is_over() {
                    check_end(&part.story, &ticket, &actions).with_context(|| part.story.title)?;
                }
                ends[part.told].push(end);
            }
            if people.all_go_on()? == 0 {
                break;
            }
        }
        ensure!(world.end().await?, "the service did not stop softly although nothing went wrong");
        Ok(Self(ends))
    }

    /// How a story stands after so many parts of its script: 0 for the ticket's opening alone.
    pub(super) fn end(&self, told: usize, stage: usize) -> &Outside {
        &self.0[told][stage]
    }
}

/// One turn has at most one public text and one note: a measure that is wrong would find nothing wrong.
fn check_turn(before: Option<&Outside>, now: &Outside) -> anyhow::Result<()> {
    let known = before.map_or(0, |before| before.comments.len());
    let (notes, texts): (Vec<_>, Vec<_>) =
        now.comments.iter().skip(known).partition(|written| **written == Written::Note);
    ensure!(notes.len() <= 1 && texts.len() <= 1, "a turn spoke twice although nothing went wrong");
    Ok(())
}

/// The story ended as it says of itself that it does.
fn check_end(story: &Story, ticket: &FakeTicket, actions: &[DoneAction]) -> anyhow::Result<()> {
    let id = ticket.fields.id.to_string();
    let own = actions.iter().filter(|action| action.ticket_id == id);
    let done: Vec<Option<ParkingAction>> = own.map(DoneAction::as_ordered).collect();
    let wanted: Vec<Option<ParkingAction>> = story.end.actions.iter().copied().map(Some).collect();
    let group = story.end.team.map(|team| ACCOUNT.group(team));
    let stands_so = ticket.fields.status == story.end.status && ticket.fields.group_id == group;
    ensure!(done == wanted && stands_so, "it ended otherwise although nothing went wrong");
    Ok(())
}
