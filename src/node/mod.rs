//! What a node does, one role a file, over the floors below: asker, key holder, publisher, follower, importer,
//! witness. Nothing here knows a socket or a file; peers are reached through [`Peers`].

mod access;
mod administer;
mod answer;
mod approval;
mod ask;
mod batch;
mod binding;
mod blocking;
mod by_identifier;
mod carriers;
mod consent;
mod consent_fault;
mod dispute;
mod doctor;
mod erase;
mod export;
mod feed_file;
mod for_caller;
mod freshness;
mod ground;
mod growth;
mod guard;
mod holder;
mod inquire;
mod keys;
mod locate;
mod market;
mod no_peers;
mod opening;
mod patterns;
mod proposal;
mod public_half;
mod publish;
mod quota_use;
mod quotas;
mod recall;
mod receipt;
mod records;
mod recover;
mod refeed;
mod replay;
mod replies;
mod retention;
mod rosters;
mod settle;
mod snapshot;
mod standing;
mod status;
mod subject;
mod succeed;
mod tables;
mod terms;
mod withdraw;
mod witness;
mod works;

#[cfg(test)]
pub(crate) mod in_memory;

pub mod follow;
pub mod import;
pub mod serve;
pub mod sound;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use arc_swap::ArcSwap;

pub use access::{Attribution, Concern, Deed};
pub use administer::AdministerError;
pub use answer::{AnswerDocument, SignedAnswer, open_answer};
pub use ask::{AskError, HolderTrouble};
pub use binding::BindingError;
pub use blocking::Blocking;
pub use consent::{ConsentError, ConsentRequest, ConsentView, Evidence, RecordedConsent};
pub use consent_fault::ConsentFault;
pub use dispute::{
    DisputeDecision, DisputeError, DisputeFault, DisputeHindrance, DisputeRequest, Disputes, Overdue,
};
pub use doctor::HolderDuty;
pub use erase::{EraseError, Erased, ErasedLeaf, ErasureRequest, Whom};
pub use export::{ExportHead, FeedHeld};
pub use feed_file::{FeedFileRefused, FeedImported, FeedOutcome, FeedsImported};
pub use for_caller::ForCaller;
pub use ground::{GroundRequest, GroundView, RecordedGround};
pub use import::{ImportError, ImportOptions, ImportOutcome, ImportPhase, ImportProgress};
pub use inquire::{InquireError, Inquired, RefusedInquiry};
pub use keys::{KeysError, NodeSecrets, note_keys};
pub use market::{MarketCount, MarketError};
pub use no_peers::NoPeers;
pub use patterns::PatternReport;
pub use proposal::{
    Asked, AskedGround, Ended, NewProposal, Proposal, ProposalError, ProposalKind, ProposalOutcome,
    ProposalTextFault, ProposalsWaiting,
};
pub use public_half::PublicHalf;
pub use publish::{PublishError, PublishReport};
pub use quota_use::QuotaUse;
pub use recall::Recalled;
pub use recover::RecoverError;
pub use replay::Recovered;
pub use replies::KeptReply;
pub use retention::Retained;
pub use snapshot::SnapshotHead;
pub use standing::{Phase, Silent, Standing};
pub use status::{HeldLoad, HolderState, MemberState, Status};
pub use subject::{SubjectError, SubjectReport};
pub use succeed::SucceedError;
pub use tables::TABLES;
pub use withdraw::Presented;

use self::rosters::{OfPolicy as _, newest_accepted};
use crate::book::Book;
use crate::clock::{Clock, UnixTime};
use crate::feed::{Feeds, OwnFeed};
use crate::keyring::AtRest;
use crate::log::{ConsentLog, LogError, Mirror, Register};
use crate::merkle::CosignerKey;
use crate::model::identifier::SchemeSet;
use crate::model::leaf::{Leaf, LeafBody, RefusalCode};
use crate::model::member::{MemberId, NetworkId};
use crate::people::People;
use crate::roster::Roster;
use crate::secret::Entropy;
use crate::signing::SigningKey;
use crate::store::{Store, StoreBatch, StoreError};
use crate::wire::message::{Reply, Request};

