//! A lender that lies: it writes what it likes into its own log and feed, and asks the key holders itself.

use tallystick::audit::binding::{
    Binding, FootprintRow, HolderResults, LeafBinding, OpenedPoint, OpeningBinding, Revealed,
};
use tallystick::clock::Clock as _;
use tallystick::digest::{Digest, TransactionId, commit};
use tallystick::feed::{NewRow, OwnFeed};
use tallystick::feed_state::{FootprintParts, feeds_commitment, footprint_hash};
use tallystick::model::consent::Purpose;
use tallystick::model::identifier::Identifier;
use tallystick::model::leaf::{EvaluationKind, Leaf, LeafBody, LeafReference, PointsReference};
use tallystick::model::member::MemberId;
use tallystick::model::month::Month;
use tallystick::secret::{SystemEntropy, random_array};
use tallystick::threshold::{
    KeyName, Locator, OpeningPoint, Point, RowContext, SealedRow, blind_header, padding_point, points_digest,
    seal,
};
use tallystick::wire::message::{EvaluateRequest, FeedRow, Reply, Request};

use crate::world::{World, id, row_line};

/// Points of every opening: the smallest size class.
const SIZE: usize = 16;

pub(crate) struct Liar<'w> {
    world: &'w World,
}

pub(crate) const NAME: &str = "lender-c";

pub(crate) fn reference(points: &[Point]) -> PointsReference {
    let count = u32::try_from(points.len()).unwrap();
    PointsReference { count, digest: Digest(points_digest(points)) }
}

impl<'w> Liar<'w> {
    pub(crate) fn new(world: &'w World) -> Self {
        Self { world }
    }

    /// One write: a leaf, rows of the own feed and the state over them, as an honest node makes it.
    pub(crate) fn append(
        &self,
        transaction: TransactionId,
        body: LeafBody,
        rows: Vec<NewRow>,
    ) -> LeafReference {
        let now = self.world.clock.now();
        let network = self.world.roster.network().clone();
        let feed = OwnFeed::open(self.world.store(NAME), network, id(NAME), World::feed_key(NAME)).unwrap();
        let appended = self.world.node(NAME).log().append(Box::new(move |_, batch| {
            let state = feed.publish(rows, None, now, batch)?;
            Ok(vec![Leaf::new(now, transaction, body), Leaf::new(now, transaction, state)])
        }));
        appended.unwrap().leaves[0]
    }

    /// Evaluations of two key holders, which both find everything in order.
    pub(crate) async fn ask(
        &self,
        evaluation: EvaluationKind,
        transaction: TransactionId,
        leaf: LeafReference,
        points: &[Point],
    ) -> Vec<HolderResults> {
        let mut shown = Vec::new();
        for (holder, index) in [("lender-a", 1), ("lender-b", 2)] {
            let mut from = 0;
            let evaluated = loop {
                let update = self.world.node(NAME).log().update_from(from, 1_024).unwrap();
                let request = EvaluateRequest {
                    transaction,
                    evaluation,
                    epoch: 1,
                    generation: 1,
                    leaf,
                    points: points.iter().map(Point::to_bytes).collect(),
                    update,
                };
                match self.world.call(NAME, holder, Request::Evaluate(Box::new(request))).await {
                    Reply::LogSize { have } => from = have,
                    Reply::Evaluated(evaluated) => break evaluated,
                    other => panic!("{holder}: {other:?}"),
                }
            };
            let proof = evaluated.proof.map_or([0; 64], |proof| proof.to_bytes());
            let half = |half: &[u8]| Digest(half.try_into().unwrap());
            shown.push(HolderResults {
                holder: id(holder),
                index,
                results: evaluated.results.into_iter().map(Digest).collect(),
                proof: [half(&proof[..32]), half(&proof[32..])],
            });
        }
        shown
    }

    /// A row of the own feed that anybody can make: sealed to the open key.
    pub(crate) fn seal(&self, locator: Locator) -> NewRow {
        self.seal_as(NAME, locator)
    }

