//! Proposing to erase what is kept about a person, or under one consent.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use super::propose as put_forward;
use crate::console::Console;
use crate::console::form::{Choice, Fields, Hashed, PostedFile};
use crate::console::identifiers::IdentifierField;
use crate::console::visit::{Answered, Page, Said, Visit};
use crate::console::word::word;
use crate::digest::ConsentId;
use crate::limits::PROPOSAL_NOTE_CHARS_MAX;
use crate::model::leaf::ErasureGround;
use crate::model::user::Right;
use crate::node::{Asked, NewProposal, Whom};

const GROUNDS: [ErasureGround; 3] =
    [ErasureGround::ClientRequest, ErasureGround::RetentionOver, ErasureGround::Order];

#[derive(Template)]
#[template(path = "approvals/erasure.html")]
struct ErasureForm<'a> {
    page: &'a Page,
    /// The consent that is to be erased; else a person by her numbers.
    consent: Option<String>,
    identifiers: Vec<IdentifierField>,
    grounds: Vec<Choice>,
    note: String,
    note_max: usize,
    errors: Vec<String>,
    trouble: Option<Said>,
}

/// Which consent another page asks to erase.
#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    consent: Option<String>,
}

impl Console {
    fn erasure_form<'a>(&self, page: &'a Page, typed: &Fields) -> ErasureForm<'a> {
        let chosen = typed.some("ground").unwrap_or("client-request");
        let choice = |ground: &ErasureGround| Choice {
            value: word(ground),
            name: page.t(&format!("approval-because-{}", word(ground))),
            is_chosen: word(ground) == chosen,
        };
        // It stands in a link: nothing that is no consent's id.
        let consent = typed.some("consent").and_then(|text| text.parse::<ConsentId>().ok());
        ErasureForm {
            consent: consent.map(|consent| consent.to_string()),
            // A number that others may share names nobody who could be erased.
            identifiers: self
                .identifier_fields(page, typed)
                .into_iter()
                .filter(|field| !field.is_weak)
                .collect(),
            grounds: GROUNDS.iter().map(choice).collect(),
            note: typed.text("note").to_owned(),
            note_max: PROPOSAL_NOTE_CHARS_MAX,
            errors: Vec::new(),
            trouble: None,
            page,
        }
    }

    /// Reads the form, or says everything that is wrong with it.
    fn erasure_typed(&self, page: &Page, form: &Hashed) -> Result<NewProposal, Vec<String>> {
        let typed = &form.fields;
        let mut errors = Vec::new();
        let whom = match typed.some("consent").map(str::parse) {
            Some(Ok(consent)) => Whom::Consent(consent),
            _ => Whom::Person(self.identifiers_typed(page, typed, &mut errors)),
        };
        let ground = GROUNDS.into_iter().find(|ground| word(ground) == typed.text("ground"));
        if ground.is_none() {
            errors.push(page.t("approval-because-missing"));
        }
        let on_order = ground == Some(ErasureGround::Order);
        if on_order && form.digest.is_none() {
            errors.push(page.t("approval-order-missing"));
        }
        match ground {
            Some(ground) if errors.is_empty() => {
                // With another ground the file says nothing.
                let order = form.digest.filter(|_| on_order);
                let asked = Asked::Erasure { whom, ground, order };
                Ok(NewProposal { asked, note: typed.text("note").to_owned() })
            }
            _ => Err(errors),
        }
    }
}

/// `GET /approvals/erasure`, with the consent in the query where another page knows it.
pub(super) async fn blank(
    State(console): State<Arc<Console>>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Consent)?;
    let mut typed = Fields::default();
    typed.put("consent", &wanted.consent.unwrap_or_default());
    Ok(visit.show(&console.erasure_form(&visit.page, &typed)))
}

/// `POST /approvals/erasure`. The order is hashed as it comes, and not kept.
pub(super) async fn propose(State(console): State<Arc<Console>>, posted: PostedFile) -> Answered {
    posted.visit.must(Right::Consent)?;
    let (visit, form) = posted.hashed().await?;
    let new = match console.erasure_typed(&visit.page, &form) {
        Ok(new) => new,
        Err(errors) => {
            let again = ErasureForm { errors, ..console.erasure_form(&visit.page, &form.fields) };
            return Err(visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, &again));
        }
    };
    put_forward(&console, &visit, new).await.map_err(|trouble| {
        let said = Some(trouble.said(&visit.page));
        let again = ErasureForm { trouble: said, ..console.erasure_form(&visit.page, &form.fields) };
        visit.show_as(trouble.status(), &again)
    })
}
