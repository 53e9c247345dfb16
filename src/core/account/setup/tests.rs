use serde_json::json;

use super::*;
use crate::account::triggers;
use crate::domain::rule::{Action, Condition, Conditions};

fn wanted() -> Wanted {
    Wanted {
        marks: Marks { start_tags: vec!["no_self_use".to_owned()], ..triggers::tests::marks() },
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
        ..Account::default()
    }
}

fn read<T>(listing: &mut Listing<T>) -> &mut Vec<T> {
    match listing {
        Listing::Read(list) => list,
        Listing::NotAsked | Listing::Unread => panic!("it was not read"),
    }
}

fn open(account: &Account) -> Vec<String> {
    let items = plan(&wanted(), account).into_iter().filter(|item| !item.verdict.is_settled());
    let line = |item: Item| match item.verdict {
        Verdict::Differs { differences } => {
            differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        }
        Verdict::ManualReply { why, .. } => why,
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
            trigger.actions.push(Action { field: "status".to_owned(), value: json!("solved") });
        }),
    ] {
        assert_eq!(changed(change), [told]);
    }
    let mut account = account();
    let high = Condition { field: "priority".to_owned(), operator: "is".to_owned(), value: json!("high") };
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
    };
    assert_eq!((plan(&wanted(), &unread), others(&wanted(), &unread)), (Vec::new(), Vec::new()));
    // Triggers go into the category; if the categories are unknown, no trigger is created.
    let mut account = Account { categories: Some(Listing::Unread), ..account() };
    read(&mut account.triggers).clear();
    let items = plan(&wanted(), &account);
    assert_eq!(items.iter().filter(|item| item.what.starts_with("trigger ")).count(), 4, "{items:?}");
    assert!(items.iter().all(|item| item.step.is_none()), "{items:?}");
}
