//! India's common data format for microfinance, layout 1.9 (Annex II of the Reserve Bank's circular on credit
//! information formats; the layout revisions are the bureaus').
//!
//! A header of 171 characters, segments of separated tokens, a trailer of 41 characters. The tag of a segment
//! follows the last token of the one before without any separator, and real files are written as one line in
//! all, one line a client, or one line a segment; all are read. Of the 1.9 trailer's 41 characters 20 are
//! reserved and none is a count, so what a trailer proves is that the file was not cut.
//!
//! Never read into a value: names, addresses, birth date, income, religion, caste, and the password that the
//! header carries in clear.

use std::io::Read;
use std::rc::Rc;

use super::FormatContext;
use super::draft::Names;
use super::intake::{Intake, Notes, Problem};
use super::outcome::{Finding, FormatError, NoteReason, RejectReason, RowOutcome, Summary};
use crate::limits::{IMPORT_BYTES_MAX, IMPORT_ROW_BYTES_MAX};
use crate::model::money::Currency;

mod account;
mod client;
mod frame;
mod scan;

use client::Client;
use frame::Header;
use scan::{Event, Fault, Scanner, Segment, Tag};

/// The client that the accounts below belong to.
enum Above {
    Nobody,
    Bad { line: u64 },
    Client { line: u64, client: Box<Client>, accounts: u64 },
}

struct Reading<'a, 'c> {
    intake: Intake<'a, 'c>,
    header: Header,
    above: Above,
    names: Rc<Names>,
    rupee: Currency,
    misspelt_told: bool,
    unread_told: bool,
}

pub(super) fn read(
    bytes: impl Read,
    context: &FormatContext<'_>,
    sink: &mut dyn FnMut(RowOutcome),
) -> Result<Summary, FormatError> {
    let mut intake = Intake::new(context, sink);
    let mut scanner = Scanner::new(bytes);
    let header = frame::header(&scanner.header()?, &mut intake)?;
    intake.summary.header = header.facts.clone();
    let rupee = "INR".parse().map_err(|_| FormatError::Empty)?;
    let mut reading = Reading {
        intake,
        header,
        above: Above::Nobody,
        names: Rc::new(account::names()),
        rupee,
        misspelt_told: false,
        unread_told: false,
    };
    let mut trailer = None;
    while let Some(event) = scanner.next()? {
        match event {
            Event::Segment(segment) => reading.segment(&segment),
            Event::Stray { line } => {
                let problem = Problem::new("line", RejectReason::NoTag);
                reading.intake.row(line, None, Err(problem), Notes::new(), Vec::new);
            }
            Event::Trailer { text, more } => {
                trailer = Some((text, more));
                break;
            }
        }
    }
    reading.leave_client();
    let Reading { mut intake, header, .. } = reading;
    let complete = if let Some((text, more)) = trailer {
        frame::trailer(&text, more, &header, &mut intake)
    } else {
        intake.finding(Finding::TrailerMissing);
        false
    };
    if scanner.cut() {
        intake.finding(Finding::FileTooLong { bytes_max: IMPORT_BYTES_MAX });
    }
    Ok(intake.finish(complete))
}

impl Reading<'_, '_> {
    fn segment(&mut self, segment: &Segment) {
        if segment.misspelt && !self.misspelt_told {
            // A writer misspells every one alike; once is enough.
            self.misspelt_told = true;
            self.intake.note(segment.line, "tag", NoteReason::Misspelt { read_as: segment.tag.text() });
        }
        match segment.tag {
            Tag::Client => self.client(segment),
            Tag::Address => self.address(segment),
            Tag::Account => self.account(segment),
            Tag::Other => {
                if !self.unread_told {
                    self.unread_told = true;
                    self.intake.note(segment.line, "tag", NoteReason::SegmentNotRead);
                }
            }
        }
    }

    fn client(&mut self, segment: &Segment) {
        self.leave_client();
        let line = segment.line;
        self.above = match check(segment) {
            Ok(()) => {
                let mut notes = Notes::new();
                let client = Client::read(segment, &mut notes);
                for (field, reason) in notes {
                    self.intake.note(line, field, reason);
                }
                Above::Client { line, client: Box::new(client), accounts: 0 }
            }
            Err(reason) => {
                self.intake.note(line, "CNSCRD", NoteReason::SegmentNotUnderstood(Box::new(reason)));
                Above::Bad { line }
            }
        };
    }

    /// A client without accounts is nothing to load, and worth a word.
    fn leave_client(&mut self) {
        if let Above::Client { line, accounts: 0, .. } = self.above {
            self.intake.note(line, "CNSCRD", NoteReason::ClientWithoutAccount);
        }
        self.above = Above::Nobody;
    }

    /// Nothing of an address is kept; it is looked at for shifted columns only.
    fn address(&mut self, segment: &Segment) {
        if segment.tokens.iter().any(|token| token.contains(&b'@')) {
            self.intake.note(segment.line, "ADRCRD", NoteReason::EmailInAddress);
        }
        if let Err(reason) = check(segment) {
            self.intake.note(segment.line, "ADRCRD", NoteReason::SegmentNotUnderstood(Box::new(reason)));
        }
    }

    fn account(&mut self, segment: &Segment) {
        let mut notes = Notes::new();
        let understood = match (check(segment), &mut self.above) {
            (Err(reason), above) => {
                if let Above::Client { accounts, .. } = above {
                    *accounts += 1;
                }
                Err(Problem::new("ACTCRD", reason))
            }
            (Ok(()), Above::Nobody) => Err(Problem::new("ACTCRD", RejectReason::NoClientSegment)),
            (Ok(()), Above::Bad { line }) => {
                Err(Problem::new("ACTCRD", RejectReason::ClientSegment { line: *line }))
            }
            (Ok(()), Above::Client { client, accounts, .. }) => {
                *accounts += 1;
                let place = account::Place {
                    header: &self.header,
                    client,
                    names: &self.names,
                    rupee: self.rupee,
                    context: self.intake.context,
                };
                account::read(segment, &place, &mut notes)
            }
        };
        let account = if segment.fault.is_none() { account::number(segment).ok() } else { None };
        self.intake.row(segment.line, account.as_deref(), understood, notes, || segment.text());
    }
}

/// Faults that concern a segment as a whole.
fn check(segment: &Segment) -> Result<(), RejectReason> {
    match segment.fault {
        Some(Fault::Separator) => return Err(RejectReason::Separator),
        Some(Fault::TooLong) => return Err(RejectReason::TooLong { bytes_max: IMPORT_ROW_BYTES_MAX }),
        None => {}
    }
    match segment.tag.tokens() {
        Some(expected) if segment.tokens.len() != expected => {
            Err(RejectReason::TokenCount { expected, found: segment.tokens.len() })
        }
        _ => Ok(()),
    }
}
