//! Signing in, and what a visitor learns about her own account.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::support::{Desk, NOW, quoted, sound};
use crate::console::router;
use crate::digest::UserId;
use crate::model::user::{Caller, Right, Role};
use crate::people::{NewUser, UserChange};
use crate::secret::SecretVec;
use crate::words::Texts;

const NAME: &str = "Sok Dara";
const PASSWORD: &str = "seven green bottles";
const GIVEN: &str = "given by another";

/// A browser with its cookie.
struct Browser {
    pages: Router,
    cookie: Option<String>,
}

/// A page as it came.
struct Page {
    status: u16,
    to: Option<String>,
    text: String,
}

fn secret(text: &str) -> SecretVec {
    SecretVec::new(text.as_bytes().to_vec())
}

fn administrator() -> Caller {
    let user = Some(UserId([0xad; 8]));
    Caller { user, name: "Chan Thy".to_owned(), branch: None, rights: [Right::Users].into(), request: None }
}

/// A node with one user, who typed her password herself.
fn desk() -> (Desk, UserId) {
    let desk = Desk::new(1);
    let new = NewUser {
        name: NAME.to_owned(),
        roles: [Role::Supervisor].into(),
        branch: None,
        password: secret(PASSWORD),
        own_password: true,
    };
    let user = desk.node.admit_user(&Caller::local(), &new).unwrap().user;
    (desk, user)
}

impl Browser {
    fn at(desk: &Desk) -> Self {
        let node = std::sync::Arc::clone(&desk.node);
        Self { pages: router(node, Texts::built_in(), true, ""), cookie: None }
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Page {
        let request = match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        };
        let reply = self.pages.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let text = |name| reply.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        if let Some(cookie) = text(header::SET_COOKIE) {
            self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        }
        let (status, to) = (reply.status().as_u16(), text(header::LOCATION));
        let bytes = reply.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if text.starts_with("<!") && !text.contains("action=\"/sign-in\"") {
            sound(&text);
        }
        Page { status, to, text }
    }

    async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path), String::new()).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect();
        self.send(Request::post(path), pairs.join("&")).await
    }

    async fn sign_in(&mut self, password: &str) -> Page {
        self.post("/sign-in", &[("name", NAME), ("password", password), ("to", "/clerk")]).await
    }

    /// The token of the forms on a page.
    fn csrf(page: &Page) -> String {
        page.text.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_given_password_opens_one_page_that_says_who_gave_it() {
    let (desk, user) = desk();
    let mut browser = Browser::at(&desk);
    assert_eq!(browser.sign_in(PASSWORD).await.to.as_deref(), Some("/clerk"));
    assert_eq!(browser.get("/clerk").await.status, 200);
    desk.clock.advance(86_400);
    let change = UserChange { password: Some(secret(GIVEN)), ..UserChange::default() };
    desk.node.change_user(&administrator(), user, &change).unwrap();
    assert_eq!(browser.get("/clerk").await.to.as_deref(), Some("/sign-in?to=/clerk"), "her session is over");
    browser.sign_in(GIVEN).await;
    for path in ["/", "/clerk", "/account", "/officer/consents", "/nowhere", "/welcome"] {
        assert_eq!(browser.get(path).await.to.as_deref(), Some("/account/own-password"), "{path}");
    }
    let page = browser.get("/account/own-password").await;
    assert_eq!(page.status, 200);
    for said in ["Chan Thy gave you a new password: 23 Nov 2026", "signed in before this: 22 Nov 2026"] {
        assert!(page.text.contains(said), "{said} in\n{}", page.text);
    }
    let csrf = Browser::csrf(&page);
    let choose = [("csrf", &*csrf), ("new", GIVEN), ("again", GIVEN)];
    let same = browser.post("/account/own-password", &choose).await;
    assert_eq!(same.status, 422);
    assert!(same.text.contains("the password that was given to you. Choose another"), "{}", same.text);
    let choose = [("csrf", &*csrf), ("new", PASSWORD), ("again", PASSWORD)];
    let foreign = browser.post("/account/own-password", &choose[1..]).await;
    assert_eq!(foreign.status, 403, "without the form's token");
    assert_eq!(browser.post("/account/own-password", &choose).await.to.as_deref(), Some("/sign-in"));
    assert_eq!(browser.sign_in(PASSWORD).await.to.as_deref(), Some("/clerk"));
    let account = browser.get("/account").await;
    assert!(account.text.contains("Chan Thy gave you a new password"), "{}", account.text);
    assert_eq!(browser.get("/account/own-password").await.to.as_deref(), Some("/account"));
}

#[tokio::test]
async fn she_is_told_that_her_second_factor_is_gone() {
    let (desk, user) = desk();
    let mut browser = Browser::at(&desk);
    browser.sign_in(PASSWORD).await;
    let made = desk.node.people().new_second_factor(user, "demo").unwrap();
    let code = made.code_at(NOW);
    desk.node.people().confirm_second_factor(user, &code, NOW).unwrap();
    desk.clock.advance(60);
    let change = UserChange { without_second_factor: true, ..UserChange::default() };
    desk.node.change_user(&administrator(), user, &change).unwrap();
    let signed = browser.sign_in(PASSWORD).await;
    assert_eq!(signed.to.as_deref(), Some("/welcome?to=/clerk"));
    let page = browser.get("/welcome?to=/clerk").await;
    assert!(page.text.contains("Chan Thy took your second factor away") && page.text.contains("\"/clerk\""));
    let elsewhere = browser.get("/welcome?to=//elsewhere.example").await;
    assert!(elsewhere.text.contains("class=\"button\" href=\"/\""), "{}", elsewhere.text);
    desk.clock.advance(60);
    assert_eq!(browser.sign_in(PASSWORD).await.to.as_deref(), Some("/clerk"), "she is told once");
}

#[tokio::test]
async fn she_is_told_how_often_somebody_failed_to_sign_in() {
    let (desk, _) = desk();
    let mut browser = Browser::at(&desk);
    for _ in 0..3 {
        assert_eq!(browser.sign_in("wrong password").await.status, 401);
    }
    assert_eq!(browser.sign_in(PASSWORD).await.to.as_deref(), Some("/welcome?to=/clerk"));
    let page = browser.get("/welcome?to=/clerk").await;
    let said = "Failed attempts to sign in under your name after that: 3.";
    assert!(page.text.contains(said), "{}", page.text);
    assert!(browser.get("/account").await.text.contains(said));
    assert_eq!(browser.sign_in(PASSWORD).await.to.as_deref(), Some("/clerk"));
    assert!(!browser.get("/account").await.text.contains("Failed attempts"));
}

#[tokio::test]
async fn every_cookie_is_for_tls_alone_where_there_is_tls() {
    let (desk, _) = desk();
    for is_secure in [true, false] {
        let node = std::sync::Arc::clone(&desk.node);
        let pages = router(node, Texts::built_in(), is_secure, "");
        let form = format!("name={}&password={}", quoted(NAME), quoted(PASSWORD));
        for request in [
            Request::get("/language/km").body(Body::empty()).unwrap(),
            Request::post("/sign-in").body(Body::from(form)).unwrap(),
        ] {
            let reply = pages.clone().oneshot(request).await.unwrap();
            let cookie = reply.headers()[header::SET_COOKIE].to_str().unwrap();
            assert_eq!(cookie.contains("; Secure"), is_secure, "{cookie}");
            assert!(cookie.contains("; HttpOnly"), "{cookie}");
        }
    }
}
