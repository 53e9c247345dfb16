//! The service as a separate, recorded process on a SQLite ledger.

use std::fs;

use super::sender::get;
use super::shim::Shim;
use crate::commands::process::{Place, Running};
use crate::commands::service::ready;

/// A place to serve in. The ledger is `data/misread.db`, and only `data` is recorded.
pub(super) struct Scene {
    pub(super) place: Place,
    pub(super) shim: Shim,
}

/// A service that is ready for webhooks.
pub(super) struct Service {
    pub(super) process: Running,
    pub(super) address: String,
}

impl Scene {
    pub(super) fn new() -> Self {
        let mut place = Place::furnished();
        fs::create_dir(place.path("data")).unwrap();
        let shim = Shim::new(&place.path(""), "data");
        place.set("MISREAD_DATABASE_URL", "sqlite://data/misread.db");
        for (name, value) in shim.variables() {
            place.set(name, &value);
        }
        Self { place, shim }
    }

    /// Starts the service and waits until it is ready and its worker has looked for work.
    pub(super) fn serve(&mut self) -> Service {
        let mut process = self.place.start(&["serve"]);
        let address = ready(&mut process);
        let mut service = Service { process, address };
        service.await_readiness("200 OK");
        service
    }
}

impl Service {
    /// Waits for this status of readiness; returns the whole response.
    pub(super) fn await_readiness(&mut self, status: &str) -> String {
        let address = self.address.clone();
        self.process.wait(|_| {
            let answer = get(&address, "/health/ready");
            answer.starts_with(&format!("HTTP/1.1 {status}")).then_some(answer)
        })
    }
}
