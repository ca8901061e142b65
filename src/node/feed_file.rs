//! Feeds to and from a file, for a branch without a link.

use std::collections::BTreeMap;
use std::io::Read;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Node;
use crate::clock::UnixTime;
use crate::feed::{FeedError, Page, Way};
use crate::log::LogError;
use crate::model::member::{MemberId, NetworkId};
use crate::store::StoreError;
use crate::wire::feed_file::{FeedFileError, FeedFilePage, FeedFileReader};
use crate::wire::message::{FeedRow, Reply};

/// What a file of feeds brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FeedsImported {
    /// Who made the file, by what it says itself.
    pub from: MemberId,
    /// When.
    pub made: UnixTime,
    /// Feed by feed.
    pub feeds: Vec<FeedImported>,
    /// Where and why the file could not be read, if it could not: what was read before stands.
    pub damage: Option<String>,
}

/// What a file brought of one feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FeedImported {
    /// Whose feed.
    pub lender: MemberId,
    /// Rows taken.
    pub rows: u64,
    /// Highest sequence number held now.
    pub sequence: u64,
    /// Time of the newest signed state held now.
    pub state: Option<UnixTime>,
    /// What came of it.
    pub outcome: FeedOutcome,
    /// Why it was refused, and the way out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub why: Option<String>,
}

/// What came of a feed in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FeedOutcome {
    /// It was taken.
    Taken,
    /// What is held is as new, or newer.
    NothingNewer,
    /// It was refused; what was held stands as it was.
    Refused,
}

/// Why nothing of a file was taken.
#[derive(Debug, thiserror::Error)]
pub enum FeedFileRefused {
    /// This node's own trouble.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is no feed file, or its beginning is damaged.
    #[error(transparent)]
    File(#[from] FeedFileError),
    /// It is another network's.
    #[error("the file is of the network {theirs}, and this node is of {ours}")]
    OtherNetwork {
        /// Its.
        theirs: NetworkId,
        /// This node's.
        ours: NetworkId,
    },
}

/// One feed of a file, on its way.
#[derive(Default)]
struct Coming {
    rows: u64,
    ended: bool,
    refused: Option<(FeedOutcome, Option<String>)>,
}

impl Node {
    /// A page of a feed held here, for a file; none of a feed of which no signed state is held.
    pub fn export_feed_page(&self, lender: &MemberId, after: u64) -> Result<Option<FeedFilePage>, LogError> {
        Ok(match self.feed_page(lender, after)? {
            Reply::Feed { rows, state, last } => {
                Some(FeedFilePage { lender: lender.clone(), after, rows, state, last })
            }
            _ => None,
        })
    }

    /// Takes feeds from a file: rows behind those held, where the lender's signed state covers them. A feed that is
    /// refused does not keep the others out.
    pub fn import_feeds(&self, file: &mut dyn Read) -> Result<FeedsImported, FeedFileRefused> {
        let mut reader = FeedFileReader::new(file)?;
        let header = reader.header().clone();
        if header.network != self.network {
            let (theirs, ours) = (header.network, self.network.clone());
            return Err(FeedFileRefused::OtherNetwork { theirs, ours });
        }
        let mut coming: BTreeMap<MemberId, Coming> = BTreeMap::new();
        let mut damage = None;
        loop {
            match reader.next_page() {
                Ok(None) => break,
                Ok(Some(page)) => {
                    // Whoever it names: the roster bounds how many there are.
                    if self.roster().member(&page.lender).is_none() {
                        let words = "it names a lender that this node's roster does not list: fetch the newest roster";
                        damage.get_or_insert_with(|| format!("{words} ({})", page.lender));
                        continue;
                    }
                    let feed = coming.entry(page.lender.clone()).or_default();
                    if feed.refused.is_none() {
                        self.import_page(&page, feed)?;
                    }
                }
                Err(error) => {
                    damage.get_or_insert_with(|| error.to_string());
                }
            }
        }
        let mut feeds = Vec::new();
        for (lender, feed) in coming {
            feeds.push(self.imported(lender, feed)?);
        }
        Ok(FeedsImported { from: header.from, made: header.made, feeds, damage })
    }

    fn import_page(&self, page: &FeedFilePage, feed: &mut Coming) -> Result<(), StoreError> {
        let lender = &page.lender;
        let refused = |why: String| Some((FeedOutcome::Refused, Some(why)));
        if lender == &self.me {
            feed.refused = Some((FeedOutcome::NothingNewer, None));
            return Ok(());
        }
        let begun = self.feeds.catching_up(lender)?.filter(|begun| begun.carrier == self.me);
        let behind = match begun {
            Some(begun) if feed.rows > 0 => begun.sequence,
            left => {
                if left.is_some() {
                    // Of a file that was read before.
                    self.feeds.drop_uncovered(lender)?;
                }
                self.feeds.head(lender)?.sequence
            }
        };
        if page.after > behind {
            feed.refused = refused(format!(
                "the file begins behind row {} of the feed of {lender}, and this node has it up to row {behind}: make a \
                 file with --since {behind}",
                page.after
            ));
            return Ok(());
        }
        if self.feeds.head(lender)?.signed.as_ref() == Some(&page.state) {
            feed.refused = Some((FeedOutcome::NothingNewer, None));
            return Ok(());
        }
        let rows: Vec<FeedRow> = page.rows.iter().filter(|row| row.sequence > behind).cloned().collect();
        if rows.is_empty() && !page.last {
            return Ok(());
        }
        let Some(key) = self.roster().member(lender).map(|member| member.feed_key) else { return Ok(()) };
        let (carrier, state, last) = (&self.me, &page.state, page.last);
        let taken = Page { lender, key: &key, carrier, after: Some(behind), rows: &rows, state, last };
        match self.feeds.take(&self.network, &taken, self.clock.now()) {
            Ok(_) => {
                feed.rows += rows.len() as u64;
                feed.ended = page.last;
                Ok(())
            }
            Err(FeedError::Store(error)) => Err(error),
            Err(FeedError::OldState(_)) => {
                feed.refused = Some((FeedOutcome::NothingNewer, None));
                Ok(())
            }
            Err(error) => {
                self.feeds.drop_uncovered(lender)?;
                let way_out = match Way::of(&error) {
                    Some(_) => {
                        "; the file was altered or damaged, or does not go on from what is held here: copy it again, or \
                         make it anew with --since 0"
                    }
                    None => "; this is for the lender to explain, and the network's operator to know",
                };
                feed.refused = refused(format!("{error}{way_out}"));
                Ok(())
            }
        }
    }

    fn imported(&self, lender: MemberId, feed: Coming) -> Result<FeedImported, StoreError> {
        let (outcome, why) = match feed.refused {
            Some(refused) => refused,
            None if feed.ended => {
                self.carried_by(&lender, &self.me);
                self.published.send_modify(|count| *count += 1);
                (FeedOutcome::Taken, None)
            }
            None => {
                self.feeds.drop_uncovered(&lender)?;
                let why = format!(
                    "the file ends in the middle of the feed of {lender}: copy it again, or make it anew"
                );
                (FeedOutcome::Refused, Some(why))
            }
        };
        let rows = if outcome == FeedOutcome::Taken { feed.rows } else { 0 };
        let head = self.feeds.head(&lender)?;
        let state = head.state.map(|state| state.time);
        Ok(FeedImported { lender, rows, sequence: head.sequence, state, outcome, why })
    }
}
