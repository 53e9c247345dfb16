use jiff::Timestamp;
use misread::notify::condition::{Condition, Kind};
use misread::notify::judge::News;
use misread::notify::message::body;

#[test]
fn news_that_come_together_are_one_message() {
    let since: Timestamp = "2026-11-20T05:00:00Z".parse().unwrap();
    let condition = |kind, size| Condition { kind, since, size };
    let news = [
        News::Began(condition(Kind::Stuck(Some(35_009)), 3)),
        News::Lasts(condition(Kind::ReloadRefused, 2)),
        News::Over(condition(Kind::UpstreamDown("parking"), 1)),
    ];
    let message: serde_json::Value =
        serde_json::to_value(body(&news, since, "https://acme.zendesk.com")).unwrap();
    insta::assert_snapshot!(message["text"].as_str().unwrap(), @r"
    [misread] 확인이 필요한 일이 있습니다.
    - 막힌 건이 3건 있습니다. 다시 시도하거나 상담으로 넘겨 주세요 (11월 20일 14:00부터)
      https://acme.zendesk.com/agent/tickets/35009
    - 아직 그대로입니다: 새 설정에 잘못된 곳이 2곳 있어 적용하지 않았습니다. 이전 설정으로 계속 처리합니다. `misread check`로 확인해 주세요 (11월 20일 14:00부터)
    - 해결되었습니다: 주차 시스템 연결
    ");
    assert_eq!(message["items"][0]["kind"], "stuck");
    assert_eq!(message["items"][0]["state"], "began");
    assert_eq!(message["items"][0]["link"], "https://acme.zendesk.com/agent/tickets/35009");
    assert_eq!(message["items"][2]["state"], "over");
    let over: serde_json::Value = serde_json::to_value(body(&news[2..], since, "")).unwrap();
    assert_eq!(over["text"], "[misread] 해결되었습니다: 주차 시스템 연결");
}
