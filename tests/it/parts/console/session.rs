use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use misread::console::session::{Token, same};

/// The token as the browser keeps it.
fn in_cookie(token: &Token) -> String {
    let cookie = token.cookie(false);
    cookie.split(';').next().unwrap().strip_prefix("misread=").unwrap().to_owned()
}

#[test]
fn a_cookie_is_found_among_others_and_only_in_its_form() {
    let token = format!("{}.{}", "a".repeat(64), "b".repeat(64));
    let of = |cookies: &str, secure| {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, cookies.parse().unwrap());
        Token::of(&headers, secure).map(|token| in_cookie(&token))
    };
    assert_eq!(of(&format!("x=1; misread={token}; y"), false), Some(token.clone()));
    assert_eq!(of(&format!("misread={token}"), true), None, "another host may have set it");
    assert_eq!(of(&format!("__Host-misread={token}"), true), Some(token.clone()));
    for other in ["misread=abc", &format!("misread={}", "a".repeat(64)), &format!("misread={token}.")] {
        assert_eq!(of(other, false), None, "{other}");
    }
}

#[test]
fn what_is_kept_and_what_is_sent_differ_from_the_token() {
    let token = Token::new("admin:hash").unwrap();
    let secret = |token: &Token| in_cookie(token).split_once('.').unwrap().0.to_owned();
    assert!(!same(&token.hash(), &token.form_token()) && !token.hash().contains(&secret(&token)));
    assert_ne!(secret(&token), secret(&Token::new("admin:hash").unwrap()));
    assert!(token.was_opened_under("admin:hash"));
    for other in ["view:hash", "admin:other", ""] {
        assert!(!token.was_opened_under(other), "{other}");
    }
}

#[test]
fn a_cookie_is_for_this_host_and_no_script() {
    let token = Token::new("admin:hash").unwrap();
    let (cookie, value) = (token.cookie(true), in_cookie(&token));
    assert_eq!(
        cookie,
        format!("__Host-misread={value}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure")
    );
    assert!(!token.cookie(false).contains("Secure"));
}
