//! A network of an operator, three lenders that hold keys, and one that does not; its logs are written leaf by leaf.

use std::collections::{BTreeMap, BTreeSet};

use tallystick::audit::export::{
    CHECKPOINT, EXPORT_VERSION, Fork, MANIFEST, Manifest, QUORUM, RowLine, feed_rows_path, feed_state_path,
    fork_path, roster_path, seen_path,
};
use tallystick::audit::{Export, Finding, Options, Report, Rule, verify};
use tallystick::clock::UnixTime;
use tallystick::digest::{Digest, TransactionId, hash};
use tallystick::feed_state::{FeedState, state_hash};
use tallystick::merkle::cosignature::{cosign, merge};
use tallystick::merkle::tile::{self, TILE_WIDTH};
use tallystick::merkle::tree::{self, Appender};
use tallystick::merkle::{
    Checkpoint, CosignerKey, Hash, Note, SetDigest, SignerKey, TileId, VerifierKey, leaf_hash,
    sign_checkpoint,
};
use tallystick::model::consent::{ConsentTerms, EvidenceKind, NoticeReference, Purpose};
use tallystick::model::leaf::{
    CheckpointReference, EvaluationKind, LawfulGround, Leaf, LeafBody, LeafReference, PointsReference,
    RefusalCode,
};
use tallystick::model::member::{MemberId, NetworkId};
use tallystick::roster::{Epoch, Member, PublicKeys, Role, Roster, RosterDocument, log_origin};
use tallystick::secret::{SecretBytes, SeededEntropy, random_array};
use tallystick::signing::{Signed, SigningKey};
use tallystick::threshold::{Locator, Point, RowContext, SecretKey, ciphertext_hash, deal, seal};

pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// When the network begins.
pub(crate) const BEGIN: i64 = 1_795_305_600;
pub(crate) const DAY: i64 = 86_400;

pub(crate) const LENDERS: [&str; 4] = ["lender-a", "lender-b", "lender-c", "lender-d"];
/// Key holders; two of them must help.
pub(crate) const HOLDERS: [&str; 3] = ["lender-a", "lender-b", "lender-c"];

struct Keys {
    log: SignerKey,
    cosigner: CosignerKey,
    feed: SigningKey,
}

/// One lender's feed.
#[derive(Default)]
pub(crate) struct Feed {
    pub(crate) rows: Vec<RowLine>,
    pub(crate) signed: Option<Signed<FeedState>>,
    /// Rows up to this sequence number have left.
    horizon: u64,
    /// How many have.
    expired: u64,
    /// The sequence number under which they last did.
    left_at: u64,
}

impl Feed {
    fn sequence(&self) -> u64 {
        self.rows.last().map_or(0, |row| row.sequence).max(self.left_at)
    }
}

pub(crate) struct World {
    pub(crate) now: i64,
    pub(crate) entropy: SeededEntropy,
    pub(crate) operator: SigningKey,
    pub(crate) rosters: Vec<Signed<RosterDocument>>,
    keys: BTreeMap<MemberId, Keys>,
    pub(crate) logs: BTreeMap<MemberId, Vec<Vec<u8>>>,
    pub(crate) feeds: BTreeMap<MemberId, Feed>,
    open_key: Point,
}

/// A consent as it stands in a log.
#[derive(Clone)]
pub(crate) struct Given {
    pub(crate) leaf: LeafReference,
    pub(crate) transaction: TransactionId,
    pub(crate) withdrawal: Digest,
    pub(crate) locate: PointsReference,
    pub(crate) footprint: PointsReference,
}

/// An opening as it stands in a log.
#[derive(Clone, Copy)]
pub(crate) struct Opened {
    pub(crate) leaf: LeafReference,
    pub(crate) transaction: TransactionId,
    pub(crate) points: PointsReference,
}

pub(crate) fn id(name: &str) -> MemberId {
    name.parse().unwrap()
}

pub(crate) fn network() -> NetworkId {
    "test-net".parse().unwrap()
}

