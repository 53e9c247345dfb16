use std::net::{IpAddr, Ipv4Addr};

use misread::webhook::IngressMetrics;
use misread::webhook::listen::Limits;
use misread::webhook::listen::connections::{Connections, Slot};

const ATTACKER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const HONEST: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

#[test]
fn connections_about_to_close_count_as_room_and_no_others_are_closed_for_it() {
    let limits = Limits { connections: 64, ..Limits::default() };
    let connections = Connections::new(limits, IngressMetrics::default());
    let enter = |address| {
        let place = connections.enter(address).unwrap();
        place.connection().was_read();
        place
    };
    let honest = enter(HONEST);
    let mut attackers: Vec<Slot> = (1..64).map(|_| enter(ATTACKER)).collect();
    assert!(connections.enter(HONEST).is_none());
    assert_eq!(connections.make_room(), 2);
    for _ in 0..100 {
        assert_eq!(connections.make_room(), 0, "their places are not free yet, but will be");
    }
    attackers.retain(|place| place.connection().standing().is_some());
    assert_eq!(attackers.len(), 61);
    assert!(connections.enter(HONEST).is_some() && honest.connection().standing().is_some());
}
