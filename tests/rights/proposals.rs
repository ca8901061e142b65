//! Lawful grounds and erasures that one person proposes and others approve, each as herself.

use std::sync::Arc;

use tallystick::digest::{ConsentId, Digest, TransactionId};
use tallystick::limits::{
    PROPOSAL_DAYS, PROPOSAL_OUTCOME_DAYS, PROPOSALS_PER_PROPOSER_MAX, SIGN_IN_FAILURES_MAX,
};
use tallystick::model::consent::Purpose;
use tallystick::model::leaf::{Access, ErasureGround, LeafBody};
use tallystick::model::user::{Caller, Role};
use tallystick::node::{
    Asked, AskedGround, ConsentError, EraseError, ErasureRequest, NewProposal, Node, Proposal, ProposalError,
    ProposalOutcome, Whom,
};
use tallystick::people::{Attempt, Confirmed, NewToken, NewUser, SignInError, UserChange};
use tallystick::secret::SecretVec;
use tallystick::store::{FaultPlan, Reopen, Store};

use crate::support::{self, Solo};
use crate::{consent, identifier, leaves, places, policy, today};

const HERS: &str = "kh-nid:010203040";
const DAY: i64 = 86_400;

fn solo() -> Solo {
    Solo::new(&policy(), today())
}

fn memory() -> Store {
    Store::memory(&support::tables()).unwrap()
}

fn secret(text: &str) -> SecretVec {
    SecretVec::new(text.as_bytes().to_vec())
}

const PASSWORD: &str = "a few words each";

/// A user, signed in.
pub(crate) fn admit(node: &Node, name: &str, role: Role, branch: Option<&str>) -> Caller {
    let roles = [role].into();
    let new = NewUser {
        name: name.to_owned(),
        roles,
        branch: branch.map(str::to_owned),
        password: secret(PASSWORD),
        own_password: true,
    };
    node.admit_user(&Caller::local(), &new).unwrap();
    signed_in(node, name)
}

fn signed_in(node: &Node, name: &str) -> Caller {
    let attempt = Attempt { name, password: &secret(PASSWORD), from: None };
    node.people().sign_in(&attempt, None, node.clock().now()).unwrap().present.caller
}

fn confirmed(node: &Node, caller: &Caller) -> Confirmed {
    let user = caller.user.unwrap();
    node.people().confirm(user, &secret(PASSWORD), None, None, node.clock().now()).unwrap()
}

async fn approve(node: &Node, caller: &Caller, id: TransactionId) -> Result<Proposal, ProposalError> {
    node.approve(caller, confirmed(node, caller), id).await
}

/// An officer of the north and two supervisors.
fn people(node: &Node) -> [Caller; 3] {
    [
        admit(node, "Sok Dara", Role::LoanOfficer, Some("north")),
        admit(node, "Chan Thy", Role::Supervisor, None),
        admit(node, "Vann Molyka", Role::Supervisor, None),
    ]
}

fn ground(node: &Node) -> NewProposal {
    let asked = AskedGround {
        name: "court-order".to_owned(),
        identifiers: vec![identifier(HERS)],
        purpose: Purpose::LoanMonitoring,
        from: None,
        until: node.clock().now().plus_seconds(3 * DAY),
        uses: 1,
        weak_matches: false,
        order: Digest([9; 32]),
    };
    NewProposal { asked: Asked::Ground(asked), note: "file 7 of the court".to_owned() }
}

fn erasure(whom: Whom, ground: ErasureGround) -> NewProposal {
    let order = (ground == ErasureGround::Order).then_some(Digest([12; 32]));
    NewProposal { asked: Asked::Erasure { whom, ground, order }, note: String::new() }
}

fn hers() -> Whom {
    Whom::Person(vec![identifier(HERS)])
}

fn recorded(proposal: &Proposal) -> ConsentId {
    match proposal.ended.as_ref().map(|ended| &ended.outcome) {
        Some(ProposalOutcome::Recorded { consent }) => *consent,
        other => panic!("{other:?}"),
    }
}

