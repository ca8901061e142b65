//! What an inquiry opens: the rows found in this node's own copies of the feeds, blinded and padded; and opening them
//! with what the holders gave.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Node;
use super::ask::{Ask, AskError, Helped};
use super::consent::{ConsentRecord, Located};
use crate::audit::keys::{commitment, key_context};
use crate::clock::UnixTime;
use crate::digest::{ConsentId, TransactionId, commit};
use crate::feed::LeftOut;
use crate::log::LogError;
use crate::model::answer::{UnreadableWhy, Witnessed};
use crate::model::identifier::{Identifier, Strength};
use crate::model::inquiry::Role;
use crate::model::leaf::{EvaluationKind, LeafReference};
use crate::model::member::MemberId;
use crate::model::month::Month;
use crate::model::record::{IdentifierCommitment, RecordId, RowContent};
use crate::policy::{MatchedScheme, Unreadable};
use crate::roster::{Epoch, Roster};
use crate::store::StoreError;
use crate::threshold::{
    HolderIndex, KeyName, Locator, OpeningPoint, Point, RowContext, RowError, blind_header, check_proof,
    combine, open_row, padding_point, verify_opening,
};
use crate::wire::codec;
use crate::wire::message::{FeedRow, Reply, Request};

/// Version of what is sealed into rows.
pub(super) const CONTENT_VERSION: u8 = 1;

/// A row that goes out for opening, or padding; with the s that explains its point.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct KeptOpening {
    pub(super) secret: [u8; 32],
    pub(super) row: Option<FoundRow>,
}

/// A row found in a feed.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct FoundRow {
    pub(super) lender: MemberId,
    pub(super) row: FeedRow,
    /// Found under a weak identifier alone.
    pub(super) weak: bool,
}

/// One person's part of an inquiry, as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct PersonOpening {
    pub(super) role: Role,
    pub(super) consent: ConsentId,
    pub(super) use_number: u16,
    /// The opening leaf.
    pub(super) leaf: LeafReference,
    pub(super) openings: Vec<KeptOpening>,
    pub(super) footprint: RecordId,
    pub(super) matched: Vec<(crate::model::identifier::SchemeId, bool)>,
    pub(super) weak_lenders: Vec<MemberId>,
    /// Rows that were not sent out.
    pub(super) unreadable: Vec<(MemberId, UnreadableWhyCode)>,
    /// Whether what explained her opening was erased; then all of the above is empty.
    pub(super) erased: bool,
}

/// [`UnreadableWhy`] in a form that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum UnreadableWhyCode {
    BadProof,
    NotCovered,
    TooMany,
}

/// What lies under a person's locators.
#[derive(Default)]
pub(super) struct Found {
    pub(super) rows: Vec<FoundRow>,
    pub(super) matched: BTreeSet<(crate::model::identifier::SchemeId, bool)>,
    pub(super) weak_lenders: BTreeSet<MemberId>,
    pub(super) unreadable: Vec<(MemberId, UnreadableWhyCode)>,
}

/// What came out of the seals.
#[derive(Default)]
pub(super) struct Opened {
    pub(super) contents: Vec<(MemberId, RowContent)>,
    pub(super) unreadable: Vec<Unreadable>,
    /// What the holders that served it saw of this node's log.
    pub(super) witnessed: Vec<Witnessed>,
}

fn row_context<'a>(network: &'a str, lender: &'a MemberId, row: &'a FeedRow) -> RowContext<'a> {
    RowContext {
        network,
        epoch: row.epoch,
        lender: lender.as_str(),
        locator: &row.locator,
        row_id: &row.row_id,
        version: row.version,
    }
}

/// A commitment of a record to one of its client's strong identifiers.
pub(super) fn identifier_commitment(identifier: &Identifier, salt: [u8; 32]) -> IdentifierCommitment {
    let commitment = commit(&salt, "tallystick/identifier/v1", identifier.oprf_input().expose());
    IdentifierCommitment { scheme: identifier.scheme().clone(), salt, commitment: commitment.0 }
}

