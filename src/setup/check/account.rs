//! Checks the settings' ids, the delivery objects, fields and people, and the spelling of tags.

use super::unread;
use crate::account::setup::{self, Account, FieldRole, Item, Wanted};
use crate::config::{Answers, Settings};
use crate::zendesk::admin::{AdminClient, Brand, CustomStatus, TicketForm};

/// The settings must contain the ids of what was found by title.
pub(super) fn numbers(settings: &Settings, wanted: &Wanted, account: &Account, items: &mut Vec<Item>) {
    const WHAT: &str = "numbers in misread.toml";
    match settings.require_account() {
        Ok(_) => items.push(Item::good(WHAT, "fields and groups are named")),
        Err(problems) => {
            let known = setup::numbers(wanted, account).as_settings().replace('\n', "\n    ");
            let why = problems.into_iter().map(|problem| problem.what).collect::<Vec<_>>().join("; ");
            items.push(Item::wrong(
                WHAT,
                why,
                format!("what is there by title:\n\n    {}", known.trim_end()),
            ));
        }
    }
}

/// The settings may restrict the endpoint to one webhook.
pub(super) fn webhook(settings: &Settings, wanted: &Wanted, account: &Account, items: &mut Vec<Item>) {
    const WHAT: &str = "webhook.webhook_id";
    if wanted.endpoint.is_none() && account.webhooks.is_read() {
        let why = "MISREAD_PUBLIC_URL is not set here";
        items.push(Item::not_looked("whether the webhook points at the service", why));
    }
    let (Some(named), Some(webhook)) = (&settings.webhook.webhook_id, setup::our_webhook(wanted, account))
    else {
        return;
    };
    items.push(if *named == webhook.id {
        Item::good(WHAT, named)
    } else {
        let why = format!("the settings let {named} in alone, and deliveries come by {}", webhook.id);
        Item::wrong(
            WHAT,
            why,
            format!("write `webhook_id = \"{}\"` under `[webhook]`, or take the line out", webhook.id),
        )
    });
}

/// A field required on solving blocks every ticket that the service would solve.
pub(super) fn fields(wanted: &Wanted, account: &Account, items: &mut Vec<Item>) {
    const WHAT: &str = "fields that are required on solving";
    if !account.fields.is_read() {
        return;
    }
    let ours = setup::numbers(wanted, account);
    let filled = |id: i64| {
        ours.fields.iter().any(|(role, known)| (*role, *known) == (FieldRole::ConsultationType, id))
    };
    let custom = [
        "text",
        "textarea",
        "checkbox",
        "date",
        "integer",
        "decimal",
        "regexp",
        "multiselect",
        "tagger",
        "lookup",
    ];
    let in_the_way = account.fields.known().iter().filter(|field| {
        field.active && field.required && custom.contains(&field.kind.as_str()) && !filled(field.id)
    });
    let titles: Vec<String> = in_the_way.map(|field| format!("{} (#{})", field.title, field.id)).collect();
    items.push(if titles.is_empty() {
        Item::good(WHAT, "none that the service does not fill in")
    } else {
        let help = "the service fills in 상담유형 only: tickets without these values go to an agent. Require them in other forms only, or not";
        Item::wrong(WHAT, titles.join(", "), help)
    });
}

/// No one answers the tickets of an empty group.
pub(super) async fn people(service: &AdminClient, wanted: &Wanted, account: &Account, items: &mut Vec<Item>) {
    for (team, group) in setup::numbers(wanted, account).groups {
        let what = format!("agents in group {}", team.korean());
        items.push(match service.members_of(group).await {
            Ok(members) => {
                match members.iter().filter(|member| member.user_id != wanted.service_user).count() {
                    0 => Item::wrong(
                        what,
                        "there is nobody but the service",
                        "add those who take such tickets over",
                    ),
                    count => Item::good(what, count.to_string()),
                }
            }
            Err(error) => unread(&what, &error),
        });
    }
}

