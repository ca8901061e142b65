//! What is wrong with a row of a file, for the clerk who mends it.

use super::wording::{Sentence, Words};
use crate::formats::{Finding, NoteReason, RejectReason};
use crate::model::identifier::IdentifierError;

impl Words {
    /// Why a row was rejected. English readers get the sentence that came with it, which holds details that are not
    /// kept as data; so does everybody where nothing but the sentence was kept.
    pub fn fault(&self, fault: Option<&RejectReason>, english: &str) -> String {
        match fault {
            _ if self.is_english() => english.to_owned(),
            Some(fault) => self.sentence(&fault_sentence(fault)),
            None => self.sentence(&Sentence::of("fault-in-english").with("english", english)),
        }
    }

    /// What there is to know about a row that was taken. English readers get the sentence itself.
    pub fn remark(&self, remark: &NoteReason) -> String {
        if self.is_english() { remark.to_string() } else { self.sentence(&note_sentence(remark)) }
    }

    /// Something about a file as a whole. English readers get the sentence itself.
    pub fn finding(&self, finding: &Finding) -> String {
        if self.is_english() { finding.to_string() } else { self.sentence(&finding_sentence(finding)) }
    }
}

fn note_sentence(reason: &NoteReason) -> Sentence {
    use NoteReason as Note;
    match reason {
        Note::Identifier(error) => {
            Sentence::of("fault-note-identifier").with("why", identifier_sentence(error))
        }
        Note::SchemeNotUsed => Sentence::of("fault-note-scheme"),
        Note::IdentifierKind => Sentence::of("fault-note-kind"),
        Note::TakenAsDelinquent => Sentence::of("fault-note-delinquent"),
        Note::OverdueAboveBalance => Sentence::of("fault-note-overdue"),
        Note::IntervalUnnamed => Sentence::of("fault-note-interval"),
        Note::NotUnderstood => Sentence::of("fault-note-not-understood"),
        Note::Misspelt { read_as } => Sentence::of("fault-note-misspelt").with("read-as", *read_as),
        Note::AgeInDays => Sentence::of("fault-note-age"),
        Note::BirthDateDefault => Sentence::of("fault-note-birth-date"),
        Note::EmailInAddress => Sentence::of("fault-note-email"),
        Note::RelationCode => Sentence::of("fault-note-relation"),
        Note::LineBreak => Sentence::of("fault-note-line-break"),
        Note::AddressAfterAccount => Sentence::of("fault-note-address"),
        Note::ClientWithoutAccount => Sentence::of("fault-note-client"),
        Note::SegmentNotUnderstood(why) => {
            Sentence::of("fault-note-segment").with("why", fault_sentence(why))
        }
        Note::SegmentNotRead => Sentence::of("fault-note-segment-not-read"),
        Note::OutOfRange => Sentence::of("fault-note-range"),
    }
}

