//! Frames and connections between members, and what is asked over them.

/// Largest peer frame. A full evaluation batch is 32 KiB of points, a full page of leaves or rows about 1 MiB.
pub const FRAME_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Smallest peer frame: a codec discriminant. An empty frame is a mistake or a probe.
pub const FRAME_BYTES_MIN: usize = 1;
/// Points in one evaluation or opening. 1,024 cost a core 52 to 85 ms, so a peer cannot hold it longer.
pub const POINTS_PER_BATCH_MAX: usize = 1024;
/// Connections that a node accepts at once, beyond which a newcomer is turned away.
pub const CONNECTIONS_MAX: usize = 1_024;
/// Connections that a node accepts at once from one member: no member takes all of [`CONNECTIONS_MAX`], from however many
/// addresses.
pub const CONNECTIONS_PER_MEMBER_MAX: usize = 256;
/// Bytes from which a frame counts as large: what a connection may have in memory without asking.
pub const LARGE_FRAME_BYTES: usize = 64 * 1024;
/// Bytes of large frames of one member in memory at once, over its connections: four of the largest. Others of it wait, for
/// as long as a frame may take.
pub const LARGE_FRAMES_BYTES_PER_MEMBER_MAX: usize = 4 * FRAME_BYTES_MAX;
/// Requests of one member that are worked on at once; others of it wait. An evaluation holds a core for up to 85 ms.
pub const REQUESTS_PER_MEMBER_MAX: usize = 8;
/// Refused evaluations of one member that are logged in a day, each with a write to the disk. Later ones are refused
/// alike.
pub const REFUSALS_LOGGED_PER_DAY_MAX: u64 = 1_000;
/// Seconds within which a TLS handshake and the hello must be done.
pub const HANDSHAKE_SECONDS_MAX: u64 = 10;
/// Seconds that a peer's reply may take.
pub const REPLY_SECONDS_MAX: u64 = 20;
/// Connections on which a member that listens nowhere stands by at each relay, unless a call is on its way to one.
pub const LINES_STANDING_BY: usize = 3;
/// Connections that may stand by at a relay for one member: its own, and those of a process that went before.
pub const LINES_PER_MEMBER_MAX: usize = 8;
/// Seconds that a member stands by before it says so again: routers forget connections that are silent for minutes.
pub const STAND_BY_SECONDS: u16 = 25;
/// Seconds that a relay waits for a member to stand by before it tells a caller that there is nobody: it may just have been
/// called by others.
pub const REACH_SECONDS_MAX: u64 = 4;
/// Calls through a relay at once by one member, and to one member: each takes the relay two connections.
pub const CALLS_PER_MEMBER_MAX: usize = 128;
/// Calls through a relay by one member to one other in a minute: each takes a connection on which the other stands by, which
/// it has to make again. Kept connections carry many requests.
pub const CALLS_PER_PAIR_AND_MINUTE_MAX: u32 = 30;
/// Calls through a relay at once by one member to one other: nobody takes all the calls that a member can get.
pub const CALLS_PER_PAIR_MAX: usize = 8;
/// Seconds after which an idle connection is probed.
pub const KEEPALIVE_SECONDS: u64 = 20;
/// Seconds of silence after which a connection is closed.
pub const IDLE_SECONDS_MAX: u64 = 90;
/// Seconds within which one key holder must have helped, catching up with the log included, before the next is asked.
pub const HOLDER_SECONDS_MAX: u64 = 30;
/// Connections that a node accepts from one address (IPv4) or /64 (IPv6): a hub and the members behind it
/// share one, and a single stranger must not take all of [`CONNECTIONS_MAX`]. Two members behind one address that hold keys
/// and listen nowhere have some 100 at a relay: others' calls come over connections of theirs.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 256;
/// Slowest frame that is waited for, once its first byte came or while it is written: a 2G link still does it.
pub const FRAME_BYTES_PER_SECOND_MIN: usize = 4 * 1024;
/// Seconds that open connections may go on after a stop was asked for.
pub const DRAIN_SECONDS_MAX: u64 = 10;
/// Seconds between two attempts to reach a peer, at most.
pub const REDIAL_SECONDS_MAX: u64 = 30;
/// Seconds that one member may take to say how much of a log it has seen: a dial and a round trip on a slow link.
pub const ASKED_SECONDS_MAX: u64 = 8;
