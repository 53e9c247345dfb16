//! Failures of jobs: items that fail by themselves, and faults on request.

use std::time::Duration;

use misread::domain::ticket::TicketStatus;
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{JobState, JobSwitches};
use serde_json::{Value, json};

use super::super::stage::Stage;
use super::{each_its_own, end, job, same_for_all, status};

const OPENED: &str = "2026-03-02T01:00:00Z";

fn errors(job: &Value) -> Vec<&str> {
    let results = job["results"].as_array().unwrap();
    results.iter().map(|result| result["error"].as_str().unwrap_or_default()).collect()
}

#[tokio::test]
async fn items_that_fail_stand_in_the_results_of_a_completed_job() {
    let stage = Stage::set().await;
    let [good, closed, touched] = [(); 3].map(|()| stage.plain_ticket());
    stage.zendesk.close(closed).unwrap();
    stage.clock.advance(Duration::from_secs(2));
    stage.zendesk.agent_comments(touched, ACCOUNT.agent, "제가 볼게요", false).unwrap();
    let ordered = each_its_own(
        &stage,
        json!([
            { "id": closed.get(), "status": "open" },
            { "id": 1, "status": "open" },
            { "id": good.get(), "status": "done" },
            { "id": touched.get(), "status": "open", "safe_update": true, "updated_stamp": OPENED },
            { "id": good.get(), "status": "open", "safe_update": true, "updated_stamp": OPENED },
        ]),
    )
    .await;
    let job = end(&stage, &job(ordered).await).await;
    assert_eq!((&job["status"], &job["progress"]), (&json!("completed"), &json!(5)));
    assert_eq!(errors(&job), ["RecordInvalid", "RecordNotFound", "RecordInvalid", "UpdateConflict", ""]);
    let first = json!({ "action": "update", "success": false, "id": closed.get(), "error": "RecordInvalid",
        "details": "Status: closed prevents ticket update" });
    assert_eq!(job["results"][0], first);
    assert_eq!(job["results"][4]["success"], true);
    assert_eq!(stage.zendesk.ticket(touched).unwrap().fields.status, TicketStatus::New);
    assert_eq!(stage.zendesk.ticket(good).unwrap().fields.status, TicketStatus::Open);
}

#[tokio::test]
async fn stamps_can_be_passed_over_in_bulk() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    stage.clock.advance(Duration::from_secs(2));
    stage.zendesk.agent_comments(id, ACCOUNT.agent, "제가 볼게요", false).unwrap();
    let update = json!([{ "id": id.get(), "status": "open", "safe_update": true, "updated_stamp": OPENED }]);
    stage.zendesk.set_job_switches(JobSwitches { ignore_stamps: true, ..JobSwitches::default() });
    let job = job(each_its_own(&stage, update).await).await;
    assert_eq!(errors(&end(&stage, &job).await), [""]);
}

#[tokio::test]
async fn a_killed_job_has_done_half_and_does_not_tell_which_half() {
    let stage = Stage::set().await;
    stage.zendesk.set_job_switches(JobSwitches { kill_next: 1, ..JobSwitches::default() });
    let ids = [(); 4].map(|()| stage.plain_ticket());
    let killed = job(same_for_all(&stage, &ids, json!({ "status": "open" })).await).await;
    let ended = end(&stage, &killed).await;
    assert_eq!((&ended["status"], &ended["progress"]), (&json!("killed"), &json!(2)));
    assert_eq!(ended["results"], Value::Null);
    let status_of = |id| stage.zendesk.ticket(id).unwrap().fields.status;
    assert_eq!(ids.map(status_of)[..3], [TicketStatus::Open, TicketStatus::Open, TicketStatus::New]);
    assert_eq!(stage.zendesk.jobs()[0].state, JobState::Killed);

    let next = job(same_for_all(&stage, &ids, json!({ "status": "open" })).await).await;
    assert_eq!(end(&stage, &next).await["status"], "completed", "only one was to be killed");
}

#[tokio::test]
async fn items_fail_on_order_without_a_trace_in_the_ticket() {
    let stage = Stage::set().await;
    stage.zendesk.set_job_switches(JobSwitches { fail_next_items: 1, ..JobSwitches::default() });
    let ids = [(); 2].map(|()| stage.plain_ticket());
    let ordered = job(same_for_all(&stage, &ids, json!({ "status": "open" })).await).await;
    let job = end(&stage, &ordered).await;
    assert_eq!(errors(&job), ["InternalError", ""]);
    assert_eq!(stage.zendesk.audits(ids[0]).len(), 1);
}

#[tokio::test]
async fn jobs_that_are_held_go_on_from_the_moment_they_are_released() {
    let stage = Stage::set().await;
    let ids = [(); 2].map(|()| stage.plain_ticket());
    let held = job(same_for_all(&stage, &ids, json!({ "status": "open" })).await).await;
    stage.clock.advance(Duration::from_millis(1100));
    assert_eq!(status(&stage, &held).await["progress"], 1);
    stage.zendesk.set_job_switches(JobSwitches { hold: true, ..JobSwitches::default() });
    assert_eq!(end(&stage, &held).await["progress"], 1);
    let waiting = job(same_for_all(&stage, &ids[1..], json!({ "subject": "나중" })).await).await;

    stage.zendesk.set_job_switches(JobSwitches::default());
    assert_eq!(status(&stage, &held).await["status"], "completed");
    let updated_at = stage.zendesk.ticket(ids[1]).unwrap().fields.updated_at;
    assert_eq!(updated_at.to_string(), "2026-03-02T01:10:01Z", "not while it was held");
    assert_eq!(status(&stage, &waiting).await["status"], "queued", "it waits its own time");
    assert_eq!(end(&stage, &waiting).await["status"], "completed");
}
