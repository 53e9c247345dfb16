//! Whole conversations with real answers, drawn at random from tables that the lists were not tuned on, through router,
//! ledger and both mocks. The tables' authors say what an answer means, and the story says what must follow.

use misread::ports::CaseState;
use misread::sandbox::parking::DoneAction;

use crate::simulation::rng::Rng;
use crate::words::answers::{ADVERSARY, FRESH, HELD_OUT, LATER, Line, PLATE, TRAPS_HELD_OUT};
use crate::world::World;

/// The tables' name for each question, and a story that asks it.
const ASKED: [(&str, &str); 4] = [
    ("i", "본인 확인이 안 된 문의자"),
    ("v", "차량 두 대, 본인 차량이라 답함"),
    ("iv", "본인·차량 질문에 한 번에 답함"),
    ("c", "폐점한 주차장 결제 완료"),
];
/// The number of conversations per question with a yes, and with another answer.
const YES: usize = 15;
const OTHERS: usize = 15;
/// The least percentage of customers with a yes who are settled at the first answer, and without a person.
const FLOORS: [usize; 2] = [55, 60];

/// The lines that name nothing but the story's plate: days and times would contradict its use.
fn lines<'a>(tables: &[&'a str], asked: &str, yes: bool) -> Vec<Line<'a>> {
    let all = tables.iter().flat_map(|table| Line::all(table));
    let fits = |line: &Line<'_>| {
        let said = line.text.replace(PLATE, "");
        line.asked == asked
            && line.is_yes() == yes
            && !said.contains(['월', '시', '분'])
            && !said.contains("일 ")
    };
    all.filter(fits).collect()
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Settled,
    AskedAgain,
    ByAPerson,
}

/// Sends one line as the answer in a world that waits for it.
async fn say(world: &World, id: misread::domain::ids::TicketId, line: &Line<'_>, title: &str) -> Outcome {
    let story = world.story(title);
    let replies = world.replies(id).len();
    let text = line.text.replace(PLATE, &story.uses[0].vehicle.plate);
    world.customer_says(id, &text).await;
    let done = !world.actions(id).is_empty();
    match world.state(id).await {
        _ if done => Outcome::Settled,
        CaseState::Waiting if world.replies(id).len() > replies => Outcome::AskedAgain,
        _ => Outcome::ByAPerson,
    }
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the figures are what this test is for")]
async fn only_people_who_say_yes_move_money() {
    let mut rng = Rng::new(12);
    for (asked, title) in ASKED {
        let lines_of = |tables: &[&'static str], yes: bool| lines(tables, asked, yes);
        let yes = lines_of(&[LATER, HELD_OUT], true);
        let yes: Vec<&Line<'_>> = yes.iter().collect();
        let (mut first, mut second, mut people) = (0, 0, 0);
        for _ in 0..YES {
            let (world, id) = World::opened(title).await;
            let mut outcome = say(&world, id, rng.pick(&yes), title).await;
            if outcome == Outcome::Settled {
                first += 1;
            } else if outcome == Outcome::AskedAgain {
                outcome = say(&world, id, rng.pick(&yes), title).await;
                second += usize::from(outcome == Outcome::Settled);
            }
            people += usize::from(outcome == Outcome::ByAPerson);
            if outcome == Outcome::Settled {
                let done = world.sandbox.parking.actions();
                let done: Vec<_> = done.iter().filter_map(DoneAction::as_ordered).collect();
                assert_eq!(done, world.story(title).end.actions, "{title}");
            }
        }
        println!(
            "{asked}: of {YES} who say yes {first} are settled at the first answer, {second} at the second, {people} by a person"
        );
        assert!(100 * first / YES >= FLOORS[0] && 100 * (first + second) / YES >= FLOORS[1], "{asked}");

        let others = lines_of(&[FRESH, LATER, HELD_OUT, TRAPS_HELD_OUT, ADVERSARY], false);
        let others: Vec<&Line<'_>> = others.iter().collect();
        for _ in 0..OTHERS {
            let (world, id) = World::opened(title).await;
            let line = rng.pick(&others);
            let outcome = say(&world, id, line, title).await;
            // A customer who declines the coupon gets points instead.
            let declines = asked == "c" && line.is_no();
            assert!(declines || outcome != Outcome::Settled, "{asked}: {}", line.text);
        }
    }
}
