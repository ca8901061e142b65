//! The publisher: turns changed clients of the book into rows of the feed. A client's first publication takes one
//! reporting evaluation for each identifier; later ones ask nobody.

use super::Node;
use super::ask::AskError;
use super::consent::ConsentError;
use super::inquire::book_error;
use super::opening::{CONTENT_VERSION, identifier_commitment, shuffle};
use super::tables::EPOCH_BEGUN;
use crate::book::{BookError, PendingClient, Published};
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId, hash};
use crate::feed::NewRow;
use crate::limits::{FACILITIES_PER_RECORD_MAX, FEED_PAGE_ROWS_MAX, IDENTIFIERS_PER_PERSON_MAX};
use crate::log::LogError;
use crate::model::day::Day;
use crate::model::facility::{Facility, FacilityStatus};
use crate::model::identifier::{Identifier, Strength};
use crate::model::leaf::Leaf;
use crate::model::loan::Loan;
use crate::model::policy::RetentionPolicy;
use crate::model::record::{ExposureRecord, RecordId, RowContent};
use crate::roster::Epoch;
use crate::secret::random_array;
use crate::store::StoreError;
use crate::threshold::{Point, RowContext, seal};
use crate::wire::codec;

/// Clients taken at a time: their rows fit one write and one page or two of the feed.
pub(super) const CLIENTS_PER_ROUND: usize = 500;

/// What is to be said of a client.
struct Said {
    facilities: Vec<Facility>,
    as_of: Day,
    carried: Vec<Identifier>,
    /// Hash of all this.
    content: Digest,
}

/// What one round published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PublishReport {
    /// Clients whose rows are up to date now.
    pub clients: usize,
    /// Rows published.
    pub rows: usize,
    /// Identifiers located for the first time.
    pub located: usize,
}

