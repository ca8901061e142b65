//! What every fuzz target checks: no decoder panics, hangs or allocates without bound on any bytes, and what it takes it
//! writes again so that it reads the same.
//!
//! The targets in `fuzz_targets/` are one line each; `tests/fuzz.rs` of the product runs the same functions over the kept
//! corpus with the stable compiler.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io::Read;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tallystick::audit::binding::Binding;
use tallystick::audit::export::{Manifest, RowLine};
use tallystick::audit::sample::Sample;
use tallystick::config::Config;
use tallystick::feed_state::FeedState;
use tallystick::formats::{Format, FormatContext, Mapping, RowOutcome, read};
use tallystick::merkle::note::{Note, VerifierKey};
use tallystick::merkle::tile::{TilePath, decode_entries, encode_entries};
use tallystick::merkle::tree::{verify_consistency, verify_inclusion};
use tallystick::merkle::{cosignature, leaf_hash, open_checkpoint};
use tallystick::model::day::Day;
use tallystick::model::identifier::{Identifier, SchemeSet};
use tallystick::model::leaf::Leaf;
use tallystick::model::money::Currency;
use tallystick::model::policy::Policy;
use tallystick::model::record::RowContent;
use tallystick::roster::{Roster, RosterDocument};
use tallystick::secret::SecretBytes;
use tallystick::signing::{Signed, SigningKey};
use tallystick::transport::{Limits, frames_in};
use tallystick::wire::codec;
use tallystick::wire::feed_file::{FeedFileReader, FeedFileWriter};
use tallystick::wire::message::{Hello, Reply, Request, Welcome};

/// A message in the peers' codec. Its bytes are not canonical, so it is the value that has to come back.
fn message<T: Serialize + DeserializeOwned + PartialEq + Debug>(data: &[u8]) {
    if let Ok(value) = codec::decode::<T>(data, "message") {
        let again = codec::decode::<T>(&codec::encode(&value), "message").expect("what we wrote");
        assert!(again == value, "another message came back");
    }
}

/// Frames of a connection.
pub fn frame(data: &[u8]) {
    let limits = Limits::default();
    if let Ok(frames) = frames_in(data, &limits) {
        assert!(frames.iter().all(|frame| frame.len() <= limits.frame_bytes_max));
        let bytes: usize = frames.iter().map(|frame| frame.len() + 4).sum();
        assert_eq!(bytes, data.len(), "bytes were lost");
    }
}

/// The first frames.
pub fn hello(data: &[u8]) {
    message::<Hello>(data);
    message::<Welcome>(data);
}

/// What a dialler asks.
pub fn request(data: &[u8]) {
    message::<Request>(data);
}

/// What a listener answers.
pub fn reply(data: &[u8]) {
    message::<Reply>(data);
}

/// Feeds in a file.
pub fn feed_file(data: &[u8]) {
    let Ok(mut reader) = FeedFileReader::new(data) else { return };
    let mut pages = Vec::new();
    let ended = loop {
        match reader.next_page() {
            Ok(Some(page)) => pages.push(page),
            Ok(None) => break true,
            Err(error) if error.may_go_on() => {}
            Err(_) => break false,
        }
    };
    assert!(matches!(reader.next_page(), Ok(None)), "something came after the end");
    let mut writer = FeedFileWriter::new(Vec::new(), reader.header()).expect("memory");
    for page in &pages {
        writer.page(page.clone()).expect("it was read");
    }
    let written = writer.finish().expect("memory");
    let mut again = FeedFileReader::new(written.as_slice()).expect("what we wrote");
    assert_eq!(again.header(), reader.header(), "another header came back");
    for page in &pages {
        assert_eq!(again.next_page().expect("what we wrote").as_ref(), Some(page), "another page came back");
    }
    assert!(matches!(again.next_page(), Ok(None)), "it does not end");
    // The codec has one spelling for what it writes, and may read others.
    assert!(!ended || written.len() <= data.len(), "a whole file became longer");
}

/// What lies inside a sealed row.
pub fn row_content(data: &[u8]) {
    let _ = codec::decode_versioned::<RowContent>(1, data, "row content");
}