impl Node {
    /// Looks up a person's rows and the footprints that others left, in this node's own store: nobody learns of it.
    pub(super) fn find_rows(
        &self,
        record: &ConsentRecord,
        located: &Located,
        bytes_max: usize,
        now: UnixTime,
    ) -> Result<Found, StoreError> {
        let roster = self.roster();
        let policy = roster.policy();
        let schemes = self.schemes();
        let open_weak = policy.identifiers.open_weak_matches && record.terms.weak_matches;
        let mut found = Found::default();
        let mut strong_lenders = BTreeSet::new();
        let mut weak_rows = Vec::new();
        for (identifier, locator) in record.identifiers.iter().zip(&located.locators) {
            let strong = schemes.strength(identifier.scheme()) == Some(Strength::Strong);
            for (lender, row) in self.covered_rows(locator, &mut found)? {
                // The own book says what this lender itself has, without opening anything.
                if lender == self.me {
                    continue;
                }
                found.matched.insert((identifier.scheme().clone(), strong));
                if strong {
                    strong_lenders.insert(lender.clone());
                    found.rows.push(FoundRow { lender, row, weak: false });
                } else {
                    weak_rows.push(FoundRow { lender, row, weak: true });
                }
            }
        }
        for row in weak_rows {
            // What it has under a strong identifier may be a dispute or a withdrawal: then this is a possible match, and
            // where it is a record of hers the answer leaves the possibility out.
            if open_weak && !strong_lenders.contains(&row.lender) {
                found.rows.push(row);
            } else {
                found.weak_lenders.insert(row.lender);
            }
        }
        let oldest = Month::of(now.plus_seconds(-i64::from(policy.inquiry.footprint_days) * 86_400));
        for (month, locators) in located.footprints.iter().filter(|(month, _)| *month >= oldest) {
            if *month > Month::of(now) {
                continue;
            }
            for (identifier, locator) in record.identifiers.iter().zip(locators) {
                if schemes.strength(identifier.scheme()) != Some(Strength::Strong) {
                    continue;
                }
                for (lender, row) in self.covered_rows(locator, &mut found)? {
                    found.rows.push(FoundRow { lender, row, weak: false });
                }
            }
        }
        self.set_bad_rows_aside(&roster, &mut found);
        let most = policy.inquiry.opening_size_classes.last().copied().unwrap_or(16);
        let rows = std::mem::take(&mut found.rows);
        let (rows, left_out) = fair_share(rows, most, bytes_max);
        found.rows = rows;
        found.unreadable.extend(left_out.into_iter().map(|lender| (lender, UnreadableWhyCode::TooMany)));
        Ok(found)
    }

    /// The rows under a locator; whose others cannot be read is noted, for an answer without them is not complete.
    fn covered_rows(
        &self,
        locator: &Locator,
        found: &mut Found,
    ) -> Result<Vec<(MemberId, FeedRow)>, StoreError> {
        let under = self.feeds.under(locator)?;
        found.unreadable.extend(under.left_out.into_iter().filter(|(lender, _)| lender != &self.me).map(
            |(lender, why)| match why {
                LeftOut::NotCovered => (lender, UnreadableWhyCode::NotCovered),
                LeftOut::TooMany => (lender, UnreadableWhyCode::TooMany),
            },
        ));
        Ok(under.rows)
    }

    /// A row without a valid proof of knowledge is never sent out: its R could be another person's, shifted.
    fn set_bad_rows_aside(&self, roster: &Roster, found: &mut Found) {
        let network = self.network.as_str();
        let rows = std::mem::take(&mut found.rows);
        let mut seen = BTreeSet::new();
        for row in rows {
            // One record under two identifiers is two rows; one row found twice is one.
            if !seen.insert((row.lender.clone(), row.row.row_id)) {
                continue;
            }
            let key = roster.epoch(row.row.epoch).and_then(|e| Point::from_bytes(&e.open.public_key.0).ok());
            let context = row_context(network, &row.lender, &row.row);
            let good = key.is_some_and(|key| check_proof(&key, &context, &row.row.sealed).is_ok());
            if good {
                found.rows.push(row);
            } else {
                found.unreadable.push((row.lender, UnreadableWhyCode::BadProof));
            }
        }
    }