fn outcome(node: &Node, caller: &Caller, id: TransactionId) -> Option<ProposalOutcome> {
    node.proposal(caller, id).unwrap().0.ended.map(|ended| ended.outcome)
}

fn given(node: &Node) -> usize {
    places(node, |body| matches!(body, LeafBody::ConsentGiven { .. })).len()
}

/// What the leaves of one transaction say, in order.
fn story(node: &Node, id: TransactionId) -> Vec<String> {
    let leaves = leaves(node, 0).into_iter().filter(|leaf| leaf.transaction == id);
    leaves
        .map(|leaf| match leaf.body {
            LeafBody::Accessed { access, .. } => format!("{access:?}"),
            LeafBody::ConsentGiven { .. } => "given".to_owned(),
            LeafBody::Erasure { .. } => "erased".to_owned(),
            other => format!("{other:?}"),
        })
        .filter(|said| !said.starts_with("EvaluationServed"))
        .collect()
}

#[tokio::test]
async fn a_ground_is_recorded_when_another_person_approves() {
    let node = solo().start(memory());
    let [officer, supervisor, _] = people(&node);
    let proposed = node.propose(&officer, &ground(&node)).await.unwrap();
    assert!(proposed.by_person && proposed.ended.is_none());
    assert_eq!(given(&node), 0);
    assert_eq!(node.proposals_waiting_for(&supervisor).unwrap().found, 1);
    assert_eq!(
        node.proposals_waiting_for(&officer).unwrap().found,
        0,
        "who cannot approve waits for nothing"
    );
    let (_, asked) = node.proposal(&supervisor, proposed.id).unwrap();
    let asked = asked.unwrap();
    let Asked::Ground(shown) = &asked.asked else { panic!("{asked:?}") };
    assert_eq!(
        (shown.identifiers.clone(), asked.note.as_str()),
        (vec![identifier(HERS)], "file 7 of the court")
    );
    assert!(!format!("{asked:?}").contains("file 7"), "what was typed is not printed");
    let colleague = admit(&node, "Keo Phala", Role::LoanOfficer, Some("north"));
    let (seen, asked) = node.proposal(&colleague, proposed.id).unwrap();
    assert!(asked.is_none() && seen == proposed, "a colleague knows of it and not whom it is about");

    let done = approve(&node, &supervisor, proposed.id).await.unwrap();
    let view = node.consent(&recorded(&done)).unwrap();
    assert!(view.located);
    let named = |caller: &Caller| format!("{} ({})", caller.name, caller.user.unwrap());
    let shown = view.ground.unwrap();
    assert_eq!(
        (shown.name.as_str(), shown.approved_by),
        ("court-order", vec![named(&officer), named(&supervisor)])
    );
    assert_eq!(view.officer, named(&officer));
    // Whoever proposed finds it; what was asked is gone, and it is not done again.
    let (found, asked) = node.proposal(&officer, proposed.id).unwrap();
    assert_eq!((&found, asked.is_none()), (&done, true));
    assert!(matches!(approve(&node, &supervisor, proposed.id).await, Err(ProposalError::Over)));
    assert_eq!((given(&node), node.proposals_waiting_for(&supervisor).unwrap().found), (1, 0));
    assert_eq!(
        story(&node, proposed.id),
        ["Proposed", "ProposalRead", "ProposalRead", "Approved", "given", "ProposalRead"]
    );
    let text: Vec<String> =
        leaves(&node, 0).iter().map(|leaf| String::from_utf8(leaf.to_bytes()).unwrap()).collect();
    assert!(!text.concat().contains("Sok Dara") && !text.concat().contains("file 7"));
    assert_eq!(node.log().verify().unwrap(), node.log().head().size);
}

