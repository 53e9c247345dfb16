//! The levels of writers, each with its disclosures and actions.

use std::time::Duration;

use misread::config::Answers;
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::seed::{ACCOUNT, load};
use misread::sandbox::zendesk::{AgentUpdate, Channel, CustomerMessage, NewTicket, Role};

use super::Centre;
use crate::world::World;

#[tokio::test]
async fn a_stranger_s_yes_tells_nothing_and_moves_nothing_until_an_agent_releases_it() {
    for account in [None, Some("acct-of-somebody-else".to_owned())] {
        let mut centre = Centre::new().await;
        let mut story = centre.tied();
        story.customer.external_id.clone_from(&account);
        if account.is_none() {
            story.account = None;
        }
        let id = centre.open(&story).await;
        centre.assert_asked(id, "a stranger");
        centre.world.customer_says(id, "네").await;
        assert_eq!(centre.world.actions(id), []);
        centre.assert_nothing_told(id, &story, "a stranger's yes");
        if account.is_some() {
            // Their own account has no such use.
            centre.assert_handed_over(id, "another account");
            continue;
        }
        assert!(centre.world.stands(id, "misread_prepared").1, "{:#?}", centre.world.notes(id));
        let note = centre.world.notes(id).pop().unwrap();
        assert!(note.contains("본인이라는 답변뿐") && note.contains("연결된 앱 계정이 없음"), "{note}");
        centre.world.agent_tags(id, "misread_release").await;
        assert_eq!(centre.world.actions(id), [Refund, Inspection]);
    }
}

/// A writer who is not proven learns nothing from the kind of the answer.
#[tokio::test]
async fn the_first_reaction_to_an_unproven_writer_is_the_same_whether_or_not_there_is_a_use() {
    let mut first = Vec::new();
    for (tied, plate) in [(true, true), (true, false), (false, true), (false, false)] {
        for with_use in [true, false] {
            let mut centre = Centre::new().await;
            let mut story = centre.tied();
            if !tied {
                (story.customer.external_id, story.account) = (None, None);
            }
            if !plate {
                story.plate = None;
            }
            if !with_use {
                story.uses.clear();
            }
            let id = centre.open(&story).await;
            let [reply] = centre.world.replies(id).try_into().unwrap();
            let stands = centre.world.stands(id, "misread_waiting");
            first.push(((tied, plate), reply, stands));
        }
    }
    for pair in first.chunks(2) {
        assert_eq!(pair[0], pair[1]);
    }
}

/// Zendesk's warnings about a comment (facts §14): a comment with one answers nothing and proves nothing.
#[tokio::test]
async fn a_message_with_a_warning_answers_nothing() {
    let mut centre = Centre::new().await;
    for flag in [0, 2, 3, 11, 99] {
        let mut story = centre.holder();
        story.flags = Box::leak(Box::new([flag]));
        let id = centre.open(&story).await;
        centre.assert_asked(id, &format!("an opening with flag {flag}"));
        let flagged = CustomerMessage {
            text: "네 본인입니다".to_owned(),
            flags: vec![flag],
            ..CustomerMessage::default()
        };
        centre.world.pass(Duration::from_mins(10));
        centre.world.sandbox.zendesk.customer_sends(id, flagged.clone()).unwrap();
        centre.world.until_idle().await;
        centre.assert_asked(id, &format!("a yes with flag {flag}"));
        centre.assert_nothing_told(id, &story, "flagged");
        if flag == 3 {
            centre.world.customer_says(id, "네 본인입니다").await;
            assert!(centre.is_settled(id), "{:#?}", centre.world.notes(id));
            continue;
        }
        centre.world.pass(Duration::from_mins(10));
        centre.world.sandbox.zendesk.customer_sends(id, flagged).unwrap();
        centre.world.until_idle().await;
        centre.assert_handed_over(id, &format!("twice flag {flag}"));
        let note = centre.world.notes(id).pop().unwrap();
        assert!(note.contains("경고: "), "{note}");
    }
}

