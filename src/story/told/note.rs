//! Shortens an internal note in a story by the sections that repeat the story.

/// The sections that repeat the story: evidence, use, actions, and replies to the customer.
const TOLD: &[&str] = &["근거", "이용 건", "처리 내역", "고객 안내"];

/// The note's title and its other sections; the headings of omitted sections follow in brackets.
pub fn shortened(note: &str) -> String {
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
