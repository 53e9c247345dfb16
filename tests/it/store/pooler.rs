//! A small pooler between clients and a PostgreSQL server, like others with `pool_mode = session` and `pool_mode =
//! transaction`.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use misread::testbed::postgres::Server;
use sqlx::{Connection as _, PgConnection};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::unix;
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How long a client keeps a server connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Session,
    Transaction,
}

/// A pooler that runs until it is dropped.
pub(crate) struct Pooler {
    port: u16,
    _stop: DropGuard,
}

impl Pooler {
    pub(crate) async fn before(server: &Server, mode: Mode) -> Self {
        let address = server.address("postgres", "postgres");
        let folder = address.split_once("?host=").unwrap().1.to_owned();
        let pool =
            Arc::new(Pool { socket: PathBuf::from(folder).join(".s.PGSQL.5432"), idle: Mutex::default() });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, stop) = (listener.local_addr().unwrap().port(), CancellationToken::new());
        let serving = async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                // Either side may close it at any time.
                tokio::spawn(serve(client, Arc::clone(&pool), mode));
            }
        };
        tokio::spawn(stop.clone().run_until_cancelled_owned(serving));
        Self { port, _stop: stop.drop_guard() }
    }

    /// Opens transactions of this many clients at the same time.
    pub(crate) async fn warm_up(&self, database: &str, clients: usize) {
        let mut connections = Vec::new();
        for _ in 0..clients {
            let mut connection = PgConnection::connect(&self.address(database)).await.unwrap();
            sqlx::raw_sql("BEGIN").execute(&mut connection).await.unwrap();
            connections.push(connection);
        }
        for mut connection in connections {
            sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
    }

    pub(crate) fn address(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

struct Pool {
    socket: PathBuf,
    idle: Mutex<Vec<Backend>>,
}

/// A connection to the server.
struct Backend {
    /// Its database, user and parameters.
    startup: Vec<u8>,
    /// The server's messages until it was ready.
    greeting: Vec<u8>,
    reader: Messages<unix::OwnedReadHalf>,
    writer: unix::OwnedWriteHalf,
}

impl Pool {
    /// The connection that was returned last, or a new one.
    async fn take(&self, startup: &[u8]) -> Option<Backend> {
        {
            let mut idle = self.idle.lock().unwrap();
            if let Some(place) = idle.iter().rposition(|backend| backend.startup == startup) {
                return Some(idle.remove(place));
            }
        }
        let (reader, mut writer) = UnixStream::connect(&self.socket).await.ok()?.into_split();
        writer.write_all(startup).await.ok()?;
        let (mut reader, mut greeting) = (Messages::of(reader), Vec::new());
        loop {
            let message = reader.next().await?;
            greeting.extend_from_slice(&message);
            if message[0] == b'Z' {
                return Some(Backend { startup: startup.to_owned(), greeting, reader, writer });
            }
        }
    }

    fn give_back(&self, backend: Backend) {
        self.idle.lock().unwrap().push(backend);
    }
}

/// Whole messages: type, length, content.
struct Messages<R> {
    reader: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Messages<R> {
    fn of(reader: R) -> Self {
        Self { reader, buffer: Vec::new() }
    }

    /// The next message; `None` at the end. Cancelling the wait loses no bytes.
    async fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(length) = self.buffer.get(1..5) {
                let end = 1 + u32::from_be_bytes(length.try_into().unwrap()) as usize;
                if self.buffer.len() >= end {
                    return Some(self.buffer.drain(..end).collect());
                }
            }
            if self.reader.read_buf(&mut self.buffer).await.ok()? == 0 {
                return None;
            }
        }
    }
}

async fn serve(client: TcpStream, pool: Arc<Pool>, mode: Mode) -> Option<()> {
    let (mut reader, mut writer) = client.into_split();
    let startup = startup(&mut reader, &mut writer).await?;
    let mut messages = Messages::of(reader);
    let mut kept = pool.take(&startup).await;
    writer.write_all(&kept.as_ref()?.greeting).await.ok()?;
    if mode == Mode::Transaction {
        pool.give_back(kept.take()?);
    }
    loop {
        let first = messages.next().await.filter(|message| message[0] != b'X')?;
        let mut backend = match kept.take() {
            Some(backend) => backend,
            None => pool.take(&startup).await?,
        };
        backend.writer.write_all(&first).await.ok()?;
        relay(&mut messages, &mut writer, &mut backend).await?;
        match mode {
            Mode::Session => kept = Some(backend),
            Mode::Transaction => pool.give_back(backend),
        }
    }
}

/// Forwards messages both ways until the server is outside of a transaction.
async fn relay(
    client: &mut Messages<OwnedReadHalf>,
    writer: &mut OwnedWriteHalf,
    backend: &mut Backend,
) -> Option<()> {
    loop {
        tokio::select! {
            told = backend.reader.next() => {
                let told = told?;
                writer.write_all(&told).await.ok()?;
                if told[0] == b'Z' && told[5] == b'I' {
                    return Some(());
                }
            }
            asked = client.next() => backend.writer.write_all(&asked?).await.ok()?,
        }
    }
}

/// The first message of a client; encryption is declined.
async fn startup(reader: &mut OwnedReadHalf, writer: &mut OwnedWriteHalf) -> Option<Vec<u8>> {
    const ENCRYPTION: [u32; 2] = [80_877_103, 80_877_104];
    loop {
        let (length, code) = (reader.read_u32().await.ok()?, reader.read_u32().await.ok()?);
        let mut startup = [length.to_be_bytes(), code.to_be_bytes()].concat();
        startup.resize(length as usize, 0);
        reader.read_exact(&mut startup[8..]).await.ok()?;
        if !ENCRYPTION.contains(&code) {
            return Some(startup);
        }
        writer.write_all(b"N").await.ok()?;
    }
}
