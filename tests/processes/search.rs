//! Looking for a text or a number in bytes, however it may have been written down.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// One way of writing something down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Needle {
    /// What it is and how it is written, for people.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// The written forms of a text.
pub(crate) fn text_needles(text: &str) -> Vec<Needle> {
    let wide = |bytes_of: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes_of).collect::<Vec<u8>>();
    let mut forms = vec![
        ("UTF-8".to_owned(), text.as_bytes().to_vec()),
        ("UTF-16LE".to_owned(), wide(u16::to_le_bytes)),
        ("UTF-16BE".to_owned(), wide(u16::to_be_bytes)),
        ("hex".to_owned(), hex::encode(text).into_bytes()),
        ("HEX".to_owned(), hex::encode_upper(text).into_bytes()),
    ];
    for (alphabet, engine) in [("base64", &STANDARD), ("base64url", &URL_SAFE)] {
        for before in 0..3 {
            forms.push((format!("{alphabet} after {before} bytes"), inner_base64(engine, text, before)));
        }
    }
    named(text, forms)
}

/// The characters of base64 that only `text` decides when it stands behind `before` (modulo 3) bytes of something
/// else, and in front of anything.
fn inner_base64(engine: &impl base64::Engine, text: &str, before: usize) -> Vec<u8> {
    let whole = [vec![0; before], text.as_bytes().to_vec()].concat();
    let encoded = engine.encode(&whole).into_bytes();
    let first = (before * 8).div_ceil(6);
    let last = whole.len() * 8 / 6;
    encoded[first..last].to_vec()
}

/// The written forms of an amount in minor units with two decimals: text, and 64-bit integers, plain and as the
/// variable-length codec writes signed ones.
pub(crate) fn amount_needles(minor: u64) -> Vec<Needle> {
    let zigzag = minor * 2;
    let forms = vec![
        ("decimal, minor units".to_owned(), minor.to_string().into_bytes()),
        ("decimal, major units".to_owned(), major(minor).into_bytes()),
        ("little-endian".to_owned(), minor.to_le_bytes().to_vec()),
        ("big-endian".to_owned(), minor.to_be_bytes().to_vec()),
        ("zigzag, little-endian".to_owned(), zigzag.to_le_bytes().to_vec()),
        ("zigzag, big-endian".to_owned(), zigzag.to_be_bytes().to_vec()),
    ];
    named(&major(minor), forms)
}

/// An amount of minor units as it stands in a file.
pub(crate) fn major(minor: u64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn named(what: &str, forms: Vec<(String, Vec<u8>)>) -> Vec<Needle> {
    forms.into_iter().map(|(form, bytes)| Needle { name: format!("{what} as {form}"), bytes }).collect()
}

/// Every needle of a haystack, in one pass over it however many needles there are.
pub(crate) struct Search {
    needles: Vec<Needle>,
    /// Needles by their first four bytes.
    heads: HashMap<[u8; HEAD], Vec<usize>>,
    /// Whether any head has that slot: the pass is over all bytes of all disks, and most windows cost one look here.
    slots: Vec<bool>,
}

/// No needle is shorter.
const HEAD: usize = 4;

/// Spreads heads over 2^16 slots (Fibonacci hashing).
fn slot(head: [u8; HEAD]) -> usize {
    (u32::from_le_bytes(head).wrapping_mul(0x9E37_79B1) >> 16) as usize
}

impl Search {
    pub(crate) fn new(needles: Vec<Needle>) -> Self {
        let mut heads: HashMap<[u8; HEAD], Vec<usize>> = HashMap::new();
        let mut slots = vec![false; 1 << 16];
        for (place, needle) in needles.iter().enumerate() {
            let head = needle.bytes[..HEAD].try_into().unwrap();
            slots[slot(head)] = true;
            heads.entry(head).or_default().push(place);
        }
        Self { needles, heads, slots }
    }

    /// Which needles stand in `bytes`.
    pub(crate) fn find(&self, bytes: &[u8]) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for (start, head) in bytes.windows(HEAD).enumerate() {
            let head: [u8; HEAD] = head.try_into().unwrap();
            if !self.slots[slot(head)] {
                continue;
            }
            for place in self.heads.get(&head).into_iter().flatten() {
                if bytes[start..].starts_with(&self.needles[*place].bytes) {
                    found.insert(self.needles[*place].name.as_str());
                }
            }
        }
        found
    }
}

