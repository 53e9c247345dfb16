use misread::console::chart::{ABOVE, BELOW, Chart, HEIGHT, Series};

#[test]
fn bars_stand_on_each_other_within_the_drawing() {
    let series = [[3, 0, u64::MAX], [1, 0, 5]].map(|values| Series::new("가", values.into()));
    let columns = ["a", "b", "c"].map(str::to_owned);
    let chart = Chart::new("x", "끝", &columns, &series, |count| count.to_string());
    let bars = |x| chart.bars.iter().filter(move |bar| bar.x == x).collect::<Vec<_>>();
    let highest = bars(2 * 240 + 30);
    assert_eq!((highest.len(), highest[0].y, highest[0].height), (1, ABOVE, HEIGHT - ABOVE - BELOW));
    assert!(bars(30).iter().all(|bar| bar.y + bar.height <= HEIGHT - BELOW && bar.y >= ABOVE));
    assert!(bars(270).is_empty(), "nothing happened");
}

#[test]
fn a_chart_of_nothing_draws_nothing() {
    let chart = Chart::new("x", "끝", &["a".to_owned()], &[], |count| count.to_string());
    assert!(chart.is_empty && chart.bars.is_empty());
}
