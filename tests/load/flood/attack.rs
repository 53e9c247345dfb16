//! The attacks: each a way of sending, and what is sent.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use misread::webhook::{BODY_LIMIT, LARGE_BODIES, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::wire::{Delivery, connect, exchange};

/// Attackers that wait for their answers; more only queue.
const AT_ONCE: usize = 64;
/// More than the door has places.
const THOUSANDS: usize = 2_000;
/// How often who is slow sends a byte.
const SLOW: Duration = Duration::from_millis(100);
/// No attack does more.
const MOST: usize = 1_000_000;

/// One kind of attack.
pub(crate) struct Attack {
    pub(crate) name: &'static str,
    connections: usize,
    /// Where it comes from.
    from: Ipv4Addr,
    behaviour: Behaviour,
    done: AtomicUsize,
    taken: AtomicUsize,
}

/// What is sent: made anew each time, of its number.
type Made = Box<dyn Fn(usize) -> Vec<u8> + Send + Sync>;

enum Behaviour {
    /// One request after the other; on one connection, or each on its own.
    Requests { made: Made, kept: bool },
    /// A beginning, then nothing, or a byte now and then; when the door hangs up, once more.
    Slow { made: Made, trickles: bool },
    /// Requests without end, whose answers nobody reads.
    Unread(Made),
}

/// All attacks, from one address.
pub(crate) fn all(from: Ipv4Addr) -> Vec<Attack> {
    // Made once: the door is to be the slow side. To it, the same forgery is as much work as another.
    let forged = |change: fn(&mut Delivery)| -> Made {
        let request = OnceLock::new();
        Box::new(move |number| {
            let forge = || {
                let mut delivery = Delivery::honest(number);
                "a guess".clone_into(&mut delivery.secret);
                change(&mut delivery);
                delivery.request()
            };
            request.get_or_init(forge).clone()
        })
    };
    let attack = |name, connections, behaviour| Attack {
        name,
        connections,
        from,
        behaviour,
        done: AtomicUsize::new(0),
        taken: AtomicUsize::new(0),
    };
    let slow = |made, trickles| Behaviour::Slow { made, trickles };
    let requests = |made, kept| Behaviour::Requests { made, kept };
    let replayed = Delivery::honest(usize::MAX).request();
    vec![
        attack("thousands of connections, silent", THOUSANDS, slow(Box::new(|_| Vec::new()), false)),
        attack(
            "slow heads",
            THOUSANDS,
            slow(Box::new(|_| b"POST /webhooks/zendesk HTTP/1.1\r\nx-".to_vec()), true),
        ),
        attack(
            "slow bodies",
            THOUSANDS,
            slow(begun(forged(|delivery| delivery.body = vec![b' '; 4_096])), true),
        ),
        attack("slow large bodies", THOUSANDS, slow(begun(forged(large)), true)),
        attack("large bodies", AT_ONCE, requests(forged(large), true)),
        attack(
            "connections opened and closed",
            AT_ONCE,
            requests(Box::new(|_| b"GET / HTTP/1.1\r\nhost: x\r\n\r\n".to_vec()), false),
        ),
        attack(
            "huge heads",
            AT_ONCE,
            requests(
                forged(|delivery| delivery.headers = format!("x-filler: {}\r\n", "x".repeat(64 * 1024))),
                false,
            ),
        ),
        attack(
            "deep JSON",
            AT_ONCE,
            requests(forged(|delivery| delivery.body = b"{\"a\":".repeat(20_000)), true),
        ),
        attack(
            "invalid UTF-8",
            AT_ONCE,
            requests(forged(|delivery| delivery.body = b"\xff\xfe{\xc0\x80}".to_vec()), true),
        ),
        attack(
            "compressed bodies",
            AT_ONCE,
            requests(forged(|delivery| delivery.headers.push_str("content-encoding: gzip\r\n")), true),
        ),
        attack(
            "replays under new ids",
            AT_ONCE,
            requests(Box::new(move |number| renamed(&replayed, number)), true),
        ),
        attack("guessed signatures", AT_ONCE, requests(forged(|_| ()), true)),
        attack("wrong secrets, new connections", AT_ONCE, requests(forged(|_| ()), false)),
        attack("answers that nobody reads", AT_ONCE, Behaviour::Unread(forged(|_| ()))),
        attack(
            "large bodies beyond all places",
            Limits::default().connections + LARGE_BODIES,
            requests(forged(large), false),
        ),
    ]
}

fn large(delivery: &mut Delivery) {
    delivery.body = vec![b' '; BODY_LIMIT];
}

/// All but the last bytes of what is made.
fn begun(made: Made) -> Made {
    Box::new(move |number| {
        let mut request = made(number);
        request.truncate(request.len() - 1_000);
        request
    })
}

/// The same request under another invocation id, which is not signed, of the same length.
fn renamed(request: &[u8], number: usize) -> Vec<u8> {
    let text = String::from_utf8(request.to_vec()).expect("honest deliveries are text");
    let id = format!("honest-{}", usize::MAX);
    text.replace(&id, &format!("{number:0width$}", width = id.len())).into_bytes()
}

impl Attack {
    /// How many attacks were made: answers that came, or connections that were opened.
    pub(crate) fn count(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// How many were answered 200.
    pub(crate) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// Attacks for so long.
    pub(crate) async fn run(self: Arc<Self>, address: SocketAddr, lasts: Duration) {
        let numbers = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        for _ in 0..self.connections {
            let (attack, numbers) = (Arc::clone(&self), Arc::clone(&numbers));
            tasks.spawn(timeout(lasts, async move {
                while attack.count() < MOST {
                    // The door hangs up: the next.
                    if attack.once(address, &numbers).await.is_err() {
                        tokio::task::yield_now().await;
                    }
                }
            }));
        }
        tasks.join_all().await;
    }

    /// What one attacker does on one connection.
    async fn once(&self, address: SocketAddr, numbers: &AtomicUsize) -> io::Result<()> {
        let number = || numbers.fetch_add(1, Ordering::Relaxed);
        let mut stream = connect(self.from, address).await?;
        match &self.behaviour {
            Behaviour::Requests { made, kept } => loop {
                let status = exchange(&mut stream, &made(number())).await?;
                self.done.fetch_add(1, Ordering::Relaxed);
                self.taken.fetch_add(usize::from(status == 200), Ordering::Relaxed);
                if !kept || self.count() >= MOST {
                    return Ok(());
                }
            },
            Behaviour::Slow { made, trickles } => {
                stream.write_all(&made(number())).await?;
                self.done.fetch_add(1, Ordering::Relaxed);
                let mut answer = [0; 1024];
                loop {
                    tokio::select! {
                        // An answer, or the end: that connection did what it could.
                        read = stream.read(&mut answer) => return read.map(|_| ()),
                        () = sleep(SLOW) => {}
                    }
                    if *trickles {
                        stream.write_all(b"x").await?;
                    }
                }
            }
            Behaviour::Unread(made) => loop {
                stream.write_all(&made(number())).await?;
                self.done.fetch_add(1, Ordering::Relaxed);
            },
        }
    }
}
