//! Stories of the contract on the sealing keys of markers.

use std::sync::Arc;

use secrecy::ExposeSecret;

use super::contract::{Ledger, at};

/// Numbers and secrets.
async fn keys(store: &Arc<dyn misread::ports::Ledger>, second: i64) -> Vec<(i64, String)> {
    let keys = store.marker_keys(at(second)).await.unwrap().into_iter();
    keys.map(|key| (key.number, key.secret.expose_secret().to_owned())).collect()
}

pub(crate) async fn all_who_open_the_ledger_seal_with_the_same_key(ledger: &impl Ledger) {
    let (one, other) = (ledger.open(Arc::default()).await, ledger.open(Arc::default()).await);
    let (first, second) = tokio::join!(keys(&one, 10), keys(&other, 10));
    assert_eq!(first, second);
    let [(number, secret)] = first.clone().try_into().unwrap();
    assert!(number == 1 && secret.len() == 64, "{number}");
    drop((one, other));
    assert_eq!(keys(&ledger.open(Arc::default()).await, 20).await, first, "for ever");
}

pub(crate) async fn a_new_key_leaves_the_one_before_it_in_force_and_does_not_follow_too_soon(
    ledger: &impl Ledger,
) {
    let store = ledger.open(Arc::default()).await;
    let [first] = keys(&store, 100).await.try_into().unwrap();
    assert!(!store.rotate_marker_key(at(150), at(99)).await.unwrap(), "the first is not old enough");
    assert_eq!(keys(&store, 150).await, std::slice::from_ref(&first));
    assert!(store.rotate_marker_key(at(200), at(100)).await.unwrap());
    let [before, second] = keys(&store, 200).await.try_into().unwrap();
    assert_eq!((&before, second.0), (&first, 2));
    assert_ne!(first.1, second.1);
    assert!(!store.rotate_marker_key(at(201), at(199)).await.unwrap());
    assert!(store.rotate_marker_key(at(300), at(200)).await.unwrap());
    let numbers: Vec<i64> = keys(&store, 300).await.iter().map(|key| key.0).collect();
    assert_eq!(numbers, [2, 3]);
}
