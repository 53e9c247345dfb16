//! The help desk of one life: one ticket, its history, the triggers of the README.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use misread::domain::case::{Order, OrderKind};
use misread::domain::ids::{EffectKey, TicketId};
use misread::domain::ticket::{ChangeAuthor, Ticket, TicketChange, TicketStatus, TicketUpdate};
use misread::ports::{CallError, DeliveryContent, Desk, NewDelivery, UpdateOutcome};

use super::situation::Situation;
use super::weather::Fault;
use super::world::{Call, Landing, State, What, World, Written};

pub(super) const AIRPORT_DESK: i64 = 902;
pub(super) const GROUPS: [i64; 4] = [901, AIRPORT_DESK, 903, 904];
pub(super) const AGENT: ChangeAuthor = ChangeAuthor::Other { user_id: 777 };

#[derive(Debug)]
pub(super) struct DeskState {
    pub(super) ticket: Ticket,
    pub(super) changes: Vec<TicketChange>,
    /// The marker of every write that is on the ticket.
    pub(super) keys: BTreeSet<String>,
    deliveries: u32,
}

/// A write that is still on its way.
#[derive(Debug)]
pub(super) struct LateWrite {
    key: EffectKey,
    update: TicketUpdate,
    read_at: Timestamp,
    call: Call,
}

/// A change of the ticket, about to be made.
#[derive(Debug)]
pub(super) struct NewChange<'a> {
    pub(super) author: ChangeAuthor,
    pub(super) said: Option<&'a str>,
    pub(super) public: bool,
    pub(super) tag: Option<&'a str>,
    pub(super) status: Option<TicketStatus>,
}

impl NewChange<'_> {
    pub(super) fn by(author: ChangeAuthor) -> Self {
        Self { author, said: None, public: false, tag: None, status: None }
    }
}

impl DeskState {
    pub(super) fn open(id: TicketId, situation: &Situation, now: Timestamp) -> Self {
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
        };
        let opened = TicketChange {
            audit_id: 1,
            at: updated_at,
            author: ChangeAuthor::Requester,
            marker: None,
            spoke_publicly: true,
            said: Some(situation.message.clone()),
            added_tags: vec!["no_self_use".to_owned()],
        };
        Self { ticket, changes: vec![opened], keys: BTreeSet::new(), deliveries: 0 }
    }

    pub(super) fn has(&self, tag: &str) -> bool {
        self.ticket.tags.iter().any(|present| present == tag)
    }

    fn record(
        &mut self,
        change: &NewChange<'_>,
        marker: Option<&EffectKey>,
        added: Vec<String>,
        now: Timestamp,
    ) -> i64 {
        let audit_id = i64::try_from(self.changes.len()).unwrap() + 1;
        self.ticket.updated_at = whole_seconds(now);
        self.changes.push(TicketChange {
            audit_id,
            at: whole_seconds(now),
            author: change.author,
            marker: marker.map(|key| key.as_str().to_owned()),
            spoke_publicly: change.public,
            said: change.said.map(str::to_owned),
            added_tags: added,
        });
        audit_id
    }
}

fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap()
}