/// Why nothing, or not everything, was published. The book keeps what waits.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// This node's own trouble.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The book's.
    #[error(transparent)]
    Book(#[from] BookError),
    /// Key holders are out of reach or refuse.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// A batch that was kept does not open again.
    #[error(transparent)]
    Kept(#[from] ConsentError),
}

impl From<StoreError> for PublishError {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

impl Node {
    /// Publishes one round of clients that wait.
    pub async fn publish_round(&self) -> Result<PublishReport, PublishError> {
        let roster = self.roster();
        let epoch = roster.current_epoch().ok_or(AskError::NoKeys)?;
        if self.store.get(&EPOCH_BEGUN, &())? != Some(epoch.epoch) {
            // Under new keys every client has another locator. A crash before the mark is set marks them once more.
            self.book.republish_all()?;
            let mut batch = crate::store::StoreBatch::new();
            batch.put(&EPOCH_BEGUN, &(), &epoch.epoch);
            self.store.commit(batch, crate::store::Durability::Synced)?;
        }
        self.republish_if_due()?;
        if self.book.pending(None, 1)?.is_empty() && !self.dispute_rows_due()? {
            return Ok(PublishReport::default());
        }
        let located = match self.locate_clients(epoch).await {
            Ok(located) => located,
            Err(error @ PublishError::Ask(_)) => {
                // Clients that are located need nobody's help, and must not wait behind those that do.
                self.publish_located(epoch)?;
                if self.dispute_rows_due()? {
                    self.publish_clients(epoch, Vec::new())?;
                }
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        let mut clients = self.book.pending(None, CLIENTS_PER_ROUND)?;
        // A load that came in between has brought others.
        clients.retain(|client| client.unlocated(epoch.epoch).is_empty());
        let mut report = self.publish_clients(epoch, clients)?;
        report.located = located;
        Ok(report)
    }

    /// Publishes every client that waits and whose identifiers all have their locators.
    fn publish_located(&self, epoch: &Epoch) -> Result<(), PublishError> {
        let mut after = None;
        loop {
            let mut clients = self.book.pending(after, CLIENTS_PER_ROUND)?;
            let Some(last) = clients.last() else { return Ok(()) };
            after = Some(last.key);
            clients.retain(|client| client.unlocated(epoch.epoch).is_empty());
            while !clients.is_empty() {
                let done = self.publish_clients(epoch, clients.clone())?.clients;
                clients.drain(..done.clamp(1, clients.len()));
            }
        }
    }

    /// Seals the clients' records under their locators and publishes what changed, in one synced write.
    fn publish_clients(
        &self,
        epoch: &Epoch,
        mut clients: Vec<PendingClient>,
    ) -> Result<PublishReport, PublishError> {
        let now = self.clock.now();
        let flags = self.disputes.flags();
        let mut rows = Vec::new();
        let mut done = 0;
        for client in &mut clients {
            if rows.len() >= 2 * FEED_PAGE_ROWS_MAX {
                break;
            }
            rows.extend(self.seal_client(epoch, client, now)?);
            done += 1;
        }
        clients.truncate(done);
        let _stepping = self.disputes.stepping();
        let mut book = crate::store::StoreBatch::new();
        rows.extend(self.seal_dispute_rows(&mut book)?);
        shuffle(&mut rows, &*self.entropy);
        let as_of = clients.iter().flat_map(|c| c.loans.iter().map(|loan| loan.as_of)).max();
        let count = rows.len();
        let feed = std::sync::Arc::clone(&self.own_feed);
        let transaction = TransactionId::random(&*self.entropy);
        let _writing = self.book.writer();
        // What was flagged while these rows were sealed is sealed anew.
        let as_flagged = self.disputes.flags() == flags;
        let mut settled = 0;
        for client in &clients {
            settled += usize::from(self.book.put_client(client, as_flagged, &mut book, &*self.entropy)?);
        }
        let all = self.book.is_settled_after(settled)?;
        let whole = self.as_of_to_show(as_of, all).map(|as_of| (as_of, epoch.epoch));
        self.log.append(Box::new(move |_, batch| {
            batch.append(book);
            if rows.is_empty() && whole.is_none() {
                return Ok(Vec::new());
            }
            let state = feed.publish(rows, whole, now, batch)?;
            Ok(vec![Leaf::new(now, transaction, state)])
        }))?;
        if count > 0 {
            self.published.send_modify(|count| *count += 1);
        }
        Ok(PublishReport { clients: clients.len(), rows: count, located: 0 })
    }

    /// The as-of date that the feed's state may show: none until everything that was loaded is published, for a lender
    /// with half of its book in the feed must not look as if the other half owed nothing.
    fn as_of_to_show(&self, published: Option<Day>, all: bool) -> Option<Day> {
        let mut kept = self.published_as_of.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *kept = (*kept).max(published);
        if all { *kept } else { None }
    }

    /// Whether something of what is published of a client is not what is to stand there now.
    pub(super) fn is_due(
        &self,
        epoch: &Epoch,
        client: &PendingClient,
        now: UnixTime,
    ) -> Result<bool, ConsentError> {
        let said = self.said_of(client, now)?;
        for published in client.entry.published.iter().filter(|p| p.epoch == epoch.epoch) {
            if self.next_content(&said, client, published)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What is to be said of a client now.
    fn said_of(&self, client: &PendingClient, now: UnixTime) -> Result<Said, ConsentError> {
        let mut facilities = reported(&client.loans, &self.roster().policy().retention, Day::of(now));
        self.flag_disputed(&client.entry.record, &mut facilities)?;
        let as_of = client.loans.iter().map(|loan| loan.as_of).max().unwrap_or(Day::of(now));
        let carried = client.carried();
        let content = content_hash(client.entry.record, as_of, &facilities, &carried);
        Ok(Said { facilities, as_of, carried, content })
    }

    /// Hash of the content that is to be published under an identifier, and whether it withdraws the row; none when what
    /// is there stands.
    fn next_content(
        &self,
        said: &Said,
        client: &PendingClient,
        published: &Published,
    ) -> Result<Option<(Digest, bool)>, StoreError> {
        // An identifier that no loan comes with any more is somebody else's, or nobody's.
        let gone = said.facilities.is_empty() || !said.carried.contains(&published.identifier);
        let hashed = if gone { withdrawn_hash(client.entry.record) } else { said.content };
        let is_said = published.content == Some(hashed);
        let stands = is_said
            && !self.is_rotten(&published.row_id, published.version)
            && (gone || !self.is_behind_horizon(&published.row_id)?);
        Ok(if stands || (gone && published.version == 0) { None } else { Some((hashed, gone)) })
    }

    fn seal_client(
        &self,
        epoch: &Epoch,
        client: &mut PendingClient,
        now: UnixTime,
    ) -> Result<Vec<NewRow>, ConsentError> {
        let key = Point::from_bytes(&epoch.open.public_key.0).expect("the roster's keys were checked");
        let said = self.said_of(client, now)?;
        self.catch_up_with_feed(&mut client.entry.published)?;
        let next = client.entry.published.iter().map(|published| {
            if published.epoch == epoch.epoch {
                self.next_content(&said, client, published)
            } else {
                Ok(None)
            }
        });
        let next: Vec<Option<(Digest, bool)>> = next.collect::<Result<_, _>>()?;
        let mut rows = Vec::new();
        for (published, next) in client.entry.published.iter_mut().zip(next) {
            let Some((hashed, gone)) = next else { continue };
            let content = if gone {
                RowContent::Tombstone
            } else {
                let Said { facilities, as_of, carried, .. } = &said;
                let record = client.entry.record;
                RowContent::Exposure(self.exposure(record, published, *as_of, facilities, carried))
            };
            published.version += 1;
            published.content = Some(hashed);
            let place = RowContext {
                network: self.network.as_str(),
                epoch: epoch.epoch,
                lender: self.me.as_str(),
                locator: &published.locator,
                row_id: &published.row_id,
                version: published.version,
            };
            let plain = codec::encode_secret(CONTENT_VERSION, &content);
            let sealed = seal(&key, &place, plain.expose(), &*self.entropy)
                .expect("the number of facilities is bounded so that a record fits");
            rows.push(NewRow {
                epoch: epoch.epoch,
                locator: published.locator,
                row_id: published.row_id,
                version: published.version,
                sealed,
            });
        }
        Ok(rows)
    }

    fn exposure(
        &self,
        record: RecordId,
        published: &Published,
        as_of: Day,
        facilities: &[Facility],
        identifiers: &[Identifier],
    ) -> ExposureRecord {
        let schemes = self.schemes();
        let strong = identifiers.iter().filter(|i| schemes.strength(i.scheme()) == Some(Strength::Strong));
        ExposureRecord {
            record,
            scheme: published.identifier.scheme().clone(),
            as_of,
            facilities: facilities.to_vec(),
            // A client number that a whole group shares has more than a row could hold.
            strong: strong
                .take(IDENTIFIERS_PER_PERSON_MAX)
                .map(|i| identifier_commitment(i, random_array(&*self.entropy)))
                .collect(),
        }
    }

    /// This lender's own records of a person, from its book: nothing is opened for them.
    pub(super) fn own_records(
        &self,
        identifiers: &[Identifier],
    ) -> Result<Vec<ExposureRecord>, ConsentError> {
        let roster = self.roster();
        let schemes = self.schemes();
        let today = Day::of(self.clock.now());
        let mut records: Vec<ExposureRecord> = Vec::new();
        for identifier in identifiers {
            if schemes.strength(identifier.scheme()) != Some(Strength::Strong) {
                continue;
            }
            for key in self.book.clients_with(identifier)? {
                let Some(entry) = self.book.client(&key).map_err(book_error)? else { continue };
                if records.iter().any(|known| known.record == entry.record) {
                    continue;
                }
                let loans = self.book.loans_of(&key).map_err(book_error)?;
                if !loans.iter().any(|loan| loan.identifiers.contains(identifier)) {
                    continue;
                }
                let mut facilities = reported(&loans, &roster.policy().retention, today);
                self.flag_disputed(&entry.record, &mut facilities)?;
                records.push(ExposureRecord {
                    record: entry.record,
                    scheme: identifier.scheme().clone(),
                    as_of: loans.iter().map(|loan| loan.as_of).max().unwrap_or(today),
                    facilities,
                    strong: Vec::new(),
                });
            }
        }
        Ok(records)
    }

    /// Signs the state of the own feed again when the policy's interval is over, and at the beginning. Gives whether it
    /// was due.
    pub fn sign_feed_state_if_due(&self) -> Result<bool, LogError> {
        let now = self.clock.now();
        let interval = i64::from(self.roster().policy().feed.state_interval_seconds);
        // A state from the future was signed by a clock that has been put right since.
        let due = |time| now.seconds_since(time) >= interval || time > now;
        let is_due = self.is_lender() && self.feeds.state(&self.me)?.is_none_or(|state| due(state.time));
        if is_due {
            self.sign_feed_state()?;
        }
        Ok(is_due)
    }

    /// Signs the state of the own feed again, as the policy asks even when nothing changed.
    pub fn sign_feed_state(&self) -> Result<(), LogError> {
        let (now, feed) = (self.clock.now(), std::sync::Arc::clone(&self.own_feed));
        let transaction = TransactionId::random(&*self.entropy);
        self.log.append(Box::new(move |_, batch| {
            let state = feed.publish(Vec::new(), None, now, batch)?;
            Ok(vec![Leaf::new(now, transaction, state)])
        }))?;
        self.published.send_modify(|count| *count += 1);
        Ok(())
    }
}

/// The facilities that are reported: all that run, and ended ones for as long as the policy keeps them. When there are
/// more than a record holds, the running and the newest ones stay.
fn reported(loans: &[Loan], retention: &RetentionPolicy, today: Day) -> Vec<Facility> {
    let kept = |loan: &&Loan| {
        let facility = &loan.facility;
        let (ended, days) = match facility.status {
            FacilityStatus::Closed => (facility.closed.or(Some(loan.as_of)), retention.positive_days),
            FacilityStatus::WrittenOff => (facility.written_off_on, retention.negative_days),
            _ => return true,
        };
        ended.is_none_or(|ended| i64::from(today.days_since(ended)) <= i64::from(days))
    };
    let mut facilities: Vec<Facility> = loans.iter().filter(kept).map(|loan| loan.facility.clone()).collect();
    facilities.sort_by_key(|f| (!f.status.is_active(), std::cmp::Reverse(f.opened), f.reference));
    facilities.truncate(FACILITIES_PER_RECORD_MAX);
    facilities
}

/// The content hash of rows that withdraw a record.
pub(super) fn withdrawn_hash(record: RecordId) -> Digest {
    hash("tallystick/row-withdrawn/v1", &[&record.0])
}

/// Tells whether the content of a client's rows changed. Never leaves the encrypted book.
fn content_hash(record: RecordId, as_of: Day, facilities: &[Facility], identifiers: &[Identifier]) -> Digest {
    let facilities = serde_json::to_vec(facilities).expect("facilities have only string keys");
    let mut parts: Vec<Vec<u8>> = vec![record.0.to_vec(), as_of.days().to_be_bytes().to_vec(), facilities];
    parts.extend(identifiers.iter().map(|i| i.oprf_input().expose().to_vec()));
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    hash("tallystick/row-content/v1", &parts)
}
