use misread::http::error_body::{ErrorBody, prose};

fn parse(body: &str) -> (Option<String>, Vec<String>) {
    let error = ErrorBody::parse(body.as_bytes());
    (error.name, error.fields)
}

#[test]
fn every_shape_that_zendesk_sends_is_understood() {
    let named = |name: &str| (Some(name.to_owned()), Vec::new());
    assert_eq!(parse(r#"{"error":"RecordNotFound","description":"Not found"}"#), named("RecordNotFound"));
    assert_eq!(parse(r#"{"error":{"title":"Forbidden","message":"You may not"}}"#), named("Forbidden"));
    assert_eq!(
        parse(r#"{"errors":[{"code":"TriggerNotFound","title":"Not here"}]}"#),
        named("TriggerNotFound")
    );
    assert_eq!(parse(r#"{"error":"invalid_token","error_description":"expired"}"#), named("invalid_token"));
    assert_eq!(
        parse(
            r#"{"error":"RecordInvalid","description":"Record validation errors","details":
            {"360000000001":[{"description":"홍길동","error":"BlankValue"}],"status":[{"description":"x"}],"12가3456":[]}}"#
        ),
        (Some("RecordInvalid".to_owned()), vec!["360000000001: BlankValue".to_owned(), "status".to_owned()])
    );
}

#[test]
fn fields_that_must_be_filled_are_told_by_number_and_once() {
    let body = r#"{"error":"RecordInvalid","details":{"base":[
        {"description":"환불 사유: is required","error":null,"ticket_field_id":73,"ticket_field_type":"FieldText"},
        {"description":"x","ticket_field_id":72},{"description":"y","ticket_field_id":"72"},{"ticket_field_id":73}]}}"#;
    let error = ErrorBody::parse(body.as_bytes());
    assert_eq!((error.fields, error.missing_fields), (vec!["base".to_owned()], vec![72, 73]));
}

#[test]
fn the_other_system_s_own_words_are_there_for_who_may_read_them() {
    let said = |body: &str| prose(body.as_bytes());
    let invalid = r#"{"error":"RecordInvalid","description":"Record validation errors","details":
        {"base":[{"description":"Invalid value"}],"title":[{"description":"Title: cannot be blank"}]}}"#;
    assert_eq!(said(invalid).as_deref(), Some("Invalid value; Title: cannot be blank"));
    let listed = r#"{"errors":[{"code":"InvalidWebhook","title":"name is invalid"}]}"#;
    assert_eq!(said(listed).as_deref(), Some("name is invalid"));
    let plain = r#"{"error":"Forbidden","description":"You are missing the scope"}"#;
    assert_eq!(said(plain).as_deref(), Some("You are missing the scope"));
    assert_eq!((said("<html>"), said("{}")), (None, None));
}

#[test]
fn prose_html_and_nothing_are_errors_without_a_name() {
    for body in [
        "",
        "null",
        "[]",
        "<html><h1>502 Bad Gateway</h1></html>",
        r#"{"error":"Couldn't authenticate you"}"#,
        r#"{"error":"12가3456"}"#,
        r#"{"error":{"title":"No help desk at acme.example.com"}}"#,
        r#"{"errors":[]}"#,
        r#"{"details":"text"}"#,
    ] {
        assert_eq!(parse(body), (None, Vec::new()), "{body}");
    }
}
