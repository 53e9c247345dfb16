//! Visitors of a demo: what they find in the console besides the stories that have ended, and what keeps it running for them.

use std::time::Duration;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use super::stage::Stage;
use super::{AT_MOST, Demo};
use crate::sandbox::faults::{Fault, FaultRule};
use crate::sandbox::seed;

/// How often the worker, which rarely polls in a demo, is told to look for what has become due.
const WAKE_EVERY: Duration = Duration::from_millis(500);
/// The copies of the stories whose tickets are left to the visitors.
const COPY: u32 = 1;
/// Stories whose first step the parking system refuses, each group with the refusal.
const STUCK: [(u16, &[&str]); 2] = [
    (403, &["결제 완료, 소유인증 완료", "직영 주차장 미수, 소유인증 완료"]),
    (500, &["제휴 주차장 이용 중, 소유인증 완료"]),
];
/// Stories that end after the first message, so that the day has figures.
const ENDED: [&str; 5] = [
    "고객이 이미 앱에서 취소한 건",
    "인천공항 이용 중, 소유인증 전",
    "직영 주차장 이용 중, 전각 숫자로 적은 번호판",
    "결제 완료, 번호판을 적지 않음 (등록 차량 한 대), 소유인증 전",
    "폐점 주차장, 보상 한도 초과",
];
/// Stories that wait for a person after the first message: the customer, who answers or pays, the airport desk, an agent.
const WAITING: [&str; 6] = [
    "폐점한 주차장 결제 완료",
    "폐점한 주차장 미수",
    "인천공항 결제 완료",
    "인천공항 미수",
    "차량번호만 아는 사람이 “네”라고 답함",
    "분명하지 않은 답, 다시 물음",
];

impl Demo {
    /// Opens tickets that are left to visitors: some get stuck, some wait for people, some end at once.
    ///
    /// # Errors
    /// If the service does not come to rest in time.
    pub async fn leave_work(&self) -> anyhow::Result<()> {
        let left = async {
            let mut opened = self.tales.len();
            let faults = self.sandbox.parking.faults();
            for (status, titles) in STUCK {
                let fault = Fault::Status { status, retry_after: None, body: String::new() };
                faults.inject(FaultRule::always("/uses", fault));
                opened += self.open(titles)?;
                self.come_to_rest(opened).await?;
                faults.clear();
            }
            opened += self.open(&ENDED)? + self.open(&WAITING)?;
            self.come_to_rest(opened).await
        };
        let left = tokio::time::timeout(AT_MOST, left).await;
        left.context("the service did not come to rest with the visitors' tickets in time")?
    }

    /// Customers like those of these stories open tickets; returns how many.
    fn open(&self, titles: &[&str]) -> anyhow::Result<usize> {
        for title in titles {
            let told = self.sandbox.stories.iter().find(|story| story.title == *title);
            let story = told.with_context(|| format!("no story is called {title}"))?.copy(COPY);
            seed::load(&self.sandbox.parking, &self.sandbox.zendesk, std::slice::from_ref(&story));
            story.open(&self.sandbox.zendesk)?;
        }
        Ok(titles.len())
    }

    async fn come_to_rest(&self, tickets: usize) -> anyhow::Result<()> {
        let stage = Stage::new(&self.sandbox, self.store.as_ref(), &self.clock, &self.wake);
        stage.with_stuck_cases().come_to_rest(tickets).await
    }

    /// What stops [`Demo::receive`].
    pub fn stopper(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Keeps everything running for visitors until it is stopped.
    pub async fn receive(&self) {
        self.sandbox.send_webhooks(&self.tasks, &self.stop);
        let mut again = tokio::time::interval(WAKE_EVERY);
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return,
                _ = again.tick() => self.wake.notify_one(),
            }
        }
    }
}
