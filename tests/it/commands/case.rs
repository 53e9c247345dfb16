//! `misread case` where there is nothing to show. What it shows otherwise: see `service`.

use super::process::Place;

#[test]
fn a_ledger_that_does_not_exist_is_told_and_not_made() {
    let mut place = Place::new();
    for arguments in [&["case", "list"][..], &["case", "show", "1"]] {
        let ended = place.run(arguments);
        assert_eq!(ended.code, Some(1));
        assert_eq!(
            ended.err,
            "error: there is no ledger at `misread.db`: set MISREAD_DATABASE_URL as for `misread serve`, which makes it\n"
        );
        assert!(!place.path("misread.db").exists());
    }
}

#[test]
fn an_address_that_is_no_ledger_is_underlined_like_every_other_mistake() {
    let mut place = Place::new();
    place.set("MISREAD_DATABASE_URL", "mysql://user:hush@host/misread");
    let ended = place.run(&["case", "list"]);
    assert_eq!(ended.code, Some(2));
    let told =
        "error: `MISREAD_DATABASE_URL` names neither a SQLite nor a PostgreSQL database\n--> environment";
    assert!(ended.err.contains(told), "{}", ended.err);
    assert!(!ended.err.contains("hush"), "{}", ended.err);
}
