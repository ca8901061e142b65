//! Why a connection did not come about, or ended: told apart, because one message for five causes helps nobody.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError, PeerIncompatible};

use super::PeerIdentity;
use crate::clock::UnixTime;
use crate::model::node_identity::NodeIdentityError;

/// Who has to act for the next attempt to succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This node: its configuration, its certificate, its clock, or our own closing.
    Ours,
    /// The peer, or whoever answers at its address.
    Peer,
    /// The way between, or a peer that is down: try again later.
    Network,
    /// The network's operator: certificates and revocation lists.
    Operator,
}

/// Why a peer refused this node's certificate, as far as its alert (RFC 8446, 6.2) says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// certificate_expired, also sent for one that is not yet valid.
    #[error("it finds this node's certificate expired or not yet valid: renew it, or compare both clocks")]
    Expired,
    /// certificate_revoked
    #[error("this node's certificate is revoked")]
    Revoked,
    /// unknown_ca, also sent by a peer whose own revocation list is missing or has expired.
    #[error(
        "it does not know the authority of this node's certificate, or its own revocation list has expired"
    )]
    UnknownAuthority,
    /// certificate_required
    #[error("this node showed no certificate")]
    NoCertificate,
    /// protocol_version or insufficient_security
    #[error("there is no TLS version or cipher in common")]
    Version,
    /// Any other alert.
    #[error("TLS alert {0}")]
    Other(u8),
}

impl Refusal {
    fn of(alert: AlertDescription) -> Self {
        match alert {
            AlertDescription::CertificateExpired => Self::Expired,
            AlertDescription::CertificateRevoked => Self::Revoked,
            AlertDescription::UnknownCA => Self::UnknownAuthority,
            AlertDescription::CertificateRequired => Self::NoCertificate,
            AlertDescription::ProtocolVersion | AlertDescription::InsufficientSecurity => Self::Version,
            other => Self::Other(other.into()),
        }
    }
}

