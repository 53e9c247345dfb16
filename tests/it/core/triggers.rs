use misread::account::triggers::{
    CUSTOMER_ANSWERED_BODY, FOLLOW_UP_BODY, GIVEN_BACK_BODY, Marks, START_BODY, WantedTrigger, wanted,
};
use misread::domain::rule::{Conditions, RuleCondition};
use serde_json::{Value, json};

pub(super) fn marks() -> Marks {
    let tag = str::to_owned;
    Marks {
        start_tags: vec![tag("no_self_use"), tag("본인 미사용"), tag("본인_미사용")],
        consultation_types: [tag("linked"), tag("unlinked"), tag("other")],
        sent_tag: tag("sent"),
        done_tag: tag("done"),
        handed_over_tag: tag("handed_over"),
        waiting_tag: tag("waiting"),
        prepared_tag: tag("prepared"),
        stuck_tag: tag("stuck"),
        give_back_tag: tag("called"),
        release_tag: tag("release"),
        brands: Vec::new(),
        forms: Vec::new(),
    }
}

fn shown(trigger: &WantedTrigger) -> Vec<String> {
    let Conditions { all, any } = &trigger.conditions;
    let line =
        |list: &str, one: &RuleCondition| format!("{list} {} {} {}", one.field, one.operator, one.value);
    let all = all.iter().map(|one| line("all", one));
    let any = any.iter().map(|one| line("any", one));
    let actions = trigger.actions.iter().map(|done| format!("do {} {}", done.field, done.value));
    all.chain(any).chain(actions).collect()
}

#[test]
fn a_tag_with_a_blank_has_a_start_of_its_own_that_needs_each_word() {
    let triggers = wanted(&marks(), "01W", 7);
    let roles: Vec<&str> = triggers.iter().map(|trigger| trigger.role.as_str()).collect();
    assert_eq!(roles, ["start", "start:본인+미사용", "follow_up", "customer_answered", "given_back"]);
    assert_eq!(
        shown(&triggers[0])[..3],
        [
            r#"all status less_than "solved""#,
            r#"all current_tags includes "no_self_use 본인_미사용 linked unlinked other""#,
            r#"all current_tags not_includes "sent done handed_over waiting prepared""#,
        ]
    );
    assert_eq!(
        shown(&triggers[1])[1..3],
        [r#"all current_tags includes "본인""#, r#"all current_tags includes "미사용""#]
    );
}

#[test]
fn a_ticket_that_is_created_with_our_tags_fires_once_and_no_start_does() {
    let triggers = wanted(&marks(), "01W", 7);
    let follow_up = triggers.iter().find(|trigger| trigger.role == "follow_up").unwrap();
    assert_eq!(
        shown(follow_up)[..3],
        [
            r#"all update_type is "Create""#,
            r#"all status less_than "solved""#,
            r#"all current_tags includes "done handed_over waiting prepared""#,
        ]
    );
}

#[test]
fn a_start_ends_with_the_tag_that_it_excludes() {
    for trigger in wanted(&marks(), "01W", 7).iter().filter(|trigger| trigger.role.starts_with("start")) {
        let last = trigger.actions.last().unwrap();
        assert_eq!((last.field.as_str(), &last.value), ("current_tags", &json!("sent")));
        assert!(shown(trigger).iter().any(|line| line.contains("not_includes \"sent ")), "{trigger:?}");
    }
}

#[test]
fn brands_and_forms_confine_the_starts_as_far_as_conditions_can() {
    let confined = |brands: &[i64], forms: &[i64]| {
        let marks = Marks { brands: brands.to_vec(), forms: forms.to_vec(), ..marks() };
        let lines = shown(&wanted(&marks, "01W", 7)[0]);
        lines.into_iter().filter(|line| line.contains("brand") || line.contains("form")).collect::<Vec<_>>()
    };
    assert_eq!(confined(&[], &[]), Vec::<String>::new());
    assert_eq!(confined(&[1], &[2]), [r#"all brand_id is "1""#, r#"all ticket_form_id is "2""#]);
    assert_eq!(
        confined(&[1, 3], &[2]),
        [r#"all ticket_form_id is "2""#, r#"any brand_id is "1""#, r#"any brand_id is "3""#]
    );
    assert_eq!(confined(&[1, 3], &[2, 4]), [r#"any brand_id is "1""#, r#"any brand_id is "3""#]);
}

#[test]
fn what_is_sent_holds_ids_and_times_only() {
    for body in [START_BODY, FOLLOW_UP_BODY, CUSTOMER_ANSWERED_BODY, GIVEN_BACK_BODY] {
        let placeholders: Vec<&str> =
            body.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()).collect();
        assert_eq!(placeholders, ["ticket.id", "ticket.updated_at_with_timestamp"]);
    }
}

#[test]
fn null_for_nothing_is_nothing() {
    let shown =
        json!({ "all": [{ "field": "ticket_is_public", "operator": null, "value": null }], "any": null });
    let read: Conditions = serde_json::from_value(shown).unwrap();
    assert_eq!((read.all[0].operator.as_str(), &read.all[0].value, read.any.len()), ("", &Value::Null, 0));
}
