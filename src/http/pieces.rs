//! A file on its way from a connection to a reader that blocks: piece by piece, and never on a disk.

use std::io::{Error, ErrorKind, Read};
use std::time::Duration;

use axum::body::Bytes;
use futures_util::{Stream, StreamExt as _};
use tokio::sync::mpsc;

use crate::limits::{IMPORT_BYTES_MAX, UPLOAD_PAUSE_SECONDS_MAX};

/// Pieces that wait for the reader: the sender waits for the disk, not the memory for the sender.
const PIECES_WAITING: usize = 4;

/// Some of the file, its end, or why it has none.
type Piece = Result<Option<Bytes>, String>;

/// Both ends of the way.
pub fn pieces() -> (PieceSender, PieceReader) {
    let (sender, receiver) = mpsc::channel(PIECES_WAITING);
    (PieceSender(sender), PieceReader { receiver, piece: Bytes::new(), ended: false })
}

/// What comes of waiting for the next piece of a file; none where it stays away for [`UPLOAD_PAUSE_SECONDS_MAX`].
pub async fn next_piece<T>(next: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(Duration::from_secs(UPLOAD_PAUSE_SECONDS_MAX), next).await.ok()
}

/// The sender's end.
#[derive(Debug)]
pub struct PieceSender(mpsc::Sender<Piece>);

impl PieceSender {
    /// Hands a file on, of [`IMPORT_BYTES_MAX`] at most. One that breaks off, stalls or is longer is an error for the
    /// reader, never an end. Goes on when nobody reads any more: whoever sends a file listens only when it is sent.
    pub async fn send_all<E>(self, mut file: impl Stream<Item = Result<Bytes, E>> + Unpin) {
        let mut left = IMPORT_BYTES_MAX;
        loop {
            let piece = match next_piece(file.next()).await {
                Some(Some(Ok(bytes))) => {
                    let rest = u64::try_from(bytes.len()).ok().and_then(|length| left.checked_sub(length));
                    left = rest.unwrap_or_default();
                    rest.map(|_| Some(bytes))
                        .ok_or_else(|| format!("at most {IMPORT_BYTES_MAX} bytes are read"))
                }
                Some(None) => Ok(None),
                Some(Some(Err(_))) => {
                    Err("the file broke off on its way; nothing was loaded: send it again".to_owned())
                }
                None => Err(format!(
                    "nothing came for {UPLOAD_PAUSE_SECONDS_MAX} seconds; nothing was loaded: send the file again"
                )),
            };
            let is_last = !matches!(piece, Ok(Some(_)));
            // A reader that has given up has said why to whoever waits for it.
            let _ = self.0.send(piece).await;
            if is_last {
                return;
            }
        }
    }
}

/// The reader's end: the file from its beginning to its end.
#[derive(Debug)]
pub struct PieceReader {
    receiver: mpsc::Receiver<Piece>,
    piece: Bytes,
    ended: bool,
}

impl Read for PieceReader {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.piece.is_empty() && !self.ended {
            match self.receiver.blocking_recv() {
                Some(Ok(Some(bytes))) => self.piece = bytes,
                Some(Ok(None)) => self.ended = true,
                Some(Err(why)) => return Err(Error::other(why)),
                None => return Err(Error::new(ErrorKind::UnexpectedEof, "the file broke off on its way")),
            }
        }
        let taken = self.piece.split_to(self.piece.len().min(out.len()));
        let Some(place) = out.get_mut(..taken.len()) else { return Ok(0) };
        place.copy_from_slice(&taken);
        Ok(taken.len())
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;

    use super::*;

    type Sent = Result<&'static [u8], &'static str>;

    /// What a reader makes of the pieces that come, and then of nothing.
    async fn read(pieces_sent: &[Sent], stalls: bool) -> std::io::Result<String> {
        let (sender, mut reader) = pieces();
        let file = stream::iter(pieces_sent.to_vec()).map(|piece| piece.map(Bytes::from_static));
        if stalls {
            sender.send_all(file.chain(stream::pending())).await;
        } else {
            sender.send_all(file).await;
        }
        let mut text = String::new();
        let read = move || reader.read_to_string(&mut text).map(|_| text);
        tokio::task::spawn_blocking(read).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn what_breaks_off_or_stalls_is_no_end() {
        assert_eq!(read(&[Ok(b"ab"), Ok(b""), Ok(b"c")], false).await.unwrap(), "abc");
        assert!(read(&[Ok(b"ab"), Err("gone")], false).await.unwrap_err().to_string().contains("broke off"));
        assert!(read(&[Ok(b"ab")], true).await.unwrap_err().to_string().contains("nothing came"));
        let (sender, mut reader) = pieces();
        drop(sender);
        let ended = tokio::task::spawn_blocking(move || reader.read(&mut [0]).unwrap_err().kind()).await;
        assert_eq!(ended.unwrap(), ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn a_file_is_taken_to_its_end_though_nobody_reads_it() {
        let (sender, reader) = pieces();
        drop(reader);
        let mut left = 100;
        let file = stream::iter(std::iter::from_fn(|| {
            left = if left == 0 { return None } else { left - 1 };
            Some(Ok::<_, Infallible>(Bytes::from_static(b"x")))
        }));
        sender.send_all(file).await;
        assert_eq!(left, 0);
    }

    #[tokio::test]
    async fn a_file_that_is_too_long_is_no_file() {
        let many = Bytes::from(vec![0; 1 << 25]);
        let times = usize::try_from(IMPORT_BYTES_MAX).unwrap() / many.len();
        for (more, fits) in [(&b""[..], true), (b"x", false)] {
            let (sender, mut reader) = pieces();
            let file = std::iter::repeat_n(many.clone(), times).chain([Bytes::from_static(more)]);
            let file = stream::iter(file.map(Ok::<_, Infallible>));
            let received = async {
                while let Some(piece) = reader.receiver.recv().await {
                    if !matches!(piece, Ok(Some(_))) {
                        return piece;
                    }
                }
                unreachable!("the sender says how it ends")
            };
            let (last, ()) = tokio::join!(received, sender.send_all(file));
            assert_eq!(last.is_ok(), fits, "{last:?}");
        }
    }
}
