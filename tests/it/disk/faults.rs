//! Disk failures under the running service. Zendesk is asked to send again, readiness and log name the failure, no
//! acknowledged delivery is lost, and the service recovers without a restart.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use sqlx::{Connection, SqliteConnection};

use super::power_cut::recovered;
use super::scene::{Scene, Service};
use super::sender::{Delivery, Sent};

/// A service with a delivery in its ledger, and the acknowledged deliveries.
struct Outage {
    scene: Scene,
    service: Service,
    sent: Vec<Sent>,
}

impl Outage {
    fn before() -> Self {
        let mut scene = Scene::new();
        let ledger = scene.place.path("data/misread.db");
        fs::File::create_new(&ledger).unwrap().set_permissions(fs::Permissions::from_mode(0o600)).unwrap();
        let service = scene.serve();
        let mut outage = Self { scene, service, sent: Vec::new() };
        outage.takes(1);
        outage
    }

    fn file(&self, name: &str) -> PathBuf {
        self.scene.place.path("data").join(name)
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.scene.place.path(from), self.scene.place.path(to)).unwrap();
    }

    /// Sends a delivery that must be accepted, now or earlier.
    fn takes(&mut self, number: usize) {
        let sent = Delivery::new(number).send(&self.service.address);
        assert!(sent.is_acknowledged(), "{sent:?}\n{}", self.service.process.err());
        self.sent.push(sent);
    }

    /// Checks the failure: deliveries are deferred, the service is not ready, and the log has this message.
    fn is_refused(&mut self, told: &str) {
        let sent = Delivery::new(2).send(&self.service.address);
        assert!(sent.is_put_off(), "{sent:?}");
        let answer = self.service.await_readiness("503");
        assert!(answer.contains(r#""store":"failing""#), "{answer}");
        self.says(told);
        let live = super::sender::get(&self.service.address, "/health/live");
        assert!(live.starts_with("HTTP/1.1 200 "), "{live}");
    }

    /// The log has this message, as an error or a warning; it may come a moment after the answer that it explains.
    fn says(&mut self, told: &str) {
        self.service.process.said(|process| {
            let log = process.log();
            let mut lines = log.iter().filter(|line| line["level"] == "ERROR" || line["level"] == "WARN");
            lines.any(|line| line.to_string().contains(told)).then_some(())
        });
    }

    /// Checks the recovery: the same process accepts deliveries, its worker works, and the file has all acknowledged
    /// deliveries.
    async fn goes_on(mut self) {
        self.service.await_readiness("200");
        self.takes(2);
        self.takes(3);
        let path = self.file("misread.db");
        let mut beside = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
        let works = tokio::time::timeout(crate::commands::process::PATIENCE, async {
            while sqlx::query_scalar::<_, i64>("SELECT count(*) FROM journal WHERE ticket_id = 3")
                .fetch_one(&mut beside)
                .await
                .unwrap()
                == 0
            {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        });
        works.await.expect("the worker works");
        beside.close().await.unwrap();
        drop(self.service);
        let there = recovered(&path).await.unwrap();
        assert!(self.sent.iter().all(|sent| there.contains(&sent.key)), "{:?}, but {there:?}", self.sent);
    }
}

/// Lets calls fail as these lines say, and then no more.
async fn under(faults: &[&str], told: &str) {
    let mut outage = Outage::before();
    outage.scene.shim.faults(faults);
    outage.is_refused(told);
    outage.scene.shim.faults(&[]);
    outage.goes_on().await;
}

#[tokio::test]
async fn a_full_disk() {
    under(&["write * ENOSPC", "truncate * ENOSPC"], "database or disk is full").await;
}

#[tokio::test]
async fn a_disk_that_becomes_read_only() {
    let faults = ["write * EROFS", "open * EROFS", "truncate * EROFS", "sync * EROFS", "remove * EROFS"];
    under(&faults, "the ledger was not written").await;
}

#[tokio::test]
async fn a_disk_that_does_not_write() {
    under(&["write * EIO"], "disk I/O error").await;
}

#[tokio::test]
async fn a_disk_that_does_not_sync() {
    under(&["sync * EIO"], "disk I/O error").await;
}

#[tokio::test]
async fn a_file_that_is_moved_away_and_back() {
    for part in ["data/misread.db", "data/misread.db-wal", "data"] {
        let mut outage = Outage::before();
        outage.rename(part, "elsewhere");
        outage.is_refused("was moved away while in use: move it back");
        outage.rename("elsewhere", part);
        outage.goes_on().await;
    }
}

#[tokio::test]
async fn another_file_in_its_place() {
    let mut outage = Outage::before();
    outage.rename("data/misread.db", "elsewhere");
    fs::write(outage.file("misread.db"), "a backup, perhaps").unwrap();
    outage.is_refused("to restore a backup, stop the service first");
    assert_eq!(fs::read_to_string(outage.file("misread.db")).unwrap(), "a backup, perhaps");
    fs::remove_file(outage.file("misread.db")).unwrap();
    outage.rename("elsewhere", "data/misread.db");
    outage.goes_on().await;
}

#[tokio::test]
async fn another_file_in_the_place_of_a_deleted_one() {
    let mut outage = Outage::before();
    fs::remove_file(outage.file("misread.db")).unwrap();
    fs::write(outage.file("misread.db"), "a backup, perhaps").unwrap();
    outage.is_refused("to restore a backup, stop the service first");
    fs::remove_file(outage.file("misread.db")).unwrap();
    outage.goes_on().await;
}

#[tokio::test]
async fn a_file_that_is_deleted_comes_back_by_itself() {
    for names in [
        &["misread.db"][..],
        &["misread.db-wal"],
        &["misread.db-shm"],
        &["misread.db", "misread.db-wal", "misread.db-shm"],
    ] {
        let mut outage = Outage::before();
        for name in names {
            fs::remove_file(outage.file(name)).unwrap();
        }
        // The worker may have looked for work before.
        let sent = Delivery::new(2).send(&outage.service.address);
        assert!(sent.is_put_off() || sent.says("accepted"), "{sent:?}");
        outage.service.await_readiness("200");
        outage.says("was deleted while in use");
        outage.says("the ledger is in its place again");
        let mode = outage.file("misread.db").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "the copy is for nobody else");
        let left: Vec<_> =
            fs::read_dir(outage.file("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_str().unwrap().contains("rescued")), "{left:?}");
        outage.goes_on().await;
    }
}

#[tokio::test]
async fn pages_that_are_overwritten_and_mended() {
    let Outage { mut scene, service, sent } = Outage::before();
    service.process.terminated();
    // The start moves the log's content into the database.
    let service = scene.serve();
    let mut outage = Outage { scene, service, sent };
    let (path, page) = (outage.file("misread.db"), 4096);
    let sound = fs::read(&path).unwrap();
    let damaged: Vec<u8> =
        sound[..page].iter().copied().chain(std::iter::repeat_n(0xff, sound.len() - page)).collect();
    overwrite(&path, &damaged);
    outage.is_refused("is damaged (");
    outage.says("see to its disk, stop the service and restore it from a backup");
    overwrite(&path, &sound);
    outage.goes_on().await;
}

/// Changes the file in place: it stays the same file.
fn overwrite(path: &std::path::Path, bytes: &[u8]) {
    use std::io::Write as _;
    let mut file = fs::File::options().write(true).open(path).unwrap();
    file.write_all(bytes).unwrap();
}
