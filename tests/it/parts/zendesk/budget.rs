use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use misread::account::sliding_window::{GrantLog, Lane};
use misread::domain::ids::TicketId;
use misread::ports::SendMode;
use misread::zendesk::Budgets;
use misread::zendesk::budget::Budget;
use misread::zendesk::rate_limit::RateLimit;
use misread::zendesk::requests::Requests;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + second).unwrap()
}

fn ticket(id: i64) -> TicketId {
    TicketId::try_from(id).unwrap()
}

/// Of 700 requests a minute, 140 are for others.
fn budget(remaining: u32) -> Budget {
    let mut requests = Requests::default();
    requests.told = Some(RateLimit { total: 700, remaining, resets_at: at(30) });
    let grants = Arc::new(Mutex::new(GrantLog::default()));
    Budget::new(Budgets::default(), grants, requests)
}

#[tokio::test]
async fn an_admitted_update_keeps_its_room_until_it_is_sent() {
    let budget = budget(141);
    assert_eq!(budget.admit(ticket(1), Lane::Fresh, at(0)).await, Ok(SendMode::Single));
    assert!(budget.admit(ticket(2), Lane::Fresh, at(0)).await.is_err(), "the last room is taken");
    assert!(budget.go_on(at(0)).is_err(), "nor may a read go on");
    budget.redeem(ticket(1));
    let sent = budget.write(at(0)).unwrap();
    assert!(budget.go_on(at(0)).is_err(), "it is under way");
    drop(sent);
    assert!(budget.go_on(at(0)).is_ok(), "and the account did not count it");
}

#[tokio::test]
async fn an_update_that_is_not_sent_after_all_keeps_its_room_for_a_moment() {
    let budget = budget(141);
    assert_eq!(budget.admit(ticket(1), Lane::Fresh, at(0)).await, Ok(SendMode::Single));
    assert!(budget.admit(ticket(2), Lane::Fresh, at(9)).await.is_err());
    assert_eq!(budget.admit(ticket(2), Lane::Fresh, at(10)).await, Ok(SendMode::Single));
}
