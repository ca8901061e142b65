//! A person's consent: the notice in her language, the form to sign, and the ways to prove that she agreed.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::begin::PersonLine;
use super::place;
use crate::console::Console;
use crate::console::applications::{Application, Person, Recorded, Step};
use crate::console::identifiers::scheme_name;
use crate::console::trouble::Trouble;
use crate::console::visit::{Answered, Page, Said, Visit, go_to};
use crate::digest::{Digest, hash};
use crate::model::consent::EvidenceKind;
use crate::model::day::Day;
use crate::model::policy::Notice;
use crate::model::user::Right;
use crate::node::{ConsentRequest, Evidence};
use crate::secret::SecretVec;
use crate::words::qr_svg;

/// The terms as they are read out.
struct TermsShown {
    purpose: String,
    until: String,
    uses: String,
    weak: bool,
}

/// A one-time password that waits.
struct CodeShown {
    /// The text to be sent.
    message: String,
    tries: String,
    until: String,
}

#[derive(Template)]
#[template(path = "officer/consent.html")]
struct ConsentPage<'a> {
    page: &'a Page,
    application: String,
    person: PersonLine,
    is_first: bool,
    terms: TermsShown,
    notice: Option<Notice>,
    code: Option<CodeShown>,
    trouble: Option<Said>,
}

#[derive(Template)]
#[template(path = "officer/paper_form.html")]
struct PaperForm<'a> {
    page: &'a Page,
    /// Words of the client's language, where there are texts in it; else the officer's.
    theirs: &'a Page,
    back: String,
    number: String,
    identifiers: Vec<(String, String)>,
    terms: TermsShown,
    notice: Notice,
    notice_hash: String,
    code: String,
}

fn terms_shown(console: &Console, page: &Page, application: &Application, person: &Person) -> TermsShown {
    let until = until(console, person);
    TermsShown {
        purpose: page.t(&format!("console-purpose-{}", application.purpose)),
        until: page.day(until),
        uses: page.number(person.terms.uses),
        weak: person.terms.weak_matches,
    }
}

/// The last day of the consent. The policy bounds its seconds, and its first day has begun.
fn until(console: &Console, person: &Person) -> Day {
    let days = i32::try_from(person.terms.days).unwrap_or(i32::MAX);
    Day::of(console.node.clock().now()).plus_days(days.saturating_sub(1))
}

fn notice(console: &Console, person: &Person) -> Option<Notice> {
    let roster = console.node.roster();
    let notices = &roster.policy().consent.notices;
    notices.iter().find(|there| there.language == person.terms.notice_language).cloned()
}

/// `GET …/persons/{place}`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Path((id, which)): Path<(String, String)>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Consent)?;
    let place = place(&visit, &which)?;
    shown(&console, &visit, &id, place, None)
}

/// The page, with what went wrong.
pub(super) fn shown(
    console: &Console,
    visit: &Visit,
    id: &str,
    place: usize,
    trouble: Option<(StatusCode, Said)>,
) -> Answered {
    let (status, trouble) = trouble.map_or((StatusCode::OK, None), |(status, said)| (status, Some(said)));
    let page = &visit.page;
    let now = console.node.clock().now();
    let shown = console.application(visit, id, |one| {
        let person = one.persons.get(place)?;
        if person.recorded().is_some() {
            return Some(Err(format!("/officer/applications/{id}/persons/{place}/receipt")));
        }
        let code = person.code.as_ref().filter(|code| code.is_live(now)).map(|code| CodeShown {
            message: page.with(
                "console-code-message",
                &[
                    ("code", String::from_utf8_lossy(code.digits.expose()).into_owned().into()),
                    ("lender", page.lender.clone().into()),
                    ("purpose", page.t(&format!("console-purpose-{}", one.purpose)).into()),
                ],
            ),
            tries: page.counted("console-code-tries", code.tries_left),
            until: page.moment(code.made.plus_seconds(crate::limits::CONSOLE_CODE_SECONDS)),
        });
        Some(Ok(ConsentPage {
            page,
            application: format!("/officer/applications/{id}"),
            person: PersonLine::of(page, one, place, person),
            is_first: place == 0,
            terms: terms_shown(console, page, one, person),
            notice: notice(console, person),
            code,
            trouble,
        }))
    })?;
    match shown.ok_or_else(|| visit.not_found())? {
        Ok(shown) => Ok(visit.show_as(status, &shown)),
        Err(recorded) => Ok(go_to(&recorded)),
    }
}

