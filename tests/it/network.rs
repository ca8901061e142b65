//! A network in a temporary folder: an operator and lenders, each with its own store, keys and port.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tallystick::ca::{CertificateAuthority, NodeKey};
use tallystick::clock::{Clock, SystemClock};
use tallystick::daemon::{Daemon, Options};
use tallystick::digest::Digest;
use tallystick::keyring::{KeyShareEntry, NodeKeys};
use tallystick::limits::SETTLE_PATIENCE_SECONDS;
use tallystick::model::member::{MemberId, NetworkId};
use tallystick::model::node_identity::NodeIdentity;
use tallystick::node::{Node, PublicHalf};
use tallystick::roster::{Epoch, Member, PublicKeys, Role, RosterDocument};
use tallystick::secret::{Entropy, SecretBytes, SecretVec, SystemEntropy};
use tallystick::signing::{Signed, SigningKey};
use tallystick::store::StoreError;
use tallystick::threshold::{SecretKey, deal};
use tokio_util::sync::CancellationToken;

use crate::ports::free_port;

/// One member as it can be started and stopped.
pub(crate) struct Seat {
    pub(crate) id: MemberId,
    pub(crate) address: SocketAddr,
    /// Whether others can dial it.
    listens: bool,
    pub(crate) folder: PathBuf,
    pub(crate) certificate: String,
    tls_key: Vec<u8>,
    seeds: Vec<u8>,
    shares: Vec<(String, u8, Vec<u8>)>,
    running: Option<(Arc<Node>, CancellationToken, tokio::task::JoinHandle<()>)>,
}

/// A network whose members can be started and stopped.
pub(crate) struct Network {
    pub(crate) operator: SigningKey,
    authority: CertificateAuthority,
    pub(crate) seats: Vec<Seat>,
    pub(crate) folder: tempfile::TempDir,
}

/// Entropy that gives fixed seeds, so that a member's keys are the same after a restart.
struct Fixed(std::sync::Mutex<Vec<u8>>);

impl Entropy for Fixed {
    fn fill(&self, out: &mut [u8]) {
        let mut left = self.0.lock().unwrap();
        for byte in out {
            *byte = left.pop().expect("enough seeds");
        }
    }
}

fn free_address() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, free_port()).into()
}

pub(crate) fn policy() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config/policy-demo.toml")).unwrap()
}

impl Network {
    /// An operator `op` and lenders `lender-a`, `lender-b`, …, the first `holders` of which hold keys.
    pub(crate) fn new(lenders: usize, holders: u8, threshold: u8, policy: &str) -> Self {
        Self::made(lenders, holders, threshold, policy, |_| true)
    }

    /// The same, and only one of them listens.
    pub(crate) fn where_only(
        listener: &str,
        lenders: usize,
        holders: u8,
        threshold: u8,
        policy: &str,
    ) -> Self {
        Self::made(lenders, holders, threshold, policy, |name| name == listener)
    }

