mod spelling;

use misread::account::for_agents::{Rule, wanted as wanted_rules};
use misread::account::setup::{
    Account, Group, Item, Kind, Listing, Macro, Secret, Step, Trigger, Verdict, View, Wanted, Webhook,
    others, plan,
};
use misread::account::triggers::{self, Marks};
use misread::domain::policy::Team;
use misread::domain::rule::{Conditions, RuleAction, RuleCondition};
use serde_json::json;

use super::triggers::marks;

/// The marker of an object of ours, in its description.
fn marker(role: &str) -> String {
    format!("[misread:{role}]")
}

fn wanted() -> Wanted {
    Wanted {
        marks: Marks { start_tags: vec!["no_self_use".to_owned()], ..marks() },
        endpoint: Some("https://misread.example/webhooks/zendesk".to_owned()),
        bearer: false,
        fields: Vec::new(),
        groups: Vec::new(),
        service_user: 7,
    }
}

/// Our webhook and our triggers as required.
fn account() -> Account {
    let webhook = Webhook {
        id: "01W".to_owned(),
        name: "misread".to_owned(),
        description: Some("[misread:webhook]".to_owned()),
        status: "active".to_owned(),
        endpoint: "https://misread.example/webhooks/zendesk".to_owned(),
        http_method: "POST".to_owned(),
        request_format: "json".to_owned(),
        subscriptions: vec!["conditional_ticket_events".to_owned()],
        authentication: None,
    };
    let triggers =
        triggers::wanted(&wanted().marks, "01W", 7).into_iter().zip(1..).map(|(trigger, id)| Trigger {
            id,
            title: trigger.title,
            description: Some(marker(&trigger.role)),
            active: true,
            position: Some(id),
            category_id: None,
            conditions: trigger.conditions,
            actions: trigger.actions,
        });
    Account {
        webhooks: Listing::Read(vec![webhook]),
        triggers: Listing::Read(triggers.collect()),
        macros: Listing::NotAsked,
        views: Listing::NotAsked,
        ..Account::default()
    }
}

fn read<T>(listing: &mut Listing<T>) -> &mut Vec<T> {
    match listing {
        Listing::Read(list) => list,
        Listing::Visible(_) | Listing::NotAsked | Listing::Unread => panic!("it was not read"),
    }
}

fn open(account: &Account) -> Vec<String> {
    let items = plan(&wanted(), account).into_iter().filter(|item| !item.verdict.is_settled());
    let line = |item: Item| match item.verdict {
        Verdict::Differs { differences } => {
            differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        }
        Verdict::Manual { why, .. } => why,
        other => format!("{}: {other:?}", item.what),
    };
    items.map(line).collect()
}

#[test]
fn the_same_rule_in_another_form_is_the_same() {
    let mut account = account();
    assert_eq!(open(&account), Vec::<String>::new());
    // Booleans and numbers as text, tags in another order and with more spaces, conditions in another order.
    let answered = &mut read(&mut account.triggers)[2].conditions.all;
    answered[3].value = json!(" done  waiting ");
    answered.reverse();
    read(&mut account.triggers)[3].conditions.all[2].value = json!(7);
    read(&mut account.triggers)[0].actions[1].value = json!("sent ");
    assert_eq!(open(&account), Vec::<String>::new());
}

#[test]
fn every_part_that_differs_is_told_with_what_is_and_what_should_be() {
    let changed = |change: fn(&mut Trigger)| {
        let mut account = account();
        change(&mut read(&mut account.triggers)[0]);
        open(&account)
    };
    for (told, change) in [
        (
            "all: nothing → status less_than solved",
            (|trigger| drop(trigger.conditions.all.remove(0))) as fn(&mut Trigger),
        ),
        ("all: status less_than closed → status less_than solved", |trigger| {
            trigger.conditions.all[0].value = json!("closed");
        }),
        ("do: current_tags extra sent → current_tags sent", |trigger| {
            trigger.actions[1].value = json!("sent extra");
        }),
        ("do: status solved → nothing", |trigger| {
            trigger.actions.push(RuleAction { field: "status".to_owned(), value: json!("solved") });
        }),
        ("do: assignee_id (no assignee) → nothing", |trigger| {
            trigger.actions.push(RuleAction { field: "assignee_id".to_owned(), value: json!("") });
        }),
        ("do: custom_fields_7 (empty) → nothing", |trigger| {
            trigger.actions.push(RuleAction { field: "custom_fields_7".to_owned(), value: json!(null) });
        }),
        ("all: group_id is (no group) → nothing", |trigger| {
            let (field, operator) = ("group_id".to_owned(), "is".to_owned());
            trigger.conditions.all.push(RuleCondition { field, operator, value: json!(" ") });
        }),
    ] {
        assert_eq!(changed(change), [told]);
    }
    let mut account = account();
    let high =
        RuleCondition { field: "priority".to_owned(), operator: "is".to_owned(), value: json!("high") };
    read(&mut account.triggers)[0].conditions.any.push(high);
    assert_eq!(open(&account), ["any: priority is high → nothing"]);
    read(&mut account.triggers)[0].conditions = Conditions::default();
    let [line] = &open(&account)[..] else { panic!() };
    assert_eq!(line.matches("nothing → ").count(), 3, "{line}");
}