    /// As if it were another lender's.
    pub(crate) fn seal_as(&self, lender: &str, locator: Locator) -> NewRow {
        let entropy = SystemEntropy::new();
        let epoch = self.world.roster.current_epoch().unwrap();
        let key = Point::from_bytes(&epoch.open.public_key.0).unwrap();
        let row_id = random_array(&entropy);
        let context = RowContext {
            network: "test-net",
            epoch: 1,
            lender,
            locator: &locator,
            row_id: &row_id,
            version: 1,
        };
        let sealed = seal(&key, &context, b"whatever", &entropy).unwrap();
        NewRow { epoch: 1, locator, row_id, version: 1, sealed }
    }

    /// The footprint row that an honest node would leave for an identifier.
    pub(crate) fn footprint(&self, identifier: &Identifier) -> NewRow {
        let input = Month::of(self.world.clock.now()).input(identifier);
        self.seal(self.world.locate(KeyName::Footprint, input.expose()))
    }

    /// Opens rows under a consent: logged, footprints left, served by the key holders. What came out of it nobody sees;
    /// the binding tells the whole truth.
    pub(crate) async fn open(
        &self,
        consent: LeafReference,
        rows: Vec<(MemberId, FeedRow)>,
        named: &[NewRow],
        published: Vec<NewRow>,
    ) -> OpeningBinding {
        let entropy = SystemEntropy::new();
        let mut points: Vec<(OpeningPoint, Option<(MemberId, FeedRow)>)> = rows
            .into_iter()
            .map(|(lender, row)| (blind_header(&row.sealed.ephemeral, &entropy), Some((lender, row))))
            .collect();
        while points.len() < SIZE {
            points.push((padding_point(&entropy), None));
        }
        let sent: Vec<Point> = points.iter().map(|(point, _)| point.point()).collect();
        let (salt, transaction) = (random_array(&entropy), TransactionId::random(&entropy));
        let question = "{}".to_owned();
        let body = LeafBody::InquiryOpened {
            consent,
            r#use: 1,
            purpose: Purpose::LoanApplication,
            epoch: 1,
            points: reference(&sent),
            weak: 0,
            footprint: footprint_hash(named.iter().map(|row| FootprintParts {
                locator: &row.locator.0,
                row_id: &row.row_id,
                version: row.version,
                key_commitment: &row.sealed.key_commitment,
            })),
            feeds: feeds_commitment(&salt, &[]),
            question: commit(&salt, "tallystick/question/v1", question.as_bytes()),
        };
        let footprint = named.iter().map(|row| FootprintRow {
            locator: Digest(row.locator.0),
            row_id: TransactionId(row.row_id),
            version: row.version,
            key_commitment: Digest(row.sealed.key_commitment),
        });
        let footprint = footprint.collect();
        let leaf = self.append(transaction, body, published);
        let opened = self.ask(EvaluationKind::Open, transaction, leaf, &sent).await;
        assert_eq!(opened.len(), 2);
        let points = points.into_iter().map(|(point, row)| {
            let secret = Revealed(*point.to_secret_bytes().expose());
            match row {
                Some((lender, row)) => OpenedPoint::Row { secret, lender, row: row_line(&row).into() },
                None => OpenedPoint::Padding { secret },
            }
        });
        OpeningBinding {
            leaf,
            salt: Revealed(salt),
            question,
            feeds: Vec::new(),
            points: points.collect(),
            footprint,
        }
    }

    /// What the liar shows: the node's own binding, with `shown` where the node knows nothing.
    pub(crate) fn bind(&self, shown: LeafBinding) -> Binding {
        let mut binding = self.world.bind(NAME);
        let place = binding.leaves.iter().position(|leaf| leaf.leaf() == shown.leaf()).unwrap();
        assert_eq!(binding.leaves[place], LeafBinding::Nothing { leaf: shown.leaf() });
        binding.leaves[place] = shown;
        binding
    }

    /// Another's R, shifted, under a locator of the liar's choice, with the proof that came with it.
    pub(crate) fn shifted(victim: &FeedRow, locator: Locator) -> NewRow {
        let entropy = SystemEntropy::new();
        let sealed = SealedRow {
            ephemeral: blind_header(&victim.sealed.ephemeral, &entropy).point(),
            ..victim.sealed.clone()
        };
        NewRow { epoch: 1, locator, row_id: random_array(&entropy), version: 1, sealed }
    }

    /// A row as it stands in the liar's feed.
    pub(crate) fn published(&self, row: &NewRow) -> FeedRow {
        self.world.node(NAME).feeds().row(&id(NAME), &row.row_id).unwrap().expect("it was published")
    }
}
