use misread::drill::replica::{OWN_PORTS, own_address};

#[test]
fn processes_have_ports_of_their_own_that_no_system_hands_out() {
    let (one, other) = (own_address().unwrap(), own_address().unwrap());
    assert_ne!(one, other);
    assert!(OWN_PORTS.contains(&one.port()) && OWN_PORTS.contains(&other.port()), "{one} {other}");
}