    /// Blinds the rows and pads them to the next size class.
    pub(super) fn blind_rows(&self, rows: Vec<FoundRow>) -> Vec<KeptOpening> {
        let roster = self.roster();
        let classes = &roster.policy().inquiry.opening_size_classes;
        let size = classes.iter().copied().find(|class| *class >= rows.len()).unwrap_or(rows.len());
        let entropy = &*self.entropy;
        let mut openings: Vec<KeptOpening> = rows
            .into_iter()
            .map(|row| {
                let point = blind_header(&row.row.sealed.ephemeral, entropy);
                KeptOpening { secret: *point.to_secret_bytes().expose(), row: Some(row) }
            })
            .collect();
        while openings.len() < size {
            let secret = *padding_point(entropy).to_secret_bytes().expose();
            openings.push(KeptOpening { secret, row: None });
        }
        // Holders must not learn from the order how many of them are rows.
        shuffle(&mut openings, entropy);
        openings
    }

    /// Asks the holders and opens the rows of one person.
    pub(super) async fn open_rows(
        &self,
        transaction: TransactionId,
        person: &PersonOpening,
        record: &ConsentRecord,
    ) -> Result<Opened, AskError> {
        let roster = self.roster();
        let epoch = roster.epoch(record.epoch).ok_or(AskError::NoKeys)?;
        let points: Vec<OpeningPoint> = person.openings.iter().map(opening_point).collect();
        let sent: Vec<Point> = points.iter().map(OpeningPoint::point).collect();
        let mut caught: Vec<MemberId> = Vec::new();
        loop {
            let ask = Ask {
                transaction,
                evaluation: EvaluationKind::Open,
                leaf: person.leaf,
                points: &sent,
                without: &caught,
            };
            let helped = self.ask_holders(epoch, &ask).await?;
            let results: Vec<(HolderIndex, &[Point])> =
                helped.iter().map(|help| (help.index, help.results.as_slice())).collect();
            let combined = combine(epoch.threshold, &results).ok();
            let (mut opened, doubtful) =
                self.unseal(epoch, person, &points, combined.as_deref(), &record.identifiers);
            opened.witnessed = helped.iter().filter_map(Helped::as_witness).collect();
            if !doubtful {
                return Ok(opened);
            }
            let liars = self.demand_proofs(&roster, epoch, transaction, &sent, &helped).await;
            if liars.is_empty() {
                // Every holder proved what it gave: the publisher sealed something that does not open.
                return Ok(opened);
            }
            caught.extend(liars);
        }
    }

    /// Opens every row; tells whether one did not open although its publisher proved it knew r.
    fn unseal(
        &self,
        epoch: &Epoch,
        person: &PersonOpening,
        points: &[OpeningPoint],
        combined: Option<&[Point]>,
        identifiers: &[Identifier],
    ) -> (Opened, bool) {
        let mut opened = Opened::default();
        let Some(combined) = combined else { return (opened, true) };
        let key = Point::from_bytes(&epoch.open.public_key.0).expect("the roster's keys were checked");
        let mut doubtful = false;
        let mut unreadable = |lender: &MemberId, why| {
            opened.unreadable.push(Unreadable { lender: lender.clone(), count: 1, why });
        };
        let mut contents = Vec::new();
        for ((kept, point), combined) in person.openings.iter().zip(points).zip(combined) {
            let Some(found) = &kept.row else { continue };
            let context = row_context(self.network.as_str(), &found.lender, &found.row);
            let plain = match open_row(&key, &context, &found.row.sealed, point, combined) {
                Ok(plain) => plain,
                Err(error) => {
                    doubtful |= error == RowError::CommitmentMismatch;
                    unreadable(&found.lender, UnreadableWhy::DoesNotOpen);
                    continue;
                }
            };
            match codec::decode_versioned::<RowContent>(CONTENT_VERSION, plain.expose(), "row content") {
                Ok(content) if !found.weak || agrees(&content, identifiers) => {
                    contents.push((found.lender.clone(), content));
                }
                // A weak match that a strong identifier denies is another person: nothing of it is shown.
                Ok(_) => {}
                Err(_) => unreadable(&found.lender, UnreadableWhy::BadContent),
            }
        }
        opened.contents = contents;
        (opened, doubtful)
    }

