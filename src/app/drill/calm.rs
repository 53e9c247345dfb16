//! The same stories told when nothing goes wrong: what one process did to the outside world then is what must be there once, and
//! nothing else, whatever goes wrong.

use std::time::Duration;

use anyhow::{Context as _, ensure};

use super::dice::Dice;
use super::outside::Outside;
use super::world::World;
use crate::app::folder::Folder;
use crate::ports::CaseState;
use crate::sandbox::seed::Story;

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
                ends[part.told].push(Outside::of(&ticket, &part.story, &actions));
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