#[tokio::test]
async fn one_user_is_one_person_however_she_comes() {
    let node = solo().start(memory());
    let [officer, supervisor, second] = people(&node);
    // Her own, and under another session of hers.
    let own = node.propose(&supervisor, &ground(&node)).await.unwrap().id;
    let again = signed_in(&node, "Chan Thy");
    for caller in [&supervisor, &again] {
        assert!(matches!(approve(&node, caller, own).await, Err(ProposalError::Own)));
        assert!(matches!(node.refuse_proposal(caller, own, "no").await, Err(ProposalError::Own)));
        assert_eq!(node.proposals_waiting_for(caller).unwrap().found, 0);
    }
    // Without the right; and with somebody else's confirmation.
    assert!(matches!(approve(&node, &officer, own).await, Err(ProposalError::NoRight(_))));
    let of_second = confirmed(&node, &second);
    assert!(matches!(node.approve(&supervisor, of_second, own).await, Err(ProposalError::NoRight(_))));
    assert_eq!(given(&node), 0);

    // A token, and the node's own socket, propose and count for nobody.
    let now = node.clock().now();
    let new = NewToken {
        name: "core banking".to_owned(),
        scope: supervisor.rights.clone(),
        branch: Some("north".to_owned()),
        expires: now.plus_seconds(DAY),
    };
    let token = node.issue_token(&Caller::local(), &new).unwrap();
    let token = String::from_utf8(token.secret.expose().to_vec()).unwrap();
    let system = node.people().token_caller(&token, now).unwrap().unwrap();
    let wrong = node.people().confirm(system.user.unwrap(), &secret(PASSWORD), None, None, now);
    assert!(matches!(wrong, Err(SignInError::Refused)), "a token is nobody who confirms");
    for proposer in [system, Caller::local()] {
        let id = node.propose(&proposer, &ground(&node)).await.unwrap().id;
        let first = approve(&node, &supervisor, id).await.unwrap();
        assert!(!first.by_person && first.ended.is_none() && first.approved.len() == 1);
        for caller in [&supervisor, &again] {
            assert!(matches!(approve(&node, caller, id).await, Err(ProposalError::Twice)));
        }
        let before = given(&node);
        recorded(&approve(&node, &second, id).await.unwrap());
        assert_eq!(given(&node), before + 1);
    }
}

#[tokio::test]
async fn who_was_dismissed_meanwhile_is_no_person_any_more() {
    let node = solo().start(memory());
    let [officer, supervisor, second] = people(&node);
    let id = node.propose(&officer, &ground(&node)).await.unwrap().id;
    let gone = UserChange { enabled: Some(false), ..UserChange::default() };
    node.change_user(&Caller::local(), officer.user.unwrap(), &gone).unwrap();
    assert!(approve(&node, &supervisor, id).await.unwrap().ended.is_none());
    let less = UserChange { roles: Some([Role::DataClerk].into()), ..UserChange::default() };
    node.change_user(&Caller::local(), supervisor.user.unwrap(), &less).unwrap();
    assert!(approve(&node, &second, id).await.unwrap().ended.is_none(), "nobody but her is left");
    let third = admit(&node, "Keo Phala", Role::Supervisor, None);
    recorded(&approve(&node, &third, id).await.unwrap());
}

