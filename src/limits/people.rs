//! Users, their sign-ins, and what several of them approve.

/// Passwords that are hashed at once: 19 MiB each, and a core of a small machine stays free.
pub const SIGN_INS_AT_ONCE_MAX: usize = 2;
/// Users of one node: a large institution's branches.
pub const USERS_MAX: usize = 10_000;
/// Access tokens of one node, revoked and expired ones among them.
pub const ACCESS_TOKENS_MAX: usize = 1_000;
/// Days for which an access token may be given out: a year, so that whoever holds one is looked at once a year.
pub const ACCESS_TOKEN_DAYS_MAX: u16 = 366;
/// Bytes of the name of a user, a branch or an access token.
pub const USER_NAME_BYTES_MAX: usize = 64;
/// Characters of a password: guessing is slowed by the lock-out, not by length alone.
pub const PASSWORD_CHARACTERS_MIN: usize = 10;
/// Bytes of a password: a long sentence; hashing more would be work for nothing.
pub const PASSWORD_BYTES_MAX: usize = 256;
/// Interventions of others in an account that its user is shown: years of forgotten passwords.
pub const INTERVENTIONS_KEPT_MAX: usize = 16;
/// Failed attempts to sign in under one name before it is locked.
pub const SIGN_IN_FAILURES_MAX: u32 = 5;
/// Seconds of the first lock of a name; each further failure doubles it.
pub const SIGN_IN_LOCK_SECONDS: i64 = 60;
/// Seconds of the longest lock of a name: guessing is hopeless at that pace, and its owner gets in the same day.
pub const SIGN_IN_LOCK_SECONDS_MAX: i64 = 3_600;
/// Seconds after the last failed attempt when those before are forgotten.
pub const SIGN_IN_FORGET_SECONDS: i64 = 86_400;
/// Names that nobody has, of which failed attempts are kept: more than slips of the finger in a day, and a few MiB.
pub const SIGN_IN_STRANGE_NAMES_MAX: usize = 20_000;
/// Seconds without a request after which a session has ended: an officer who talks to a client is not signed out.
pub const SESSION_IDLE_SECONDS_MAX: i64 = 1_800;
/// Seconds after which a session ends whatever happens: a working day.
pub const SESSION_SECONDS_MAX: i64 = 12 * 3_600;
/// Seconds between two notes that a session is in use: a write for each request would be work for nothing.
pub const SESSION_SEEN_SECONDS: i64 = 60;
/// Persons who approve one thing.
pub const APPROVALS_MAX: usize = 8;
/// Characters of the name of a person who records, decides or approves.
pub const PERSON_NAME_CHARS_MAX: usize = 120;
/// Days after which a proposal that not enough persons have approved is over: a week's leave of the one who could.
pub const PROPOSAL_DAYS: i64 = 7;
/// Days for which what came of a proposal can be looked up, without what it was about: a month's reckoning.
pub const PROPOSAL_OUTCOME_DAYS: i64 = 30;
/// Proposals of one proposer in the days for which one waits: more than anybody can look into.
pub const PROPOSALS_PER_PROPOSER_MAX: usize = 500;
/// Proposals on one page of their list.
pub const PROPOSALS_PER_PAGE: usize = 100;
/// Proposals that one request looks through for those of a caller: more than wait anywhere at once, some 20 ms.
pub const PROPOSALS_READ_MAX: usize = 2_000;
/// Characters of a note beside a proposal, or of why it is refused: where the order is filed, and a sentence.
pub const PROPOSAL_NOTE_CHARS_MAX: usize = 500;
/// Kept records that are held in memory at once while all are looked through: each is up to 2 MiB, nearly all a few KiB.
pub const ERASURE_PAGE_RECORDS: usize = 64;
