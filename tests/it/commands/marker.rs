//! `misread marker`: a new sealing key, at most once a day.

use std::sync::Arc;

use super::process::Place;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_key_is_made_once_a_day_at_most() {
    let mut place = Place::new();
    let address = format!("sqlite://{}", place.path("misread.db").display());
    let store = misread::store::open(&address, Arc::default()).await.unwrap();
    store.marker_keys("2020-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    place.set("MISREAD_DATABASE_URL", &address);
    let ended = place.run(&["marker", "rotate"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert!(ended.out.contains("the one before it still counts"), "{}", ended.out);
    let ended = place.run(&["marker", "rotate"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("less than a day ago"), "{}", ended.err);
    let keys = store.marker_keys("2020-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(keys.iter().map(|key| key.number).collect::<Vec<_>>(), [1, 2]);
}
