//! Frames on a connection: four bytes of length, big-endian, and as many bytes. What they mean is not known here.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadHalf, WriteHalf};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use super::registry::{ConnectionInfo, Direction, Registration};
use super::{Limits, PeerIdentity, TransportError};
use crate::limits::LARGE_FRAME_BYTES;

/// Bytes of a frame's length.
const HEAD_BYTES: usize = 4;
/// First allocation for a frame's body, in bytes; it doubles only as bytes arrive.
const CHUNK_BYTES: usize = 8 * 1024;
/// What a writer keeps allocated between frames, in bytes.
const KEPT_BYTES: usize = 64 * 1024;
/// For saying goodbye, and for a peer's reason after a failed write.
const GOODBYE: Duration = Duration::from_secs(1);

/// What carries frames: TLS over TCP, or a pipe in a test.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// What both halves know of their connection.
#[derive(Debug)]
struct Shared {
    registration: Registration,
    info: ConnectionInfo,
    limits: Limits,
    stopping: CancellationToken,
    /// Whether anything came from the peer. A client's own handshake proves nothing about being welcome.
    heard: AtomicBool,
}

impl Shared {
    fn closed_here(&self) -> TransportError {
        TransportError::ClosedHere(self.registration.peer.clone())
    }

    fn failed(&self, error: &std::io::Error, inside_frame: bool) -> TransportError {
        let heard = self.info.direction == Direction::Accepted || self.heard.load(Ordering::Relaxed);
        TransportError::established(error, heard, inside_frame)
    }
}

