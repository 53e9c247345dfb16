//! Reads the settings file and checks what types cannot: ranges, and settings that contradict each other.

use std::ops::RangeInclusive;

use super::settings::{HarmlessFrom, MacroSettings, Settings};
use crate::domain::file::TomlFile;
use crate::domain::problem::Problem;

impl Settings {
    /// Reads a settings file, with defaults for what it leaves out. Every mistake is told, with its place.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let file = TomlFile::parse(text)?;
        let (settings, problems) = file.read_what_can_be::<Self>();
        let Some(settings) = settings else { return Err(problems) };
        let whole = problems.is_empty();
        let mut checker = Checker { file: &file, problems };
        checker.numbers(&settings);
        checker.ids(&settings);
        checker.tags(&settings);
        checker.macros(&settings);
        // A default in the place of a wrong value contradicts nobody.
        if whole {
            checker.waits(&settings);
        }
        if checker.problems.is_empty() {
            return Ok(settings);
        }
        checker.problems.sort_by_key(|problem| problem.at.as_ref().map(|at| at.start));
        Err(checker.problems)
    }
}

struct Checker<'a> {
    file: &'a TomlFile<'a>,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    /// A problem at a key's value, or without a place where the value is a default.
    fn refuse(&mut self, key: &str, what: String, help: &str) {
        let at = self.file.span(&key.split('.').collect::<Vec<_>>());
        self.problems.push(Problem { what, at, help: Some(help.to_owned()) });
    }

    /// A problem at the first of two keys that the file has; the other one's value is a default.
    fn refuse_either(&mut self, keys: [&str; 2], what: String, help: &str) {
        let has = |key: &&str| self.file.span(&key.split('.').collect::<Vec<_>>()).is_some();
        let key = keys.into_iter().find(has).unwrap_or(keys[0]);
        self.refuse(key, what, help);
    }

    fn range(&mut self, key: &str, value: u64, allowed: RangeInclusive<u64>) {
        if !allowed.contains(&value) {
            let help = format!("choose a number from {} to {}", allowed.start(), allowed.end());
            self.refuse(key, format!("`{key}` cannot be {value}"), &help);
        }
    }

    fn numbers(&mut self, settings: &Settings) {
        let Settings {
            webhook,
            worker,
            retry,
            zendesk,
            macros,
            parking,
            waiting,
            compensation,
            limits,
            retention,
            people: _,
            network: _,
            guide,
        } = settings;
        let concurrency = u64::try_from(worker.concurrency).unwrap_or(u64::MAX);
        self.range("webhook.freshness_seconds", webhook.freshness_seconds, 1..=3600);
        self.range("worker.concurrency", concurrency, 1..=256);
        let in_hand = u64::try_from(worker.backlog_concurrency).unwrap_or(u64::MAX);
        self.range("worker.backlog_concurrency", in_hand, 1..=2000);
        self.range("worker.lease_seconds", worker.lease_seconds, 10..=3600);
        self.range("worker.poll_seconds", worker.poll_seconds, 1..=60);
        self.range("worker.overdue_alarm_minutes", worker.overdue_alarm_minutes.into(), 1..=1440);
        self.range("worker.clocks_apart_seconds", worker.clocks_apart_seconds.into(), 2..=3600);
        self.range("retry.base_seconds", retry.base_seconds, 1..=3600);
        self.range("retry.max_seconds", retry.max_seconds, 1..=86_400);
        self.range("retry.attempts", retry.attempts.into(), 1..=1000);
        self.range("retry.unknown_settle_seconds", retry.unknown_settle_seconds, 1..=600);
        self.range("zendesk.updates_per_minute", zendesk.updates_per_minute.into(), 1..=300);
        self.range("zendesk.share_percent", zendesk.share_percent.into(), 10..=100);
        self.range("zendesk.sweep_minutes", zendesk.sweep_minutes.into(), 5..=1440);
        self.range("zendesk.jobs_at_once", zendesk.jobs_at_once.into(), 1..=25);
        let per_ticket = zendesk.updates_per_ticket_per_10_minutes;
        self.range("zendesk.updates_per_ticket_per_10_minutes", per_ticket.into(), 1..=30);
        self.range("zendesk.request_timeout_seconds", zendesk.request_timeout_seconds, 1..=120);
        self.range("macros.refresh_minutes", macros.refresh_minutes.into(), 1..=1440);
        self.range("parking.request_timeout_seconds", parking.request_timeout_seconds, 1..=120);
        self.range("waiting.remind_after_hours", waiting.remind_after_hours.into(), 1..=720);
        self.range("waiting.give_up_after_hours", waiting.give_up_after_hours.into(), 1..=2160);
        self.range("waiting.payment_check_hours", waiting.payment_check_hours.into(), 1..=168);
        self.range("waiting.payment_deadline_hours", waiting.payment_deadline_hours.into(), 1..=2160);
        self.range("compensation.cap_won", compensation.cap_won.into(), 1..=1_000_000);
        for (key, won) in [
            ("limits.per_action_won", limits.per_action_won),
            ("limits.per_account_30_days_won", limits.per_account_30_days_won),
            ("limits.per_lot_day_won", limits.per_lot_day_won),
            ("limits.per_day_won", limits.per_day_won),
            ("limits.breaker_from_won", limits.breaker_from_won),
        ] {
            self.range(key, won.into(), 1..=1_000_000_000);
        }
        for (key, times) in [
            ("limits.per_account_30_days_count", limits.per_account_30_days_count),
            ("limits.per_lot_day_count", limits.per_lot_day_count),
            ("limits.per_day_count", limits.per_day_count),
            ("limits.breaker_from_refusals", limits.breaker_from_refusals),
            ("limits.breaker_from_hand_overs", limits.breaker_from_hand_overs),
        ] {
            self.range(key, times.into(), 1..=1_000_000);
        }
        self.range("limits.breaker_factor", limits.breaker_factor.into(), 2..=1000);
        self.range("retention.days", retention.days.into(), 30..=3650);
        self.range("guide.compensation_article", guide.compensation_article, 1..=u64::MAX);
        self.range(
            "guide.restricted_consultation_article",
            guide.restricted_consultation_article,
            1..=u64::MAX,
        );
    }

    fn ids(&mut self, settings: &Settings) {
        let (fields, groups) = (&settings.zendesk.fields, &settings.zendesk.groups);
        for (key, id) in [
            ("zendesk.fields.consultation_type", fields.consultation_type),
            ("zendesk.fields.plate", fields.plate),
            ("zendesk.fields.used_at", fields.used_at),
            ("zendesk.groups.agents", groups.agents),
            ("zendesk.groups.airport_desk", groups.airport_desk),
            ("zendesk.groups.lot_contact", groups.lot_contact),
            ("zendesk.groups.compensation", groups.compensation),
        ] {
            if let Some(id) = id.filter(|id| *id < 1) {
                self.refuse(key, format!("`{key}` cannot be {id}"), "Zendesk's ids are numbers from 1 up");
            }
        }
        if let HarmlessFrom::Users(users) = &settings.people.harmless_from {
            let key = "people.harmless_from";
            if let Some(id) = users.iter().find(|id| **id < 1) {
                self.refuse(key, format!("`{key}` cannot hold {id}"), "Zendesk's ids are numbers from 1 up");
            }
            if users.is_empty() {
                self.refuse(key, format!("`{key}` names nobody"), "write \"none\", or the numbers of users");
            }
        }
        for (key, id, other, other_id) in [
            ("plate", fields.plate, "consultation_type", fields.consultation_type),
            ("used_at", fields.used_at, "consultation_type", fields.consultation_type),
            ("used_at", fields.used_at, "plate", fields.plate),
        ] {
            if id.is_some() && id == other_id {
                let what = format!("`zendesk.fields.{key}` and `zendesk.fields.{other}` are the same field");
                self.refuse(&format!("zendesk.fields.{key}"), what, "each names its own field");
            }
        }
        for (key, value) in [
            ("webhook.account_id", &settings.webhook.account_id),
            ("webhook.webhook_id", &settings.webhook.webhook_id),
        ] {
            if value.as_ref().is_some_and(|value| value.trim().is_empty()) {
                self.refuse(
                    key,
                    format!("`{key}` is empty"),
                    "remove the line, or name the only one to accept",
                );
            }
        }
    }

    fn macros(&mut self, settings: &Settings) {
        let MacroSettings { title_prefix, ids, .. } = &settings.macros;
        if title_prefix.trim().is_empty() {
            let help = "without one, macros that are not the service's could be taken for its own";
            self.refuse("macros.title_prefix", "`macros.title_prefix` is empty".to_owned(), help);
        }
        for (name, id) in ids {
            let key = format!("macros.ids.{name}");
            if *id < 1 {
                self.refuse(&key, format!("`{key}` cannot be {id}"), "Zendesk's ids are numbers from 1 up");
            }
            let twin = ids.iter().find(|(other, other_id)| *other < name && *other_id == id);
            if let Some((other, _)) = twin {
                let what = format!("`macros.ids.{other}` and `{key}` are the same macro");
                self.refuse(&key, what, "each text has its own macro");
            }
        }
    }

    fn waits(&mut self, settings: &Settings) {
        let Settings { worker, retry, zendesk, parking, waiting, .. } = settings;
        if waiting.give_up_after_hours <= waiting.remind_after_hours {
            let what = format!(
                "the customer is given up after {} h and reminded only after {} h",
                waiting.give_up_after_hours, waiting.remind_after_hours
            );
            let help = "`waiting.give_up_after_hours` must be more than `waiting.remind_after_hours`";
            self.refuse_either(["waiting.give_up_after_hours", "waiting.remind_after_hours"], what, help);
        }
        if waiting.payment_deadline_hours < waiting.payment_check_hours {
            let what = format!(
                "the deadline of a payment ({} h) is over before it is first looked for ({} h)",
                waiting.payment_deadline_hours, waiting.payment_check_hours
            );
            let help = "`waiting.payment_deadline_hours` must not be below `waiting.payment_check_hours`";
            self.refuse_either(["waiting.payment_deadline_hours", "waiting.payment_check_hours"], what, help);
        }
        if retry.base_seconds > retry.max_seconds {
            let what = format!(
                "the first wait ({} s) is longer than the longest ({} s)",
                retry.base_seconds, retry.max_seconds
            );
            self.refuse(
                "retry.base_seconds",
                what,
                "`retry.base_seconds` must not exceed `retry.max_seconds`",
            );
        }
        let longest = zendesk.request_timeout_seconds.max(parking.request_timeout_seconds);
        if worker.lease_seconds < longest.saturating_mul(2) {
            let what = format!(
                "a lease of {} s can end while a request with a time-out of {longest} s still runs",
                worker.lease_seconds
            );
            let help = "`worker.lease_seconds` must be at least twice the longest `request_timeout_seconds`: \
                        otherwise two workers could act on one case";
            self.refuse("worker.lease_seconds", what, help);
        }
    }

    fn tags(&mut self, settings: &Settings) {
        let zendesk = &settings.zendesk;
        let types = &zendesk.consultation_types;
        if zendesk.start_tags.is_empty() {
            let help = "name at least one tag; without one no ticket would be ours";
            self.refuse("zendesk.start_tags", "`zendesk.start_tags` is empty".to_owned(), help);
        }
        let own = [
            ("zendesk.sent_tag", &zendesk.sent_tag),
            ("zendesk.done_tag", &zendesk.done_tag),
            ("zendesk.handed_over_tag", &zendesk.handed_over_tag),
            ("zendesk.waiting_tag", &zendesk.waiting_tag),
            ("zendesk.prepared_tag", &zendesk.prepared_tag),
            ("zendesk.give_back_tag", &zendesk.give_back_tag),
            ("zendesk.release_tag", &zendesk.release_tag),
        ];
        let options = [
            ("zendesk.consultation_types.linked", &types.linked),
            ("zendesk.consultation_types.unlinked", &types.unlinked),
            ("zendesk.consultation_types.other", &types.other),
        ];
        let starts = zendesk.start_tags.iter().map(|tag| ("zendesk.start_tags", tag));
        let others: Vec<_> = starts.chain(options).collect();
        for (key, tag) in others.iter().chain(&own) {
            // A start tag may be spelt with single blanks: that stands for a tag of each word as well (Zendesk facts §6).
            let may_have_blanks = *key == "zendesk.start_tags";
            let words = tag.split(' ').count();
            let is_broken =
                |word: &str| word.is_empty() || word.chars().any(|sign| sign.is_whitespace() || sign == ',');
            if tag.split(' ').any(is_broken) || (words > 1 && !may_have_blanks) || tag.to_lowercase() != **tag
            {
                let help = "a tag is one word in small letters: Zendesk separates tags by blanks and lowers their letters";
                self.refuse(key, format!("`{key}`: `{tag}` is not a tag"), help);
            }
        }
        for (position, (key, tag)) in own.iter().enumerate() {
            let twin = own[position + 1..].iter().chain(&others).find(|(_, other)| other == tag);
            if let Some((other, _)) = twin {
                let help = "a tag says one thing of a ticket: sent, done, handed-over, waiting, prepared, give-back and release tags \
                            must differ from each other, from the start tags and from the options of 상담유형";
                self.refuse_either([key, other], format!("`{tag}` is used for two things"), help);
            }
        }
    }
}
