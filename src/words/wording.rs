//! One language: its texts, and how it writes figures.

use std::fmt;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use intl_memoizer::concurrent::IntlLangMemoizer;
use unic_langid::LanguageIdentifier;

use super::figures::Figures;
use crate::clock::UnixTime;
use crate::model::amount::{Amount, Money};
use crate::model::day::Day;
use crate::model::money::Currency;

/// Something that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A piece of text, as it is.
    Text(String),
    /// A count: written as the language writes numbers, and what decides between one and many.
    Number(u64),
    /// A day.
    Day(Day),
    /// A figure with the decimals that it has.
    Amount(Amount),
    /// An amount in its currency.
    Money(Currency, Amount),
    /// Hundredths of a percent.
    Percent(u64),
    /// A sentence within another.
    Sentence(Box<Sentence>),
}

/// A text by its name, with what stands in it: what is to be said, before it is known in which language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    key: &'static str,
    values: Vec<(&'static str, Value)>,
}

impl Sentence {
    /// A text that is given nothing.
    pub fn of(key: &'static str) -> Self {
        Self { key, values: Vec::new() }
    }

    /// Gives the text one thing more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }
}

impl From<Sentence> for Value {
    fn from(sentence: Sentence) -> Self {
        Self::Sentence(Box::new(sentence))
    }
}

impl From<Day> for Value {
    fn from(day: Day) -> Self {
        Self::Day(day)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

/// The texts and figures of one language; what it does not say is said in the language that it falls back to.
#[derive(Clone)]
pub struct Words(Arc<Language>);

struct Language {
    tag: String,
    bundle: FluentBundle<Arc<FluentResource>>,
    figures: Figures,
    fallback: Option<Words>,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Words").field(&self.0.tag).finish()
    }
}

impl Words {
    /// A language of the texts `resources`, of which a later one has precedence, that writes figures as `written` does.
    pub(super) fn of(
        tag: &str,
        written: &LanguageIdentifier,
        resources: &[Arc<FluentResource>],
        fallback: Option<Self>,
    ) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![written.clone()]);
        // The marks mean nothing to a terminal or a table, and none of the languages is written from the right.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(format_number));
        for resource in resources {
            bundle.add_resource_overriding(Arc::clone(resource));
        }
        Self(Arc::new(Language { tag: tag.to_owned(), bundle, figures: Figures::of(written), fallback }))
    }

    /// The BCP 47 tag of the texts, as `km`.
    pub fn tag(&self) -> &str {
        &self.0.tag
    }

    /// Whether it is English, of whatever region.
    pub(super) fn is_english(&self) -> bool {
        self.tag() == "en" || self.tag().starts_with("en-")
    }

    /// What the language calls itself; its tag where its files do not say.
    pub(super) fn own_name(&self) -> String {
        let name = "common-language-name";
        if self.0.bundle.has_message(name) { self.text(name) } else { self.tag().to_owned() }
    }

    /// A text that is given nothing.
    pub fn text(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// A text with what stands in it. A text that there is in no language is its key.
    pub fn with(&self, key: &str, arguments: &[(&str, Value)]) -> String {
        if let Some(text) = self.find(key, arguments) {
            return text;
        }
        // A mistake in the program, and no reason for a page not to be shown: tests fail, and a page shows the key.
        if cfg!(test) {
            assert!(self.find(key, arguments).is_some(), "there is no text {key}");
        }
        tracing::error!(key, "there is no such text");
        key.to_owned()
    }

    /// A sentence, in this language.
    pub fn sentence(&self, sentence: &Sentence) -> String {
        self.with(sentence.key, &sentence.values)
    }

    /// A text, if there is one of that name.
    fn find(&self, key: &str, arguments: &[(&str, Value)]) -> Option<String> {
        let bundle = &self.0.bundle;
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return self.0.fallback.as_ref()?.find(key, arguments);
        };
        let given: FluentArgs<'_> =
            arguments.iter().map(|(name, value)| ((*name).to_owned(), self.given(value))).collect();
        let mut errors: Vec<FluentError> = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&given), &mut errors);
        if !errors.is_empty() {
            if cfg!(test) {
                assert!(errors.is_empty(), "{key} in {}: {errors:?}", self.0.tag);
            }
            tracing::error!(key, language = self.0.tag, ?errors, "a text is not given what it needs");
        }
        Some(text.into_owned())
    }

    fn given<'a>(&self, value: &'a Value) -> FluentValue<'a> {
        match value {
            Value::Text(text) => FluentValue::from(text.as_str()),
            // Fluent counts in floats, which are exact for these; no plural depends on what is larger.
            Value::Number(number) => u32::try_from(*number)
                .map_or_else(|_| FluentValue::from(self.number(*number)), FluentValue::from),
            Value::Day(day) => FluentValue::from(self.day(*day)),
            Value::Amount(amount) => FluentValue::from(self.amount(amount)),
            Value::Money(currency, amount) => FluentValue::from(self.money_of(*currency, amount)),
            Value::Percent(basis_points) => FluentValue::from(self.percent(*basis_points)),
            Value::Sentence(sentence) => FluentValue::from(self.sentence(sentence)),
        }
    }

    /// A count, as `1,234`.
    pub fn number(&self, n: u64) -> String {
        self.0.figures.number(n)
    }

    /// An amount with the decimals that it has, as `1,234.50`.
    pub fn amount(&self, amount: &Amount) -> String {
        self.0.figures.amount(amount)
    }

    /// An amount with the ISO code of its currency, as `USD 1,234.50`.
    pub fn money(&self, money: &Money) -> String {
        self.money_of(money.currency, &money.amount)
    }

    /// The same of an amount that stands apart from its currency.
    pub fn money_of(&self, currency: Currency, amount: &Amount) -> String {
        self.money_as(amount.as_str(), currency)
    }

    /// The same of a plain decimal.
    pub(super) fn money_as(&self, decimal: &str, currency: Currency) -> String {
        let amount = self.0.figures.decimal(decimal);
        self.with("common-money", &[("currency", currency.code().into()), ("amount", amount.into())])
    }

    /// Hundredths of a percent, as `52.5 %`.
    pub fn percent(&self, basis_points: u64) -> String {
        self.with("common-percent", &[("figure", self.0.figures.percentage(basis_points).into())])
    }

    /// A day, as `22 Nov 2026`.
    pub fn day(&self, day: Day) -> String {
        self.0.figures.day(day)
    }

    /// A moment to the minute, as `22 Nov 2026, 09:30 UTC`.
    pub fn moment(&self, time: UnixTime) -> String {
        let minutes = time.0.div_euclid(60).rem_euclid(24 * 60);
        let time_of_day = format!("{:02}:{:02}", minutes / 60, minutes % 60);
        self.with("common-moment", &[("day", self.day(Day::of(time)).into()), ("time", time_of_day.into())])
    }
}

