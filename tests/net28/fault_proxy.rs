//! A bad line: passes TCP connections on, late, and with faults that a seed decides.

use std::net::SocketAddr;
use std::time::Duration;

use tallystick::secret::{Entropy as _, SeededEntropy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::task::TaskTracker;

/// Bytes read at once.
const CHUNK_BYTES: usize = 64 * 1024;
/// Pieces under way in one direction: what a long fat line holds.
const UNDER_WAY: usize = 128;

/// What a line does to what goes over it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Faults {
    /// How long each piece is on its way.
    pub(crate) delay: Duration,
    /// At most so much longer; pieces stay in order.
    pub(crate) jitter: Duration,
    /// One piece in so many breaks the connection; never when 0.
    pub(crate) reset_one_in: u32,
    /// One piece in so many has a bit changed; none when 0.
    pub(crate) flip_one_in: u32,
    /// One piece in so many, and all after it, wait for this long; none when 0.
    pub(crate) stall_one_in: u32,
    pub(crate) stall: Duration,
    pub(crate) seed: u64,
}

impl Faults {
    /// Late, and nothing worse.
    pub(crate) fn late(delay: Duration) -> Self {
        Self {
            delay,
            jitter: Duration::ZERO,
            reset_one_in: 0,
            flip_one_in: 0,
            stall_one_in: 0,
            stall: Duration::ZERO,
            seed: 0,
        }
    }
}

/// Passes what comes to `listener` on to `upstream`, for ever.
pub(crate) async fn serve(listener: TcpListener, upstream: SocketAddr, faults: Faults) {
    let tasks = TaskTracker::new();
    for number in 0_u64.. {
        let Ok((near, _)) = listener.accept().await else {
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        tasks.spawn(async move {
            // The first packet is late like any other.
            sleep(faults.delay).await;
            let Ok(far) = TcpStream::connect(upstream).await else { return };
            let _ = (near.set_nodelay(true), far.set_nodelay(true));
            let (near_reads, near_writes) = near.into_split();
            let (far_reads, far_writes) = far.into_split();
            let chance = |way: u64| SeededEntropy::new(faults.seed ^ (number * 2 + way));
            // One direction that breaks takes the other with it.
            tokio::select! {
                () = one_way(near_reads, far_writes, faults, chance(0)) => {}
                () = one_way(far_reads, near_writes, faults, chance(1)) => {}
            }
        });
    }
}

async fn one_way(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    faults: Faults,
    chance: SeededEntropy,
) {
    let (sender, mut receiver) = mpsc::channel::<(Instant, Vec<u8>)>(UNDER_WAY);
    let reads = async move {
        let happens = |one_in: u32| one_in > 0 && number(&chance).is_multiple_of(one_in);
        let mut earliest = Instant::now();
        loop {
            let mut piece = Vec::with_capacity(CHUNK_BYTES);
            match from.read_buf(&mut piece).await {
                Ok(0) | Err(_) => return true,
                Ok(_) => {}
            }
            if happens(faults.reset_one_in) {
                return false;
            }
            if happens(faults.flip_one_in) {
                let place = number(&chance) as usize % piece.len();
                piece[place] ^= 1 << (number(&chance) % 8);
            }
            let jitter = faults.jitter.mul_f64(f64::from(number(&chance)) / f64::from(u32::MAX));
            let stall = if happens(faults.stall_one_in) { faults.stall } else { Duration::ZERO };
            let arrives = (Instant::now() + faults.delay + jitter + stall).max(earliest);
            earliest = arrives;
            if sender.send((arrives, piece)).await.is_err() {
                return false;
            }
        }
    };
    let writes = async move {
        while let Some((arrives, piece)) = receiver.recv().await {
            sleep_until(arrives).await;
            if to.write_all(&piece).await.is_err() {
                return;
            }
        }
        let _ = to.shutdown().await;
    };
    let reads = async {
        if reads.await {
            // The other direction may have more to say.
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = reads => {}
        () = async { writes.await; sleep(faults.delay * 2 + Duration::from_secs(1)).await } => {}
    }
}

fn number(chance: &SeededEntropy) -> u32 {
    let mut bytes = [0; 4];
    chance.fill(&mut bytes);
    u32::from_be_bytes(bytes)
}
