//! Taking a file in: its form is read first, then it goes to the importer as it comes.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::multipart::Field;
use axum::http::StatusCode;
use axum::response::Response;

use super::history;
use super::uploads::Stage;
use crate::console::Console;
use crate::console::form::{Fields, PostedFile};
use crate::console::trouble::Trouble;
use crate::console::visit::{Answered, Page, Visit, go_to};
use crate::digest::TransactionId;
use crate::formats::{Format, Mapping};
use crate::http::{PieceReader, next_piece, pieces};
use crate::limits::{CONSOLE_DRY_RUN_ROWS, CONSOLE_FORM_BYTES_MAX};
use crate::model::leaf::Access;
use crate::model::user::Right;
use crate::node::{Concern, ImportOptions};

/// Counted for a field beside its name and its text, so that empty ones are not without number.
const FIELD_BYTES: usize = 64;

/// `POST /clerk/upload`. The load goes on to its end even if the clerk goes away once the file is here.
pub(super) async fn upload(State(console): State<Arc<Console>>, mut posted: PostedFile) -> Answered {
    posted.visit.must(Right::Load)?;
    let mut fields = Fields::default();
    let (mut known, mut left) = (false, CONSOLE_FORM_BYTES_MAX);
    loop {
        let part = next_piece(posted.parts.next_field()).await.and_then(Result::ok);
        // Browsers send the parts in the order of the form, and the file stands last.
        let Some(part) = part.ok_or_else(|| posted.visit.form_unreadable())? else {
            let errors = vec![posted.visit.page.t("console-clerk-file-missing")];
            return if known {
                Err(again(&console, &posted.visit, &fields, errors).await)
            } else {
                Err(posted.visit.session_over())
            };
        };
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            if !known {
                return Err(posted.visit.session_over());
            }
            return take(&console, &posted.visit, &fields, part).await;
        }
        let text = small(&posted.visit, part, left).await?;
        // The body has no bound of its own, for the file's sake: what stands before the file has one all together.
        let taken = name.len().saturating_add(text.len()).saturating_add(FIELD_BYTES);
        left = left.checked_sub(taken).ok_or_else(|| posted.visit.form_unreadable())?;
        if name == "csrf" {
            known = posted.visit.session.holds(&text);
        }
        fields.put(&name, &text);
    }
}

/// A part that is no file, or a small one, as text.
async fn small(visit: &Visit, mut part: Field<'_>, bytes_max: usize) -> Result<String, Response> {
    let mut bytes = Vec::new();
    loop {
        let next = next_piece(part.chunk()).await.and_then(Result::ok);
        let Some(next) = next.ok_or_else(|| visit.form_unreadable())? else { break };
        bytes.extend_from_slice(&next);
        if bytes.len() > bytes_max {
            return Err(visit.form_unreadable());
        }
    }
    String::from_utf8(bytes).map_err(|_| visit.form_unreadable())
}

/// The page again, with what is wrong.
async fn again(console: &Console, visit: &Visit, fields: &Fields, errors: Vec<String>) -> Response {
    match history::shown(console, visit, fields, errors).await {
        Ok(shown) => visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, &shown),
        Err(trouble) => trouble,
    }
}

async fn take(console: &Arc<Console>, visit: &Visit, fields: &Fields, part: Field<'_>) -> Answered {
    let name: String = part.file_name().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    let options = match options(&visit.page, fields, &name) {
        Ok(options) => options,
        Err(errors) => {
            // A browser hears the reply only when the file is sent.
            let (sender, _) = pieces();
            sender.send_all(part).await;
            return Err(again(console, visit, fields, errors).await);
        }
    };
    let caller = visit.caller.clone();
    visit.blocking(console, move |node| node.log_access(&caller, Access::Load, Concern::Several)).await?;
    let now = console.node.clock().now();
    let id = console.uploads.begin(&visit.caller, name, &*console.entropy, now);
    let (sender, reader) = pieces();
    begin(console, id, options, reader);
    sender.send_all(part).await;
    Ok(go_to(&format!("/clerk/uploads/{id}")))
}

/// Runs the load where it may block. It ends by itself; nobody waits for it.
fn begin(console: &Arc<Console>, id: TransactionId, options: ImportOptions, mut reader: PieceReader) {
    let (node, uploads) = (Arc::clone(&console.node), console.uploads.clone());
    drop(tokio::task::spawn_blocking(move || {
        let mut progress = |progress| uploads.now_at(id, Stage::Running(Some(progress)));
        let stage = match node.import(&mut reader, &options, &mut progress) {
            Ok(outcome) => Stage::Ended(Box::new(outcome)),
            Err(error) => Stage::Failed(Trouble::from(error)),
        };
        uploads.now_at(id, stage);
    }));
}

/// How the file is to be read, or everything that is wrong with what was chosen.
fn options(page: &Page, fields: &Fields, name: &str) -> Result<ImportOptions, Vec<String>> {
    let mut errors = Vec::new();
    let format = Format::ALL.into_iter().find(|format| format.as_str() == fields.text("format"));
    if format.is_none() {
        errors.push(page.t("console-clerk-format-missing"));
    }
    if name.is_empty() {
        errors.push(page.t("console-clerk-file-missing"));
    }
    let mapping = fields.some("mapping").map(Mapping::from_toml).transpose();
    if let Err(error) = &mapping {
        errors.push(page.naming("console-clerk-mapping-wrong", "why", error.to_string()));
    }
    let currency = fields.some("currency").map(str::parse).transpose();
    if currency.is_err() {
        errors.push(page.t("console-clerk-currency-wrong"));
    }
    let as_of = fields.some("as-of").map(str::parse).transpose();
    if as_of.is_err() {
        errors.push(page.t("console-clerk-day-wrong"));
    }
    let (Some(format), Ok(mapping), Ok(currency), Ok(as_of), true) =
        (format, mapping, currency, as_of, errors.is_empty())
    else {
        return Err(errors);
    };
    let mut options = ImportOptions::new(format, name);
    options.mapping = mapping;
    options.full_portfolio = fields.is_ticked("full");
    options.dry_run = fields.is_ticked("look").then_some(CONSOLE_DRY_RUN_ROWS);
    options.default_currency = currency;
    options.default_branch = fields.some("branch").map(str::to_owned);
    options.as_of = as_of;
    Ok(options)
}
