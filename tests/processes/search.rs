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
    forms.extend(base64_forms(text.as_bytes()));
    named(text, forms)
}

/// The written forms of a text's plain hashes: what anybody could look up who has a list of all identifiers.
pub(crate) fn hash_needles(text: &str) -> Vec<Needle> {
    let of = |algorithm| ring::digest::digest(algorithm, text.as_bytes()).as_ref().to_vec();
    let hashes = [
        ("SHA-256", of(&ring::digest::SHA256)),
        ("SHA-512", of(&ring::digest::SHA512)),
        ("SHA-1", of(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY)),
        ("MD5", md5(text.as_bytes()).to_vec()),
    ];
    let forms = |(name, hash): (&str, Vec<u8>)| {
        let mut forms = vec![
            ("bytes".to_owned(), hash.clone()),
            ("hex".to_owned(), hex::encode(&hash).into_bytes()),
            ("HEX".to_owned(), hex::encode_upper(&hash).into_bytes()),
        ];
        forms.extend(base64_forms(&hash));
        named(&format!("{name} of {text}"), forms)
    };
    hashes.into_iter().flat_map(forms).collect()
}

fn base64_forms(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut forms = Vec::new();
    for (alphabet, engine) in [("base64", &STANDARD), ("base64url", &URL_SAFE)] {
        for before in 0..3 {
            forms.push((format!("{alphabet} after {before} bytes"), inner_base64(engine, bytes, before)));
        }
    }
    forms
}

/// RFC 1321. Not in any library here, for nobody should use it; hashes of identifiers are found in the wild in it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the whole part is what the RFC takes, and it is positive and below 2^32"
)]
fn md5(message: &[u8]) -> [u8; 16] {
    const TURNS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64), 0);
    if padded.len() - message.len() < 9 {
        padded.resize(padded.len() + 64, 0);
    }
    let end = padded.len() - 8;
    padded[end..].copy_from_slice(&(message.len() as u64 * 8).to_le_bytes());
    let mut state = [0x6745_2301u32, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];
    for block in padded.chunks_exact(64) {
        let word = |at: usize| u32::from_le_bytes(block[at * 4..at * 4 + 4].try_into().unwrap());
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64 {
            let (mixed, at) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), 5 * step + 1),
                2 => (b ^ c ^ d, 3 * step + 5),
                _ => (c ^ (b | !d), 7 * step),
            };
            // The whole part of 2^32 |sin(step + 1)|.
            let sine = (f64::from(u32::try_from(step).unwrap() + 1).sin().abs() * 4_294_967_296.0) as u32;
            let sum = a.wrapping_add(mixed).wrapping_add(sine).wrapping_add(word(at % 16));
            (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(TURNS[step / 16][step % 4])));
        }
        for (total, part) in state.iter_mut().zip([a, b, c, d]) {
            *total = total.wrapping_add(part);
        }
    }
    let mut out = [0; 16];
    for (bytes, word) in out.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    out
}

/// The characters of base64 that only `bytes` decide when they stand behind `before` (modulo 3) bytes of something
/// else, and in front of anything.
fn inner_base64(engine: &impl base64::Engine, bytes: &[u8], before: usize) -> Vec<u8> {
    let whole = [vec![0; before], bytes.to_vec()].concat();
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

#[test]
fn plain_hashes_are_found_in_every_form() {
    // RFC 1321, A.5; and across the ends of blocks.
    for (text, hash) in [
        ("", "d41d8cd98f00b204e9800998ecf8427e"),
        ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        (
            "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            "57edf4a22be3c955ac49da2e2107b67a",
        ),
        (
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            "d174ab98d277d9f5a5611c2c9f419d9f",
        ),
    ] {
        assert_eq!(hex::encode(md5(text.as_bytes())), hash, "{text}");
    }
    let search = Search::new(hash_needles("message digest"));
    // By other programs: sha1sum, sha256sum, md5sum.
    for (form, planted) in [
        ("MD5 of message digest as hex", "\"f96b697d7cb7938d525a2f31aaf161d0\"".as_bytes().to_vec()),
        ("SHA-1 of message digest as HEX", b"C12252CEDA8BE8994D5FA0290A47231C1D16AAE3".to_vec()),
        (
            "SHA-256 of message digest as hex",
            b"f7846f55cf23e14eebeab5b4e1550cad5b509e3348fbc4efa3a1413d393cb650".to_vec(),
        ),
        (
            "SHA-256 of message digest as bytes",
            hex::decode("00f7846f55cf23e14eebeab5b4e1550cad5b509e3348fbc4efa3a1413d393cb65000").unwrap(),
        ),
        ("MD5 of message digest as base64 after 0 bytes", b"+WtpfXy3k41SWi8xqvFh0A==".to_vec()),
    ] {
        assert!(search.find(&planted).contains(form), "{form}");
    }
}
