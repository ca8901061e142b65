//! A file on its way from a connection to a reader that blocks: piece by piece, and never on a disk.

use std::io::{Error, ErrorKind, Read};
use std::pin::{Pin, pin};
use std::time::Duration;

use axum::body::Bytes;
use futures_util::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::{Sleep, sleep, timeout};

use crate::limits::{
    IMPORT_BYTES_MAX, UPLOAD_PAUSE_SECONDS_MAX, UPLOAD_WINDOW_BYTES_MIN, UPLOAD_WINDOW_SECONDS,
};

/// Pieces that wait for the reader: the sender waits for the disk, not the memory for the sender.
const PIECES_WAITING: usize = 4;

/// For how long a reader keeps the sender waiting before that counts: small pieces that come at once fill its places, too.
const READER_PAUSE: Duration = Duration::from_secs(1);

/// Some of the file, its end, or why it has none.
type Piece = Result<Option<Bytes>, String>;

/// Both ends of the way.
pub fn pieces() -> (PieceSender, PieceReader) {
    let (sender, receiver) = mpsc::channel(PIECES_WAITING);
    (PieceSender(sender), PieceReader { receiver, piece: Bytes::new(), ended: false })
}

/// What comes of waiting for the next piece of a file; none where it stays away for [`UPLOAD_PAUSE_SECONDS_MAX`].
pub async fn next_piece<T>(next: impl Future<Output = T>) -> Option<T> {
    timeout(Duration::from_secs(UPLOAD_PAUSE_SECONDS_MAX), next).await.ok()
}

/// The sender's end.
#[derive(Debug)]
pub struct PieceSender(mpsc::Sender<Piece>);

impl PieceSender {
    /// Hands a file on, of [`IMPORT_BYTES_MAX`] at most. One that breaks off, stalls, trickles or is longer is an error for
    /// the reader, never an end. Goes on when nobody reads any more: whoever sends a file listens only when it is sent.
    pub async fn send_all<E>(self, mut file: impl Stream<Item = Result<Bytes, E>> + Unpin) {
        let mut left = IMPORT_BYTES_MAX;
        let mut pace = Pace::new();
        loop {
            let piece = match pace.keeps(next_piece(file.next())).await {
                Some(Some(Some(Ok(bytes)))) => {
                    pace.came(bytes.len());
                    let rest = u64::try_from(bytes.len()).ok().and_then(|length| left.checked_sub(length));
                    left = rest.unwrap_or_default();
                    rest.map(|_| Some(bytes))
                        .ok_or_else(|| format!("at most {IMPORT_BYTES_MAX} bytes are read"))
                }
                Some(Some(None)) => Ok(None),
                Some(Some(Some(Err(_)))) => {
                    Err("the file broke off on its way; nothing was loaded: send it again".to_owned())
                }
                Some(None) => Err(format!(
                    "nothing came for {UPLOAD_PAUSE_SECONDS_MAX} seconds; nothing was loaded: send the file again"
                )),
                None => Err(format!(
                    "fewer than {UPLOAD_WINDOW_BYTES_MIN} bytes came in {UPLOAD_WINDOW_SECONDS} seconds; nothing was \
                     loaded: send the file again over a faster line"
                )),
            };
            let is_last = !matches!(piece, Ok(Some(_)));
            let place = if let Ok(place) = timeout(READER_PAUSE, self.0.reserve()).await {
                place
            } else {
                pace.held_up();
                self.0.reserve().await
            };
            // A reader that has given up has said why to whoever waits for it.
            if let Ok(place) = place {
                place.send(piece);
            }
            if is_last {
                return;
            }
        }
    }
}

/// How fast a file comes. Only its sender is judged: not a time in which the reader kept it waiting, and not one in which
/// nothing came at all, which [`next_piece`] ends.
struct Pace {
    window: Pin<Box<Sleep>>,
    bytes: usize,
    is_held_up: bool,
}

impl Pace {
    fn new() -> Self {
        let window = Box::pin(sleep(Duration::from_secs(UPLOAD_WINDOW_SECONDS)));
        Self { window, bytes: 0, is_held_up: false }
    }

    fn came(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// The reader is slower than the sender.
    fn held_up(&mut self) {
        self.is_held_up = true;
    }

    /// What comes of waiting; none where too little has come.
    async fn keeps<T>(&mut self, next: impl Future<Output = T>) -> Option<T> {
        let mut next = pin!(next);
        loop {
            tokio::select! {
                biased;
                next = &mut next => return Some(next),
                () = &mut self.window => {
                    if (1..UPLOAD_WINDOW_BYTES_MIN).contains(&self.bytes) && !self.is_held_up {
                        return None;
                    }
                    *self = Self::new();
                }
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
        assert!(read(&[], true).await.unwrap_err().to_string().contains("nothing came"));
        assert!(read(&[Ok(b"ab")], true).await.unwrap_err().to_string().contains("faster line"));
        let (sender, mut reader) = pieces();
        drop(sender);
        let ended = tokio::task::spawn_blocking(move || reader.read(&mut [0]).unwrap_err().kind()).await;
        assert_eq!(ended.unwrap(), ErrorKind::UnexpectedEof);
    }

    /// What the reader is told last of a file that comes in pieces of so many bytes, each after so many seconds, to a
    /// reader that takes so many seconds for each.
    async fn paced(bytes: usize, seconds: u64, reads_seconds: u64) -> Piece {
        let (sender, mut reader) = pieces();
        let file = stream::unfold(0, |sent| async move {
            sleep(Duration::from_secs(seconds)).await;
            (sent < 40).then(|| (Ok::<_, Infallible>(Bytes::from(vec![0; bytes])), sent + 1))
        });
        let received = async {
            while let Some(piece) = reader.receiver.recv().await {
                if !matches!(piece, Ok(Some(_))) {
                    return piece;
                }
                sleep(Duration::from_secs(reads_seconds)).await;
            }
            unreachable!("the sender says how it ends")
        };
        tokio::join!(received, sender.send_all(Box::pin(file))).0
    }

    #[tokio::test(start_paused = true)]
    async fn who_trickles_holds_nobody_up() {
        assert!(paced(1, 10, 0).await.unwrap_err().contains("faster line"));
        assert!(paced(1, 45, 0).await.unwrap_err().contains("faster line"));
        assert!(paced(UPLOAD_WINDOW_BYTES_MIN / 2 - 1, 14, 0).await.unwrap_err().contains("faster line"));
        assert_eq!(paced(UPLOAD_WINDOW_BYTES_MIN, 29, 0).await, Ok(None));
        // A slow link, and a slow disk.
        assert_eq!(paced(UPLOAD_WINDOW_BYTES_MIN / 10, 2, 0).await, Ok(None));
        assert_eq!(paced(1, 0, 20).await, Ok(None));
    }

    #[tokio::test(start_paused = true)]
    async fn bursts_of_small_pieces_are_a_trickle() {
        let (sender, mut reader) = pieces();
        let file = stream::unfold(0_u32, |sent| async move {
            if sent % 8 == 0 {
                sleep(Duration::from_secs(10)).await;
            }
            (sent < 800).then(|| (Ok::<_, Infallible>(Bytes::from_static(b"x")), sent + 1))
        });
        let received = async {
            loop {
                match reader.receiver.recv().await {
                    Some(Ok(Some(_))) => {}
                    other => return other,
                }
            }
        };
        let (last, ()) = tokio::join!(received, sender.send_all(Box::pin(file)));
        assert!(last.unwrap().unwrap_err().contains("faster line"));
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
