mod plain;

use misread::domain::file::TomlFile;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Sample {
    number: u8,
    section: Section,
    rows: Vec<Section>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Section {
    text: String,
    more: u8,
}

#[test]
fn every_wrong_value_is_told_with_its_place() {
    let text = "number = 'x'\ntypo = 1\n[section]\ntext = 3\nmore = 300\n[[rows]]\ntext = 'fine'\n[[rows]]\nmoer = 1\n";
    let problems = TomlFile::parse(text).unwrap().read::<Sample>().unwrap_err();
    let places: Vec<&str> = problems.iter().map(|problem| &text[problem.at.clone().unwrap()]).collect();
    assert_eq!(places.len(), 5, "{problems:#?}");
    for place in ["'x'", "typo", "3", "300", "moer"] {
        assert!(places.contains(&place), "{place} is not in {places:?}");
    }
}

#[test]
fn what_is_not_wrong_is_read_beside_what_is() {
    let text = "number = 7\ntypo = 1\n[section]\ntext = 3\nmore = 9\n";
    let (sample, problems) = TomlFile::parse(text).unwrap().read_what_can_be::<Sample>();
    let sample = sample.unwrap();
    assert_eq!((sample.number, sample.section.text.as_str(), sample.section.more), (7, "", 9));
    assert_eq!(problems.len(), 2, "{problems:#?}");
}

#[test]
fn a_section_in_a_list_is_read_without_what_is_wrong_in_it() {
    let text = "[[rows]]\ntext = 'fine'\nmore = 'x'\n[[rows]]\ntext = 'good'\nmoer = 1\n";
    let (sample, problems) = TomlFile::parse(text).unwrap().read_what_can_be::<Sample>();
    let rows: Vec<(String, u8)> = sample.unwrap().rows.into_iter().map(|row| (row.text, row.more)).collect();
    assert_eq!(rows, [("fine".to_owned(), 0), ("good".to_owned(), 0)]);
    assert_eq!(problems.len(), 2, "{problems:#?}");
}

#[test]
fn a_syntax_error_has_its_place() {
    let problems = TomlFile::parse("number = \n").unwrap_err();
    assert!(problems.iter().all(|problem| problem.at.is_some()), "{problems:?}");
}

#[test]
fn a_value_is_found_by_its_path() {
    let text = "[section]\nmore = 7\n";
    let file = TomlFile::parse(text).unwrap();
    assert_eq!(&text[file.span(&["section", "more"]).unwrap()], "7");
    assert_eq!(file.span(&["section", "absent"]), None);
}
