//! A member's request to be admitted: its names, its public keys and a certificate request, signed by each of the
//! keys that sign.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::error::MembershipError;
use super::files;
use super::fingerprint::Fingerprint;
use crate::config::HostPort;
use crate::digest::hash;
use crate::keyring::NodeKeys;
use crate::limits;
use crate::merkle::note::{Algorithm, VerifierKey};
use crate::model::member::{MemberId, NetworkId};
use crate::node::PublicHalf;
use crate::roster::log_origin;
use crate::secret::SecretBytes;
use crate::signing::{Signature, SigningKey};

const DOMAIN: &str = "tallystick/member-request/v1";
const WHAT: &str = "a member's request";

fn copy(seed: &SecretBytes<32>) -> SecretBytes<32> {
    SecretBytes::new(*seed.expose())
}

/// What a member asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestDocument {
    /// Version of this form: 1.
    pub format: u16,
    /// The network that it wants to join.
    pub network: NetworkId,
    /// The short name that it wants.
    pub member: MemberId,
    /// The name to be shown to people. The operator may set another.
    pub name: String,
    /// Where it listens; empty for one that only dials.
    pub addresses: Vec<HostPort>,
    /// Its public keys.
    pub keys: PublicHalf,
    /// PKCS #10, PEM.
    pub certificate_request: String,
}

/// The file: the exact bytes that were signed, and one signature of each signing key over them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestFile {
    request: String,
    answer: Signature,
    feed: Signature,
    log: Signature,
    cosigner: Signature,
}

/// A request whose signatures were verified: whoever made it has the private halves of all four keys.
#[derive(Clone, Debug)]
pub struct MemberRequest {
    document: RequestDocument,
    fingerprint: Fingerprint,
    file: Vec<u8>,
}

impl MemberRequest {
    /// Signs a request with the keys that it names.
    pub fn sign(document: &RequestDocument, keys: &NodeKeys) -> Result<Self, MembershipError> {
        let bytes = serde_json::to_vec(document).expect("a request is plain data");
        // Each key signs the same: what it is for stands in the bytes. `signing` keeps such signatures apart from
        // those of notes.
        let by = |seed: &SecretBytes<32>| SigningKey::from_seed(copy(seed)).sign(DOMAIN, &bytes);
        let file = RequestFile {
            answer: by(keys.answer_seed()),
            feed: by(keys.feed_state_seed()),
            log: by(keys.log_signer_seed()),
            cosigner: by(keys.cosigner_seed()),
            request: STANDARD.encode(&bytes),
        };
        let mut file = serde_json::to_vec_pretty(&file).expect("text and signatures");
        file.push(b'\n');
        Self::verify(file, Path::new("the new request"))
    }

    /// Reads and verifies a request; `path` is for the messages.
    pub fn read(path: &Path) -> Result<Self, MembershipError> {
        Self::verify(files::read_bounded(path, limits::MEMBER_REQUEST_BYTES_MAX)?, path)
    }

    /// Verifies the bytes of a request's file.
    pub fn verify(file: Vec<u8>, path: &Path) -> Result<Self, MembershipError> {
        let form = |problem: String| MembershipError::Form { path: path.to_owned(), what: WHAT, problem };
        let parts: RequestFile = serde_json::from_slice(&file).map_err(|e| form(e.to_string()))?;
        let bytes = STANDARD.decode(&parts.request).map_err(|_| form("not base64 inside".into()))?;
        let document: RequestDocument = serde_json::from_slice(&bytes).map_err(|e| form(e.to_string()))?;
        if document.format != 1 {
            let problem = format!("form {}; this program knows form 1: upgrade it", document.format);
            return Err(form(problem));
        }
        let keys = &document.keys;
        let verifier: &VerifierKey = keys.cosigner_key.as_ref();
        for (which, key, signature) in [
            ("answer", &keys.answer_key, &parts.answer),
            ("feed", &keys.feed_key, &parts.feed),
            ("log", keys.log_key.verify_key(), &parts.log),
            ("cosigner", verifier.verify_key(), &parts.cosigner),
        ] {
            key.verify(DOMAIN, &bytes, signature).map_err(|_| MembershipError::RequestSignature { which })?;
        }
        document.check()?;
        let fingerprint = Fingerprint(hash("tallystick/request-fingerprint/v1", &[&bytes]));
        Ok(Self { document, fingerprint, file })
    }

    /// What it asks for.
    pub fn document(&self) -> &RequestDocument {
        &self.document
    }

    /// What operator and member compare. It covers every byte of the request.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The file, to be kept or sent.
    pub fn file(&self) -> &[u8] {
        &self.file
    }
}

impl RequestDocument {
    fn check(&self) -> Result<(), MembershipError> {
        check_name(&self.name)?;
        check_addresses(&self.addresses)?;
        let wrong = |what, problem: &str| Err(MembershipError::Input { what, problem: problem.to_owned() });
        let (keys, name) = (&self.keys, log_origin(&self.network, &self.member));
        let verifier: &VerifierKey = keys.cosigner_key.as_ref();
        if keys.log_key.name().as_str() != name || verifier.name().as_str() != name {
            return wrong("the request's log and cosigner keys", "are not named after the member's log");
        }
        if keys.log_key.algorithm() != Algorithm::Ed25519 {
            return wrong("the request's log key", "is of another kind");
        }
        let mut distinct =
            [keys.log_key.verify_key(), verifier.verify_key(), &keys.feed_key, &keys.answer_key];
        distinct.sort();
        if distinct.windows(2).any(|pair| pair[0] == pair[1]) {
            return wrong("the request", "has one key for two purposes");
        }
        // A recipient that cannot be encrypted to would be found out only when keys are dealt.
        crate::keyring::encrypt_to(&keys.share_recipient, &crate::secret::SecretVec::default())?;
        crate::ca::request_fingerprint(&self.certificate_request)?;
        Ok(())
    }
}

/// The name that is shown to people: one line, not too long.
pub(in crate::cli) fn check_name(name: &str) -> Result<(), MembershipError> {
    let most = limits::MEMBER_NAME_CHARS_MAX;
    let good = !name.trim().is_empty() && name.chars().count() <= most && !name.chars().any(char::is_control);
    if good {
        Ok(())
    } else {
        let problem = format!("1 to {most} characters on one line");
        Err(MembershipError::Input { what: "the name shown to people", problem })
    }
}

fn check_addresses(addresses: &[HostPort]) -> Result<(), MembershipError> {
    let most = limits::ADDRESSES_PER_MEMBER_MAX;
    if addresses.len() > most {
        return Err(MembershipError::Input { what: "--address", problem: format!("at most {most}") });
    }
    if addresses.iter().any(|address| address.port() == 0) {
        let problem = "port 0 cannot be dialled; give the port that peers reach".to_owned();
        return Err(MembershipError::Input { what: "--address", problem });
    }
    Ok(())
}
