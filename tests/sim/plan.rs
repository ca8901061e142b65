//! From a seed to what happens.

use tallystick::store::Reopen;

use crate::dice::Dice;
use crate::op::{LIES, LINKS, Lie, Op, Place};

/// How many persons there are in the world.
pub(crate) const PERSONS: u32 = 12;

/// Of each so manieth seed the logs are audited in the end. Nothing happens in it that an auditor asks about for good
/// reason: clocks that are wrong by hours, and points that were evaluated for loads that were taken back.
pub(crate) const AUDIT_EACH: u64 = 10;

/// A network and what happens in it.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) members: u8,
    pub(crate) holders: u8,
    pub(crate) threshold: u8,
    pub(crate) ops: Vec<Op>,
}

/// The plan of a seed: 3 to 7 members, of each 50th seed 28.
pub(crate) fn plan(seed: u64) -> Plan {
    let mut dice = Dice::new(seed ^ 0x7a11_7a11);
    let large = seed % 50 == 49;
    let members = if large { 28 } else { u8::try_from(3 + dice.below(5)).unwrap() };
    let holders = u8::try_from(3 + dice.below(u64::from(members.min(5)) - 2)).unwrap();
    // More than half, as the roster demands.
    let least = holders / 2 + 1;
    let threshold = least + u8::try_from(dice.below(u64::from(holders - least) + 1)).unwrap();
    let threshold = threshold.min(holders - 1).max(least);
    let is_audited = seed.is_multiple_of(AUDIT_EACH);
    let mut planner = Planner { dice, members, is_audited, ops: Vec::new() };
    planner.beginnings();
    for _ in 0..if large { 30 } else { 70 } {
        planner.next();
    }
    Plan { members, holders, threshold, ops: planner.ops }
}

struct Planner {
    dice: Dice,
    members: u8,
    is_audited: bool,
    ops: Vec<Op>,
}

impl Planner {
    fn place(&mut self) -> Place {
        u8::try_from(self.dice.below(u64::from(self.members))).unwrap()
    }

    fn other(&mut self, than: Place) -> Place {
        let step = 1 + u8::try_from(self.dice.below(u64::from(self.members) - 1)).unwrap();
        (than + step) % self.members
    }

    /// Some portfolios, and everything at rest.
    fn beginnings(&mut self) {
        for at in 0..self.members {
            if self.dice.chance(80) {
                let detail = self.dice.next();
                self.ops.push(Op::Load { at, detail });
            }
        }
        self.ops.push(Op::TendAll);
    }

    fn next(&mut self) {
        match self.dice.below(100) {
            0..=47 => {
                let op = self.work();
                self.ops.push(op);
            }
            48..=55 => {
                let op = self.together();
                self.ops.push(op);
            }
            56..=62 => self.time(),
            63..=74 => self.process(),
            75..=80 => {
                let (after, op) = (self.dice.below(120), Box::new(self.work()));
                self.ops.push(Op::Killed { after, op });
            }
            81..=89 => self.net(),
            90..=93 => self.roster(),
            _ => self.ops.push(Op::TendAll),
        }
    }

    /// Something that somebody does at a node, or that it does by itself.
    fn work(&mut self) -> Op {
        let (at, detail) = (self.place(), self.dice.next());
        match self.dice.below(100) {
            0..=1 if !self.is_audited => Op::Undo(at),
            0..=13 => Op::Load { at, detail },
            14..=22 => Op::Publish(at),
            23..=25 => Op::Sign(at),
            26..=32 => Op::Follow { at, of: self.other(at) },
            33..=35 => Op::Meet(at),
            36..=38 => Op::Gather(at),
            39..=40 => Op::Verify(at),
            41..=44 => Op::Tend(at),
            45..=52 => {
                let person = u32::try_from(detail % u64::from(PERSONS)).unwrap();
                Op::Consent { at, person, uses: u16::try_from(1 + self.dice.below(3)).unwrap() }
            }
            53..=78 => Op::Inquire { at, detail },
            79..=83 => Op::Household { at, detail },
            84..=88 => Op::Again { at, detail },
            89..=93 => Op::Withdraw { at, detail },
            94..=96 => Op::WithdrawOwn { at, detail },
            _ => Op::Erase { at, detail },
        }
    }

