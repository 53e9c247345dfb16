use misread::domain::case::misspelt::{distance, is_near};

#[test]
fn a_tag_is_near_if_it_begins_alike_and_a_few_letters_differ() {
    for tag in ["misread_relese", "misread_raelese", "misread_released", "misreadrelease", "mis_read_release"]
    {
        assert!(is_near(tag, "misread_release"), "{tag}");
    }
    for tag in ["isread_release", "misread_sent", "release", "vip", "", "misread_release_now"] {
        assert!(!is_near(tag, "misread_release"), "{tag}");
    }
    // Of a short tag nothing may differ.
    assert!(!is_near("gp", "go") && !is_near("gox", "go"));
    assert!(is_near("back", "bakc") && !is_near("bark", "bonk"));
}

#[test]
fn the_distance_counts_letters() {
    let signs = |text: &str| text.chars().collect::<Vec<_>>();
    for (one, other, expected) in [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("abc", "abc", 0),
        ("abc", "abd", 1),
        ("abc", "acb", 1),
        ("kitten", "sitting", 3),
        ("공항통화", "공항전화", 1),
    ] {
        assert_eq!(distance(&signs(one), &signs(other)), expected, "{one} {other}");
    }
}
