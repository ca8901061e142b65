//! The pages, as a browser without a script asks for them.

mod account;
mod approvals;
mod auditor;
mod clerk;
mod disputes;
mod household;
mod officer;
mod operator;
mod support;

use support::{Desk, officer, with_rights};

use crate::model::user::{RIGHTS, Right};

#[tokio::test]
async fn a_visitor_sees_what_she_may_enter() {
    let desk = Desk::new(1);
    assert_eq!(desk.get(&officer(), "/").await.to.as_deref(), Some("/officer"), "one part alone");
    let home = desk.get(&with_rights(&RIGHTS), "/").await;
    assert_eq!(home.status, 200);
    assert!(home.text.contains("href=\"/officer\""));
    let nobody = desk.get(&with_rights(&[]), "/").await;
    assert_eq!(nobody.status, 200);
    assert!(!nobody.text.contains("href=\"/officer\""));
    for visitor in [officer(), with_rights(&[])] {
        let interface = desk.get(&visitor, "/interface").await;
        assert!(interface.status == 200 && interface.text.contains(support::INTERFACE), "{}", interface.text);
    }
    let lost = desk.get(&officer(), "/officer/nowhere").await;
    assert_eq!(lost.status, 404);
    for (name, value) in [
        ("content-security-policy", super::CONTENT_SECURITY_POLICY),
        ("cache-control", "no-store"),
        ("referrer-policy", "same-origin"),
    ] {
        assert_eq!(lost.headers.get(name).unwrap(), value);
    }
}

#[tokio::test]
async fn a_step_opened_as_a_page_leads_to_its_page() {
    let desk = Desk::new(1);
    let one = format!("/approvals/{}", "0".repeat(32));
    for step in ["approve", "compare", "refuse"] {
        assert_eq!(desk.get(&officer(), &format!("{one}/{step}")).await.to.as_deref(), Some(&*one));
    }
    let evidence = desk.get(&officer(), "/officer/applications/a/persons/0/evidence").await;
    assert_eq!(evidence.to.as_deref(), Some("/officer/applications/a/persons/0"));
    assert_eq!(desk.post(&officer(), "/officer/today", &[]).await.status, 405);
}

#[tokio::test]
async fn whoever_is_not_known_signs_in_first() {
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt as _;
    let desk = Desk::new(1);
    let pages = super::router(std::sync::Arc::clone(&desk.node), crate::words::Texts::built_in(), true, "");
    for path in ["/", "/officer", "/officer/consents"] {
        let reply = pages.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(reply.status(), 303);
        assert!(reply.headers()["location"].to_str().unwrap().starts_with("/sign-in"));
    }
    let style =
        pages.oneshot(Request::get("/assets/console.css").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
}

#[tokio::test]
async fn every_page_asks_for_its_right() {
    let desk = Desk::new(1);
    let id = "00".repeat(16);
    let of = |right: Right| move |path: &str| (path.to_owned(), right);
    let mut pages: Vec<(String, Right)> = Vec::new();
    pages.extend(["/officer", "/officer/today"].map(of(Right::Inquire)));
    pages.extend(["/officer/new", "/officer/consents", "/officer/withdraw"].map(of(Right::Consent)));
    pages.extend(["/officer/disputes", "/officer/disputes/new"].map(of(Right::Dispute)));
    pages.push(("/operator".to_owned(), Right::Operate));
    let audit = ["/auditor", "/auditor/leaves", "/auditor/leaves/lender-a/0", "/auditor/follow"];
    pages.extend(audit.map(of(Right::Log)));
    pages.push(("/auditor/evidence.tar".to_owned(), Right::Log));
    pages.extend(
        ["/operator/connections", "/operator/market", "/operator/market.csv"].map(of(Right::Operate)),
    );
    pages.extend(["/clerk", "/clerk/loads/1"].map(of(Right::Load)));
    pages.push((format!("/clerk/uploads/{id}"), Right::Load));
    pages.push((format!("/officer/answers/{id}"), Right::Inquire));
    pages.push((format!("/officer/consents/{id}"), Right::Consent));
    pages.push((format!("/officer/reports/{id}"), Right::SubjectReport));
    for (path, right) in pages {
        let all_but = support::without(right);
        assert_eq!(desk.get(&all_but, &path).await.status, 403, "{path} without {right}");
        let with = desk.get(&with_rights(&RIGHTS), &path).await;
        assert!(matches!(with.status, 200 | 404), "{path}: {}", with.status);
    }
}
