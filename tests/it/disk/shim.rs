//! The library that is preloaded into real programs to record and disturb their file operations.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

use super::trace::Trace;

const SOURCE: &str = include_str!("shim.c");

/// The library in a folder, with its trace and its faults, for programs that work in `watched`.
pub(super) struct Shim {
    folder: PathBuf,
    watched: PathBuf,
}

impl Shim {
    /// Puts everything into `folder`, which programs of another user can read too.
    pub(super) fn new(folder: &Path, watched: &str) -> Self {
        let folder = folder.canonicalize().unwrap();
        let shim = Self { watched: folder.join(watched), folder };
        fs::write(shim.library(), library()).unwrap();
        fs::write(shim.trace_file(), "").unwrap();
        for file in [shim.library(), shim.trace_file()] {
            fs::set_permissions(file, fs::Permissions::from_mode(0o666)).unwrap();
        }
        shim
    }

    fn library(&self) -> PathBuf {
        self.folder.join("shim.so")
    }

    fn trace_file(&self) -> PathBuf {
        self.folder.join("shim.trace")
    }

    /// The folder whose files are recorded.
    pub(super) fn watched(&self) -> &str {
        self.watched.to_str().unwrap()
    }

    /// The variables that preload the library.
    pub(super) fn variables(&self) -> [(&'static str, String); 4] {
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        [
            ("LD_PRELOAD", text(self.library())),
            ("SHIM_FOLDER", self.watched().to_owned()),
            ("SHIM_TRACE", text(self.trace_file())),
            ("SHIM_FAULTS", text(self.folder.join("shim.faults"))),
        ]
    }

    /// From now on calls fail or wait as these lines say; the library describes their form. Without lines, none does.
    pub(super) fn faults(&self, lines: &[&str]) {
        // The library may read the file while it is written, and half a line would be another fault.
        let new = self.folder.join("shim.faults.new");
        fs::write(&new, lines.join("\n")).unwrap();
        fs::rename(new, self.folder.join("shim.faults")).unwrap();
    }

    /// The trace so far.
    pub(super) fn seen(&self) -> Trace {
        Trace::read(&fs::read(self.trace_file()).unwrap())
    }
}

/// The library, compiled once by the compiler that the build requires anyway.
fn library() -> &'static [u8] {
    static LIBRARY: OnceLock<Vec<u8>> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let (source, library) = (folder.path().join("shim.c"), folder.path().join("shim.so"));
        fs::write(&source, SOURCE).unwrap();
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-o"])
            .args([&library, &source])
            .arg("-ldl")
            .output()
            .expect("a C compiler is installed");
        assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
        fs::read(library).unwrap()
    })
}
