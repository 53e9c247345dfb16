//! Actions at the parking system and writes to the ticket, told at the time when their outcome is known.

use jiff::Timestamp;

use super::Teller;
use crate::domain::case::{Action, Effect, Entry, Write, WriteKind};
use crate::domain::ids::Position;
use crate::domain::parking::Receipt;
use crate::story::told::note;
use crate::story::words;

impl<'a> Teller<'a> {
    pub(super) fn effect(&mut self, position: u32, at: Timestamp, entry: &'a Entry) {
        match entry {
            Entry::Intended { effect, .. } => {
                let prepared = matches!(effect, Effect::Write(write) if write.kind == WriteKind::Prepared);
                self.decided(prepared);
                self.intended.insert(position, (at, effect));
            }
            Entry::Acted { of, receipt } => {
                let done = self.of(*of).map(|effect| done(effect, receipt));
                self.intended.remove(&of.0);
                if let Some(done) = done {
                    self.say_to_all(at, "처리", &done);
                }
            }
            Entry::Written { of, .. } => {
                if let Some((_, Effect::Write(write))) = self.intended.remove(&of.0) {
                    self.written(at, write, self.last_write == Some(of.0));
                }
            }
            Entry::Recalled { write, written_at, .. } => {
                self.say(
                    *written_at,
                    "되찾음",
                    "기록에 없던 글이 티켓에 있습니다. 원장을 이전 상태로 되돌린 것으로 보입니다.",
                );
                self.written(*written_at, write, false);
            }
            Entry::ActionConflict { of, parking_use, .. } => {
                let now = parking_use.status.korean();
                self.not_done(*of, at, &format!("이용 건이 그사이 바뀌었습니다(지금: {now})."));
            }
            Entry::WriteConflict { of } => self.not_done(*of, at, "티켓이 그사이 바뀌었습니다."),
            Entry::NotFound { of } => self.not_done(*of, at, "확인해 보니 되어 있지 않았습니다."),
            Entry::Refused { of, reason, missing_fields, .. } => {
                let fields = missing_fields.join(", ");
                let fields =
                    if fields.is_empty() { fields } else { format!(" 채워야 하는 필드: {fields}") };
                self.not_done(*of, at, &format!("거절되었습니다: {reason}{fields}"));
            }
            Entry::OutcomeUnknown { of, reason } => {
                let what = format!("{}: 응답을 받지 못해 결과를 확인합니다. ({reason})", self.name(*of));
                self.say(at, "결과 미확인", &what);
            }
            _ => {}
        }
    }

    /// Adds the effects whose outcome is not recorded.
    pub(super) fn open_ends(&mut self) {
        self.decided(false);
        for (at, effect) in std::mem::take(&mut self.intended).into_values() {
            self.say(at, "결과 미확인", &format!("{}: 결과를 아직 모릅니다.", name(effect)));
        }
    }

    fn of(&self, position: Position) -> Option<&'a Effect> {
        self.intended.get(&position.0).map(|(_, effect)| *effect)
    }

    fn name(&self, position: Position) -> &'static str {
        self.of(position).map_or("처리", name)
    }

    fn not_done(&mut self, of: Position, at: Timestamp, why: &str) {
        let what = format!("{}: 하지 못했습니다. {why}", self.name(of));
        self.intended.remove(&of.0);
        self.say(at, "처리 안 됨", &what);
    }

    /// Adds a write: public texts and the last note in full, other notes shortened.
    fn written(&mut self, at: Timestamp, write: &Write, is_last: bool) {
        let label = words::write(write.kind);
        if write.kind.is_public() {
            let name = write.macro_name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
            return self.say(at, &format!("{label}{name}"), &write.update.body);
        }
        let body = if is_last {
            write.update.body.replace("\n\n", "\n")
        } else {
            note::shortened(&write.update.body)
        };
        self.say(at, label, &body);
    }
}

fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::Act(action) => action.action.korean(),
        Effect::Write(write) => words::write(write.kind),
    }
}

/// The action, its amount and its receipt.
fn done(effect: &Effect, receipt: &Receipt) -> String {
    let won = match effect {
        Effect::Act(Action { amount: Some(amount), .. }) => Some(*amount),
        Effect::Act(action) if action.action.moves_amount() => {
            receipt.parking_use.as_ref().and_then(|parking_use| parking_use.amount)
        }
        _ => None,
    };
    let won = won.map(|won| format!(" {won}")).unwrap_or_default();
    format!("{}{won} 완료 · 접수번호 {}", name(effect), receipt.receipt_id)
}
