use jiff::Timestamp;
use misread::notify::Kind;
use misread::notify::condition::Condition;
use misread::notify::judge::{Judge, News};

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + hour * 3600).unwrap()
}

fn stuck(size: u64) -> Condition {
    Condition { kind: Kind::Stuck(Some(7)), since: at(0), size }
}

#[test]
fn a_condition_is_told_when_it_begins_doubles_lasts_a_day_and_ends() {
    let mut judge = Judge::default();
    let mut look = |hour, conditions: &[Condition]| {
        let news = judge.news(at(hour), conditions.to_vec());
        judge.told(at(hour), news.clone());
        news
    };
    assert_eq!(look(0, &[]), []);
    assert_eq!(look(0, &[stuck(3)]), [News::Began(stuck(3))]);
    assert_eq!(look(1, &[stuck(5)]), [], "known, and not twice as many");
    assert_eq!(look(2, &[stuck(6)]), [News::Began(stuck(6))]);
    assert_eq!(look(25, &[stuck(6)]), []);
    assert_eq!(look(26, &[stuck(6)]), [News::Lasts(stuck(6))]);
    assert_eq!(look(27, &[]), [News::Over(stuck(6))]);
    assert_eq!(look(28, &[]), []);
    assert_eq!(look(29, &[stuck(1)]), [News::Began(stuck(1))], "it has begun anew");
}

#[test]
fn what_was_not_sent_stays_new() {
    let mut judge = Judge::default();
    assert_eq!(judge.news(at(0), vec![stuck(1)]), [News::Began(stuck(1))]);
    assert_eq!(judge.news(at(1), vec![stuck(1)]), [News::Began(stuck(1))]);
}
