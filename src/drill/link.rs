//! The way from one process to the private PostgreSQL server: a relay that can be cut as a network is, without either side being told.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::plan::Heals;

/// What a client of PostgreSQL's looks for in the folder that its address names.
const SOCKET: &str = ".s.PGSQL.5432";
const CHUNK: usize = 16 * 1024;

/// One process's way to the server. Its work ends with `stop`.
#[derive(Debug)]
pub(super) struct Link {
    folder: PathBuf,
    way: watch::Sender<Way>,
}

/// How the way is now.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    cut: bool,
    /// Goes up with each cut.
    number: u64,
    /// Connections from before the cut of this number are told that they are broken.
    broken_before: u64,
    /// Connections from before the cut of this number carry nothing any more, and are not told.
    silent_before: u64,
}

impl Link {
    /// Opens the way; `folder` is made, `server` is the folder with the server's socket.
    ///
    /// # Errors
    /// When the folder or the socket cannot be made.
    pub(super) fn open(
        folder: PathBuf,
        server: &Path,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&folder).context("cannot make a folder for the way to the database")?;
        let listener =
            UnixListener::bind(folder.join(SOCKET)).context("cannot listen in place of PostgreSQL")?;
        let (way, now) = watch::channel(Way::default());
        let (server, inner, stop) = (server.join(SOCKET), tasks.clone(), stop.clone());
        tasks.spawn(stop.clone().run_until_cancelled_owned(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (server, way) = (server.clone(), now.clone());
                inner.spawn(stop.clone().run_until_cancelled_owned(async move {
                    // Either side may be killed at any time; the other learns of it by the end of its connection.
                    let _ = relay(client, &server, way).await;
                }));
            }
        }));
        Ok(Self { folder, way })
    }

    /// The address of a database behind it.
    pub(super) fn address(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@localhost/{database}?host={}", self.folder.display())
    }

    /// From now on nothing gets through in either direction; connections stay open.
    pub(super) fn cut(&self) {
        self.way.send_modify(|way| {
            way.cut = true;
            way.number += 1;
        });
    }

    /// Everything gets through again, what was under way as said.
    pub(super) fn heal(&self, heals: Heals) {
        self.way.send_modify(|way| {
            way.cut = false;
            match heals {
                Heals::GoesOn => {}
                Heals::Broken => way.broken_before = way.number,
                Heals::Silent => way.silent_before = way.number,
            }
        });
    }
}

/// Carries both directions until one side ends or the way is broken.
async fn relay(client: UnixStream, server: &Path, way: watch::Receiver<Way>) -> io::Result<()> {
    let mut own = way.clone();
    let born = own.borrow().number;
    if !passes(&mut own, born).await || way.borrow().broken_before > born {
        return Ok(());
    }
    let server = UnixStream::connect(server).await?;
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    let mut told = way.clone();
    tokio::select! {
        // Both must be heard to their end: the server's last words come after the client's.
        carried = async { tokio::try_join!(
            carry(from_client, to_server, way.clone(), born),
            carry(from_server, to_client, way, born),
        ) } => carried.map(drop),
        _ = told.wait_for(|way| way.broken_before > born) => Ok(()),
    }
}

/// Waits until something may pass on a connection that began at this cut; whether it ever may.
async fn passes(way: &mut watch::Receiver<Way>, born: u64) -> bool {
    way.wait_for(|way| !way.cut && way.silent_before <= born).await.is_ok()
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut way: watch::Receiver<Way>,
    born: u64,
) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = from.read(&mut chunk).await?;
        if !passes(&mut way, born).await {
            return Ok(());
        }
        if count == 0 {
            return to.shutdown().await;
        }
        to.write_all(&chunk[..count]).await?;
    }
}
