//! Zendesk's answers: tickets, users, audits page by page, update answers, tokens, limits.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use misread::account::sliding_window::{GrantLog, Lane};
use misread::domain::ids::{EffectKey, Position};
use misread::domain::marker::MarkerKey;
use misread::domain::ticket::{ByMacro, Seen, TicketUpdate};
use misread::http::CallMetrics;
use misread::ports::{CallError, Helpdesk, Lease, SendMode, TicketWrite, UpdateOutcome};
use misread::zendesk::{Budgets, Credentials, Fields, Options, Shared, ZendeskClient};

use super::answers::{check_failure, check_told};
use super::input::Input;
use super::samples::{StandingClock, now, ticket_id};
use super::transport::{Canned, at_once};

pub(super) fn zendesk(data: &[u8]) {
    let mut input = Input::new(data);
    let (call, with_token) = (input.byte() % 3, input.flag());
    let desk = desk(&mut input, with_token);
    match call {
        0 => ticket(&desk),
        1 => changes(&desk),
        _ => update(&desk),
    }
    let wait = at_once(desk.admit(ticket_id(), Lane::Fresh)).map(drop);
    assert!(wait.is_ok() || wait.is_err_and(|wait| wait <= Duration::from_mins(10)), "{wait:?}");
}

fn desk(input: &mut Input<'_>, with_token: bool) -> ZendeskClient {
    let credentials = if with_token {
        Credentials::OAuth {
            client_id: "misread".to_owned(),
            client_secret: "s3cret".into(),
            scope: "tickets:write read".to_owned(),
            expires_in: Duration::from_mins(30),
        }
    } else {
        Credentials::ApiToken { email: "bot@example.com".to_owned(), token: "t0ken".into() }
    };
    let budget = NonZeroU32::new(20).expect("not zero");
    let options = Options {
        calls: CallMetrics::default(),
        base_url: "http://zendesk.example".to_owned(),
        credentials,
        fields: Fields { consultation_type: 71, plate: Some(72), used_at: Some(73) },
        statuses: BTreeMap::new(),
        budgets: Budgets { updates_per_minute: budget, ..Budgets::default() },
        at_once: 16,
        proxy: false,
        timeout: Duration::from_secs(5),
    };
    let marker_keys = Arc::new(vec![MarkerKey { number: 1, secret: "marker-s3cret".into() }]);
    let shared = Shared { grants: Arc::new(Mutex::<GrantLog>::default()), marker_keys };
    ZendeskClient::over(Canned::read(input), options, Arc::new(StandingClock), shared)
        .expect("the options are right")
}

fn ticket(desk: &ZendeskClient) {
    match at_once(desk.ticket(ticket_id(), Lane::Fresh)) {
        Ok(seen) => assert!(seen.is_none_or(|seen| seen.id == ticket_id())),
        Err(failure) => {
            check_failure(&failure);
            assert!(!matches!(failure, CallError::Unknown { .. }), "a read does nothing");
        }
    }
}

fn changes(desk: &ZendeskClient) {
    match at_once(desk.changes(ticket_id(), 7)) {
        Ok(changes) => {
            assert!(changes.is_sorted_by_key(|change| change.audit_id), "whatever their times say");
            for change in changes {
                assert!(change.said.as_ref().is_none_or(|said| said.is_empty() || !said.trim().is_empty()));
                let unsaid = change.warnings.is_empty() && change.attachments == 0;
                assert!(change.said.is_some() || unsaid, "only what was said is doubted");
                assert!(change.added_tags.is_sorted() && !change.added_tags.contains(&String::new()));
            }
        }
        Err(failure) => {
            check_failure(&failure);
            assert!(!matches!(failure, CallError::Unknown { .. }), "a read does nothing");
        }
    }
}

fn update(desk: &ZendeskClient) {
    let update = TicketUpdate {
        body: "안녕하세요".to_owned(),
        public: true,
        status: None,
        group_id: None,
        tags: None,
        consultation_type: None,
        by_macro: ByMacro::default(),
    };
    let (key, lease) = (EffectKey::new(ticket_id(), Position(1)), Lease::until(Timestamp::MAX));
    let sending = TicketWrite {
        ticket_id: ticket_id(),
        key: &key,
        update: &update,
        seen: Seen { updated_at: now(), comments: None },
        way: SendMode::Single,
        lease: &lease,
    };
    match at_once(desk.update(sending)) {
        Ok(UpdateOutcome::Written { .. } | UpdateOutcome::Conflict) => {}
        Ok(UpdateOutcome::Refused { reason, .. }) => check_told(&reason),
        Err(failure) => check_failure(&failure),
    }
}
