//! Runs the binary with only the environment that a test gives it, with a limit on every wait, and kills it at the
//! test's end.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{self, OpenptFlags};
use tempfile::TempDir;

/// Far longer than any step here takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// Settings with only the account's ids, which `misread serve` requires.
pub(crate) const ACCOUNT_IDS: &str = "[zendesk.fields]\nconsultation_type = 1\nplate = 2\n\
    [zendesk.groups]\nagents = 3\nairport_desk = 4\nlot_contact = 5\ncompensation = 6\n";
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A folder to run in, and the variables to run with.
pub(crate) struct Place {
    folder: TempDir,
    variables: Vec<(String, String)>,
    runs: usize,
}

/// The output of a command that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A running command, killed on drop.
pub(crate) struct Running {
    child: Child,
    out: PathBuf,
    err: PathBuf,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), variables: Vec::new(), runs: 0 }
    }

    /// A place with everything that `misread serve` requires; its addresses have no listener.
    pub(crate) fn furnished() -> Self {
        let mut place = Self::new();
        place.copy_config(ACCOUNT_IDS);
        for (name, value) in [
            ("MISREAD_CONFIG", "config"),
            ("MISREAD_LISTEN", "127.0.0.1:0"),
            ("MISREAD_WEBHOOK_SECRET", "own-secret-of-these-tests"),
            ("MISREAD_ZENDESK_URL", "http://127.0.0.1:9"),
            ("MISREAD_ZENDESK_CLIENT_ID", "client"),
            ("MISREAD_ZENDESK_CLIENT_SECRET", "client-secret-of-these-tests"),
            ("MISREAD_PARKING_URL", "http://127.0.0.1:9/v1"),
            ("MISREAD_PARKING_TOKEN", "parking-token-of-these-tests"),
        ] {
            place.set(name, value);
        }
        place
    }

    /// The shipped folder `config/` with other settings.
    pub(crate) fn copy_config(&self, settings: &str) {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
        fs::create_dir_all(self.path("config/macros")).unwrap();
        for file in ["policy.toml", "words.toml"] {
            fs::copy(shipped.join(file), self.path("config").join(file)).unwrap();
        }
        for entry in fs::read_dir(shipped.join("macros")).unwrap() {
            let file = entry.unwrap();
            fs::copy(file.path(), self.path("config/macros").join(file.file_name())).unwrap();
        }
        self.write("config/misread.toml", settings);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Appends to a file.
    pub(crate) fn append(&self, name: &str, text: &str) {
        let before = fs::read_to_string(self.path(name)).unwrap();
        self.write(name, &(before + text));
    }

    /// Replaces the only occurrence of `from` in a file.
    pub(crate) fn replace(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{name} says `{from}` not once");
        self.write(name, &text.replace(from, to));
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.unset(name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn unset(&mut self, name: &str) {
        self.variables.retain(|(known, _)| known != name);
    }

    /// Starts `misread` here.
    pub(crate) fn start(&mut self, arguments: &[&str]) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_misread"));
        command.args(arguments);
        self.start_as(command)
    }

    /// Starts `misread serve` here with a low limit on open files.
    pub(super) fn start_with_open_files(&mut self, count: usize) -> Running {
        let mut command = Command::new("/bin/sh");
        let script = format!("ulimit -n {count} && exec \"$0\" serve");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_misread")]);
        self.start_as(command)
    }

    fn start_as(&mut self, command: Command) -> Running {
        self.start_reading(command, Stdio::null())
    }

    fn start_reading(&mut self, mut command: Command, input: Stdio) -> Running {
        self.runs += 1;
        let output = |name: &str| self.path(&format!("{}.{name}", self.runs));
        let (out, err) = (output("out"), output("err"));
        let child = command
            .env_clear()
            .envs(self.variables.iter().cloned())
            .current_dir(self.folder.path())
            .stdin(input)
            .stdout(File::create(&out).unwrap())
            .stderr(File::create(&err).unwrap())
            .spawn()
            .unwrap();
        Running { child, out, err }
    }

    /// Runs `misread` here to its end, with this standard input.
    pub(super) fn run_typing(&mut self, arguments: &[&str], typed: &str) -> Ended {
        self.write("typed", typed);
        let mut command = Command::new(env!("CARGO_BIN_EXE_misread"));
        command.args(arguments);
        self.start_reading(command, File::open(self.path("typed")).unwrap().into()).ended()
    }

    /// Runs `misread` here to its end at a terminal, at which this is typed.
    pub(super) fn run_at_terminal(&mut self, arguments: &[&str], typed: &str) -> Ended {
        let mut keyboard = File::from(pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap());
        pty::grantpt(&keyboard).unwrap();
        pty::unlockpt(&keyboard).unwrap();
        let name = pty::ptsname(&keyboard, Vec::new()).unwrap();
        let terminal = rustix::fs::open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        keyboard.write_all(typed.as_bytes()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_misread"));
        command.args(arguments);
        self.start_reading(command, terminal.into()).ended()
    }

    /// Runs `misread` here to its end.
    pub(crate) fn run(&mut self, arguments: &[&str]) -> Ended {
        self.start(arguments).ended()
    }
}

impl Running {
    pub(crate) fn out(&self) -> String {
        read(&self.out)
    }

    pub(crate) fn err(&self) -> String {
        read(&self.err)
    }

    /// The log's lines, without a last one that is not complete.
    pub(crate) fn log(&self) -> Vec<serde_json::Value> {
        self.err().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end.
    pub(crate) fn ended(self) -> Ended {
        self.ended_within(PATIENCE)
    }

    /// Waits for its end for at most this time.
    pub(super) fn ended_within(mut self, patience: Duration) -> Ended {
        let status = self.wait_for(patience, |running| running.child.try_wait().unwrap());
        Ended { code: ExitStatus::code(&status), out: self.out(), err: self.err() }
    }

    /// Asks it to stop, as a service manager does, and waits for its end.
    pub(crate) fn terminated(self) -> Ended {
        self.signal("TERM");
        self.ended()
    }

    /// Asks it to reload its configuration, as a service manager does.
    pub(crate) fn reload(&self) {
        self.signal("HUP");
    }

    /// Sends a signal, for example `TERM`.
    pub(super) fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// Polls until `look` finds something.
    pub(crate) fn wait<T>(&mut self, look: impl FnMut(&mut Self) -> Option<T>) -> T {
        self.wait_for(PATIENCE, look)
    }

    fn wait_for<T>(&mut self, patience: Duration, mut look: impl FnMut(&mut Self) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(seen) = look(self) {
                return seen;
            }
            assert!(start.elapsed() < patience, "waited in vain\n{}\n{}", self.out(), self.err());
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits for something on standard output or in the log; fails if the command ends before.
    pub(crate) fn said<T>(&mut self, look: impl Fn(&Self) -> Option<T>) -> T {
        self.wait(|running| {
            let seen = look(running);
            if seen.is_none()
                && let Some(status) = running.child.try_wait().unwrap()
            {
                panic!("it ended ({status})\n{}\n{}", running.out(), running.err());
            }
            seen
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a process has written so far, which may end within a character.
fn read(file: &Path) -> String {
    String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned()
}
