//! JSON values taken from their text.

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::formats::outcome::{FormHint, FormatError, RejectReason};
use crate::formats::value;
use crate::model::day::Day;

/// A page of the API.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, rename = "pageItems")]
    items: Option<&'a RawValue>,
}

/// Calls `each` with every object of an array, a page or a single object, counted from 1; arrays inside the
/// array are opened too, one level deep.
pub(super) fn each<'a>(
    json: &'a RawValue,
    each: &mut dyn FnMut(u64, &'a RawValue),
) -> Result<(), FormatError> {
    let text = json.get();
    if text.starts_with('[') {
        let mut ordinal = 0;
        return elements(text, &mut |element| {
            if element.get().starts_with('[') {
                // An element that is JSON was checked with the whole.
                let _ = elements(element.get(), &mut |inner| {
                    ordinal += 1;
                    each(ordinal, inner);
                });
            } else {
                ordinal += 1;
                each(ordinal, element);
            }
        });
    }
    if text.starts_with('{') {
        if let Ok(Page { items: Some(items) }) = serde_json::from_str::<Page<'a>>(text)
            && items.get().starts_with('[')
        {
            let mut ordinal = 0;
            return elements(items.get(), &mut |element| {
                ordinal += 1;
                each(ordinal, element);
            });
        }
        each(1, json);
        return Ok(());
    }
    if text == "null" {
        return Ok(());
    }
    let hint = FormHint::NoJson;
    Err(FormatError::OtherFormat { expected: "an answer of the Fineract API", hint })
}

/// The elements of an array, one at a time.
fn elements<'a>(array: &'a str, each: &mut dyn FnMut(&'a RawValue)) -> Result<(), FormatError> {
    struct Elements<'f, 'a>(&'f mut dyn FnMut(&'a RawValue));
    impl<'a> Visitor<'a> for Elements<'_, 'a> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }

        fn visit_seq<A: SeqAccess<'a>>(self, mut sequence: A) -> Result<(), A::Error> {
            while let Some(element) = sequence.next_element::<&'a RawValue>()? {
                (self.0)(element);
            }
            Ok(())
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(array);
    deserializer
        .deserialize_seq(Elements(each))
        .map_err(|error| FormatError::Json { line: error.line(), column: error.column() })
}

fn present(json: Option<&RawValue>) -> Option<&str> {
    json.map(RawValue::get).filter(|text| *text != "null")
}

/// A string or a number as text; nothing for null.
pub(super) fn text(json: Option<&RawValue>) -> Result<Option<String>, RejectReason> {
    let Some(text) = present(json) else { return Ok(None) };
    if text.starts_with('"') {
        let text: String = serde_json::from_str(text).map_err(|_| RejectReason::Shape)?;
        if text.chars().any(char::is_control) {
            return Err(RejectReason::ControlCharacter);
        }
        return Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()));
    }
    if text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return Ok(Some(text.to_owned()));
    }
    Err(RejectReason::Shape)
}

/// A number, or a string with one, as a plain decimal.
pub(super) fn plain(json: Option<&RawValue>) -> Result<Option<String>, RejectReason> {
    text(json)?.map(|text| value::json_plain(&text)).transpose()
}

/// A whole number.
pub(super) fn whole(json: Option<&RawValue>) -> Result<Option<u32>, RejectReason> {
    plain(json)?.map(|plain| value::count(&plain)).transpose()
}

/// The number of records that a page says there are.
pub(super) fn total(json: Option<&RawValue>) -> Option<u64> {
    json.and_then(|json| json.get().parse().ok())
}

/// The id of an enumeration: `{"id": 300, …}`, or the number itself.
pub(super) fn id(json: Option<&RawValue>) -> Result<Option<u32>, RejectReason> {
    #[derive(Deserialize)]
    struct Enumeration<'a> {
        #[serde(borrow)]
        id: Option<&'a RawValue>,
    }
    let Some(text) = present(json) else { return Ok(None) };
    if text.starts_with('{') {
        let enumeration: Enumeration<'_> = serde_json::from_str(text).map_err(|_| RejectReason::Shape)?;
        return whole(enumeration.id);
    }
    whole(json)
}

/// A date: `[2026,11,22]`, or `"2026-11-22"`.
pub(super) fn day(json: Option<&RawValue>) -> Result<Option<Day>, RejectReason> {
    const FORM: &str = "[year,month,day]";
    let not_a_date = || RejectReason::Date { form: FORM.to_owned() };
    let Some(text) = present(json) else { return Ok(None) };
    if text.starts_with('"') {
        let text: String = serde_json::from_str(text).map_err(|_| not_a_date())?;
        return text.parse().map(Some).map_err(|_| not_a_date());
    }
    let [year, month, day]: [i16; 3] = serde_json::from_str(text).map_err(|_| not_a_date())?;
    let small = |number: i16| i8::try_from(number).map_err(|_| RejectReason::NoSuchDay);
    Day::from_ymd(year, small(month)?, small(day)?).map(Some).map_err(|_| RejectReason::NoSuchDay)
}
