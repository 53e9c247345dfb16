use misread::account::missed::{MissedQuery, StatusRange};
use misread::zendesk::search::query;

#[test]
fn any_of_the_tags_and_none_of_the_others() {
    let tags = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
    let (any_of, none_of) = (tags(&["a", "본인"]), tags(&["b"]));
    let told = MissedQuery {
        any_of,
        none_of,
        standing: StatusRange::Unsolved,
        changed_since: None,
        only_waiting: false,
    };
    assert_eq!(query(&told), "status<solved tags:a tags:본인 -tags:b");
    let told = MissedQuery { none_of: tags(&[]), standing: StatusRange::NewOrOpen, ..told };
    assert_eq!(query(&told), "status<pending tags:a tags:본인");
    let changed_since = Some("2026-11-20T04:00:00.25Z".parse().unwrap());
    let told = MissedQuery { any_of: tags(&["a"]), standing: StatusRange::Pending, changed_since, ..told };
    assert_eq!(query(&told), "status:pending updated>2026-11-20T04:00:00Z tags:a");
}
