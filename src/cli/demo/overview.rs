//! All customers in one table, a line each, and whether everything happened exactly once.

use std::fmt::{self, Write as _};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::RULE;
use crate::app::demo::Tale;
use crate::domain::policy::Outcome;

const COLUMNS: [&str; 7] = ["", "문의", "가이드", "정책 행", "처리", "답변·담당", "상태"];
/// No column gets wider, in columns of the terminal: what is longer stands in full in its story.
const WIDEST: usize = 34;

pub(super) fn write(text: &mut String, tales: &[Tale], differences: &[String]) -> fmt::Result {
    let mut lines = vec![COLUMNS.map(str::to_owned)];
    lines.extend(tales.iter().enumerate().map(|(place, tale)| line(place + 1, tale)));
    table(text, &lines)?;
    let outcomes = || tales.iter().filter_map(|tale| Some(&tale.case.decision.as_ref()?.outcome));
    let handed_over = outcomes().filter(|outcome| outcome.hand_over().is_some()).count();
    let settled = outcomes().filter(|outcome| matches!(outcome, Outcome::Settle { .. })).count();
    let receipts: usize = tales.iter().map(|tale| tale.case.receipts().count()).sum();
    writeln!(
        text,
        "\n문의 {}건: 자동 답변 {settled}건, 고객의 답변·결제 대기 {}건, 담당자 이관 {handed_over}건, 주차 시스템 처리 {receipts}건",
        tales.len(),
        tales.len() - settled - handed_over,
    )?;
    if differences.is_empty() {
        return writeln!(
            text,
            "샌드박스의 기록과 대조한 결과, 모든 처리·답변·메모가 정확히 한 번씩 이루어졌습니다."
        );
    }
    writeln!(text, "샌드박스의 기록과 다릅니다:")?;
    differences.iter().try_for_each(|difference| writeln!(text, "  ✗ {difference}"))
}

fn line(number: usize, tale: &Tale) -> [String; 7] {
    let guide = tale.story.row.map_or_else(|| "-".to_owned(), |row| format!("{row}행"));
    let decision = tale.case.decision.as_ref();
    let done: Vec<&str> = tale.case.receipts().map(|(action, _)| action.korean()).collect();
    let answer = match decision.map(|decision| &decision.outcome) {
        Some(Outcome::Settle { .. }) => "자동 답변".to_owned(),
        Some(Outcome::Ask { .. }) => "고객에게 질문".to_owned(),
        Some(Outcome::AwaitPayment { .. }) => "결제 대기".to_owned(),
        Some(Outcome::HandOver { team, .. }) => format!("→ {}", team.korean()),
        None => "-".to_owned(),
    };
    [
        number.to_string(),
        tale.story.title.to_owned(),
        guide,
        decision.map_or("-", |decision| decision.row.as_str()).to_owned(),
        if done.is_empty() { "-".to_owned() } else { done.join("·") },
        answer,
        format!("{:?}", tale.ticket.fields.status).to_lowercase(),
    ]
}

fn table(text: &mut String, lines: &[[String; 7]]) -> fmt::Result {
    let widths: [usize; 7] = std::array::from_fn(|column| {
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

/// The text, cut with an ellipsis where it is wider than `width`.
fn fit(text: &str, width: usize) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_where_hangul_takes_two_and_latin_one() {
        let line = |title: &str, row: &str| ["1", title, "-", row, "-", "-", "open"].map(str::to_owned);
        let mut text = String::new();
        table(&mut text, &[line("인천공항 결제 완료", "completed"), line("row 2", "인천")]).unwrap();
        insta::assert_snapshot!(text.lines().skip(3).collect::<Vec<_>>().join("\n"), @r"
        1  인천공항 결제 완료  -  completed  -  -  open
        1  row 2               -  인천       -  -  open
        ");
    }

    #[test]
    fn what_is_too_wide_is_cut_and_never_wider_than_its_column() {
        assert_eq!(fit("주차장", 6), "주차장");
        assert_eq!(fit("주차장 이용", 6), "주차…");
        assert_eq!(fit("주차장 이용", 7), "주차장…");
    }
}