/// A message by an agent or API client in the customer's name is not the customer's.
#[tokio::test]
async fn an_answer_in_the_customer_s_name_is_not_theirs() {
    let mut centre = Centre::new().await;
    let story = centre.tied();
    let id = centre.open(&story).await;
    let answer = CustomerMessage {
        text: "네 본인입니다".to_owned(),
        via: Channel::Api,
        on_behalf_by: Some(ACCOUNT.agent),
        ..CustomerMessage::default()
    };
    centre.world.pass(Duration::from_mins(10));
    centre.world.sandbox.zendesk.customer_sends(id, answer).unwrap();
    centre.world.until_idle().await;
    assert_eq!(centre.world.actions(id), []);
    centre.assert_nothing_told(id, &story, "on behalf");
}

#[tokio::test]
async fn who_cannot_be_asked_goes_to_a_person_before_anything_happens() {
    let mut centre = Centre::new().await;
    for what in ["staff", "suspended", "caller"] {
        let mut story = centre.holder();
        match what {
            "staff" => story.customer.role = Role::Agent,
            "suspended" => story.customer.profile.suspended = true,
            _ => {
                story.customer.email.clear();
                story.channel = Channel::Voice;
            }
        }
        let id = centre.open(&story).await;
        centre.assert_handed_over(id, what);
        assert_eq!(centre.world.replies(id), [""; 0], "{what}");
    }
}

#[tokio::test]
async fn a_ticket_whose_requester_was_changed_is_a_person_s() {
    let mut centre = Centre::new().await;
    let (story, other) = (centre.tied(), centre.holder());
    let id = centre.open(&story).await;
    load(&centre.world.sandbox.parking, &centre.world.sandbox.zendesk, std::slice::from_ref(&other));
    let update = AgentUpdate { requester_id: Some(other.customer.id), ..AgentUpdate::default() };
    centre.world.pass(Duration::from_mins(10));
    centre.world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, update).unwrap();
    centre.world.customer_says(id, "네 본인입니다").await;
    assert_eq!(centre.world.actions(id), []);
}

/// A copied person's answer is not the holder's; the agent sees at once who wrote it.
#[tokio::test]
async fn an_answer_of_a_person_who_gets_copies_goes_to_an_agent_at_once() {
    let world = World::with(|settings| settings.zendesk.copies = Answers::Reply).await;
    let mut centre = Centre { world, customers: 0 };
    let (story, wife) = (centre.tied(), centre.holder());
    let sandbox = centre.world.sandbox.clone();
    load(&sandbox.parking, &sandbox.zendesk, &[story.clone(), wife.clone()]);
    let ticket = NewTicket { email_cc_ids: [wife.customer.id].into(), ..story.ticket() };
    let id = sandbox.zendesk.open_ticket(ticket).unwrap();
    centre.world.until_idle().await;
    centre.assert_asked(id, "with a copy");
    centre.world.pass(Duration::from_mins(10));
    sandbox.zendesk.cc_comments(id, wife.customer.id, "네 본인 맞습니다").unwrap();
    centre.world.until_idle().await;
    centre.assert_handed_over(id, "a copied person");
    let note = centre.world.notes(id).pop().unwrap();
    assert!(note.contains(&wife.customer.name), "{note}");
}

/// The note of a later turn shows the use as it is after the actions.
#[tokio::test]
async fn a_later_note_shows_the_use_as_it_is_now() {
    let mut centre = Centre::new().await;
    let story = centre.holder();
    let id = centre.open(&story).await;
    assert!(centre.is_settled(id));
    centre.world.customer_says(id, "카드사에 물어볼 게 있는데 담당자 연락처 좀요").await;
    let note = centre.world.notes(id).pop().unwrap();
    assert!(note.contains("결제취소됨") && !note.contains("이용완료(결제완료) · 금액"), "{note}");
    let lines: Vec<&str> = note.lines().collect();
    assert!(lines[1].starts_with("할 일") && lines[2].starts_with("사유"), "{note}");
    assert!(lines.len() <= 20, "{note}");
}

/// Agents do not read a note of 31 lines.
#[tokio::test]
async fn notes_are_short() {
    let world = World::new().await;
    for story in world.sandbox.stories.clone() {
        world.open(&story);
    }
    world.until_idle().await;
    let mut lengths: Vec<usize> = Vec::new();
    for ticket in world.sandbox.zendesk.tickets() {
        let notes = ticket.comments.iter().filter(|comment| !comment.public);
        lengths.extend(notes.map(|note| note.body.lines().count()));
    }
    lengths.sort_unstable();
    assert!(lengths.len() >= 30, "{lengths:?}");
    assert!(lengths[lengths.len() / 2] <= 15, "{lengths:?}");
}
