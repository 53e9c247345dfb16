use misread::cli::health::reachable;

#[test]
fn a_service_on_every_interface_is_asked_on_the_loopback() {
    for (listens, asked) in
        [("0.0.0.0:8080", "127.0.0.1:8080"), ("[::]:8080", "[::1]:8080"), ("10.0.0.7:8080", "10.0.0.7:8080")]
    {
        assert_eq!(reachable(listens.parse().unwrap()), asked.parse().unwrap());
    }
}
