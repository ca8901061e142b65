//! The signed answer: exact bytes, as they were signed.

use crate::digest::{Digest, hash};
use crate::model::answer::Answer;
use crate::signing::{Signed, SignedObject, VerifyKey};

/// The signed bytes are not an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signed bytes are not an answer of the known form")]
pub struct AnswerFormError;

/// An answer as JSON, the form in which it is signed, kept and handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerDocument(pub Answer);

impl SignedObject for AnswerDocument {
    const DOMAIN: &'static str = "tallystick/answer/v1";
    type Error = AnswerFormError;

    fn parse(bytes: &[u8]) -> Result<Self, AnswerFormError> {
        serde_json::from_slice(bytes).map(Self).map_err(|_| AnswerFormError)
    }
}

/// An answer and its signature.
pub type SignedAnswer = Signed<AnswerDocument>;

/// What an `inquiry-answered` leaf commits to, before it is salted.
pub(super) fn answer_hash(signed: &SignedAnswer) -> Digest {
    hash("tallystick/answer-hash/v1", &[signed.bytes()])
}

/// Verifies an answer and reads it.
pub fn open_answer(signed: &SignedAnswer, key: &VerifyKey) -> Option<Answer> {
    signed.verify(key).ok().map(|document| document.0)
}