/// Why a peer gave no reply.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PeerError {
    /// It cannot be reached, or the connection broke.
    #[error("{member} cannot be reached: {why}")]
    Unreachable {
        /// The member.
        member: MemberId,
        /// What the transport says.
        why: String,
    },
    /// It sent something that is no reply to the request.
    #[error("{member} sent what is no reply: {what}")]
    Misbehaved {
        /// The member.
        member: MemberId,
        /// What it did.
        what: String,
    },
}

/// A reply on its way.
pub type ReplyFuture<'a> = Pin<Box<dyn Future<Output = Result<Reply, PeerError>> + Send + 'a>>;

/// The other members, whoever carries the messages: connections, or a simulation.
pub trait Peers: Send + Sync {
    /// Sends one request and waits for its reply.
    fn call<'a>(&'a self, member: &'a MemberId, request: Request) -> ReplyFuture<'a>;

    /// Why the last call to a member failed, for people; none when it did not.
    fn last_failure(&self, _member: &MemberId) -> Option<String> {
        None
    }

    /// When this node's own certificate ends, or the one that another member showed last, since this node's start.
    fn certificate_until(&self, _member: &MemberId) -> Option<UnixTime> {
        None
    }

    /// Whether the member has an address. One that has none is called through a relay: not for what others bring as well.
    fn is_dialled(&self, _member: &MemberId) -> bool {
        true
    }

    /// Whether members that have no address stand by here to be called.
    fn is_relay(&self) -> bool {
        false
    }

    /// Whether nobody can be reached by design: then nobody is shown anything either, and what is appended to the log
    /// can be put behind what others turn out to have seen.
    fn is_nobody(&self) -> bool {
        false
    }
}

/// Everything that the roles share.
pub struct Node {
    me: MemberId,
    network: NetworkId,
    store: Store,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    at_rest: AtRest,
    records: records::Records,
    log: ConsentLog,
    mirror: Mirror,
    register: Register,
    feeds: Feeds,
    own_feed: Arc<OwnFeed>,
    book: Book,
    people: People,
    shares: keys::Shares,
    cosigner: CosignerKey,
    answer_key: SigningKey,
    letters: crate::keyring::LetterKey,
    roster: ArcSwap<Roster>,
    schemes: ArcSwap<SchemeSet>,
    quotas: quotas::Quotas,
    works: works::Works,
    contacts: withdraw::Contacts,
    carriers: carriers::Carriers,
    /// Held while a withdrawal is taken in, from the look whether it is known until it is on disk.
    withdrawing: std::sync::Mutex<()>,
    disputes: dispute::DisputeState,
    reply_counts: replies::ReplyCounts,
    /// Held while clients are counted for market figures, so that a month is not counted twice.
    counting: std::sync::Mutex<()>,
    /// Held while a proposal is made or decided, and while something is erased: each is decided once, and none outlives the
    /// erasure of what it is about.
    deciding: tokio::sync::Mutex<()>,
    /// Held while something is erased: one erasure at a time.
    erasing: tokio::sync::Mutex<()>,
    /// Latest as-of date of what was published since the feed's state last showed one.
    published_as_of: std::sync::Mutex<Option<crate::model::day::Day>>,
    /// Rows of the own feed that were found rotten, with the versions that are.
    rotten: std::sync::Mutex<std::collections::BTreeMap<[u8; 16], u64>>,
    /// Up to where rows of the own feed are about to expire.
    horizon: std::sync::atomic::AtomicU64,
    askers: ask::HolderLines,
    peers: Arc<dyn Peers>,
    blocking: Blocking,
    /// Whose turn it is under each consent that is being asked with.
    turns:
        std::sync::Mutex<std::collections::BTreeMap<crate::digest::ConsentId, Arc<tokio::sync::Mutex<()>>>>,
    /// Whether this copy of the log is known to be the newest.
    standing: tokio::sync::watch::Sender<Standing>,
    /// Held while others are asked how much of the log they have seen.
    settling: tokio::sync::Mutex<settle::Settling>,
    /// Told when rows were published, so that those who wait for them are woken.
    published: tokio::sync::watch::Sender<u64>,
    /// Told when clients wait to be published.
    pending: tokio::sync::Notify,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node").field("me", &self.me).field("network", &self.network).finish_non_exhaustive()
    }
}

