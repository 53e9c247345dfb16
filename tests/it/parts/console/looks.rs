use misread::console::looks::Looks;
use misread::ports::Act;

#[test]
fn a_look_is_of_one_session_one_ticket_and_one_kind_and_their_number_is_bounded() {
    let (looks, id) = (Looks::default(), |number: i64| number.to_string().parse().unwrap());
    looks.add("a", id(1), Act::LookedMasked);
    assert!(looks.has("a", id(1), Act::LookedMasked));
    for (session, number, act) in
        [("b", 1, Act::LookedMasked), ("a", 2, Act::LookedMasked), ("a", 1, Act::Looked)]
    {
        assert!(!looks.has(session, id(number), act), "{session} {number} {act:?}");
    }
    for number in 2..=10_001 {
        looks.add("a", id(number), Act::Looked);
    }
    assert!(looks.has("a", id(10_001), Act::Looked) && !looks.has("a", id(1), Act::LookedMasked));
}
