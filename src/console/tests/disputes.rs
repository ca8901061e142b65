//! A dispute on both of its pages: where it was opened, and at the lender that reports.

use serde_json::json;

use super::support::{Desk, Visitor, officer};
use crate::model::identifier::{Identifier, SchemeSet};
use crate::model::loan::Loan;
use crate::secret::SystemEntropy;

fn loan() -> Loan {
    let facility = json!({
        "reference": vec![0u8; 16], "kind": "individual", "status": "current", "currency": "USD",
        "disbursed": 90_000, "outstanding": 70_000, "overdue": 0, "days_past_due": 0,
        "days_past_due_worst": 0, "instalment": 5_000, "frequency": "monthly",
        "rate_yearly_basis_points": null, "opened": "2026-08-01", "matures": "2027-08-01",
        "closed": null, "written_off": null, "written_off_on": null, "loan_cycle": 1, "disputed": false,
    });
    Loan {
        account: "LN-4711".to_owned(),
        client: "CL-0815".to_owned(),
        branch: "Takhmao".to_owned(),
        as_of: "2026-11-22".parse().unwrap(),
        identifiers: vec![Identifier::parse_pair("kh-nid:012345678", &SchemeSet::new()).unwrap()],
        facility: serde_json::from_value(facility).unwrap(),
    }
}

/// At the counter of the lender that reports, which then is both ends.
async fn opened(desk: &Desk, officer: &Visitor) -> String {
    desk.node.book().upsert(vec![loan()], 1, &SystemEntropy::new()).unwrap();
    desk.node.publish_round().await.unwrap();
    desk.consented(officer, "subject-access").await;
    let consent = desk.node.consents(None, 1).unwrap().0[0].terms.consent.to_string();
    desk.post(officer, &format!("/officer/reports/{consent}"), &[]).await;
    let mut record = String::new();
    desk.node.book().each_client(|client| record = hex::encode(client.record.0)).unwrap();
    let fields = [
        ("consent", consent.as_str()),
        ("lender", "lender-a"),
        ("record", record.as_str()),
        ("facility", "1"),
        ("reason", "already-paid"),
        ("text", "She repaid it"),
    ];
    let opened = desk.post(officer, "/officer/disputes/new", &fields).await;
    assert_eq!(desk.node.deliver_disputes().await.unwrap(), 0);
    opened.to.unwrap_or_else(|| panic!("{}", opened.text))
}

#[tokio::test]
async fn the_lender_is_shown_whose_loan_it_is_and_the_opener_is_not() {
    let desk = Desk::new(1);
    let officer = officer();
    let at_opener = opened(&desk, &officer).await;
    let at_lender = format!("{at_opener}?end=lender");
    let list = desk.get(&officer, "/officer/disputes").await.text;
    assert!(list.contains(&at_lender) && list.matches("CL-0815").count() == 1, "{list}");
    let shown = desk.get(&officer, &at_opener).await.text;
    assert!(
        shown.contains("individual loan") && shown.contains("USD"),
        "what is meant is known here:\n{shown}"
    );
    for own in ["CL-0815", "LN-4711", "Takhmao", "/answer\""] {
        assert!(!shown.contains(own), "{own}:\n{shown}");
    }
    let shown = desk.get(&officer, &at_lender).await.text;
    for own in ["CL-0815", "LN-4711", "Takhmao", "individual loan", "/answer\""] {
        assert!(shown.contains(own), "{own}:\n{shown}");
    }
    for language in ["km", "az", "fr", "es"] {
        let reader = Visitor { language, ..officer.clone() };
        assert!(desk.get(&reader, &at_lender).await.text.contains("LN-4711"), "{language}");
    }
    // Answered at the lender's end, it stays there.
    let answered = desk.post(&officer, &format!("{at_opener}/answer"), &[("answer", "accepted")]).await;
    assert_eq!(answered.to.as_deref(), Some(&*at_lender), "{}", answered.text);
}

#[tokio::test]
async fn the_opener_is_offered_what_the_answer_allows() {
    for (answer, told) in [("accepted", false), ("rejected", true)] {
        let desk = Desk::new(1);
        let officer = officer();
        let at_opener = opened(&desk, &officer).await;
        let open = desk.get(&officer, &at_opener).await.text;
        assert!(open.contains("value=\"taken-back\"") && !open.contains("value=\"rejected\""), "{open}");
        let fields = [("answer", answer), ("text", "May is unpaid")];
        desk.post(&officer, &format!("{at_opener}/answer"), &fields).await;
        assert_eq!(desk.node.deliver_disputes().await.unwrap(), 0);
        let shown = desk.get(&officer, &at_opener).await.text;
        assert!(
            shown.contains("May is unpaid") && shown.contains("value=\"taken-back\""),
            "{answer}: {shown}"
        );
        assert_eq!(shown.contains("value=\"rejected\""), told, "{answer}: {shown}");
        let closed = desk.post(&officer, &format!("{at_opener}/resolve"), &[("outcome", "rejected")]).await;
        assert_eq!(closed.status == 303, told, "{answer}: {}", closed.status);
    }
}
