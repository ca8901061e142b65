//! A node on a store in memory, its console, and a visitor who sees what a browser without a script sees.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use axum::{Extension, Router};
use http_body_util::BodyExt as _;
use percent_encoding::percent_encode_byte;
use tower::ServiceExt as _;

use crate::clock::ManualClock;
use crate::console::{Session, build};
use crate::digest::UserId;
use crate::model::user::{Caller, RIGHTS, Right, Role};
use crate::node::Node;
pub(super) use crate::node::in_memory::{HOSTILE, NOW, node};
use crate::words::Texts;

/// What a camera makes, as far as it is looked at.
pub(super) const PHOTOGRAPH: &[u8] = b"\xff\xd8\xff a photograph";
/// What the console is given to show of the interface.
pub(super) const INTERFACE: &str = "<p>What other systems may ask</p>";
/// The token of the session.
pub(super) const TOKEN: &str = "f0e1d2c3b4a59687";

/// The console of a node.
pub(super) struct Desk {
    pub(super) node: Arc<Node>,
    pub(super) clock: Arc<ManualClock>,
    pages: Router,
}

/// Who sits at it.
#[derive(Clone)]
pub(super) struct Visitor {
    pub(super) caller: Caller,
    pub(super) language: &'static str,
}

/// A page as it came.
pub(super) struct Seen {
    pub(super) status: u16,
    pub(super) to: Option<String>,
    pub(super) text: String,
    pub(super) bytes: Vec<u8>,
    pub(super) headers: axum::http::HeaderMap,
}

pub(super) fn visitor(name: &str, number: u8, branch: Option<&str>, roles: &[Role]) -> Visitor {
    let rights = roles.iter().flat_map(|role| role.rights().iter().copied()).collect();
    let branch = branch.map(str::to_owned);
    let caller =
        Caller { user: Some(UserId([number; 8])), name: name.to_owned(), branch, rights, request: None };
    Visitor { caller, language: "en" }
}

pub(super) fn officer() -> Visitor {
    visitor(HOSTILE, 1, Some("north"), &[Role::LoanOfficer])
}

pub(super) fn with_rights(rights: &[Right]) -> Visitor {
    let mut visitor = visitor("somebody", 9, None, &[]);
    visitor.caller.rights = rights.iter().copied().collect();
    visitor
}

/// Everything but one right.
pub(super) fn without(right: Right) -> Visitor {
    let rights: Vec<Right> = RIGHTS.into_iter().filter(|one| *one != right).collect();
    with_rights(&rights)
}

impl Desk {
    pub(super) fn new(members: u8) -> Self {
        let clock = Arc::new(ManualClock::new(NOW));
        let node = node(members, Arc::clone(&clock));
        Self { pages: build(Arc::clone(&node), Texts::built_in(), true, INTERFACE).1, node, clock }
    }

    pub(super) async fn send(&self, visitor: &Visitor, request: Request<Body>) -> Seen {
        let pages = self.pages.clone();
        let session = Session { csrf: TOKEN.to_owned() };
        let pages = pages.layer(Extension(visitor.caller.clone())).layer(Extension(session));
        let reply = pages.oneshot(request).await.unwrap();
        let (parts, body) = reply.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let to = parts.headers.get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let bytes = bytes.to_vec();
        let seen = Seen { status: parts.status.as_u16(), to, text, bytes, headers: parts.headers };
        if seen
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.to_str().unwrap().starts_with("text/html"))
        {
            sound(&seen.text);
        }
        seen
    }

    pub(super) async fn get(&self, visitor: &Visitor, path: &str) -> Seen {
        let request = Request::get(path).header(header::ACCEPT_LANGUAGE, visitor.language);
        self.send(visitor, request.body(Body::empty()).unwrap()).await
    }

    /// Posts a form with the session's token.
    pub(super) async fn post(&self, visitor: &Visitor, path: &str, fields: &[(&str, &str)]) -> Seen {
        let token = [("csrf", TOKEN)];
        self.post_bare(visitor, path, &[&token[..], fields].concat()).await
    }

    /// Posts a form as it is.
    pub(super) async fn post_bare(&self, visitor: &Visitor, path: &str, fields: &[(&str, &str)]) -> Seen {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", quoted(name), quoted(value))).collect();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT_LANGUAGE, visitor.language);
        self.send(visitor, request.body(Body::from(pairs.join("&"))).unwrap()).await
    }

    /// Posts a form with a file, as browsers do.
    pub(super) async fn upload(
        &self,
        visitor: &Visitor,
        path: &str,
        fields: &[(&str, &str)],
        name: &str,
        file: &[u8],
    ) -> Seen {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .bytes(),
            );
        }
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(file);
        body.extend(b"\r\n--edge--\r\n");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .header(header::ACCEPT_LANGUAGE, visitor.language);
        self.send(visitor, request.body(Body::from(body)).unwrap()).await
    }

    /// Records a consent of a new application by a photographed form; gives the application's path.
    pub(super) async fn consented(&self, visitor: &Visitor, purpose: &str) -> String {
        let begun = self.post(visitor, "/officer/new", &person(purpose)).await;
        let person = begun.to.unwrap_or_else(|| panic!("{} {}", begun.status, begun.text));
        let fields = [("csrf", TOKEN), ("kind", "signed-form")];
        let recorded =
            self.upload(visitor, &format!("{person}/evidence"), &fields, "a.jpg", PHOTOGRAPH).await;
        assert_eq!(recorded.to.as_deref(), Some(&*format!("{person}/receipt")), "{}", recorded.text);
        person.split_once("/persons").unwrap().0.to_owned()
    }
}

