//! The demo's table with one line for each customer, and the differences from the sandbox's records.

use std::fmt::{self, Write as _};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::RULE;
use crate::demo::{Tale, group_name};
use crate::domain::case::{Awaited, Ending, Rest};
use crate::domain::parking::ParkingAction;

const COLUMNS: [&str; 8] = ["", "문의", "가이드", "차례", "마지막 정책 행", "처리", "끝", "상태"];
/// The most terminal cells of a column. A longer text is cut; the customer's story has it in full.
const WIDEST: usize = 30;

pub(super) fn write(text: &mut String, tales: &[Tale], differences: &[String]) -> fmt::Result {
    let mut lines = vec![COLUMNS.map(str::to_owned)];
    lines.extend(tales.iter().enumerate().map(|(place, tale)| line(place + 1, tale)));
    table(text, &lines)?;
    writeln!(text)?;
    if differences.is_empty() {
        return writeln!(
            text,
            "샌드박스의 기록과 대조한 결과, 모든 처리·답변·메모가 정확히 한 번씩 이루어졌습니다."
        );
    }
    writeln!(text, "샌드박스의 기록 또는 이야기의 결말과 다릅니다:")?;
    differences.iter().try_for_each(|difference| writeln!(text, "  ✗ {difference}"))
}

fn line(number: usize, tale: &Tale) -> [String; 8] {
    let guide = tale.story.row.map_or_else(|| "-".to_owned(), |row| format!("{row}행"));
    let last = tale.turns.iter().rev().find_map(|turn| turn.decision.as_ref());
    let done: Vec<&str> = tale.case.receipts().map(|(action, _)| brief(action)).collect();
    [
        number.to_string(),
        tale.story.title.to_owned(),
        guide,
        tale.turns.len().to_string(),
        last.map_or("-", |decision| decision.row.as_str()).to_owned(),
        if done.is_empty() { "-".to_owned() } else { done.join("·") },
        end(tale),
        format!("{:?}", tale.ticket.fields.status).to_lowercase(),
    ]
}

/// The customer centre's term for an action, shortened if it is long.
fn brief(action: ParkingAction) -> &'static str {
    match action {
        ParkingAction::Inspection => "점검 요청",
        ParkingAction::Coupon => "쿠폰",
        ParkingAction::Points => "T포인트",
        other => other.korean(),
    }
}

/// The group that has the ticket in the end, or how the case ended.
fn end(tale: &Tale) -> String {
    let group = tale.ticket.fields.group_id.and_then(group_name).unwrap_or("담당자");
    match &tale.case.rest {
        Some(Rest::Ended(Ending::Settled)) => "자동 답변".to_owned(),
        Some(Rest::Ended(Ending::Silent)) => "무응답 마무리".to_owned(),
        Some(Rest::Ended(Ending::HandedOver)) => format!("→ {group}"),
        Some(Rest::Ended(Ending::Shadowed)) => "메모만".to_owned(),
        Some(Rest::Ended(_)) => "상담사가 계속".to_owned(),
        Some(Rest::Waiting(waiting)) if waiting.awaited == Awaited::Release => "승인 대기".to_owned(),
        Some(Rest::Waiting(_)) => "대기".to_owned(),
        Some(Rest::Stuck(_)) | None => "-".to_owned(),
    }
}

pub fn table(text: &mut String, lines: &[[String; 8]]) -> fmt::Result {
    let widths: [usize; 8] = std::array::from_fn(|column| {
        lines.iter().map(|line| line[column].width().min(WIDEST)).max().unwrap_or_default()
    });
    writeln!(text, "{RULE}\n한눈에 보기\n{RULE}")?;
    for line in lines {
        let mut padded = String::new();
        for (cell, width) in line.iter().zip(widths) {
            let cell = fit(cell, width);
            let blanks = width - cell.width() + 2;
            padded.push_str(&cell);
            padded.extend(std::iter::repeat_n(' ', blanks));
        }
        writeln!(text, "{}", padded.trim_end())?;
    }
    Ok(())
}

/// The text; with an ellipsis at the end if it is cut to `width` terminal cells.
pub fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let kept = text.chars().take_while(|sign| {
        used += sign.width().unwrap_or_default();
        used <= width
    });
    kept.chain(['…']).collect()
}
