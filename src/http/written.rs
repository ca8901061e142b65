//! A body that is written while it is sent.

use std::io::{self, Write};

use axum::body::{Body, Bytes};
use futures_util::stream;
use tokio::sync::mpsc;

/// Pieces that wait for whoever reads them.
const PIECES_WAITING: usize = 16;
/// Bytes of a piece.
const PIECE_BYTES: usize = 256 * 1024;

/// The body that `write` writes, where it may block. It ends with its reader, for whom writing is an error then. After an
/// error the body breaks off: whoever reads must not take a part for the whole.
pub fn written(write: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static) -> Body {
    let (sender, receiver) = mpsc::channel(PIECES_WAITING);
    drop(tokio::task::spawn_blocking(move || {
        let mut pieces = Pieces { sender, piece: Vec::with_capacity(PIECE_BYTES) };
        if let Err(error) = write(&mut pieces).and_then(|()| pieces.flush()) {
            let _ = pieces.sender.blocking_send(Err(error));
        }
    }));
    Body::from_stream(stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (piece, receiver))
    }))
}

struct Pieces {
    sender: mpsc::Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE_BYTES));
        self.sender.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn what_is_written_comes_and_a_part_is_no_whole() {
        for (more, whole) in [(Ok(()), true), (Err(io::Error::other("gone")), false)] {
            let body = written(move |out| {
                out.write_all(&vec![7; PIECE_BYTES + 1])?;
                more
            });
            match to_bytes(body, usize::MAX).await {
                Ok(bytes) => assert!(whole && *bytes == vec![7; PIECE_BYTES + 1]),
                Err(_) => assert!(!whole),
            }
        }
    }

    #[tokio::test]
    async fn nothing_is_written_for_nobody() {
        let (told, tells) = tokio::sync::oneshot::channel();
        drop(written(move |out| {
            let failed = (0..2 * PIECES_WAITING).try_for_each(|_| out.write_all(&vec![7; PIECE_BYTES]));
            let _ = told.send(failed.as_ref().err().map(io::Error::kind));
            failed
        }));
        assert_eq!(tells.await.unwrap(), Some(io::ErrorKind::BrokenPipe));
    }
}
