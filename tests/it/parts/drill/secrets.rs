use misread::drill::secrets::{Private, head};
use misread::testbed::sandbox::WEBHOOK_SECRET;

#[test]
fn a_plate_a_name_a_token_and_a_secret_are_found_and_a_harmless_line_is_not() {
    let mut private = Private::tokens(["01ABCDEFTOKEN".to_owned()]);
    for text in [head("45나7712"), "김서연", WEBHOOK_SECRET] {
        private.add(text);
    }
    let told = |line: &str| private.told(line).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(told("plate 45나9999"), ["45나"]);
    assert_eq!(told("customer 김서연"), ["김서연"]);
    assert_eq!(told("authorization: 01ABCDEFTOKEN;"), ["01ABCDEFTOKEN"]);
    assert_eq!(told("secret=sandbox-webhook-secret"), [WEBHOOK_SECRET]);
    assert!(told("delivery accepted ticket.id=35001").is_empty());
}

#[test]
fn a_plate_s_head_ends_with_its_letter() {
    assert_eq!((head("서울32라1187"), head("217다 ３３９０")), ("서울32라", "217다"));
}
