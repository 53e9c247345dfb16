//! The state of the mock parking system, with idempotency by key.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::action::{ActionKind, Done, DoneAction, Order};
use super::refusal::Refusal;
use crate::domain::ids::{AccountId, LotId, UseId};
use crate::domain::parking::{Account, Lot, ParkingUse, Receipt};

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) accounts: BTreeMap<AccountId, Account>,
    pub(super) lots: BTreeMap<LotId, Lot>,
    pub(super) actions: Vec<DoneAction>,
    uses: BTreeMap<UseId, ParkingUse>,
    answers: HashMap<String, Remembered>,
}

/// The first response under a key, with its request.
#[derive(Debug)]
struct Remembered {
    order: Order,
    receipt: Receipt,
}

impl State {
    pub(super) fn put_use(&mut self, parking_use: ParkingUse) {
        self.lots.insert(parking_use.lot.id.clone(), parking_use.lot.clone());
        self.uses.insert(parking_use.id.clone(), parking_use);
    }

    /// A use, with the current state of its lot.
    pub(super) fn parking_use(&self, id: &UseId) -> Option<ParkingUse> {
        self.uses.get(id).map(|parking_use| self.as_it_is_now(parking_use))
    }

    /// The matching uses, ordered by id.
    pub(super) fn uses(&self, fits: impl Fn(&ParkingUse) -> bool) -> Vec<ParkingUse> {
        let fitting = self.uses.values().filter(|parking_use| fits(parking_use));
        fitting.map(|parking_use| self.as_it_is_now(parking_use)).collect()
    }

    fn as_it_is_now(&self, parking_use: &ParkingUse) -> ParkingUse {
        let lot = self.lots.get(&parking_use.lot.id).unwrap_or(&parking_use.lot).clone();
        ParkingUse { lot, ..parking_use.clone() }
    }

    /// Performs an order, once per key.
    ///
    /// The contract keeps keys forever. Only successes are stored: a refusal did nothing, so the same key may succeed
    /// later, after the state has changed.
    pub(super) fn act(&mut self, key: &str, order: Order, now: Timestamp) -> Result<Receipt, Refusal> {
        if let Some(first) = self.answers.get(key) {
            if first.order != order {
                return Err(Refusal::Refused("idempotency_mismatch"));
            }
            return Ok(Receipt { replayed: true, ..first.receipt.clone() });
        }
        let done = self.perform(&order)?;
        let won = match order.kind() {
            ActionKind::Refund | ActionKind::ReceivableWithdrawal => {
                done.shown.as_ref().and_then(|shown| shown.amount)
            }
            ActionKind::Compensation => done.compensation.map(|granted| granted.amount),
            ActionKind::Cancellation | ActionKind::OperatorMakeGood | ActionKind::Inspection => None,
        };
        let receipt = Receipt {
            receipt_id: format!("rcpt-{:06}", self.actions.len() + 1),
            done_at: now,
            replayed: false,
            parking_use: done.shown,
        };
        self.actions.push(DoneAction {
            key: key.to_owned(),
            ticket_id: order.ticket_id.clone(),
            kind: order.kind(),
            use_id: done.use_id,
            lot_id: done.lot_id,
            compensation: done.compensation,
            won,
            receipt_id: receipt.receipt_id.clone(),
            done_at: now,
        });
        self.answers.insert(key.to_owned(), Remembered { order, receipt: receipt.clone() });
        Ok(receipt)
    }

    fn perform(&mut self, order: &Order) -> Result<Done, Refusal> {
        if let Some(lot_id) = order.lot_id() {
            return self.inspect(lot_id, order);
        }
        let id = order.use_id();
        let mut parking_use = self.parking_use(id).ok_or(Refusal::NotFound("use"))?;
        let compensation = order.change(&mut parking_use)?;
        self.uses.insert(id.clone(), parking_use.clone());
        let lot_id = parking_use.lot.id.clone();
        Ok(Done { use_id: id.clone(), lot_id, compensation, shown: Some(parking_use) })
    }

    /// An inspection neither changes nor returns a use.
    fn inspect(&self, lot_id: &LotId, order: &Order) -> Result<Done, Refusal> {
        let lot = self.lots.get(lot_id).ok_or(Refusal::NotFound("lot"))?;
        let parking_use = self.uses.get(order.use_id()).ok_or(Refusal::NotFound("use"))?;
        if parking_use.lot.id != lot.id {
            return Err(Refusal::BadRequest("the use was not at this lot".to_owned()));
        }
        Ok(Done { use_id: parking_use.id.clone(), lot_id: lot.id.clone(), compensation: None, shown: None })
    }
}
