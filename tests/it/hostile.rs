//! A hand-made client with a valid member certificate, its own log and no manners, against a real key holder.

use std::sync::Arc;
use std::time::Duration;

use tallystick::clock::{Clock, SystemClock};
use tallystick::digest::{ConsentId, Digest, TransactionId, WithdrawalCode};
use tallystick::log::{ConsentLog, TABLES};
use tallystick::model::consent::{ConsentTerms, EvidenceKind, NoticeReference, Purpose};
use tallystick::model::leaf::{EvaluationKind, Leaf, LeafBody, LeafReference, PointsReference, RefusalCode};
use tallystick::model::member::MemberId;
use tallystick::node::note_keys;
use tallystick::secret::SystemEntropy;
use tallystick::store::Store;
use tallystick::threshold::{Point, padding_point, points_digest};
use tallystick::transport::{Dialer, Framed, Limits, PeerTls, TlsIdentity, TrustAnchor};
use tallystick::wire::codec;
use tallystick::wire::message::{
    EvaluateRequest, Hello, LogUpdate, PROTOCOL_VERSION_MAX, PROTOCOL_VERSION_MIN, Reply, Request, Welcome,
};
use tokio_util::sync::CancellationToken;

use crate::network::{Network, policy};

/// A client that is `lender-d` by its certificate and log key.
struct Client {
    framed: Framed,
    log: ConsentLog,
    clock: SystemClock,
    /// Leaves that the holder has been shown.
    shown: u64,
}

/// What was appended of one inquiry.
struct Opening {
    transaction: TransactionId,
    consent: LeafReference,
    leaf: LeafReference,
    points: Vec<Point>,
    code: WithdrawalCode,
}

fn points(count: usize) -> Vec<Point> {
    (0..count).map(|_| padding_point(&SystemEntropy::new()).point()).collect()
}

fn reference(points: &[Point]) -> PointsReference {
    PointsReference { count: u32::try_from(points.len()).unwrap(), digest: Digest(points_digest(points)) }
}

/// A connection of `lender-d` to a holder, before its hello.
pub(crate) async fn dial(network: &Network, holder: &str) -> Framed {
    let seat = network.seats.iter().find(|seat| seat.id.as_str() == "lender-d").unwrap();
    let target = network.seats.iter().find(|seat| seat.id.as_str() == holder).unwrap();
    let document = network.roster();
    let identity = TlsIdentity::from_pem(&seat.certificate, seat.keys().tls_private_key_pem()).unwrap();
    let anchor = TrustAnchor::from_pem(&document.certificate_authority, &[]).unwrap();
    let tls = Arc::new(PeerTls::new(identity, &anchor, Arc::new(SystemClock::new())).unwrap());
    let dialer = Dialer::new(tls, Limits::default(), CancellationToken::new());
    dialer.dial(&[target.address.to_string()], &target.id, Duration::from_secs(10)).await.unwrap()
}

/// The hello of a client that knows these versions.
pub(crate) fn hello(network: &Network, version_min: u16, version_max: u16) -> Hello {
    let (network, time) = (network.roster().network, SystemClock::new().now());
    Hello { version_min, version_max, network, roster_version: 1, time }
}

impl Client {
    async fn connect(network: &Network, holder: &str) -> Self {
        let clock = SystemClock::new();
        let seat = network.seats.iter().find(|seat| seat.id.as_str() == "lender-d").unwrap();
        let (document, keys) = (network.roster(), seat.keys());
        let mut framed = dial(network, holder).await;
        let hello = hello(network, PROTOCOL_VERSION_MIN, PROTOCOL_VERSION_MAX);
        framed.send(&codec::encode(&hello)).await.unwrap();
        let welcome: Welcome = codec::decode(&framed.recv().await.unwrap().unwrap(), "welcome").unwrap();
        assert!(matches!(welcome, Welcome::Accepted { .. }), "{welcome:?}");
        let (signer, _) = note_keys(&keys, document.network.as_str(), &seat.id);
        let log =
            ConsentLog::open(Store::memory(TABLES).unwrap(), seat.id.clone(), signer, clock.now()).unwrap();
        Self { framed, log, clock, shown: 0 }
    }

    fn append(&self, transaction: TransactionId, body: LeafBody) -> LeafReference {
        let leaf = Leaf::new(self.clock.now(), transaction, body);
        self.log.append_one(leaf).unwrap().leaves[0]
    }

    fn consent(&self, purpose: Purpose, from: i64, until: i64) -> (LeafReference, WithdrawalCode) {
        let entropy = SystemEntropy::new();
        let now = self.clock.now();
        let code = WithdrawalCode::random(&entropy);
        let terms = ConsentTerms {
            consent: ConsentId::random(&entropy),
            purpose,
            from: now.plus_seconds(from),
            until: now.plus_seconds(until),
            uses: 1,
            weak_matches: false,
            notice: NoticeReference {
                version: "1".to_owned(),
                language: "en".to_owned(),
                hash: Digest([0; 32]),
            },
            evidence: EvidenceKind::SignedForm,
        };
        let none = reference(&points(1));
        let body = LeafBody::ConsentGiven {
            terms,
            commitment: Digest([1; 32]),
            withdrawal: code.hash(),
            epoch: 1,
            locate: none,
            footprint: none,
            ground: None,
        };
        (self.append(TransactionId::random(&entropy), body), code)
    }

