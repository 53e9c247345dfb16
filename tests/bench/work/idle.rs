//! What the real program costs before it has anything to do, and after many webhooks: time to readiness, memory, size.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use misread::app::SystemClock;
use misread::config::shipped_files;
use misread::domain::signature::sign;
use misread::ports::Clock;

const PROGRAM: &str = env!("CARGO_BIN_EXE_misread");
const SECRET: &str = "idle-webhook-secret";
const STARTS: usize = 7;
const WEBHOOKS: usize = 1_000;
const SETTINGS: &str = "
[zendesk.fields]
consultation_type = 1
plate = 2
[zendesk.groups]
agents = 1
airport_desk = 2
lot_contact = 3
compensation = 4
";

pub(crate) async fn report(folder: &Path) {
    let config = configuration(folder);
    let mut times: Vec<Duration> =
        (0..STARTS).map(|number| Served::start(folder, &config, number).ready_after).collect();
    times.sort_unstable();
    let served = Served::start(folder, &config, STARTS);
    let at_rest = served.resident_megabytes();
    served.send_webhooks().await;
    let afterwards = served.resident_megabytes();
    println!(
        "idle: from start to ready {:.0} ms (median of {STARTS})",
        times[STARTS / 2].as_secs_f64() * 1e3
    );
    println!("resident memory {at_rest:.1} MB, after {WEBHOOKS} webhooks {afterwards:.1} MB");
    let stripped =
        stripped_megabytes(folder).map(|size| format!(", stripped {size:.1} MB")).unwrap_or_default();
    println!("program {:.1} MB{stripped}", megabytes(Path::new(PROGRAM)));
}

/// `misread serve` on a ledger of its own, ready; ended when dropped. Nobody answers at the addresses that it is given.
struct Served {
    process: Child,
    listen: SocketAddr,
    ready_after: Duration,
}

impl Served {
    fn start(folder: &Path, config: &Path, number: usize) -> Self {
        let listen = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .expect("a port is free");
        let started = Instant::now();
        let process = Command::new(PROGRAM)
            .arg("serve")
            .env_clear()
            .env("MISREAD_CONFIG", config)
            .env("MISREAD_LISTEN", listen.to_string())
            .env(
                "MISREAD_DATABASE_URL",
                format!("sqlite://{}", folder.join(format!("idle{number}.db")).display()),
            )
            .env("MISREAD_WEBHOOK_SECRET", SECRET)
            .env("MISREAD_ZENDESK_URL", "http://127.0.0.1:9")
            .env("MISREAD_ZENDESK_CLIENT_ID", "idle")
            .env("MISREAD_ZENDESK_CLIENT_SECRET", "idle-client-secret")
            .env("MISREAD_PARKING_URL", "http://127.0.0.1:9/v1")
            .env("MISREAD_PARKING_TOKEN", "idle-parking-token")
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut served = Self { process, listen, ready_after: Duration::MAX };
        while !served.is_ready() {
            assert!(started.elapsed() < Duration::from_secs(10), "not ready");
            std::thread::sleep(Duration::from_millis(1));
        }
        served.ready_after = started.elapsed();
        served
    }

    fn is_ready(&self) -> bool {
        let ask = || {
            let mut stream = TcpStream::connect(self.listen)?;
            stream.write_all(b"GET /health/ready HTTP/1.1\r\nhost: misread\r\nconnection: close\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).map(|_| answer)
        };
        ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    async fn send_webhooks(&self) {
        let client = reqwest::Client::builder().build().expect("a client can be built");
        for number in 1..=WEBHOOKS {
            let body =
                format!(r#"{{"ticket_id":"{number}","kind":"start","updated_at":"2026-01-02T03:04:00Z"}}"#);
            let timestamp = SystemClock.now().to_string();
            let request = client
                .post(format!("http://{}/webhooks/zendesk", self.listen))
                .header("x-zendesk-webhook-signature", sign(SECRET, &timestamp, body.as_bytes()))
                .header("x-zendesk-webhook-signature-timestamp", timestamp)
                .header("x-zendesk-webhook-invocation-id", number.to_string());
            let answer = request.body(body).send().await.expect("the door answers");
            assert!(answer.status().is_success(), "{answer:?}");
        }
    }

    fn resident_megabytes(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("Linux tells");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("Linux tells");
        let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kibibytes * 1024.0 / 1e6
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It ends without this as well: the process is a child that nobody waits for otherwise.
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
}

/// The built-in files, with an account's ids.
fn configuration(folder: &Path) -> PathBuf {
    let to = folder.join("config");
    fs::create_dir_all(to.join("macros")).expect("the folder is writable");
    for (name, text) in shipped_files() {
        fs::write(to.join(name), text).expect("the folder is writable");
    }
    fs::write(to.join("misread.toml"), SETTINGS).expect("the folder is writable");
    to
}

fn megabytes(file: &Path) -> f64 {
    fs::metadata(file).expect("the file is there").len() as f64 / 1e6
}

/// Where there is a `strip`.
fn stripped_megabytes(folder: &Path) -> Option<f64> {
    let stripped = folder.join("stripped");
    let done = Command::new("strip").arg("-o").arg(&stripped).arg(PROGRAM).status();
    done.ok()?.success().then(|| megabytes(&stripped))
}
