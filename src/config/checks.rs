//! Reads the settings file and checks what types cannot: ranges, formats, and settings that contradict each other.

use std::ops::{Range, RangeInclusive};

use super::settings::{HarmlessFrom, MacroSettings, Settings};
use crate::domain::file::TomlFile;
use crate::domain::problem::Problem;

impl Settings {
    /// Reads a settings file; settings that it leaves out have their defaults. An error lists every mistake with its
    /// place.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let file = TomlFile::parse(text)?;
        let (settings, problems) = file.read_what_can_be::<Self>();
        let Some(settings) = settings else { return Err(problems) };
        let wrong = problems.iter().filter_map(|problem| problem.at.clone()).collect();
        let mut checker = Checker { file: &file, wrong, problems };
        checker.numbers(&settings);
        checker.ids(&settings);
        checker.tags(&settings);
        checker.macros(&settings);
        checker.waits(&settings);
        if checker.problems.is_empty() {
            return Ok(settings);
        }
        checker.problems.sort_by_key(|problem| problem.at.as_ref().map(|at| at.start));
        Err(checker.problems)
    }
}

struct Checker<'a> {
    file: &'a TomlFile<'a>,
    /// The places of values that could not be read; the settings have defaults in their place.
    wrong: Vec<Range<usize>>,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    /// Adds a problem at a key's value. It has no place if the file leaves the key out.
    fn refuse(&mut self, key: &str, what: String, help: &str) {
        let at = self.file.span(&key.split('.').collect::<Vec<_>>());
        self.problems.push(Problem { what, at, help: Some(help.to_owned()) });
    }

    /// Adds a problem at the first of two keys that the file has: the value of a key that it leaves out is a default.
    fn refuse_either(&mut self, keys: [&str; 2], what: String, help: &str) {
        let has = |key: &&str| self.file.span(&key.split('.').collect::<Vec<_>>()).is_some();
        let key = keys.into_iter().find(has).unwrap_or(keys[0]);
        self.refuse(key, what, help);
    }

    /// Whether both values could be read. A default in the place of an unreadable value would be reported as a second
    /// mistake.
    fn are_read(&self, keys: [&str; 2]) -> bool {
        let at = |key: &str| self.file.span(&key.split('.').collect::<Vec<_>>());
        !keys.into_iter().filter_map(at).any(|at| self.wrong.contains(&at))
    }

    fn range(&mut self, key: &str, value: u64, allowed: RangeInclusive<u64>) {
        if !allowed.contains(&value) {
            let help = format!("{}에서 {}까지의 수를 쓰세요", allowed.start(), allowed.end());
            self.refuse(key, format!("`{key}`에 {value}을(를) 쓸 수 없습니다"), &help);
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
        let backlog = u64::try_from(worker.backlog_concurrency).unwrap_or(u64::MAX);
        self.range("worker.backlog_concurrency", backlog, 1..=2000);
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
                self.refuse(
                    key,
                    format!("`{key}`에 {id}을(를) 쓸 수 없습니다"),
                    "Zendesk의 번호는 1 이상의 수입니다",
                );
            }
        }
        if let HarmlessFrom::Users(users) = &settings.people.harmless_from {
            let key = "people.harmless_from";
            if let Some(id) = users.iter().find(|id| **id < 1) {
                self.refuse(
                    key,
                    format!("`{key}`에 {id}을(를) 쓸 수 없습니다"),
                    "Zendesk의 번호는 1 이상의 수입니다",
                );
            }
            if users.is_empty() {
                self.refuse(key, format!("`{key}`에 아무도 없습니다"), "\"none\" 또는 사용자 번호를 쓰세요");
            }
        }
        for (key, id, other, other_id) in [
            ("plate", fields.plate, "consultation_type", fields.consultation_type),
            ("used_at", fields.used_at, "consultation_type", fields.consultation_type),
            ("used_at", fields.used_at, "plate", fields.plate),
        ] {
            if id.is_some() && id == other_id {
                let what = format!("`zendesk.fields.{key}`와 `zendesk.fields.{other}`가 같은 필드입니다");
                self.refuse(&format!("zendesk.fields.{key}"), what, "각각 다른 필드의 번호를 쓰세요");
            }
        }
        for (key, value) in [
            ("webhook.account_id", &settings.webhook.account_id),
            ("webhook.webhook_id", &settings.webhook.webhook_id),
        ] {
            if value.as_ref().is_some_and(|value| value.trim().is_empty()) {
                self.refuse(
                    key,
                    format!("`{key}`이(가) 비어 있습니다"),
                    "줄을 빼거나, 받을 것 하나를 쓰세요",
                );
            }
        }
    }

    fn macros(&mut self, settings: &Settings) {
        let MacroSettings { title_prefix, ids, .. } = &settings.macros;
        if title_prefix.trim().is_empty() {
            let help = "비어 있으면 서비스의 것이 아닌 매크로를 서비스의 것으로 볼 수 있습니다";
            self.refuse("macros.title_prefix", "`macros.title_prefix`가 비어 있습니다".to_owned(), help);
        }
        for (name, id) in ids {
            let key = format!("macros.ids.{name}");
            if *id < 1 {
                self.refuse(
                    &key,
                    format!("`{key}`에 {id}을(를) 쓸 수 없습니다"),
                    "Zendesk의 번호는 1 이상의 수입니다",
                );
            }
            let twin = ids.iter().find(|(other, other_id)| *other < name && *other_id == id);
            if let Some((other, _)) = twin {
                let what = format!("`macros.ids.{other}`와 `{key}`가 같은 매크로입니다");
                self.refuse(&key, what, "글마다 다른 매크로를 쓰세요");
            }
        }
    }

    fn waits(&mut self, settings: &Settings) {
        let Settings { worker, retry, zendesk, parking, waiting, .. } = settings;
        let patience = ["waiting.give_up_after_hours", "waiting.remind_after_hours"];
        if waiting.give_up_after_hours <= waiting.remind_after_hours && self.are_read(patience) {
            let what = format!(
                "고객을 {}시간 뒤에 마무리하는데, 알림은 {}시간 뒤에야 보냅니다",
                waiting.give_up_after_hours, waiting.remind_after_hours
            );
            let help = "`waiting.give_up_after_hours`는 `waiting.remind_after_hours`보다 커야 합니다";
            self.refuse_either(patience, what, help);
        }
        let payment = ["waiting.payment_deadline_hours", "waiting.payment_check_hours"];
        if waiting.payment_deadline_hours < waiting.payment_check_hours && self.are_read(payment) {
            let what = format!(
                "결제 기한({}시간)이 결제를 처음 확인하는 때({}시간)보다 먼저 끝납니다",
                waiting.payment_deadline_hours, waiting.payment_check_hours
            );
            let help =
                "`waiting.payment_deadline_hours`는 `waiting.payment_check_hours`보다 작을 수 없습니다";
            self.refuse_either(payment, what, help);
        }
        if retry.base_seconds > retry.max_seconds
            && self.are_read(["retry.base_seconds", "retry.max_seconds"])
        {
            let what = format!(
                "처음 기다리는 시간({}초)이 가장 긴 시간({}초)보다 깁니다",
                retry.base_seconds, retry.max_seconds
            );
            self.refuse(
                "retry.base_seconds",
                what,
                "`retry.base_seconds`는 `retry.max_seconds`보다 클 수 없습니다",
            );
        }
        let longest = zendesk.request_timeout_seconds.max(parking.request_timeout_seconds);
        let timeouts = ["zendesk.request_timeout_seconds", "parking.request_timeout_seconds"];
        let lease = ["worker.lease_seconds"; 2];
        if worker.lease_seconds < longest.saturating_mul(2) && self.are_read(timeouts) && self.are_read(lease)
        {
            let what = format!(
                "제한 시간이 {longest}초인 요청이 끝나기 전에 {}초의 임대가 끝날 수 있습니다",
                worker.lease_seconds
            );
            let help = "`worker.lease_seconds`는 가장 긴 `request_timeout_seconds`의 두 배 이상이어야 합니다. \
                        그렇지 않으면 두 작업자가 한 건을 처리할 수 있습니다";
            self.refuse("worker.lease_seconds", what, help);
        }
    }

    fn tags(&mut self, settings: &Settings) {
        let zendesk = &settings.zendesk;
        let types = &zendesk.consultation_types;
        if zendesk.start_tags.is_empty() {
            let help = "태그를 하나 이상 쓰세요. 없으면 어떤 티켓도 처리하지 않습니다";
            self.refuse("zendesk.start_tags", "`zendesk.start_tags`가 비어 있습니다".to_owned(), help);
        }
        let own = [
            ("zendesk.sent_tag", &zendesk.sent_tag),
            ("zendesk.done_tag", &zendesk.done_tag),
            ("zendesk.handed_over_tag", &zendesk.handed_over_tag),
            ("zendesk.waiting_tag", &zendesk.waiting_tag),
            ("zendesk.prepared_tag", &zendesk.prepared_tag),
            ("zendesk.stuck_tag", &zendesk.stuck_tag),
            ("zendesk.give_back_tag", &zendesk.give_back_tag),
            ("zendesk.release_tag", &zendesk.release_tag),
        ];
        let options = [
            ("zendesk.consultation_types.linked", &types.linked),
            ("zendesk.consultation_types.unlinked", &types.unlinked),
            ("zendesk.consultation_types.other", &types.other),
        ];
        let starts = zendesk.start_tags.iter().map(|tag| ("zendesk.start_tags", tag));
        // Only the service's own tags must differ from all others: a start tag may also be an option of 상담유형.
        let others: Vec<_> = starts.chain(options).collect();
        for (key, tag) in others.iter().chain(&own) {
            // A start tag may contain single blanks: it also stands for a tag of each word (Zendesk facts §6).
            let may_have_blanks = *key == "zendesk.start_tags";
            let words = tag.split(' ').count();
            let is_broken =
                |word: &str| word.is_empty() || word.chars().any(|sign| sign.is_whitespace() || sign == ',');
            if tag.split(' ').any(is_broken) || (words > 1 && !may_have_blanks) || tag.to_lowercase() != **tag
            {
                let help =
                    "태그는 소문자로 된 한 낱말입니다. Zendesk는 빈칸으로 태그를 나누고 소문자로 바꿉니다";
                self.refuse(key, format!("`{key}`: `{tag}`은(는) 태그가 아닙니다"), help);
            }
        }
        for (position, (key, tag)) in own.iter().enumerate() {
            let twin = own[position + 1..].iter().chain(&others).find(|(_, other)| other == tag);
            if let Some((other, _)) = twin {
                let help = "태그 하나는 한 가지 뜻입니다. sent, done, handed_over, waiting, prepared, stuck, give_back, release 태그는 \
                            서로, 또 시작 태그와 상담유형의 항목과도 달라야 합니다";
                self.refuse_either([key, other], format!("`{tag}`을(를) 두 가지 뜻으로 썼습니다"), help);
            }
        }
    }
}
