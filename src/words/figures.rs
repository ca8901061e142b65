//! Numbers and days as a language and its region write them, from the CLDR's data.
//!
//! Digits are always ASCII: identifiers, account numbers and amounts are held against paper and systems that print
//! them so, and with other digits some languages swap their separators.

use std::convert::Infallible;
use std::str::FromStr as _;

use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;
use intl_memoizer::Memoizable;
use unic_langid::LanguageIdentifier;

use crate::model::amount::Amount;
use crate::model::day::Day;

/// Decimals of a percentage that was counted in basis points.
const BASIS_POINT_DECIMALS: i16 = 2;

/// The formats of one language and region.
pub(super) struct Figures {
    decimal: DecimalFormatter,
    day: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
}

impl Figures {
    /// The formats of `language`; those of no language in particular where the data has none.
    pub(super) fn of(language: &LanguageIdentifier) -> Self {
        let locale = locale(language);
        let decimal =
            |locale: &Locale| DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default());
        let day = |locale: &Locale| FixedCalendarDateTimeFormatter::try_new(locale.into(), YMD::medium());
        let (decimal, day) = (
            decimal(&locale).or_else(|_| decimal(&Locale::UNKNOWN)),
            day(&locale).or_else(|_| day(&Locale::UNKNOWN)),
        );
        Self {
            decimal: decimal.expect("the data is compiled in and has the root locale"),
            day: day.expect("the data is compiled in and has the root locale"),
        }
    }

    /// A count, its thousands grouped.
    pub(super) fn number(&self, n: u64) -> String {
        self.decimal.format(&Decimal::from(n)).to_string()
    }

    /// A plain decimal as text, exactly; as it is where it is none.
    pub(super) fn decimal(&self, text: &str) -> String {
        match Decimal::from_str(text) {
            Ok(decimal) => self.decimal.format(&decimal).to_string(),
            Err(_) => text.to_owned(),
        }
    }

    /// An amount, with the decimals that it has.
    pub(super) fn amount(&self, amount: &Amount) -> String {
        self.decimal(amount.as_str())
    }

    /// Basis points as a percentage, without its sign and without zeros that say nothing.
    pub(super) fn percentage(&self, basis_points: u64) -> String {
        let mut share = Decimal::from(basis_points);
        share.multiply_pow10(-BASIS_POINT_DECIMALS);
        share.absolute.trim_end();
        self.decimal.format(&share).to_string()
    }

    /// A day, its month as a word, so that nobody takes it for the day.
    pub(super) fn day(&self, day: Day) -> String {
        let (year, month, of_month) = day.ymd();
        let parts = (u8::try_from(month), u8::try_from(of_month));
        let (Ok(month), Ok(of_month)) = parts else { return day.to_string() };
        match Date::try_new_gregorian(i32::from(year), month, of_month) {
            Ok(date) => self.day.format(&date).to_string(),
            Err(_) => day.to_string(),
        }
    }
}

impl Memoizable for Figures {
    type Args = ();
    type Error = Infallible;

    fn construct(language: LanguageIdentifier, (): ()) -> Result<Self, Infallible> {
        Ok(Self::of(&language))
    }
}

/// The locale whose formats a language takes. English without a region is the international one: day before month.
fn locale(language: &LanguageIdentifier) -> Locale {
    let international = language.language.as_str() == "en" && language.region.is_none();
    let tag = if international { "en-001".to_owned() } else { language.to_string() };
    Locale::from_str(&format!("{tag}-u-nu-latn")).unwrap_or(Locale::UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(tag: &str) -> Figures {
        Figures::of(&tag.parse().unwrap())
    }

    #[test]
    fn numbers_by_language_and_region() {
        let amount: Amount = "-1234567.50".parse().unwrap();
        for (tag, written) in [
            ("en", "-1,234,567.50"),
            ("en-IN", "-12,34,567.50"),
            ("km", "-1,234,567.50"),
            ("km-KH", "-1,234,567.50"),
            ("az", "-1.234.567,50"),
            ("fr", "-1\u{202f}234\u{202f}567,50"),
            ("es", "-1.234.567,50"),
            ("es-PE", "-1,234,567.50"),
            // A language that the data does not know, and one whose own digits are others.
            ("qqq", "-1,234,567.50"),
            ("bn", "-12,34,567.50"),
        ] {
            assert_eq!(figures(tag).amount(&amount).replace('\u{2212}', "-"), written, "{tag}");
        }
        let long: Amount = "1234567890123456789012345678901234567.89".parse().unwrap();
        assert_eq!(figures("en").amount(&long), "1,234,567,890,123,456,789,012,345,678,901,234,567.89");
    }

    #[test]
    fn shares_without_zeros_that_say_nothing() {
        for (points, written) in [(5000, "50"), (5250, "52,5"), (5001, "50,01"), (5, "0,05"), (0, "0")] {
            assert_eq!(figures("az").percentage(points), written);
        }
    }

    #[test]
    fn days_with_the_month_as_a_word() {
        let day: Day = "2026-03-02".parse().unwrap();
        for (tag, written) in [
            ("en", "2 Mar 2026"),
            ("en-US", "Mar 2, 2026"),
            ("km", "2 មីនា 2026"),
            ("az", "2 mar 2026"),
            ("fr", "2 mars 2026"),
            ("es", "2 mar 2026"),
        ] {
            assert_eq!(figures(tag).day(day), written, "{tag}");
        }
    }
}
