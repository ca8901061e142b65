//! A file on its way from a browser to the importer: piece by piece, and never on a disk.

use std::io::{Error, ErrorKind, Read};

use axum::body::Bytes;
use tokio::sync::mpsc;

use crate::limits::IMPORT_BYTES_MAX;

/// Pieces that wait for the reader.
const PIECES_WAITING: usize = 4;

/// What is handed on.
pub(super) enum Piece {
    /// Some of the file.
    Bytes(Bytes),
    /// The file ends here. Without it the file has broken off.
    End,
}

/// Both ends of the way.
pub(super) fn pieces() -> (mpsc::Sender<Piece>, Pieces) {
    let (sender, receiver) = mpsc::channel(PIECES_WAITING);
    (sender, Pieces { receiver, piece: Bytes::new(), ended: false, read: 0 })
}

/// The reader's end.
pub(super) struct Pieces {
    receiver: mpsc::Receiver<Piece>,
    piece: Bytes,
    ended: bool,
    read: u64,
}

impl Read for Pieces {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.piece.is_empty() {
            if self.ended {
                return Ok(0);
            }
            match self.receiver.blocking_recv() {
                Some(Piece::Bytes(bytes)) => self.piece = bytes,
                Some(Piece::End) => self.ended = true,
                None => {
                    let why = "the file broke off on its way: send it again";
                    return Err(Error::new(ErrorKind::UnexpectedEof, why));
                }
            }
        }
        let taken = self.piece.split_to(self.piece.len().min(out.len()));
        self.read = self.read.saturating_add(u64::try_from(taken.len()).unwrap_or(u64::MAX));
        if self.read > IMPORT_BYTES_MAX {
            return Err(Error::other(format!("the file is longer than {IMPORT_BYTES_MAX} bytes")));
        }
        let Some(place) = out.get_mut(..taken.len()) else { return Ok(0) };
        place.copy_from_slice(&taken);
        Ok(taken.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_off_is_no_end() {
        let read = |ends: bool| {
            let (sender, mut reader) = pieces();
            sender.try_send(Piece::Bytes(Bytes::from_static(b"ab"))).unwrap();
            sender.try_send(Piece::Bytes(Bytes::from_static(b"c"))).unwrap();
            if ends {
                sender.try_send(Piece::End).unwrap();
            }
            drop(sender);
            let mut text = String::new();
            reader.read_to_string(&mut text).map(|_| text)
        };
        assert_eq!(read(true).unwrap(), "abc");
        assert_eq!(read(false).unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }
}
