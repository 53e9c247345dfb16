//! The customers and agents of a drill: they open tickets and continue their story when they see that the service has done
//! its part.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::baseline::Baseline;
use super::network::Network;
use super::observed::Observed;
use super::place::HOUSEHOLD;
use super::plan::Forgery;
use super::rng::Rng;
use crate::domain::ids::TicketId;
use crate::domain::parking::Account;
use crate::domain::ticket::TicketStatus;
use crate::sandbox::seed::{self, ScriptStep, Story};
use crate::sandbox::zendesk::{Channel, CustomerMessage};
use crate::testbed::sandbox::Sandbox;

/// A customer who has paid writes, since the payment's own timer takes hours. Only understood words leave the case to the
/// service.
const PAID: ScriptStep = ScriptStep::CustomerSays("네, 확인했습니다. 감사합니다.");
/// How long people take to answer, in milliseconds.
const THINKING: (u64, u64) = (0, 2500);

/// The steps after the opening that need no hours to pass: each element follows when the service has done its part after
/// the one before.
pub(super) fn script(story: &Story) -> Vec<Vec<ScriptStep>> {
    if story.script.contains(&ScriptStep::CustomerPays) {
        return vec![vec![ScriptStep::CustomerPays, PAID]];
    }
    let within_hours = story.script.iter().take_while(|step| !matches!(step, ScriptStep::HoursPass(_)));
    within_hours.map(|step| vec![*step]).collect()
}

/// The story of households, each ticket with its own use.
const OF_HOUSEHOLDS: &str = "결제 완료, 소유인증 완료";
/// The message of customers to a closed ticket. It names no use, so nothing may be done for it.
const ONCE_MORE: &str = "문의드린 건은 어떻게 되었나요?";

/// The kind of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A story with its own customer.
    Story,
    /// One of this household's tickets, all of one account.
    OfHousehold(u32),
    /// A message to the closed ticket of that story.
    FollowUp,
}

/// One customer's ticket.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    /// The story that it is a copy of.
    pub(super) told: usize,
    /// The customer's copy of it.
    pub(super) story: Story,
    pub(super) ticket: TicketId,
    /// The number of script elements done.
    pub(super) stage: usize,
    /// Whether the last of them caused a delivery.
    pub(super) announced: bool,
    /// Whether only forged deliveries report it.
    pub(super) forged: bool,
    /// Whether it was closed after its end.
    pub(super) closed: bool,
    script: Vec<Vec<ScriptStep>>,
    goes_on_at: Option<Instant>,
}

/// All customers and agents.
#[derive(Debug)]
pub(super) struct Actors {
    sandbox: Sandbox,
    network: Arc<Network>,
    told: Vec<Story>,
    copies: Vec<u32>,
    households: u32,
    rng: Rng,
    pub(super) parts: Vec<Part>,
}

impl Actors {
    /// Without tickets yet; `told`: the available stories.
    pub(super) fn new(sandbox: Sandbox, network: Arc<Network>, told: Vec<Story>, rng: Rng) -> Self {
        let copies = vec![0; told.len()];
        Self { sandbox, network, told, copies, households: 0, rng, parts: Vec::new() }
    }

    /// A new customer with this story opens a ticket. With `forgery`, Zendesk's delivery never arrives, and a forged one
    /// does.
    ///
    /// # Errors
    /// If the sandbox rejects it.
    pub(super) fn open(&mut self, told: usize, forgery: Option<Forgery>) -> anyhow::Result<()> {
        let story = self.copy(told);
        let script = if forgery.is_some() { Vec::new() } else { script(&story) };
        self.begin(Kind::Story, told, story, script, forgery)
    }

    /// A household opens several tickets at once, each for its own use.
    ///
    /// # Errors
    /// If the sandbox rejects them, or the story no longer exists.
    pub(super) fn open_household(&mut self) -> anyhow::Result<()> {
        let told = self.told.iter().position(|story| story.title == OF_HOUSEHOLDS);
        let told = told.with_context(|| format!("there is no story `{OF_HOUSEHOLDS}`"))?;
        self.households += 1;
        let kind = Kind::OfHousehold(self.households);
        let stories: Vec<Story> = (0..HOUSEHOLD).map(|_| self.copy(told)).collect();
        for story in of_one_account(stories) {
            self.begin(kind, told, story, Vec::new(), None)?;
        }
        Ok(())
    }

    fn copy(&mut self, told: usize) -> Story {
        self.copies[told] += 1;
        self.told[told].copy(self.copies[told])
    }

    fn begin(
        &mut self,
        kind: Kind,
        told: usize,
        story: Story,
        script: Vec<Vec<ScriptStep>>,
        forgery: Option<Forgery>,
    ) -> anyhow::Result<()> {
        seed::load(&self.sandbox.parking, &self.sandbox.zendesk, std::slice::from_ref(&story));
        let ticket = story.open(&self.sandbox.zendesk)?;
        let invocations = self.sandbox.zendesk.take_invocations();
        let announced = !invocations.is_empty();
        match forgery {
            None => self.network.take(invocations, 0),
            Some(forgery) => self.network.forge(invocations, forgery),
        }
        let forged = forgery.is_some();
        let (stage, closed, goes_on_at) = (0, false, None);
        self.parts.push(Part {
            kind,
            told,
            story,
            ticket,
            stage,
            announced,
            forged,
            closed,
            script,
            goes_on_at,
        });
        Ok(())
    }