/// What went wrong with a connection. [`fault`](Self::fault) says whose it is.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The roster has no address for the member.
    #[error("no address is known for {member}")]
    NoAddress {
        /// Who was to be reached.
        member: String,
    },
    /// The name service does not know the host.
    #[error("the address {address} cannot be resolved: check its spelling and the name service")]
    NotResolved {
        /// As configured.
        address: String,
    },
    /// A host answers, but nothing listens.
    #[error("{address} refuses connections: the node there is not running, or listens on another port")]
    ConnectionRefused {
        /// Where.
        address: SocketAddr,
    },
    /// No way to the host.
    #[error("{address} cannot be reached ({kind})")]
    Unreachable {
        /// Where.
        address: SocketAddr,
        /// What the operating system says.
        kind: io::ErrorKind,
    },
    /// No connection within the time given: down, or behind a firewall.
    #[error("{address} did not answer within {within:?}: it is down, or a firewall drops the connection")]
    ConnectTimeout {
        /// Where.
        address: String,
        /// The time given.
        within: Duration,
    },
    /// Connected, but the handshake did not end in time.
    #[error("the TLS handshake was not done within {within:?}")]
    HandshakeTimeout {
        /// The time given.
        within: Duration,
    },
    /// The peer closed during the handshake: full, restarting, or not a node.
    #[error(
        "the peer closed the connection during the TLS handshake: it is full or stopping, or is not a node"
    )]
    ClosedInHandshake,
    /// What answers does not speak TLS.
    #[error("what answers there does not speak TLS: is it the right port?")]
    NotTls,
    /// No TLS 1.3.
    #[error("the peer does not speak TLS 1.3")]
    TlsVersion,
    /// A client without a certificate.
    #[error("the peer showed no certificate")]
    NoCertificate,
    /// Out of force by our clock.
    #[error(
        "the peer's certificate expired at {not_after}, and this machine's clock shows {now}: the peer must renew it, unless this clock is fast"
    )]
    CertificateExpired {
        /// Our clock.
        now: UnixTime,
        /// Its end.
        not_after: UnixTime,
    },
    /// Not in force by our clock.
    #[error(
        "the peer's certificate begins at {not_before}, and this machine's clock shows {now}: one of the two clocks is wrong"
    )]
    CertificateNotYetValid {
        /// Our clock.
        now: UnixTime,
        /// Its beginning.
        not_before: UnixTime,
    },
    /// Signed by somebody else, or by nobody.
    #[error(
        "the peer's certificate is not from this network's authority: it belongs to another network, or one side has an old authority certificate"
    )]
    UnknownAuthority,
    /// On the revocation list.
    #[error("the peer's certificate is revoked")]
    Revoked,
    /// The list is too old to be believed; every peer is refused until there is a new one.
    #[error(
        "this node's revocation list expired at {next_update} (clock: {now}), so every peer is refused: fetch the operator's new one"
    )]
    RevocationListExpired {
        /// Our clock.
        now: UnixTime,
        /// When a new one was due.
        next_update: UnixTime,
    },
    /// There is no list from the peer's authority.
    #[error("this node has no revocation list of the authority that issued the peer's certificate")]
    RevocationUnknown,
    /// Another member answered than was dialled.
    #[error(
        "{found} answers where {expected} was dialled: the address in the roster is wrong, or somebody stands in between"
    )]
    WrongMember {
        /// The DNS name that was dialled.
        expected: String,
        /// The names of whoever answered.
        found: String,
    },
    /// A certificate of another network under the same authority.
    #[error("the peer belongs to the network {found}, this node to {expected}")]
    WrongNetwork {
        /// Ours.
        expected: String,
        /// Its.
        found: String,
    },
    /// The certificate does not say who the peer is.
    #[error("the peer's certificate does not identify it: {0}")]
    Identity(#[from] NodeIdentityError),
    /// The peer's certificate is no good in some other way, or its handshake is.
    #[error("the peer failed in TLS: {0}")]
    Tls(rustls::Error),
    /// The peer sent an alert. With TLS 1.3 it may come with the first read after a good handshake.
    #[error("the peer refused this node: {0}")]
    RefusedByPeer(Refusal),
    /// The peer closed before it had said anything.
    #[error(
        "the peer closed the connection before its first answer: it may have refused this node's certificate, be full, or be stopping; its journal says which"
    )]
    ClosedBeforeAnswer,
    /// Closed without TLS's closing message, or inside a frame.
    #[error("the connection was cut{}", if *.inside_frame { " inside a message" } else { "" })]
    Cut {
        /// Whether part of a frame had arrived.
        inside_frame: bool,
    },
    /// Longer than the bound.
    #[error("a message of {bytes} bytes is longer than {bytes_max}")]
    FrameTooLong {
        /// As claimed.
        bytes: usize,
        /// The bound.
        bytes_max: usize,
    },
    /// Shorter than the bound.
    #[error("a message of {bytes} bytes is shorter than {bytes_min}")]
    FrameTooShort {
        /// As claimed.
        bytes: usize,
        /// The bound.
        bytes_min: usize,
    },
    /// No frame for too long.
    #[error("nothing came from the peer for {0:?}")]
    Idle(Duration),
    /// A frame that does not end.
    #[error("a message was not complete after {0:?}")]
    SlowFrame(Duration),
    /// The peer does not take what is sent.
    #[error("the peer did not take a message within {0:?}")]
    SlowPeer(Duration),
    /// Closed by this node: the member is no longer welcome, or the connection was ended from another task.
    #[error("this node closed its connection with {}", .0.member)]
    ClosedHere(PeerIdentity),
    /// This node is stopping; what was begun may be finished, nothing new is read.
    #[error("this node is stopping")]
    Stopping,
    /// A read or write after one that failed or was dropped half way.
    #[error("the connection is no longer in step after an earlier failure")]
    OutOfStep,
    /// Any other failure of the operating system.
    #[error("the connection failed ({0})")]
    Io(io::ErrorKind),
}