impl State {
    /// Somebody changes the ticket; a closed one takes nothing.
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
        } else if change.said.is_some() && waits {
            self.desk.ticket.status = TicketStatus::Open;
        }
        let now = self.now;
        self.desk.record(change, None, added, now);
        let listens = self.desk.has("misread_waiting") || self.desk.has("misread_done");
        if change.said.is_some() && listens {
            self.fire("customer_answered");
        }
        if self.desk.has("misread_airport_called") || self.desk.has("misread_release") {
            self.fire("given_back");
        }
        true
    }

    /// A trigger posts: soon, late, or twice.
    pub(super) fn fire(&mut self, kind: &str) {
        self.desk.deliveries += 1;
        let mut delivery = NewDelivery {
            dedup_key: format!("{}", self.desk.deliveries),
            received_at: self.now,
            body: "{}".to_owned(),
            content: DeliveryContent::Wake { ticket_id: self.desk.ticket.id, kind: kind.to_owned() },
        };
        let copies = self.dice.weigh(&[(80, 1), (15, 2), (5, 3)]);
        for copy in 0..copies {
            let delay = self.dice.weigh(&[(70, 3), (22, 120), (8, 30_000)]);
            let delay = SignedDuration::from_millis(self.dice.between(0, delay * 1000));
            if copy > 0 && self.dice.percent(50) {
                delivery.dedup_key = format!("{}-{copy}", self.desk.deliveries);
            }
            self.webhooks.push((self.now + delay, delivery.clone()));
        }
    }

    /// Operations order something; it arrives at once.
    pub(super) fn order(&mut self, what: OrderKind) {
        self.desk.deliveries += 1;
        let order = Order { what, by: "ops".to_owned() };
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

    fn update(
        &mut self,
        key: &EffectKey,
        update: &TicketUpdate,
        read_at: Timestamp,
    ) -> Result<UpdateOutcome, CallError> {
        self.sees_update(key, update);
        let call = self.call();
        let late = || LateWrite { key: key.clone(), update: update.clone(), read_at, call };
        match self.fault(true) {
            None => Ok(self.apply(&late())),
            Some(Fault::Retry) => Err(retry(self)),
            Some(Fault::LostUndone) => Err(lost()),
            Some(Fault::LostDone) => {
                self.apply(&late());
                Err(lost())
            }
            Some(Fault::LostLate) => {
                let at = self.now + SignedDuration::from_millis(self.dice.between(100, 8_000));
                self.landings.push((at, Landing::Write(late())));
                Err(lost())
            }
        }
    }

    pub(super) fn write_lands(&mut self, late: &LateWrite) {
        self.apply(late);
    }

    fn apply(&mut self, write: &LateWrite) -> UpdateOutcome {
        let LateWrite { key, update, read_at, call } = write;
        if self.desk.ticket.status == TicketStatus::Closed {
            return UpdateOutcome::Refused { closed: true, reason: "RecordInvalid".to_owned() };
        }
        if self.desk.ticket.updated_at != *read_at {
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
        let audit_id = self.desk.record(&change, Some(key), added, now);
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
        UpdateOutcome::Written { audit_id, updated_at: self.desk.ticket.updated_at }
    }

    /// The group to which the public text right before a note has given the ticket.
    fn routed_by_reply(&self, update: &TicketUpdate) -> Option<i64> {
        let last = self.log.iter().rev().find_map(|event| match &event.what {
            What::Wrote(written) => Some(written),
            _ => None,
        });
        last.filter(|last| last.public && !update.public)?.group
    }

    /// What Zendesk would refuse or a reviewer would not let through.
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
    let after = state.dice.percent(30).then(|| Duration::from_secs(state.dice.between(1, 90).unsigned_abs()));
    CallError::Retry { after, reason: "503".to_owned() }
}

pub(super) fn lost() -> CallError {
    CallError::Unknown { reason: "no answer".to_owned() }
}

/// The desk as the worker sees it.
#[derive(Debug)]
pub(super) struct FakeDesk(pub(super) Arc<World>);

#[async_trait]
impl Desk for FakeDesk {
    async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, CallError> {
        self.0
            .around(|state| {
                state.sees_read();
                if state.fault(false).is_some() {
                    return Err(retry(state));
                }
                Ok(Some(state.desk.ticket.clone()).filter(|ticket| ticket.id == id))
            })
            .await
    }

    fn admit(&self, _id: TicketId) -> Result<(), Duration> {
        let mut state = self.0.lock();
        if state.dice.percent(2) {
            return Err(Duration::from_secs(20));
        }
        state.sees_admitted();
        Ok(())
    }

    async fn update(
        &self,
        _id: TicketId,
        key: &EffectKey,
        update: &TicketUpdate,
        read_at: Timestamp,
    ) -> Result<UpdateOutcome, CallError> {
        self.0.around(|state| state.update(key, update, read_at)).await
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