    fn open(
        &self,
        consent: LeafReference,
        number: u16,
        purpose: Purpose,
        points: &[Point],
    ) -> (TransactionId, LeafReference) {
        let transaction = TransactionId::random(&SystemEntropy::new());
        let body = LeafBody::InquiryOpened {
            consent,
            r#use: number,
            purpose,
            epoch: 1,
            points: reference(points),
            weak: 0,
            footprint: Digest([2; 32]),
            feeds: Digest([3; 32]),
            question: Digest([4; 32]),
        };
        (transaction, self.append(transaction, body))
    }

    fn inquiry(&self) -> Opening {
        let (consent, code) = self.consent(Purpose::LoanApplication, -10, 3_600);
        let points = points(16);
        let (transaction, leaf) = self.open(consent, 1, Purpose::LoanApplication, &points);
        Opening { transaction, consent, leaf, points, code }
    }

    fn request(&self, opening: &Opening) -> EvaluateRequest {
        EvaluateRequest {
            transaction: opening.transaction,
            evaluation: EvaluationKind::Open,
            epoch: 1,
            generation: 1,
            leaf: opening.leaf,
            points: opening.points.iter().map(Point::to_bytes).collect(),
            update: self.log.update_from(self.shown, 1_000).unwrap(),
        }
    }

    async fn send(&mut self, request: EvaluateRequest) -> Reply {
        let reached = request.update.from + request.update.leaves.len() as u64;
        self.framed.send(&codec::encode(&Request::Evaluate(Box::new(request)))).await.unwrap();
        let reply = codec::decode(&self.framed.recv().await.unwrap().unwrap(), "reply").unwrap();
        // The mirror takes a consistent update, whatever it thinks of the rest.
        let kept = !matches!(
            &reply,
            Reply::LogSize { .. }
                | Reply::Refused(tallystick::wire::message::Refusal {
                    code: RefusalCode::InconsistentLog
                        | RefusalCode::BadCheckpointSignature
                        | RefusalCode::WrongOrigin
                        | RefusalCode::OldCheckpoint,
                    ..
                })
        );
        if kept {
            self.shown = reached;
        }
        reply
    }

    async fn refused(&mut self, what: &str, request: EvaluateRequest) -> RefusalCode {
        match self.send(request).await {
            Reply::Refused(refusal) => refusal.code,
            other => panic!("{what}: {other:?}"),
        }
    }
}