    fn made(
        lenders: usize,
        holders: u8,
        threshold: u8,
        policy: &str,
        listens: impl Fn(&str) -> bool,
    ) -> Self {
        let entropy = SystemEntropy::new();
        let clock = SystemClock::new();
        let network: NetworkId = "test-net".parse().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (ca, _) = CertificateAuthority::create(&network, clock.now(), 1, &entropy).unwrap();
        let operator = SigningKey::from_seed(SecretBytes::random(&entropy));
        let mut names = vec!["op".to_owned()];
        names.extend((0..lenders).map(|i| format!("lender-{}", char::from(b'a' + u8::try_from(i).unwrap()))));
        let mut seats: Vec<Seat> = names
            .iter()
            .map(|name| {
                let id: MemberId = name.parse().unwrap();
                let key = NodeKey::generate().unwrap();
                let request =
                    key.certificate_request(&NodeIdentity::new(network.clone(), id.clone())).unwrap();
                let certificate = ca.issue(&request, &id, clock.now(), 30, &entropy).unwrap();
                let mut seeds = vec![0u8; 4096];
                entropy.fill(&mut seeds);
                Seat {
                    folder: folder.path().join(name),
                    listens: listens(name),
                    id,
                    address: free_address(),
                    certificate,
                    tls_key: key.to_pem().expose().to_vec(),
                    seeds,
                    shares: Vec::new(),
                    running: None,
                }
            })
            .collect();
        let mut epoch = Epoch {
            epoch: 1,
            generation: 1,
            threshold,
            holders: seats[1..=usize::from(holders)].iter().map(|seat| seat.id.clone()).collect(),
            locate: PublicKeys { public_key: Digest([0; 32]), shares: Vec::new() },
            footprint: PublicKeys { public_key: Digest([0; 32]), shares: Vec::new() },
            open: PublicKeys { public_key: Digest([0; 32]), shares: Vec::new() },
        };
        for (name, keys) in
            [("locate", &mut epoch.locate), ("footprint", &mut epoch.footprint), ("open", &mut epoch.open)]
        {
            let dealt = deal(&SecretKey::random(&entropy), threshold, holders, &entropy).unwrap();
            keys.public_key = Digest(dealt.public_key.to_bytes());
            keys.shares = dealt.commitments.iter().map(|c| Digest(c.point.to_bytes())).collect();
            for (seat, share) in seats[1..].iter_mut().zip(&dealt.shares) {
                seat.shares.push((
                    name.to_owned(),
                    share.index().get(),
                    share.to_secret_bytes().expose().to_vec(),
                ));
            }
        }
        let mut members: Vec<Member> = seats
            .iter()
            .map(|seat| {
                let keys = seat.keys();
                let roles: BTreeSet<Role> = if seat.id.as_str() == "op" {
                    [Role::Operator, Role::Witness].into()
                } else if epoch.holders.contains(&seat.id) {
                    [Role::Lender, Role::KeyHolder, Role::Witness].into()
                } else {
                    [Role::Lender].into()
                };
                let addresses = seat.listens.then(|| seat.address.to_string()).into_iter().collect();
                let public = PublicHalf::of(&keys, &network, &seat.id);
                let name = format!("Member {}", seat.id);
                Member { addresses, ..public.member(seat.id.clone(), name, roles, clock.now()) }
            })
            .collect();
        members.sort_by(|a, b| a.id.cmp(&b.id));
        let document = RosterDocument {
            format: 1,
            network,
            version: 1,
            issued: clock.now(),
            expires: clock.now().plus_seconds(86_400 * 30),
            certificate_authority: ca.certificate_pem().to_owned(),
            revocations: None,
            members,
            epochs: vec![epoch],
            policy: policy.to_owned(),
        };
        let signed: Signed<RosterDocument> =
            Signed::sign(serde_json::to_vec(&document).unwrap(), &operator).unwrap();
        for seat in &seats {
            std::fs::create_dir_all(&seat.folder).unwrap();
            std::fs::write(seat.folder.join("roster.json"), serde_json::to_vec(&signed).unwrap()).unwrap();
            std::fs::write(seat.folder.join("certificate.pem"), &seat.certificate).unwrap();
        }
        Self { operator, authority: ca, seats, folder }
    }

    /// Another certificate for the key of a member, as the operator renews it: PEM.
    pub(crate) fn renewed_certificate(&mut self, name: &str, days: u16) -> String {
        let network = self.roster().network;
        let seat = self.seats.iter().find(|seat| seat.id.as_str() == name).unwrap();
        let key = NodeKey::from_pem(&SecretVec::new(seat.tls_key.clone())).unwrap();
        let request = key.certificate_request(&NodeIdentity::new(network, seat.id.clone())).unwrap();
        self.authority
            .issue(&request, &seat.id, SystemClock::new().now(), days, &SystemEntropy::new())
            .unwrap()
    }

    pub(crate) fn seat(&mut self, name: &str) -> &mut Seat {
        self.seats.iter_mut().find(|seat| seat.id.as_str() == name).unwrap()
    }

    pub(crate) fn roster(&self) -> RosterDocument {
        let file = std::fs::read(self.folder.path().join("op/roster.json")).unwrap();
        let signed: Signed<RosterDocument> = serde_json::from_slice(&file).unwrap();
        signed.verify(&self.operator.verify_key()).unwrap()
    }