/// Numbers inside texts, as the language writes them.
fn format_number(value: &FluentValue<'_>, memoizer: &IntlLangMemoizer) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let written = memoizer.with_try_get::<Figures, _, _>((), |figures| figures.decimal(&number.as_string()));
    written.ok()
}

/// Every built-in language has words of its own for each of these.
#[cfg(test)]
pub(super) fn check_said_in_every_language(sentences: &[Sentence]) {
    let texts = super::texts::Texts::built_in();
    let english = texts.language("en");
    for tag in ["km", "az", "fr", "es"] {
        let own = texts.language(tag);
        for sentence in sentences {
            assert_ne!(own.sentence(sentence), english.sentence(sentence), "{tag}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::texts::Texts;

    fn in_language(tag: &str) -> Words {
        Texts::built_in().language(tag)
    }

    #[test]
    fn figures_stand_in_texts_as_the_language_writes_them() {
        let money = Money { currency: "KHR".parse().unwrap(), amount: "1234567".parse().unwrap() };
        let plain = |text: String| text.replace(['\u{a0}', '\u{202f}'], " ");
        for (tag, written, share, moment) in [
            ("en", "KHR 1,234,567", "52.5 %", "22 Nov 2026, 00:01 UTC"),
            ("km", "1,234,567 KHR", "52.5 %", "22 វិច្ឆិកា 2026, 00:01 UTC"),
            ("az", "1.234.567 KHR", "52,5 %", "22 noy 2026, 00:01 UTC"),
            ("fr", "1 234 567 KHR", "52,5 %", "22 nov. 2026, 00:01 UTC"),
            ("es", "1.234.567 KHR", "52,5 %", "22 nov 2026, 00:01 UTC"),
            ("es-PE", "1,234,567 KHR", "52.5 %", "22 nov. 2026, 00:01 UTC"),
        ] {
            let words = in_language(tag);
            assert_eq!(plain(words.money(&money)), written, "{tag}");
            assert_eq!(plain(words.percent(5250)), share, "{tag}");
            assert_eq!(plain(words.moment(UnixTime(1_795_305_661))), moment, "{tag}");
        }
        assert_eq!(in_language("en").moment(UnixTime(-1)), "31 Dec 1969, 23:59 UTC");
    }

    #[test]
    fn plurals_follow_the_language() {
        // French says "0 jour", and English "0 days".
        for (tag, none, one, many) in [
            ("en", "0 days", "1 day", "1,200 days"),
            ("fr", "0 jour", "1 jour", "1\u{202f}200 jours"),
            ("es", "0 días", "1 día", "1200 días"),
            ("az", "0 gün", "1 gün", "1.200 gün"),
            ("km", "0 ថ្ងៃ", "1 ថ្ងៃ", "1,200 ថ្ងៃ"),
        ] {
            let days = |days: u64| in_language(tag).with("common-days", &[("count", days.into())]);
            assert_eq!([days(0), days(1), days(1200)], [none, one, many], "{tag}");
        }
        let more = in_language("en").with("common-days", &[("count", (1u64 << 60).into())]);
        assert_eq!(more, "1,152,921,504,606,846,976 days");
    }

    #[test]
    fn text_that_is_given_is_not_read_as_a_text() {
        let words = in_language("en");
        let given = "{ common-yes } { $amount }";
        let text = words.with("common-money", &[("currency", given.into()), ("amount", "1".into())]);
        assert_eq!(text, format!("{given}\u{a0}1"));
    }

    #[test]
    #[should_panic(expected = "there is no text console-nothing")]
    fn a_text_that_is_not_there_fails_a_test() {
        let _ = in_language("en").text("console-nothing");
    }

    #[test]
    #[should_panic(expected = "common-days")]
    fn a_text_that_is_not_given_what_it_needs_fails_a_test() {
        let _ = in_language("en").text("common-days");
    }
}
