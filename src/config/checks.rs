//! Reads the settings file and checks what types cannot: ranges, and settings that contradict each other.

use std::ops::RangeInclusive;

use super::settings::Settings;
use crate::domain::file::TomlFile;
use crate::domain::problem::Problem;

/// The settings that a file says, with defaults for what it leaves out.
pub(super) fn settings(text: &str) -> Result<Settings, Vec<Problem>> {
    let file = TomlFile::parse(text)?;
    let (settings, problems) = file.read_what_can_be::<Settings>();
    let Some(settings) = settings else { return Err(problems) };
    let whole = problems.is_empty();
    let mut checker = Checker { file: &file, problems };
    checker.numbers(&settings);
    checker.ids(&settings);
    checker.tags(&settings);
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

    fn range(&mut self, key: &str, value: u64, allowed: RangeInclusive<u64>) {
        if !allowed.contains(&value) {
            let help = format!("choose a number from {} to {}", allowed.start(), allowed.end());
            self.refuse(key, format!("`{key}` cannot be {value}"), &help);
        }
    }

    fn numbers(&mut self, settings: &Settings) {
        let Settings { webhook, worker, retry, zendesk, parking, guide } = settings;
        let concurrency = u64::try_from(worker.concurrency).unwrap_or(u64::MAX);
        self.range("webhook.freshness_seconds", webhook.freshness_seconds, 1..=3600);
        self.range("worker.concurrency", concurrency, 1..=256);
        self.range("worker.lease_seconds", worker.lease_seconds, 10..=3600);
        self.range("worker.poll_seconds", worker.poll_seconds, 1..=60);
        self.range("retry.base_seconds", retry.base_seconds, 1..=3600);
        self.range("retry.max_seconds", retry.max_seconds, 1..=86_400);
        self.range("retry.attempts", retry.attempts.into(), 1..=1000);
        self.range("retry.unknown_settle_seconds", retry.unknown_settle_seconds, 1..=600);
        self.range("zendesk.updates_per_minute", zendesk.updates_per_minute.into(), 1..=300);
        let per_ticket = zendesk.updates_per_ticket_per_10_minutes;
        self.range("zendesk.updates_per_ticket_per_10_minutes", per_ticket.into(), 1..=30);
        self.range("zendesk.request_timeout_seconds", zendesk.request_timeout_seconds, 1..=120);
        self.range("parking.request_timeout_seconds", parking.request_timeout_seconds, 1..=120);
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
            ("zendesk.groups.agents", groups.agents),
            ("zendesk.groups.airport_desk", groups.airport_desk),
            ("zendesk.groups.lot_contact", groups.lot_contact),
            ("zendesk.groups.compensation", groups.compensation),
        ] {
            if let Some(id) = id.filter(|id| *id < 1) {
                self.refuse(key, format!("`{key}` cannot be {id}"), "Zendesk's ids are numbers from 1 up");
            }
        }
        if fields.plate.is_some() && fields.plate == fields.consultation_type {
            let what =
                "`zendesk.fields.plate` and `zendesk.fields.consultation_type` are the same field".to_owned();
            self.refuse("zendesk.fields.plate", what, "each names its own field");
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

    fn waits(&mut self, settings: &Settings) {
        let Settings { worker, retry, zendesk, parking, .. } = settings;
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
        let starts = zendesk.start_tags.iter().map(|tag| ("zendesk.start_tags", tag));
        let rest = [
            ("zendesk.done_tag", &zendesk.done_tag),
            ("zendesk.handed_over_tag", &zendesk.handed_over_tag),
            ("zendesk.consultation_types.linked", &types.linked),
            ("zendesk.consultation_types.unlinked", &types.unlinked),
            ("zendesk.consultation_types.other", &types.other),
        ];
        for (key, tag) in starts.chain(rest) {
            if tag.is_empty()
                || tag.chars().any(|sign| sign.is_whitespace() || sign == ',')
                || tag.to_lowercase() != *tag
            {
                let help = "a tag is one word in small letters: Zendesk separates tags by blanks and lowers their letters";
                self.refuse(key, format!("`{key}`: `{tag}` is not a tag"), help);
            }
        }
        for (key, tag, others) in [
            ("zendesk.done_tag", &zendesk.done_tag, vec![&zendesk.handed_over_tag]),
            ("zendesk.handed_over_tag", &zendesk.handed_over_tag, vec![]),
        ] {
            if zendesk.start_tags.contains(tag) || others.contains(&tag) {
                let help = "start, done and handed-over tags must differ, or an ended case would look like a new one";
                self.refuse(key, format!("`{tag}` is used for two things"), help);
            }
        }
    }
}
