use jiff::{SignedDuration, Timestamp};
use misread::zendesk::rate_limit::{RateLimit, parse};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + second).unwrap()
}

#[test]
fn a_limit_of_one_kind_is_read_in_any_order_and_nonsense_is_nothing() {
    let limit = RateLimit { total: 20, remaining: 19, resets_at: at(59) };
    assert_eq!(parse("total=20; remaining=19; resets=59", at(0)), Some(limit));
    assert_eq!(parse("resets=59;remaining=19;total=20;more=1", at(0)), Some(limit));
    let far = parse("total=20; remaining=0; resets=4294967295", at(0)).unwrap();
    assert_eq!(far.resets_at, at(600), "no nonsense stops the service for years");
    for text in
        ["", "total=20; remaining=19", "total=x; remaining=1; resets=1", "total=-1; remaining=1; resets=1"]
    {
        assert_eq!(parse(text, at(0)), None, "{text}");
    }
}

#[test]
fn of_two_readings_the_lower_one_is_the_later_until_the_reset() {
    let limit = |remaining, resets| RateLimit { total: 100, remaining, resets_at: at(resets) };
    let (before, now) = (Some(limit(40, 30)), at(0));
    assert_eq!(limit(43, 31).after(before, now), limit(40, 30), "an older response came later");
    assert_eq!(limit(39, 31).after(before, now), limit(39, 31));
    assert_eq!(limit(99, 60).after(before, now), limit(99, 60), "the account was reset early");
    assert_eq!(limit(43, 90).after(before, at(30)), limit(43, 90), "it was reset");
    assert_eq!(limit(43, 60).after(None, now), limit(43, 60));
}

#[test]
fn the_share_of_others_is_left_to_them_until_the_reset() {
    let limit = |remaining| RateLimit { total: 100, remaining, resets_at: at(30) };
    assert_eq!(limit(21).wait(80, at(0)), None);
    assert_eq!(limit(20).wait(80, at(0)), Some(SignedDuration::from_secs(30)));
    assert_eq!(limit(0).wait(80, at(30)), None, "it was reset");
    assert_eq!(limit(1).wait(100, at(0)), None);
    assert_eq!(limit(0).wait(100, at(0)), Some(SignedDuration::from_secs(30)));
}
