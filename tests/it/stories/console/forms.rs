//! Forms: what was typed is not lost when the answer is an error, and what is sent twice is done once.

use misread::domain::person::Role;
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use reqwest::StatusCode;

use super::{Place, escaped, gives_up_soon, name, with_users};

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed() {
    let place = Place::with(with_users, gives_up_soon).await;
    let id = place.stuck().await;
    let mut browser = place.signed_in(Role::Operate).await;
    let path = format!("/tickets/{id}/retry");
    let long = format!("주차 시스템이 돌아왔습니다 <b>\"{}\"", "가".repeat(300));
    let refused = browser.act(&path, &long).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains(&escaped(&long)) && refused.text.contains("까닭</label>"),
        "{}",
        refused.text
    );
    assert!(refused.text.contains(&format!("action=\"{path}\"")), "{}", refused.text);
    // What the page holds is all that the form needs.
    let answer = browser.submit(&refused, &path, &[("reason", "돌아왔습니다")]).await;
    assert_eq!(answer.to(), format!("/tickets/{id}?done=retry"));

    let form = browser.get("/bulk?state=stuck&what=hand-over").await;
    let fields = [("state", "stuck"), ("what", "hand-over"), ("reason", "사람이 확인해야 합니다")];
    let refused = browser.submit(&form, "/bulk", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "it was not confirmed");
    for kept in
        ["사람이 확인해야 합니다", "name=\"state\" value=\"stuck\"", "name=\"what\" value=\"hand-over\""]
    {
        assert!(refused.text.contains(kept), "{kept}: {}", refused.text);
    }
}

#[tokio::test]
async fn a_form_of_another_page_is_not_offered_again() {
    let place = Place::with(with_users, gives_up_soon).await;
    let id = place.stuck().await;
    let mut browser = place.signed_in(Role::Operate).await;
    let path = format!("/tickets/{id}/retry");
    let (token, mine) = (browser.get("/").await.form_token(), "남이 적은 글");
    for (from, token) in [("https://evil.example", token.as_str()), (&browser.url.clone(), "x")] {
        let refused =
            browser.post_from(&[("origin", from)], &path, &[("form_token", token), ("reason", mine)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{from}");
        assert!(!refused.text.contains(mine) && !refused.text.contains("다시 보내기"), "{from}");
    }
    // Nor is a password ever shown.
    let wrong = place.browser().sign_in("보라", "s3cret-typed").await;
    assert!(wrong.text.contains("value=\"보라\"") && !wrong.text.contains("s3cret-typed"), "{}", wrong.text);
}

#[tokio::test]
async fn an_order_that_is_sent_twice_at_the_same_time_is_carried_out_once() {
    let place = Place::with(with_users, gives_up_soon).await;
    let id = place.stuck().await;
    let (mut one, mut other) = (place.signed_in(Role::Operate).await, place.browser());
    other.cookie.clone_from(&one.cookie);
    let path = format!("/tickets/{id}/retry");
    let reason = "주차 시스템이 돌아왔습니다";
    let (first, second) = tokio::join!(one.act(&path, reason), other.act(&path, reason));
    let done = format!("/tickets/{id}?done=retry");
    assert_eq!((first.to(), second.to()), (done.as_str(), done.as_str()));
    place.world.until_idle().await;
    assert_eq!(place.world.actions(id), [Refund, Inspection]);
    assert_eq!(place.world.replies(id).len(), 1, "the customer hears of it once");
    let by = place.ordered_by(id).await;
    assert!(!by.is_empty() && by.iter().all(|who| who == name(Role::Operate)), "{by:?}");

    // A hand-over that is sent twice is one that is sent once.
    let [twice, single] = place.stuck_for(500, 2).await[..] else { panic!("two tickets") };
    let path = format!("/tickets/{twice}/hand-over");
    let _ = tokio::join!(one.act(&path, reason), other.act(&path, reason));
    one.act(&format!("/tickets/{single}/hand-over"), reason).await.to();
    place.world.until_idle().await;
    let mut outside = Vec::new();
    for id in [twice, single] {
        let world = &place.world;
        outside.push((
            world.notes(id).len(),
            world.replies(id).len(),
            world.actions(id),
            world.ending(id).await,
        ));
    }
    assert_eq!(outside[0], outside[1]);
}