    pub(crate) fn node(&self, name: &str) -> Arc<Node> {
        let seat = self.seats.iter().find(|seat| seat.id.as_str() == name).unwrap();
        Arc::clone(&seat.running.as_ref().expect("the member runs").0)
    }

    /// Starts a member and waits until it works, as long as it is patient with those who are away.
    pub(crate) async fn start(&mut self, name: &str) -> Arc<Node> {
        let node = self.try_start(name).await.unwrap();
        let within = Duration::from_secs(SETTLE_PATIENCE_SECONDS + 5);
        let _ = tokio::time::timeout(within, node.until_settled()).await;
        node
    }

    pub(crate) async fn try_start(&mut self, name: &str) -> anyhow::Result<Arc<Node>> {
        let operator_key = self.operator.verify_key();
        let seat = self.seat(name);
        let options = Options {
            member: seat.id.clone(),
            data: seat.folder.clone(),
            listen: seat.listens.then_some(seat.address),
            log_listen: None,
            web: None,
            texts: tallystick::words::Texts::built_in(),
            metrics_listen: None,
            bureau: None,
            keys: Arc::new(seat.keys()),
            certificate_file: seat.folder.join("certificate.pem"),
            roster_file: seat.folder.join("roster.json"),
            operator_key,
            unlocked_by: None,
            cache_mib: 8,
            limits: tallystick::transport::Limits::default(),
            clock: Arc::new(SystemClock::new()),
            entropy: Arc::new(SystemEntropy::new()),
        };
        let shutdown = CancellationToken::new();
        let mut started = Daemon::start(options.clone(), shutdown.clone()).await;
        // A page of a feed that a blocking thread was taking has the store, and not the node, a moment longer.
        for _ in 0..100 {
            let why = started.as_ref().err().and_then(|error| error.downcast_ref::<StoreError>());
            if !matches!(why, Some(StoreError::Locked { .. })) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            started = Daemon::start(options.clone(), shutdown.clone()).await;
        }
        let daemon = started?;
        let node = Arc::clone(daemon.node());
        #[expect(clippy::disallowed_methods, reason = "a test owns its daemons")]
        let task = tokio::spawn(async move { daemon.run().await.unwrap() });
        seat.running = Some((Arc::clone(&node), shutdown, task));
        Ok(node)
    }

    pub(crate) async fn start_all(&mut self) {
        let names: Vec<String> = self.seats.iter().map(|seat| seat.id.to_string()).collect();
        for name in &names {
            self.try_start(name).await.unwrap();
        }
        for name in &names {
            self.settled(name).await;
        }
    }

    /// Waits until a member works.
    pub(crate) async fn settled(&self, name: &str) {
        let node = self.node(name);
        eventually(&format!("{name} works"), || node.is_settled()).await;
    }

    pub(crate) async fn stop(&mut self, name: &str) {
        let (node, shutdown, task) = self.seat(name).running.take().unwrap();
        let node_gone = Arc::downgrade(&node);
        drop(node);
        shutdown.cancel();
        task.await.unwrap();
        // What still runs on a blocking thread has the store open a moment longer. A test may hold the node for itself.
        for _ in 0..100 {
            if node_gone.strong_count() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Seat {
    pub(crate) fn keys(&self) -> NodeKeys {
        let seeds = Fixed(std::sync::Mutex::new(self.seeds.clone()));
        let pem = tallystick::secret::SecretVec::new(self.tls_key.clone());
        let mut keys = NodeKeys::create(&seeds, pem);
        for (name, index, secret) in &self.shares {
            let secret = tallystick::secret::SecretVec::new(secret.clone());
            keys.add_share(KeyShareEntry::new(name.as_str(), 1, 1, *index, secret)).unwrap();
        }
        keys
    }
}

/// Waits until `check` holds, at most half a minute.
pub(crate) async fn eventually(what: &str, mut check: impl FnMut() -> bool) {
    #[expect(clippy::disallowed_methods, reason = "a test waits by the real clock")]
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        if check() {
            return;
        }
        #[expect(clippy::disallowed_methods, reason = "a test waits by the real clock")]
        let now = Instant::now();
        assert!(now < end, "not within half a minute: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