/// Refusals that the holder's own log says.
fn logged(network: &Network, holder: &str) -> Vec<RefusalCode> {
    let node = network.node(holder);
    let leaves = node.log().leaves(0, 10_000).unwrap();
    let refusal = |bytes: Vec<u8>| match Leaf::from_bytes(&bytes).unwrap().body {
        LeafBody::EvaluationRefused { reason, .. } => Some(reason),
        _ => None,
    };
    leaves.into_iter().filter_map(refusal).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[expect(clippy::too_many_lines, reason = "one list of attempts, in the order of the holder's checks")]
async fn every_attempt_is_refused_for_its_own_reason_and_logged() {
    let mut network = Network::new(4, 3, 2, &policy());
    for name in ["op", "lender-a", "lender-b", "lender-c"] {
        network.start(name).await;
    }
    let mut client = Client::connect(&network, "lender-a").await;
    let mut expected = Vec::new();
    let mut attempt = |code: RefusalCode, want: RefusalCode, what: &str| {
        assert_eq!(code, want, "{what}");
        expected.push(want);
    };

    // First that the same client is served when it plays by the rules.
    let honest = client.inquiry();
    let request = client.request(&honest);
    assert!(matches!(client.send(request).await, Reply::Evaluated(_)));
    // And once more, as after a lost reply: the same points cost no second use.
    let request = client.request(&honest);
    assert!(matches!(client.send(request).await, Reply::Evaluated(_)));

    // No log proof at all.
    let bare = client.inquiry();
    let mut request = client.request(&bare);
    request.update.leaves.clear();
    request.update.checkpoint.clear();
    attempt(client.refused("no proof", request).await, RefusalCode::BadCheckpointSignature, "no proof");

    // A leaf that the log does not have.
    let mut request = client.request(&bare);
    request.leaf.index += 50;
    attempt(client.refused("no leaf", request).await, RefusalCode::LeafMissing, "no leaf");

    // A checkpoint of another log, under the right certificate.
    let other = network.node("lender-b");
    let mut request = client.request(&bare);
    request.update = LogUpdate {
        from: client.shown,
        leaves: Vec::new(),
        checkpoint: other.log().head().checkpoint,
        quorum: Vec::new(),
    };
    attempt(client.refused("other log", request).await, RefusalCode::WrongOrigin, "other log");

    // A forged leaf under a true checkpoint.
    let forged = client.inquiry();
    let mut request = client.request(&forged);
    let last = request.update.leaves.last_mut().unwrap();
    let place = last.len() - 10;
    last[place] ^= 1;
    attempt(client.refused("forged", request).await, RefusalCode::InconsistentLog, "forged");

    // True leaf, other points.
    let mut request = client.request(&forged);
    request.points = points(16).iter().map(Point::to_bytes).collect();
    attempt(client.refused("other points", request).await, RefusalCode::WrongPoints, "other points");

    // One point twice, and one that is none.
    let mut request = client.request(&forged);
    request.points[1] = request.points[0];
    attempt(client.refused("twice", request).await, RefusalCode::BadPoints, "a point twice");
    let mut request = client.request(&forged);
    request.points[0] = [0; 32];
    attempt(client.refused("identity", request).await, RefusalCode::BadPoints, "the identity");

    // The spent consent of the honest inquiry, as use 1 on other points, and as a use 2 that nobody gave.
    for number in [1, 2] {
        let again = points(16);
        let (transaction, leaf) = client.open(honest.consent, number, Purpose::LoanApplication, &again);
        let second = Opening { transaction, leaf, points: again, code: honest.code, consent: honest.consent };
        let request = client.request(&second);
        attempt(client.refused("re-used", request).await, RefusalCode::UsedUp, "a spent consent");
    }

    // Another purpose than the consent's.
    let (consent, code) = client.consent(Purpose::Guarantee, -10, 3_600);
    let those = points(16);
    let (transaction, leaf) = client.open(consent, 1, Purpose::LoanApplication, &those);
    let request = client.request(&Opening { transaction, leaf, points: those, code, consent });
    attempt(client.refused("purpose", request).await, RefusalCode::WrongPurpose, "another purpose");

    // Expired by the holder's clock, and not yet begun.
    for (from, until, want) in
        [(-7_200, -3_600, RefusalCode::Expired), (7_200, 9_000, RefusalCode::NotYetValid)]
    {
        let (consent, code) = client.consent(Purpose::LoanApplication, from, until);
        let those = points(16);
        let (transaction, leaf) = client.open(consent, 1, Purpose::LoanApplication, &those);
        let request = client.request(&Opening { transaction, leaf, points: those, code, consent });
        attempt(client.refused("period", request).await, want, "outside its period");
    }

    // Terms that the policy lets no consent have: a hundred years.
    let (consent, code) = client.consent(Purpose::LoanApplication, -10, 100 * 365 * 86_400);
    let those = points(16);
    let (transaction, leaf) = client.open(consent, 1, Purpose::LoanApplication, &those);
    let request = client.request(&Opening { transaction, leaf, points: those, code, consent });
    attempt(client.refused("terms", request).await, RefusalCode::NotPermitted, "terms beyond the policy");

    // An opening without any consent: it names a leaf that is none.
    let those = points(16);
    let (transaction, leaf) = client.open(honest.leaf, 1, Purpose::LoanApplication, &those);
    let none = Opening { transaction, leaf, points: those, code: honest.code, consent: honest.leaf };
    let request = client.request(&none);
    attempt(client.refused("none", request).await, RefusalCode::NoConsent, "no consent");

    // The client withdraws by her code, at the operator; the lender does not know.
    let withdrawn = client.inquiry();
    let operator = network.node("op");
    operator.withdraw(&withdrawn.code).unwrap();
    operator.flood_withdrawal(withdrawn.code).await;
    let request = client.request(&withdrawn);
    attempt(client.refused("code", request).await, RefusalCode::Withdrawn, "withdrawn elsewhere");

    // The withdrawal leaf was shown; an older checkpoint without it is not taken any more.
    let hidden = client.inquiry();
    let before = client.request(&hidden);
    let body = LeafBody::ConsentWithdrawn { consent: hidden.consent };
    client.append(TransactionId::random(&SystemEntropy::new()), body);
    let request = client.request(&hidden);
    attempt(client.refused("leaf", request).await, RefusalCode::Withdrawn, "withdrawn in the log");
    attempt(client.refused("withheld", before).await, RefusalCode::OldCheckpoint, "an old checkpoint");

    // The key of another epoch, and an evaluation that the leaf does not permit.
    let wrong = client.inquiry();
    let mut request = client.request(&wrong);
    request.epoch = 2;
    attempt(client.refused("epoch", request).await, RefusalCode::WrongKey, "another epoch");
    let mut request = client.request(&wrong);
    request.evaluation = EvaluationKind::Locate;
    attempt(client.refused("kind", request).await, RefusalCode::WrongLeaf, "another kind");

    assert_eq!(logged(&network, "lender-a"), expected, "every refusal is a leaf of the holder's log");

    // A rewritten history: the same size with other leaves. Both checkpoints are kept as evidence.
    let mut forked = Client::connect(&network, "lender-a").await;
    while forked.log.head().size <= client.log.head().size {
        forked.inquiry();
    }
    forked.shown = client.shown;
    let opening = forked.inquiry();
    let request = forked.request(&opening);
    assert_eq!(forked.refused("fork", request).await, RefusalCode::InconsistentLog);
    let id: MemberId = "lender-d".parse().unwrap();
    assert!(!network.node("lender-a").mirror().forks(&id).unwrap().is_empty());
}
