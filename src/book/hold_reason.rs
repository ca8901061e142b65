//! Why a load waits, or closes nothing, or cannot be decided about: figures, not sentences, so that each reader gets them
//! in the language that she reads. What is printed here is English, as the interface and the terminal have it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::amount::Amount;
use crate::model::day::Day;
use crate::model::money::Currency;

/// Why the guard holds a load. Kept with the load by the names that stand here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldReason {
    /// It closes too many loans.
    Closing {
        /// Running loans that it is about.
        active: u64,
        /// How many it would close.
        closing: u64,
        /// The share that passes, in per cent.
        percent_max: u64,
    },
    /// It changes a total too much.
    Total {
        /// The currency.
        currency: Currency,
        /// What is outstanding now.
        before: Amount,
        /// What would be.
        after: Amount,
        /// How many times the one may be the other.
        fold_max: u64,
    },
    /// Its amounts in two currencies do not go together.
    Median {
        /// The currency of the larger amounts.
        larger: Currency,
        /// Their median.
        larger_median: Amount,
        /// The currency of the smaller amounts.
        smaller: Currency,
        /// Their median.
        smaller_median: Amount,
        /// How many times the one is worth the other, rounded down.
        times: String,
        /// How many times it may be.
        times_max: u64,
    },
    /// It is older than the last one.
    Older {
        /// Its as-of date.
        as_of: Day,
        /// Number of the last load.
        last: u64,
        /// The as-of date of that.
        last_as_of: Day,
    },
}

impl fmt::Display for HoldReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closing { active, closing, percent_max } => {
                let tenths = u128::from(*closing) * 1_000 / u128::from(*active).max(1);
                let (whole, tenth) = (tenths / 10, tenths % 10);
                write!(
                    f,
                    "would close {closing} of {active} running loans ({whole}.{tenth} %; more than \
                     {percent_max} % is held): is a part of the file missing?"
                )
            }
            Self::Total { currency, before, after, fold_max } => write!(
                f,
                "would take the outstanding total of {currency} from {before} to {after} (more than \
                 {fold_max}-fold is held): are unit and currency of the amounts right?"
            ),
            Self::Median { larger, larger_median, smaller, smaller_median, times, times_max } => write!(
                f,
                "the median balance in {larger}, {larger_median}, is worth {times} times that in {smaller}, \
                 {smaller_median} (more than {times_max} times is held): are unit and currency of the \
                 amounts right?"
            ),
            Self::Older { as_of, last, last_as_of } => {
                write!(f, "its figures are of {as_of}, older than those of load {last}, {last_as_of}")
            }
        }
    }
}

/// Why a load closes no loan for being absent from its file. Kept with the load by the names that stand here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum NotClosed {
    /// Rows were rejected.
    #[error("{rows} rows were rejected: a loan whose row is bad has not ended")]
    Rejected {
        /// How many.
        rows: u64,
    },
    /// The file was not read to its own end.
    #[error("the file was cut or holds more than was read: what is missing has not ended")]
    Cut,
    /// More branches than are counted.
    #[error("the file has more than {max} branches: load it in parts")]
    Branches {
        /// The bound.
        max: u64,
    },
}

/// Why a load is not there, or not in a state that allows what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadRefusal {
    /// There is none of the number.
    #[error("is not known; `tally import list` shows the loads")]
    Unknown,
    /// Loans that were laid aside are gone.
    #[error("has lost a page of its loans: discard it and load again")]
    PageLost,
    /// To be released, it would have to be held.
    #[error("is not held: only a held load can be released")]
    NotHeldToRelease,
    /// To be discarded, it would have to be held.
    #[error("is not held: only a held load can be discarded")]
    NotHeldToDiscard,
    /// To be undone, it would have to be in the book.
    #[error("is not in the book: only such a load can be undone")]
    NotInBook,
    /// Another one stands on it.
    #[error("has a later load on it: undo that first")]
    LaterLoad,
    /// What was there before it is forgotten.
    #[error("is too old: what was there before is not kept any more")]
    TooOld,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_kept_by_name() {
        let amount = |text: &str| text.parse::<Amount>().unwrap();
        let reasons = [
            (
                HoldReason::Closing { active: 5, closing: 2, percent_max: 20 },
                r#"{"closing":{"active":5,"closing":2,"percent_max":20}}"#,
            ),
            (
                HoldReason::Total {
                    currency: "KHR".parse().unwrap(),
                    before: amount("100.00"),
                    after: amount("201.00"),
                    fold_max: 2,
                },
                r#"{"total":{"currency":"KHR","before":"100.00","after":"201.00","fold_max":2}}"#,
            ),
            (
                HoldReason::Older {
                    as_of: "2026-11-19".parse().unwrap(),
                    last: 7,
                    last_as_of: "2026-11-20".parse().unwrap(),
                },
                r#"{"older":{"as_of":"2026-11-19","last":7,"last_as_of":"2026-11-20"}}"#,
            ),
        ];
        for (reason, kept) in reasons {
            assert_eq!(serde_json::to_string(&reason).unwrap(), kept);
            assert_eq!(serde_json::from_str::<HoldReason>(kept).unwrap(), reason);
        }
        assert_eq!(
            serde_json::to_string(&[NotClosed::Rejected { rows: 3 }, NotClosed::Cut]).unwrap(),
            r#"[{"rejected":{"rows":3}},"cut"]"#
        );
    }
}
