//! Mutual TLS between the nodes of a network: the one door to rustls.
//!
//! What each boundary may do to us, and what holds it back:
//! - **Anybody who reaches the port** may connect often, connect and say nothing, speak something else, or
//!   close at any moment. Connections are counted, in all and per address; the handshake has a deadline; nothing
//!   is allocated per connection beyond TLS's own buffers.
//! - **A member, or somebody with a member's certificate**, may claim long frames, send them by the drop, read
//!   nothing, or stay for ever, on many connections. Frames have bounds and deadlines, buffers grow with what has
//!   arrived, the connections of a member are counted, and so are the bytes of its large frames over all of them; a
//!   connection is closed when its peer's certificate is revoked, has expired, or when the caller says so:
//!   established connections would outlive all of that.
//! - **A member behind another's address** is found out twice: the dialled DNS name is checked in the handshake,
//!   the URI name after it.
//! - **A relay** ([`Tunnel`]) sees bytes of a connection that it is no end of, and may cut, delay or change them: the ends
//!   authenticate each other within it as they would without.
//! - **The network** may cut, delay and reorder. An end without TLS's closing message is an error, not an end.
//! - **A web server** of the lender's own ([`connect_outside`]) may be somebody else: `outside.rs` says what is believed.
//!
//! TLS 1.3 only, both sides authenticated, the *ring* provider by name. There is no resumption on either side: a
//! resumed session skips the certificates, so that a revoked member comes back in, and somebody who holds a saved
//! session needs no certificate at all. Server names are not sent: a node has one certificate, and the name would
//! tell a listener on the wire who is called.
//!
//! # A trap of TLS 1.3
//! The client is done with the handshake before the server has looked at the client's certificate. A refused
//! client's [`Dialer::dial`] therefore returns `Ok`, and the refusal comes with the first
//! [`Framed::recv`], as [`TransportError::RefusedByPeer`] or [`TransportError::ClosedBeforeAnswer`]. Begin every
//! connection with a hello that the peer answers.

#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice, clippy::as_conversions))]

mod dialer;
mod error;
mod framed;
mod listener;
mod outside;
mod registry;
mod tls;
mod tunnel;
mod web;

#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::limits;

pub use crate::model::node_identity::NodeIdentity as PeerIdentity;
pub use dialer::{Dialer, backoff};
pub use error::{Fault, Refusal, TransportError};
pub use framed::{FrameReader, FrameWriter, Framed, frames_in};
pub use listener::{ListenerCounts, accept};
pub use outside::{OutsideError, OutsideStream, OutsideTrust, connect_outside};
pub use registry::{ConnectionInfo, Connections, Direction};
pub use tls::{PeerTls, TlsIdentity, TlsSetupError, TrustAnchor};
pub use tunnel::{Relayed, Tunnel, accept_through, relay};
pub use web::{WebStream, WebTls};

/// The bounds of connections. [`Default`] is what `limits` says; a test or a small machine may use less.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Longest frame, without its length, in bytes.
    pub frame_bytes_max: usize,
    /// Shortest frame, in bytes.
    pub frame_bytes_min: usize,
    /// Slowest frame, in bytes a second, on top of `frame_base`.
    pub frame_bytes_per_second_min: usize,
    /// What a frame may take however short it is, once begun.
    pub frame_base: Duration,
    /// Silence between frames after which a connection is given up.
    pub idle: Duration,
    /// For the TLS handshake.
    pub handshake: Duration,
    /// Accepted connections at once.
    pub connections_max: usize,
    /// Accepted connections at once from one IPv4 address or IPv6 /64.
    pub connections_per_address_max: usize,
    /// Accepted connections at once from one member.
    pub connections_per_member_max: usize,
    /// What open connections get after a stop was asked for.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_bytes_max: limits::FRAME_BYTES_MAX,
            frame_bytes_min: limits::FRAME_BYTES_MIN,
            frame_bytes_per_second_min: limits::FRAME_BYTES_PER_SECOND_MIN,
            frame_base: Duration::from_secs(limits::REPLY_SECONDS_MAX),
            idle: Duration::from_secs(limits::IDLE_SECONDS_MAX),
            handshake: Duration::from_secs(limits::HANDSHAKE_SECONDS_MAX),
            connections_max: limits::CONNECTIONS_MAX,
            connections_per_address_max: limits::CONNECTIONS_PER_ADDRESS_MAX,
            connections_per_member_max: limits::CONNECTIONS_PER_MEMBER_MAX,
            drain: Duration::from_secs(limits::DRAIN_SECONDS_MAX),
        }
    }
}

impl Limits {
    /// How long a frame of `bytes` may take.
    fn frame_time(&self, bytes: usize) -> Duration {
        let seconds = bytes / self.frame_bytes_per_second_min.max(1);
        self.frame_base.saturating_add(Duration::from_secs(u64::try_from(seconds).unwrap_or(u64::MAX)))
    }
}
