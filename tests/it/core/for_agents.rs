use std::collections::BTreeSet;

use misread::account::for_agents::{Rule, wanted};

use super::triggers::marks;

#[test]
fn roles_and_titles_are_distinct_and_each_macro_sets_one_tag_that_the_service_awaits() {
    let marks = marks();
    let all = wanted(&marks, "902");
    assert_eq!(all.iter().map(|rule| rule.role).collect::<BTreeSet<_>>().len(), 8);
    assert_eq!(all.iter().map(|rule| rule.title).collect::<BTreeSet<_>>().len(), 8);
    let tags: Vec<&serde_json::Value> = all
        .iter()
        .filter_map(|rule| match &rule.rule {
            Rule::Macro(actions) => Some(actions),
            Rule::View(_) => None,
        })
        .flatten()
        .filter(|action| action.field == "current_tags")
        .map(|action| &action.value)
        .collect();
    assert_eq!(tags, [&marks.give_back_tag, &marks.release_tag, &marks.give_back_tag]);
}
