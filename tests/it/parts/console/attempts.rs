use std::net::{IpAddr, Ipv6Addr};

use jiff::Timestamp;
use misread::console::attempts::{Attempts, OF_ADDRESS, OF_NAME};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[test]
fn a_name_and_an_address_have_limits_of_their_own_that_end() {
    let (attempts, here) = (Attempts::default(), IpAddr::from([10, 0, 0, 1]));
    for _ in 0..OF_NAME {
        assert!(attempts.admit("민지", here, at(0)));
    }
    assert!(!attempts.admit("민지", IpAddr::from([10, 0, 0, 2]), at(1)), "from anywhere");
    for number in OF_NAME..OF_ADDRESS {
        assert!(attempts.admit(&number.to_string(), here, at(1)));
    }
    assert!(!attempts.admit("서준", here, at(2)));
    assert!(attempts.admit("서준", IpAddr::from([10, 0, 0, 2]), at(2)));
    assert!(attempts.admit("민지", here, at(15 * 60 + 1)));
}

#[test]
fn a_right_password_clears_the_name() {
    let (attempts, here) = (Attempts::default(), IpAddr::from([10, 0, 0, 1]));
    for _ in 0..5 * OF_ADDRESS {
        assert!(attempts.admit("민지", here, at(0)));
        attempts.succeeded("민지", here);
    }
}

#[test]
fn addresses_of_one_ipv6_network_are_one() {
    let attempts = Attempts::default();
    let address = |last: u16| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last));
    let admitted = (0..200).filter(|last| attempts.admit(&last.to_string(), address(*last), at(0)));
    assert_eq!(admitted.count(), OF_ADDRESS);
}