    /// Demands the batch proof of every holder that helped; names those that do not prove what they gave.
    async fn demand_proofs(
        &self,
        roster: &Roster,
        epoch: &Epoch,
        transaction: TransactionId,
        sent: &[Point],
        helped: &[Helped],
    ) -> Vec<MemberId> {
        let points: Vec<[u8; 32]> = sent.iter().map(Point::to_bytes).collect();
        let mut liars = Vec::new();
        for help in helped {
            let reply = if help.member == self.me {
                self.serve_opening_proof(&self.me, transaction, epoch.epoch, &points).ok()
            } else {
                let request =
                    Request::ProveOpening { transaction, epoch: epoch.epoch, points: points.clone() };
                self.peers.call(&help.member, request).await.ok()
            };
            let context = key_context(roster, KeyName::Open, epoch.epoch, epoch.generation, help.index);
            let commitment = commitment(roster, KeyName::Open, epoch.epoch, help.index);
            let proved = match (reply, commitment) {
                (Some(Reply::OpeningProof { proof }), Some(commitment)) => {
                    verify_opening(&commitment, &context, sent, &help.results, &proof).is_ok()
                }
                _ => false,
            };
            if !proved {
                tracing::error!(holder = %help.member, "key holder does not prove its opening; its log leaf is the evidence");
                liars.push(help.member.clone());
            }
        }
        liars
    }

    /// Footprints under a person's locators that were not opened: somebody asked meanwhile.
    pub(super) fn late_footprints(
        &self,
        person: &PersonOpening,
        record: &ConsentRecord,
        located: &Located,
        own_rows: &BTreeSet<[u8; 16]>,
        now: UnixTime,
    ) -> Result<Vec<MemberId>, LogError> {
        let opened: BTreeSet<[u8; 16]> =
            person.openings.iter().filter_map(|kept| kept.row.as_ref().map(|row| row.row.row_id)).collect();
        let schemes = self.schemes();
        let mut late = Vec::new();
        let this_month = located.footprints.iter().filter(|(month, _)| *month == Month::of(now));
        for (_, locators) in this_month {
            for (identifier, locator) in record.identifiers.iter().zip(locators) {
                // As when the rows were looked up: under a weak identifier it may be somebody else's.
                if schemes.strength(identifier.scheme()) != Some(Strength::Strong) {
                    continue;
                }
                for (lender, row) in self.feeds.under(locator)?.rows {
                    if !opened.contains(&row.row_id) && !own_rows.contains(&row.row_id) && lender != self.me {
                        late.push(lender);
                    }
                }
            }
        }
        late.sort();
        late.dedup();
        Ok(late)
    }
}

/// The rows that fit, taken in turns from each lender, its newest first: nobody can fill the opening with its own. Of
/// each row that does not fit, the lender.
fn fair_share(mut rows: Vec<FoundRow>, most: usize, bytes_max: usize) -> (Vec<FoundRow>, Vec<MemberId>) {
    // Sequence numbers are compared within one lender only: their owner chooses them.
    rows.sort_by(|a, b| a.lender.cmp(&b.lender).then(b.row.sequence.cmp(&a.row.sequence)));
    let mut turns = Vec::with_capacity(rows.len());
    let mut turn = 0;
    for (place, row) in rows.iter().enumerate() {
        let same = place > 0 && rows[place - 1].lender == row.lender;
        turn = if same { turn + 1 } else { 0 };
        turns.push(turn);
    }
    let mut in_turn: Vec<(usize, FoundRow)> = turns.into_iter().zip(rows).collect();
    in_turn.sort_by_key(|(turn, _)| *turn);
    let (mut fits, mut left_out, mut bytes) = (Vec::new(), Vec::new(), 0);
    for (_, row) in in_turn {
        let size = row.row.sealed.ciphertext.len();
        if fits.len() < most && bytes + size <= bytes_max {
            bytes += size;
            fits.push(row);
        } else {
            left_out.push(row.lender);
        }
    }
    (fits, left_out)
}