    /// Closes the ticket of a finished story that was settled without a person; its customer writes again.
    ///
    /// # Errors
    /// If the sandbox rejects it.
    pub(super) fn follow_up(&mut self, baseline: &Baseline) -> anyhow::Result<()> {
        let actions = self.sandbox.parking.actions();
        let stands = |part: &Part| self.sandbox.zendesk.ticket(part.ticket);
        let over = self.parts.iter().position(|part| {
            part.may_be_followed_up()
                && stands(part).is_some_and(|now| {
                    Observed::of(&now, &part.story, &actions) == *baseline.end(part.told, part.stage)
                })
        });
        over.map_or(Ok(()), |place| self.write_again(place))
    }

    /// Closes the ticket at this index and writes to it.
    ///
    /// # Errors
    /// If the sandbox rejects it.
    pub(super) fn write_again(&mut self, place: usize) -> anyhow::Result<()> {
        let part = &mut self.parts[place];
        let zendesk = &self.sandbox.zendesk;
        zendesk.close(part.ticket)?;
        part.closed = true;
        let (told, story) = (part.told, part.story.clone());
        let message =
            CustomerMessage { text: ONCE_MORE.to_owned(), via: Channel::Email, ..CustomerMessage::default() };
        let ticket = zendesk.customer_sends(part.ticket, message)?;
        let (of_it, of_the_closed): (Vec<_>, Vec<_>) =
            zendesk.take_invocations().into_iter().partition(|sent| sent.ticket_id == ticket.get());
        self.network.take(of_the_closed, part.stage);
        let announced = !of_it.is_empty();
        self.network.take(of_it, 0);
        self.parts.push(Part {
            kind: Kind::FollowUp,
            told,
            story,
            ticket,
            stage: 0,
            announced,
            forged: false,
            closed: false,
            script: Vec::new(),
            goes_on_at: None,
        });
        Ok(())
    }

    /// People continue if the service has done its part; returns how many do, now or soon.
    ///
    /// # Errors
    /// If the sandbox rejects it.
    pub(super) fn go_on(&mut self, baseline: &Baseline) -> anyhow::Result<usize> {
        let actions = self.sandbox.parking.actions();
        let mut going = 0;
        for part in self.parts.iter_mut().filter(|part| part.stage < part.script.len()) {
            let now = self.sandbox.zendesk.ticket(part.ticket).context("a ticket is gone")?;
            if Observed::of(&now, &part.story, &actions) != *baseline.end(part.told, part.stage) {
                continue;
            }
            going += 1;
            let thinking = self.rng.milliseconds(THINKING.0, THINKING.1);
            let at = *part.goes_on_at.get_or_insert_with(|| Instant::now() + thinking);
            if at > Instant::now() {
                continue;
            }
            part.play(&self.sandbox)?;
            let invocations = self.sandbox.zendesk.take_invocations();
            part.announced = !invocations.is_empty();
            self.network.take(invocations, part.stage);
        }
        Ok(going)
    }

    /// As [`Self::go_on`], but all remaining steps are done at once; returns how many people had some.
    ///
    /// # Errors
    /// If the sandbox rejects it.
    pub(super) fn all_go_on(&mut self) -> anyhow::Result<usize> {
        let mut gone = 0;
        for part in self.parts.iter_mut().filter(|part| part.stage < part.script.len()) {
            part.play(&self.sandbox)?;
            self.network.take(self.sandbox.zendesk.take_invocations(), part.stage);
            gone += 1;
        }
        Ok(gone)
    }
}

impl Part {
    fn play(&mut self, sandbox: &Sandbox) -> anyhow::Result<()> {
        for step in &self.script[self.stage] {
            self.story.perform(*step, self.ticket, &sandbox.zendesk, &sandbox.parking)?;
        }
        self.stage += 1;
        self.goes_on_at = None;
        Ok(())
    }

    /// Whether its script is finished and complete: no hours had to pass.
    pub(super) fn is_over(&self) -> bool {
        let whole = &self.story.script;
        let waits = whole.iter().any(|step| matches!(step, ScriptStep::HoursPass(_)));
        self.stage == self.script.len() && (!waits || whole.contains(&ScriptStep::CustomerPays))
    }

    /// Whether it is finished, solved without a person, and not closed yet.
    pub(super) fn may_be_followed_up(&self) -> bool {
        let settled = self.story.end.status == TicketStatus::Solved && self.story.end.team.is_none();
        self.kind == Kind::Story && settled && self.is_over() && !self.forged && !self.closed
    }

    /// All texts of its people, for a search.
    pub(super) fn words(&self) -> impl Iterator<Item = &'static str> + use<'_> {
        self.script.iter().flatten().filter_map(|step| match step {
            ScriptStep::AgentTags { note, .. } => Some(*note),
            other => other.words(),
        })
    }
}

/// These stories for one customer, whose account has all their vehicles.
fn of_one_account(mut stories: Vec<Story>) -> Vec<Story> {
    let Some(first) = stories.first() else { return stories };
    let (customer, account) = (first.customer.clone(), first.account.clone());
    let vehicles =
        stories.iter().filter_map(|story| story.account.as_ref()).flat_map(|own| own.vehicles.clone());
    let account = account.map(|account| Account { vehicles: vehicles.collect(), ..account });
    for story in &mut stories {
        story.customer = customer.clone();
        for own in &mut story.uses {
            own.account_id =
                account.as_ref().map_or_else(|| own.account_id.clone(), |account| account.id.clone());
        }
        story.account.clone_from(&account);
    }
    stories
}

/// The interval at which people check.
pub(super) const LOOK: Duration = Duration::from_millis(100);
