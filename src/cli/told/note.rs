//! An internal note in short: what is told in its story already is left out.

/// The sections that the story itself tells: the evidence, the use, what was done, and what the customer was told.
const TOLD: &[&str] = &["근거", "이용 건", "처리 내역", "고객 안내"];

/// The note's title and the sections that say something new.
pub(in crate::cli) fn shortened(note: &str) -> String {
    let mut sections = note.trim_end().split("\n■ ");
    let title = sections.next().unwrap_or_default();
    let told_as = |section: &str| TOLD.iter().copied().find(|heading| section.starts_with(heading));
    let (told, new): (Vec<&str>, Vec<&str>) = sections.partition(|section| told_as(section).is_some());
    let new = new.into_iter().map(|section| format!("■ {}", section.trim_end()));
    let told: Vec<&str> = told.into_iter().filter_map(told_as).collect();
    let told = (!told.is_empty()).then(|| format!("(그 밖의 항목: {})", told.join(", ")));
    [title.to_owned()].into_iter().chain(new).chain(told).collect::<Vec<_>>().join("\n")
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