#[tokio::test]
async fn confirming_takes_what_signing_in_takes() {
    let solo = solo();
    let node = solo.start(memory());
    let [_, supervisor, second] = people(&node);
    let confirm = |caller: &Caller, password: &str, code: Option<&str>| {
        node.people().confirm(caller.user.unwrap(), &secret(password), code, None, node.clock().now())
    };
    assert_eq!(confirm(&supervisor, PASSWORD, None).unwrap().user(), supervisor.user.unwrap());
    for _ in 0..SIGN_IN_FAILURES_MAX {
        assert!(matches!(confirm(&supervisor, "guess after guess", None), Err(SignInError::Refused)));
    }
    assert!(matches!(confirm(&supervisor, PASSWORD, None), Err(SignInError::Locked { .. })));
    let attempt = Attempt { name: "Chan Thy", password: &secret(PASSWORD), from: None };
    let new = node.people().sign_in(&attempt, None, node.clock().now());
    assert!(matches!(new, Err(SignInError::Locked { .. })), "it counts as an attempt to sign in");
    // With a second factor, its code.
    let user = second.user.unwrap();
    let made = node.people().new_second_factor(user, "test-net").unwrap();
    let text = String::from_utf8(made.base32.expose().to_vec()).unwrap();
    let bytes = totp_rs::Secret::Encoded(text).to_bytes().unwrap();
    let totp = totp_rs::TOTP::new_unchecked(totp_rs::Algorithm::SHA1, 6, 0, 30, bytes);
    let code = |at: i64| totp.generate(u64::try_from(node.clock().now().0 + at).unwrap());
    node.people().confirm_second_factor(user, &code(0), node.clock().now()).unwrap();
    solo.clock.advance(60);
    assert!(matches!(confirm(&second, PASSWORD, None), Err(SignInError::CodeNeeded)));
    assert!(matches!(confirm(&second, "guess after guess", Some(&code(0))), Err(SignInError::Refused)));
    assert!(confirm(&second, PASSWORD, Some(&code(0))).is_ok());
    assert!(matches!(confirm(&second, PASSWORD, Some(&code(0))), Err(SignInError::Refused)), "once");
}

#[tokio::test]
async fn another_branch_does_not_see_it() {
    let node = solo().start(memory());
    let [officer, supervisor, _] = people(&node);
    let south = admit(&node, "Keo Phala", Role::LoanOfficer, Some("south"));
    // Somebody who approves for one branch alone: no role does, a right may.
    let mut of_south = south.clone();
    of_south.rights.insert(tallystick::model::user::Right::Approve);
    let mine = node.record_consent(consent(&node, &[HERS])).await.unwrap().consent;
    let id = node.propose(&officer, &ground(&node)).await.unwrap().id;
    for caller in [&south, &of_south] {
        assert!(matches!(node.proposal(caller, id), Err(ProposalError::Unknown)));
        assert!(node.proposals(caller, None).unwrap().0.is_empty());
        assert!(matches!(node.take_proposal_back(caller, id).await, Err(ProposalError::Unknown)));
    }
    assert_eq!(node.proposals_waiting_for(&of_south).unwrap().found, 0);
    assert!(matches!(approve(&node, &of_south, id).await, Err(ProposalError::Unknown)));
    assert!(matches!(node.refuse_proposal(&of_south, id, "no").await, Err(ProposalError::Unknown)));
    assert_eq!(node.proposals(&supervisor, None).unwrap().0.len(), 1);
    // Nor is an erasure proposed of a consent that is not there for her.
    let of_consent = erasure(Whom::Consent(mine), ErasureGround::Order);
    let refused = node.propose(&officer, &of_consent).await;
    assert!(matches!(refused, Err(ProposalError::Consent(ConsentError::Unknown(_)))), "{refused:?}");
    assert!(node.propose(&supervisor, &of_consent).await.is_ok());
    let auditor = admit(&node, "Prak Sophea", Role::Auditor, None);
    assert!(matches!(node.proposals(&auditor, None), Err(ProposalError::NoRight(_))));
    assert!(matches!(node.propose(&auditor, &ground(&node)).await, Err(ProposalError::NoRight(_))));
}

