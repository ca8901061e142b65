//! Why a load waits, closes nothing or cannot be decided about, and why a file cannot be used: for the clerk.

use super::wording::{Sentence, Value};
use crate::book::{HoldReason, LoadRefusal, NotClosed};
use crate::formats::{FormHint, FormatError};
use crate::model::amount::Amount;

/// Hundredths of a percent in one.
const BASIS_POINTS: u64 = 100;

/// Why the guard holds a load.
pub fn hold_sentence(reason: &HoldReason) -> Sentence {
    match reason {
        HoldReason::Closing { active, closing, percent_max } => {
            // To the tenth of a percent, rounded down, as the English sentence has it.
            let tenths = u128::from(*closing) * 1_000 / u128::from(*active).max(1);
            let share = u64::try_from(tenths * 10).unwrap_or(u64::MAX);
            Sentence::of("hold-closing")
                .with("closing", *closing)
                .with("active", *active)
                .with("share", Value::Percent(share))
                .with("limit", Value::Percent(percent_max.saturating_mul(BASIS_POINTS)))
        }
        HoldReason::Total { currency, before, after, fold_max } => Sentence::of("hold-total")
            .with("currency", currency.code())
            .with("before", Value::Money(*currency, before.clone()))
            .with("after", Value::Money(*currency, after.clone()))
            .with("limit", *fold_max),
        HoldReason::Median { larger, larger_median, smaller, smaller_median, times, times_max } => {
            let times = times.parse::<Amount>().map_or_else(|_| times.as_str().into(), Value::Amount);
            Sentence::of("hold-median")
                .with("larger", larger.code())
                .with("larger-median", Value::Money(*larger, larger_median.clone()))
                .with("smaller", smaller.code())
                .with("smaller-median", Value::Money(*smaller, smaller_median.clone()))
                .with("times", times)
                .with("limit", *times_max)
        }
        HoldReason::Older { as_of, last, last_as_of } => Sentence::of("hold-older")
            .with("as-of", *as_of)
            .with("last", last.to_string())
            .with("last-as-of", *last_as_of),
    }
}

/// Why a load closes no loan for being absent from its file.
pub fn not_closed_sentence(why: &NotClosed) -> Sentence {
    match why {
        NotClosed::Rejected { rows } => Sentence::of("hold-not-closed-rejected").with("rows", *rows),
        NotClosed::Cut => Sentence::of("hold-not-closed-cut"),
        NotClosed::Branches { max } => Sentence::of("hold-not-closed-branches").with("max", *max),
    }
}

/// Why load `number` is not in a state that allows what was asked.
pub fn load_refusal_sentence(number: u64, why: LoadRefusal) -> Sentence {
    Sentence::of(match why {
        LoadRefusal::Unknown => "hold-state-unknown",
        LoadRefusal::PageLost => "hold-state-page-lost",
        LoadRefusal::NotHeldToRelease => "hold-state-not-held-release",
        LoadRefusal::NotHeldToDiscard => "hold-state-not-held-discard",
        LoadRefusal::NotInBook => "hold-state-not-in-book",
        LoadRefusal::LaterLoad => "hold-state-later",
        LoadRefusal::TooOld => "hold-state-old",
    })
    .with("load", number.to_string())
}

/// Why a file cannot be used at all.
pub fn file_sentence(error: &FormatError) -> Sentence {
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    match error {
        FormatError::Io(_) => Sentence::of("hold-file-unread"),
        FormatError::Empty => Sentence::of("hold-file-empty"),
        FormatError::OtherFormat { hint, .. } => {
            Sentence::of("hold-file-other").with("hint", hint_sentence(*hint))
        }
        FormatError::ColumnMissing { field, column, nearest } => {
            let sentence = match nearest {
                Some(nearest) => Sentence::of("hold-file-column-near").with("nearest", nearest.as_str()),
                None => Sentence::of("hold-file-column-missing"),
            };
            sentence.with("field", field.as_str()).with("column", column.as_str())
        }
        FormatError::ColumnTwice { column } => {
            Sentence::of("hold-file-column-twice").with("column", column.as_str())
        }
        FormatError::NoIdentifierColumn => Sentence::of("hold-file-no-identifier"),
        FormatError::NoAsOf => Sentence::of("hold-file-no-day"),
        FormatError::HeaderTooLong { bytes_max, columns_max } => Sentence::of("hold-file-header-long")
            .with("bytes", count(*bytes_max))
            .with("columns", count(*columns_max)),
        FormatError::HeaderEncoding { declared } => {
            Sentence::of("hold-file-header-encoding").with("declared", *declared)
        }
        FormatError::Mapping(error) => Sentence::of("hold-file-mapping").with("english", error.to_string()),
        FormatError::SheetMissing { sheet } => Sentence::of("hold-file-sheet").with("sheet", sheet.as_str()),
        FormatError::TooLarge { bytes_max } => Sentence::of("hold-file-large").with("bytes", *bytes_max),
        FormatError::Json { line, column } => {
            Sentence::of("hold-file-json").with("line", count(*line)).with("column", count(*column))
        }
    }
}

