//! What was erased after a copy was made comes back with the copy, and is erased again.

use tallystick::model::leaf::ErasureGround;
use tallystick::node::{ConsentError, ErasureRequest, Whom};

use crate::person::identifier;
use crate::scene::{PERSON, Scene, head};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_copy_does_not_undo_an_erasure() {
    let mut scene = Scene::new("m-d", &[]).await;
    let node = scene.circle.node("m-d");
    let request = ErasureRequest {
        whom: Whom::Person(vec![identifier(PERSON)]),
        ground: ErasureGround::Order,
        order: Some(tallystick::digest::Digest([12; 32])),
        approved_by: ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec(),
    };
    let erased = node.erase(request).await.unwrap();
    assert_eq!((erased.consents, erased.inquiries, erased.batches), (1, 1, 1), "{erased:?}");
    node.gather_quorum().await.unwrap();
    scene.lost = head(&node);
    drop(node);

    let node = scene.put_back();
    assert!(node.consent(&scene.spent).is_ok(), "the copy has what was erased");
    assert!(scene.circle.settle_one("m-d").is_settled());
    assert!(matches!(node.consent(&scene.spent), Err(ConsentError::Unknown(_))), "erased again");
    for leaf in erased.leaves {
        assert_eq!(node.erasure_of(leaf.of.index).unwrap(), Some(leaf));
    }
    let recovered = node.recovered().unwrap().unwrap();
    assert_eq!(recovered.erase_again, [0; 0], "its consent told which points of the batch were hers");
    scene.check("after an erasure").await;
}
