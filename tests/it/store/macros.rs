//! Stories of the contract about the last good macros of the account.

use std::collections::BTreeMap;
use std::sync::Arc;

use misread::domain::reply::AccountMacro;
use misread::domain::rule::RuleAction;

use super::contract::{Ledger, at};

fn version(id: i64, second: i64, text: &str) -> AccountMacro {
    let actions = vec![RuleAction::new("comment_value", text), RuleAction::new("status", "solved")];
    AccountMacro { id, title: "misread::a".to_owned(), active: true, updated_at: at(second), actions }
}

pub(crate) async fn the_last_good_macros_are_kept_for_the_next_process(ledger: &impl Ledger) {
    let (one, other) = (ledger.open(Arc::default()).await, ledger.open(Arc::default()).await);
    assert_eq!(one.good_macros().await.unwrap(), BTreeMap::new());
    let (first, second) = (version(7, 10, "안녕하세요 \"고객\"님\n끝"), version(8, 10, "둘"));
    one.keep_macro("a", &first, at(20)).await.unwrap();
    one.keep_macro("b", &second, at(20)).await.unwrap();
    let kept = BTreeMap::from([("a".to_owned(), first), ("b".to_owned(), second.clone())]);
    assert_eq!(other.good_macros().await.unwrap(), kept);
    let newer = version(7, 11, "하나");
    other.keep_macro("a", &newer, at(30)).await.unwrap();
    drop((one, other));
    let again = ledger.open(Arc::default()).await;
    let kept = BTreeMap::from([("a".to_owned(), newer), ("b".to_owned(), second)]);
    assert_eq!(again.good_macros().await.unwrap(), kept);
}

pub(crate) async fn an_older_version_of_a_macro_does_not_come_back_and_another_macro_may_take_its_place(
    ledger: &impl Ledger,
) {
    let store = ledger.open(Arc::default()).await;
    let kept = async || store.good_macros().await.unwrap()["a"].clone();
    let newer = version(7, 11, "새 글");
    store.keep_macro("a", &newer, at(20)).await.unwrap();
    store.keep_macro("a", &version(7, 10, "옛 글"), at(21)).await.unwrap();
    assert_eq!(kept().await, newer, "a replica that read the account before the change");
    let same_second = version(7, 11, "같은 초에 또 고친 글");
    store.keep_macro("a", &same_second, at(22)).await.unwrap();
    assert_eq!(kept().await, same_second);
    let another = version(8, 5, "다른 매크로");
    store.keep_macro("a", &another, at(23)).await.unwrap();
    assert_eq!(kept().await, another);
}