fn policy(accepted: &str) -> String {
    let demo = include_str!("../../config/policy-demo.toml");
    let policy = demo.replace("[\"kh-nid\", \"phone\", \"slk-581\"]", accepted);
    assert!(policy.contains(accepted));
    // The usual clocks instead of those for show.
    let policy = policy.replace("state_interval_seconds = 10", "state_interval_seconds = 900");
    policy.replace("missing_after_seconds = 60", "missing_after_seconds = 86400")
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with_schemes("[\"kh-nid\"]")
    }

    pub(crate) fn with_schemes(accepted: &str) -> Self {
        let entropy = SeededEntropy::new(11);
        let operator = SigningKey::from_seed(SecretBytes::random(&entropy));
        let names: Vec<MemberId> = LENDERS.iter().copied().chain(["op"]).map(id).collect();
        let key_name = |member: &MemberId| log_origin(&network(), member).parse().unwrap();
        let keys: BTreeMap<MemberId, Keys> = names
            .iter()
            .map(|member| {
                let keys = Keys {
                    log: SignerKey::new(key_name(member), SecretBytes::random(&entropy)),
                    cosigner: CosignerKey::new(key_name(member), SecretBytes::random(&entropy)),
                    feed: SigningKey::from_seed(SecretBytes::random(&entropy)),
                };
                (member.clone(), keys)
            })
            .collect();
        let public = || {
            let dealt = deal(&SecretKey::random(&entropy), 2, 3, &entropy).unwrap();
            let shares = dealt.commitments.iter().map(|c| Digest(c.point.to_bytes())).collect();
            PublicKeys { public_key: Digest(dealt.public_key.to_bytes()), shares }
        };
        let (locate, footprint, open) = (public(), public(), public());
        let open_key = Point::from_bytes(&open.public_key.0).unwrap();
        let holders = HOLDERS.map(id).to_vec();
        let epoch = Epoch { epoch: 1, generation: 1, threshold: 2, holders, locate, footprint, open };
        let members = names.iter().map(|member| member_of(member, &keys[member])).collect();
        let document = RosterDocument {
            format: 1,
            network: network(),
            version: 1,
            issued: UnixTime(BEGIN),
            expires: UnixTime(BEGIN + 365 * DAY),
            certificate_authority: String::new(),
            revocations: None,
            members,
            epochs: vec![epoch],
            policy: policy(accepted),
        };
        let roster = Signed::sign(serde_json::to_vec(&document).unwrap(), &operator).unwrap();
        let logs = names.iter().map(|member| (member.clone(), Vec::new())).collect();
        let feeds = LENDERS.iter().map(|lender| (id(lender), Feed::default())).collect();
        let mut world =
            Self { now: BEGIN, entropy, operator, rosters: vec![roster], keys, logs, feeds, open_key };
        for name in LENDERS.iter().copied().chain(["op"]) {
            world.append(name, LeafBody::LogOpened { network: network().to_string() });
            let (version, hash) = (1, world.roster(0).hash());
            world.append(name, LeafBody::RosterAccepted { version, hash });
        }
        world
    }

    pub(crate) fn roster(&self, place: usize) -> Roster {
        Roster::verify(self.rosters[place].clone(), &self.operator.verify_key()).unwrap()
    }

    pub(crate) fn pass(&mut self, seconds: i64) {
        self.now += seconds;
    }

    pub(crate) fn random(&self) -> Digest {
        Digest(random_array(&self.entropy))
    }

    pub(crate) fn points(&self, count: u32) -> PointsReference {
        PointsReference { count, digest: self.random() }
    }

    pub(crate) fn append(&mut self, member: &str, body: LeafBody) -> LeafReference {
        let transaction = TransactionId::random(&self.entropy);
        self.append_as(member, transaction, body)
    }

    pub(crate) fn append_as(
        &mut self,
        member: &str,
        transaction: TransactionId,
        body: LeafBody,
    ) -> LeafReference {
        let bytes = Leaf::new(UnixTime(self.now), transaction, body).to_bytes();
        let log = self.logs.get_mut(&id(member)).unwrap();
        let leaf = LeafReference { index: log.len() as u64, hash: Digest(leaf_hash(&bytes)) };
        log.push(bytes);
        leaf
    }

    pub(crate) fn terms(&self) -> ConsentTerms {
        ConsentTerms {
            consent: tallystick::digest::ConsentId::random(&self.entropy),
            purpose: Purpose::LoanApplication,
            from: UnixTime(self.now),
            until: UnixTime(self.now + 30 * DAY),
            uses: 1,
            weak_matches: false,
            notice: NoticeReference {
                version: "2026-1".into(),
                language: "en".into(),
                hash: Digest([1; 32]),
            },
            evidence: EvidenceKind::SignedForm,
        }
    }

    /// A consent is recorded, and two key holders locate the client.
    pub(crate) fn consent(&mut self, asker: &str) -> Given {
        let terms = self.terms();
        self.consent_with(asker, terms, None)
    }

    pub(crate) fn consent_with(
        &mut self,
        asker: &str,
        terms: ConsentTerms,
        ground: Option<LawfulGround>,
    ) -> Given {
        let transaction = TransactionId::random(&self.entropy);
        let (locate, footprint) = (self.points(4), self.points(8));
        let (commitment, withdrawal) = (self.random(), self.random());
        let body =
            LeafBody::ConsentGiven { terms, commitment, withdrawal, epoch: 1, locate, footprint, ground };
        let leaf = self.append_as(asker, transaction, body);
        for holder in ["lender-a", "lender-b"] {
            self.serve(holder, asker, EvaluationKind::Locate, leaf, transaction, locate);
            self.serve(holder, asker, EvaluationKind::Footprint, leaf, transaction, footprint);
        }
        Given { leaf, transaction, withdrawal, locate, footprint }
    }

    /// A key holder's leaf for what an asker's leaf permits.
    pub(crate) fn serve(
        &mut self,
        holder: &str,
        asker: &str,
        evaluation: EvaluationKind,
        leaf: LeafReference,
        transaction: TransactionId,
        points: PointsReference,
    ) -> LeafReference {
        let checkpoint = self.checkpoint_of(asker);
        let digest = hash("test-results", &[holder.as_bytes(), &points.digest.0]);
        let body = LeafBody::EvaluationServed {
            peer: id(asker),
            evaluation,
            epoch: 1,
            generation: 1,
            leaf,
            checkpoint,
            points,
            results: PointsReference { count: points.count, digest },
        };
        self.append_as(holder, transaction, body)
    }

    pub(crate) fn opening_body(
        &self,
        consent: LeafReference,
        number: u16,
        points: PointsReference,
    ) -> LeafBody {
        LeafBody::InquiryOpened {
            consent,
            r#use: number,
            purpose: Purpose::LoanApplication,
            epoch: 1,
            points,
            weak: 0,
            footprint: Digest([0; 32]),
            feeds: self.random(),
            question: self.random(),
        }
    }

    /// An opening with its footprint, in one write, not yet helped with.
    pub(crate) fn open(&mut self, asker: &str, consent: LeafReference, number: u16) -> Opened {
        let points = self.points(16);
        let body = self.opening_body(consent, number, points);
        self.open_with(asker, body)
    }

    /// As [`World::open`], with the footprint put into the given leaf.
    pub(crate) fn open_with(&mut self, asker: &str, mut body: LeafBody) -> Opened {
        let transaction = TransactionId::random(&self.entropy);
        let before = self.feeds[&id(asker)].rows.len();
        self.publish(asker, 2);
        let printed = footprint_of(&self.feeds[&id(asker)].rows[before..]);
        let LeafBody::InquiryOpened { footprint, points, .. } = &mut body else { panic!("an opening") };
        *footprint = printed;
        let points = *points;
        let leaf = self.append_as(asker, transaction, body);
        self.state_as(asker, transaction);
        Opened { leaf, transaction, points }
    }

    pub(crate) fn help(&mut self, asker: &str, opened: Opened, holders: &[&str]) {
        for holder in holders {
            let Opened { leaf, transaction, points } = opened;
            self.serve(holder, asker, EvaluationKind::Open, leaf, transaction, points);
        }
    }

    pub(crate) fn answer(&mut self, asker: &str, opened: Opened) {
        let body = LeafBody::InquiryAnswered { opened: vec![opened.leaf], answer: self.random() };
        self.append_as(asker, opened.transaction, body);
    }

    /// A whole inquiry under a consent.
    pub(crate) fn inquire(&mut self, asker: &str, consent: LeafReference) -> Opened {
        let opened = self.open(asker, consent, 1);
        self.help(asker, opened, &["lender-b", "lender-c"]);
        self.answer(asker, opened);
        opened
    }

    pub(crate) fn refuse(&mut self, asker: &str, consent: Option<LeafReference>, reason: RefusalCode) {
        self.append(asker, LeafBody::InquiryRefused { consent, reason });
    }

    /// A reporting batch that two key holders evaluate, of which `rows` are published.
    pub(crate) fn report(&mut self, lender: &str, points: u32, rows: usize) -> LeafReference {
        let transaction = TransactionId::random(&self.entropy);
        let points = self.points(points);
        let leaf = self.append_as(lender, transaction, LeafBody::ReportingBatch { epoch: 1, points });
        for holder in ["lender-a", "lender-c"] {
            self.serve(holder, lender, EvaluationKind::Reporting, leaf, transaction, points);
        }
        self.publish(lender, rows);
        self.state(lender);
        leaf
    }

    /// Rows under new locators, not yet signed for.
    pub(crate) fn publish(&mut self, lender: &str, count: usize) {
        for _ in 0..count {
            let row = self.row(lender, self.feeds[&id(lender)].sequence() + 1);
            self.feeds.get_mut(&id(lender)).unwrap().rows.push(row);
        }
    }

    /// Rows under the locators of the oldest ones.
    pub(crate) fn publish_again(&mut self, lender: &str, count: usize) {
        for place in 0..count {
            let feed = &self.feeds[&id(lender)];
            let row = self.row_under(Locator(feed.rows[place].locator.0), lender, feed.sequence() + 1);
            self.feeds.get_mut(&id(lender)).unwrap().rows.push(row);
        }
    }

    /// Lets the oldest rows of a feed leave it when their time is over, and signs that they did.
    pub(crate) fn expire(&mut self, lender: &str, count: usize) {
        self.now += 401 * DAY;
        self.expire_at_once(lender, count);
    }

    /// The same, whether or not their time is over.
    pub(crate) fn expire_at_once(&mut self, lender: &str, count: usize) {
        let feed = self.feeds.get_mut(&id(lender)).unwrap();
        feed.left_at = feed.sequence() + 1;
        let left: Vec<RowLine> = feed.rows.drain(..count).collect();
        feed.horizon = left.last().unwrap().sequence;
        feed.expired += left.len() as u64;
        self.state(lender);
    }

    fn row(&self, lender: &str, sequence: u64) -> RowLine {
        self.row_under(Locator(random_array(&self.entropy)), lender, sequence)
    }

    fn row_under(&self, locator: Locator, lender: &str, sequence: u64) -> RowLine {
        let row_id: [u8; 16] = random_array(&self.entropy);
        let network = network();
        let context = RowContext {
            network: network.as_str(),
            epoch: 1,
            lender,
            locator: &locator,
            row_id: &row_id,
            version: 1,
        };
        let sealed = seal(&self.open_key, &context, b"a record", &self.entropy).unwrap();
        let proof = sealed.proof.to_bytes();
        RowLine {
            sequence,
            epoch: 1,
            locator: Digest(locator.0),
            row_id: TransactionId(row_id),
            version: 1,
            ephemeral: Digest(sealed.ephemeral.to_bytes()),
            key_commitment: Digest(sealed.key_commitment),
            ciphertext_hash: Digest(ciphertext_hash(&sealed.ciphertext)),
            proof: [Digest(proof[..32].try_into().unwrap()), Digest(proof[32..].try_into().unwrap())],
        }
    }

    /// Signs the state of a feed as it stands.
    pub(crate) fn state(&mut self, lender: &str) -> LeafReference {
        let transaction = TransactionId::random(&self.entropy);
        self.state_as(lender, transaction)
    }

    /// As [`World::state`], in the write of a transaction.
    pub(crate) fn state_as(&mut self, lender: &str, transaction: TransactionId) -> LeafReference {
        let signed = self.signed_state(lender, &self.feeds[&id(lender)].rows);
        let state = signed.verify(&self.keys[&id(lender)].feed.verify_key()).unwrap();
        let (hash, sequence, rows, as_of) = (state_hash(&signed), state.sequence, state.rows, state.as_of);
        self.feeds.get_mut(&id(lender)).unwrap().signed = Some(signed);
        self.append_as(lender, transaction, LeafBody::FeedState { hash, sequence, rows, as_of })
    }

    /// A state of these rows, signed by a lender.
    pub(crate) fn signed_state(&self, lender: &str, rows: &[RowLine]) -> Signed<FeedState> {
        let feed = &self.feeds[&id(lender)];
        let mut digest = SetDigest::new();
        for row in rows {
            digest.add(&row.hash(&id(lender)).0);
        }
        let state = FeedState {
            network: network(),
            lender: id(lender),
            time: UnixTime(self.now),
            as_of: None,
            epoch: Some(1),
            sequence: rows.last().map_or(0, |row| row.sequence).max(feed.left_at),
            rows: rows.len() as u64,
            digest: Digest(digest.digest()),
            horizon: feed.horizon,
            expired: feed.expired,
        };
        Signed::sign(state.to_bytes(), &self.keys[&id(lender)].feed).unwrap()
    }

    pub(crate) fn checkpoint_of(&self, member: &str) -> CheckpointReference {
        let (tiles, size) = tiles_of(&self.logs[&id(member)]);
        CheckpointReference { size, root: Digest(tree::root(size, &tiles).unwrap()) }
    }

    /// A note of these leaves, signed by their owner, and cosigned now.
    pub(crate) fn note(&self, member: &str, leaves: &[Vec<u8>], witnesses: &[&str]) -> Note {
        let keys = &self.keys[&id(member)];
        let (tiles, size) = tiles_of(leaves);
        let root = tree::root(size, &tiles).unwrap();
        let origin = log_origin(&network(), &id(member)).parse().unwrap();
        let mut note = sign_checkpoint(&Checkpoint::new(origin, size, root).unwrap(), &keys.log).unwrap();
        for witness in witnesses.iter().filter(|witness| **witness != member) {
            let key = &self.keys[&id(witness)].cosigner;
            let line = cosign(note.text(), UnixTime(self.now), key).unwrap();
            merge(&mut note, &[line], std::slice::from_ref(key.verifier())).unwrap();
        }
        note
    }

    /// What `tally log export` writes at this moment.
    pub(crate) fn export(&self, member: &str) -> Files {
        let log = &self.logs[&id(member)];
        let mut files = Files::new();
        let (tiles, size) = tiles_of(log);
        for (path, row) in &tiles {
            files.insert(path.path(path.width(size).unwrap()), row.clone());
        }
        for (number, bundle) in (0u64..).zip(log.chunks(TILE_WIDTH)) {
            let width = bundle.len().try_into().unwrap();
            files.insert(tile::entries_path(number, width), tile::encode_entries(bundle).unwrap());
        }
        let manifest = Manifest {
            v: EXPORT_VERSION,
            network: network(),
            member: id(member),
            origin: log_origin(&network(), &id(member)),
            operator_key: self.operator.verify_key(),
            exported_at: UnixTime(self.now),
            size,
        };
        files.insert(MANIFEST.into(), serde_json::to_vec(&manifest).unwrap());
        files.insert(CHECKPOINT.into(), self.note(member, log, &HOLDERS).to_bytes());
        let all: Vec<&str> = HOLDERS.iter().copied().chain(["op"]).collect();
        files.insert(QUORUM.into(), self.note(member, log, &all).to_bytes());
        for (version, roster) in (1..).zip(&self.rosters) {
            files.insert(roster_path(version), serde_json::to_vec(roster).unwrap());
        }
        for (other, leaves) in self.logs.iter().filter(|(other, _)| other.as_str() != member) {
            files.insert(seen_path(other), self.note(other.as_str(), leaves, &[]).to_bytes());
        }
        for (lender, feed) in &self.feeds {
            let Some(signed) = &feed.signed else { continue };
            files.insert(feed_state_path(lender), serde_json::to_vec(signed).unwrap());
            files.insert(feed_rows_path(lender), lines(&feed.rows));
        }
        files
    }

    /// What two signed checkpoints prove, as another member's export shows it.
    pub(crate) fn fork(&self, member: &str, seen: &[Vec<u8>], shown: &[Vec<u8>]) -> (String, Vec<u8>) {
        let fork = Fork {
            seen: self.note(member, seen, &[]).to_string(),
            shown: self.note(member, shown, &[]).to_string(),
            time: UnixTime(self.now),
        };
        (fork_path(&id(member), shown.len() as u64), serde_json::to_vec(&fork).unwrap())
    }

    pub(crate) fn export_all(&self) -> Vec<(String, Files)> {
        self.logs.keys().map(|member| (member.to_string(), self.export(member.as_str()))).collect()
    }
}

