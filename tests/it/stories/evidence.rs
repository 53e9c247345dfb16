//! Evidence before money: the writer, the message, the reading (policy, "Who writes, and what may be told and done").

mod answers;
mod openings;
mod plates;
mod writers;

use misread::domain::ids::{AccountId, TicketId, UseId};
use misread::domain::parking::{Account, Vehicle};
use misread::domain::ticket::TicketStatus;
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::seed::{ACCOUNT, Story, load};

use crate::world::World;

/// A verified holder with one paid use at an open lot: the row that refunds.
const PAID: &str = "결제 완료, 소유인증 완료";

/// Many customers in one world, each with a plate, an account and a use of their own.
struct Centre {
    world: World,
    customers: i64,
}

impl Centre {
    async fn new() -> Self {
        Self { world: World::new().await, customers: 0 }
    }

    /// A proven holder of a paid use at an open lot, who has not written yet.
    fn holder(&mut self) -> Story {
        self.customers += 1;
        let nth = self.customers;
        let mut story = self.world.story(PAID);
        let vehicle =
            Vehicle { plate: format!("{}가{:04}", 10 + nth, 1000 + nth), ownership_verified: true };
        let account = AccountId::new(format!("acct-e{nth}"));
        story.customer.id = 7_170_550_000_000 + nth;
        story.customer.email = format!("evidence{nth}@sandbox.example");
        story.customer.external_id = Some(account.to_string());
        story.plate = Some(vehicle.plate.clone());
        for parking_use in &mut story.uses {
            parking_use.id = UseId::new(format!("use-e{nth}"));
            parking_use.account_id = account.clone();
            parking_use.vehicle = vehicle.clone();
        }
        story.account = Some(Account { id: account, vehicles: vec![vehicle], pass_active: true });
        story.message = "주차한 적이 없는데 결제됐어요.".into();
        story
    }

    /// The same, with the use's account tied, but not verified by Zendesk.
    fn tied(&mut self) -> Story {
        let mut story = self.holder();
        story.customer.verified = false;
        story
    }

    /// The customer opens the ticket, and the world runs until it rests.
    async fn open(&self, story: &Story) -> TicketId {
        load(&self.world.sandbox.parking, &self.world.sandbox.zendesk, std::slice::from_ref(story));
        let id = self.world.open(story);
        self.world.until_idle().await;
        id
    }

    /// Whether the use was refunded and the ticket solved, with no task for a person.
    fn is_settled(&self, id: TicketId) -> bool {
        let solved = self.world.stands(id, "misread_done") == (TicketStatus::Solved, true);
        solved && self.world.actions(id) == [Refund, Inspection]
    }

    /// Whether nothing was done, and general agents have the ticket.
    fn assert_handed_over(&self, id: TicketId, what: &str) {
        assert_eq!(self.world.actions(id), [], "{what}");
        let stands = self.world.stands(id, "misread_handed_over");
        assert_eq!(stands, (TicketStatus::Open, true), "{what}: {:#?}", self.world.notes(id));
        assert_eq!(self.world.ticket(id).fields.group_id, Some(ACCOUNT.agents_group), "{what}");
    }

    /// Whether the question was asked, and nothing was done.
    fn assert_asked(&self, id: TicketId, what: &str) {
        assert_eq!(self.world.actions(id), [], "{what}");
        assert_eq!(self.world.stands(id, "misread_waiting"), (TicketStatus::Pending, true), "{what}");
    }

    /// Whether no text to the customer contains a fact of the use.
    fn assert_nothing_told(&self, id: TicketId, story: &Story, what: &str) {
        for reply in self.world.replies(id) {
            for parking_use in &story.uses {
                let facts = [
                    parking_use.lot.name.clone(),
                    parking_use.lot.region.clone(),
                    parking_use.vehicle.plate.clone(),
                    parking_use.amount.map(|amount| amount.to_string()).unwrap_or_default(),
                ];
                for fact in facts.iter().filter(|fact| !fact.is_empty()) {
                    assert!(!reply.contains(fact.as_str()), "{what}: `{fact}` in {reply}");
                }
            }
        }
    }
}
