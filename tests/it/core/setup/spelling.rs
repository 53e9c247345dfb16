use misread::account::setup::{Verdict, spelling};

fn verdict(start_tags: &[&str], tickets: &[&[&str]], tags: &[&str]) -> String {
    let own = |tags: &[&str]| tags.iter().map(|&tag| tag.to_owned()).collect::<Vec<_>>();
    let tickets: Vec<_> = tickets.iter().map(|tags| own(tags)).collect();
    match spelling(&own(start_tags), &tickets, &own(tags)).verdict {
        Verdict::Good { note } => format!("good {note}"),
        Verdict::Manual { why, .. } => why,
        Verdict::NotLooked { why } => format!("? {why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_way_of_storing_the_tag_is_told_apart() {
    let start = ["no_self_use", "본인_미사용"];
    for (tickets, tags, expected) in [
        (&[][..], &[][..], "? no ticket has any of them yet"),
        (
            &[&["no_self_use", "vip"][..], &["본인_미사용"]],
            &["no_self_use"],
            "good no_self_use (tickets: 1), 본인_미사용 (tickets: 1)",
        ),
        (
            &[&["본인", "미사용"]],
            &[],
            "the account stores two tags, 본인 + 미사용, and no trigger looks for both; in use: 본인 + 미사용 (tickets: 1)",
        ),
        (&[&["본인"], &["미사용"]], &[], "? no ticket has any of them yet"),
        (
            &[&["본인 미사용"]],
            &[],
            "the account stores `본인 미사용` with its blank, which no trigger's condition can name; in use: 본인 미사용 (tickets: 1)",
        ),
        (
            &[],
            &["본인-미사용"],
            "the account stores `본인-미사용`, which no trigger looks for; in use: 본인-미사용 (tickets: 0)",
        ),
    ] {
        assert_eq!(verdict(&start, tickets, tags), expected);
    }
    assert_eq!(verdict(&["본인 미사용"], &[&["본인", "미사용"]], &[]), "good 본인 + 미사용 (tickets: 1)");
}