#[tokio::test]
async fn what_the_policy_does_not_allow_is_not_proposed() {
    let node = solo().start(memory());
    let [officer, ..] = people(&node);
    let size = node.log().head().size;
    let of_ground = |change: fn(&mut AskedGround)| {
        let mut new = ground(&node);
        let Asked::Ground(asked) = &mut new.asked else { panic!() };
        change(asked);
        new
    };
    let weak = Whom::Person(vec![identifier("phone:+85512345678")]);
    let nobody = Whom::Person(Vec::new());
    let mut no_order = erasure(hers(), ErasureGround::Order);
    let Asked::Erasure { order, .. } = &mut no_order.asked else { panic!() };
    *order = None;
    for (field, new) in [
        ("purpose", of_ground(|asked| asked.name = "tax-office".to_owned())),
        ("purpose", of_ground(|asked| asked.purpose = Purpose::LoanApplication)),
        ("identifiers", of_ground(|asked| asked.identifiers.clear())),
        ("uses", of_ground(|asked| asked.uses = 0)),
        ("until", of_ground(|asked| asked.until = tallystick::clock::UnixTime(0))),
        ("order", no_order),
        ("identifiers", erasure(nobody, ErasureGround::ClientRequest)),
    ] {
        match node.propose(&officer, &new).await {
            Err(ProposalError::Consent(ConsentError::NotAllowed { field: said, .. })) => {
                assert_eq!(said, field);
            }
            other => panic!("{field}: {other:?}"),
        }
    }
    let refused = node.propose(&officer, &erasure(weak, ErasureGround::ClientRequest)).await;
    assert!(matches!(refused, Err(ProposalError::Erase(EraseError::Weak(_)))));
    let long = NewProposal { note: "a".repeat(501), ..ground(&node) };
    assert!(matches!(node.propose(&officer, &long).await, Err(ProposalError::Text { field: "note", .. })));
    assert_eq!(node.log().head().size, size);
}

#[tokio::test]
async fn it_is_refused_with_a_reason_or_taken_back_by_who_proposed() {
    let node = solo().start(memory());
    let [officer, supervisor, second] = people(&node);
    let id = node.propose(&officer, &ground(&node)).await.unwrap().id;
    for bad in ["", "  ", &"a".repeat(501), "\u{1b}[2J"] {
        let refused = node.refuse_proposal(&supervisor, id, bad).await;
        assert!(matches!(refused, Err(ProposalError::Text { field: "reason", .. })));
    }
    assert!(matches!(node.refuse_proposal(&officer, id, "no").await, Err(ProposalError::NoRight(_))));
    assert!(matches!(node.take_proposal_back(&supervisor, id).await, Err(ProposalError::NotOwn)));
    node.refuse_proposal(&supervisor, id, "the order is another court's").await.unwrap();
    let (found, asked) = node.proposal(&officer, id).unwrap();
    let ended = found.ended.unwrap();
    assert_eq!(ended.by.unwrap().user, supervisor.user);
    let reason = "the order is another court's".to_owned();
    assert_eq!((ended.outcome, asked.is_none()), (ProposalOutcome::Refused { reason }, true));
    assert!(matches!(approve(&node, &second, id).await, Err(ProposalError::Over)));
    let id = node.propose(&officer, &ground(&node)).await.unwrap().id;
    node.take_proposal_back(&officer, id).await.unwrap();
    assert_eq!(outcome(&node, &supervisor, id), Some(ProposalOutcome::TakenBack));
    assert!(matches!(approve(&node, &second, id).await, Err(ProposalError::Over)));
    assert_eq!(story(&node, id), ["Proposed", "ProposalEnded", "ProposalRead"]);
    assert_eq!(given(&node), 0);
}

#[tokio::test]
async fn it_ends_after_days_and_is_forgotten_after_a_month() {
    let solo = solo();
    let node = solo.start(memory());
    let [officer, supervisor, _] = people(&node);
    let id = node.propose(&officer, &ground(&node)).await.unwrap().id;
    let advance = |days: i64| solo.clock.advance(days * DAY);
    advance(PROPOSAL_DAYS - 1);
    node.forget_proposals().unwrap();
    assert!(node.proposal(&supervisor, id).unwrap().1.is_some());
    advance(1);
    assert!(matches!(approve(&node, &supervisor, id).await, Err(ProposalError::Over)));
    assert!(node.proposal(&supervisor, id).unwrap().1.is_none(), "before the housekeeping has come by");
    assert_eq!(node.proposals_waiting_for(&supervisor).unwrap().found, 0);
    node.forget_proposals().unwrap();
    assert_eq!(outcome(&node, &officer, id), Some(ProposalOutcome::Expired));
    advance(PROPOSAL_OUTCOME_DAYS);
    node.forget_proposals().unwrap();
    assert!(node.proposal(&officer, id).is_ok());
    advance(1);
    node.forget_proposals().unwrap();
    assert!(matches!(node.proposal(&officer, id), Err(ProposalError::Unknown)));
    assert!(node.proposals(&officer, None).unwrap().0.is_empty());
    assert_eq!(given(&node), 0);
}

