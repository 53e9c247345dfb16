//! The known answers of Zendesk facts §1.2, and what our window adds.

use std::time::Duration;

use jiff::Timestamp;
use misread::domain::signature::{
    PUBLISHED_TEST_SECRET, SignatureError, is_published_test_secret, is_same_secret, sign, verify,
};

const WINDOW: Duration = Duration::from_mins(5);
const K2_SECRET: &str = "HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=";
const K1_BODY: &str = r#"{"event":"ticket.updated","id":123}"#;
const K1_TIME: &str = "2021-03-25T05:09:27Z";
const K1_SIGNATURE: &str = "S/RDdU2ERmj7LHDDoWJ2onPYH+t7/f2+LTM4dL7UiLM=";
const K3_TIME: &str = "2026-01-02T03:04:05Z";
const K3_BODY: &str = r#"{"ticket_id":"35436","tags":"본인_미사용 vip"}"#;

fn verify_at_once(secret: &str, timestamp: &str, body: &str, signature: &str) -> Result<(), SignatureError> {
    let now = timestamp.parse().unwrap();
    verify(&[secret], timestamp, body.as_bytes(), signature, now, WINDOW)
}

#[test]
fn the_known_answers_are_accepted_and_reproduced() {
    let vectors = [
        ("K1", PUBLISHED_TEST_SECRET, K1_TIME, K1_BODY, K1_SIGNATURE),
        (
            "K2",
            K2_SECRET,
            "2021-07-25T10:00:00Z",
            r#"{"say": "hello"}"#,
            "Rry/4TtIdFyawtXXp8QdI6tlAUUQ/5kL1OTp5qo/ZIk=",
        ),
        ("K3", PUBLISHED_TEST_SECRET, K3_TIME, K3_BODY, "dGUaw0kwcaWCEL051D3UjBfVLrw0Xk0s5btT1UEphEs="),
        (
            "K3-nl",
            PUBLISHED_TEST_SECRET,
            K3_TIME,
            "{\"ticket_id\":\"35436\",\"tags\":\"본인_미사용 vip\"}\n",
            "a+rUu44cRM085aUU4WYTihifWAA48KxOFOi1mbIcKGI=",
        ),
        ("K4", PUBLISHED_TEST_SECRET, K3_TIME, "", "1xsiPKGHFyXedEmvxNaOg4VQ2U4XjHcPMETpJymjCkg="),
        (
            "K5",
            PUBLISHED_TEST_SECRET,
            K3_TIME,
            "{\n   \"ticket_id\": \"1\"\n}\n",
            "kWRUyq6hZJvVN8g/B7KJ40rnjEEDBotwG424ubDavJk=",
        ),
    ];
    for (name, secret, timestamp, body, signature) in vectors {
        assert_eq!(sign(secret, timestamp, body.as_bytes()), signature, "{name}");
        assert_eq!(verify_at_once(secret, timestamp, body, signature), Ok(()), "{name}");
    }
}

#[test]
fn signatures_made_the_wrong_way_are_refused() {
    let vectors = [
        (
            "K2-old: the retired page's order",
            K2_SECRET,
            "2021-07-25T10:00:00Z",
            r#"{"say": "hello"}"#,
            "tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw=",
        ),
        (
            "N1: secret decoded",
            PUBLISHED_TEST_SECRET,
            K1_TIME,
            K1_BODY,
            "ElGlCykjczJm8dAh5YJyfzGb6ttTqrYPkC81bFc/ZSk=",
        ),
        (
            "N2: body before timestamp",
            PUBLISHED_TEST_SECRET,
            K1_TIME,
            K1_BODY,
            "MZztuYAmMzB73Nr8+Nh0TRZvEOcui53F+tvfZpEYz5c=",
        ),
        (
            "N3: a dot between",
            PUBLISHED_TEST_SECRET,
            K1_TIME,
            K1_BODY,
            "t9elZt3GrVZipoUC+tu8SQrsxdZ0L8VhffT8VX4zdAU=",
        ),
    ];
    for (name, secret, timestamp, body, signature) in vectors {
        assert_eq!(
            verify_at_once(secret, timestamp, body, signature),
            Err(SignatureError::Mismatch),
            "{name}"
        );
    }
}

#[test]
fn either_of_two_secrets_is_enough_and_none_is_not() {
    let now = K1_TIME.parse().unwrap();
    let verify_with =
        |secrets: &[&str]| verify(secrets, K1_TIME, K1_BODY.as_bytes(), K1_SIGNATURE, now, WINDOW);
    assert_eq!(verify_with(&[PUBLISHED_TEST_SECRET, K2_SECRET]), Ok(()));
    assert_eq!(verify_with(&[K2_SECRET, PUBLISHED_TEST_SECRET]), Ok(()));
    assert_eq!(verify_with(&[K2_SECRET]), Err(SignatureError::Mismatch));
    assert_eq!(verify_with(&[]), Err(SignatureError::Mismatch));
}

#[test]
fn the_window_is_closed_on_both_sides_and_includes_its_ends() {
    let signed_at: Timestamp = K1_TIME.parse().unwrap();
    let verify_at = |seconds: i64| {
        let now = signed_at + jiff::SignedDuration::from_secs(seconds);
        verify(&[PUBLISHED_TEST_SECRET], K1_TIME, K1_BODY.as_bytes(), K1_SIGNATURE, now, WINDOW)
    };
    assert_eq!(verify_at(300), Ok(()));
    assert_eq!(verify_at(-300), Ok(()));
    let stale = SignatureError::Stale { off_by_seconds: 301, window_seconds: 300 };
    assert_eq!(verify_at(301), Err(stale));
    assert_eq!(verify_at(-301), Err(stale));
}

#[test]
fn what_is_no_time_or_no_signature_is_named_as_such() {
    for timestamp in
        ["", "yesterday", "1616648967", "2021-03-25", "2021-03-25T05:09:27", "2021-13-25T05:09:27Z"]
    {
        let result =
            verify(&[PUBLISHED_TEST_SECRET], timestamp, b"", K1_SIGNATURE, Timestamp::UNIX_EPOCH, WINDOW);
        assert_eq!(result, Err(SignatureError::TimestampUnreadable), "{timestamp}");
    }
    let unpadded = K1_SIGNATURE.trim_end_matches('=');
    for signature in ["", "=", "not base64!", unpadded, "S/RDdQ==", &format!("{K1_SIGNATURE} ")] {
        let result = verify_at_once(PUBLISHED_TEST_SECRET, K1_TIME, K1_BODY, signature);
        assert_eq!(result, Err(SignatureError::Malformed), "{signature}");
    }
}

#[test]
fn secrets_are_compared_as_whole_texts() {
    assert!(is_same_secret("token", "token"));
    for other in ["", "toke", "tokens", "Token"] {
        assert!(!is_same_secret("token", other), "{other}");
    }
    assert!(is_published_test_secret(PUBLISHED_TEST_SECRET));
    assert!(!is_published_test_secret(K2_SECRET));
}
