use misread::console::screens::privacy::{MOST, numbers};
use misread::domain::ids::TicketId;

#[test]
fn numbers_are_read_however_they_are_separated_and_each_once() {
    let read = |text: &str| numbers(text).into_iter().map(TicketId::get).collect::<Vec<_>>();
    assert_eq!(read("35009, #35010\n35009 0 x"), [35_009, 35_010]);
    assert_eq!(read("고객"), [0; 0]);
    let many: Vec<String> = (1..=200).map(|number: i32| number.to_string()).collect();
    assert_eq!(numbers(&many.join(" ")).len(), MOST + 1);
}