#[tokio::test]
async fn the_list_has_pages_and_a_bound() {
    let solo = solo();
    let node = solo.start(memory());
    let [officer, supervisor, _] = people(&node);
    let mut made = Vec::new();
    for _ in 0..PROPOSALS_PER_PROPOSER_MAX {
        made.push(node.propose(&officer, &erasure(hers(), ErasureGround::Order)).await.unwrap().id);
        solo.clock.advance(1);
    }
    let more = node.propose(&officer, &ground(&node)).await;
    assert!(matches!(more, Err(ProposalError::TooMany)));
    assert!(node.propose(&supervisor, &ground(&node)).await.is_ok(), "one does not fill the list for all");
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = node.proposals(&officer, after).unwrap();
        listed.extend(page.into_iter().filter(|one| one.is_of(officer.user)).map(|one| one.id));
        after = next;
        if after.is_none() {
            break;
        }
    }
    made.reverse();
    assert_eq!(listed, made, "the newest first");
    solo.clock.advance(PROPOSAL_DAYS * DAY + 1);
    assert!(node.propose(&officer, &ground(&node)).await.is_ok());
}

#[tokio::test]
async fn an_erasure_takes_what_was_proposed_about_her_along() {
    let node = solo().start(memory());
    let [officer, supervisor, _] = people(&node);
    let mine = node.record_consent(consent(&node, &[HERS])).await.unwrap().consent;
    let look_up = node.propose(&officer, &ground(&node)).await.unwrap().id;
    let of_consent = erasure(Whom::Consent(mine), ErasureGround::Order);
    let of_consent = node.propose(&supervisor, &of_consent).await.unwrap().id;
    let his = Whom::Person(vec![identifier("kh-nid:999888777")]);
    let his = node.propose(&officer, &erasure(his, ErasureGround::Order)).await.unwrap().id;
    let id = node.propose(&officer, &erasure(hers(), ErasureGround::Order)).await.unwrap().id;
    approve(&node, &supervisor, id).await.unwrap();
    let erased = ProposalOutcome::Erased {
        consents: 1,
        inquiries: 0,
        batches: 0,
        disputes: 0,
        too_young: 0,
        rest_from: None,
    };
    assert_eq!(outcome(&node, &officer, id), Some(erased));
    assert!(node.consent(&mine).is_err());
    for dropped in [look_up, of_consent] {
        assert_eq!(outcome(&node, &supervisor, dropped), Some(ProposalOutcome::Dropped));
    }
    assert!(node.proposal(&officer, his).unwrap().1.is_some(), "another's stays");
    assert_eq!(story(&node, id), ["Proposed", "Approved", "erased", "ProposalRead"]);
    // Nothing else is kept about her, and a proposal goes all the same.
    let look_up = node.propose(&officer, &ground(&node)).await.unwrap().id;
    let approved_by = ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec();
    let order = Some(Digest([12; 32]));
    let by_socket = ErasureRequest { whom: hers(), ground: ErasureGround::Order, order, approved_by };
    let erased = node.erase(by_socket.clone()).await.unwrap();
    assert_eq!((erased.proposals, erased.leaves.len()), (1, 0));
    assert_eq!(outcome(&node, &officer, look_up), Some(ProposalOutcome::Dropped));
    assert!(matches!(node.erase(by_socket).await, Err(EraseError::Nothing)));
}

