//! The help desk of one run: one ticket, its history, and the triggers of deploy/README.md.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use misread::account::sliding_window::Lane;
use misread::domain::case::{Order, OrderKind};
use misread::domain::ids::{EffectKey, TicketId};
use misread::domain::marker;
use misread::domain::ticket::{
    Audience, ChangeAuthor, Person, Place, Requester, Seen, Ticket, TicketChange, TicketStatus, TicketUpdate,
    Warning,
};
use misread::ports::{
    CallError, DeliveryContent, Helpdesk, NewDelivery, SendMode, TicketWrite, UpdateOutcome,
};

use super::faults::Fault;
use super::opening::{Excluded, TypedBy};
use super::rng::Rng;
use super::situation::Situation;
use super::world::{Call, Landing, State, What, World, Written};

pub(super) const AIRPORT_DESK: i64 = 902;
pub(super) const GROUPS: [i64; 4] = [901, AIRPORT_DESK, 903, 904];
pub(super) const AGENT: ChangeAuthor = ChangeAuthor::Other { user_id: 777 };
/// A person who is copied in on the conversation in some runs.
pub(super) const COPIED: ChangeAuthor = ChangeAuthor::Other { user_id: 601 };

#[derive(Debug)]
pub(super) struct DeskState {
    pub(super) ticket: Ticket,
    pub(super) changes: Vec<TicketChange>,
    /// The markers of all writes on the ticket.
    pub(super) keys: BTreeSet<String>,
    pub(super) jobs: Jobs,
    deliveries: u32,
}

/// How Zendesk carries out bulk updates in this run.
#[derive(Debug)]
pub(super) struct Jobs {
    /// The percentage of updates that are sent in bulk.
    share: i64,
    /// Whether a job checks that the ticket is unchanged since it was read. Zendesk's behaviour is not known
    /// (facts §3.9).
    honour_stamps: bool,
    /// Separate from the run's own generator, so that seeds from before there were jobs keep their runs.
    rng: Rng,
    numbers: u32,
    under_way: BTreeMap<u32, Job>,
    ended: BTreeMap<u32, Result<UpdateOutcome, CallError>>,
    /// For each write, the jobs that were under way when the service first asked whether its job had ended.
    suspects: BTreeMap<String, (Timestamp, BTreeSet<u32>)>,
}

#[derive(Debug)]
struct Job {
    ends_at: Timestamp,
    /// `None`: a job of another program.
    write: Option<LateWrite>,
    /// It fails before it has done anything.
    killed: bool,
}

impl Jobs {
    pub(super) fn random(mut rng: Rng) -> Self {
        Self {
            share: rng.weigh(&[(60, 0), (40, 70)]),
            honour_stamps: rng.percent(50),
            rng,
            numbers: 0,
            under_way: BTreeMap::new(),
            ended: BTreeMap::new(),
            suspects: BTreeMap::new(),
        }
    }

    pub(super) fn next_end(&self) -> Option<Timestamp> {
        self.under_way.values().map(|job| job.ends_at).min()
    }
}

/// A write that has not arrived yet.
#[derive(Clone, Debug)]
pub(super) struct LateWrite {
    key: EffectKey,
    update: TicketUpdate,
    seen: Seen,
    call: Call,
}

/// A change of the ticket to be made.
#[derive(Debug)]
pub(super) struct NewChange<'a> {
    pub(super) author: ChangeAuthor,
    pub(super) said: Option<&'a str>,
    pub(super) public: bool,
    pub(super) tag: Option<&'a str>,
    pub(super) status: Option<TicketStatus>,
    /// Zendesk's warning.
    pub(super) flag: Option<Warning>,
    pub(super) files: usize,
    pub(super) another_requester: bool,
}

impl NewChange<'_> {
    pub(super) fn by(author: ChangeAuthor) -> Self {
        Self {
            author,
            said: None,
            public: false,
            tag: None,
            status: None,
            flag: None,
            files: 0,
            another_requester: false,
        }
    }

    /// Whether the change is a public message of an end user.
    fn is_by_end_user(&self) -> bool {
        self.said.is_some() || self.author == COPIED
    }

    /// The author of the public comment, if that is not the requester.
    fn by_other(&self) -> Option<i64> {
        match self.author {
            ChangeAuthor::Other { user_id } if self.public => Some(user_id),
            _ => None,
        }
    }
}