/// A connection's place among the node's connections, once it carries no more frames.
pub(super) struct Keep(#[expect(dead_code, reason = "held to be dropped with the connection")] Arc<Shared>);

/// A connection with an authenticated peer, carrying frames both ways.
///
/// Dropping it cuts the connection; [`close`](Self::close) ends it so that the peer can tell.
#[derive(Debug)]
pub struct Framed {
    reader: FrameReader,
    writer: FrameWriter,
}

impl Framed {
    pub(super) fn new(
        stream: Box<dyn Stream>,
        registration: Registration,
        info: ConnectionInfo,
        limits: Limits,
        stopping: CancellationToken,
    ) -> Self {
        let (read, write) = tokio::io::split(stream);
        let heard = AtomicBool::new(false);
        let shared = Arc::new(Shared { registration, info, limits, stopping, heard });
        let reader = FrameReader {
            io: read,
            shared: Arc::clone(&shared),
            frame: Assembly::default(),
            room: None,
            failed: false,
        };
        let writer = FrameWriter { io: write, shared, buffer: Vec::new(), failed: false };
        Self { reader, writer }
    }

    /// Who the peer is, by its certificate.
    pub fn peer(&self) -> &PeerIdentity {
        &self.reader.shared.info.peer
    }

    /// Where the peer is.
    pub fn address(&self) -> SocketAddr {
        self.reader.shared.info.address
    }

    /// Cancelled when this connection is closed from elsewhere.
    pub fn closed(&self) -> CancellationToken {
        self.reader.shared.registration.closed.clone()
    }

    /// See [`FrameWriter::send`]. A write that fails looks for the peer's reason, which comes by the other way.
    pub async fn send(&mut self, payload: &[u8]) -> Result<(), TransportError> {
        match self.writer.send(payload).await {
            Err(error @ (TransportError::Cut { .. } | TransportError::ClosedBeforeAnswer)) => {
                match timeout(GOODBYE, self.reader.recv()).await {
                    Ok(Err(reason @ TransportError::RefusedByPeer(_))) => Err(reason),
                    _ => Err(error),
                }
            }
            result => result,
        }
    }

    /// See [`FrameReader::recv`].
    pub async fn recv(&mut self) -> Result<Option<Vec<u8>>, TransportError> {
        self.reader.recv().await
    }

    /// What carries the frames, where it leads, when it is closed from elsewhere, and what keeps it listed. Refused in the
    /// middle of a frame and after an error.
    pub(super) fn into_parts(
        self,
    ) -> Result<(Box<dyn Stream>, SocketAddr, CancellationToken, Keep), TransportError> {
        let Self { reader, writer } = self;
        if reader.failed || writer.failed || reader.frame.is_begun() {
            return Err(TransportError::OutOfStep);
        }
        let (address, closed) = (reader.shared.info.address, reader.shared.registration.closed.clone());
        Ok((reader.io.unsplit(writer.io), address, closed, Keep(reader.shared)))
    }

    #[cfg(test)]
    pub(super) fn allocated(&self) -> usize {
        self.reader.allocated()
    }

    /// Both halves apart, for asking before earlier answers have come. The connection lives until both are
    /// dropped.
    pub fn split(self) -> (FrameReader, FrameWriter) {
        (self.reader, self.writer)
    }

    /// Tells the peer that nothing more comes, and ends the connection.
    pub async fn close(mut self) {
        self.writer.close().await;
    }
}

/// A frame in the making. It survives a dropped [`FrameReader::recv`].
#[derive(Debug, Default)]
struct Assembly {
    head: [u8; HEAD_BYTES],
    head_filled: usize,
    /// The length, once it is known and within bounds.
    body_bytes: Option<usize>,
    body: Vec<u8>,
    /// Since the first byte came.
    begun: Option<Instant>,
}

impl Assembly {
    /// Whether a part has arrived.
    fn is_begun(&self) -> bool {
        self.head_filled > 0
    }

    fn is_whole(&self) -> bool {
        self.body_bytes == Some(self.body.len())
    }

    /// Reads once what is missing next; returns how many bytes came.
    async fn read_once(&mut self, io: &mut (impl AsyncRead + Unpin)) -> std::io::Result<usize> {
        let Some(body_bytes) = self.body_bytes else {
            let missing = self.head.get_mut(self.head_filled..).unwrap_or_default();
            let read = io.read(missing).await?;
            self.head_filled += read;
            return Ok(read);
        };
        let missing = body_bytes.saturating_sub(self.body.len());
        if self.body.len() == self.body.capacity() {
            // The claimed length is only a claim: memory follows what has arrived.
            self.body.reserve_exact(missing.min(self.body.len().max(CHUNK_BYTES)));
        }
        io.take(u64::try_from(missing).unwrap_or(u64::MAX)).read_buf(&mut self.body).await
    }

    /// Reads the length once all of it is there, and holds it against the bounds.
    fn take_length(&mut self, limits: &Limits) -> Result<(), TransportError> {
        if self.body_bytes.is_some() || self.head_filled < HEAD_BYTES {
            return Ok(());
        }
        let bytes = usize::try_from(u32::from_be_bytes(self.head)).unwrap_or(usize::MAX);
        if bytes > limits.frame_bytes_max {
            return Err(TransportError::FrameTooLong { bytes, bytes_max: limits.frame_bytes_max });
        }
        if bytes < limits.frame_bytes_min {
            return Err(TransportError::FrameTooShort { bytes, bytes_min: limits.frame_bytes_min });
        }
        self.body_bytes = Some(bytes);
        Ok(())
    }
}

/// The frames in bytes that came over a connection that was then closed: what [`FrameReader`] makes of them, without a
/// connection. For tests on arbitrary bytes.
pub fn frames_in(mut bytes: &[u8], limits: &Limits) -> Result<Vec<Vec<u8>>, TransportError> {
    let mut frames = Vec::new();
    let mut frame = Assembly::default();
    loop {
        frame.take_length(limits)?;
        if frame.is_whole() {
            frames.push(std::mem::take(&mut frame).body);
            continue;
        }
        let read = frame.read_once(&mut bytes).now_or_never();
        match read.expect("bytes in memory are always there").expect("and are read without fail") {
            0 if frame.is_begun() => return Err(TransportError::Cut { inside_frame: true }),
            0 => return Ok(frames),
            _ => {}
        }
    }
}

/// The half of a connection that reads.
pub struct FrameReader {
    io: ReadHalf<Box<dyn Stream>>,
    shared: Arc<Shared>,
    frame: Assembly,
    /// Held for a large frame of a peer that dialled this node, until the next one is read: it is being worked on until
    /// then.
    room: Option<OwnedSemaphorePermit>,
    failed: bool,
}

impl FrameReader {
    /// The next frame; `None` once the peer has ended the connection between frames.
    ///
    /// Cancel-safe: dropped and called again, it goes on where it was. After [`TransportError::Idle`] and
    /// [`TransportError::Stopping`] it may be called again, after any other error not. On a connection that this
    /// node dialled, the first call is where a refusal shows; an end before any frame is
    /// [`TransportError::ClosedBeforeAnswer`] there.
    pub async fn recv(&mut self) -> Result<Option<Vec<u8>>, TransportError> {
        if self.failed {
            return Err(TransportError::OutOfStep);
        }
        let result = self.next().await;
        self.failed = !matches!(result, Ok(_) | Err(TransportError::Idle(_) | TransportError::Stopping));
        result
    }

    /// Bytes held for a frame in the making.
    #[cfg(test)]
    pub(super) fn allocated(&self) -> usize {
        self.frame.body.capacity()
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, TransportError> {
        let Self { io, shared, frame, room, .. } = self;
        if !frame.is_begun() {
            *room = None;
            let read = tokio::select! {
                biased;
                () = shared.registration.closed.cancelled() => return Err(shared.closed_here()),
                () = shared.stopping.cancelled() => return Err(TransportError::Stopping),
                read = timeout(shared.limits.idle, frame.read_once(io)) => read,
            };
            let read = read.map_err(|_| TransportError::Idle(shared.limits.idle))?;
            if read.map_err(|error| shared.failed(&error, false))? == 0 {
                let refused =
                    shared.info.direction == Direction::Dialled && !shared.heard.load(Ordering::Relaxed);
                return if refused { Err(TransportError::ClosedBeforeAnswer) } else { Ok(None) };
            }
            shared.heard.store(true, Ordering::Relaxed);
        }
        let begun = *frame.begun.get_or_insert_with(Instant::now);
        loop {
            frame.take_length(&shared.limits)?;
            if frame.is_whole() {
                let Assembly { body, .. } = std::mem::take(frame);
                return Ok(Some(body));
            }
            let within = shared.limits.frame_time(frame.body_bytes.unwrap_or(0));
            let claimed = frame.body_bytes.filter(|bytes| *bytes > LARGE_FRAME_BYTES);
            if let (Some(bytes), None, Direction::Accepted) = (claimed, &*room, shared.info.direction) {
                let waited = tokio::select! {
                    biased;
                    () = shared.registration.closed.cancelled() => return Err(shared.closed_here()),
                    waited = timeout_at(begun + within, shared.registration.room_for(bytes)) => waited,
                };
                *room = waited.map_err(|_| TransportError::SlowFrame(within))?;
            }
            let read = tokio::select! {
                biased;
                () = shared.registration.closed.cancelled() => return Err(shared.closed_here()),
                read = timeout_at(begun + within, frame.read_once(io)) => read,
            };
            let read = read.map_err(|_| TransportError::SlowFrame(within))?;
            if read.map_err(|error| shared.failed(&error, true))? == 0 {
                return Err(TransportError::Cut { inside_frame: true });
            }
        }
    }
}

impl std::fmt::Debug for FrameReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FrameReader({:?})", self.shared.info)
    }
}