/// A leaf of a log.
pub fn leaf(data: &[u8]) {
    if let Ok(leaf) = Leaf::from_bytes(data) {
        assert_eq!(Leaf::from_bytes(&leaf.to_bytes()).as_ref(), Ok(&leaf), "another leaf came back");
    }
}

/// A signed note, as a checkpoint and with cosignatures. Nobody signed it.
pub fn note(data: &[u8]) {
    let key = "tally.net/aa+d2ed4b8c+AYAdRBMs0SnG4K+eMHRUVZOVBzEOJgQLH8FFWxnpPgBa".parse::<VerifierKey>();
    if let Ok(key) = key {
        assert!(open_checkpoint(data, &key).is_err(), "nobody signed it");
    }
    if let Ok(note) = Note::parse(data) {
        assert_eq!(Note::parse(&note.to_bytes()).as_ref(), Ok(&note), "another note came back");
        let _ = cosignature::witnesses(&note, &[]);
    }
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(key) = text.parse::<VerifierKey>()
    {
        assert_eq!(key.to_string(), text, "there is one spelling of a key");
    }
}

/// Proofs of a tree: two numbers, two hashes, and the proof.
pub fn proof(data: &[u8]) {
    let Some((numbers, rest)) = data.split_at_checked(16) else { return };
    let number = |bytes: &[u8]| bytes.iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
    let (one, other) = (number(&numbers[..8]), number(&numbers[8..]));
    let (hashes, _) = rest.as_chunks::<32>();
    let [first, second, proof @ ..] = hashes else { return };
    let _ = verify_inclusion(one, other, first, proof, second);
    let _ = verify_consistency(one, first, other, second, proof);
}

/// The path of a tile, as a client of the log asks for it.
pub fn tile_path(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(path) = text.parse::<TilePath>()
    {
        assert_eq!(path.to_string(), text, "there is one spelling of a path");
    }
}

/// A bundle of entries.
pub fn entries(data: &[u8]) {
    if let Ok(entries) = decode_entries(data) {
        for entry in &entries {
            let _ = leaf_hash(entry);
        }
        if !entries.is_empty() {
            assert_eq!(encode_entries(&entries).expect("as many as were read"), data, "another bundle");
        }
    }
}

fn load(format: Format, mapping: Option<&Mapping>, bytes: impl Read) {
    let schemes = SchemeSet::default();
    let exponents: BTreeMap<Currency, u8> = [("KHR", 2), ("USD", 2), ("INR", 2), ("UGX", 0)]
        .into_iter()
        .map(|(code, exponent)| (code.parse().expect("a currency"), exponent))
        .collect();
    let context = FormatContext {
        schemes: &schemes,
        exponents: &exponents,
        today: Day::from_ymd(2026, 11, 22).expect("a day"),
        default_currency: None,
        default_branch: None,
        as_of: Day::from_ymd(2026, 11, 20).ok(),
    };
    let mut rows = 0;
    let mut sink = |outcome: RowOutcome| rows += u64::from(!matches!(outcome, RowOutcome::Note(_)));
    let summary = read(format, mapping, bytes, &context, &mut sink);
    if let Ok(summary) = summary {
        assert_eq!(summary.rows, rows, "a row was lost");
    }
}

/// India's common data format.
pub fn cdf(data: &[u8]) {
    load(Format::Cdf, None, data);
}

/// Delimited text.
pub fn csv(data: &[u8]) {
    load(Format::Csv, None, data);
}

/// A workbook.
pub fn xlsx(data: &[u8]) {
    load(Format::Xlsx, None, data);
}

/// Answers of the Fineract API.
pub fn fineract(data: &[u8]) {
    load(Format::Fineract, None, data);
}

/// A mapping, and then a file under it, parted by a zero byte.
pub fn mapping(data: &[u8]) {
    let parts = data.split(|byte| *byte == 0).collect::<Vec<_>>();
    let Ok(text) = std::str::from_utf8(parts[0]) else { return };
    if let Ok(mapping) = Mapping::from_toml(text) {
        let file = parts.get(1).copied().unwrap_or(b"loan,client,currency\n1,2,USD\n");
        load(Format::Csv, Some(&mapping), file);
    }
}

