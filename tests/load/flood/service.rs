//! The released binary in a folder of its own, and what the system tells about it.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::Connection;
use tempfile::TempDir;

use crate::wire::SECRET;

/// How long it may take to start.
const START_WITHIN: Duration = Duration::from_secs(30);
const ACCOUNT_IDS: &str = "[zendesk.fields]\nconsultation_type = 1\nplate = 2\n\
    [zendesk.groups]\nagents = 3\nairport_desk = 4\nlot_contact = 5\ncompensation = 6\n";

/// A running service. Nothing listens where its Zendesk and its parking system should be: the door is what counts.
pub(crate) struct Service {
    child: Child,
    folder: TempDir,
    address: SocketAddr,
}

impl Service {
    pub(crate) fn start() -> Self {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("the build's folder is writable");
        copy_config(&folder.path().join("config"));
        let log = folder.path().join("log");
        let child = Command::new(env!("CARGO_BIN_EXE_misread"))
            .arg("serve")
            .env_clear()
            .envs([
                ("MISREAD_CONFIG", "config"),
                ("MISREAD_LISTEN", "127.0.0.1:0"),
                ("MISREAD_WEBHOOK_SECRET", SECRET),
                ("MISREAD_ZENDESK_URL", "https://127.0.0.1:9"),
                ("MISREAD_ZENDESK_CLIENT_ID", "client"),
                ("MISREAD_ZENDESK_CLIENT_SECRET", "client-secret-of-the-flood"),
                ("MISREAD_PARKING_URL", "https://127.0.0.1:9/v1"),
                ("MISREAD_PARKING_TOKEN", "parking-token-of-the-flood"),
            ])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log).expect("the folder is writable"))
            .spawn()
            .expect("the binary was built");
        let address = listening(&log);
        Self { child, folder, address }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The memory that it has now, in MB.
    pub(crate) fn memory_mb(&self) -> f64 {
        self.status_mb("VmRSS:")
    }

    /// The most that it ever had, in MB.
    pub(crate) fn highest_mb(&self) -> f64 {
        self.status_mb("VmHWM:")
    }

    fn status_mb(&self, name: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("Linux tells it");
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kilobytes / 1024.0
    }

    /// The size of its log.
    pub(crate) fn log_kb(&self) -> f64 {
        fs::metadata(self.path("log")).expect("it is there").len() as f64 / 1024.0
    }

    /// How many deliveries its ledger holds.
    pub(crate) async fn stored(&self) -> usize {
        let ledger = format!("sqlite://{}", self.path("misread.db").display());
        let mut connection = sqlx::SqliteConnection::connect(&ledger).await.expect("the ledger opens");
        let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM deliveries")
            .fetch_one(&mut connection)
            .await
            .expect("it can be read");
        usize::try_from(stored).expect("a count")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn copy_config(to: &Path) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    fs::create_dir_all(to.join("macros")).expect("the folder is writable");
    for folder in ["", "macros"] {
        for entry in fs::read_dir(shipped.join(folder)).expect("the repository has it") {
            let path = entry.expect("it can be read").path();
            if let (true, Some(name)) = (path.is_file(), path.file_name()) {
                fs::copy(&path, to.join(folder).join(name)).expect("the folder is writable");
            }
        }
    }
    fs::write(to.join("misread.toml"), ACCOUNT_IDS).expect("the folder is writable");
}

/// Waits until the log says where it listens.
fn listening(log: &Path) -> SocketAddr {
    let started = Instant::now();
    loop {
        let told = fs::read_to_string(log).expect("it is there");
        let ready = told
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .find(|line| line["message"] == "ready for webhooks");
        if let Some(address) = ready.and_then(|line| line["address"].as_str()?.parse().ok()) {
            return address;
        }
        assert!(started.elapsed() < START_WITHIN, "it did not start:\n{told}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
