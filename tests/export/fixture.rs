//! A log of any size with two witnesses, in memory; the same leaves and keys each time.

use std::path::Path;

use tallystick::audit::export::{EXPORT_VERSION, Manifest, RowLine};
use tallystick::cli::log::export::{Source, Written, export};
use tallystick::cli::{Exit, Failure};
use tallystick::clock::UnixTime;
use tallystick::digest::{Digest, TransactionId};
use tallystick::log::{ConsentLog, TABLES};
use tallystick::merkle::cosignature::cosign;
use tallystick::merkle::{CosignerKey, Note, SignerKey, TilePath};
use tallystick::model::leaf::{Leaf, LeafBody};
use tallystick::model::member::MemberId;
use tallystick::node::ExportHead;
use tallystick::secret::SecretBytes;
use tallystick::signing::SigningKey;
use tallystick::store::Store;

use crate::checker::Check;

pub(crate) const NOW: UnixTime = UnixTime(1_795_305_600);
const ORIGIN: &str = "tally.test-net/lender-a";

/// The log.
pub(crate) struct TestLog {
    pub(crate) log: ConsentLog,
    witnesses: [CosignerKey; 2],
}

/// Leaf `index` of the log.
pub(crate) fn leaf(index: u64) -> Leaf {
    let mut withdrawal = [7; 32];
    withdrawal[..8].copy_from_slice(&index.to_be_bytes());
    let body = LeafBody::WithdrawalReceived { withdrawal: Digest(withdrawal) };
    Leaf::new(NOW, TransactionId([9; 16]), body)
}

impl TestLog {
    pub(crate) fn new(size: u64) -> Self {
        let owner: MemberId = "lender-a".parse().unwrap();
        let signer = SignerKey::new(ORIGIN.parse().unwrap(), SecretBytes::new([1; 32]));
        let log = ConsentLog::open(Store::memory(TABLES).unwrap(), owner, signer, NOW).unwrap();
        let witness = |seed: u8| {
            let name = format!("tally.test-net/witness-{seed}").parse().unwrap();
            CosignerKey::new(name, SecretBytes::new([seed; 32]))
        };
        let made = Self { log, witnesses: [witness(2), witness(3)] };
        made.grow(size);
        made
    }

    /// Appends leaves up to a size.
    pub(crate) fn grow(&self, size: u64) {
        let have = self.log.head().size;
        self.append((have..size).map(leaf).collect());
    }

    pub(crate) fn append(&self, leaves: Vec<Leaf>) {
        if !leaves.is_empty() {
            self.log.append(Box::new(move |_, _| Ok(leaves))).unwrap();
        }
    }

    /// Both witnesses cosign the newest checkpoint.
    pub(crate) fn cosign(&self) {
        let published = self.log.published().unwrap();
        let mut note = String::from_utf8(published.checkpoint).unwrap();
        let text = Note::parse(note.as_bytes()).unwrap().text().to_owned();
        for witness in &self.witnesses {
            note = format!("{note}{}\n", cosign(&text, NOW, witness).unwrap());
        }
        let keys: Vec<_> = self.witnesses.iter().map(|witness| witness.verifier().clone()).collect();
        self.log.keep_cosignatures(note.as_bytes(), &keys).unwrap();
        self.log.keep_quorum(note.into_bytes()).unwrap();
    }

    /// What is asked of an export of it after [`TestLog::cosign`].
    pub(crate) fn check() -> Check {
        let signer = SignerKey::new(ORIGIN.parse().unwrap(), SecretBytes::new([1; 32]));
        let witnesses = Self::new(0).witnesses;
        Check {
            log: signer.verifier().to_string(),
            cosigners: witnesses.iter().map(|witness| witness.verifier().to_string()).collect(),
            cosigned: 2,
            quorum: 2,
            olds: Vec::new(),
        }
    }

    /// The same without cosignatures.
    pub(crate) fn check_unwitnessed() -> Check {
        Check { cosigned: 0, quorum: 0, ..Self::check() }
    }

    pub(crate) fn export(&self, folder: &Path) -> Written {
        export(self, folder).unwrap_or_else(|failure| panic!("{}", failure.words()))
    }

    pub(crate) fn refusal(&self, folder: &Path) -> (Exit, String) {
        let failure = export(self, folder).unwrap_err();
        (failure.exit, failure.words())
    }
}

impl Source for TestLog {
    fn head(&self) -> Result<ExportHead, Failure> {
        let published = self.log.published()?;
        Ok(ExportHead {
            manifest: Manifest {
                v: EXPORT_VERSION,
                network: "test-net".parse().unwrap(),
                member: "lender-a".parse().unwrap(),
                origin: ORIGIN.to_owned(),
                operator_key: SigningKey::from_seed(SecretBytes::new([4; 32])).verify_key(),
                exported_at: NOW,
                size: published.size,
            },
            checkpoint: String::from_utf8(published.checkpoint).unwrap(),
            quorum: String::from_utf8(published.quorum).unwrap(),
            files: Vec::new(),
            feeds: Vec::new(),
        })
    }

    fn tile(&self, path: TilePath) -> Result<Vec<u8>, Failure> {
        self.log.tile(path)?.ok_or_else(|| Failure::new(Exit::Fault, format!("{path} is not there")))
    }

    fn file(&self, path: &str) -> Result<Vec<u8>, Failure> {
        Err(Failure::new(Exit::Fault, format!("{path} is not there")))
    }

    fn rows(&self, _: &MemberId, _: u64) -> Result<Vec<RowLine>, Failure> {
        Ok(Vec::new())
    }
}
