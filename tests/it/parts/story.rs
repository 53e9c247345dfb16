mod figures;
mod note;

use misread::story::{cases, lasting, room};

#[test]
fn room_is_told_the_finer_the_less_there_is() {
    for (bytes, told) in [
        (0, "0MB"),
        ((1 << 30) - 1, "1023MB"),
        (1 << 30, "1.0GB"),
        ((10 << 30) - 1, "9.9GB"),
        (10 << 30, "10GB"),
        ((48 << 30) - 1, "47GB"),
        (u64::MAX, "17179869183GB"),
    ] {
        assert_eq!(room(bytes), told, "{bytes}");
    }
}

#[test]
fn a_time_is_told_in_its_two_largest_units() {
    for (seconds, told) in [
        (0, "0초"),
        (59, "59초"),
        (60, "1분"),
        (200, "3분 20초"),
        (3_600, "1시간"),
        (7_530, "2시간 5분"),
        (86_400, "1일"),
        (97_300, "1일 3시간"),
    ] {
        assert_eq!(lasting(seconds), told);
    }
}

#[test]
fn a_number_of_cases_has_separators() {
    for (count, told) in [(0, "0건"), (999, "999건"), (1_000, "1,000건"), (1_234_567, "1,234,567건")] {
        assert_eq!(cases(count), told);
    }
}
