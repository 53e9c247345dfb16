//! Shortens an internal note in a story by the sections that repeat the story.

/// The sections that repeat the story: evidence, use, actions, and replies to the customer.
const TOLD: &[&str] = &["근거", "이용 건", "처리 내역", "고객 안내"];

/// The note's title and its other sections; the headings of omitted sections follow in brackets.
pub(crate) fn shortened(note: &str) -> String {
    let mut sections = note.trim_end().split("\n■ ");
    let title = sections.next().unwrap_or_default();
    let repeated_heading = |section: &str| TOLD.iter().copied().find(|heading| section.starts_with(heading));
    let (repeated, new): (Vec<&str>, Vec<&str>) =
        sections.partition(|section| repeated_heading(section).is_some());
    let new = new.into_iter().map(|section| format!("■ {}", section.trim_end()));
    let repeated: Vec<&str> = repeated.into_iter().filter_map(repeated_heading).collect();
    let omitted = (!repeated.is_empty()).then(|| format!("(그 밖의 항목: {})", repeated.join(", ")));
    [title.to_owned()].into_iter().chain(new).chain(omitted).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_story_tells_is_only_named_and_the_rest_stays() {
        let note = "[misread] 제목\n할 일: 없음.\n사유: y\n■ 근거 · 정책 행: x\n- 이용 건 = y\n- z\n■ 후보 이용 건: use-1\n■ 처리 내역: z\n";
        insta::assert_snapshot!(shortened(note), @r"
        [misread] 제목
        할 일: 없음.
        사유: y
        ■ 후보 이용 건: use-1
        (그 밖의 항목: 근거, 처리 내역)
        ");
        assert_eq!(shortened("[misread] 제목뿐"), "[misread] 제목뿐");
    }
}
