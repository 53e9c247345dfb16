//! The connection from one process to the private PostgreSQL server: a relay that can be cut like a network, without notice
//! to either side.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::plan::Heals;

/// The socket name that PostgreSQL clients expect in the folder of their address.
const SOCKET: &str = ".s.PGSQL.5432";
const CHUNK: usize = 16 * 1024;

/// One process's connection to the server. It ends with `stop`.
#[derive(Debug)]
pub(super) struct Link {
    folder: PathBuf,
    state: watch::Sender<LinkState>,
}

/// Whether connections are cut, and what becomes of those from before a cut.
#[derive(Clone, Copy, Debug, Default)]
struct LinkState {
    cut: bool,
    /// Increases with each cut.
    number: u64,
    /// Connections from before this cut are reset.
    broken_before: u64,
    /// Connections from before this cut carry no more data, without notice.
    silent_before: u64,
}

impl Link {
    /// Opens the relay; creates `folder`; `server` is the folder with the server's socket.
    ///
    /// # Errors
    /// If the folder or the socket cannot be created.
    pub(super) fn open(
        folder: PathBuf,
        server: &Path,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&folder).context("cannot make a folder for the way to the database")?;
        let listener =
            UnixListener::bind(folder.join(SOCKET)).context("cannot listen in place of PostgreSQL")?;
        let (state, now) = watch::channel(LinkState::default());
        let (server, inner, stop) = (server.join(SOCKET), tasks.clone(), stop.clone());
        tasks.spawn(stop.clone().run_until_cancelled_owned(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (server, state) = (server.clone(), now.clone());
                inner.spawn(stop.clone().run_until_cancelled_owned(async move {
                    // Either side may be killed at any time; the other notices by the end of its connection.
                    let _ = relay(client, &server, state).await;
                }));
            }
        }));
        Ok(Self { folder, state })
    }

    /// The address of a database behind it.
    pub(super) fn address(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@localhost/{database}?host={}", self.folder.display())
    }

    /// From now on no data passes in either direction; connections stay open.
    pub(super) fn cut(&self) {
        self.state.send_modify(|state| {
            state.cut = true;
            state.number += 1;
        });
    }

    /// Data passes again; open connections behave as `heals` says.
    pub(super) fn heal(&self, heals: Heals) {
        self.state.send_modify(|state| {
            state.cut = false;
            match heals {
                Heals::GoesOn => {}
                Heals::Broken => state.broken_before = state.number,
                Heals::Silent => state.silent_before = state.number,
            }
        });
    }
}

/// Relays both directions until one side ends or the connection is broken.
async fn relay(client: UnixStream, server: &Path, state: watch::Receiver<LinkState>) -> io::Result<()> {
    let mut own = state.clone();
    let born = own.borrow().number;
    if !passes(&mut own, born).await || state.borrow().broken_before > born {
        return Ok(());
    }
    let server = UnixStream::connect(server).await?;
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    let mut told = state.clone();
    tokio::select! {
        // Both must be read to their end: the server's last data follows the client's.
        carried = async { tokio::try_join!(
            copy(from_client, to_server, state.clone(), born),
            copy(from_server, to_client, state, born),
        ) } => carried.map(drop),
        _ = told.wait_for(|state| state.broken_before > born) => Ok(()),
    }
}

/// Waits until data may pass on a connection from this cut's time; returns whether it ever may.
async fn passes(state: &mut watch::Receiver<LinkState>, born: u64) -> bool {
    state.wait_for(|state| !state.cut && state.silent_before <= born).await.is_ok()
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut state: watch::Receiver<LinkState>,
    born: u64,
) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = from.read(&mut chunk).await?;
        if !passes(&mut state, born).await {
            return Ok(());
        }
        if count == 0 {
            return to.shutdown().await;
        }
        to.write_all(&chunk[..count]).await?;
    }
}
