//! The operator's pages.

use super::support::{Desk, visitor};
use crate::model::user::Role;
use crate::node::in_memory::operator_key;
use crate::roster::{self, Roster};
use crate::signing::Signed;

#[tokio::test]
async fn the_operator_sees_members_alarms_and_quotas_and_no_client() {
    let desk = Desk::new(2);
    let operator = visitor("Op", 5, None, &[Role::Operator]);
    let page = desk.get(&operator, "/operator").await;
    assert_eq!(page.status, 200, "{}", page.text);
    for said in [
        "lender-b",
        "never heard",
        "1 of the 2 key holders",
        "certificate of this node ends",
        "Used here today",
    ] {
        assert!(page.text.contains(said), "{said} in\n{}", page.text);
    }
    let auditor = visitor("Au", 6, None, &[Role::Auditor]);
    assert_eq!(desk.get(&auditor, "/operator").await.status, 403);
    for path in ["/officer", "/clerk", "/officer/consents", "/officer/today"] {
        assert_eq!(desk.get(&operator, path).await.status, 403, "{path}");
    }
    let officer = super::support::officer();
    for path in ["/operator", "/operator/connections", "/operator/market"] {
        assert_eq!(desk.get(&officer, path).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn a_connection_is_tested_in_plain_words() {
    let desk = Desk::new(2);
    let operator = visitor("Op", 5, None, &[Role::Operator]);
    assert_eq!(desk.get(&operator, "/operator/connections").await.status, 200);
    let tested = desk.post(&operator, "/operator/connections/lender-b", &[]).await;
    assert_eq!(tested.status, 200);
    assert!(
        tested.text.contains("no address at which") && tested.text.contains("without connections"),
        "{}",
        tested.text
    );
    for other in ["lender-a", "lender-z", "..", "%3Cb%3E"] {
        let path = format!("/operator/connections/{other}");
        assert_eq!(desk.post(&operator, &path, &[]).await.status, 404, "{other}");
    }
    assert_eq!(
        desk.post_bare(&operator, "/operator/connections/lender-b", &[]).await.status,
        403,
        "no token"
    );
}

#[tokio::test]
async fn a_lender_whose_log_is_not_here_is_not_said_to_be_late() {
    let desk = Desk::new(2);
    let operator = visitor("Op", 5, None, &[Role::Operator]);
    let mut document = desk.node.roster().document().clone();
    document.version += 1;
    document.members.iter_mut().for_each(|member| _ = member.roles.remove(&roster::Role::Witness));
    let signed = Signed::sign(serde_json::to_vec(&document).unwrap(), &operator_key()).unwrap();
    desk.node.follow_roster(Roster::verify(signed, &operator_key().verify_key()).unwrap()).unwrap();
    for _ in 0..2 {
        desk.node.count_for_market().unwrap();
        desk.clock.advance(8 * 86_400);
    }
    let shown = desk.get(&operator, "/operator/market").await.text;
    assert!(shown.contains("logs of these members are not here: lender-b."), "{shown}");
    assert!(!shown.contains("Not counted yet"), "{shown}");
}

#[tokio::test]
async fn market_figures_are_drawn_and_exported() {
    let desk = Desk::new(1);
    let operator = visitor("Op", 5, None, &[Role::Operator]);
    let none = desk.get(&operator, "/operator/market").await;
    assert!(none.text.contains("no lender has counted yet"), "{}", none.text);
    for _ in 0..3 {
        // The first look finds that the own book is not published, and waits a week for it.
        for _ in 0..2 {
            desk.node.count_for_market().unwrap();
            desk.clock.advance(8 * 86_400);
        }
        desk.clock.advance(16 * 86_400);
    }
    let drawn = desk.get(&operator, "/operator/market").await;
    assert!(drawn.text.contains("2026-1") && drawn.text.contains("Spent in twelve months"), "{}", drawn.text);
    let csv = desk.get(&operator, "/operator/market.csv").await;
    assert!(csv.text.starts_with("month,known_to"), "{}", csv.text);
}
