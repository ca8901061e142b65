//! Feeds as a file, for a branch without a link: the pages that a peer would be sent, one after the other.
//!
//! Whoever carries the file may alter it, cut it off or keep an old one. Reading it takes bounded memory whatever is in
//! it, and what is read is worth no more than what a relay sends: rows count when their lender's signed state covers
//! them. `docs/PROTOCOL.md`, 9, has the bytes.
#![deny(clippy::indexing_slicing, clippy::string_slice, clippy::as_conversions)]

use std::io::{self, ErrorKind, Read, Write};

use serde::{Deserialize, Serialize};

use super::codec;
use super::message::FeedRow;
use crate::clock::UnixTime;
use crate::feed_state::FeedState;
use crate::limits::{FEED_FILE_PAGES_MAX, FRAME_BYTES_MAX, FRAME_BYTES_MIN};
use crate::model::member::{MemberId, NetworkId};
use crate::signing::Signed;

/// The first bytes of a file; the version is the digit.
///
/// * 1: first version.
const BEGINNING: &[u8; 24] = b"tallystick feed file v1\n";
/// What is before the version.
const KIND: &[u8] = b"tallystick feed file v";

/// What a file begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedFileHeader {
    /// The network.
    pub network: NetworkId,
    /// Who made the file.
    pub from: MemberId,
    /// When.
    pub made: UnixTime,
}

/// A page of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedFilePage {
    /// Whose feed.
    pub lender: MemberId,
    /// The sequence number behind which the page begins: every live row from there to its last one is in it.
    pub after: u64,
    /// The rows.
    pub rows: Vec<FeedRow>,
    /// The state up to which whoever made the file held the feed.
    pub state: Signed<FeedState>,
    /// Whether these are the last rows up to that state.
    pub last: bool,
}

/// What follows the header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeedFileRecord {
    /// A page.
    Page(FeedFilePage),
    /// The end: a file without it was cut off.
    End {
        /// Pages before it.
        pages: u64,
    },
}

/// Why a file cannot be read, or not farther.
#[derive(Debug, thiserror::Error)]
pub enum FeedFileError {
    /// The system.
    #[error("the file cannot be read: {0}")]
    Io(io::Error),
    /// Something else.
    #[error("this is no feed file: make one with `tally feed export`")]
    OtherFile,
    /// Of a newer program.
    #[error("this is a feed file of another version; this program reads version 1: run the newer one")]
    Version,
    /// It ends before its end.
    #[error("the file was cut off at byte {at}: copy it again, or make it anew")]
    CutOff {
        /// Where.
        at: u64,
    },
    /// Bytes that are no page. What follows may be read.
    #[error("the file is damaged at byte {at}: copy it again, or make it anew")]
    Damaged {
        /// Where the record begins.
        at: u64,
    },
    /// The file goes on after its end, says another number of pages, or a length is out of bounds: nothing more is read.
    #[error("the file is not as it was made from byte {at} on: copy it again, or make it anew")]
    NotAsMade {
        /// Where.
        at: u64,
    },
}

impl FeedFileError {
    /// Whether the next page may be read all the same.
    pub fn may_go_on(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }
}

/// Writes a file.
#[derive(Debug)]
pub struct FeedFileWriter<W> {
    out: W,
    pages: u64,
}

impl<W: Write> FeedFileWriter<W> {
    /// Begins a file.
    pub fn new(mut out: W, header: &FeedFileHeader) -> io::Result<Self> {
        out.write_all(BEGINNING)?;
        let mut writer = Self { out, pages: 0 };
        writer.record(&codec::encode(header))?;
        Ok(writer)
    }

    /// Adds a page.
    pub fn page(&mut self, page: FeedFilePage) -> io::Result<()> {
        self.pages += 1;
        self.record(&codec::encode(&FeedFileRecord::Page(page)))
    }

    /// Ends the file, and gives what it was written to.
    pub fn finish(mut self) -> io::Result<W> {
        let end = FeedFileRecord::End { pages: self.pages };
        self.record(&codec::encode(&end))?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn record(&mut self, body: &[u8]) -> io::Result<()> {
        let length = u32::try_from(body.len()).ok().filter(|_| body.len() <= FRAME_BYTES_MAX);
        let length = length.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "a page is too long"))?;
        self.out.write_all(&length.to_be_bytes())?;
        self.out.write_all(body)
    }
}

