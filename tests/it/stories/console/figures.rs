//! The figures by day, week and month.

use std::time::Duration;

use misread::domain::person::Role;
use reqwest::StatusCode;

use super::{PAID, Place};

/// The cells of a row of the page's tables.
fn row(page: &str, label: &str) -> Vec<String> {
    let start = format!("<tr><th scope=\"row\">{label}</th>");
    let (_, rest) = page.split_once(&start).unwrap_or_else(|| panic!("{label}: {page}"));
    let cells = rest.split_once("</tr>").unwrap().0.split("<td class=\"figure\">").skip(1);
    cells.map(|cell| cell.split_once('<').unwrap().0.to_owned()).collect()
}

#[tokio::test]
async fn figures_are_told_by_day_week_and_month() {
    for place in Place::on_each(|_| {}).await {
        let mut browser = place.signed_in(Role::View).await;
        let empty = browser.page("/figures").await;
        assert!(empty.contains("이 기간에는 아직 없습니다") && !empty.contains("<rect"), "{empty}");
        // A Friday.
        for title in [PAID, "고객이 이미 앱에서 취소한 건", "폐점 주차장, 보상 한도 초과"]
        {
            place.world.open(&place.world.story(title));
        }
        place.world.until_idle().await;
        place.world.pass(Duration::from_hours(3 * 24));
        // The same use once more, which people look at.
        place.world.open(&place.world.story(PAID));
        place.world.until_idle().await;
        let mut browser = place.signed_in(Role::View).await;
        let days = browser.page("/figures").await;
        let settled = row(&days, "사람 없이 끝남");
        assert_eq!((settled.len(), &settled[10..]), (14, &["2", "0", "0", "0"].map(str::to_owned)[..]));
        assert_eq!(row(&days, "사람에게 넘김")[10..], ["1", "0", "0", "1"]);
        assert_eq!(row(&days, "사람 없이 끝난 비율")[10..], ["67%", "-", "-", "0%"]);
        assert_eq!(row(&days, "결제취소")[10..], ["8,000원", "0원", "0원", "0원"]);
        assert!(days.contains("role=\"img\" aria-label=\"끝난 건 막대 그림."), "{days}");
        assert!(days.contains("<title>11.20., 사람 없이 끝남: 2건</title>"), "{days}");

        assert_eq!(row(&days, "첫 답변 건수")[9..], ["-", "2", "-", "-", "-"], "not of the hand-over");
        assert_eq!(row(&days, "1분 안")[9..], ["-", "100%", "-", "-", "-"]);
        assert_eq!(row(&days, "평균")[9..], ["-", "0초", "-", "-", "-"]);
        assert_eq!(row(&days, "중앙값(어림)")[9..], ["-", "약 5초", "-", "-", "-"]);

        let weeks = browser.page("/figures?by=week").await;
        assert_eq!(row(&weeks, "사람에게 넘김")[10..], ["1", "1"]);
        let months = browser.page("/figures?by=month").await;
        assert_eq!(row(&months, "사람 없이 끝남")[10..], ["0", "2"]);
        let earlier = browser.page("/figures?by=day&until=2026-11-20").await;
        assert_eq!(row(&earlier, "사람 없이 끝남")[12..], ["0", "2"]);
        assert!(earlier.contains("rel=\"next\"") && !days.contains("rel=\"next\""));

        let file = browser.get("/figures.csv?by=week").await.text;
        assert!(
            file.starts_with("\u{feff}\"표\",\"항목\",") && file.contains("\"처리한 금액\",\"결제취소\""),
            "{file}"
        );
        let line = file.lines().find(|line| line.contains("\"사람 없이 끝남\"")).unwrap();
        assert!(line.ends_with(",2,0"), "{line}");
        let line = file.lines().find(|line| line.contains("첫 답변까지 걸린 시간\",\"평균, 초\"")).unwrap();
        assert!(line.ends_with(",\"\",0,\"\""), "{line}");
    }
}

#[tokio::test]
async fn figures_that_cannot_be_are_refused() {
    let place = Place::new().await;
    let mut browser = place.signed_in(Role::View).await;
    assert_eq!(browser.get("/figures?by=hour").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/figures?until=x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for until in ["0001-01-01", "-009999-01-01", "9999-12-31"] {
        for by in ["day", "week", "month"] {
            let answer = browser.get(&format!("/figures?by={by}&until={until}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{by} {until}");
        }
    }
}