/// The half of a connection that writes.
pub struct FrameWriter {
    io: WriteHalf<Box<dyn Stream>>,
    shared: Arc<Shared>,
    buffer: Vec<u8>,
    failed: bool,
}

impl FrameWriter {
    /// Sends one frame and hands it to the operating system.
    ///
    /// Not cancel-safe: dropped half way, the connection is out of step and every later call says so.
    pub async fn send(&mut self, payload: &[u8]) -> Result<(), TransportError> {
        let Self { io, shared, buffer, failed } = self;
        let (bytes, limits) = (payload.len(), &shared.limits);
        if bytes > limits.frame_bytes_max {
            return Err(TransportError::FrameTooLong { bytes, bytes_max: limits.frame_bytes_max });
        }
        if bytes < limits.frame_bytes_min {
            return Err(TransportError::FrameTooShort { bytes, bytes_min: limits.frame_bytes_min });
        }
        let length = u32::try_from(bytes)
            .map_err(|_| TransportError::FrameTooLong { bytes, bytes_max: limits.frame_bytes_max })?;
        if *failed {
            return Err(TransportError::OutOfStep);
        }
        *failed = true;
        // One write, so that length and body share a TLS record and a packet.
        buffer.clear();
        buffer.extend_from_slice(&length.to_be_bytes());
        buffer.extend_from_slice(payload);
        let within = limits.frame_time(bytes);
        let write = async {
            io.write_all(buffer).await?;
            io.flush().await
        };
        let written = tokio::select! {
            biased;
            () = shared.registration.closed.cancelled() => return Err(shared.closed_here()),
            written = timeout(within, write) => written,
        };
        let written = written.map_err(|_| TransportError::SlowPeer(within))?;
        written.map_err(|error| shared.failed(&error, false))?;
        buffer.truncate(0);
        buffer.shrink_to(KEPT_BYTES);
        *failed = false;
        Ok(())
    }

    /// Tells the peer that nothing more comes. Reading may go on.
    pub async fn close(&mut self) {
        self.failed = true;
        // A peer that is gone need not be told.
        let _ = timeout(GOODBYE, self.io.shutdown()).await;
    }
}

impl std::fmt::Debug for FrameWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FrameWriter({:?})", self.shared.info)
    }
}
