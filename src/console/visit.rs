//! One visit of a page: who comes, in which language, and what every page shows around its own part.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::trouble::Trouble;
use super::{Console, Session, approvals, assets, language};
use crate::clock::UnixTime;
use crate::http::Remote;
use crate::model::amount::{Amount, Money};
use crate::model::day::Day;
use crate::model::money::Currency;
use crate::model::user::{Caller, Right};
use crate::node::{Node, ProposalsWaiting};
use crate::words::{Texts, Value, Words};

/// What a handler gives: a page either way, the second kind ending it early.
pub(super) type Answered = Result<Response, Response>;

/// Who asks for a page, and what is needed to show one.
pub(super) struct Visit {
    pub(super) caller: Caller,
    pub(super) session: Session,
    pub(super) page: Page,
    /// The address that she comes from, where it is known.
    pub(super) remote: Option<IpAddr>,
}

/// What stands on every page around its own part.
pub(super) struct Page {
    words: Words,
    /// BCP 47 tag of the language that the page is in.
    pub(super) language: String,
    /// Path of the page, so that another language leads back to it.
    pub(super) path: String,
    /// Token of the session, for forms.
    pub(super) csrf: String,
    /// Name of the visitor.
    pub(super) name: String,
    /// Branch of the visitor.
    pub(super) branch: Option<String>,
    /// Name of the lender as people know it.
    pub(super) lender: String,
    /// Name of the network.
    pub(super) network: String,
    /// Names the files of the pages as they are in this program, so that a browser keeps none of an older one.
    pub(super) files: &'static str,
    /// Languages to choose from.
    pub(super) languages: Vec<LanguageLink>,
    /// The parts of the console that the visitor may enter.
    pub(super) areas: Vec<Area>,
}

/// A language to choose.
pub(super) struct LanguageLink {
    pub(super) tag: String,
    /// In that language itself.
    pub(super) name: String,
    pub(super) is_current: bool,
}

/// A part of the console.
pub(super) struct Area {
    pub(super) path: &'static str,
    pub(super) name: String,
    pub(super) about: String,
    pub(super) is_current: bool,
}

/// Path of an area, the right that it takes, and the keys of its name and of what it is for.
const AREAS: [(&str, Right, &str, &str); 5] = [
    ("/officer", Right::Inquire, "console-area-officer", "console-area-officer-about"),
    ("/approvals", Right::Approve, "approval-area", "approval-area-about"),
    ("/clerk", Right::Load, "console-area-clerk", "console-area-clerk-about"),
    ("/operator", Right::Operate, "console-area-operator", "console-area-operator-about"),
    ("/auditor", Right::Log, "console-area-auditor", "console-area-auditor-about"),
];

impl Page {
    /// A text.
    pub(super) fn t(&self, key: &str) -> String {
        self.words.text(key)
    }

    /// A text with values in it.
    pub(super) fn with(&self, key: &str, values: &[(&str, Value)]) -> String {
        self.words.with(key, values)
    }

    /// A text with a number `n` in it.
    pub(super) fn counted(&self, key: &str, n: impl TryInto<u64>) -> String {
        self.words.with(key, &[("n", Value::from(n.try_into().unwrap_or(u64::MAX)))])
    }

    /// A text with one text in it, under `name`.
    pub(super) fn naming(&self, key: &str, name: &str, value: impl AsRef<str>) -> String {
        self.words.with(key, &[(name, Value::from(value.as_ref()))])
    }

    /// The words of the language, for texts that are made elsewhere.
    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    /// An amount of money.
    pub(super) fn money(&self, currency: Currency, amount: &Amount) -> String {
        self.words.money(&Money { currency, amount: amount.clone() })
    }

    /// A day.
    pub(super) fn day(&self, day: Day) -> String {
        self.words.day(day)
    }

    /// A moment.
    pub(super) fn moment(&self, time: UnixTime) -> String {
        self.words.moment(time)
    }

