//! An internal note in short: what is told in its story already is left out.

/// The sections that the story itself tells: the decision, the use, what was done, and pages of the guide.
const TOLD: &[&str] = &["판단", "이용 건", "처리 내역", "참고"];

/// The note's title and the sections that say something new.
pub(super) fn shortened(note: &str) -> String {
    let mut sections = note.trim_end().split("\n\n■ ");
    let title = sections.next().unwrap_or_default();
    let heading = |section: &str| section.lines().next().unwrap_or_default().to_owned();
    let (told, new): (Vec<&str>, Vec<&str>) =
        sections.partition(|section| TOLD.contains(&heading(section).as_str()));
    let new = new.into_iter().map(|section| format!("■ {}", section.trim_end()));
    let told: Vec<String> = told.into_iter().map(heading).collect();
    let told = (!told.is_empty()).then(|| format!("(그 밖의 항목: {})", told.join(", ")));
    [title.to_owned()].into_iter().chain(new).chain(told).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_story_tells_is_only_named_and_the_rest_stays() {
        let note = "[misread] 제목\n\n■ 판단\n- 정책 행: x\n- 사유: y\n\n■ 고객 답변\n- 본인 확인: 네\n\n■ 남은 일\n- 없음.\n\n■ 참고\n- z";
        insta::assert_snapshot!(shortened(note), @r"
        [misread] 제목
        ■ 고객 답변
        - 본인 확인: 네
        ■ 남은 일
        - 없음.
        (그 밖의 항목: 판단, 참고)
        ");
        assert_eq!(shortened("[misread] 제목뿐"), "[misread] 제목뿐");
    }
}