/// `GET …/persons/{place}/form`: the form to print and sign, in her language.
pub(super) async fn paper_form(
    State(console): State<Arc<Console>>,
    Path((id, which)): Path<(String, String)>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Consent)?;
    let place = place(&visit, &which)?;
    let page = &visit.page;
    let shown = console.application(&visit, &id, |one| {
        let person = one.persons.get(place)?;
        let notice = notice(&console, person)?;
        let theirs = page.in_language(&console.texts, &notice.language);
        let identifiers = person.identifiers.iter().map(|identifier| {
            (scheme_name(&theirs, identifier.scheme().as_str()), identifier.value().to_owned())
        });
        let notice_hash = hash("tallystick/notice/v1", &[notice.text.as_bytes()]).to_string();
        let marks = [
            "tallystick-form/1",
            &page.network,
            console.node.me().as_str(),
            &person.form_number(),
            one.purpose.word(),
            &notice.version,
            &notice.language,
            &notice_hash,
        ];
        let form = PaperForm {
            page,
            theirs: &theirs,
            back: format!("/officer/applications/{id}/persons/{place}"),
            number: person.form_number(),
            identifiers: identifiers.collect(),
            terms: terms_shown(&console, &theirs, one, person),
            code: qr_svg(&marks.join(" ")).unwrap_or_default(),
            notice_hash,
            notice,
        };
        Some(visit.show(&form))
    })?;
    shown.ok_or_else(|| visit.not_found())
}

/// What proves that she agreed.
pub(super) struct Proof {
    pub(super) kind: EvidenceKind,
    pub(super) digest: Digest,
    /// The text of which `digest` is the hash, where it is to be filed.
    pub(super) text: Option<SecretVec>,
}

/// Records a consent, once however often the form is sent, and goes to its receipt.
pub(super) async fn record(
    console: &Arc<Console>,
    visit: &Visit,
    id: &str,
    place: usize,
    proof: Proof,
) -> Answered {
    let path = format!("/officer/applications/{id}/persons/{place}");
    let claimed = console.application(visit, id, |one| {
        let purpose = one.purpose;
        let person = one.persons.get_mut(place)?;
        if !matches!(person.step, Step::Open) {
            return Some(None);
        }
        let request = ConsentRequest {
            identifiers: person.identifiers.clone(),
            purpose,
            from: None,
            until: until(console, person).plus_days(1).start(),
            uses: person.terms.uses,
            weak_matches: person.terms.weak_matches,
            notice_language: person.terms.notice_language.clone(),
            evidence: Evidence { kind: proof.kind, digest: proof.digest },
            officer: visit.caller.name.clone(),
        };
        person.step = Step::Recording;
        Some(Some(request))
    })?;
    let Some(request) = claimed.ok_or_else(|| visit.not_found())? else { return Ok(go_to(&path)) };
    // What became of it is written down where the recording ends: the officer may have gone away by then.
    let (shared, caller, name) = (Arc::clone(console), visit.caller.clone(), id.to_owned());
    let recorded = console.waiting(move |node| async move {
        let recorded = node.for_caller(&caller).record_consent(request).await;
        let step = match &recorded {
            Err(_) => Step::Open,
            Ok(recorded) => Step::Recorded(Recorded {
                consent: recorded.consent,
                receipt: Some(SecretVec::new(recorded.receipt.clone().into_bytes())),
                not_located: !recorded.located,
                evidence: proof.text,
            }),
        };
        if let Ok(id) = name.parse() {
            let now = shared.node.clock().now();
            shared.applications.with(&caller, id, now, |one| {
                if let Some(person) = one.persons.get_mut(place) {
                    person.step = step;
                    person.code = None;
                }
            });
        }
        recorded.map(drop)
    });
    match recorded.await {
        Ok(()) => Ok(go_to(&format!("{path}/receipt"))),
        Err(trouble) => trouble_shown(console, visit, id, place, &trouble),
    }
}

/// The page again, with the node's trouble on it.
pub(super) fn trouble_shown(
    console: &Console,
    visit: &Visit,
    id: &str,
    place: usize,
    trouble: &Trouble,
) -> Result<Response, Response> {
    shown(console, visit, id, place, Some((trouble.status(), trouble.said(&visit.page))))
}
