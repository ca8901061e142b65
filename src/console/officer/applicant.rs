//! Who the person is, and what she is asked to agree to.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::console::Console;
use crate::console::applications::{Person, Terms};
use crate::console::form::{Choice, Fields, Posted};
use crate::console::identifiers::IdentifierField;
use crate::console::visit::{Answered, Page, Visit, go_to};
use crate::limits::CONSENTS_PER_INQUIRY_MAX;
use crate::model::consent::Purpose;
use crate::model::identifier::Identifier;
use crate::model::inquiry::Role;
use crate::model::user::Right;

/// Days for which a consent is asked where the officer says nothing else.
const DAYS_USUAL: u32 = 30;

#[derive(Template)]
#[template(path = "officer/person.html")]
struct PersonForm<'a> {
    page: &'a Page,
    /// Where the form goes.
    action: String,
    is_further: bool,
    purposes: Vec<Choice>,
    roles: Vec<Choice>,
    notices: Vec<Choice>,
    identifiers: Vec<IdentifierField>,
    days: String,
    days_max: String,
    uses: String,
    uses_max: String,
    /// Whether the policy lets matches on weak numbers be opened.
    may_weak: bool,
    weak: bool,
    /// What is wrong, the gravest first; empty on a blank form.
    errors: Vec<String>,
}

/// What was typed, understood.
struct Understood {
    purpose: Purpose,
    role: Role,
    identifiers: Vec<Identifier>,
    terms: Terms,
}

const ROLES: [(&str, Role); 3] =
    [("spouse", Role::Spouse), ("household-member", Role::HouseholdMember), ("guarantor", Role::Guarantor)];

impl Console {
    /// The form with what was typed, and what is wrong with it.
    fn person_form<'a>(&self, page: &'a Page, typed: &Fields, further: Option<&str>) -> PersonForm<'a> {
        let roster = self.node.roster();
        let policy = roster.policy();
        let wanted = typed.text("purpose");
        let purposes = policy.consent.purposes.iter().map(|code| Choice {
            value: code.clone(),
            name: page.t(&format!("console-purpose-{code}")),
            is_chosen: code == wanted,
        });
        let roles = ROLES.iter().map(|(word, _)| Choice {
            value: (*word).to_owned(),
            name: page.t(&format!("console-role-{word}")),
            is_chosen: *word == typed.text("role"),
        });
        let notice = typed.some("notice").unwrap_or(&page.language);
        let notices = policy.consent.notices.iter().map(|there| Choice {
            value: there.language.clone(),
            name: self.language_name(&there.language),
            is_chosen: there.language == notice,
        });
        let or = |name: &str, usual: String| typed.some(name).map_or(usual, str::to_owned);
        PersonForm {
            action: further.map_or_else(
                || "/officer/new".to_owned(),
                |id| format!("/officer/applications/{id}/persons"),
            ),
            is_further: further.is_some(),
            purposes: purposes.collect(),
            roles: roles.collect(),
            notices: notices.collect(),
            identifiers: self.identifier_fields(page, typed),
            days: or("days", DAYS_USUAL.min(policy.consent.period_days_max).to_string()),
            days_max: policy.consent.period_days_max.to_string(),
            uses: or("uses", "1".to_owned()),
            uses_max: policy.consent.uses_max.to_string(),
            may_weak: policy.identifiers.open_weak_matches,
            weak: typed.is_ticked("weak"),
            errors: Vec::new(),
            page,
        }
    }

    /// What a language calls itself; its tag where there are no texts in it.
    pub(super) fn language_name(&self, tag: &str) -> String {
        let primary = tag.split('-').next().unwrap_or_default();
        let known = self.texts.languages().into_iter().find(|there| there.tag == primary);
        known.map_or_else(|| tag.to_owned(), |there| there.name)
    }

    /// Reads the form, or says everything that is wrong with it.
    fn understood(
        &self,
        page: &Page,
        typed: &Fields,
        purpose: Option<Purpose>,
    ) -> Result<Understood, Vec<String>> {
        let roster = self.node.roster();
        let policy = roster.policy();
        let mut errors = Vec::new();
        let identifiers = self.identifiers_typed(page, typed, &mut errors);
        let chosen = typed.text("purpose");
        let permitted = policy.consent.purposes.iter().any(|code| code == chosen);
        let purpose = purpose.or_else(|| chosen.parse().ok().filter(|_| permitted));
        if purpose.is_none() {
            errors.push(page.t("console-person-purpose-missing"));
        }
        let role = ROLES.iter().find(|(word, _)| *word == typed.text("role"));
        let notice = typed.text("notice");
        if !policy.consent.notices.iter().any(|there| there.language == notice) {
            errors.push(page.t("console-person-notice-missing"));
        }
        let days = typed
            .text("days")
            .parse()
            .ok()
            .filter(|days| (1..=policy.consent.period_days_max).contains(days));
        if days.is_none() {
            errors.push(page.counted("console-person-days-wrong", policy.consent.period_days_max));
        }
        let uses: Option<u16> = typed.text("uses").parse().ok();
        let uses = uses.filter(|uses| (1..=policy.consent.uses_max).contains(&u32::from(*uses)));
        if uses.is_none() {
            errors.push(page.counted("console-person-uses-wrong", policy.consent.uses_max));
        }
        match (purpose, days, uses, errors.is_empty()) {
            (Some(purpose), Some(days), Some(uses), true) => Ok(Understood {
                purpose,
                role: role.map_or(Role::Applicant, |(_, role)| *role),
                identifiers,
                terms: Terms {
                    notice_language: notice.to_owned(),
                    days,
                    uses,
                    weak_matches: policy.identifiers.open_weak_matches && typed.is_ticked("weak"),
                },
            }),
            _ => Err(errors),
        }
    }

    fn person_form_again(
        &self,
        visit: &Visit,
        typed: &Fields,
        further: Option<&str>,
        errors: Vec<String>,
    ) -> Response {
        let mut form = self.person_form(&visit.page, typed, further);
        form.errors = errors;
        visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, &form)
    }
}