impl DeskState {
    pub(super) fn open(id: TicketId, situation: &Situation, jobs: Jobs, now: Timestamp) -> Self {
        let updated_at = whole_seconds(now);
        let ticket = Ticket {
            id,
            status: TicketStatus::New,
            updated_at,
            description: situation.message.clone(),
            tags: vec!["no_self_use".to_owned(), "misread_sent".to_owned()],
            group_id: None,
            assignee_id: None,
            requester: situation.requester.clone(),
            plate: situation.plate.0.clone(),
            consultation_type: None,
            used_at: situation.used_at.0.clone(),
            comments: Some(1),
            place: Place::default(),
            follows: None,
            audience: Audience {
                unreachable: situation.excluded == Some(Excluded::Unreachable),
                ..Audience::default()
            },
        };
        let opening = &situation.opening;
        let by_agent = opening.by == TypedBy::Agent;
        let opened = TicketChange {
            audit_id: 1,
            at: updated_at,
            author: match opening.by {
                TypedBy::Requester | TypedBy::Program => ChangeAuthor::Requester,
                TypedBy::Agent | TypedBy::AgentOnBehalf => AGENT,
            },
            marker: None,
            sealed: None,
            in_interface: false,
            spoke_publicly: true,
            said: (!by_agent).then(|| situation.message.clone()),
            added_tags: vec!["no_self_use".to_owned()],
            removed_tags: Vec::new(),
            touched: BTreeSet::new(),
            by_program: None,
            warnings: opening.warnings().collect(),
            attachments: if by_agent { 0 } else { opening.files },
            requester_changed: false,
            said_by_other: by_agent.then_some(777),
            outsider: None,
            service_user: None,
        };
        Self { ticket, changes: vec![opened], keys: BTreeSet::new(), jobs, deliveries: 0 }
    }

    pub(super) fn has(&self, tag: &str) -> bool {
        self.ticket.tags.iter().any(|present| present == tag)
    }

    /// From now on a person is copied in.
    pub(super) fn copy_in(&mut self) {
        let audience = &mut self.ticket.audience;
        audience.copies = 1;
        audience.copied = vec![Person { id: 601, name: "이현우".to_owned() }];
    }

    /// Replaces the requester: the messages of the one before now count as another person's.
    fn put_in_another_requester(&mut self) {
        let before = self.ticket.requester.id;
        self.ticket.requester =
            Requester { id: before + 1, external_id: None, ..self.ticket.requester.clone() };
        for change in &mut self.changes {
            if change.said.take().is_some() {
                change.warnings.clear();
                change.attachments = 0;
                change.said_by_other = Some(before);
                if change.author == ChangeAuthor::Requester {
                    change.author = ChangeAuthor::Other { user_id: before };
                }
            }
        }
    }

    fn record(
        &mut self,
        change: &NewChange<'_>,
        marker: Option<(&EffectKey, &TicketUpdate)>,
        added: Vec<String>,
        now: Timestamp,
    ) -> i64 {
        let audit_id = i64::try_from(self.changes.len()).unwrap() + 1;
        if change.said.is_some() || change.public || marker.is_some() {
            self.ticket.comments = self.ticket.comments.map(|comments| comments + 1);
        }
        self.ticket.updated_at = whole_seconds(now);
        self.changes.push(TicketChange {
            audit_id,
            at: whole_seconds(now),
            author: change.author,
            marker: marker.map(|(key, _)| key.as_str().to_owned()),
            sealed: marker.map(|(_, update)| marker::digest(update)),
            in_interface: marker.is_none(),
            spoke_publicly: change.public,
            said: change.said.map(str::to_owned),
            added_tags: added,
            removed_tags: Vec::new(),
            touched: BTreeSet::new(),
            by_program: None,
            warnings: change.flag.into_iter().collect(),
            attachments: change.files,
            requester_changed: change.another_requester,
            said_by_other: change.by_other(),
            outsider: None,
            service_user: None,
        });
        audit_id
    }
}

fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap()
}

impl State {
    /// Another party changes the ticket; a closed ticket stays unchanged.
    pub(super) fn change(&mut self, change: &NewChange<'_>) -> bool {
        if self.desk.ticket.status == TicketStatus::Closed {
            return false;
        }
        let added: Vec<String> =
            change.tag.iter().filter(|tag| !self.desk.has(tag)).map(|tag| (*tag).to_owned()).collect();
        self.desk.ticket.tags.extend(added.iter().cloned());
        let waits = !matches!(self.desk.ticket.status, TicketStatus::New | TicketStatus::Open);
        if let Some(status) = change.status {
            self.desk.ticket.status = status;
        } else if change.is_by_end_user() && waits {
            self.desk.ticket.status = TicketStatus::Open;
        }
        let now = self.now;
        if change.another_requester {
            self.desk.put_in_another_requester();
        }
        self.desk.record(change, None, added, now);
        let listens = self.desk.has("misread_waiting") || self.desk.has("misread_done");
        if change.is_by_end_user() && listens {
            self.fire("customer_answered");
        }
        if self.desk.has("misread_airport_called") || self.desk.has("misread_release") {
            self.fire("given_back");
        }
        true
    }