impl TransportError {
    /// Who has to act.
    pub fn fault(&self) -> Fault {
        match self {
            Self::NoAddress { .. }
            | Self::NotResolved { .. }
            | Self::RefusedByPeer(_)
            | Self::ClosedHere(_)
            | Self::Stopping
            | Self::OutOfStep => Fault::Ours,
            Self::ConnectionRefused { .. }
            | Self::Unreachable { .. }
            | Self::ConnectTimeout { .. }
            | Self::HandshakeTimeout { .. }
            | Self::ClosedInHandshake
            | Self::ClosedBeforeAnswer
            | Self::Cut { .. }
            | Self::Idle(_)
            | Self::SlowFrame(_)
            | Self::SlowPeer(_)
            | Self::Io(_) => Fault::Network,
            Self::RevocationListExpired { .. } | Self::RevocationUnknown | Self::Revoked => Fault::Operator,
            Self::NotTls
            | Self::TlsVersion
            | Self::NoCertificate
            | Self::CertificateExpired { .. }
            | Self::CertificateNotYetValid { .. }
            | Self::UnknownAuthority
            | Self::WrongMember { .. }
            | Self::WrongNetwork { .. }
            | Self::Identity(_)
            | Self::Tls(_)
            | Self::FrameTooLong { .. }
            | Self::FrameTooShort { .. } => Fault::Peer,
        }
    }

    /// What a failed TCP connect means.
    pub(super) fn connect(address: SocketAddr, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::ConnectionRefused { address },
            kind => Self::Unreachable { address, kind },
        }
    }

    /// What a failed handshake means.
    pub(super) fn handshake(error: &io::Error) -> Self {
        match rustls_error(error) {
            Some(error) => Self::tls(error),
            None => match error.kind() {
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe => Self::ClosedInHandshake,
                kind => Self::Io(kind),
            },
        }
    }

    /// What a failed read or write on an established connection means.
    pub(super) fn established(error: &io::Error, heard_before: bool, inside_frame: bool) -> Self {
        match rustls_error(error) {
            Some(error) => Self::tls(error),
            None => match error.kind() {
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe => {
                    if heard_before {
                        Self::Cut { inside_frame }
                    } else {
                        Self::ClosedBeforeAnswer
                    }
                }
                kind => Self::Io(kind),
            },
        }
    }

    /// What an error of rustls means.
    pub(super) fn tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::AlertReceived(alert) => Self::RefusedByPeer(Refusal::of(*alert)),
            rustls::Error::InvalidCertificate(error) => Self::certificate(error),
            rustls::Error::NoCertificatesPresented => Self::NoCertificate,
            rustls::Error::PeerIncompatible(
                PeerIncompatible::Tls12NotOffered
                | PeerIncompatible::Tls12NotOfferedOrEnabled
                | PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::SupportedVersionsExtensionRequired
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
            ) => Self::TlsVersion,
            rustls::Error::InvalidMessage(_) => Self::NotTls,
            other => Self::Tls(other.clone()),
        }
    }

    fn certificate(error: &CertificateError) -> Self {
        match error {
            CertificateError::ExpiredContext { time, not_after } => {
                Self::CertificateExpired { now: ours(*time), not_after: ours(*not_after) }
            }
            CertificateError::NotValidYetContext { time, not_before } => {
                Self::CertificateNotYetValid { now: ours(*time), not_before: ours(*not_before) }
            }
            CertificateError::ExpiredRevocationListContext { time, next_update } => {
                Self::RevocationListExpired { now: ours(*time), next_update: ours(*next_update) }
            }
            CertificateError::Revoked => Self::Revoked,
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Self::UnknownAuthority,
            CertificateError::UnknownRevocationStatus => Self::RevocationUnknown,
            CertificateError::NotValidForNameContext { expected, presented } => Self::WrongMember {
                expected: expected.to_str().into_owned(),
                found: if presented.is_empty() {
                    "somebody without a name".to_owned()
                } else {
                    presented.join(", ")
                },
            },
            other => Self::Tls(rustls::Error::InvalidCertificate(other.clone())),
        }
    }
}

/// rustls's times are never beyond what a certificate can say.
fn ours(time: rustls::pki_types::UnixTime) -> UnixTime {
    UnixTime(i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}

/// The error of rustls inside one of tokio-rustls.
fn rustls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}
