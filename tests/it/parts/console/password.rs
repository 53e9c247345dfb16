use misread::console::User;
use misread::console::password::{Passwords, hash, is_usable, never_right};
use misread::domain::person::Role;

#[test]
fn only_what_a_password_can_be_compared_with_is_usable() {
    let good = hash(&"correct horse battery staple".into()).unwrap();
    assert!(is_usable(&good) && good.starts_with("$argon2id$v=19$m="), "{good}");
    let without_hash = good.rsplit_once('$').unwrap().0;
    for wrong in ["", "$argon2id$v=19$x", without_hash, &good.replace("$m=", "$x="), &good.replace('=', "")] {
        assert!(!is_usable(wrong), "{wrong}");
    }
}

#[tokio::test]
async fn a_name_that_no_user_has_costs_what_a_wrong_password_costs_and_is_never_right() {
    let stored = hash(&"correct horse battery staple".into()).unwrap().replace("t=2", "t=1");
    let user = User { name: "보라".to_owned(), role: Role::View, password: stored.clone().into() };
    for users in [&[user][..], &[]] {
        let unknown = never_right(users).unwrap();
        assert!(is_usable(&unknown) && unknown.len() == stored.len(), "{unknown}");
        assert_eq!(unknown.contains("t=1"), !users.is_empty(), "{unknown}");
        assert!(!Passwords::new(users).unwrap().are_right("없는 사람", String::new().into()).await);
    }
}