/// The configuration of a node.
pub fn config(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = Config::parse(text, Path::new("/etc/tallystick/node.toml"));
    }
}

/// A network's policy.
pub fn policy(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(policy) = Policy::from_toml(text)
    {
        let text = policy.to_toml().expect("a policy that was read");
        assert_eq!(Policy::from_toml(&text).expect("what we wrote"), policy, "another policy");
    }
}

/// A roster that the operator signed, whatever it says.
pub fn roster(data: &[u8]) {
    let operator = SigningKey::from_seed(SecretBytes::new([7; 32]));
    if let Ok(signed) = Signed::<RosterDocument>::sign(data.to_vec(), &operator) {
        let _ = Roster::verify(signed, &operator.verify_key());
    }
}

/// A feed state that its lender signed, whatever it says.
pub fn feed_state(data: &[u8]) {
    let lender = SigningKey::from_seed(SecretBytes::new([7; 32]));
    if let Ok(signed) = Signed::<FeedState>::sign(data.to_vec(), &lender)
        && let Ok(state) = signed.verify(&lender.verify_key())
    {
        let again = Signed::<FeedState>::sign(state.to_bytes(), &lender).expect("our own bytes");
        assert_eq!(again.verify(&lender.verify_key()).expect("our own bytes"), state);
    }
}

/// A receipt. Nobody signed it.
pub fn receipt(data: &[u8]) {
    let lender = SigningKey::from_seed(SecretBytes::new([99; 32]));
    if let Ok(text) = std::str::from_utf8(data) {
        assert!(tallystick::receipt::verify(text, &lender.verify_key()).is_err(), "nobody signed it");
    }
}

/// A sample.
pub fn sample(data: &[u8]) {
    if let Ok(sample) = serde_json::from_slice::<Sample>(data) {
        let _ = sample.digest();
    }
}

/// A binding.
pub fn binding(data: &[u8]) {
    if let Ok(binding) = Binding::from_lines(data) {
        let again = Binding::from_lines(&binding.to_lines()).expect("what we wrote");
        assert!(again == binding, "another binding came back");
    }
}

/// What an export says of itself, and a line of its rows.
pub fn export(data: &[u8]) {
    let _ = serde_json::from_slice::<Manifest>(data);
    if let Ok(row) = serde_json::from_slice::<RowLine>(data) {
        let (network, lender) = ("net".parse().expect("a name"), "aa".parse().expect("a name"));
        let _ = (row.hash(&lender), row.header(&network, &lender));
    }
}

/// `SCHEME:VALUE`, in any script. The canonical form is its own canonical form.
pub fn identifier(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let schemes = SchemeSet::new().with_phone_country("KH").expect("a country");
    if let Ok(identifier) = Identifier::parse_pair(text, &schemes) {
        let canonical = format!("{}:{}", identifier.scheme(), identifier.value());
        let again = Identifier::parse_pair(&canonical, &schemes);
        assert_eq!(again.as_ref(), Ok(&identifier), "the canonical form is read otherwise");
    }
}

/// One target: its name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every target by its name, which is also that of its file and of its corpus.
pub const TARGETS: [Target; 25] = [
    ("binding", binding),
    ("cdf", cdf),
    ("config", config),
    ("csv", csv),
    ("entries", entries),
    ("export", export),
    ("feed_file", feed_file),
    ("feed_state", feed_state),
    ("fineract", fineract),
    ("frame", frame),
    ("hello", hello),
    ("identifier", identifier),
    ("leaf", leaf),
    ("mapping", mapping),
    ("note", note),
    ("policy", policy),
    ("proof", proof),
    ("receipt", receipt),
    ("reply", reply),
    ("request", request),
    ("roster", roster),
    ("row_content", row_content),
    ("sample", sample),
    ("tile_path", tile_path),
    ("xlsx", xlsx),
];