    /// A trigger sends its webhook: soon, late or twice.
    pub(super) fn fire(&mut self, kind: &str) {
        self.desk.deliveries += 1;
        let mut delivery = NewDelivery {
            dedup_key: format!("{}", self.desk.deliveries),
            received_at: self.now,
            body: "{}".to_owned(),
            content: DeliveryContent::Wake { ticket_id: self.desk.ticket.id, kind: kind.to_owned() },
        };
        let copies = self.rng.weigh(&[(80, 1), (15, 2), (5, 3)]);
        for copy in 0..copies {
            let delay = self.rng.weigh(&[(70, 3), (22, 120), (8, 30_000)]);
            let delay = SignedDuration::from_millis(self.rng.between(0, delay * 1000));
            if copy > 0 && self.rng.percent(50) {
                delivery.dedup_key = format!("{}-{copy}", self.desk.deliveries);
            }
            self.webhooks.push((self.now + delay, delivery.clone()));
        }
    }

    /// The sweep finds that the ticket was changed, some minutes later.
    pub(super) fn sweep_finds(&mut self) {
        self.desk.deliveries += 1;
        let delivery = NewDelivery {
            dedup_key: format!("sweep-{}", self.desk.deliveries),
            received_at: self.now,
            body: String::new(),
            content: DeliveryContent::Wake { ticket_id: self.desk.ticket.id, kind: "sweep".to_owned() },
        };
        self.webhooks.push((self.now + SignedDuration::from_mins(10), delivery));
    }

    /// An order of operations, which arrives at once.
    pub(super) fn order(&mut self, what: OrderKind) {
        self.desk.deliveries += 1;
        let order = Order { what, by: "ops".to_owned(), reason: None };
        self.webhooks.push((
            self.now,
            NewDelivery {
                dedup_key: format!("order-{}", self.desk.deliveries),
                received_at: self.now,
                body: "{}".to_owned(),
                content: DeliveryContent::Order { ticket_id: self.desk.ticket.id, order },
            },
        ));
        self.tell(What::Ordered(what));
    }

    fn late_write(&mut self, sending: TicketWrite<'_>) -> Result<LateWrite, CallError> {
        let TicketWrite { key, update, seen, lease, .. } = sending;
        if lease.is_over(self.now) {
            return Err(CallError::Retry { after: None, reason: "not sent: the lease was over".to_owned() });
        }
        self.sees_update(key, update);
        let call = self.call();
        Ok(LateWrite { key: key.clone(), update: update.clone(), seen, call })
    }

    fn update(&mut self, sending: TicketWrite<'_>) -> Result<UpdateOutcome, CallError> {
        let write = self.late_write(sending)?;
        let late = || write.clone();
        match self.fault(true) {
            None => Ok(self.apply(&late())),
            Some(Fault::Retry) => Err(retry(self)),
            Some(Fault::LostUndone) => Err(lost()),
            Some(Fault::LostDone) => {
                self.apply(&late());
                Err(lost())
            }
            Some(Fault::LostLate) => {
                let at = self.now + SignedDuration::from_millis(self.rng.between(100, 8_000));
                self.landings.push((at, Landing::Write(late())));
                Err(lost())
            }
        }
    }

    /// Begins a job that takes a short or a very long time. If its response is lost, its id is unknown.
    fn begin_job(&mut self, sending: TicketWrite<'_>) -> Result<u32, CallError> {
        let write = self.late_write(sending)?;
        let (fault, killed) = (self.fault(true), self.desk.jobs.rng.percent(4));
        if fault == Some(Fault::Retry) {
            return Err(retry(self));
        }
        if fault == Some(Fault::LostUndone) {
            return Err(lost());
        }
        if self.desk.jobs.rng.percent(20) {
            self.add_job(None, false);
        }
        let number = self.add_job(Some(write), killed);
        if fault.is_some() { Err(lost()) } else { Ok(number) }
    }