fn opening_point(kept: &KeptOpening) -> OpeningPoint {
    let header = kept.row.as_ref().map(|found| found.row.sealed.ephemeral);
    OpeningPoint::from_secret_bytes(&kept.secret, header.as_ref()).expect("a kept s is one of ours")
}

/// The points of a person's openings, in their order.
pub(super) fn points(openings: &[KeptOpening]) -> Vec<Point> {
    openings.iter().map(|kept| opening_point(kept).point()).collect()
}

/// Whether no strong identifier that both sides know denies that this is the same person.
fn agrees(content: &RowContent, identifiers: &[Identifier]) -> bool {
    let RowContent::Exposure(record) = content else { return true };
    record.strong.iter().all(|committed| {
        let same_scheme = identifiers.iter().filter(|i| i.scheme() == &committed.scheme);
        let mut same_scheme = same_scheme.peekable();
        same_scheme.peek().is_none()
            || same_scheme
                .any(|i| identifier_commitment(i, committed.salt).commitment == committed.commitment)
    })
}

/// Fisher-Yates with rejection, so that every order is as likely.
pub(super) fn shuffle<T>(items: &mut [T], entropy: &dyn crate::secret::Entropy) {
    for last in (1..items.len()).rev() {
        let bound = last as u64 + 1;
        let place = loop {
            let draw = u64::from_be_bytes(crate::secret::random_array(entropy));
            if draw < u64::MAX - u64::MAX % bound {
                break draw % bound;
            }
        };
        items.swap(last, usize::try_from(place).unwrap_or(last));
    }
}

/// Schemes as the answer takes them.
pub(super) fn matched(person: &PersonOpening) -> Vec<MatchedScheme> {
    person
        .matched
        .iter()
        .map(|(scheme, strong)| MatchedScheme { scheme: scheme.clone(), strong: *strong })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SeededEntropy;
    use crate::threshold::{SecretKey, seal};

    #[test]
    fn nobody_fills_the_opening_with_its_own_rows() {
        let entropy = SeededEntropy::new(5);
        let key = SecretKey::random(&entropy).public_key();
        let row = |lender: &str, sequence: u64, bytes: usize| {
            let (lender, locator) = (lender.parse::<MemberId>().unwrap(), Locator([1; 32]));
            let row_id = crate::secret::random_array(&entropy);
            let context = RowContext {
                network: "net",
                epoch: 1,
                lender: lender.as_str(),
                locator: &locator,
                row_id: &row_id,
                version: 1,
            };
            let sealed = seal(&key, &context, &vec![0; bytes], &entropy).unwrap();
            let row = FeedRow { sequence, epoch: 1, locator, row_id, version: 1, sealed };
            FoundRow { lender, row, weak: false }
        };
        // One lender gives itself the highest sequence numbers.
        let crowd = || (0..20).map(|i| row("lender-a", u64::MAX - i, 100));
        let rows = crowd().chain([row("lender-b", 1, 100), row("lender-c", 2, 100)]).collect();
        let (fits, left_out) = fair_share(rows, 4, usize::MAX);
        let lenders: BTreeSet<&str> = fits.iter().map(|row| row.lender.as_str()).collect();
        assert_eq!((fits.len(), left_out.len(), lenders.len()), (4, 18, 3));
        assert!(left_out.iter().all(|lender| lender.as_str() == "lender-a"));
        // Nor with long ones.
        let rows = (0..9).map(|i| row("lender-a", i, 60_000)).chain([row("lender-b", 1, 100)]).collect();
        let (fits, left_out) = fair_share(rows, 512, 100_000);
        assert_eq!((fits.len(), left_out.len()), (2, 8));
    }
}