fn member_of(member: &MemberId, keys: &Keys) -> Member {
    let roles: BTreeSet<Role> = match member.as_str() {
        "op" => [Role::Operator, Role::Witness].into(),
        name if HOLDERS.contains(&name) => [Role::Lender, Role::KeyHolder, Role::Witness].into(),
        _ => [Role::Lender].into(),
    };
    Member {
        id: member.clone(),
        name: format!("Member {member}"),
        roles,
        addresses: Vec::new(),
        log_key: keys.log.verifier().to_string(),
        cosigner_key: AsRef::<VerifierKey>::as_ref(keys.cosigner.verifier()).to_string(),
        feed_key: keys.feed.verify_key(),
        answer_key: keys.feed.verify_key(),
        share_recipient: String::new(),
        admitted: UnixTime(BEGIN),
        removed: None,
    }
}

/// The hash of a footprint, written out from the document.
pub(crate) fn footprint_of(rows: &[RowLine]) -> Digest {
    let parts: Vec<Vec<u8>> = rows
        .iter()
        .map(|row| {
            let mut part = row.locator.0.to_vec();
            part.extend(row.row_id.0);
            part.extend(row.version.to_be_bytes());
            part.extend(row.key_commitment.0);
            part
        })
        .collect();
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    hash("tallystick/rows/v1", &parts)
}

