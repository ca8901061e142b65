//! Disputes as they are shown.

use std::collections::BTreeSet;

use super::DisputeError;
use super::clocks::days_left;
use super::kept::{Course, OpenedDispute, ReceivedDispute, read_opened, read_received};
use crate::book::ClientKey;
use crate::clock::UnixTime;
use crate::digest::ConsentId;
use crate::limits::DISPUTES_LISTED_MAX;
use crate::model::dispute::{
    DisputeEnd, DisputeState, DisputedClient, DisputedFacility, DisputedLoan, EscalatedDispute, HeldDispute,
};
use crate::model::identifier::Identifier;
use crate::model::leaf::DisputeAnswer;
use crate::node::Node;
use crate::node::consent::ConsentError;
use crate::node::inquire::book_error;
use crate::node::records::Kept;
use crate::node::tables::OpenRow;

/// What a member knows of disputes.
#[derive(Clone, Debug)]
pub struct Disputes {
    /// Those at one of whose ends it stands, oldest first.
    pub held: Vec<HeldDispute>,
    /// Overdue ones of which it was told as the operator.
    pub escalated: Vec<EscalatedDispute>,
}

impl Node {
    /// The disputes that are open here or, with `all`, the newest of all that are kept.
    pub fn disputes(&self, all: bool) -> Result<Disputes, DisputeError> {
        let now = self.clock.now();
        let opened = |kept: &OpenedDispute| (self.held_opened(kept, now), None);
        let received = |kept: &ReceivedDispute| (self.held_received(kept, now), Some(ClientKey(kept.client)));
        let mut held = Vec::new();
        if all {
            self.each_kept(Kept::OpenedDispute, |_, plain| {
                held.push(opened(&read_opened(plain)?));
                Ok(())
            })?;
            self.each_kept(Kept::ReceivedDispute, |_, plain| {
                held.push(received(&read_received(plain)?));
                Ok(())
            })?;
        } else {
            for dispute in self.open_disputes(OpenRow::OPENER)? {
                held.extend(self.opened_dispute(dispute)?.as_ref().map(opened));
            }
            for dispute in self.open_disputes(OpenRow::LENDER)? {
                held.extend(self.received_dispute(dispute)?.as_ref().map(received));
            }
        }
        held.sort_by_key(|(one, _)| (one.opened, one.dispute, one.end));
        let more = held.len().saturating_sub(DISPUTES_LISTED_MAX);
        let mut listed = Vec::new();
        for (mut one, client) in held.drain(more..) {
            if let Some(client) = client {
                one.book = self.disputed_client(&client, one.facility.as_ref())?;
            }
            listed.push(one);
        }
        Ok(Disputes { held: listed, escalated: self.escalated_disputes()? })
    }

    /// What the own book says of a client whose report is disputed: whose numbers they are, and which loans are meant.
    pub(super) fn disputed_client(
        &self,
        client: &ClientKey,
        named: Option<&DisputedFacility>,
    ) -> Result<Option<DisputedClient>, ConsentError> {
        let Some(entry) = self.book.client(client).map_err(book_error)? else { return Ok(None) };
        let mut loans = self.book.loans_of(client).map_err(book_error)?;
        if let Some(named) = named
            && loans.iter().any(|loan| named.is(&loan.facility))
        {
            loans.retain(|loan| named.is(&loan.facility));
        }
        let loans = loans.into_iter().map(|loan| DisputedLoan {
            account: loan.account,
            branch: loan.branch,
            kind: loan.facility.kind,
            currency: loan.facility.currency,
            opened: loan.facility.opened,
        });
        Ok(Some(DisputedClient { client: entry.client, loans: loans.collect() }))
    }

    /// Disputes that were opened here under some consents.
    pub(in crate::node) fn opened_under(
        &self,
        consents: &BTreeSet<ConsentId>,
    ) -> Result<Vec<OpenedDispute>, ConsentError> {
        let mut found = Vec::new();
        self.each_kept(Kept::OpenedDispute, |_, plain| {
            found.extend(Some(read_opened(plain)?).filter(|kept| consents.contains(&kept.consent)));
            Ok(())
        })?;
        Ok(found)
    }

    /// Disputes about what this lender reports of the clients that carry one of these identifiers.
    pub(in crate::node) fn received_about(
        &self,
        identifiers: &[Identifier],
    ) -> Result<Vec<ReceivedDispute>, ConsentError> {
        let mut clients = BTreeSet::new();
        for identifier in identifiers {
            clients.extend(self.book.clients_with(identifier)?.into_iter().map(|client| client.0));
        }
        let mut found = Vec::new();
        self.each_kept(Kept::ReceivedDispute, |_, plain| {
            found.extend(Some(read_received(plain)?).filter(|kept| clients.contains(&kept.client)));
            Ok(())
        })?;
        Ok(found)
    }

    pub(in crate::node) fn held_opened(&self, kept: &OpenedDispute, now: UnixTime) -> HeldDispute {
        let mut held = self.held(&kept.course, DisputeEnd::Opener, kept.delivered, now);
        held.refused = kept.refused;
        if held.state == DisputeState::Open && kept.delivered.is_none() {
            held.state = if kept.refused.is_some() { DisputeState::Refused } else { DisputeState::Sending };
        }
        held
    }

    /// Without what the own book says: that is for the lender's people alone, not for a report that is handed out.
    pub(in crate::node) fn held_received(&self, kept: &ReceivedDispute, now: UnixTime) -> HeldDispute {
        self.held(&kept.course, DisputeEnd::Lender, Some(kept.received), now)
    }

    fn held(
        &self,
        course: &Course,
        end: DisputeEnd,
        received: Option<UnixTime>,
        now: UnixTime,
    ) -> HeldDispute {
        let statement = course.statement();
        let answer = course.held_answer();
        let open = course.resolved.is_none();
        let state = match (course.resolved, answer.as_ref().map(|answer| answer.answer)) {
            (Some(_), _) => DisputeState::Resolved,
            (None, Some(DisputeAnswer::Accepted)) => DisputeState::Accepted,
            (None, Some(DisputeAnswer::Rejected)) => DisputeState::Rejected,
            (None, None) => DisputeState::Open,
        };
        let own_days = received.filter(|_| end == DisputeEnd::Lender);
        let waiting = received.filter(|_| open && answer.is_none());
        HeldDispute {
            dispute: course.transaction,
            end,
            state,
            opener: course.opener.clone(),
            lender: course.lender.clone(),
            record: hex::encode(course.about.0),
            facility: statement.facility,
            reason: statement.reason,
            text: statement.text,
            opened: course.opened,
            received,
            refused: None,
            answer,
            outcome: course.resolved.map(|(outcome, _)| outcome),
            resolved: course.resolved.map(|(_, time)| time),
            escalated: course.escalated,
            lender_days_left: waiting.map(|received| days_left(self.lender_due(received), now)),
            total_days_left: open.then(|| days_left(self.total_due(course.opened, own_days), now)),
            leaf: course.leaf,
            book: None,
        }
    }
}
