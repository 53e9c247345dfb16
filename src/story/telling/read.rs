//! Entries about what was read: the customer's messages, other people's changes to the ticket, the account, the uses.

use jiff::Timestamp;

use super::{Masked, Teller};
use crate::domain::case::{Earlier, Entry, Known};
use crate::domain::parking::{Account, ParkingUse};
use crate::domain::ticket::{ChangeAuthor, Ticket, TicketChange};
use crate::story::told::ticket_status;
use crate::story::words;

/// The most uses in the story; further ones are only counted.
const MOST_USES: usize = 5;

impl<'a> Teller<'a> {
    pub(super) fn read(&mut self, at: Timestamp, entry: &'a Entry) {
        match entry {
            Entry::TicketRead { ticket } => self.ticket(at, ticket),
            Entry::TicketGone => self.say_to_all(at, "조회", "티켓이 없습니다(삭제되었습니다)."),
            Entry::ChangesRead { changes, .. } => self.changes(changes),
            Entry::EarlierRead { earlier } => self.say(at, "조회", &follows(earlier)),
            Entry::AccountRead { id, account } => {
                let found = account
                    .as_ref()
                    .map_or_else(|| format!("계정 {id}은(는) 주차 시스템에 없습니다."), of_account);
                self.say(at, "조회", &found);
            }
            Entry::UsesRead { uses, has_more } => self.uses(at, uses, *has_more),
            _ => {}
        }
    }

    /// Adds the ticket's facts at its first reading. Its opening message follows with the changes.
    fn ticket(&mut self, at: Timestamp, ticket: &'a Ticket) {
        let is_first = self.opening.is_none();
        self.opening = Some(&ticket.description);
        self.requester = &ticket.requester.name;
        if !is_first {
            return;
        }
        let account = ticket.requester.external_id.as_ref().map_or("연결 안 됨", |id| id.as_str());
        let plate = ticket.plate.as_deref().unwrap_or("적지 않음");
        let mut facts = vec![
            format!("상태 {}", ticket_status(ticket.status)),
            format!("계정 {account}"),
            format!("문의의 차량번호 {plate}"),
        ];
        facts.extend(ticket.used_at.as_ref().map(|used_at| format!("문의의 이용 일시 {used_at}")));
        let masked = Masked { label: "문의".to_owned(), body: facts.first().cloned() };
        self.say_masked(at, "문의", &facts.join(" · "), masked);
    }

    /// Adds the changes that are not in the story yet. Changes by this service appear as its writes, and changes by
    /// Zendesk's rules are left out.
    fn changes(&mut self, changes: &'a [TicketChange]) {
        let told_up_to = self.told_up_to;
        let is_new = |change: &&TicketChange| told_up_to.is_none_or(|told| change.audit_id > told);
        for (place, change) in changes.iter().filter(is_new).enumerate() {
            let opens = told_up_to.is_none() && place == 0;
            self.change(change, opens);
        }
        self.told_up_to = changes.iter().map(|change| change.audit_id).max().max(told_up_to);
    }

    fn change(&mut self, change: &'a TicketChange, opens: bool) {
        let opening = self.opening.filter(|_| opens);
        if let Some(words) = change.said.as_deref().or(opening) {
            let by = if change.said.is_some() {
                "고객"
            } else {
                "문의 내용(다른 사람이 작성), 고객"
            };
            let files = (change.attachments > 0).then(|| format!("(첨부 {}개)", change.attachments));
            let body: Vec<&str> = [words.trim()]
                .into_iter()
                .filter(|words| !words.is_empty())
                .chain(files.as_deref())
                .collect();
            let label = format!("{by} {}", self.requester);
            let masked = Masked { label: by.to_owned(), body: None };
            return self.say_masked(change.at, label.trim_end(), &body.join("\n"), masked);
        }
        let by_another = matches!(change.author, ChangeAuthor::Other { .. });
        let did = if by_another { done_by_another(change) } else { Vec::new() };
        self.some(change.at, "다른 담당자", &did);
    }

    /// Adds the uses, unless they are the same as before.
    fn uses(&mut self, at: Timestamp, uses: &'a [ParkingUse], has_more: bool) {
        if self.uses.replace(uses) == Some(uses) {
            return;
        }
        let more = if has_more { " 이상" } else { "" };
        let mut lines = vec![format!("이용 건 {}건{more}", uses.len())];
        lines.extend(uses.iter().take(MOST_USES).map(ParkingUse::in_one_line));
        let unlisted = uses.len().saturating_sub(MOST_USES);
        lines.extend((unlisted > 0).then(|| format!("그 밖에 {unlisted}건")));
        let masked = Masked { label: "조회".to_owned(), body: lines.first().cloned() };
        self.say_masked(at, "조회", &lines.join("\n"), masked);
    }
}

/// Another person's changes to the ticket, as far as the journal records them.
fn done_by_another(change: &TicketChange) -> Vec<String> {
    let spoke = change.spoke_publicly.then(|| "공개 글을 남김".to_owned());
    let tags =
        |word: &str, tags: &[String]| (!tags.is_empty()).then(|| format!("태그 {word}: {}", tags.join(" ")));
    let requester = change.requester_changed.then(|| "요청자를 바꿈".to_owned());
    [spoke, tags("추가", &change.added_tags), tags("삭제", &change.removed_tags), requester]
        .into_iter()
        .flatten()
        .collect()
}

fn of_account(account: &Account) -> String {
    let vehicle = |vehicle: &crate::domain::parking::Vehicle| {
        let verified =
            if vehicle.ownership_verified { "소유인증 완료" } else { "소유인증 안 됨" };
        format!("{}({verified})", vehicle.plate)
    };
    let vehicles: Vec<String> = account.vehicles.iter().map(vehicle).collect();
    let vehicles = if vehicles.is_empty() { "없음".to_owned() } else { vehicles.join(", ") };
    let pass = if account.pass_active { "사용 중" } else { "사용 안 함" };
    format!("계정 {} · 등록 차량: {vehicles} · 주차패스 {pass}", account.id)
}

fn follows(earlier: &Earlier) -> String {
    let known = match earlier.known {
        Known::Whole => earlier.ending.map_or("끝나지 않음", words::ending),
        Known::Erased => "기록이 삭제됨",
        Known::Nothing => "기록 없음",
    };
    let mut lines = vec![format!("종료된 티켓 {}을(를) 이어받은 문의입니다({known}).", earlier.ticket_id)];
    lines.extend(earlier.actions.iter().map(|earlier_action| {
        let receipt = earlier_action.receipt_id.as_ref();
        let proof = receipt.map_or("결과 미확인".to_owned(), |receipt| format!("접수번호 {receipt}"));
        format!(
            "그때 한 처리: {} · 이용 건 {} · {proof}",
            earlier_action.action.korean(),
            earlier_action.use_id
        )
    }));
    lines.join("\n")
}