pub(crate) fn lines(rows: &[RowLine]) -> Vec<u8> {
    rows.iter().flat_map(|row| [serde_json::to_vec(row).unwrap(), b"\n".to_vec()].concat()).collect()
}

fn tiles_of(leaves: &[Vec<u8>]) -> (BTreeMap<TileId, Vec<u8>>, u64) {
    let mut appender = Appender::new(0, &BTreeMap::new()).unwrap();
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
    for hash in hashes {
        appender.append(hash);
    }
    (appender.finish().tiles, leaves.len() as u64)
}

pub(crate) fn run_with(exports: &[(String, Files)], options: &Options) -> Report {
    let exports: Vec<Export<'_>> = exports.iter().map(|(name, folder)| Export { name, folder }).collect();
    verify(&exports, options, &SeededEntropy::new(5))
}

pub(crate) fn run(exports: &[(String, Files)]) -> Report {
    run_with(exports, &Options::default())
}

/// Institutions, leaves and rules of a report's findings; nothing may have been left unchecked.
pub(crate) fn found(report: &Report) -> Vec<(String, Option<u64>, Rule)> {
    assert!(report.unchecked.is_empty(), "{:#?}", report.unchecked);
    let triple = |f: &Finding| (f.institution.to_string(), f.leaf, f.rule);
    report.findings.iter().map(triple).collect()
}

/// As [`found`], of all exports at this moment.
pub(crate) fn found_in(world: &World) -> Vec<(String, Option<u64>, Rule)> {
    let report = run(&world.export_all());
    for finding in &report.findings {
        let words = &finding.words;
        assert!(words.ends_with('.') && !words.contains("  ") && words.is_ascii(), "{words}");
    }
    found(&report)
}

/// One expected finding.
pub(crate) fn one(institution: &str, leaf: LeafReference, rule: Rule) -> Vec<(String, Option<u64>, Rule)> {
    vec![(institution.to_owned(), Some(leaf.index), rule)]
}
