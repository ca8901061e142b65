//! Proposing a look-up without the client's consent, on a ground that the policy declares.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use super::propose as put_forward;
use crate::console::Console;
use crate::console::form::{Choice, Fields, Hashed, PostedFile};
use crate::console::identifiers::IdentifierField;
use crate::console::visit::{Answered, Page, Said, Visit};
use crate::limits::PROPOSAL_NOTE_CHARS_MAX;
use crate::model::day::Day;
use crate::model::user::Right;
use crate::node::{Asked, AskedGround, NewProposal};

/// Days for which a look-up is asked where the form says nothing else.
const DAYS_USUAL: u32 = 30;

#[derive(Template)]
#[template(path = "approvals/ground.html")]
struct GroundForm<'a> {
    page: &'a Page,
    /// The grounds that the policy declares, with the law that each rests on.
    grounds: Vec<Choice>,
    purposes: Vec<Choice>,
    identifiers: Vec<IdentifierField>,
    days: String,
    days_max: String,
    uses: String,
    uses_max: String,
    may_weak: bool,
    weak: bool,
    note: String,
    note_max: usize,
    errors: Vec<String>,
    trouble: Option<Said>,
}

impl Console {
    fn ground_form<'a>(&self, page: &'a Page, typed: &Fields) -> GroundForm<'a> {
        let roster = self.node.roster();
        let policy = roster.policy();
        let grounds = policy.consent.grounds.iter().map(|ground| Choice {
            value: ground.name.clone(),
            name: format!("{} – {}", ground.name, ground.source),
            is_chosen: ground.name == typed.text("ground"),
        });
        let mut codes: Vec<&String> = Vec::new();
        for code in policy.consent.grounds.iter().flat_map(|ground| &ground.purposes) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        let purposes = codes.into_iter().map(|code| Choice {
            value: code.clone(),
            name: page.t(&format!("console-purpose-{code}")),
            is_chosen: code == typed.text("purpose"),
        });
        let or = |name: &str, usual: String| typed.some(name).map_or(usual, str::to_owned);
        GroundForm {
            grounds: grounds.collect(),
            purposes: purposes.collect(),
            identifiers: self.identifier_fields(page, typed),
            days: or("days", DAYS_USUAL.min(policy.consent.period_days_max).to_string()),
            days_max: policy.consent.period_days_max.to_string(),
            uses: or("uses", "1".to_owned()),
            uses_max: policy.consent.uses_max.to_string(),
            may_weak: policy.identifiers.open_weak_matches,
            weak: typed.is_ticked("weak"),
            note: typed.text("note").to_owned(),
            note_max: PROPOSAL_NOTE_CHARS_MAX,
            errors: Vec::new(),
            trouble: None,
            page,
        }
    }

    /// Reads the form, or says everything that is wrong with it. What only the policy knows the node says.
    fn ground_typed(&self, page: &Page, form: &Hashed) -> Result<NewProposal, Vec<String>> {
        let typed = &form.fields;
        let roster = self.node.roster();
        let policy = roster.policy();
        let mut errors = Vec::new();
        let identifiers = self.identifiers_typed(page, typed, &mut errors);
        let purpose = typed.text("purpose").parse().ok();
        if purpose.is_none() {
            errors.push(page.t("console-person-purpose-missing"));
        }
        let days_max = policy.consent.period_days_max;
        let days = typed.text("days").parse().ok().filter(|days| (1..=days_max).contains(days));
        if days.is_none() {
            errors.push(page.counted("console-person-days-wrong", days_max));
        }
        let uses: Option<u16> = typed.text("uses").parse().ok();
        let uses = uses.filter(|uses| (1..=policy.consent.uses_max).contains(&u32::from(*uses)));
        if uses.is_none() {
            errors.push(page.counted("console-person-uses-wrong", policy.consent.uses_max));
        }
        if form.digest.is_none() {
            errors.push(page.t("approval-order-missing"));
        }
        let (Some(purpose), Some(days), Some(uses), Some(order), true) =
            (purpose, days, uses, form.digest, errors.is_empty())
        else {
            return Err(errors);
        };
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        let asked = AskedGround {
            name: typed.text("ground").to_owned(),
            identifiers,
            purpose,
            from: None,
            until: Day::of(self.node.clock().now()).plus_days(days).start(),
            uses,
            weak_matches: policy.identifiers.open_weak_matches && typed.is_ticked("weak"),
            order,
        };
        Ok(NewProposal { asked: Asked::Ground(asked), note: typed.text("note").to_owned() })
    }
}

/// `GET /approvals/ground`.
pub(super) async fn blank(State(console): State<Arc<Console>>, visit: Visit) -> Answered {
    visit.must(Right::Consent)?;
    Ok(visit.show(&console.ground_form(&visit.page, &Fields::default())))
}

/// `POST /approvals/ground`. The order is hashed as it comes, and not kept.
pub(super) async fn propose(State(console): State<Arc<Console>>, posted: PostedFile) -> Answered {
    posted.visit.must(Right::Consent)?;
    let (visit, form) = posted.hashed().await?;
    let new = match console.ground_typed(&visit.page, &form) {
        Ok(new) => new,
        Err(errors) => {
            let again = GroundForm { errors, ..console.ground_form(&visit.page, &form.fields) };
            return Err(visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, &again));
        }
    };
    put_forward(&console, &visit, new).await.map_err(|trouble| {
        let said = Some(trouble.said(&visit.page));
        let again = GroundForm { trouble: said, ..console.ground_form(&visit.page, &form.fields) };
        visit.show_as(trouble.status(), &again)
    })
}
