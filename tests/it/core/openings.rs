use misread::domain::openings::Openings;

fn learnt() -> Openings {
    let honest = (0..30).map(|nth| format!("honest\t저는 {nth}층 집에 있었고 주차장에 간 적이 없어요"));
    let against = (0..30).map(|nth| format!("solved\t{nth}시에 환불 받았습니다. 고맙습니다"));
    let lines: Vec<String> = honest.chain(against).collect();
    Openings::parse(&lines.join("\n")).unwrap()
}

#[test]
fn an_opening_is_judged_by_the_examples_it_resembles() {
    assert!(learnt().is_doubtful("어제 환불 받았습니다"));
    assert!(!learnt().is_doubtful("저는 그 주차장에 간 적이 없어요"));
    assert!(!learnt().is_doubtful(""));
}

#[test]
fn what_is_no_example_is_told_with_its_place() {
    let text = "honest\t집에 있었어요\nsolvd\t환불 받았어요\nhonest\n";
    let problems = Openings::parse(text).unwrap_err();
    let places: Vec<&str> = problems.iter().filter_map(|problem| Some(&text[problem.at.clone()?])).collect();
    assert_eq!(places, ["solvd\t환불 받았어요", "honest"]);
    assert!(problems.iter().any(|problem| problem.what.contains("배울 수 없습니다")), "{problems:?}");
}
