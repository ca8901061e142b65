//! Several persons in one application, and what a client disputes.

use super::support::{Desk, HOSTILE, QUESTION, TOKEN, officer, person, visitor};
use crate::model::user::Role;

const BOOK: &str = "account,client,status,as_of,currency,outstanding,disbursed,opened,kh-nid\n\
    A1,c1,current,2026-11-21,USD,100.00,200.00,2026-01-05,012345678\n";

#[tokio::test]
async fn a_household_is_asked_about_with_a_consent_each() {
    let desk = Desk::new(1);
    let officer = officer();
    let application = desk.consented(&officer, "loan-application").await;
    let mut spouse = person("loan-application");
    (spouse[1].1, spouse[2].1) = ("112345678", "");
    let persons = format!("{application}/persons");
    let unsaid = desk.post(&officer, &persons, &spouse).await;
    assert!(unsaid.status == 422 && unsaid.text.contains("who she is to the applicant"), "{}", unsaid.text);
    let added = desk.post(&officer, &persons, &[&spouse[..], &[("role", "spouse")]].concat()).await;
    let added = added.to.unwrap();
    assert_eq!(added, format!("{application}/persons/1"));
    let early = desk.post(&officer, &format!("{application}/question"), &QUESTION).await;
    assert_eq!(early.to.as_deref(), Some(&*application), "nobody is asked about without her consent");
    let fields = [("csrf", TOKEN), ("kind", "signed-form")];
    desk.upload(&officer, &format!("{added}/evidence"), &fields, "a.jpg", b"%PDF-1.7 another form").await;
    let answer = desk.post(&officer, &format!("{application}/question"), &QUESTION).await.to.unwrap();
    let shown = desk.get(&officer, &answer).await.text;
    assert!(shown.contains("<h3>Applicant:") && shown.contains("<h3>Spouse:"), "{shown}");
    let removed = desk.post(&officer, &format!("{added}/remove"), &[]).await;
    assert_eq!(removed.status, 303);
    assert!(desk.get(&officer, &application).await.text.contains("Spouse"), "a recorded consent stays");
}

#[tokio::test]
async fn what_she_disputes_is_written_down_from_her_own_report() {
    let desk = Desk::new(1);
    let (officer, south) = (officer(), visitor("Vann", 2, Some("south"), &[Role::LoanOfficer]));
    let options = crate::node::ImportOptions::new(crate::formats::Format::Csv, "book.csv");
    desk.node.import(&mut BOOK.as_bytes(), &options, &mut |_| {}).unwrap();
    desk.consented(&officer, "subject-access").await;
    let consent = desk.node.consents(None, 1).unwrap().0[0].terms.consent;
    let report = format!("/officer/reports/{consent}");
    desk.post(&officer, &report, &[]).await;
    let made = desk.get(&officer, &report).await.text;
    let link = made.split("href=\"/officer/disputes/new?").nth(1).unwrap().split('"').next().unwrap();
    let link = link.replace("&amp;", "&");
    let blank = desk.get(&officer, &format!("/officer/disputes/new?{link}")).await;
    assert_eq!(blank.status, 200);
    let mut fields: Vec<(&str, &str)> = link.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let said = format!("I paid it in March. {HOSTILE}");
    fields.extend([("reason", "already-paid"), ("text", said.as_str())]);
    let opened = desk.post(&officer, "/officer/disputes/new", &fields).await;
    let dispute = opened.to.unwrap_or_else(|| panic!("{}", opened.text));
    let shown = desk.get(&officer, &dispute).await;
    assert!(
        shown.text.contains("I paid it in March.") && shown.text.contains("it was repaid"),
        "{}",
        shown.text
    );
    let again = desk.post(&officer, "/officer/disputes/new", &fields).await;
    assert!(again.status == 409 && again.text.contains("in dispute already"), "{}", again.text);
    assert!(again.text.contains("I paid it in March."), "what she said is kept");
    assert!(desk.get(&officer, "/officer/disputes").await.text.contains(&dispute));
    assert_eq!(desk.get(&south, &dispute).await.status, 404, "of another branch");
    let resolve = format!("{dispute}/resolve");
    assert_eq!(desk.post(&south, &resolve, &[("outcome", "taken-back")]).await.status, 404);
    assert_eq!(desk.post(&officer, &resolve, &[("outcome", "taken-back")]).await.status, 303);
    assert!(desk.get(&officer, &dispute).await.text.contains("took it back"));
}
