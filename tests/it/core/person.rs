use misread::domain::person::{LONGEST_NAME, Role, name};

#[test]
fn the_highest_role_of_the_groups_counts_and_others_have_none() {
    let of = |groups: &[&str]| Role::of_groups(groups.iter().copied());
    assert_eq!(of(&["staff", "misread-view", "misread-policy"]), Some(Role::Policy));
    assert_eq!(of(&["misread-root", "view"]), None);
    assert!(Role::ALL.is_sorted());
}

#[test]
fn a_name_has_no_control_characters_and_a_bounded_length() {
    assert_eq!(name(" 민지\n").as_deref(), Some("민지"));
    assert_eq!(name("\t"), None);
    assert_eq!(name(&"가".repeat(LONGEST_NAME + 1)), None);
}
