//! `misread demo`: the main job from webhook to note, by itself, quickly, and checked.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use misread::sandbox::seed;

use super::process::Place;

#[test]
fn the_demo_tells_every_customers_story_within_ten_seconds_and_ends_well() {
    let start = Instant::now();
    let demo = Place::new().run(&["demo"]);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    assert_eq!((demo.code, demo.err.as_str()), (Some(0), ""));
    let stories = seed::stories(Timestamp::UNIX_EPOCH);
    assert!(stories.len() >= 10);
    for story in &stories {
        assert!(demo.out.contains(&format!("{}: {}", story.customer.name, story.message)), "{}", story.title);
    }
    let all = stories.len();
    assert!(demo.out.contains("모든 처리·답변·메모가 정확히 한 번씩 이루어졌습니다"), "{}", demo.out);
    assert!(demo.out.contains(&format!(
        "문의 {all}건: 자동 답변 8건, 고객의 답변·결제 대기 3건, 담당자 이관 5건, 주차 시스템 처리 18건"
    )));
}

#[test]
fn the_demo_ends_with_a_table_of_one_line_a_customer() {
    let demo = Place::new().run(&["demo"]);
    let (_, table) = demo.out.split_once("한눈에 보기").unwrap();
    let table: Vec<&str> = table.lines().skip(2).take_while(|line| !line.is_empty()).collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn the_demo_plays_the_policy_that_the_folder_holds() {
    let mut place = Place::furnished();
    place.replace(
        "config/policy.toml",
        "actions = [\"cancel\", \"inspection\"]\nreply = \"use_cancelled\"",
        "hand_over = \"lot_contact\"\ntodo = \"현장을 확인해 주세요.\"",
    );
    let demo = place.run(&["demo"]);
    assert_eq!(demo.code, Some(0), "{}", demo.err);
    assert!(
        demo.out.contains(
            "문의 16건: 자동 답변 7건, 고객의 답변·결제 대기 3건, 담당자 이관 6건, 주차 시스템 처리 16건"
        ),
        "{}",
        demo.out
    );
}
