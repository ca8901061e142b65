//! A client who comes with the code on her receipt, to whichever member: her consent ends, everywhere.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::console::Console;
use crate::console::form::Posted;
use crate::console::visit::{Answered, Page, Visit};
use crate::digest::WithdrawalCode;
use crate::model::member::MemberId;
use crate::model::user::Right;
use crate::node::ConsentError;

/// What came of a code.
struct Taken {
    is_new: bool,
    /// The lenders whose consent it ends, by name; empty when no consent was found.
    lenders: String,
    told: String,
    not_told: Vec<String>,
}

#[derive(Template)]
#[template(path = "officer/withdraw.html")]
struct WithdrawPage<'a> {
    page: &'a Page,
    typed: String,
    wrong: bool,
    taken: Option<Taken>,
}

/// `GET /officer/withdraw`.
pub(super) async fn blank(visit: Visit) -> Answered {
    visit.must(Right::Consent)?;
    let page = &visit.page;
    Ok(visit.show(&WithdrawPage { page, typed: String::new(), wrong: false, taken: None }))
}

/// `POST /officer/withdraw`. Presenting a code twice does what presenting it once does, so the page says what came of it
/// at once.
pub(super) async fn present(State(console): State<Arc<Console>>, posted: Posted) -> Answered {
    let Posted { visit, fields } = posted;
    visit.must(Right::Consent)?;
    let page = &visit.page;
    let typed = fields.text("code");
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let Ok(code) = digits.to_ascii_lowercase().parse::<WithdrawalCode>() else {
        let again = WithdrawPage { page, typed: typed.to_owned(), wrong: true, taken: None };
        return Err(visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, &again));
    };
    let found = visit.waiting(&console, move |node| async move {
        Ok::<_, ConsentError>(node.present_withdrawal(code).await?)
    });
    let found = found.await?;
    let roster = console.node.roster();
    let name = |id: &MemberId| roster.member(id).map_or_else(|| id.to_string(), |member| member.name.clone());
    let lenders: Vec<String> = found.lenders.iter().map(name).collect();
    let taken = Taken {
        is_new: found.is_new,
        lenders: lenders.join(", "),
        told: page.counted("console-withdraw-told", found.told.len()),
        not_told: found.not_told.iter().map(name).collect(),
    };
    // A mistyped code stays there to be compared with the receipt.
    let typed = if lenders.is_empty() { typed.to_owned() } else { String::new() };
    Ok(visit.show(&WithdrawPage { page, typed, wrong: false, taken: Some(taken) }))
}
