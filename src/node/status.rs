//! How the node is: what it holds, of whom it heard, what waits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Node;
use super::consent::ConsentError;
use super::dispute::Overdue;
use super::inquire::book_error;
use super::replay::Recovered;
use super::standing::Standing;
use crate::book::LoadState;
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::feed::CarrierFault;
use crate::model::day::Day;
use crate::model::member::MemberId;
use crate::roster::Role;

/// A node at a moment.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Status {
    /// The network.
    pub network: String,
    /// The member.
    pub member: String,
    /// The moment.
    pub time: UnixTime,
    /// Version of the roster followed.
    pub roster_version: u64,
    /// When that roster expires.
    pub roster_expires: UnixTime,
    /// When the certificate ends by which peers know this node; none where there are no peers.
    #[serde(default)]
    pub certificate_until: Option<UnixTime>,
    /// Whether its disk is full: then it writes nothing and serves nobody, until there is room and it starts again.
    #[serde(default)]
    pub disk_full: bool,
    /// Leaves in the own log.
    pub log_size: u64,
    /// Whether that is known to be all of it: until it is, the node writes nothing and serves nobody.
    pub standing: Standing,
    /// What came back the last time that this store was found to be an older copy.
    pub recovered: Option<Recovered>,
    /// Rows in the own feed.
    pub feed_rows: u64,
    /// Sequence number of the own feed.
    pub feed_sequence: u64,
    /// Set digest of the own feed as it was signed last.
    #[serde(default)]
    pub feed_digest: Option<Digest>,
    /// Since when rows of the own feed are not on disk as they were published; they are being put right.
    #[serde(default)]
    pub feed_differs_since: Option<UnixTime>,
    /// Clients that wait to be published.
    pub clients_waiting: u64,
    /// Loads that the guard holds until a person decides.
    pub loads_held: Vec<HeldLoad>,
    /// Disputes at one of whose ends it stands or, at the operator, of which it was told.
    pub disputes: Overdue,
    /// The key holders, when there are keys.
    pub holders: Option<HolderState>,
    /// The other members.
    pub members: Vec<MemberState>,
}

/// A load that is held.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct HeldLoad {
    /// Its number.
    pub number: u64,
    /// Name of its file.
    pub file: String,
    /// Why: figures in words.
    pub held_for: Vec<String>,
}

/// Reach of the key holders.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct HolderState {
    /// How many must help.
    pub needed: usize,
    /// Those heard from within the last minute, this node included if it is one.
    pub in_reach: Vec<MemberId>,
    /// The others.
    pub away: Vec<MemberId>,
}

/// Another member as seen from here.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MemberState {
    /// The member.
    pub member: MemberId,
    /// Its name.
    pub name: String,
    /// Its roles.
    pub roles: Vec<Role>,
    /// When a connection last brought anything from it.
    pub last_contact: Option<UnixTime>,
    /// When the certificate ends that it showed last; none when it was not connected since this node's start.
    #[serde(default)]
    pub certificate_until: Option<UnixTime>,
    /// Rows held of its feed.
    pub rows: u64,
    /// Sequence number held.
    pub sequence: u64,
    /// Set digest of its newest signed state, which the rows held equal.
    #[serde(default)]
    pub digest: Option<Digest>,
    /// Time of its newest signed state: what "last heard" in an answer is.
    pub last_heard: Option<UnixTime>,
    /// As-of date of its data.
    pub as_of: Option<Day>,
    /// Since when the copy differs from what it signed.
    pub differs_since: Option<UnixTime>,
    /// Whether it was caught with two histories of its log.
    pub forked: bool,
    /// Who carried what came of its feed last, since this node's start: itself, or another member.
    #[serde(default)]
    pub carrier: Option<MemberId>,
    /// Sequence numbers for which it signed two different states of its feed. Both are kept as evidence.
    #[serde(default)]
    pub two_states: Vec<u64>,
    /// What it did, within the time for which it is not asked, as a carrier of others' feeds.
    #[serde(default)]
    pub carrier_faults: Vec<CarrierFault>,
}

/// Seconds of silence after which a holder is shown as away.
const AWAY_SECONDS: i64 = 60;

impl Node {
    /// How the node is now.
    pub fn status(&self) -> Result<Status, ConsentError> {
        let roster = self.roster();
        let now = self.clock.now();
        let own = self.feeds.head(&self.me)?;
        let conflicts = self.feeds.conflicts()?;
        let mut faults = Vec::new();
        for member in &roster.document().members {
            faults.extend(self.feeds.carrier_faults(&member.id)?);
        }
        faults.retain(|fault| fault.suspends(now));
        let mut members = Vec::new();
        for member in &roster.document().members {
            if member.id == self.me || member.removed.is_some() {
                continue;
            }
            let head = self.feeds.head(&member.id)?;
            let state = head.state;
            members.push(MemberState {
                member: member.id.clone(),
                name: member.name.clone(),
                roles: member.roles.iter().copied().collect(),
                last_contact: self.contacts.last(&member.id),
                certificate_until: self.peers.certificate_until(&member.id),
                rows: head.rows,
                sequence: head.sequence,
                digest: state.as_ref().map(|state| state.digest),
                last_heard: state.as_ref().map(|state| state.time),
                as_of: state.as_ref().and_then(|state| state.as_of),
                differs_since: head.differs_since,
                forked: self.mirror.has_forked(&member.id)?,
                carrier: self.last_carrier(&member.id),
                two_states: conflicts
                    .iter()
                    .filter(|(lender, _)| lender == member.id.as_str())
                    .map(|(_, sequence)| *sequence)
                    .collect(),
                carrier_faults: faults.iter().filter(|fault| fault.carrier == member.id).cloned().collect(),
            });
        }
        let holders = roster.current_epoch().map(|epoch| {
            let near = |holder: &MemberId| {
                holder == &self.me
                    || self.contacts.last(holder).is_some_and(|t| now.seconds_since(t) <= AWAY_SECONDS)
            };
            let (in_reach, away) = epoch.holders.iter().cloned().partition(near);
            HolderState { needed: usize::from(epoch.threshold), in_reach, away }
        });
        let held = self.book.loads().map_err(book_error)?.into_iter().filter(|l| l.state == LoadState::Held);
        let loads_held = held
            .map(|load| HeldLoad { number: load.number, file: load.file, held_for: load.held_for })
            .collect();
        Ok(Status {
            network: self.network.to_string(),
            member: self.me.to_string(),
            time: now,
            roster_version: roster.version(),
            roster_expires: roster.document().expires,
            certificate_until: self.certificate_until(),
            disk_full: self.is_disk_full(),
            log_size: self.log.head().size,
            standing: self.standing(),
            recovered: self.recovered()?,
            feed_rows: own.rows,
            feed_sequence: own.sequence,
            feed_digest: own.state.as_ref().map(|state| state.digest),
            feed_differs_since: own.differs_since,
            clients_waiting: self.book.pending_count().map_err(|e| book_error(e.into()))?,
            loads_held,
            disputes: self.disputes_overdue()?,
            holders,
            members,
        })
    }

    /// When the certificate ends by which peers know this node; none where there are no peers.
    pub fn certificate_until(&self) -> Option<UnixTime> {
        self.peers.certificate_until(&self.me)
    }

    /// Whether this node reports and asks.
    pub fn is_lender(&self) -> bool {
        self.roster().member(&self.me).is_some_and(|member| member.has(Role::Lender))
    }
}