fn hint_sentence(hint: FormHint) -> Sentence {
    Sentence::of(match hint {
        FormHint::DamagedWorkbook => "hold-hint-damaged-workbook",
        FormHint::NoWorkbook => "hold-hint-no-workbook",
        FormHint::Utf16 => "hold-hint-utf16",
        FormHint::IsWorkbook => "hold-hint-is-workbook",
        FormHint::CarriageReturns => "hold-hint-cr",
        FormHint::NoCdfHeader => "hold-hint-no-cdf-header",
        FormHint::NoSegment => "hold-hint-no-segment",
        FormHint::NoJson => "hold-hint-no-json",
        FormHint::ApiError => "hold-hint-api-error",
        FormHint::NoLoans => "hold-hint-no-loans",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Texts;
    use crate::words::wording::check_said_in_every_language;

    #[test]
    fn figures_of_a_held_load_stand_as_the_language_writes_them() {
        let held = |tag: &str, reason: &HoldReason| {
            let text = Texts::built_in().language(tag).sentence(&hold_sentence(reason));
            text.replace(['\u{a0}', '\u{202f}'], " ")
        };
        let closing = HoldReason::Closing { active: 878, closing: 876, percent_max: 20 };
        for (tag, shares) in
            [("en", ["99.7 %", "20 %"]), ("km", ["99.7 %", "20 %"]), ("es", ["99,7 %", "20 %"])]
        {
            let text = held(tag, &closing);
            assert!(text.contains("876") && shares.iter().all(|share| text.contains(share)), "{text}");
        }
        let total = HoldReason::Total {
            currency: "KHR".parse().unwrap(),
            before: "3668535900.00".parse().unwrap(),
            after: "12.00".parse().unwrap(),
            fold_max: 2,
        };
        for (tag, figure) in
            [("en", "KHR 3,668,535,900.00"), ("az", "3.668.535.900,00 KHR"), ("fr", "3 668 535 900,00 KHR")]
        {
            assert!(held(tag, &total).contains(figure), "{}", held(tag, &total));
        }
        let median = HoldReason::Median {
            larger: "KHR".parse().unwrap(),
            larger_median: "101442600.00".parse().unwrap(),
            smaller: "USD".parse().unwrap(),
            smaller_median: "400.00".parse().unwrap(),
            times: "6300".to_owned(),
            times_max: 50,
        };
        assert!(held("en", &median).contains("worth 6,300 times"), "{}", held("en", &median));
        let (as_of, last_as_of) = ("2026-11-19".parse().unwrap(), "2026-11-20".parse().unwrap());
        let older = held("az", &HoldReason::Older { as_of, last: 7, last_as_of });
        assert!(older.contains("19 noy 2026") && older.contains("20 noy 2026"), "{older}");
    }

    #[test]
    fn what_hinders_a_file_or_a_load_is_said_in_every_language() {
        let files = [
            FormatError::Io(std::io::Error::other("x")),
            FormatError::Empty,
            FormatError::OtherFormat { expected: "x", hint: FormHint::IsWorkbook },
            FormatError::ColumnMissing { field: "as_of".into(), column: "day".into(), nearest: None },
            FormatError::ColumnMissing {
                field: "as_of".into(),
                column: "day".into(),
                nearest: Some("days".into()),
            },
            FormatError::ColumnTwice { column: "day".into() },
            FormatError::NoIdentifierColumn,
            FormatError::NoAsOf,
            FormatError::HeaderTooLong { bytes_max: 65_536, columns_max: 500 },
            FormatError::HeaderEncoding { declared: "Latin-1" },
            FormatError::Mapping(crate::formats::MappingError::Toml("x".into())),
            FormatError::SheetMissing { sheet: "x".into() },
            FormatError::TooLarge { bytes_max: 1_000_000 },
            FormatError::Json { line: 1, column: 2_000 },
        ];
        let refusals = [
            LoadRefusal::Unknown,
            LoadRefusal::PageLost,
            LoadRefusal::NotHeldToRelease,
            LoadRefusal::NotHeldToDiscard,
            LoadRefusal::NotInBook,
            LoadRefusal::LaterLoad,
            LoadRefusal::TooOld,
        ];
        let closed = [NotClosed::Rejected { rows: 1 }, NotClosed::Cut, NotClosed::Branches { max: 10_000 }];
        let sentences: Vec<Sentence> = files
            .iter()
            .map(file_sentence)
            .chain(refusals.map(|why| load_refusal_sentence(3, why)))
            .chain(closed.iter().map(not_closed_sentence))
            .collect();
        check_said_in_every_language(&sentences);
    }
}
