//! A plate or a time that was given but not read differs from one that was not given.

use misread::domain::parking::Vehicle;
use misread::sandbox::seed::Story;

use super::Centre;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Comes {
    Settled,
    /// Leads to a question or a person before anything happens.
    Doubted,
}
use Comes::{Doubted, Settled};

#[tokio::test]
async fn what_stands_in_the_plate_field_counts_in_every_form() {
    let mut centre = Centre::new().await;
    for (typed, comes) in [
        ("@", Settled),
        ("제 차는 @입니다", Settled),
        ("모름", Settled),
        ("34나5678", Doubted),
        ("34나5678입니다", Doubted),
        ("제 차는 34나5678", Doubted),
        ("외교 123-456", Doubted),
        ("임시 1234", Doubted),
        ("육 12345", Doubted),
        ("5678", Doubted),
        ("@ 34나5678", Doubted),
        ("회색 소나타", Doubted),
    ] {
        let mut story = centre.holder();
        story.plate = story.plate.map(|plate| typed.replace('@', &plate));
        comes_to(&centre, &story, comes, typed).await;
    }
}

#[tokio::test]
async fn a_registered_car_whose_plate_cannot_be_read_is_a_car() {
    let mut centre = Centre::new().await;
    for (further, comes) in [("외교123-456", Doubted), ("육12345", Doubted)] {
        let mut story = centre.holder();
        story.plate = None;
        let second = Vehicle { plate: further.to_owned(), ownership_verified: true };
        story.account.as_mut().unwrap().vehicles.push(second);
        comes_to(&centre, &story, comes, further).await;
    }
}

/// The same text on both sides is the same plate, also if it has no known form.
#[tokio::test]
async fn a_plate_that_cannot_be_read_equals_itself() {
    let mut centre = Centre::new().await;
    for plate in ["외교123-456", "육12345"] {
        let mut story = centre.holder();
        let vehicle = Vehicle { plate: plate.to_owned(), ownership_verified: true };
        story.plate = Some(plate.to_owned());
        story.account.as_mut().unwrap().vehicles = vec![vehicle.clone()];
        story.uses[0].vehicle = vehicle;
        comes_to(&centre, &story, Settled, plate).await;
    }
}

#[tokio::test]
async fn a_time_that_cannot_be_read_or_fits_no_use_is_not_ignored() {
    let mut centre = Centre::new().await;
    for (typed, comes) in
        [("모르겠어요", Settled), ("2026-01-02", Doubted), ("지난주 언젠가", Doubted), ("20일쯤", Doubted)]
    {
        let mut story = centre.holder();
        story.used_at = Some(typed.to_owned());
        comes_to(&centre, &story, comes, typed).await;
    }
}

async fn comes_to(centre: &Centre, story: &Story, comes: Comes, what: &str) {
    let id = centre.open(story).await;
    match comes {
        Settled => assert!(centre.is_settled(id), "{what}: {:#?}", centre.world.notes(id)),
        Doubted => assert_eq!(centre.world.actions(id), [], "{what}: {:#?}", centre.world.notes(id)),
    }
}