#[tokio::test]
async fn what_cannot_be_carried_out_stays_with_its_reason() {
    let node = solo().start(memory());
    let [officer, supervisor, second] = people(&node);
    let id = node.propose(&officer, &erasure(hers(), ErasureGround::Order)).await.unwrap().id;
    let nothing = approve(&node, &supervisor, id).await;
    assert!(matches!(nothing, Err(ProposalError::Erase(EraseError::Nothing))));
    let (kept, asked) = node.proposal(&officer, id).unwrap();
    assert!(kept.trouble.unwrap().contains("nothing is kept") && asked.is_some());
    for caller in [&supervisor, &second] {
        assert_eq!(node.proposals_waiting_for(caller).unwrap().found, 1, "she can try again");
    }
    let mine = node.record_consent(consent(&node, &[HERS])).await.unwrap().consent;
    // The policy's number is reached: who has approved tries again, and is no further person.
    let done = approve(&node, &supervisor, id).await.unwrap();
    assert_eq!((done.approved.len(), done.trouble), (1, None));
    assert!(matches!(done.ended.unwrap().outcome, ProposalOutcome::Erased { consents: 1, .. }));
    assert!(node.consent(&mine).is_err());
    // Too young for the client's own request.
    node.record_consent(consent(&node, &[HERS])).await.unwrap();
    let id = node.propose(&officer, &erasure(hers(), ErasureGround::ClientRequest)).await.unwrap().id;
    let young = approve(&node, &supervisor, id).await;
    assert!(matches!(young, Err(ProposalError::Erase(EraseError::TooYoung(_)))));
    node.refuse_proposal(&second, id, "not before 2029").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_who_approve_at_once_do_it_once() {
    let node = solo().start(memory());
    let [officer, supervisor, second] = people(&node);
    for _ in 0..4 {
        let before = given(&node);
        let id = node.propose(&officer, &ground(&node)).await.unwrap().id;
        let steps = [&supervisor, &second].map(|caller| {
            let (node, caller, confirmed) = (Arc::clone(&node), caller.clone(), confirmed(&node, caller));
            let runtime = tokio::runtime::Handle::current();
            // As the console does it.
            let step = move || runtime.block_on(node.approve(&caller, confirmed, id));
            tokio::task::spawn_blocking(step)
        });
        let [first, other] = steps;
        let done = [first.await.unwrap(), other.await.unwrap()];
        assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1, "{done:?}");
        assert_eq!(done.iter().filter(|one| matches!(one, Err(ProposalError::Over))).count(), 1);
        assert_eq!(given(&node), before + 1);
    }
}

/// A crash at every write of an approval, before it is on the disk and after: in the end it was carried out once.
async fn crash_everywhere(propose: fn(&Node) -> NewProposal, done: fn(&LeafBody) -> bool) {
    let tables = support::tables();
    let mut write = 1;
    loop {
        let mut was_whole = false;
        for persisted in [false, true] {
            let solo = solo();
            let backend = Arc::new(Store::memory_backend(&tables).unwrap());
            let node = solo.start(Store::with_backend(backend.clone(), &tables).unwrap());
            let [officer, supervisor, second] = people(&node);
            node.record_consent(consent(&node, &[HERS])).await.unwrap();
            let before = places(&node, done).len();
            let id = node.propose(&officer, &propose(&node)).await.unwrap().id;
            let step = confirmed(&node, &supervisor);
            backend.fail(FaultPlan { write, persisted, disk_full: false });
            was_whole = node.approve(&supervisor, step, id).await.is_ok() && !node.store_failed();
            drop(node);
            let backend = Arc::new(backend.reopen(&tables, Reopen::PowerCut { unsynced_kept: 0 }));
            let node = solo.start(Store::with_backend(backend, &tables).unwrap());
            let carried_out = places(&node, done).len() - before;
            let ended = outcome(&node, &officer, id).is_some();
            assert_eq!(carried_out, usize::from(ended), "write {write}, persisted {persisted}");
            // Whoever is there goes on, and nothing happens twice.
            let again = approve(&node, &second, id).await;
            assert_eq!(again.is_ok(), !ended, "write {write}, persisted {persisted}: {again:?}");
            assert_eq!(places(&node, done).len() - before, 1, "write {write}, persisted {persisted}");
            assert!(matches!(approve(&node, &supervisor, id).await, Err(ProposalError::Over)));
            assert_eq!(node.log().verify().unwrap(), node.log().head().size);
        }
        if was_whole {
            break;
        }
        write += 1;
    }
    assert!(write > 2, "an approval is logged, and carried out: {write}");
}

