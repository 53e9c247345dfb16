use axum::http::HeaderMap;
use misread::console::origin::is_same;

fn same(pairs: &[(&'static str, &str)]) -> bool {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.insert(*name, value.parse().unwrap());
    }
    is_same(&headers)
}

#[test]
fn only_the_consoles_own_pages_send_forms() {
    let host = ("host", "console.example:8443");
    assert!(same(&[host, ("sec-fetch-site", "same-origin")]));
    assert!(same(&[host, ("origin", "https://console.example:8443")]));
    for other in [
        vec![host],
        vec![host, ("origin", "null")],
        vec![host, ("origin", "https://evil.example")],
        vec![host, ("origin", "https://console.example:8443.evil.example")],
        vec![host, ("origin", "https://console.example")],
        vec![("host", ""), ("origin", "https://")],
        vec![host, ("sec-fetch-site", "same-site"), ("origin", "https://console.example:8443")],
        vec![host, ("sec-fetch-site", "none")],
    ] {
        assert!(!same(&other), "{other:?}");
    }
}