    /// Several at once; a lender does not load and publish at once, for then nobody outside could tell which came first.
    fn together(&mut self) -> Op {
        let mut all = Vec::new();
        for _ in 0..2 + self.dice.below(5) {
            let op = if self.dice.chance(60) {
                let (at, detail) = (self.place(), self.dice.next());
                Op::Inquire { at, detail }
            } else {
                self.work()
            };
            let changes =
                |op: &Op| matches!(op, Op::Load { .. } | Op::Undo(_) | Op::Publish(_) | Op::Tend(_));
            if !(changes(&op) && all.iter().any(|known: &Op| changes(known) && known.at() == op.at())) {
                all.push(op);
            }
        }
        Op::Together(all)
    }

    fn time(&mut self) {
        let seconds = match self.dice.below(10) {
            0..=4 => 60 + self.dice.below(3_000),
            5..=7 => 3_600 * (1 + self.dice.below(20)),
            8 => 86_400 * (1 + self.dice.below(6)),
            _ => 86_400 * 7 * (1 + self.dice.below(3)),
        };
        if self.dice.chance(20) {
            let most = if self.is_audited { 120 } else { 5_400 };
            let (at, off) = (self.place(), i64::try_from(self.dice.below(2 * most)).unwrap());
            let off = off - i64::try_from(most).unwrap();
            self.ops.push(Op::Skew { at, seconds: off });
        }
        self.ops.push(Op::Pass(i64::try_from(seconds).unwrap()));
        if self.dice.chance(85) {
            self.ops.push(Op::TendAll);
        }
    }

    fn how(&mut self) -> Reopen {
        if self.dice.chance(50) {
            Reopen::Killed
        } else {
            Reopen::PowerCut { unsynced_kept: self.dice.place(4) }
        }
    }

    fn process(&mut self) {
        let (at, how) = (self.place(), self.how());
        let op = match self.dice.below(20) {
            0..=3 => Op::Restart { at, how },
            4 => Op::RestartOnOldRoster { at },
            5..=6 => Op::Stop(at),
            7..=9 => Op::Start(at),
            10..=16 => {
                let (write, persisted) = (1 + self.dice.below(6), self.dice.chance(50));
                Op::Fail { at, write, persisted, how }
            }
            17 => Op::FailAtStart { at, write: 1 + self.dice.below(2), persisted: self.dice.chance(50) },
            18 => Op::Full { at, write: 1 + self.dice.below(4) },
            _ => Op::Space(at),
        };
        if let Op::FailAtStart { at, write, persisted } = op {
            // There is something to write at the next start: a load that is interrupted.
            self.ops.push(op);
            self.ops.push(Op::Fail { at, write: 3 + write, persisted, how: Reopen::Killed });
            let detail = self.dice.next();
            return self.ops.push(Op::Load { at, detail });
        }
        self.ops.push(op);
    }

    fn net(&mut self) {
        let from = self.place();
        let to = self.other(from);
        let op = match self.dice.below(10) {
            0..=4 => Op::Link { from, to, link: *self.dice.pick(&LINKS) },
            5..=6 => Op::Heal,
            7..=8 => {
                // The lie that matters most is told most.
                let often = self.dice.chance(20);
                let lie = if often { Lie::Evaluation } else { *self.dice.pick(&LIES) };
                // Only who holds keys can lie about evaluations.
                let by = if matches!(lie, Lie::Evaluation | Lie::Proof | Lie::Checkpoint) {
                    from % 3
                } else {
                    from
                };
                Op::Lie { by, lie }
            }
            _ => Op::Honest,
        };
        self.ops.push(op);
    }

    fn roster(&mut self) {
        let at = self.place();
        let op = match self.dice.below(10) {
            0..=3 => Op::NewRoster,
            4..=7 => Op::FetchRoster { at, from: self.other(at) },
            _ => Op::OldRoster { at, detail: self.dice.next() },
        };
        self.ops.push(op);
    }
}