#[tokio::test]
async fn a_ground_is_recorded_once_whatever_write_fails() {
    crash_everywhere(ground, |body| matches!(body, LeafBody::ConsentGiven { .. })).await;
}

#[tokio::test]
async fn an_erasure_is_done_once_whatever_write_fails() {
    let by_order = |_: &Node| erasure(hers(), ErasureGround::Order);
    crash_everywhere(by_order, |body| matches!(body, LeafBody::Erasure { .. })).await;
}

#[tokio::test]
async fn every_step_is_logged_before_it_is_told() {
    let node = solo().start(memory());
    let [officer, supervisor, _] = people(&node);
    let read = |from: u64| -> Vec<Access> {
        let said = leaves(&node, from).into_iter().filter_map(|leaf| match leaf.body {
            LeafBody::Accessed { access, .. } => Some(access),
            _ => None,
        });
        said.collect()
    };
    let id = node.propose(&officer, &ground(&node)).await.unwrap().id;
    let from = node.log().head().size;
    node.proposals(&supervisor, None).unwrap();
    node.proposal(&supervisor, id).unwrap();
    // What was not shown was not read.
    let stranger = admit(&node, "Keo Phala", Role::LoanOfficer, Some("south"));
    assert!(node.proposal(&stranger, id).is_err());
    assert_eq!(read(from), [Access::ProposalRead, Access::ProposalRead]);
    assert_eq!(read(from - 1).first(), Some(&Access::Proposed));
}

#[tokio::test]
async fn what_is_being_erased_is_not_proposed_about() {
    let node = solo().start(memory());
    let [officer, supervisor, _] = people(&node);
    let mine = node.for_caller(&officer).record_consent(consent(&node, &[HERS])).await.unwrap().consent;
    // While the log is looked at, the erasure waits with its write.
    let (end, until_the_end) = std::sync::mpsc::channel::<()>();
    let looking = Arc::clone(&node);
    let (begin, begun) = std::sync::mpsc::channel();
    let looking = std::thread::spawn(move || {
        looking.log().still(|_| {
            begin.send(()).unwrap();
            until_the_end.recv().unwrap_err();
        });
    });
    begun.recv().unwrap();
    let (erasing, runtime) = (Arc::clone(&node), tokio::runtime::Handle::current());
    let erasing = tokio::task::spawn_blocking(move || {
        let approved_by = ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec();
        let (whom, ground) = (Whom::Consent(mine), ErasureGround::Order);
        let request = ErasureRequest { whom, ground, order: Some(Digest([12; 32])), approved_by };
        runtime.block_on(erasing.erase(request))
    });
    let a_while = std::time::Duration::from_millis(100);
    let nothing = TransactionId([0; 16]);
    while let Ok(decided) = tokio::time::timeout(a_while, node.take_proposal_back(&officer, nothing)).await {
        assert!(matches!(decided, Err(ProposalError::Unknown)) && !erasing.is_finished());
    }
    let (proposing, runtime) = (Arc::clone(&node), tokio::runtime::Handle::current());
    let proposing = tokio::task::spawn_blocking(move || {
        let new = erasure(Whom::Consent(mine), ErasureGround::Order);
        runtime.block_on(proposing.propose(&officer, &new))
    });
    tokio::time::sleep(a_while).await;
    assert!(!erasing.is_finished() && !proposing.is_finished());
    drop(end);
    looking.join().unwrap();
    assert_eq!(erasing.await.unwrap().unwrap().consents, 1);
    let proposed = proposing.await.unwrap();
    let unknown = ProposalError::Consent(ConsentError::Unknown(mine));
    assert_eq!(proposed.unwrap_err().to_string(), unknown.to_string());
    assert_eq!(node.proposals(&supervisor, None).unwrap().0, []);
}
