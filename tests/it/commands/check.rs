//! `misread check` and the start of `misread serve`: all mistakes at once, each underlined, and no open port.

use std::net::TcpListener;

use super::process::Place;

/// A place with mistakes of every kind: in settings, policy, macro and environment.
fn faulty() -> Place {
    let mut place = Place::furnished();
    place.copy_config("[worker]\nconcurrency = 0\n[zendesk]\nupdates_per_minuet = 80\n");
    place.replace(
        "config/policy.toml",
        "operation = [\"direct\", \"partner\"], progress = \"coupon_accepted\"",
        "operation = \"direct\", progress = \"coupon_accepted\"",
    );
    place.replace(
        "config/macros/payment_cancelled.toml",
        "결제된 {{ parking.amount }}",
        "결제된 {{ parking.price }}",
    );
    place.set("MISREAD_ZENDESK_URL", "acme.zendesk.com");
    place.set("MISREAD_WEBHOOK_BARER", "x");
    place
}

#[test]
fn the_built_in_files_are_good_and_need_nothing() {
    let check = Place::new().run(&["check"]);
    assert_eq!((check.code, check.err.as_str()), (Some(0), ""));
    assert!(check.out.contains("정책: 정상, 39행, 버전 "), "{}", check.out);
    assert!(check.out.contains("환경: 확인하지 않음"), "{}", check.out);
}

#[test]
fn everything_that_serve_needs_is_checked_as_soon_as_a_part_of_it_is_set() {
    let check = Place::furnished().run(&["check"]);
    assert_eq!(check.code, Some(0), "{}", check.err);
    assert!(check.out.contains("환경: 정상"), "{}", check.out);
    let mut place = Place::furnished();
    place.unset("MISREAD_PARKING_TOKEN");
    let check = place.run(&["check"]);
    assert_eq!(check.code, Some(2));
    assert!(check.err.contains("`MISREAD_PARKING_TOKEN` is not set"), "{}", check.err);
}

#[test]
fn mistakes_of_every_kind_are_shown_at_once_and_underlined() {
    let check = faulty().run(&["check"]);
    assert_eq!((check.code, check.out.as_str()), (Some(2), ""));
    insta::assert_snapshot!(check.err);
}

#[test]
fn serve_shows_the_same_mistakes_and_opens_neither_port_nor_ledger() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut place = faulty();
    let check = place.run(&["check"]);
    place.set("MISREAD_LISTEN", &address);
    let serve = place.run(&["serve"]);
    assert_eq!((serve.code, serve.out.as_str()), (Some(2), ""));
    assert_eq!(serve.err, check.err);
    assert!(!place.path("misread.db").exists());
    // Without the mistakes, the same address leads to a later failure: the first start did not come that far.
    let mut place = Place::furnished();
    place.set("MISREAD_LISTEN", &address);
    let serve = place.run(&["serve"]);
    assert_eq!(serve.code, Some(1));
    assert!(serve.err.contains(&format!("error: cannot listen on {address}: choose another MISREAD_LISTEN")));
}

#[test]
fn zendesks_published_test_secret_is_refused_except_on_a_developers_machine() {
    let mut place = Place::furnished();
    place.set("MISREAD_WEBHOOK_SECRET", "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==");
    for command in ["check", "serve"] {
        let ended = place.run(&[command]);
        assert_eq!(ended.code, Some(2), "{command}");
        assert!(ended.err.contains("`MISREAD_WEBHOOK_SECRET` is the test secret that Zendesk publishes"));
        assert!(!ended.err.contains("dGhpc19"), "{}", ended.err);
    }
    place.set("MISREAD_DEVELOPMENT", "1");
    assert_eq!(place.run(&["check"]).code, Some(0));
}
