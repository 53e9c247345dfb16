use std::time::Duration;

use jiff::Timestamp;
use misread::account::sliding_window::Lane;
use misread::zendesk::budget::SHORTEST;
use misread::zendesk::rate_limit::RateLimit;
use misread::zendesk::requests::Requests;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + second).unwrap()
}

/// Of 700 a minute, 140 are for others; 35 and 70 are reserved for calls that follow a read.
fn requests(remaining: u32, sent: u32, to_come: u32) -> Requests {
    let mut requests = Requests::default();
    requests.told = Some(RateLimit { total: 700, remaining, resets_at: at(30) });
    (requests.sent, requests.to_come) = (sent, to_come);
    requests
}

fn begin(requests: &mut Requests, lane: Lane, second: i64) -> Result<(), Duration> {
    requests.may_begin(None, lane, 80, at(second))
}

#[test]
fn others_keep_their_share_what_was_begun_goes_on_and_the_backlog_waits_first() {
    let allowed = |remaining, second| {
        let mut requests = requests(remaining, 0, 0);
        let [backlog, fresh] =
            [Lane::Backlog, Lane::Fresh].map(|lane| begin(&mut requests, lane, second).is_ok());
        let on = requests.may_go_on(80, at(second)).is_ok();
        (backlog, fresh, on, requests.may_write(at(second)).is_ok())
    };
    assert_eq!(allowed(212, 0), (true, true, true, true));
    assert_eq!(allowed(211, 0), (false, true, true, true));
    assert_eq!(allowed(177, 0), (false, true, true, true));
    assert_eq!(allowed(176, 0), (false, false, true, true));
    assert_eq!(allowed(141, 0), (false, false, true, true));
    assert_eq!(allowed(140, 0), (false, false, false, true));
    assert_eq!(allowed(0, 0), (false, false, false, false));
    assert_eq!(allowed(0, 30), (true, true, true, true), "they were reset");
    assert_eq!(requests(140, 0, 0).may_go_on(80, at(0)), Err(Duration::from_secs(30)));
}

#[test]
fn what_is_under_way_counts_before_the_account_has_told_of_it() {
    assert!(begin(&mut requests(190, 6, 7), Lane::Fresh, 0).is_ok());
    assert!(begin(&mut requests(190, 7, 7), Lane::Fresh, 0).is_err());
    assert!(requests(150, 9, 99).may_go_on(80, at(0)).is_ok(), "what is to come asks for itself");
    assert!(requests(150, 10, 0).may_go_on(80, at(0)).is_err());
    assert!(requests(10, 10, 0).may_write(at(0)).is_err());
}

#[test]
fn after_the_reset_one_finds_out_for_all() {
    assert_eq!(requests(3, 1, 0).may_go_on(80, at(30)), Err(SHORTEST));
    assert_eq!(begin(&mut requests(3, 0, 1), Lane::Fresh, 30), Err(SHORTEST));
    assert_eq!(begin(&mut requests(400, 9, 9), Lane::Fresh, 30), Ok(()), "enough were left");
}

#[test]
fn who_waits_goes_before_who_comes_and_the_backlog_is_not_in_the_way_of_who_has_just_written() {
    let ask = |requests: &mut Requests, ticket: i64, lane, second| {
        requests.may_begin(Some(ticket.try_into().unwrap()), lane, 80, at(second))
    };
    let mut requests = requests(140, 0, 0);
    for ticket in 1..=561 {
        // Our requests per minute; a ticket that is read in bulk takes one.
        let turn = Duration::from_mins(1) * u32::try_from(ticket - 1).unwrap() / 560;
        let wait = ask(&mut requests, ticket, Lane::Backlog, 0);
        assert_eq!(wait, Err(turn.max(Duration::from_secs(30))), "{ticket}");
    }
    assert_eq!(ask(&mut requests, 561, Lane::Backlog, 0), Err(Duration::from_mins(1)), "its place is kept");
    assert_eq!(ask(&mut requests, 999, Lane::Fresh, 0), Err(Duration::from_secs(30)));
    requests.told = Some(RateLimit { total: 700, remaining: 216, resets_at: at(90) });
    assert!(ask(&mut requests, 562, Lane::Backlog, 31).is_err(), "there is room for three, and they wait");
    let went: Vec<_> = (1..=5).map(|ticket| ask(&mut requests, ticket, Lane::Backlog, 31).is_ok()).collect();
    assert_eq!(went, [true; 5], "nothing was sent yet");
    assert!(ask(&mut requests, 998, Lane::Fresh, 31).is_ok());
    requests.told = Some(RateLimit { total: 700, remaining: 140, resets_at: at(200) });
    assert!(
        ask(&mut requests, 562, Lane::Backlog, 190).unwrap_err() < Duration::from_secs(11),
        "the others stayed away"
    );
}

#[test]
fn an_account_that_tells_nothing_holds_nothing_back() {
    let mut requests = Requests::default();
    requests.sent = 900;
    assert_eq!(begin(&mut requests, Lane::Backlog, 0), Ok(()));
    assert_eq!((requests.may_go_on(80, at(0)), requests.may_write(at(0))), (Ok(()), Ok(())));
}