/// Brands, forms and statuses whose ids the settings contain, and the settings for messaging.
pub(super) async fn named_in_settings(settings: &Settings, service: &AdminClient, items: &mut Vec<Item>) {
    let zendesk = &settings.zendesk;
    if !zendesk.brands.is_empty() {
        match service.list::<Brand>().await {
            Ok(brands) => {
                let state = |id| {
                    brands.iter().find(|brand| brand.id == id).map(|brand| (brand.name.clone(), brand.active))
                };
                items.extend(
                    zendesk.brands.iter().map(|id| named("brand", "zendesk.brands", *id, state(*id))),
                );
            }
            Err(error) => items.push(unread("brands", &error)),
        }
    }
    if !zendesk.forms.is_empty() {
        match service.list::<TicketForm>().await {
            Ok(forms) => {
                let state =
                    |id| forms.iter().find(|form| form.id == id).map(|form| (form.name.clone(), form.active));
                items.extend(zendesk.forms.iter().map(|id| named("form", "zendesk.forms", *id, state(*id))));
                items.extend(
                    zendesk.forms.iter().filter_map(|id| {
                        shows_our_fields(settings, forms.iter().find(|form| form.id == *id)?)
                    }),
                );
            }
            Err(error) => items.push(unread("forms", &error)),
        }
    }
    statuses(settings, service, items).await;
    let what = "tickets of messaging channels";
    items.push(match zendesk.messaging {
        Answers::HandOver => Item::good(what, "an agent answers them"),
        Answers::Reply => Item::not_looked(
            what,
            "whether a reply by the API reaches the customer there only a try can show: answer one such ticket and ask",
        ),
    });
}

fn named(kind: &str, setting: &str, id: i64, there: Option<(String, bool)>) -> Item {
    let what = format!("{kind} #{id}");
    let help = format!("correct `{setting}` in misread.toml");
    match there {
        Some((name, true)) => Item::good(what, name),
        Some((name, false)) => Item::wrong(what, format!("{name} is switched off"), help),
        None => Item::wrong(what, "there is none of this number", help),
    }
}

/// Agents see and set a field only in forms that contain it.
fn shows_our_fields(settings: &Settings, form: &TicketForm) -> Option<Item> {
    let fields = &settings.zendesk.fields;
    let wanted = [("상담유형", fields.consultation_type), ("차량번호", fields.plate)];
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|(_, id)| id.is_some_and(|id| !form.ticket_field_ids.contains(&id)))
        .map(|(title, _)| title)
        .collect();
    (!missing.is_empty()).then(|| {
        let why = format!("the form lacks {}", missing.join(" and "));
        Item::wrong(format!("fields of form {}", form.name), why, "add them to the form in the Admin Centre")
    })
}

async fn statuses(settings: &Settings, service: &AdminClient, items: &mut Vec<Item>) {
    let own = &settings.zendesk.custom_statuses;
    let own = [("open", own.open), ("pending", own.pending), ("hold", own.hold), ("solved", own.solved)];
    let own: Vec<(&str, i64)> = own.into_iter().filter_map(|(category, id)| Some((category, id?))).collect();
    if own.is_empty() {
        return;
    }
    let known = match service.list::<CustomStatus>().await {
        Ok(known) => known,
        Err(error) => return items.push(unread("own statuses", &error)),
    };
    for (category, id) in own {
        let found = known.iter().find(|status| status.id == id);
        let setting = format!("zendesk.custom_statuses.{category}");
        items.push(match found {
            Some(status) if status.status_category != category => Item::wrong(
                format!("status #{id}"),
                format!("{} is of the category `{}`", status.agent_label, status.status_category),
                format!("correct `{setting}` in misread.toml"),
            ),
            found => {
                named("status", &setting, id, found.map(|status| (status.agent_label.clone(), status.active)))
            }
        });
    }
}

/// How the account actually stores the tags that identify our tickets.
pub(super) async fn spelling(settings: &Settings, service: &AdminClient, items: &mut Vec<Item>) {
    let start_tags = &settings.zendesk.start_tags;
    let words: Vec<String> = setup::words_to_look_for(start_tags).into_iter().collect();
    let mut tags = Vec::new();
    for word in words.iter().filter(|word| word.chars().count() > 1) {
        match service.tags_like(word).await {
            Ok(found) => tags.extend(found),
            Err(error) => return items.push(unread("spelling of the start tags", &error)),
        }
    }
    items.push(match service.tags_of_tickets(&words).await {
        Ok(tickets) => setup::spelling(start_tags, &tickets, &tags),
        Err(error) => unread("spelling of the start tags", &error),
    });
}
