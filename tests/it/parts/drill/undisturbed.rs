use std::sync::Arc;

use misread::app::clock::MovableClock;
use misread::domain::parking::ParkingAction;
use misread::domain::policy::Team;
use misread::domain::ticket::TicketStatus;
use misread::drill::undisturbed::check_end;
use misread::ports::Clock as _;
use misread::sandbox::seed;
use misread::sandbox::seed::End;
use misread::sandbox::zendesk::{AgentUpdate, FakeTicket, FakeZendesk, SERVICE_USER, ZendeskSettings};
use misread::testbed::sandbox::marks;

const SOLVED: End =
    End { actions: &[], status: TicketStatus::Solved, team: None, said: &["취소해 드렸습니다"] };

/// A ticket that the service answered and solved, without an action.
fn solved() -> FakeTicket {
    let clock = Arc::new(MovableClock::default());
    let story = seed::stories(clock.now()).swap_remove(0);
    let zendesk = FakeZendesk::new(clock, ZendeskSettings::new("client", "secret")).unwrap();
    seed::provision(&zendesk, &marks()).unwrap();
    zendesk.add_user(story.customer.clone());
    let id = zendesk.open_ticket(story.ticket()).unwrap();
    let answer = AgentUpdate {
        comment: Some("바로 취소해 드렸습니다.".to_owned()),
        public: true,
        status: Some(TicketStatus::Solved),
        ..AgentUpdate::default()
    };
    zendesk.agent_changes(id, SERVICE_USER, answer).unwrap();
    zendesk.ticket(id).unwrap()
}

#[test]
fn a_calm_run_that_ends_otherwise_than_the_storys_own_table_is_refused() {
    let ticket = solved();
    check_end(&SOLVED, &ticket, &[], true).unwrap();
    for (why, end) in [
        ("another status", End { status: TicketStatus::Open, ..SOLVED }),
        ("another group", End { team: Some(Team::Agents), ..SOLVED }),
        ("an action is missing", End { actions: &[ParkingAction::Refund], ..SOLVED }),
        ("another text", End { said: &["결제를 취소"], ..SOLVED }),
        ("a text is missing", End { said: &["취소해 드렸습니다", "쿠폰"], ..SOLVED }),
        ("a text too many", End { said: &[], ..SOLVED }),
    ] {
        assert!(check_end(&end, &ticket, &[], true).is_err(), "{why}");
    }
    // Before the story's end, what is missing may still come.
    check_end(&End { actions: &[ParkingAction::Refund], ..SOLVED }, &ticket, &[], false).unwrap();
}
