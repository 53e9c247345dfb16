//! The parking system of one run, with strict contract checks.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use misread::domain::ids::{AccountId, EffectKey, UseId};
use misread::domain::parking::{
    Account, Compensation, Operation, ParkingAction, ParkingUse, Receipt, UseStatus,
};
use misread::domain::plate::Plate;
use misread::ports::{ActionOutcome, ActionRequest, CallError, Parking, UseQuery, UsesOf, UsesPage};

use super::desk::{lost, retry};
use super::faults::Fault;
use super::world::{Act, Call, Landing, State, What, World};

#[derive(Debug)]
pub(super) struct ParkingState {
    pub(super) account: Account,
    pub(super) uses: BTreeMap<UseId, ParkingUse>,
    /// All actions carried out, by their key.
    pub(super) answers: BTreeMap<String, (ActionRequest, Receipt)>,
}

/// An action that has not arrived yet.
#[derive(Debug)]
pub(super) struct LateAct {
    key: EffectKey,
    request: ActionRequest,
    call: Call,
}

impl ParkingState {
    pub(super) fn new(account: Account, uses: Vec<ParkingUse>) -> Self {
        let uses = uses.into_iter().map(|parking_use| (parking_use.id.clone(), parking_use)).collect();
        Self { account, uses, answers: BTreeMap::new() }
    }

    fn find(&self, query: &UseQuery) -> UsesPage {
        let of = |parking_use: &&ParkingUse| match &query.of {
            UsesOf::Account(id) => parking_use.account_id == *id,
            UsesOf::Plate(plate) => {
                assert!(
                    Plate::parse(plate).is_some_and(|read| read.as_str() == plate),
                    "not normalised: {plate}"
                );
                parking_use.vehicle.plate == *plate
            }
        };
        let entered = |parking_use: &&ParkingUse| {
            query.entered.is_none_or(|(from, to)| (from..=to).contains(&parking_use.entered_at))
        };
        let mut uses: Vec<ParkingUse> = self.uses.values().filter(of).filter(entered).cloned().collect();
        uses.sort_by_key(|parking_use| std::cmp::Reverse(parking_use.entered_at));
        UsesPage { uses, has_more: false }
    }
}

impl State {
    fn act(&mut self, key: &EffectKey, request: &ActionRequest) -> Result<ActionOutcome, CallError> {
        self.sees_act(key, request);
        let call = self.call();
        let order = || LateAct { key: key.clone(), request: request.clone(), call };
        match self.fault(true) {
            None => {
                let outcome = self.obey(&order());
                if let ActionOutcome::Conflict { .. } = &outcome {
                    // The conflict reports the current state.
                    self.tell(What::ReadUses);
                }
                Ok(outcome)
            }
            Some(Fault::Retry) => Err(retry(self)),
            Some(Fault::LostUndone) => Err(lost()),
            Some(Fault::LostDone) => {
                self.obey(&order());
                Err(lost())
            }
            Some(Fault::LostLate) => {
                let at = self.now + SignedDuration::from_millis(self.rng.between(100, 30_000));
                self.landings.push((at, Landing::Act(order())));
                Err(lost())
            }
        }
    }

    pub(super) fn act_lands(&mut self, late: &LateAct) {
        self.obey(late);
    }

    fn obey(&mut self, order: &LateAct) -> ActionOutcome {
        let LateAct { key, request, call } = order;
        if let Some((first, receipt)) = self.parking.answers.get(key.as_str()) {
            if first == request {
                return ActionOutcome::Done(Box::new(Receipt { replayed: true, ..receipt.clone() }));
            }
            self.must(false, "the contract of the parking system", format_args!("{key} for two requests"));
            return refused("idempotency_mismatch");
        }
        let Some(before) = self.parking.uses.get(&request.use_id).cloned() else {
            return refused("not_found");
        };
        let after = match change(&before, request) {
            Ok(after) => after,
            Err(outcome) => return outcome,
        };
        self.parking.uses.insert(after.id.clone(), after.clone());
        let receipt = Receipt {
            receipt_id: format!("rcpt-{}", self.parking.answers.len() + 1),
            done_at: self.now,
            replayed: false,
            parking_use: (request.action != ParkingAction::Inspection).then_some(after),
        };
        self.parking.answers.insert(key.as_str().to_owned(), (request.clone(), receipt.clone()));
        self.tell(What::Acted(Box::new(Act {
            key: key.clone(),
            action: request.action,
            use_id: request.use_id.clone(),
            amount: request.amount,
            before,
            call: *call,
        })));
        self.sees_acted(key);
        self.log_facts();
        ActionOutcome::Done(Box::new(receipt))
    }
}

/// The use after the action, or the contract's refusal.
fn change(before: &ParkingUse, request: &ActionRequest) -> Result<ParkingUse, ActionOutcome> {
    let mut after = before.clone();
    let conflict = |error: &str| {
        Err(ActionOutcome::Conflict { error: error.to_owned(), parking_use: Box::new(before.clone()) })
    };
    let moves = match request.action {
        ParkingAction::Cancel => Some((UseStatus::InUse, UseStatus::CancelledByCentre, false)),
        ParkingAction::Refund => Some((UseStatus::Completed, UseStatus::Refunded, true)),
        ParkingAction::WithdrawReceivable => Some((UseStatus::Unpaid, UseStatus::Withdrawn, true)),
        _ => None,
    };
    if let Some((needed, then, only_open)) = moves {
        if before.status != needed {
            return conflict("state_conflict");
        }
        if only_open && before.lot.closed {
            return Err(refused("lot_closed"));
        }
        after.status = then;
    }
    if request.action == ParkingAction::OperatorMakeGood && before.lot.operation == Operation::Direct {
        return Err(refused("direct_lot"));
    }
    if let Some(kind) = request.action.compensation() {
        if before.compensation.is_some() {
            return conflict("already_compensated");
        }
        let Some(amount) = request.amount.filter(|amount| amount.0 > 0) else {
            return Err(refused("bad_request"));
        };
        after.compensation = Some(Compensation { kind, amount });
    }
    Ok(after)
}

fn refused(error: &str) -> ActionOutcome {
    ActionOutcome::Refused { error: error.to_owned() }
}

/// The parking system as the worker sees it.
#[derive(Debug)]
pub(super) struct FakeParking(pub(super) Arc<World>);

#[async_trait]
impl Parking for FakeParking {
    async fn account(&self, id: &AccountId) -> Result<Option<Account>, CallError> {
        self.0
            .around(|state| {
                state.sees_read();
                if state.fault(false).is_some() {
                    return Err(retry(state));
                }
                Ok(Some(state.parking.account.clone()).filter(|account| account.id == *id))
            })
            .await
    }

    async fn uses(&self, query: &UseQuery) -> Result<UsesPage, CallError> {
        self.0
            .around(|state| {
                state.sees_read();
                if state.fault(false).is_some() {
                    return Err(retry(state));
                }
                state.tell(What::ReadUses);
                Ok(state.parking.find(query))
            })
            .await
    }

    async fn act(&self, key: &EffectKey, request: &ActionRequest) -> Result<ActionOutcome, CallError> {
        self.0.around(|state| state.act(key, request)).await
    }
}
