//! Copies of a story for other customers.

use std::collections::BTreeSet;

use jiff::Timestamp;
use misread::sandbox::seed::{Story, stories};

#[test]
fn a_plate_keeps_its_spelling_and_gets_other_digits() {
    let another_plate = |plate: &str, number| {
        let story = stories(Timestamp::UNIX_EPOCH).swap_remove(0);
        Story { plate: Some(plate.to_owned()), ..story }.copy(number).plate.unwrap()
    };
    assert_eq!(another_plate("123가-4568", 1), "123가-2487");
    assert_eq!(another_plate("２１７다 ３３９０", 1), "２１７다 １３０９");
    assert_eq!(another_plate("서울32라1187", 0), "서울32라1187");
    assert_eq!(another_plate("서울32라1187", 10_000), "서울32라1187", "there are no more numbers");
}

#[test]
fn copies_share_no_customer_and_no_record_with_each_other() {
    let told = stories(Timestamp::UNIX_EPOCH);
    let (mut customers, mut uses, mut plates) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for number in 0..200 {
        for story in &told {
            let copy = story.copy(number);
            assert!(customers.insert(copy.customer.id) && customers.len() > usize::try_from(number).unwrap());
            let own_uses = copy.uses.iter().map(|parking_use| parking_use.id.as_str().to_owned());
            assert!(own_uses.into_iter().all(|id| uses.insert(id)));
            let registered = copy.account.iter().flat_map(|account| &account.vehicles);
            assert!(registered.into_iter().all(|vehicle| plates.insert(vehicle.plate.clone())), "{number}");
        }
    }
}

#[test]
fn a_copy_says_its_own_plate() {
    let told = stories(Timestamp::UNIX_EPOCH);
    let mentions = |story: &Story| story.plates().iter().any(|plate| story.message.contains(plate));
    let story = told.iter().find(|story| mentions(story)).expect("a customer who writes their plate");
    let copy = story.copy(7);
    assert!(mentions(&copy) && copy.message != story.message);
}
