//! Other objects of the account that affect us: foreign triggers, and the execution order of ours.

use super::triggers::find;
use super::{Account, Item, Trigger, Wanted, by_hand, good, our_webhook};
use crate::account::triggers::wanted as wanted_triggers;

/// Foreign triggers that change the tags used between the service and its triggers, and the order of ours.
pub fn others(wanted: &Wanted, account: &Account) -> Vec<Item> {
    if !account.triggers.is_read() {
        return Vec::new();
    }
    let webhook = our_webhook(wanted, account).map(|webhook| webhook.id.clone()).unwrap_or_default();
    let ours: Vec<i64> = wanted_triggers(&wanted.marks, &webhook, wanted.service_user)
        .iter()
        .filter_map(|trigger| find(trigger, account).map(|found| found.id))
        .collect();
    vec![meddling(wanted, account, &ours), order(account, &ours)]
}

fn meddling(wanted: &Wanted, account: &Account, ours: &[i64]) -> Item {
    let what = "triggers of others".to_owned();
    let marks = &wanted.marks;
    let mut tags = marks.own().to_vec();
    tags.extend([marks.give_back_tag.as_str(), &marks.release_tag]);
    let triggers = account.triggers.known().iter();
    let foreign = triggers.filter(|trigger| trigger.active && !ours.contains(&trigger.id));
    let effects: Vec<String> = foreign.filter_map(|trigger| effect(trigger, &tags)).collect();
    if effects.is_empty() {
        return good(what, "none changes our tags".to_owned());
    }
    let help = "take that action out, or choose other tags in misread.toml and apply: the service takes these tags for its own, or for a \
                person's doing";
    by_hand(what, effects.join("; "), help)
}

fn effect(trigger: &Trigger, tags: &[&str]) -> Option<String> {
    let told = |how: &str| Some(format!("{} (#{}) {how}", trigger.title, trigger.id));
    trigger.actions.iter().find_map(|action| {
        let words = action.value.as_str().unwrap_or_default();
        let touched: Vec<&str> = words.split_whitespace().filter(|word| tags.contains(word)).collect();
        match action.field.as_str() {
            "set_tags" => told("replaces all tags of a ticket, ours too"),
            "current_tags" if !touched.is_empty() => told(&format!("sets {}", touched.join(" "))),
            "remove_tags" if !touched.is_empty() => told(&format!("removes {}", touched.join(" "))),
            _ => None,
        }
    })
}

/// The positions of our triggers among all. `ours` are in the required order.
fn order(account: &Account, ours: &[i64]) -> Item {
    let what = "order of our triggers".to_owned();
    let all = account.triggers.known();
    let place = |id: &i64| all.iter().position(|trigger| trigger.id == *id).map(|at| at + 1);
    let places: Vec<usize> = ours.iter().filter_map(place).collect();
    let shown = places.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if places.is_sorted() {
        return good(what, format!("places {shown} of {}", all.len()));
    }
    by_hand(
        what,
        format!("they run at places {shown}"),
        "put them in order in the Admin Centre: start, answered, given back",
    )
}