    fn add_job(&mut self, write: Option<LateWrite>, killed: bool) -> u32 {
        let longest = self.desk.jobs.rng.weigh(&[(80, 20), (15, 300), (5, 5_000)]);
        let ends_at =
            self.now + SignedDuration::from_millis(self.desk.jobs.rng.between(100, longest * 1_000));
        let jobs = &mut self.desk.jobs;
        jobs.numbers += 1;
        jobs.under_way.insert(jobs.numbers, Job { ends_at, write, killed });
        jobs.numbers
    }

    /// Carries out the jobs that are due.
    pub(super) fn do_jobs(&mut self) {
        let now = self.now;
        let due: Vec<(u32, Job)> =
            self.desk.jobs.under_way.extract_if(.., |_, job| job.ends_at <= now).collect();
        for (number, job) in due {
            let Some(write) = job.write else { continue };
            let end = if job.killed {
                Err(CallError::Unknown { reason: "the job ended as `killed`".to_owned() })
            } else {
                let honoured = self.desk.jobs.honour_stamps;
                let updated_at = if honoured { write.seen.updated_at } else { self.desk.ticket.updated_at };
                let seen = Seen { updated_at, ..write.seen };
                Ok(self.apply(&LateWrite { seen, ..write }))
            };
            self.desk.jobs.ended.insert(number, end);
        }
    }

    fn asked_in_vain(&mut self, key: &EffectKey) -> Option<Duration> {
        let under_way: BTreeSet<u32> = self.desk.jobs.under_way.keys().copied().collect();
        let suspects = self.desk.jobs.suspects.entry(key.as_str().to_owned());
        let (since, left) = suspects.or_insert_with(|| (self.now, under_way.clone()));
        left.retain(|number| under_way.contains(number));
        (!left.is_empty()).then(|| self.now.duration_since(*since).unsigned_abs())
    }

    pub(super) fn write_lands(&mut self, late: &LateWrite) {
        self.apply(late);
    }

    fn apply(&mut self, write: &LateWrite) -> UpdateOutcome {
        let LateWrite { key, update, seen, call } = write;
        if self.desk.ticket.status == TicketStatus::Closed {
            return UpdateOutcome::Refused {
                closed: true,
                reason: "RecordInvalid".to_owned(),
                missing_fields: Vec::new(),
            };
        }
        if self.desk.ticket.updated_at != seen.updated_at {
            return UpdateOutcome::Conflict;
        }
        self.check(key, update);
        let ticket = &mut self.desk.ticket;
        ticket.status = update.status.unwrap_or(ticket.status);
        let before = std::mem::take(&mut ticket.tags);
        ticket.tags = update.tags.clone().unwrap_or_else(|| before.clone());
        let added = ticket.tags.iter().filter(|tag| !before.contains(tag)).cloned().collect();
        ticket.group_id = update.group_id.or(ticket.group_id);
        ticket.consultation_type = update.consultation_type.clone().or(ticket.consultation_type.take());
        let now = self.now;
        let change = NewChange { public: update.public, ..NewChange::by(ChangeAuthor::Service) };
        let audit_id = self.desk.record(&change, Some((key, update)), added, now);
        self.tell(What::Wrote(Written {
            key: key.clone(),
            public: update.public,
            body: update.body.clone(),
            group: update.group_id.or_else(|| self.routed_by_reply(update)),
            routes: update.status.is_some()
                || update.group_id.is_some()
                || update.tags.is_some()
                || update.consultation_type.is_some(),
            tags: self.desk.ticket.tags.clone(),
            call: *call,
        }));
        self.sees_written(key, update.public);
        let updated_at = self.desk.ticket.updated_at;
        let crossed = self.desk.ticket.comments != seen.after_comment(updated_at).comments;
        UpdateOutcome::Written { audit_id: Some(audit_id), updated_at, crossed }
    }

    /// The group that the public text directly before a note has set.
    fn routed_by_reply(&self, update: &TicketUpdate) -> Option<i64> {
        let last = self.log.iter().rev().find_map(|event| match &event.what {
            What::Wrote(written) => Some(written),
            _ => None,
        });
        last.filter(|last| last.public && !update.public)?.group
    }

