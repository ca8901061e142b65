//! What happens in a simulation: a list that a seed makes, that prints as it is written, and that can be cut down by
//! hand (`reproduction.rs`).

use tallystick::store::Reopen;

/// A member by its place, from 0.
pub(crate) type Place = u8;

/// One thing that happens. `detail` is the seed of whatever else is to be chosen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Op {
    /// The lender loads a portfolio: loans come, change, go, and move to another person.
    Load { at: Place, detail: u64 },
    /// The lender takes its newest load back out of the book.
    Undo(Place),
    /// One round of publishing.
    Publish(Place),
    /// The feed's state is signed if it is due.
    Sign(Place),
    /// One page of another lender's feed.
    Follow { at: Place, of: Place },
    /// Withdrawals are asked for at every other member.
    Meet(Place),
    /// The witnesses' quorum is gathered.
    Gather(Place),
    /// Every feed is compared with its rows on disk.
    Verify(Place),
    /// All that a node does by itself when some time has passed.
    Tend(Place),
    /// The same at every node that runs.
    TendAll,
    /// A consent is recorded.
    Consent { at: Place, person: u32, uses: u16 },
    /// An inquiry under one of the lender's consents.
    Inquire { at: Place, detail: u64 },
    /// An inquiry about two persons.
    Household { at: Place, detail: u64 },
    /// An earlier inquiry once more, under its transaction.
    Again { at: Place, detail: u64 },
    /// A client presents her code at a member.
    Withdraw { at: Place, detail: u64 },
    /// The lender withdraws a consent of its own.
    WithdrawOwn { at: Place, detail: u64 },
    /// What explains a consent's leaves is destroyed.
    Erase { at: Place, detail: u64 },
    /// The operator signs a newer roster with a newer policy, and follows it.
    NewRoster,
    /// A member fetches another's roster.
    FetchRoster { at: Place, from: Place },
    /// Somebody shows a member an older roster.
    OldRoster { at: Place, detail: u64 },
    /// Seconds pass everywhere.
    Pass(i64),
    /// A member's clock is fast by so many seconds from now on.
    Skew { at: Place, seconds: i64 },
    /// The process ends and starts again.
    Restart { at: Place, how: Reopen },
    /// It starts again on an older roster file.
    RestartOnOldRoster { at: Place },
    /// The process ends.
    Stop(Place),
    /// It starts again; where it runs, the next one that is away.
    Start(Place),
    /// A later write fails, and the process dies of it and comes back.
    Fail { at: Place, write: u64, persisted: bool, how: Reopen },
    /// A write of the next start fails, whatever it is for; then the process starts once more.
    FailAtStart { at: Place, write: u64, persisted: bool },
    /// A later write finds the disk full; the process goes on without writing.
    Full { at: Place, write: u64 },
    /// There is space again, and the process is started again.
    Space(Place),
    /// The member where it happens is killed after so many milliseconds.
    Killed { after: u64, op: Box<Op> },
    /// What lies between two members, in one direction.
    Link { from: Place, to: Place, link: Link },
    /// All links are whole.
    Heal,
    /// A member lies from now on.
    Lie { by: Place, lie: Lie },
    /// Everybody tells the truth.
    Honest,
    /// All at the same time.
    Together(Vec<Op>),
}

/// What lies between two members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Link {
    /// Nothing passes.
    Cut,
    /// Everything takes seconds, sometimes longer than anybody waits.
    Slow,
    /// What is sent first may arrive last.
    Reordered,
    /// Every request arrives twice.
    Doubled,
    /// Some requests never arrive.
    RequestsLost,
    /// Some requests are served, and the reply never arrives.
    RepliesLost,
}

/// How a member lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lie {
    /// Rows are changed on the way out.
    Row,
    /// A row is left out.
    MissingRow,
    /// An older signed state is shown.
    OldState,
    /// The feed's state is signed over another digest.
    OtherState,
    /// Evaluations are wrong, and its log leaf and its checkpoint say the same wrong thing.
    Evaluation,
    /// The proof of an evaluation is another one.
    Proof,
    /// Its checkpoint over what it served is of another log.
    Checkpoint,
    /// It claims to have another number of leaves.
    Size,
    /// It keeps withdrawals back.
    Withdrawals,
    /// It shows the first roster instead of the newest.
    Roster,
    /// It sends leaves of its own log that are not those it signed.
    Leaf,
}

/// Every kind of link, for choosing and counting.
pub(crate) const LINKS: [Link; 6] =
    [Link::Cut, Link::Slow, Link::Reordered, Link::Doubled, Link::RequestsLost, Link::RepliesLost];

/// Every kind of lie.
pub(crate) const LIES: [Lie; 11] = [
    Lie::Row,
    Lie::MissingRow,
    Lie::OldState,
    Lie::OtherState,
    Lie::Evaluation,
    Lie::Proof,
    Lie::Checkpoint,
    Lie::Size,
    Lie::Withdrawals,
    Lie::Roster,
    Lie::Leaf,
];

impl Op {
    /// Where it happens, if at one member.
    pub(crate) fn at(&self) -> Option<Place> {
        match self {
            Self::Undo(at)
            | Self::Publish(at)
            | Self::Sign(at)
            | Self::Meet(at)
            | Self::Gather(at)
            | Self::Verify(at)
            | Self::Tend(at)
            | Self::Stop(at)
            | Self::Start(at)
            | Self::Space(at)
            | Self::Load { at, .. }
            | Self::Follow { at, .. }
            | Self::Consent { at, .. }
            | Self::Inquire { at, .. }
            | Self::Household { at, .. }
            | Self::Again { at, .. }
            | Self::Withdraw { at, .. }
            | Self::WithdrawOwn { at, .. }
            | Self::Erase { at, .. }
            | Self::FetchRoster { at, .. }
            | Self::OldRoster { at, .. }
            | Self::Skew { at, .. }
            | Self::Restart { at, .. }
            | Self::RestartOnOldRoster { at }
            | Self::Fail { at, .. }
            | Self::FailAtStart { at, .. }
            | Self::Full { at, .. } => Some(*at),
            Self::Killed { op, .. } => op.at(),
            Self::Link { .. }
            | Self::Heal
            | Self::Lie { .. }
            | Self::Honest
            | Self::NewRoster
            | Self::Pass(_)
            | Self::TendAll
            | Self::Together(_) => None,
        }
    }

    /// Its name, for counting.
    pub(crate) fn name(&self) -> String {
        let text = format!("{self:?}");
        let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
        text[..end].to_owned()
    }
}