/// Every file under a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found
}

#[test]
fn every_form_is_found_wherever_it_stands() {
    let text = "097531846";
    let needles = text_needles(text);
    assert_eq!(needles.len(), 11);
    let search = Search::new(needles);
    let utf16 = |bytes_of: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes_of).collect::<Vec<u8>>();
    // Written here once more by other means, between other bytes.
    let hay: Vec<(&str, Vec<u8>)> = vec![
        ("UTF-8", format!("x{text}y").into_bytes()),
        ("UTF-16LE", [vec![9], utf16(u16::to_le_bytes), vec![9]].concat()),
        ("UTF-16BE", [vec![9], utf16(u16::to_be_bytes), vec![9]].concat()),
        ("hex", b"..303937353331383436..".to_vec()),
        ("base64 after 0 bytes", STANDARD.encode(format!("{text}/more")).into_bytes()),
        ("base64 after 1 bytes", STANDARD.encode(format!("?{text}/more")).into_bytes()),
        ("base64 after 2 bytes", STANDARD.encode(format!("??{text}/more")).into_bytes()),
        ("base64 after 0 bytes", STANDARD.encode(format!("???{text}")).into_bytes()),
    ];
    for (form, bytes) in &hay {
        let found = search.find(bytes);
        assert!(found.contains(format!("{text} as {form}").as_str()), "{form}: {found:?}");
    }
    // Both cases of hex, for digits alone do not differ in them.
    let letters = Search::new(text_needles("KLM-97531"));
    assert_eq!(letters.find(b"4b4c4d2d3937353331").into_iter().collect::<Vec<_>>(), ["KLM-97531 as hex"]);
    assert_eq!(letters.find(b"4B4C4D2D3937353331").into_iter().collect::<Vec<_>>(), ["KLM-97531 as HEX"]);
    // The alphabets of base64 differ in these.
    let signs = Search::new(text_needles("??>>??>>??"));
    assert!(signs.find(b"Pz8+Pj8/Pj4/Pw==").contains("??>>??>>?? as base64 after 0 bytes"));
    assert!(signs.find(b"Pz8-Pj8_Pj4_Pw==").contains("??>>??>>?? as base64url after 0 bytes"));
    assert!(search.find(b"nothing of 09753 1846, 97531846 or 09753184").is_empty());
}

#[test]
fn every_form_of_an_amount_is_found() {
    let (minor, signed) = (1_234_567_890_123_u64, 1_234_567_890_123_i64);
    let search = Search::new(amount_needles(minor));
    let hay: [(&str, Vec<u8>); 6] = [
        ("decimal, minor units", b" 1234567890123,".to_vec()),
        ("decimal, major units", b" 12345678901.23,".to_vec()),
        ("little-endian", vec![1, 0xCB, 0x04, 0xFB, 0x71, 0x1F, 0x01, 0, 0, 1]),
        ("big-endian", vec![1, 0, 0, 0x01, 0x1F, 0x71, 0xFB, 0x04, 0xCB, 1]),
        // The codec's own word for it: a mark, then eight bytes.
        (
            "zigzag, little-endian",
            bincode::serde::encode_to_vec(signed, bincode::config::standard()).unwrap(),
        ),
        ("zigzag, big-endian", vec![0, 0, 0x02, 0x3E, 0xE3, 0xF6, 0x09, 0x96]),
    ];
    for (form, bytes) in &hay {
        let found = search.find(bytes);
        assert!(found.contains(format!("12345678901.23 as {form}").as_str()), "{form}: {found:?}");
    }
}