#[test]
fn the_order_of_actions_counts_and_the_webhook_must_be_ours() {
    let mut account = account();
    read(&mut account.triggers)[0].actions.reverse();
    let [line] = &open(&account)[..] else { panic!() };
    assert!(line.starts_with("do: current_tags sent, then notification_webhook 01W {"), "{line}");
    read(&mut account.triggers)[0].actions.reverse();
    read(&mut account.triggers)[0].actions[0].value[0] = json!("01OTHER");
    let [line] = &open(&account)[..] else { panic!() };
    assert!(
        line.contains("notification_webhook 01OTHER {") && line.contains("→ notification_webhook 01W {"),
        "{line}"
    );
    // Without access to webhooks, nothing is known of them.
    account.webhooks = Listing::NotAsked;
    assert_eq!(open(&account), Vec::<String>::new());
}

#[test]
fn two_of_ours_and_one_for_events_are_for_a_person() {
    let mut account = account();
    let webhooks = read(&mut account.webhooks);
    webhooks[0].subscriptions = vec!["zen:event-type:ticket.created".to_owned()];
    assert!(open(&account)[0].contains("is subscribed to events"), "{:?}", open(&account));
    let webhooks = read(&mut account.webhooks);
    webhooks.push(Webhook { id: "01X".to_owned(), ..webhooks[0].clone() });
    assert_eq!(open(&account)[0], "there are several of ours: 01W, 01X");
}

#[test]
fn nothing_that_is_already_right_has_a_step() {
    for item in plan(&wanted(), &account()) {
        assert_eq!(item.step, None, "{item:?}");
    }
}

#[test]
fn what_could_not_be_read_is_not_missing() {
    let unread = Account {
        webhooks: Listing::Unread,
        secret: Secret::Unread,
        categories: Some(Listing::Unread),
        triggers: Listing::Unread,
        fields: Listing::Unread,
        groups: Listing::Unread,
        memberships: Listing::Unread,
        macros: Listing::Unread,
        views: Listing::Unread,
    };
    assert_eq!((plan(&wanted(), &unread), others(&wanted(), &unread)), (Vec::new(), Vec::new()));
    // Triggers go into the category; if the categories are unknown, no trigger is created.
    let mut account = Account { categories: Some(Listing::Unread), ..account() };
    read(&mut account.triggers).clear();
    let items = plan(&wanted(), &account);
    assert_eq!(items.iter().filter(|item| item.what.starts_with("trigger ")).count(), 4, "{items:?}");
    assert!(items.iter().all(|item| item.step.is_none()), "{items:?}");
}

/// The macros and views for agents as required, in an account with the group 공항 담당.
fn for_agents() -> (Wanted, Account) {
    let wanted = Wanted { groups: vec![(Team::AirportDesk, None)], ..wanted() };
    let group = Group { id: 902, name: Team::AirportDesk.korean().to_owned(), deleted: false };
    let (mut macros, mut views) = (Vec::new(), Vec::new());
    for (rule, id) in wanted_rules(&wanted.marks, "902").into_iter().zip(1..) {
        let (title, active) = (rule.title.to_owned(), true);
        let (description, restriction, updated_at) = (Some(marker(rule.role)), None, None);
        match rule.rule {
            Rule::Macro(actions) => {
                macros.push(Macro { id, title, description, active, actions, restriction, updated_at });
            }
            Rule::View(conditions) => {
                views.push(View { id, title, description, active, conditions, restriction });
            }
        }
    }
    let (groups, memberships) = (Listing::Read(vec![group]), Listing::NotAsked);
    let (macros, views) = (Listing::Read(macros), Listing::Read(views));
    (wanted, Account { groups, memberships, macros, views, ..account() })
}

#[test]
fn macros_and_views_as_required_need_nothing_and_groups_may_keep_them_to_themselves() {
    let (wanted, mut account) = for_agents();
    read(&mut account.macros)[0].restriction = Some(json!({ "type": "Group", "id": 902, "ids": [902] }));
    read(&mut account.views)[2].title = "공항".to_owned();
    let items = plan(&wanted, &account);
    assert!(items.iter().all(|item| item.verdict.is_settled() && item.step.is_none()), "{items:#?}");
    assert_eq!(items.iter().filter(|item| item.what.contains("[misread] ")).count(), 4 + 8);
}

#[test]
fn an_action_without_a_value_is_told_in_words() {
    let (wanted, mut account) = for_agents();
    read(&mut account.macros).clear();
    let lines = plan(&wanted, &account).into_iter().filter_map(|item| match item.verdict {
        Verdict::Missing { lines } => Some(lines),
        _ => None,
    });
    let lines: Vec<String> = lines.flatten().collect();
    assert!(lines.contains(&"do: assignee_id (no assignee)".to_owned()), "{lines:?}");
    assert!(lines.iter().all(|line| !line.ends_with(' ')), "{lines:?}");
}

