//! Texts of the ticket's fields and messages: plates, and when the car is said to have parked.

use jiff::Timestamp;
use jiff::civil::Date;
use misread::domain::plate::Plate;
use misread::domain::used_at::UsedAt;

use super::input::Input;
use super::samples::time;

/// Whatever is read as a plate is printed as what is read as the same plate.
pub(super) fn plates(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let found = Plate::mentioned(&text);
    for plate in found.iter().chain(&Plate::parse(&text)) {
        assert_eq!(Plate::parse(plate.as_str()).as_ref(), Some(plate));
        assert!((6..=15).contains(&plate.as_str().chars().count()), "{plate}");
    }
    for (at, plate) in found.iter().enumerate() {
        assert_eq!(Plate::mentioned(plate.as_str()), std::slice::from_ref(plate));
        assert!(!found[..at].contains(plate), "{plate} is told twice");
    }
}

/// Whatever is read as a time is one within the years, and the search that it makes finds it.
pub(super) fn used_at(data: &[u8]) {
    let mut input = Input::new(data);
    let todays = ["2026-11-22", "2024-02-29", "2000-01-01", "-009999-01-01", "9999-12-31", "2100-03-01"];
    let today: Date = input.pick(&todays).parse().expect("a day");
    let text = String::from_utf8_lossy(input.rest());
    let Some(read) = UsedAt::parse(&text, today) else { return };
    assert!((1999..=2100).contains(&read.date.year()), "{read:?}");
    let (from, to) = read.entry_window();
    assert!(from < to);
    for entered_at in [from, to, time("2026-11-20T05:05:00Z"), Timestamp::MIN, Timestamp::MAX] {
        for exited_at in [None, Some(entered_at), Some(to)] {
            let fits = read.fits(entered_at, exited_at);
            assert!(!fits || entered_at <= to, "{read:?} fits what the search leaves out");
        }
    }
    let printed = serde_json::to_string(&read).expect("it can be written");
    assert_eq!(serde_json::from_str::<UsedAt>(&printed).ok(), Some(read));
}