/// Why a node does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store or what is in it.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys do not fit the roster.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The policy's schemes are not usable.
    #[error("the policy's identifier schemes are not usable: {0}")]
    Schemes(String),
}

/// What a node is made of.
pub struct Parts {
    /// Who it is.
    pub me: MemberId,
    /// Its store.
    pub store: Store,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Its keys.
    pub secrets: NodeSecrets,
    /// The roster that it follows, unless its log has accepted a newer one.
    pub roster: Roster,
    /// The other members.
    pub peers: Arc<dyn Peers>,
    /// Where work runs that blocks.
    pub blocking: Blocking,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts").field("me", &self.me).finish_non_exhaustive()
    }
}

impl Node {
    /// Puts a node together, checks its log against its last signed checkpoint and its shares against the roster.
    ///
    /// It appends nothing and serves nobody before [`Node::settle`] has asked others how much of its log they have seen.
    /// One that has nobody to ask works at once.
    pub fn start(parts: Parts) -> Result<Arc<Self>, StartError> {
        let Parts { me, store, clock, entropy, secrets, roster, peers, blocking } = parts;
        let network = roster.network().clone();
        store.bind_identity(&format!("{network}/{me}"))?;
        let roster = newest_accepted(&store, roster)?;
        let signed = secrets.check(&me, &roster)?;
        let now = clock.now();
        let log = ConsentLog::open(store.clone(), me.clone(), signed.log_signer, now)?;
        log.hold();
        let register = Register::new(store.clone());
        register.note_codes()?;
        let schemes = SchemeSet::of_policy(&roster)?;
        let has_others = roster.witnesses_of(&me).iter().any(|witness| witness.id != me)
            || roster.current_epoch().is_some_and(|epoch| epoch.holders.iter().any(|holder| holder != &me));
        let is_alone = peers.is_nobody() || !has_others;
        let node = Arc::new(Self {
            standing: tokio::sync::watch::Sender::new(Standing::unasked(log.head().size)),
            settling: tokio::sync::Mutex::default(),
            log,
            mirror: Mirror::new(store.clone()),
            register,
            feeds: Feeds::new(store.clone()),
            own_feed: Arc::new(OwnFeed::open(store.clone(), network.clone(), me.clone(), signed.feed_key)?),
            book: Book::new(store.clone(), signed.at_rest.sub("book")),
            people: People::new(store.clone(), signed.at_rest.sub("people"), Arc::clone(&entropy)),
            records: records::Records::new(store.clone(), &signed.at_rest, Arc::clone(&entropy)),
            at_rest: signed.at_rest.sub("node"),
            shares: signed.shares,
            cosigner: signed.cosigner,
            answer_key: signed.answer_key,
            letters: signed.letters,
            schemes: ArcSwap::from_pointee(schemes),
            quotas: quotas::Quotas::new(store.clone()),
            works: works::Works::default(),
            contacts: withdraw::Contacts::new(now),
            carriers: carriers::Carriers::default(),
            withdrawing: std::sync::Mutex::default(),
            disputes: dispute::DisputeState::default(),
            reply_counts: replies::ReplyCounts::default(),
            counting: std::sync::Mutex::default(),
            deciding: tokio::sync::Mutex::default(),
            erasing: tokio::sync::Mutex::default(),
            published_as_of: std::sync::Mutex::default(),
            rotten: std::sync::Mutex::default(),
            horizon: std::sync::atomic::AtomicU64::new(0),
            askers: ask::HolderLines::default(),
            roster: ArcSwap::from_pointee(roster),
            published: tokio::sync::watch::Sender::new(0),
            pending: tokio::sync::Notify::new(),
            turns: std::sync::Mutex::default(),
            me,
            network,
            store,
            clock,
            entropy,
            peers,
            blocking,
        });
        if is_alone {
            node.open_log(Vec::new(), StoreBatch::new())?;
            node.standing.send_replace(Standing::settled(node.log.head().size));
        }
        // An erasure that was cut off before its keys were out of every file.
        node.purge_if_due()?;
        Ok(node)
    }

