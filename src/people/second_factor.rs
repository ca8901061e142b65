//! A second factor: codes of six digits by time (RFC 6238, SHA-1, 30 seconds), as every authenticator app makes them.

use serde::{Deserialize, Serialize};
use totp_rs::{Algorithm, TOTP};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{People, PeopleError, SignInError};
use crate::clock::UnixTime;
use crate::model::user::UserId;
use crate::secret::{SecretVec, random_array};
use crate::store::StoreBatch;

/// Seconds of one code.
const STEP_SECONDS: i64 = 30;

/// A secret as it is kept.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct Secret {
    bytes: [u8; 20],
    /// Whether a code of it was shown: until then it is not asked for.
    pub(super) confirmed: bool,
    /// Step of the last code that was taken: no code is taken twice (RFC 6238, 5.2).
    last_step: i64,
}

/// A new secret, to be put into an authenticator app. Shown this once.
#[derive(Debug)]
pub struct NewSecret {
    /// The secret in base 32, as it is typed in.
    pub base32: SecretVec,
    /// `otpauth://` address of it, as the app reads it from a QR code.
    pub address: SecretVec,
}

#[cfg(test)]
impl NewSecret {
    /// What an authenticator app that has read it shows at `time`.
    pub(crate) fn code_at(&self, time: UnixTime) -> String {
        let base32 = String::from_utf8(self.base32.expose().to_vec()).expect("base 32 is text");
        let bytes = totp_rs::Secret::Encoded(base32).to_bytes().expect("it is of our own making");
        let bytes = bytes.try_into().expect("a secret has 20 bytes");
        totp(&bytes).generate(u64::try_from(time.0).unwrap_or(0))
    }
}

fn totp(bytes: &[u8; 20]) -> TOTP {
    TOTP::new_unchecked(Algorithm::SHA1, 6, 0, STEP_SECONDS.unsigned_abs(), bytes.to_vec())
}

impl Secret {
    /// The step of a code that fits now, the one before or the next, and was not taken yet.
    fn step_of(&self, code: &str, now: UnixTime) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let totp = totp(&self.bytes);
        let step_now = now.0.div_euclid(STEP_SECONDS);
        (step_now - 1..=step_now + 1).filter(|step| *step > self.last_step).find(|step| {
            let at = u64::try_from(step * STEP_SECONDS).unwrap_or(0);
            // Constant time, as `check` with no skew is.
            totp.check(&digits, at)
        })
    }

    /// Takes a code. None leaves the secret as it was.
    pub(super) fn take(&mut self, code: &str, now: UnixTime) -> Option<()> {
        self.last_step = self.step_of(code, now)?;
        self.confirmed = true;
        Some(())
    }
}

impl People {
    /// Makes a second factor for a user, in place of one that was never confirmed. It is asked for once
    /// [`People::confirm_second_factor`] has seen a code of it.
    pub fn new_second_factor(&self, user: UserId, issuer: &str) -> Result<NewSecret, PeopleError> {
        let _writer = self.writer();
        let mut kept = self.kept(user)?.ok_or(PeopleError::Unknown("user"))?;
        if kept.second_factor.as_ref().is_some_and(|secret| secret.confirmed) {
            let why = "there is one already; an administrator can take it away".to_owned();
            return Err(PeopleError::Invalid { field: "second_factor", why });
        }
        let bytes = random_array(&*self.entropy);
        let base32 = totp(&bytes).get_secret_base32();
        let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let (issuer, name) = (plain(issuer), plain(&kept.name));
        let address = format!("otpauth://totp/{issuer}:{name}?secret={base32}&issuer={issuer}");
        kept.second_factor = Some(Secret { bytes, confirmed: false, last_step: 0 });
        let mut batch = StoreBatch::new();
        self.put_user(user, &kept, &mut batch);
        self.commit(batch)?;
        Ok(NewSecret {
            base32: SecretVec::new(base32.into_bytes()),
            address: SecretVec::new(address.into_bytes()),
        })
    }

    /// Takes the first code of a new second factor: from now on one is asked for. A wrong one counts like a wrong password.
    pub fn confirm_second_factor(&self, user: UserId, code: &str, now: UnixTime) -> Result<(), SignInError> {
        let _writer = self.writer();
        let mut kept = self.kept(user)?.ok_or(PeopleError::Unknown("user"))?;
        let name = self.name_key(&kept.name);
        if let Some(until) = self.locked_until(&name, now)? {
            return Err(SignInError::Locked { seconds: until.seconds_since(now) });
        }
        let taken = kept.second_factor.as_mut().and_then(|secret| secret.take(code, now));
        let mut batch = StoreBatch::new();
        if taken.is_some() {
            self.put_user(user, &kept, &mut batch);
            return Ok(self.commit(batch)?);
        }
        self.count_failure(&name, now, &mut batch)?;
        self.commit(batch)?;
        tracing::warn!(%user, "a code of a new second factor was wrong");
        Err(SignInError::Refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, SHA-1; the last six of its eight digits.
        let bytes = *b"12345678901234567890";
        for (time, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            let mut secret = Secret { bytes, confirmed: false, last_step: 0 };
            assert!(secret.take(code, UnixTime(time)).is_some(), "{time}");
            assert!(secret.confirmed);
            assert!(secret.take(code, UnixTime(time)).is_none(), "a code is taken once");
        }
    }

    #[test]
    fn a_code_fits_a_minute_and_a_half() {
        let secret = Secret { bytes: *b"12345678901234567890", confirmed: true, last_step: 0 };
        for (time, fits) in
            [(1_111_111_109 + 30, true), (1_111_111_109 - 30, true), (1_111_111_109 + 61, false)]
        {
            assert_eq!(secret.step_of("081804", UnixTime(time)).is_some(), fits, "{time}");
        }
    }
}
