//! The parking system's answers: accounts, uses, receipts, conflicts, refusals.

use std::sync::Arc;
use std::time::Duration;

use misread::domain::ids::{AccountId, EffectKey, LotId, Position, UseId};
use misread::domain::parking::{ParkingAction, UseQuery, UseStatus, UsesOf, Won};
use misread::http::CallMetrics;
use misread::parking::{Options, ParkingClient};
use misread::ports::{ActionOutcome, ActionRequest, CallError, Parking};

use super::answers::{check_failure, check_told};
use super::input::Input;
use super::samples::{ACTIONS, StandingClock, ticket_id, time};
use super::transport::{Canned, at_once};

const LIVES: &str = "2000-01-01T00:00:00Z";

pub(super) fn parking(data: &[u8]) {
    let mut input = Input::new(data);
    let (call, action, narrowed) = (input.byte() % 4, input.pick(ACTIONS), input.flag());
    let options = Options {
        calls: CallMetrics::default(),
        base_url: "http://parking.example/v1".to_owned(),
        token: "t0ken".into(),
        at_once: 16,
        proxy: false,
        timeout: Duration::from_secs(5),
    };
    let transport = Canned::read(&mut input);
    let parking =
        ParkingClient::over(transport, &options, Arc::new(StandingClock)).expect("the options are right");
    match call {
        0 => account(&parking),
        1 => uses(&parking, UsesOf::Account(AccountId::new("acct-1")), narrowed),
        2 => uses(&parking, UsesOf::Plate("12가3456".to_owned()), narrowed),
        _ => act(&parking, action),
    }
}

fn account(parking: &ParkingClient) {
    match at_once(parking.account(&AccountId::new("acct-1"))) {
        Ok(account) => assert!(account.is_none_or(|account| account.id.as_str() == "acct-1")),
        Err(failure) => check_read(&failure),
    }
}

fn uses(parking: &ParkingClient, of: UsesOf, narrowed: bool) {
    let entered = narrowed.then(|| (time(LIVES), time("2027-01-01T00:00:00Z")));
    let query = UseQuery { of, entered };
    match at_once(parking.uses(&query)) {
        Ok(page) => {
            for parking_use in page.uses {
                let theirs = match &query.of {
                    UsesOf::Account(id) => parking_use.account_id == *id,
                    UsesOf::Plate(_) => true,
                };
                assert!(theirs && (!narrowed || parking_use.entered_at >= time(LIVES)));
            }
        }
        Err(failure) => check_read(&failure),
    }
}

fn act(parking: &ParkingClient, action: ParkingAction) {
    let request = ActionRequest {
        ticket_id: ticket_id(),
        action,
        use_id: UseId::new("use-1"),
        lot_id: LotId::new("lot-1"),
        amount: action.compensation().map(|_| Won(8000)),
    };
    match at_once(parking.act(&EffectKey::new(ticket_id(), Position(1)), &request)) {
        Ok(ActionOutcome::Done(receipt)) => {
            assert!(!receipt.receipt_id.is_empty());
            let shown = receipt.parking_use;
            assert!(shown.as_ref().is_none_or(|shown| shown.id == request.use_id));
            let refunded = shown.as_ref().is_none_or(|shown| shown.status == UseStatus::Refunded);
            assert!(action != ParkingAction::Refund || refunded, "money is believed to be back");
            let granted =
                shown.and_then(|shown| shown.compensation).map(|granted| (granted.kind, granted.amount));
            assert!(action.compensation().is_none_or(|kind| granted == Some((kind, Won(8000)))));
        }
        Ok(ActionOutcome::Conflict { error, parking_use }) => {
            check_told(&error);
            assert_eq!(parking_use.id, request.use_id);
        }
        Ok(ActionOutcome::Refused { error }) => check_told(&error),
        Err(failure) => check_failure(&failure),
    }
}

fn check_read(failure: &CallError) {
    check_failure(failure);
    assert!(!matches!(failure, CallError::Unknown { .. }), "a read does nothing");
}