/// A value as it stands in a form or a query.
pub(super) fn quoted(text: &str) -> String {
    text.bytes().map(percent_encode_byte).collect()
}

/// The form of a person, filled in.
pub(super) fn person(purpose: &str) -> [(&'static str, &str); 6] {
    [
        ("purpose", purpose),
        ("identifier-kh-nid", "០១២ ៣៤៥ ៦៧៨"),
        ("identifier-phone", "012 345 678"),
        ("notice", "en"),
        ("days", "30"),
        ("uses", "1"),
    ]
}

/// The form of a question, filled in.
pub(super) const QUESTION: [(&str, &str); 8] = [
    ("amount", "1 500"),
    ("currency", "USD"),
    ("term", "12"),
    ("frequency", "monthly"),
    ("kind", "individual"),
    ("income", "400"),
    ("expenses", "150.50"),
    ("income-currency", "USD"),
];

/// What holds for every page: nothing from elsewhere, no script or style of its own, a language, every field named.
#[track_caller]
pub(super) fn sound(html: &str) {
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\""), "{html}");
    assert!(!html.contains("onerror=y>") && !html.contains("<script>alert"), "not escaped:\n{html}");
    assert!(
        !html.contains("http://www.") || html.contains("http://www.w3.org/"),
        "names an address elsewhere"
    );
    for bad in [
        "https://",
        "<style",
        " style=\"",
        "javascript:",
        " onclick=",
        " onload=",
        "<iframe",
        "<object",
        "//cdn",
    ] {
        assert!(!html.contains(bad), "{bad} in\n{html}");
    }
    assert_eq!(html.matches("<script").count(), 1, "one script, the console's own");
    assert!(html.contains("<script src=\"/assets/console.js?"));
    assert_eq!(
        html.matches("<h1").count(),
        1 + usize::from(html.contains("class=\"screen\">\n<h1"))
            * usize::from(html.matches("<h1").count() > 1),
        "headings of\n{html}"
    );
    assert!(html.contains("<main id=\"main\"") && html.contains("class=\"skip\""));
    for form in html.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap();
        assert!(
            form.contains("method=\"get\"") || form.contains("name=\"csrf\""),
            "a form without its token: {form}"
        );
        for field in form
            .split("<input")
            .skip(1)
            .chain(form.split("<select").skip(1))
            .chain(form.split("<textarea").skip(1))
        {
            let field = field.split('>').next().unwrap();
            if field.contains("type=\"hidden\"")
                || field.contains("type=\"radio\"")
                || field.contains("type=\"checkbox\"")
            {
                continue;
            }
            let id = field
                .split("id=\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .unwrap_or_else(|| panic!("{field}"));
            assert!(html.contains(&format!("<label for=\"{id}\"")), "no label for {id}");
        }
    }
    let ids: Vec<&str> = html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "an id stands twice: {ids:?}");
}