    /// The first leaves of a log, and the roster and the shares whenever they are new ones; and what is kept with them.
    fn beginnings(&self, roster: &Roster) -> Result<(Vec<Leaf>, StoreBatch), LogError> {
        let mut bodies = Vec::new();
        if self.log.head().size == 0 {
            bodies.push(LeafBody::LogOpened { network: self.network.to_string() });
        }
        if self.store.get(&tables::ROSTER_LOGGED, &())? != Some(roster.version()) {
            bodies.push(LeafBody::RosterAccepted { version: roster.version(), hash: roster.hash() });
        }
        bodies.extend(self.shares.newly_installed(&self.store)?);
        let mut batch = StoreBatch::new();
        batch.put(&tables::ROSTER_LOGGED, &(), &roster.version());
        batch.put(&tables::ROSTERS, &roster.version(), roster.signed());
        for share in self.shares.installed() {
            batch.put(&tables::SHARES_LOGGED, &share, &());
        }
        let now = self.clock.now();
        Ok((bodies.into_iter().map(|body| self.leaf_at(now, body)).collect(), batch))
    }

    fn leaf_at(&self, time: UnixTime, body: LeafBody) -> Leaf {
        let transaction = crate::digest::TransactionId::random(&*self.entropy);
        Leaf::new(time, transaction, body)
    }

    /// Who this node is.
    pub fn me(&self) -> &MemberId {
        &self.me
    }

    /// The network.
    pub fn network(&self) -> &NetworkId {
        &self.network
    }

    /// The roster that is followed now.
    pub fn roster(&self) -> Arc<Roster> {
        self.roster.load_full()
    }

    /// The identifier schemes of the policy that is followed now.
    pub fn schemes(&self) -> Arc<SchemeSet> {
        self.schemes.load_full()
    }

    /// The node's log.
    pub fn log(&self) -> &ConsentLog {
        &self.log
    }

    /// Other members' logs.
    pub fn mirror(&self) -> &Mirror {
        &self.mirror
    }

    /// The other members, to be called.
    pub fn peers(&self) -> &dyn Peers {
        &*self.peers
    }

    /// Feeds held here.
    pub fn feeds(&self) -> &Feeds {
        &self.feeds
    }

    /// The lender's book.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Who may use the node.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// Time here.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Why the last call to a member failed; none when it did not.
    pub fn last_failure(&self, member: &MemberId) -> Option<String> {
        self.peers.last_failure(member)
    }

    /// Whether a write failed: then nothing is written any more until the node is started again.
    pub fn store_failed(&self) -> bool {
        self.store.is_failed()
    }

    /// Whether that was for want of room on the disk: then it can be started again as soon as there is some.
    pub fn is_disk_full(&self) -> bool {
        matches!(self.store.failure(), Some(StoreError::DiskFull { .. }))
    }

    /// Waits until clients wait to be published.
    pub async fn pending(&self) {
        self.pending.notified().await;
    }

    /// A lawful refusal, logged here.
    fn log_refusal(
        &self,
        transaction: crate::digest::TransactionId,
        consent: Option<crate::model::leaf::LeafReference>,
        reason: RefusalCode,
    ) -> Result<(), LogError> {
        let body = LeafBody::InquiryRefused { consent, reason };
        self.log.append_one(Leaf::new(self.clock.now(), transaction, body))?;
        Ok(())
    }
}
