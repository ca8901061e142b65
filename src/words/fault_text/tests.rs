use super::*;
use crate::words::Texts;

/// One of each; a new one is missed by the match above, which does not compile without its text.
fn faults() -> Vec<RejectReason> {
    use IdentifierError as Bad;
    use RejectReason as Why;
    let scheme = || "kh-nid".parse().unwrap();
    let currency = "USD".parse().unwrap();
    let form = || "1,234.50".to_owned();
    let mut faults = vec![
        Why::ColumnCount { expected: 9, found: 8 },
        Why::TokenCount { expected: 9, found: 8 },
        Why::Missing,
        Why::NotInObject,
        Why::BalanceMissing,
        Why::NoIdentifier,
        Why::SchemesNotUsed { used: "kh-nid".to_owned() },
        Why::TooManyIdentifiers { max: 16 },
        Why::NumericCellTooLong,
        Why::Number { form: form() },
        Why::NumberMark { mark: '.', form: form() },
        Why::NotADigit,
        Why::Negative,
        Why::Decimals { currency, exponent: 2 },
        Why::NotWhole,
        Why::TooLarge,
        Why::Date { form: "YYYY-MM-DD".to_owned() },
        Why::NoSuchDay,
        Why::Future,
        Why::TooEarly,
        Why::DateOrder { than: "" },
        Why::Status { known: "" },
        Why::Frequency { known: "" },
        Why::Kind { known: "" },
        Why::CurrencyCode,
        Why::CurrencyUnknown(currency),
        Why::ClosedButOwed,
        Why::Duplicate { first_line: 1_234 },
        Why::Encoding { declared: "" },
        Why::ControlCharacter,
        Why::ByteOrderMark,
        Why::HeaderRepeated,
        Why::QuoteOpen,
        Why::QuoteInside,
        Why::TooLong { bytes_max: 65_536 },
        Why::FieldTooLong { bytes_max: 1_024 },
        Why::CellError,
        Why::CellType { found: "" },
        Why::Separator,
        Why::ClientSegment { line: 7 },
        Why::NoClientSegment,
        Why::NoClient,
        Why::Swallowed,
        Why::NoTag,
        Why::Shape,
    ];
    faults.extend(
        [
            Bad::SchemeId,
            Bad::Reserved,
            Bad::UnknownScheme,
            Bad::Pair,
            Bad::Empty { scheme: scheme() },
            Bad::TooLong { scheme: scheme() },
            Bad::Length { scheme: scheme(), expected: "", found: 8 },
            Bad::Character { scheme: scheme(), place: 3, allowed: "" },
            Bad::CheckDigit { scheme: scheme() },
            Bad::Filler { scheme: scheme() },
            Bad::Rule { scheme: scheme(), rule: "" },
            Bad::Pattern { scheme: scheme() },
            Bad::NotCanonical { scheme: scheme() },
        ]
        .map(Why::Identifier),
    );
    faults
}

#[test]
fn every_fault_is_said_in_every_language_and_kept_by_name() {
    let texts = Texts::built_in();
    for fault in faults() {
        let kept = serde_json::to_string(&fault).unwrap();
        assert_eq!(serde_json::from_str::<RejectReason>(&kept).unwrap(), fault, "{kept}");
        let english = texts.language("en").sentence(&fault_sentence(&fault));
        for tag in ["km", "az", "fr", "es"] {
            assert_ne!(texts.language(tag).fault(Some(&fault), "as it came"), english, "{tag}");
        }
        assert_eq!(texts.language("en-GB").fault(Some(&fault), "as it came"), "as it came");
    }
    assert_eq!(texts.language("es").fault(None, "as it came"), "En inglés: as it came");
}

#[test]
fn remarks_and_findings_are_said_in_every_language() {
    use Finding as Of;
    use NoteReason as Note;
    let notes = [
        Note::Identifier(IdentifierError::Reserved),
        Note::SchemeNotUsed,
        Note::IdentifierKind,
        Note::TakenAsDelinquent,
        Note::OverdueAboveBalance,
        Note::IntervalUnnamed,
        Note::NotUnderstood,
        Note::Misspelt { read_as: "CNSCRD" },
        Note::AgeInDays,
        Note::BirthDateDefault,
        Note::EmailInAddress,
        Note::RelationCode,
        Note::LineBreak,
        Note::AddressAfterAccount,
        Note::ClientWithoutAccount,
        Note::SegmentNotUnderstood(Box::new(RejectReason::Missing)),
        Note::SegmentNotRead,
        Note::OutOfRange,
    ];
    let findings = [
        Of::ByteOrderMark,
        Of::TrailerMissing,
        Of::TrailerCut { found: 40 },
        Of::TrailerBlanks { found: 40 },
        Of::TrailerMember,
        Of::AfterTrailer,
        Of::HeaderLength { found: 170 },
        Of::HeaderVersion,
        Of::HeaderDate,
        Of::OnePage { found: 1, total: 2_000 },
        Of::Empty,
        Of::FileTooLong { bytes_max: 1_000_000 },
    ];
    let texts = Texts::built_in();
    let english = texts.language("en");
    for tag in ["km", "az", "fr", "es"] {
        let words = texts.language(tag);
        for note in &notes {
            assert_ne!(words.remark(note), english.sentence(&note_sentence(note)), "{tag}");
            assert_eq!(english.remark(note), note.to_string());
        }
        for finding in &findings {
            assert_ne!(words.finding(finding), english.sentence(&finding_sentence(finding)), "{tag}");
            assert_eq!(english.finding(finding), finding.to_string());
        }
    }
}
