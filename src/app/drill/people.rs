//! The customers and colleagues of a drill: they open tickets and go on with their story when they see that the service has done
//! its part.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::calm::Calm;
use super::dice::Dice;
use super::outside::Outside;
use super::plan::Forgery;
use super::post::Post;
use crate::app::sandbox::Sandbox;
use crate::domain::ids::TicketId;
use crate::sandbox::seed::{self, Deed, Story};

/// A customer who has paid writes, for the payment's own timer takes hours. Only words that are understood leave it to the service.
const PAID: Deed = Deed::CustomerSays("네, 확인했습니다. 감사합니다.");
/// How long people take to answer, in milliseconds.
const THINKING: (u64, u64) = (0, 2500);

/// What people do after a ticket was opened, as far as no hours pass: each element when the service has done its part after the
/// one before.
pub(super) fn script(story: &Story) -> Vec<Vec<Deed>> {
    if story.script.contains(&Deed::CustomerPays) {
        return vec![vec![Deed::CustomerPays, PAID]];
    }
    let within_hours = story.script.iter().take_while(|deed| !matches!(deed, Deed::HoursPass(_)));
    within_hours.map(|deed| vec![*deed]).collect()
}

/// One customer's ticket.
#[derive(Debug)]
pub(super) struct Part {
    /// Which story it is a copy of.
    pub(super) told: usize,
    /// The customer's own.
    pub(super) story: Story,
    /// Their ticket.
    pub(super) ticket: TicketId,
    /// How many elements of the script were played.
    pub(super) stage: usize,
    /// Whether the last of them made Zendesk send anything.
    pub(super) announced: bool,
    /// Whether nobody tells the service of it but forgers.
    pub(super) forged: bool,
    script: Vec<Vec<Deed>>,
    goes_on_at: Option<Instant>,
}

/// Everybody.
#[derive(Debug)]
pub(super) struct People {
    sandbox: Sandbox,
    post: Arc<Post>,
    told: Vec<Story>,
    copies: Vec<u32>,
    dice: Dice,
    pub(super) parts: Vec<Part>,
}

impl People {
    /// Nobody yet; `told`: the stories that they will tell.
    pub(super) fn new(sandbox: Sandbox, post: Arc<Post>, told: Vec<Story>, dice: Dice) -> Self {
        let copies = vec![0; told.len()];
        Self { sandbox, post, told, copies, dice, parts: Vec::new() }
    }

    /// A new customer with this story opens a ticket. With `forgery`, what Zendesk says of it never arrives, and somebody else says it.
    ///
    /// # Errors
    /// When the sandbox does not let them.
    pub(super) fn open(&mut self, told: usize, forgery: Option<Forgery>) -> anyhow::Result<()> {
        self.copies[told] += 1;
        let story = self.told[told].copy(self.copies[told]);
        seed::load(&self.sandbox.parking, &self.sandbox.zendesk, std::slice::from_ref(&story));
        let ticket = story.open(&self.sandbox.zendesk)?;
        let invocations = self.sandbox.zendesk.take_invocations();
        let announced = !invocations.is_empty();
        match forgery {
            None => self.post.take(invocations, 0),
            Some(forgery) => self.post.forge(invocations, forgery),
        }
        let script = if forgery.is_some() { Vec::new() } else { script(&story) };
        let forged = forgery.is_some();
        self.parts.push(Part { told, story, ticket, stage: 0, announced, forged, script, goes_on_at: None });
        Ok(())
    }

    /// Whoever sees that the service has done its part goes on; returns how many do, now or soon.
    ///
    /// # Errors
    /// When the sandbox does not let them.
    pub(super) fn go_on(&mut self, calm: &Calm) -> anyhow::Result<usize> {
        let actions = self.sandbox.parking.actions();
        let mut going = 0;
        for part in self.parts.iter_mut().filter(|part| part.stage < part.script.len()) {
            let now = self.sandbox.zendesk.ticket(part.ticket).context("a ticket is gone")?;
            if Outside::of(&now, &part.story, &actions) != *calm.end(part.told, part.stage) {
                continue;
            }
            going += 1;
            let thinking = self.dice.milliseconds(THINKING.0, THINKING.1);
            let at = *part.goes_on_at.get_or_insert_with(|| Instant::now() + thinking);
            if at > Instant::now() {
                continue;
            }
            part.play(&self.sandbox)?;
            let invocations = self.sandbox.zendesk.take_invocations();
            part.announced = !invocations.is_empty();
            self.post.take(invocations, part.stage);
        }
        Ok(going)
    }

    /// As [`Self::go_on`], but everybody who still has something to do does it, at once; returns how many had.
    ///
    /// # Errors
    /// When the sandbox does not let them.
    pub(super) fn all_go_on(&mut self) -> anyhow::Result<usize> {
        let mut gone = 0;
        for part in self.parts.iter_mut().filter(|part| part.stage < part.script.len()) {
            part.play(&self.sandbox)?;
            self.post.take(self.sandbox.zendesk.take_invocations(), part.stage);
            gone += 1;
        }
        Ok(gone)
    }
}

impl Part {
    fn play(&mut self, sandbox: &Sandbox) -> anyhow::Result<()> {
        for deed in &self.script[self.stage] {
            self.story.perform(*deed, self.ticket, &sandbox.zendesk, &sandbox.parking)?;
        }
        self.stage += 1;
        self.goes_on_at = None;
        Ok(())
    }

    /// Whether its script is played and was the story's whole: no hours had to pass.
    pub(super) fn is_over(&self) -> bool {
        let whole = &self.story.script;
        let waits = whole.iter().any(|deed| matches!(deed, Deed::HoursPass(_)));
        self.stage == self.script.len() && (!waits || whole.contains(&Deed::CustomerPays))
    }

    /// Everything that its people say, for a search.
    pub(super) fn words(&self) -> impl Iterator<Item = &'static str> + use<'_> {
        self.script.iter().flatten().filter_map(|deed| match deed {
            Deed::AgentTags { note, .. } => Some(*note),
            other => other.words(),
        })
    }
}

/// How often everybody looks.
pub(super) const LOOK: Duration = Duration::from_millis(100);
