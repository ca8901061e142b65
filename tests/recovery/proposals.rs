//! What waited for approval when a copy was made may have been carried out since: it waits no more.

use tallystick::digest::{Digest, TransactionId};
use tallystick::model::consent::Purpose;
use tallystick::model::leaf::LeafBody;
use tallystick::model::user::{Caller, Role};
use tallystick::node::{Asked, AskedGround, NewProposal, Node, Proposal, ProposalError, ProposalOutcome};
use tallystick::people::{Attempt, NewUser};
use tallystick::secret::SecretVec;

use crate::person::identifier;
use crate::scene::{PERSON, Scene, bodies, head};

fn password() -> SecretVec {
    SecretVec::new(b"a few words each".to_vec())
}

fn admit(node: &Node, name: &str) -> Caller {
    let roles = [Role::Supervisor].into();
    let new =
        NewUser { name: name.to_owned(), roles, branch: None, password: password(), own_password: true };
    let now = node.clock().now();
    node.admit_user(&Caller::local(), &new).unwrap();
    let attempt = Attempt { name, password: &password(), from: None };
    node.people().sign_in(&attempt, None, now).unwrap().present.caller
}

async fn approve(node: &Node, caller: &Caller, id: TransactionId) -> Result<Proposal, ProposalError> {
    let confirmed = node.people().confirm(caller.user.unwrap(), &password(), None, None, node.clock().now());
    node.approve(caller, confirmed.unwrap(), id).await
}

fn on_grounds(node: &Node) -> usize {
    bodies(node).iter().filter(|body| matches!(body, LeafBody::ConsentGiven { ground: Some(_), .. })).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_copy_does_not_carry_out_twice() {
    let mut scene = Scene::new("m-d", &[]).await;
    let node = scene.circle.node("m-d");
    let [first, second] = ["Sok Dara", "Chan Thy"].map(|name| admit(&node, name));
    let asked = AskedGround {
        name: "court-order".to_owned(),
        identifiers: vec![identifier(PERSON)],
        purpose: Purpose::LoanMonitoring,
        from: None,
        until: node.clock().now().plus_seconds(86_400),
        uses: 1,
        weak_matches: false,
        order: Digest([9; 32]),
    };
    let new = NewProposal { asked: Asked::Ground(asked), note: String::new() };
    let id = node.propose(&first, &new).await.unwrap().id;
    node.gather_quorum().await.unwrap();
    scene.had = head(&node);
    scene.copy = scene.circle.copy("m-d");
    approve(&node, &second, id).await.unwrap();
    assert_eq!(on_grounds(&node), 1);
    node.gather_quorum().await.unwrap();
    scene.lost = head(&node);
    drop(node);

    let node = scene.put_back();
    assert!(approve(&node, &second, id).await.is_err(), "nothing is logged before it is known what was");
    assert!(scene.circle.settle_one("m-d").is_settled());
    assert_eq!(on_grounds(&node), 1, "it came back");
    assert!(matches!(approve(&node, &second, id).await, Err(ProposalError::Over)));
    let (dropped, asked) = node.proposal(&first, id).unwrap();
    assert_eq!(dropped.ended.unwrap().outcome, ProposalOutcome::Dropped);
    assert!(asked.is_none());
    assert_eq!(on_grounds(&node), 1);
    scene.check("after an approval").await;
}
