use misread::domain::ids::TicketId;
use misread::domain::marker::{MarkerKey, SealError, digest, key_number, seal, unseal};
use misread::domain::ticket::{ByMacro, TicketUpdate};

fn key(number: i64, secret: &str) -> MarkerKey {
    MarkerKey { number, secret: secret.into() }
}

fn ticket(id: i64) -> TicketId {
    TicketId::try_from(id).unwrap()
}

fn update(body: &str, public: bool) -> TicketUpdate {
    TicketUpdate {
        body: body.to_owned(),
        public,
        status: None,
        group_id: None,
        tags: None,
        consultation_type: None,
        by_macro: ByMacro::default(),
    }
}

#[test]
fn a_seal_fits_its_own_ticket_key_and_text_only() {
    let keys = [key(1, "first"), key(2, "second")];
    let digest = digest(&update("취소했습니다", true));
    let seal = seal(&keys[1], ticket(5), "misread-5-7", &digest);
    assert_eq!(key_number(&seal), Some(2));
    let unsealed = |keys: &[MarkerKey], id: i64, key: &str, seal: &str| unseal(keys, ticket(id), key, seal);
    assert_eq!(unsealed(&keys, 5, "misread-5-7", &seal), Ok(digest.clone()));
    assert_eq!(unsealed(&keys, 6, "misread-5-7", &seal), Err(SealError::Mismatch), "another ticket");
    assert_eq!(unsealed(&keys, 5, "misread-5-9", &seal), Err(SealError::Mismatch), "another position");
    let other = misread::domain::marker::digest(&update("환불했습니다", true));
    assert_eq!(
        unsealed(&keys, 5, "misread-5-7", &seal.replace(&digest, &other)),
        Err(SealError::Mismatch),
        "another text"
    );
    assert_eq!(unsealed(&keys[..1], 5, "misread-5-7", &seal), Err(SealError::UnknownKey(2)));
    assert_eq!(unsealed(&[key(2, "other")], 5, "misread-5-7", &seal), Err(SealError::Mismatch));
    for malformed in ["", "2", "2.a", "x.a.YQ==", "2.a.%", &format!("{seal}.a")] {
        assert_eq!(unsealed(&keys, 5, "misread-5-7", malformed), Err(SealError::Malformed), "{malformed}");
    }
    assert_eq!(unsealed(&keys, 5, "misread-5-7", "2.a.YQ=="), Err(SealError::Mismatch), "too short");
}

#[test]
fn text_and_audience_make_the_digest_and_nothing_else_does() {
    let same = |left: &TicketUpdate, right: &TicketUpdate| digest(left) == digest(right);
    let reply = update("취소했습니다", true);
    assert!(!same(&reply, &update("취소했습니다.", true)));
    assert!(!same(&reply, &update("취소했습니다", false)));
    assert!(same(&reply, &TicketUpdate { group_id: Some(3), ..reply.clone() }));
    // This value must never change: writes of earlier versions are looked up by it.
    assert_eq!(digest(&update("a", true)), "Lb4gVLyxQfqzvW9m77qJChTcI7uZF5uablE6faFCNUk=");
}