/// Reads a file, a page at a time.
#[derive(Debug)]
pub struct FeedFileReader<R> {
    input: R,
    header: FeedFileHeader,
    /// Bytes read.
    at: u64,
    pages: u64,
    ended: bool,
}

impl<R: Read> FeedFileReader<R> {
    /// Reads the beginning of a file.
    pub fn new(mut input: R) -> Result<Self, FeedFileError> {
        let mut beginning = Vec::new();
        let wanted = u64::try_from(BEGINNING.len()).unwrap_or(u64::MAX);
        (&mut input).take(wanted).read_to_end(&mut beginning).map_err(FeedFileError::Io)?;
        if beginning != BEGINNING {
            let kind = beginning.starts_with(KIND);
            return Err(if kind { FeedFileError::Version } else { FeedFileError::OtherFile });
        }
        let mut at = wanted;
        let body = record(&mut input, &mut at)?;
        let header = codec::decode(&body, "header of a feed file")
            .map_err(|_| FeedFileError::NotAsMade { at: wanted })?;
        Ok(Self { input, header, at, pages: 0, ended: false })
    }

    /// What the file begins with.
    pub fn header(&self) -> &FeedFileHeader {
        &self.header
    }

    /// The next page; none at the end of a whole file. After an error that is no [`FeedFileError::may_go_on`] there is
    /// nothing more to read.
    pub fn next_page(&mut self) -> Result<Option<FeedFilePage>, FeedFileError> {
        if self.ended {
            return Ok(None);
        }
        let begun = self.at;
        let read = self.read_record();
        match read {
            Ok(FeedFileRecord::Page(page)) => {
                self.pages += 1;
                if self.pages > FEED_FILE_PAGES_MAX {
                    self.ended = true;
                    return Err(FeedFileError::NotAsMade { at: begun });
                }
                Ok(Some(page))
            }
            Ok(FeedFileRecord::End { pages }) => {
                self.ended = true;
                let mut more = [0; 1];
                let goes_on = self.input.read(&mut more).map_err(FeedFileError::Io)? > 0;
                if goes_on || pages != self.pages {
                    return Err(FeedFileError::NotAsMade { at: begun });
                }
                Ok(None)
            }
            Err(error) => {
                self.ended = !error.may_go_on();
                // A page that cannot be read is a page.
                self.pages += u64::from(error.may_go_on());
                self.ended |= self.pages > FEED_FILE_PAGES_MAX;
                Err(error)
            }
        }
    }

    fn read_record(&mut self) -> Result<FeedFileRecord, FeedFileError> {
        let begun = self.at;
        let body = record(&mut self.input, &mut self.at)?;
        codec::decode(&body, "page of a feed file").map_err(|_| FeedFileError::Damaged { at: begun })
    }
}

/// One length and as many bytes; `at` grows by what was read.
fn record(input: &mut impl Read, at: &mut u64) -> Result<Vec<u8>, FeedFileError> {
    let begun = *at;
    let mut length = [0; 4];
    whole(input.read_exact(&mut length), begun)?;
    let length = u32::from_be_bytes(length);
    let bytes = usize::try_from(length).unwrap_or(usize::MAX);
    if !(FRAME_BYTES_MIN..=FRAME_BYTES_MAX).contains(&bytes) {
        return Err(FeedFileError::NotAsMade { at: begun });
    }
    // Grows with what is there, not with what is claimed.
    let mut body = Vec::new();
    input.take(u64::from(length)).read_to_end(&mut body).map_err(FeedFileError::Io)?;
    if body.len() < bytes {
        return Err(FeedFileError::CutOff { at: begun });
    }
    *at = begun.saturating_add(4).saturating_add(u64::from(length));
    Ok(body)
}

fn whole(read: io::Result<()>, at: u64) -> Result<(), FeedFileError> {
    read.map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => FeedFileError::CutOff { at },
        _ => FeedFileError::Io(error),
    })
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test that panics has failed, as it should")]
mod tests {
    use super::*;
    use crate::signing::Signature;
    use crate::wire::tests::feed_row;

