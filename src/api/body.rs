//! Reading a request's body: its type, its size, its time, its form.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

use super::problem::Problem;
use super::table;
use crate::limits::{API_BODY_BYTES_MAX, API_BODY_SECONDS_MAX};

/// A body of `application/json` that is a `T`.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(table::MEDIA_TYPE, "Send the header `content-type: application/json`."));
        }
        let (parts, body) = request.into_parts();
        let bytes = read(&parts.headers, body).await?;
        parse(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(kind)) = headers.get(header::CONTENT_TYPE).map(|value| value.to_str()) else { return false };
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn too_large(bytes_max: u64) -> Problem {
    Problem::new(table::TOO_LARGE, format!("A body has at most {bytes_max} bytes here."))
        .with("bytes_max", bytes_max)
}

/// Refuses what says that it is too large, before one byte of it is read.
pub(super) fn check_length(headers: &HeaderMap, bytes_max: u64) -> Result<(), Problem> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: u64| length > bytes_max) { Err(too_large(bytes_max)) } else { Ok(()) }
}

/// The whole of a body, within its bounds of size and time.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let bytes_max = u64::try_from(API_BODY_BYTES_MAX).unwrap_or(u64::MAX);
    check_length(headers, bytes_max)?;
    let time = Duration::from_secs(API_BODY_SECONDS_MAX);
    match tokio::time::timeout(time, to_bytes(body, API_BODY_BYTES_MAX)).await {
        Err(_) => {
            let detail = format!("The body has to be there within {API_BODY_SECONDS_MAX} seconds.");
            Err(Problem::new(table::BODY_TIMEOUT, detail))
        }
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => {
            let source = std::error::Error::source(&error);
            if source.is_some_and(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>) {
                Err(too_large(bytes_max))
            } else {
                Err(Problem::new(table::MALFORMED, "The body broke off."))
            }
        }
    }
}

/// Reads JSON. The problem names the member, and repeats no value.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.inner();
        let place = format!("line {} column {}", inner.line(), inner.column());
        if inner.is_data() {
            let problem =
                Problem::new(table::INVALID, format!("{path}: {} ({place})", without_values(inner)));
            problem.with("field", path)
        } else {
            Problem::new(table::MALFORMED, format!("The body is not JSON: {place}."))
        }
    })?;
    let rest = reader.end();
    rest.map_err(|_| Problem::new(table::MALFORMED, "The body goes on after the JSON value."))?;
    Ok(value)
}

/// What serde says without what it quotes of the request, which may be about a person.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    let quoting = ["invalid type", "invalid value", "invalid length", "unknown variant", "unknown field"];
    match quoting.iter().find(|begin| text.starts_with(**begin)) {
        // The quoted value stands before the last ", expected", whatever is in it.
        Some(begin) => match text.rsplit_once(", expected ") {
            Some((_, expected)) => format!("{begin}, expected {expected}"),
            None => (*begin).to_owned(),
        },
        None => text.to_owned(),
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test that panics has failed, as it should")]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Person {
        #[expect(dead_code, reason = "only its reading is looked at")]
        number: u16,
        #[serde(default)]
        #[expect(dead_code, reason = "only its reading is looked at")]
        purpose: Option<crate::model::consent::Purpose>,
    }

    fn problem(text: &str) -> Problem {
        parse::<Vec<Person>>(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn problems_name_members_and_repeat_no_value() {
        let canary = "180123456, expected 7";
        for (text, code, field) in [
            (format!(r#"[{{"number":"{canary}"}}]"#), "invalid-value", Some("[0].number")),
            (format!(r#"[{{"number":1,"purpose":"{canary}"}}]"#), "invalid-value", Some("[0].purpose")),
            (format!(r#"[{{"number":1,"{canary}":1}}]"#), "invalid-value", None),
            (format!(r#"[{{"number":1}}] "{canary}""#), "malformed-request", None),
            (format!(r#"[{{"number":1,"{canary}"#), "malformed-request", None),
        ] {
            let problem = problem(&text);
            assert_eq!(problem.code, code, "{text}");
            if let Some(field) = field {
                assert_eq!(problem.members["field"], field, "{text}");
            }
            let whole = serde_json::to_string(&problem).unwrap();
            let quoted_as_key = text.contains(&format!(r#""{canary}":"#));
            assert!(quoted_as_key || !whole.contains("180123456"), "{whole}");
        }
        assert_eq!(problem("[{}]").detail, "[0]: missing field `number` (line 1 column 3)");
    }
}