/// `GET /officer/new`, with the purpose in the query where another page knows it.
pub(super) async fn blank(
    State(console): State<Arc<Console>>,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
    visit: Visit,
) -> Answered {
    visit.must(Right::Consent)?;
    let mut typed = Fields::default();
    let purpose = query.as_deref().and_then(|query| query.strip_prefix("purpose=")).unwrap_or_default();
    typed.put("purpose", purpose);
    Ok(visit.show(&console.person_form(&visit.page, &typed, None)))
}

/// `POST /officer/new`.
pub(super) async fn begin(State(console): State<Arc<Console>>, posted: Posted) -> Answered {
    let Posted { visit, fields } = posted;
    visit.must(Right::Consent)?;
    let understood = console
        .understood(&visit.page, &fields, None)
        .map_err(|errors| console.person_form_again(&visit, &fields, None, errors))?;
    let Understood { purpose, identifiers, terms, .. } = understood;
    let person = Person::new(Role::Applicant, identifiers, terms, &*console.entropy);
    let now = console.node.clock().now();
    let id = console.applications.begin(&visit.caller, purpose, person, &*console.entropy, now);
    Ok(go_to(&format!("/officer/applications/{id}/persons/0")))
}

/// `GET /officer/applications/{id}/persons`: one more person of the household, or a guarantor.
pub(super) async fn blank_further(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Consent)?;
    let id = console.application(&visit, &id, |one| one.id)?.to_string();
    Ok(visit.show(&console.person_form(&visit.page, &Fields::default(), Some(&id))))
}

/// `POST /officer/applications/{id}/persons`.
pub(super) async fn add(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answered {
    let Posted { visit, fields } = posted;
    visit.must(Right::Consent)?;
    let (id, purpose) = console.application(&visit, &id, |one| (one.id.to_string(), one.purpose))?;
    let again = |errors| console.person_form_again(&visit, &fields, Some(&id), errors);
    let understood = console.understood(&visit.page, &fields, Some(purpose)).map_err(again)?;
    if understood.role == Role::Applicant {
        return Err(again(vec![visit.page.t("console-person-role-missing")]));
    }
    let Understood { role, identifiers, terms, .. } = understood;
    let person = Person::new(role, identifiers, terms, &*console.entropy);
    let place = console.application(&visit, &id, |one| {
        let place = one.persons.len();
        (place < CONSENTS_PER_INQUIRY_MAX).then(|| {
            one.persons.push(person);
            place
        })
    })?;
    let Some(place) = place else {
        return Err(again(vec![visit.page.counted("console-person-too-many", CONSENTS_PER_INQUIRY_MAX)]));
    };
    Ok(go_to(&format!("/officer/applications/{id}/persons/{place}")))
}
