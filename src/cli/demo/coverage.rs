//! The demo's last lines: counts, the policy rows that fired, and the duration.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::time::Duration;

use crate::demo::{Demo, Tale, Turn};
use crate::domain::policy::Policy;

pub(super) fn write(text: &mut String, demo: &Demo, policy: &Policy, took: Duration) -> fmt::Result {
    let tales = &demo.tales;
    let sum = |of_tale: fn(&Tale) -> usize| tales.iter().map(of_tale).sum::<usize>();
    let fired = fired(policy, tales.iter().flat_map(|tale| &tale.turns));
    let silent: Vec<&str> =
        policy.rows().map(|row| row.id.as_str()).filter(|row| !fired.contains(row)).collect();
    writeln!(
        text,
        "고객 {}명 · 차례 {}번 · 공개 답변 {}건 · 내부 메모 {}건 · 주차 시스템 처리 {}건",
        tales.len(),
        sum(|tale| tale.turns.len()),
        sum(|tale| tale.replies.len()),
        sum(|tale| tale.notes.len()),
        sum(|tale| tale.case.receipts().count()),
    )?;
    write!(text, "정책 {}행 중 {}행이 쓰였습니다", policy.rows().count(), fired.len())?;
    if silent.is_empty() {
        writeln!(text, ".")?;
    } else {
        writeln!(text, " (쓰이지 않은 행: {}).", silent.join(", "))?;
    }
    if !demo.as_told {
        writeln!(text, "정책 또는 설정이 기본값과 달라, 이야기마다 적힌 결말과는 대조하지 않았습니다.")?;
    }
    let (seconds, hours) = (took.as_secs_f64(), demo.ahead.as_hours());
    writeln!(text, "걸린 시간 {seconds:.1}초. 이야기 속에서는 약 {hours}시간이 흘렀습니다.")
}

/// The rows that fired, and the `decide` rows before them.
fn fired<'a>(policy: &'a Policy, turns: impl Iterator<Item = &'a Turn>) -> BTreeSet<&'a str> {
    let decisions = turns.filter_map(|turn| turn.decision.as_ref());
    let rows = decisions.flat_map(|decision| {
        let gate = policy.explain(&decision.inputs).ok().and_then(|explained| explained.gate);
        [Some(decision.row.as_str()), gate.map(|gate| gate.id.as_str())].into_iter().flatten()
    });
    rows.collect()
}