#[test]
fn macros_and_views_that_were_changed_are_mended() {
    let (wanted, mut account) = for_agents();
    read(&mut account.macros)[1].actions.push(RuleAction::new("priority", "high"));
    read(&mut account.macros)[2].restriction = Some(json!({ "type": "User", "id": 7 }));
    read(&mut account.views)[0].active = false;
    read(&mut account.views)[4].conditions.all.remove(1);
    let changed: Vec<(String, Option<Step>)> = plan(&wanted, &account)
        .into_iter()
        .filter(|item| !item.verdict.is_settled())
        .map(|item| (item.what, item.step))
        .collect();
    let [release, give_back, stuck, people] = &changed[..] else { panic!("{changed:#?}") };
    let body = |(_, step): &(String, Option<Step>)| match step {
        Some(Step::Change { body, or: None, .. }) => body.clone(),
        step => panic!("{step:?}"),
    };
    assert_eq!(release.0, "macro [misread] 준비된 답변 보내기");
    assert_eq!(body(release), json!({ "actions": [{ "field": "current_tags", "value": "release" }] }));
    assert_eq!(body(give_back), json!({ "restriction": null }));
    assert_eq!(body(stuck), json!({ "active": true }));
    assert_eq!(body(people)["all"].as_array().map(Vec::len), Some(4), "all conditions are sent: {people:?}");
}

#[test]
fn a_title_that_is_taken_is_told_and_a_personal_macro_takes_none() {
    let (wanted, mut account) = for_agents();
    let theirs = &mut read(&mut account.macros)[0];
    (theirs.description, theirs.actions) = (None, vec![RuleAction::new("status", "solved")]);
    let view = &mut read(&mut account.views)[0];
    (view.description, view.conditions.any) = (Some("우리 것".to_owned()), view.conditions.all.clone());
    let items = plan(&wanted, &account).into_iter().filter(|item| !item.verdict.is_settled());
    let items: Vec<Item> = items.collect();
    assert_eq!(items.len(), 2, "{items:#?}");
    for item in &items {
        let Verdict::Manual { why, help } = &item.verdict else { panic!("{item:?}") };
        assert!(why.contains('#') && why.contains("has this title, was made by hand and differs: "), "{why}");
        assert!(help.contains("give it another title") && help.contains("[misread:"), "{help}");
        assert_eq!(item.step, None);
    }
    // An agent's own macro of that title hinders nothing.
    read(&mut account.macros)[0].restriction = Some(json!({ "type": "User", "id": 7 }));
    let items = plan(&wanted, &account);
    let created = items.iter().find(|item| item.what == "macro [misread] 공항 통화 완료").unwrap();
    assert!(matches!(created.step, Some(Step::Create { kind: Kind::Macro, .. })), "{created:?}");
}

#[test]
fn what_an_agent_does_not_see_is_not_missing_and_a_view_waits_for_its_group() {
    let (wanted, whole) = for_agents();
    let (macros, views) = (Listing::Visible(Vec::new()), Listing::Visible(Vec::new()));
    let items = plan(&wanted, &Account { macros, views, ..whole.clone() });
    let unseen = items.iter().filter(|item| matches!(item.verdict, Verdict::NotLooked { .. }));
    assert_eq!(unseen.filter(|item| item.what.contains("[misread] ")).count(), 8, "{items:#?}");
    assert!(items.iter().all(|item| item.step.is_none()));

    let (groups, views) = (Listing::Read(Vec::new()), Listing::Read(Vec::new()));
    let items = plan(&wanted, &Account { groups, views, ..whole });
    let step = |title: &str| items.iter().find(|item| item.what == format!("view [misread] {title}"));
    assert!(step("승인 대기").unwrap().step.is_some());
    for title in ["공항 통화 대기", "사람이 이어받음"] {
        let item = step(title).unwrap();
        assert!(matches!(&item.verdict, Verdict::Missing { lines } if lines.len() == 4), "{item:?}");
        assert_eq!(item.step, None, "its group is not there yet");
    }
}

#[test]
fn what_this_version_no_longer_wants_is_switched_off() {
    let (wanted, mut account) = for_agents();
    let old = |id| View {
        id,
        title: "[misread] 옛 보기".to_owned(),
        description: Some("[misread:view:of_old]".to_owned()),
        active: true,
        conditions: Conditions::default(),
        restriction: None,
    };
    read(&mut account.views).extend([old(90), View { active: false, ..old(91) }]);
    let items = plan(&wanted, &account).into_iter().filter(|item| !item.verdict.is_settled());
    let [item] = items.collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(item.what, "view [misread] 옛 보기, which is no longer wanted");
    let body = json!({ "active": false });
    assert_eq!(item.step, Some(Step::Change { kind: Kind::View, id: "90".to_owned(), body, or: None }));
}
