//! The channel of a change in Zendesk's JSON: a word, or a number (developer.zendesk.com, "Via object reference" and "Via
//! types reference").

use serde_json::Value;

/// Calls and voicemails, by Zendesk Talk (33 to 35) and by other telephone systems (44 to 46).
const VOICE: [&str; 8] = [
    "voice",
    "phone",
    "voicemail",
    "phone_call_inbound",
    "phone_call_outbound",
    "api_voicemail",
    "api_phone_call_inbound",
    "api_phone_call_outbound",
];
const VOICE_NUMBERS: [i64; 6] = [33, 34, 35, 44, 45, 46];

/// Whether a trigger or an automation made it.
pub(super) fn is_rule(via: &Value) -> bool {
    is(via, &["rule"], &[8])
}

/// Whether a program made it over the API.
pub(super) fn is_api(via: &Value) -> bool {
    is(via, &["api", "web_service"], &[5])
}

/// The channel by which a program made it: the API, a rule, or an app.
pub(super) fn program(via: &Value) -> Option<String> {
    let by_program = is_api(via) || is_rule(via) || is(via, &["automation", "trigger", "app"], &[]);
    let channel = &via["channel"];
    by_program.then(|| channel.as_str().map_or_else(|| channel.to_string(), str::to_owned))
}

/// Whether a person made it in the agent interface: in a browser, in bulk from a view, or in the mobile app. Any other
/// channel may be a program's, or that of a person who only names a sender.
pub(super) fn is_agent_interface(via: &Value) -> bool {
    is(via, &["web", "web_form", "batch", "mobile"], &[0, 20])
}

/// Whether it came over the telephone: no written reply goes back that way. Chats, messages and posts of any kind can be
/// answered in writing.
pub(super) fn is_voice(via: &Value) -> bool {
    is(via, &VOICE, &VOICE_NUMBERS)
}

/// The closed ticket that a ticket follows (facts §14): Zendesk created it from an answer to that ticket.
pub(super) fn follows(via: &Value) -> Option<i64> {
    let source = &via["source"];
    source["from"]["ticket_id"].as_i64().filter(|_| source["rel"] == "follow_up")
}

/// Whether it can only be answered by mail: a form, a mail, or a ticket that an agent typed in. A program may answer the
/// tickets it opened.
pub(super) fn is_by_mail(via: &Value) -> bool {
    is(via, &["web", "mail", "email"], &[0, 4])
}

fn is(via: &Value, words: &[&str], numbers: &[i64]) -> bool {
    match &via["channel"] {
        Value::String(word) => words.contains(&word.as_str()),
        Value::Number(number) => number.as_i64().is_some_and(|number| numbers.contains(&number)),
        _ => false,
    }
}