    /// Checks what Zendesk would refuse, or a reviewer would object to.
    fn check(&mut self, key: &EffectKey, update: &TicketUpdate) {
        let is_new = self.desk.keys.insert(key.as_str().to_owned());
        let mut found = Vec::new();
        let mut complain = |wrong: bool, what: &'static str| {
            if wrong {
                found.push(what);
            }
        };
        complain(!is_new, "one intention is written twice");
        complain(update.body.trim().is_empty(), "a write says nothing");
        let status = update.status;
        complain(
            matches!(status, Some(TicketStatus::New | TicketStatus::Closed)),
            "a status that nobody may set",
        );
        complain(
            update.group_id.is_some_and(|group| !GROUPS.contains(&group)),
            "a group that does not exist",
        );
        let tags = update.tags.as_deref().unwrap_or(&self.desk.ticket.tags);
        let types = tags.iter().filter(|tag| tag.starts_with("no_self_use_")).count();
        complain(types > 1, "two consultation types");
        let agrees = update.consultation_type.as_ref().is_none_or(|option| tags.contains(option));
        complain(!agrees, "a consultation type that the tags contradict");
        let marks = ["misread_waiting", "misread_done", "misread_handed_over", "misread_prepared"];
        complain(tags.iter().filter(|tag| marks.contains(&tag.as_str())).count() > 1, "two marks at once");
        let has_sent = tags.iter().any(|tag| tag == "misread_sent");
        complain(!has_sent, "somebody else's tag is taken off");
        for what in found {
            self.must(false, "the contract of Zendesk", format_args!("{key}: {what}"));
        }
    }
}

pub(super) fn retry(state: &mut State) -> CallError {
    let after = state.rng.percent(30).then(|| Duration::from_secs(state.rng.between(1, 90).unsigned_abs()));
    CallError::Retry { after, reason: "503".to_owned() }
}

pub(super) fn lost() -> CallError {
    CallError::Unknown { reason: "no answer".to_owned() }
}

/// The desk as the worker sees it.
#[derive(Debug)]
pub(super) struct FakeDesk(pub(super) Arc<World>);

impl FakeDesk {
    /// Waits for the job to end, while time passes.
    async fn in_a_job(&self, sending: TicketWrite<'_>) -> Result<UpdateOutcome, CallError> {
        let number = self.0.around(|state| state.begin_job(sending)).await?;
        loop {
            self.0.pass().await;
            {
                let mut state = self.0.lock();
                if let Some(end) = state.desk.jobs.ended.remove(&number) {
                    return end;
                }
                let nap = SignedDuration::from_secs(state.desk.jobs.rng.between(1, 15));
                let next = state.now + nap;
                let next = state.desk.jobs.next_end().map_or(next, |end| end.min(next));
                state.advance(next);
            }
            // Other tasks run meanwhile, such as the renewal of the lease.
            tokio::task::yield_now().await;
        }
    }
}

#[async_trait]
impl Helpdesk for FakeDesk {
    async fn ticket(&self, id: TicketId, _lane: Lane) -> Result<Option<Ticket>, CallError> {
        self.0
            .around(|state| {
                if state.desk.jobs.rng.percent(1) {
                    return Err(CallError::NotYet { wait: Duration::from_secs(20) });
                }
                state.sees_read();
                if state.fault(false).is_some() {
                    return Err(retry(state));
                }
                Ok(Some(state.desk.ticket.clone()).filter(|ticket| ticket.id == id))
            })
            .await
    }

    async fn admit(&self, _id: TicketId, _lane: Lane) -> Result<SendMode, Duration> {
        let mut state = self.0.lock();
        if state.rng.percent(2) {
            return Err(Duration::from_secs(20));
        }
        state.sees_admitted();
        let jobs = &mut state.desk.jobs;
        Ok(if jobs.rng.percent(jobs.share) { SendMode::Bulk } else { SendMode::Single })
    }

    fn writes_together(&self) -> bool {
        false
    }

    async fn update(&self, sending: TicketWrite<'_>) -> Result<UpdateOutcome, CallError> {
        match sending.way {
            SendMode::Single => self.0.around(|state| state.update(sending)).await,
            SendMode::Bulk => self.in_a_job(sending).await,
        }
    }

    async fn jobs_under_way(&self, key: &EffectKey) -> Result<Option<Duration>, CallError> {
        self.0
            .around(|state| {
                state.sees_read();
                if state.fault(false).is_some() { Err(retry(state)) } else { Ok(state.asked_in_vain(key)) }
            })
            .await
    }

    async fn changes(&self, _id: TicketId, _requester_id: i64) -> Result<Vec<TicketChange>, CallError> {
        self.0
            .around(|state| {
                if state.fault(false).is_some() {
                    return Err(retry(state));
                }
                state.sees_look();
                state.tell(What::ReadHistory);
                Ok(state.desk.changes.clone())
            })
            .await
    }
}
