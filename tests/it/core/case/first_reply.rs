use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use misread::domain::case::{Effect, Entry, FirstReplies, Median, WriteKind, figures};
use misread::domain::ids::Position;
use misread::domain::ticket::TicketUpdate;

use super::write;

/// The figures of a ticket whose first public text is written after this time.
fn counted(waited: SignedDuration) -> Vec<(String, u64)> {
    let since = Timestamp::from_second(1_770_000_000).unwrap();
    let reply = write(WriteKind::Reply, TicketUpdate::note("처리했습니다".to_owned()));
    let intended = Entry::Intended {
        effect: Effect::Write(reply),
        together: false,
        sealed: false,
        first_since: Some(since),
    };
    let at = since + waited;
    let written = Entry::Written {
        of: Position(1),
        audit_id: None,
        updated_at: at,
        found_by_marker: false,
        crossed: false,
    };
    let figures = figures([(since, &intended), (at, &written)]);
    figures.into_iter().map(|((_, name), count)| (name, count)).collect()
}

fn of(seconds: impl IntoIterator<Item = i64>) -> FirstReplies {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for one in seconds {
        for (name, count) in counted(SignedDuration::from_secs(one)) {
            *sums.entry(name).or_default() += count;
        }
    }
    FirstReplies::of(|name| sums.get(name).copied().unwrap_or_default())
}

#[test]
fn each_text_counts_within_every_bound_that_it_kept() {
    let all = of([-5, 0, 10, 11, 60, 61, 3_600, 86_400, 86_401]);
    let within = [10, 30, 60, 300, 900, 3_600, 14_400, 86_400].map(|bound| all.within(bound));
    assert_eq!((all.count, within), (9, [3, 4, 5, 6, 6, 7, 7, 8]));
    assert_eq!(all.within(61), 0, "no bound");
    let seconds = [1_499, 1_500].map(|waited| {
        let figures = counted(SignedDuration::from_millis(waited));
        figures.iter().find(|(name, _)| name == "reply.first.seconds").map(|(_, count)| *count)
    });
    assert_eq!(seconds, [Some(1), Some(2)]);
}

#[test]
fn of_nothing_there_is_no_mean_and_no_median() {
    let none = of([]);
    assert_eq!((none.count, none.mean(), none.median()), (0, None, None));
}

#[test]
fn the_mean_is_exact_and_the_median_lies_within_its_bounds() {
    let cases: [(&[i64], u64, Median); 6] = [
        (&[7], 7, Median::Seconds(5)),
        (&[2, 4, 20, 200], 57, Median::Seconds(10)),
        (&[2, 20, 20, 200], 61, Median::Seconds(20)),
        (&[40, 50, 100, 100], 73, Median::Seconds(60)),
        (&[1, 90_000, 90_000], 60_000, Median::OverADay),
        (&[86_400, 86_400], 86_400, Median::Seconds(50_400)),
    ];
    for (seconds, mean, median) in cases {
        let all = of(seconds.iter().copied());
        assert_eq!((all.mean(), all.median()), (Some(mean), Some(median)), "{seconds:?}");
    }
}

#[test]
fn sums_that_no_service_wrote_are_read_without_harm() {
    let odd = FirstReplies::of(|name| if name.ends_with("10s") { 9 } else { 3 });
    assert_eq!(odd.median(), Some(Median::Seconds(2)));
    let most = FirstReplies::of(|_| u64::MAX);
    assert_eq!((most.mean(), most.median()), (Some(1), Some(Median::Seconds(5))));
}
