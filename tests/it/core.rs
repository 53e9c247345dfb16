//! The core, through what it offers: laid out like its rooms.

mod availability;
mod bulk_mode;
mod case;
mod clocks;
mod file;
mod for_agents;
mod limits;
mod mail;
mod marker;
mod missed;
mod openings;
mod parking;
mod person;
mod plate;
mod policy;
mod reply;
mod retry;
mod setup;
mod signature;
mod sliding_window;
mod surrogates;
mod triggers;
mod used_at;
mod words;

use misread::domain::ids::{AccountId, LotId, UseId};
use misread::domain::parking::{Linkage, Lot, Operation, ParkingUse, UseStatus, Vehicle, Won};

/// A use that is over and paid for.
fn parking_use() -> ParkingUse {
    ParkingUse {
        id: UseId::new("use-1"),
        account_id: AccountId::new("acc-1"),
        vehicle: Vehicle { plate: "12가3456".into(), ownership_verified: false },
        lot: Lot {
            id: LotId::new("lot-1"),
            name: "역삼 하늘 주차장".into(),
            region: "서울 강남구 역삼동".into(),
            operation: Operation::Partner,
            linkage: Linkage::Linked,
            closed: false,
            airport: None,
            self_cancel: true,
        },
        status: UseStatus::Completed,
        entered_at: "2026-11-20T05:05:00Z".parse().unwrap(),
        exited_at: Some("2026-11-20T15:00:00Z".parse().unwrap()),
        amount: Some(Won(12_000)),
        compensation: None,
    }
}
