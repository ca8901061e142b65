//! Look-ups without consent and erasures: proposed by one, approved by another under her own sign-in.

use super::support::{Desk, HOSTILE, QUESTION, TOKEN, Visitor, with_rights};
use crate::limits::SIGN_IN_FAILURES_MAX;
use crate::model::leaf::{Access, Leaf, LeafBody};
use crate::model::user::{Caller, Right, Role};
use crate::people::{Attempt, NewUser};
use crate::secret::SecretVec;

const PASSWORD: &str = "a few words each";

/// A user of the node, signed in.
fn admit(desk: &Desk, name: &str, role: Role, branch: Option<&str>) -> Visitor {
    let password = || SecretVec::new(PASSWORD.as_bytes().to_vec());
    let (roles, branch) = ([role].into(), branch.map(str::to_owned));
    let new = NewUser { name: name.to_owned(), roles, branch, password: password(), own_password: true };
    let (people, now) = (desk.node.people(), desk.node.clock().now());
    desk.node.admit_user(&Caller::local(), &new).unwrap();
    let caller = people
        .sign_in(&Attempt { name, password: &password(), from: None }, None, now)
        .unwrap()
        .present
        .caller;
    Visitor { caller, language: "en" }
}

fn ground(note: &str) -> [(&'static str, &str); 7] {
    [
        ("csrf", TOKEN),
        ("ground", "court-order"),
        ("purpose", "loan-monitoring"),
        ("identifier-kh-nid", "០១២ ៣៤៥ ៦៧៨"),
        ("days", "30"),
        ("uses", "1"),
        ("note", note),
    ]
}

/// Proposes a look-up; gives the path of the proposal.
async fn proposed(desk: &Desk, visitor: &Visitor) -> String {
    let fields = ground("file 7 of the court");
    let made = desk.upload(visitor, "/approvals/ground", &fields, "order.pdf", b"an order").await;
    made.to.unwrap_or_else(|| panic!("{} {}", made.status, made.text))
}

fn accesses(desk: &Desk) -> Vec<Access> {
    let leaves = desk.node.log().leaves(0, 1_000).unwrap();
    let read = leaves.iter().filter_map(|bytes| match Leaf::from_bytes(bytes).unwrap().body {
        LeafBody::Accessed { access, .. } => Some(access),
        _ => None,
    });
    read.collect()
}

#[tokio::test]
async fn one_proposes_a_look_up_and_another_approves_without_a_script() {
    let desk = Desk::new(1);
    let officer = admit(&desk, "Sok Dara", Role::LoanOfficer, Some("north"));
    let supervisor = admit(&desk, "Chan Thy", Role::Supervisor, None);
    let form = desk.get(&officer, "/approvals/ground").await;
    assert!(form.text.contains("court-order") && form.text.contains("Watching a running loan"));
    assert!(desk.get(&officer, "/officer").await.text.contains("href=\"/approvals\""));
    let one = proposed(&desk, &officer).await;

    // The proposer sees it and cannot approve it; the supervisor is told on every page.
    let own = desk.get(&officer, &one).await.text;
    assert!(own.contains("/take-back\"") && !own.contains("/approve\""), "{own}");
    assert!(!own.contains("Approvals (1)"), "{own}");
    let colleague = admit(&desk, "Keo Phala", Role::LoanOfficer, Some("north"));
    let hers = desk.get(&colleague, &one).await.text;
    assert!(hers.contains("waits for approval") && !hers.contains("012345678"), "{hers}");
    assert!(!hers.contains("/take-back\"") && !hers.contains("/approve\""), "{hers}");
    assert!(desk.get(&supervisor, "/officer").await.text.contains(">Approvals (1)</a>"));
    let list = desk.get(&supervisor, "/approvals").await.text;
    assert!(
        list.contains(&one) && list.contains("It waits for you.") && !list.contains("012345678"),
        "{list}"
    );
    let seen = desk.get(&supervisor, &one).await.text;
    let hash = hex::encode(ring::digest::digest(&ring::digest::SHA256, b"an order"));
    for said in [
        "012345678",
        "file 7 of the court",
        "court-order – Demonstration policy",
        &hash,
        "Sok Dara (",
        "You are person 2 of 2.",
    ] {
        assert!(seen.contains(said), "{said} in\n{seen}");
    }
    assert!(!seen.contains("name=\"code\""), "she has no second factor");
    let compare = format!("{one}/compare");
    for (file, said) in
        [(&b"an order"[..], "It is the file that"), (b"another order", "It is not the file that")]
    {
        let compared = desk.upload(&supervisor, &compare, &[("csrf", TOKEN)], "copy.pdf", file).await;
        assert!(compared.status == 200 && compared.text.contains(said), "{}", compared.text);
    }
    let nothing = desk.upload(&supervisor, &compare, &[("csrf", TOKEN)], "", b"").await;
    assert!(nothing.status == 422 && nothing.text.contains("Nothing was compared"), "{}", nothing.text);
    let hidden = desk.upload(&colleague, &compare, &[("csrf", TOKEN)], "copy.pdf", b"an order").await;
    assert!(!hidden.text.contains("It is the file that"), "who sees nothing of it learns nothing of it");

    let approve = format!("{one}/approve");
    for wrong in ["", "guess after guess"] {
        let refused = desk.post(&supervisor, &approve, &[("password", wrong)]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("Nothing was approved") && refused.text.contains("012345678"));
    }
    assert!(desk.node.consents(None, 10).unwrap().0.is_empty());
    let done = desk.post(&supervisor, &approve, &[("password", PASSWORD)]).await;
    assert_eq!(done.to.as_deref(), Some(&*one), "{}", done.text);
    let consent = desk.node.consents(None, 10).unwrap().0[0].terms.consent;
    for visitor in [&officer, &supervisor] {
        let shown = desk.get(visitor, &one).await.text;
        assert!(shown.contains(&format!("/officer/consents/{consent}")), "{shown}");
        assert!(shown.contains("approved and recorded") && !shown.contains("012345678"), "{shown}");
    }
    let again = desk.post(&supervisor, &approve, &[("password", PASSWORD)]).await;
    assert_eq!(again.status, 409);
    assert!(again.text.contains("This was decided already"), "{}", again.text);
    assert_eq!(desk.node.consents(None, 10).unwrap().0.len(), 1);
    assert!(!desk.get(&supervisor, "/officer").await.text.contains("Approvals (1)"));

    // The proposer asks under it.
    let page = desk.get(&officer, &format!("/officer/consents/{consent}")).await.text;
    let user = supervisor.caller.user.unwrap();
    assert!(page.contains("She did not consent") && page.contains(&format!("Chan Thy ({user})")), "{page}");
    let begun = desk.post(&officer, &format!("/officer/consents/{consent}/ask"), &[]).await.to.unwrap();
    let asked = desk.post(&officer, &begun, &QUESTION).await;
    assert_eq!(asked.status, 303, "{}", asked.text);
    let answer = desk.get(&officer, &asked.to.unwrap()).await.text;
    assert!(answer.contains("WITHOUT CONSENT") && answer.contains("court-order"), "{answer}");
    let said = accesses(&desk);
    let steps: Vec<Access> =
        said.into_iter().filter(|one| matches!(one, Access::Proposed | Access::Approved)).collect();
    assert_eq!(steps, [Access::Proposed, Access::Approved], "each once");
}

#[tokio::test]
async fn guessing_at_an_approval_locks_the_name() {
    let desk = Desk::new(1);
    let officer = admit(&desk, "Sok Dara", Role::LoanOfficer, Some("north"));
    let supervisor = admit(&desk, "Chan Thy", Role::Supervisor, None);
    let approve = format!("{}/approve", proposed(&desk, &officer).await);
    for _ in 0..SIGN_IN_FAILURES_MAX {
        assert_eq!(desk.post(&supervisor, &approve, &[("password", "guess after guess")]).await.status, 422);
    }
    let locked = desk.post(&supervisor, &approve, &[("password", PASSWORD)]).await;
    assert_eq!(locked.status, 429);
    assert!(locked.text.contains("Too many attempts"), "{}", locked.text);
    assert!(desk.node.consents(None, 10).unwrap().0.is_empty());
}

#[tokio::test]
async fn nobody_approves_alone_or_without_the_sessions_token() {
    let desk = Desk::new(1);
    let supervisor = admit(&desk, "Chan Thy", Role::Supervisor, None);
    let second = admit(&desk, "Vann Molyka", Role::Supervisor, None);
    let south = admit(&desk, "Keo Phala", Role::LoanOfficer, Some("south"));
    let one = proposed(&desk, &supervisor).await;
    let (approve, password) = (format!("{one}/approve"), ("password", PASSWORD));
    let own = desk.post(&supervisor, &approve, &[password]).await;
    assert_eq!(own.status, 409);
    assert!(own.text.contains("needs another person"), "{}", own.text);
    for token in ["", "wrong"] {
        let fields = [("csrf", token), password];
        for step in ["approve", "refuse", "take-back"] {
            assert_eq!(desk.post_bare(&second, &format!("{one}/{step}"), &fields).await.status, 403);
        }
    }
    assert_eq!(desk.post(&south, &approve, &[password]).await.status, 403, "without the right");
    for path in [one.clone(), "/approvals/x".to_owned(), format!("/approvals/{}", "0".repeat(32))] {
        assert_eq!(desk.get(&south, &path).await.status, 404, "{path}");
    }
    assert!(!desk.get(&south, "/approvals").await.text.contains(&one));
    let mut of_south = south.clone();
    of_south.caller.rights.insert(Right::Approve);
    assert_eq!(desk.post(&of_south, &approve, &[password]).await.status, 404, "another branch's");
    assert!(desk.node.consents(None, 10).unwrap().0.is_empty());
    let nobody = with_rights(&[Right::Inquire]);
    for path in ["/approvals", "/approvals/ground", "/approvals/erasure", &one] {
        assert_eq!(desk.get(&nobody, path).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn a_proposal_is_refused_with_a_reason_or_taken_back() {
    let desk = Desk::new(1);
    let officer = admit(&desk, "Sok Dara", Role::LoanOfficer, Some("north"));
    let supervisor = admit(&desk, "Chan Thy", Role::Supervisor, None);
    let one = proposed(&desk, &officer).await;
    let refuse = format!("{one}/refuse");
    let long = "a".repeat(501);
    for bad in ["", &long] {
        let again = desk.post(&supervisor, &refuse, &[("reason", bad)]).await;
        assert_eq!(again.status, 422);
        assert!(again.text.contains(bad) && again.text.contains("cannot be proposed or decided like this"));
    }
    let done = desk.post(&supervisor, &refuse, &[("reason", HOSTILE)]).await;
    assert_eq!(done.to.as_deref(), Some(&*one));
    let shown = desk.get(&officer, &one).await.text;
    assert!(shown.contains("refused") && !shown.contains("012345678"), "{shown}");
    let one = proposed(&desk, &officer).await;
    let other = desk.post(&supervisor, &format!("{one}/take-back"), &[]).await;
    assert_eq!(other.status, 409);
    let back = desk.post(&officer, &format!("{one}/take-back"), &[]).await;
    assert_eq!(back.to.as_deref(), Some(&*one));
    assert!(desk.get(&officer, &one).await.text.contains("taken back"));
    assert!(desk.get(&officer, "/approvals").await.text.contains("Nothing waits."));
}

#[tokio::test]
async fn a_wrong_form_comes_back_with_what_was_typed() {
    let desk = Desk::new(1);
    let officer = admit(&desk, "Sok Dara", Role::LoanOfficer, Some("north"));
    let without_order = desk.upload(&officer, "/approvals/ground", &ground(HOSTILE), "", b"").await;
    assert_eq!(without_order.status, 422);
    assert!(without_order.text.contains("Choose the file of the order"), "{}", without_order.text);
    let mut wrong = ground("");
    wrong[1].1 = "tax-office";
    wrong[3].1 = "12";
    let again = desk.upload(&officer, "/approvals/ground", &wrong, "a.pdf", b"an order").await;
    assert!(again.status == 422 && again.text.contains("value=\"12\""), "{}", again.text);
    wrong[3].1 = "012 345 678";
    let again = desk.upload(&officer, "/approvals/ground", &wrong, "a.pdf", b"an order").await;
    assert!(again.status == 422 && again.text.contains("no ground tax-office"), "{}", again.text);
    let erasure = [("csrf", TOKEN), ("ground", "order"), ("identifier-kh-nid", "012 345 678")];
    let again = desk.upload(&officer, "/approvals/erasure", &erasure, "", b"").await;
    assert!(again.status == 422 && again.text.contains("value=\"012 345 678\""), "{}", again.text);
    let forged = [("csrf", "wrong"), ("ground", "order"), ("identifier-kh-nid", "012 345 678")];
    assert_eq!(desk.upload(&officer, "/approvals/erasure", &forged, "a", b"x").await.status, 403);
    let unknown = format!("/approvals/erasure?consent={}", "0".repeat(32));
    assert_eq!(desk.get(&officer, &unknown).await.status, 200);
    let unknown = [("csrf", TOKEN), ("ground", "client-request"), ("consent", &"0".repeat(32))];
    assert_eq!(desk.upload(&officer, "/approvals/erasure", &unknown, "", b"").await.status, 404);
    assert!(accesses(&desk).is_empty());
}

#[tokio::test]
async fn an_erasure_is_proposed_from_the_consents_page() {
    let desk = Desk::new(1);
    let officer = admit(&desk, "Sok Dara", Role::LoanOfficer, Some("north"));
    let supervisor = admit(&desk, "Chan Thy", Role::Supervisor, None);
    desk.consented(&officer, "loan-application").await;
    let consent = desk.node.consents(None, 1).unwrap().0[0].terms.consent;
    let page = desk.get(&officer, &format!("/officer/consents/{consent}")).await.text;
    let form = format!("/approvals/erasure?consent={consent}");
    assert!(page.contains(&form));
    let blank = desk.get(&officer, &form).await.text;
    assert!(blank.contains(&format!("name=\"consent\" value=\"{consent}\"")), "{blank}");
    let id = consent.to_string();
    let young = [("csrf", TOKEN), ("ground", "client-request"), ("consent", &id)];
    let one = desk.upload(&officer, "/approvals/erasure", &young, "", b"").await.to.unwrap();
    let refused = desk.post(&supervisor, &format!("{one}/approve"), &[("password", PASSWORD)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("This cannot be erased"), "{}", refused.text);
    // It stays, with the reason, for whoever looks next; and it can be tried again.
    let stays = desk.get(&officer, &one).await.text;
    assert!(
        stays.contains("approved, not carried out") && stays.contains("could not be carried out"),
        "{stays}"
    );
    assert!(desk.get(&supervisor, &one).await.text.contains("/approve\""));
    let by_order = [("csrf", TOKEN), ("ground", "order"), ("consent", &id)];
    let two =
        desk.upload(&officer, "/approvals/erasure", &by_order, "order.pdf", b"an order").await.to.unwrap();
    let done = desk.post(&supervisor, &format!("{two}/approve"), &[("password", PASSWORD)]).await;
    assert_eq!(done.to.as_deref(), Some(&*two), "{}", done.text);
    assert!(desk.node.consent(&consent).is_err());
    let shown = desk.get(&officer, &two).await.text;
    assert!(shown.contains("approved and erased") && shown.contains("Consents erased"), "{shown}");
    assert!(
        desk.get(&officer, &one).await.text.contains("erased meanwhile"),
        "what was about it went with it"
    );
}

#[tokio::test]
async fn every_language_has_these_pages() {
    let desk = Desk::new(1);
    let mut officer = admit(&desk, "Sok Dara", Role::LoanOfficer, Some("north"));
    let mut supervisor = admit(&desk, "Chan Thy", Role::Supervisor, None);
    let one = proposed(&desk, &officer).await;
    for language in ["en", "km", "az", "fr", "es"] {
        officer.language = language;
        supervisor.language = language;
        for path in ["/approvals", "/approvals/ground", "/approvals/erasure", &one] {
            for visitor in [&officer, &supervisor] {
                let seen = desk.get(visitor, path).await;
                assert_eq!(seen.status, 200);
                assert!(
                    !seen.text.contains("approval-"),
                    "{language} {path}: a text is missing\n{}",
                    seen.text
                );
            }
        }
    }
}