    /// A whole number.
    pub(super) fn number(&self, number: impl TryInto<u64>) -> String {
        self.words.number(number.try_into().unwrap_or(u64::MAX))
    }

    /// A share in hundredths of a percent.
    pub(super) fn percent(&self, basis_points: u64) -> String {
        self.words.percent(basis_points)
    }
}

impl Visit {
    /// Goes on only if the visitor may do this.
    pub(super) fn must(&self, right: Right) -> Result<(), Response> {
        if self.caller.may(right) { Ok(()) } else { Err(self.forbidden()) }
    }

    /// A page.
    pub(super) fn show(&self, template: &impl Template) -> Response {
        self.show_as(StatusCode::OK, template)
    }

    /// A page with a status of its own.
    #[expect(clippy::unused_self, reason = "who has no visit has nobody to show a page to")]
    pub(super) fn show_as(&self, status: StatusCode, template: &impl Template) -> Response {
        render(status, template)
    }

    /// Runs what blocks away from the threads that serve connections; what went wrong is a page.
    pub(super) async fn blocking<T, E>(
        &self,
        console: &Console,
        work: impl FnOnce(&Arc<Node>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Response>
    where
        T: Send + 'static,
        E: Into<Trouble> + Send + 'static,
    {
        console.blocking(work).await.map_err(|trouble| self.trouble(&trouble))
    }

    /// The same for what both blocks and waits for peers.
    pub(super) async fn waiting<T, E, F>(
        &self,
        console: &Console,
        work: impl FnOnce(Arc<Node>) -> F + Send + 'static,
    ) -> Result<T, Response>
    where
        T: Send + 'static,
        E: Into<Trouble> + Send + 'static,
        F: Future<Output = Result<T, E>>,
    {
        console.waiting(work).await.map_err(|trouble| self.trouble(&trouble))
    }

    /// A page that says what went wrong and what to do.
    pub(super) fn trouble(&self, trouble: &Trouble) -> Response {
        let said = trouble.said(&self.page);
        let page = TroublePage { page: &self.page, said: &said };
        self.show_as(trouble.status(), &page)
    }

    /// The visitor may not see this.
    pub(super) fn forbidden(&self) -> Response {
        self.plain_trouble(StatusCode::FORBIDDEN, "console-trouble-forbidden")
    }

    /// There is nothing here, or nothing that the visitor may know of.
    pub(super) fn not_found(&self) -> Response {
        self.plain_trouble(StatusCode::NOT_FOUND, "console-trouble-not-found")
    }

    /// The form's token is not this session's.
    pub(super) fn session_over(&self) -> Response {
        self.plain_trouble(StatusCode::FORBIDDEN, "console-trouble-session-over")
    }

    /// The form did not come whole.
    pub(super) fn form_unreadable(&self) -> Response {
        self.plain_trouble(StatusCode::BAD_REQUEST, "console-trouble-form")
    }

    /// The file is larger than what is taken.
    pub(super) fn file_too_large(&self, bytes_max: usize) -> Response {
        let said = Said {
            title: self.page.t("console-trouble-file-large"),
            text: self.page.counted("console-trouble-file-large-text", bytes_max >> 20),
            out: self.page.t("console-trouble-file-large-out"),
        };
        let page = TroublePage { page: &self.page, said: &said };
        self.show_as(StatusCode::PAYLOAD_TOO_LARGE, &page)
    }

    fn plain_trouble(&self, status: StatusCode, key: &str) -> Response {
        let said = Said {
            title: self.page.t(key),
            text: self.page.t(&format!("{key}-text")),
            out: self.page.t(&format!("{key}-out")),
        };
        self.show_as(status, &TroublePage { page: &self.page, said: &said })
    }
}

/// A page with its status.
pub(super) fn render(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Sends a visitor on after a form, so that loading the page again posts nothing.
pub(super) fn go_to(path: &str) -> Response {
    let to = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// What went wrong, in words.
pub(super) struct Said {
    pub(super) title: String,
    pub(super) text: String,
    /// The way out.
    pub(super) out: String,
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage<'a> {
    page: &'a Page,
    said: &'a Said,
}

impl FromRequestParts<Arc<Console>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Response> {
        let caller = parts.extensions.get::<Caller>().cloned();
        let session = parts.extensions.get::<Session>().cloned();
        let (Some(caller), Some(session)) = (caller, session) else {
            // Whoever is not known signs in first.
            return Err(sign_in_first(parts));
        };
        // Where pages are nested, the whole path is kept aside.
        let original = parts.extensions.get::<OriginalUri>().map(|uri| uri.0.clone());
        let uri = original.unwrap_or_else(|| parts.uri.clone());
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let words = language::of(&parts.headers, &console.texts);
        let waiting = approvals::waiting(&caller, console).await;
        let visit = Self::new(console, (caller, session), words, path, waiting);
        Ok(Self { remote: remote(&parts.extensions), ..visit })
    }
}

/// The address that a request comes from, where it is known.
pub(super) fn remote(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<Remote>().map(|remote| remote.0)
}

/// Sends a visitor to sign in, and back to where she wanted to go; a form is not posted again.
fn sign_in_first(parts: &Parts) -> Response {
    let original = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |uri| &uri.0);
    let path = original.path();
    if parts.method == Method::GET && path != "/" {
        return go_to(&format!("/sign-in?to={}", quoted(path)));
    }
    go_to("/sign-in")
}

/// A path as a value in a query.
pub(super) fn quoted(path: &str) -> String {
    const ESCAPED: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');
    utf8_percent_encode(path, &ESCAPED).to_string()
}

impl Visit {
    fn new(
        console: &Console,
        (caller, session): (Caller, Session),
        words: Words,
        path: String,
        waiting: ProposalsWaiting,
    ) -> Self {
        let may_enter = AREAS.into_iter().filter(|(_, right, _, _)| caller.may(*right));
        let areas = may_enter.map(|(area, _, name, about)| Area {
            path: area,
            name: if area == "/approvals" { approvals::name(&words, waiting) } else { words.text(name) },
            about: words.text(about),
            is_current: path.starts_with(area),
        });
        let areas = areas.collect();
        let languages = console.texts.languages().into_iter().map(|there| LanguageLink {
            is_current: there.tag == words.tag(),
            tag: there.tag,
            name: there.name,
        });
        let languages = languages.collect();
        let roster = console.node.roster();
        let lender = roster.member(console.node.me()).map_or_else(String::new, |member| member.name.clone());
        let page = Page {
            language: words.tag().to_owned(),
            path,
            csrf: session.csrf.clone(),
            name: caller.name.clone(),
            branch: caller.branch.clone(),
            lender,
            network: console.node.network().to_string(),
            files: assets::version(),
            languages,
            areas,
            words,
        };
        Self { caller, session, page, remote: None }
    }
}

impl Page {
    /// What stands around a page for somebody who is not known yet.
    pub(super) fn of_nobody(console: &Console, words: Words, path: &str) -> Self {
        let nobody =
            Caller { user: None, name: String::new(), branch: None, rights: BTreeSet::new(), request: None };
        let session = Session { csrf: String::new() };
        Visit::new(console, (nobody, session), words, path.to_owned(), ProposalsWaiting::default()).page
    }

    /// Which network this is.
    pub(super) fn network_line(&self) -> String {
        self.naming("console-network", "network", &self.network)
    }

    /// The path as a value in a query.
    pub(super) fn path_quoted(&self) -> String {
        quoted(&self.path)
    }

    /// The same page in the words of another language.
    pub(super) fn in_language(&self, texts: &Texts, tag: &str) -> Self {
        let words = texts.language(tag);
        Self {
            language: words.tag().to_owned(),
            words,
            path: String::new(),
            csrf: String::new(),
            name: String::new(),
            branch: None,
            lender: self.lender.clone(),
            network: self.network.clone(),
            files: self.files,
            languages: Vec::new(),
            areas: Vec::new(),
        }
    }
}
