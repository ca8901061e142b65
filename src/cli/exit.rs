//! How a command ends: exit codes, and the one table that maps errors to them.

use std::process::ExitCode;

use super::client::ClientError;
use super::membership::MembershipError;
use crate::config::{ConfigError, HostPortError};
use crate::keyring::KeyringError;

/// Exit codes, as `tally --help` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// 0: what was asked for is done.
    Done = 0,
    /// 1: something broke: a disk, a network, this program.
    Fault = 1,
    /// 2: the command line, a file or an input is not as it must be. clap uses the same.
    Usage = 2,
    /// 3: understood and refused: by a rule, by the policy, by a peer, or by the person who was asked.
    Refused = 3,
    /// 4: done as far as it went: an answer without some members, a load with rejected rows, a check with findings.
    Incomplete = 4,
    /// 10: `tally inquire --exit-verdict` only: a person has to decide.
    Refer = 10,
    /// 11: `tally inquire --exit-verdict` only: the policy says no.
    Decline = 11,
}

/// The list in the help text.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  something broke
  2  the command line, a file or an input is not as it must be
  3  refused: by a rule, a peer, or the person who was asked
  4  incomplete: some members, rows or checks are missing or bad
 10, 11  with `inquire --exit-verdict`: refer, decline";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what was asked.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// The reason, with its sources.
    pub error: anyhow::Error,
}

impl Failure {
    /// A reason in words with its exit code.
    pub fn new(exit: Exit, words: impl std::fmt::Display + std::fmt::Debug + Send + Sync + 'static) -> Self {
        Self { exit, error: anyhow::Error::msg(words) }
    }

    /// Something broke: a reason with its sources.
    pub fn fault(error: anyhow::Error) -> Self {
        Self { exit: Exit::Fault, error }
    }

    /// The reason and its sources in one line; a source that the reason quotes already is not said twice.
    pub fn words(&self) -> String {
        let mut words = self.error.to_string();
        for source in self.error.chain().skip(1).map(ToString::to_string) {
            if !words.contains(&source) {
                words = format!("{words}: {source}");
            }
        }
        words
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = anyhow::Error::new(error);
        Self { exit: exit_of(&error), error }
    }
}

/// The table. What it does not know broke.
fn exit_of(error: &anyhow::Error) -> Exit {
    if let Some(membership) = error.downcast_ref::<MembershipError>() {
        membership.exit()
    } else if let Some(keyring) = error.downcast_ref::<KeyringError>() {
        exit_of_keyring(keyring)
    } else if let Some(client) = error.downcast_ref::<ClientError>() {
        client.exit()
    } else if error.is::<ConfigError>() || error.is::<HostPortError>() {
        Exit::Usage
    } else {
        Exit::Fault
    }
}

/// Of keys at rest: all but what the system said is for the person at the keyboard to mend.
pub(super) fn exit_of_keyring(error: &KeyringError) -> Exit {
    match error {
        KeyringError::Io { source, .. } if source.kind() != std::io::ErrorKind::NotFound => Exit::Fault,
        KeyringError::SealBroken { .. } => Exit::Fault,
        _ => Exit::Usage,
    }
}