    fn header() -> FeedFileHeader {
        FeedFileHeader {
            network: "kh-mfi".parse().unwrap(),
            from: "hub".parse().unwrap(),
            made: UnixTime(1_795_348_800),
        }
    }

    fn page(lender: &str, after: u64) -> FeedFilePage {
        let state = Signed::from_parts(b"{}".to_vec(), Signature([0xee; 64])).unwrap();
        FeedFilePage { lender: lender.parse().unwrap(), after, rows: vec![feed_row()], state, last: true }
    }

    fn file() -> Vec<u8> {
        let mut writer = FeedFileWriter::new(Vec::new(), &header()).unwrap();
        writer.page(page("lender-a", 0)).unwrap();
        writer.page(page("lender-b", 300)).unwrap();
        writer.finish().unwrap()
    }

    /// Everything that can be read of a file, and whether it was whole.
    fn read(bytes: &[u8]) -> (Vec<FeedFilePage>, Result<(), FeedFileError>) {
        let mut reader = match FeedFileReader::new(bytes) {
            Ok(reader) => reader,
            Err(error) => return (Vec::new(), Err(error)),
        };
        let (mut pages, mut trouble) = (Vec::new(), Ok(()));
        loop {
            match reader.next_page() {
                Ok(Some(page)) => pages.push(page),
                Ok(None) => return (pages, trouble),
                Err(error) => trouble = Err(error),
            }
        }
    }

    #[test]
    fn golden_bytes() {
        let file = file();
        let row = codec::encode(&feed_row());
        let page = |lender: &str, after: &str| {
            let end = ["027b7d40", &"ee".repeat(64), "01"].concat();
            let name = hex::encode(lender);
            let body = [&format!("0008{name}{after}01{}", hex::encode(&row)), end.as_str()].concat();
            format!("{:08x}{body}", body.len() / 2)
        };
        let expected = [
            &hex::encode("tallystick feed file v1\n"),
            "00000010",
            "066b682d6d6669",
            "03687562",
            "fc80b205d6",
            &page("lender-a", "00"),
            &page("lender-b", "fb2c01"),
            "00000002",
            "0102",
        ]
        .concat();
        assert_eq!(hex::encode(&file), expected);
        let (pages, whole) = read(&file);
        whole.unwrap();
        assert_eq!(pages.iter().map(|page| page.after).collect::<Vec<_>>(), [0, 300]);
    }

    #[test]
    fn every_cut_is_noticed_and_costs_no_page_before_it() {
        let file = file();
        let (all, _) = read(&file);
        for end in 0..file.len() {
            let (pages, whole) = read(&file[..end]);
            assert!(whole.is_err(), "cut at {end}");
            assert_eq!(pages[..], all[..pages.len()]);
        }
        let (_, whole) = read(&[&file[..], &[0]].concat());
        assert!(matches!(whole, Err(FeedFileError::NotAsMade { .. })));
    }

    #[test]
    fn a_damaged_page_costs_that_page_alone() {
        let mut file = file();
        let (all, _) = read(&file);
        // The number of the variant of the first page.
        let at = 24 + 4 + 16 + 4;
        file[at] = 9;
        let (pages, whole) = read(&file);
        assert!(matches!(whole, Err(FeedFileError::Damaged { at: 44 })), "{whole:?}");
        assert_eq!(pages, all[1..]);
    }

    #[test]
    fn any_flipped_bit_is_survived_and_nothing_grows() {
        let file = file();
        for bit in 0..8 * file.len() {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let (pages, _) = read(&flipped);
            assert!(pages.len() <= 2);
        }
    }

    #[test]
    fn other_files_and_other_versions_are_told_apart() {
        assert!(matches!(read(b"").1, Err(FeedFileError::OtherFile)));
        assert!(matches!(read(b"account,client\n").1, Err(FeedFileError::OtherFile)));
        assert!(matches!(read(b"tallystick feed file v2\nxxxx").1, Err(FeedFileError::Version)));
    }
}