fn finding_sentence(finding: &Finding) -> Sentence {
    match finding {
        Finding::ByteOrderMark => Sentence::of("fault-file-byte-order-mark"),
        Finding::TrailerMissing => Sentence::of("fault-file-trailer-missing"),
        Finding::TrailerCut { found } => Sentence::of("fault-file-trailer-cut").with("found", count(*found)),
        Finding::TrailerBlanks { found } => {
            Sentence::of("fault-file-trailer-blanks").with("found", count(*found))
        }
        Finding::TrailerMember => Sentence::of("fault-file-trailer-member"),
        Finding::AfterTrailer => Sentence::of("fault-file-after-trailer"),
        Finding::HeaderLength { found } => {
            Sentence::of("fault-file-header-length").with("found", count(*found))
        }
        Finding::HeaderVersion => Sentence::of("fault-file-header-version"),
        Finding::HeaderDate => Sentence::of("fault-file-header-date"),
        Finding::OnePage { found, total } => {
            Sentence::of("fault-file-one-page").with("found", *found).with("total", *total)
        }
        Finding::Empty => Sentence::of("fault-file-empty"),
        Finding::FileTooLong { bytes_max } => Sentence::of("fault-file-too-long").with("bytes", *bytes_max),
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Why a row was not understood.
fn fault_sentence(reason: &RejectReason) -> Sentence {
    use RejectReason as Why;
    match reason {
        Why::ColumnCount { expected, found } => {
            Sentence::of("fault-column-count").with("expected", count(*expected)).with("found", count(*found))
        }
        Why::TokenCount { expected, found } => {
            Sentence::of("fault-token-count").with("expected", count(*expected)).with("found", count(*found))
        }
        Why::Missing => Sentence::of("fault-missing"),
        Why::NotInObject => Sentence::of("fault-not-in-object"),
        Why::BalanceMissing => Sentence::of("fault-balance-missing"),
        Why::NoIdentifier => Sentence::of("fault-no-identifier"),
        Why::SchemesNotUsed { used } => Sentence::of("fault-scheme-not-used").with("used", used.as_str()),
        Why::Identifier(error) => Sentence::of("fault-identifier").with("why", identifier_sentence(error)),
        Why::TooManyIdentifiers { max } => {
            Sentence::of("fault-too-many-identifiers").with("max", count(*max))
        }
        Why::NumericCellTooLong => Sentence::of("fault-numeric-cell"),
        Why::Number { form } => Sentence::of("fault-number").with("form", form.as_str()),
        Why::NumberMark { mark, form } => {
            Sentence::of("fault-number-mark").with("mark", mark.to_string()).with("form", form.as_str())
        }
        Why::NotADigit => Sentence::of("fault-not-a-digit"),
        Why::Negative => Sentence::of("fault-negative"),
        Why::Decimals { currency, exponent } => Sentence::of("fault-decimals")
            .with("currency", currency.code())
            .with("decimals", u64::from(*exponent)),
        Why::NotWhole => Sentence::of("fault-not-whole"),
        Why::TooLarge => Sentence::of("fault-too-large"),
        Why::Date { form } => Sentence::of("fault-date").with("form", form.as_str()),
        Why::NoSuchDay => Sentence::of("fault-no-such-day"),
        Why::Future => Sentence::of("fault-future"),
        Why::TooEarly => Sentence::of("fault-too-early"),
        Why::DateOrder { .. } => Sentence::of("fault-date-order"),
        Why::Status { .. } => Sentence::of("fault-status"),
        Why::Frequency { .. } => Sentence::of("fault-frequency"),
        Why::Kind { .. } => Sentence::of("fault-kind"),
        Why::CurrencyCode => Sentence::of("fault-currency-code"),
        Why::CurrencyUnknown(currency) => {
            Sentence::of("fault-currency-unknown").with("currency", currency.code())
        }
        Why::ClosedButOwed => Sentence::of("fault-closed-but-owed"),
        Why::Duplicate { first_line } => Sentence::of("fault-duplicate").with("line", first_line.to_string()),
        Why::Encoding { .. } => Sentence::of("fault-encoding"),
        Why::ControlCharacter => Sentence::of("fault-control"),
        Why::ByteOrderMark => Sentence::of("fault-byte-order-mark"),
        Why::HeaderRepeated => Sentence::of("fault-header-repeated"),
        Why::QuoteOpen => Sentence::of("fault-quote-open"),
        Why::QuoteInside => Sentence::of("fault-quote-inside"),
        Why::TooLong { bytes_max } => Sentence::of("fault-too-long").with("bytes", count(*bytes_max)),
        Why::FieldTooLong { bytes_max } => {
            Sentence::of("fault-field-too-long").with("bytes", count(*bytes_max))
        }
        Why::CellError => Sentence::of("fault-cell-error"),
        Why::CellType { .. } => Sentence::of("fault-cell-type"),
        Why::Separator => Sentence::of("fault-separator"),
        Why::ClientSegment { line } => Sentence::of("fault-client-segment").with("line", line.to_string()),
        Why::NoClientSegment => Sentence::of("fault-no-client-segment"),
        Why::NoClient => Sentence::of("fault-no-client"),
        Why::Swallowed => Sentence::of("fault-swallowed"),
        Why::NoTag => Sentence::of("fault-no-tag"),
        Why::Shape => Sentence::of("fault-shape"),
    }
}

/// Why a text is no identifier, behind a beginning.
fn identifier_sentence(error: &IdentifierError) -> Sentence {
    use IdentifierError as Why;
    match error {
        Why::SchemeId => Sentence::of("fault-number-scheme-id"),
        Why::Reserved => Sentence::of("fault-number-reserved"),
        Why::UnknownScheme => Sentence::of("fault-number-unknown"),
        Why::Pair => Sentence::of("fault-number-pair"),
        Why::Empty { scheme } => Sentence::of("fault-number-empty").with("scheme", scheme.as_str()),
        Why::TooLong { scheme } => Sentence::of("fault-number-too-long").with("scheme", scheme.as_str()),
        Why::Length { scheme, found, .. } => {
            Sentence::of("fault-number-length").with("scheme", scheme.as_str()).with("found", count(*found))
        }
        Why::Character { scheme, place, .. } => Sentence::of("fault-number-character")
            .with("scheme", scheme.as_str())
            .with("place", count(*place)),
        Why::CheckDigit { scheme } => Sentence::of("fault-number-check").with("scheme", scheme.as_str()),
        Why::Filler { scheme } => Sentence::of("fault-number-filler").with("scheme", scheme.as_str()),
        Why::Rule { scheme, .. } | Why::NotCanonical { scheme } => {
            Sentence::of("fault-number-rule").with("scheme", scheme.as_str())
        }
        Why::Pattern { scheme } => Sentence::of("fault-number-pattern").with("scheme", scheme.as_str()),
    }
}

#[cfg(test)]
mod tests;
