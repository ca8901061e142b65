//! What became of an earlier inquiry.

use super::Node;
use super::answer::SignedAnswer;
use super::consent::ConsentError;
use crate::digest::TransactionId;

/// An earlier inquiry.
#[derive(Clone, Debug)]
pub enum Recalled {
    /// It was answered; the very answer.
    Answered(Box<SignedAnswer>),
    /// It has opened rows and has no answer yet.
    Unfinished,
    /// Nothing was opened under that transaction.
    Unknown,
}

impl Node {
    /// What became of the inquiry of that transaction. Asks nobody.
    pub fn recall(&self, transaction: TransactionId) -> Result<Recalled, ConsentError> {
        Ok(match self.inquiry_record(transaction)? {
            None => Recalled::Unknown,
            Some(record) => match record.answer {
                Some((answer, _)) => Recalled::Answered(Box::new(answer)),
                // The answer of a household goes when one of its persons is erased; nobody can go on from there.
                None if record.is_erased() => Recalled::Unknown,
                None => Recalled::Unfinished,
            },
        })
    }
}
