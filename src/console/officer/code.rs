//! Evidence by a one-time password: made here, sent by the lender's own text messages, given back by the client.
//!
//! What it proves: that this node made six digits and that somebody typed them within their time. That they went to the
//! client's telephone, the officer could have skipped, for she sees them; the record of the lender's text messages says
//! it. So the evidence is a short text to be filed beside that record, and its hash is committed to.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use subtle::ConstantTimeEq as _;

use super::consent::{Proof, record, shown};
use super::place;
use crate::console::Console;
use crate::console::applications::{Application, Code, Step};
use crate::console::form::Posted;
use crate::console::visit::{Answered, Said, go_to};
use crate::digest::Sha256;
use crate::model::consent::EvidenceKind;
use crate::model::user::Right;
use crate::secret::SecretVec;

/// `POST …/persons/{place}/code`: makes a password; an earlier one counts no more.
pub(super) async fn make(
    State(console): State<Arc<Console>>,
    Path((id, which)): Path<(String, String)>,
    posted: Posted,
) -> Answered {
    posted.visit.must(Right::Consent)?;
    let place = place(&posted.visit, &which)?;
    let now = console.node.clock().now();
    let made = console.application(&posted.visit, &id, |one| {
        let person = one.persons.get_mut(place)?;
        if matches!(person.step, Step::Open) {
            person.code = Some(Code::new(&*console.entropy, now));
        }
        Some(())
    })?;
    made.ok_or_else(|| posted.visit.not_found())?;
    Ok(go_to(&format!("/officer/applications/{id}/persons/{place}#code")))
}

/// `POST …/persons/{place}/code/given`: compares what the client gave back, and records the consent.
pub(super) async fn given(
    State(console): State<Arc<Console>>,
    Path((id, which)): Path<(String, String)>,
    posted: Posted,
) -> Answered {
    let Posted { visit, fields } = posted;
    visit.must(Right::Consent)?;
    let place = place(&visit, &which)?;
    let now = console.node.clock().now();
    // Digits of any script, as telephones show them.
    let typed: String = fields.text("code").chars().filter_map(digit).collect();
    let text = console.application(&visit, &id, |one| {
        let person = one.persons.get_mut(place)?;
        let Some(code) = person.code.as_mut().filter(|code| code.is_live(now)) else { return Some(None) };
        code.tries_left = code.tries_left.saturating_sub(1);
        let right = bool::from(code.digits.expose().ct_eq(typed.as_bytes()));
        let made = code.made;
        Some(right.then(|| evidence_text(&console, one, place, &typed, made, now)))
    })?;
    let Some(text) = text.ok_or_else(|| visit.not_found())? else {
        let said = Said {
            title: visit.page.t("console-code-wrong"),
            text: visit.page.t("console-code-wrong-text"),
            out: visit.page.t("console-code-wrong-out"),
        };
        return shown(&console, &visit, &id, place, Some((StatusCode::UNPROCESSABLE_ENTITY, said)));
    };
    let digest = Sha256::of(text.as_bytes());
    let text = Some(SecretVec::new(text.into_bytes()));
    let proof = Proof { kind: EvidenceKind::OneTimePassword, digest, text };
    record(&console, &visit, &id, place, proof).await
}

/// The ASCII digit that a decimal digit of any script stands for.
pub(super) fn digit(c: char) -> Option<char> {
    if c.is_ascii_digit() {
        return Some(c);
    }
    // Khmer, Devanagari, Bengali, Arabic-Indic, Eastern Arabic-Indic, Myanmar, full-width.
    let zeros = ['\u{17e0}', '\u{966}', '\u{9e6}', '\u{660}', '\u{6f0}', '\u{1040}', '\u{ff10}'];
    let value = zeros.into_iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(zero))?;
        (value < 10).then_some(value)
    })?;
    char::from_digit(value, 10)
}

/// What is filed: which password, for what, made and given back when. The last line keeps the hash from being guessed.
fn evidence_text(
    console: &Console,
    application: &Application,
    place: usize,
    code: &str,
    made: crate::clock::UnixTime,
    now: crate::clock::UnixTime,
) -> String {
    let form = application.persons.get(place).map(super::super::applications::Person::form_number);
    let salt: [u8; 16] = crate::secret::random_array(&*console.entropy);
    format!(
        "tallystick one-time password/1\nnetwork {}\nlender {}\nform {}\npurpose {}\npassword {code}\nmade {made}\n\
         given back {now}\nsalt {}\n",
        console.node.network(),
        console.node.me(),
        form.unwrap_or_default(),
        application.purpose,
        hex::encode(salt),
    )
}

#[cfg(test)]
mod tests {
    use super::digit;

    #[test]
    fn digits_of_any_script_are_digits() {
        for text in
            ["012345", "០១២៣៤៥", "०१२३४५", "০১২৩৪৫", "٠١٢٣٤٥", "۰۱۲۳۴۵", "၀၁၂၃၄၅", "０１２３４５", "01 23-45"]
        {
            assert_eq!(text.chars().filter_map(digit).collect::<String>(), "012345", "{text}");
        }
        assert_eq!("²a".chars().filter_map(digit).count(), 0);
    }
}
