//! Tokens: made of a random number and a time, with a tag that this node alone can make. Nothing is kept, so that a token
//! outlives a restart, as its holder expects.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::credentials::Credentials;
use crate::clock::UnixTime;
use crate::node::Node;
use crate::secret::{Entropy, SecretBytes, random_array};

/// A day in seconds.
const DAY: i64 = 86_400;

/// The reply with a token of now: exactly six members, for the connector refuses a seventh.
pub(super) fn issue(
    node: &Node,
    credentials: &Credentials,
    user: &str,
    entropy: &dyn Entropy,
    now: UnixTime,
) -> Value {
    // The last second of tomorrow (UTC).
    let expires = UnixTime((now.0.div_euclid(DAY) + 2) * DAY - 1);
    let nonce: [u8; 16] = random_array(entropy);
    let tag = tag(node, credentials, expires, &nonce);
    let token = format!("{:016x}{}{}", expires.0, hex::encode(nonce), hex::encode(tag.expose()));
    json!({
        "access_token": token,
        "token_type": "bearer",
        "expires_in": expires.seconds_since(now),
        "userName": user,
        ".issued": http_date(now),
        ".expires": http_date(expires),
    })
}

fn tag(node: &Node, credentials: &Credentials, expires: UnixTime, nonce: &[u8; 16]) -> SecretBytes<32> {
    let value = [&expires.0.to_be_bytes()[..], nonce, &credentials.fingerprint()].concat();
    SecretBytes::new(node.tag("fineract-token", &value))
}

/// Whether a token was made here, under these credentials, and is not over. Of `.expires` its holder keeps the day alone, by
/// its own clock and zone, and uses the token to the end of it: so it is good for a day longer.
pub(super) fn is_valid(node: &Node, credentials: &Credentials, token: &str, now: UnixTime) -> bool {
    let mut bytes = [0; 56];
    if hex::decode_to_slice(token, &mut bytes).is_err() {
        return false;
    }
    let (time, rest) = bytes.split_at(8);
    let (nonce, given) = rest.split_at(16);
    let (Ok(time), Ok(nonce), Ok(given)) = (time.try_into(), nonce.try_into(), given.try_into()) else {
        return false;
    };
    let expires = UnixTime(i64::from_be_bytes(time));
    let made_here = SecretBytes::new(given) == tag(node, credentials, expires, nonce);
    made_here && now <= expires.plus_seconds(DAY)
}

/// As `Sun, 22 Nov 2026 23:59:59 GMT`: two digits of the day, the zone by name.
fn http_date(time: UnixTime) -> String {
    let shown = Timestamp::from_second(time.0).unwrap_or_default();
    shown.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_two_digits_and_a_named_zone() {
        assert_eq!(http_date(UnixTime(1_795_391_999)), "Sun, 22 Nov 2026 23:59:59 GMT");
        assert_eq!(http_date(UnixTime(1_793_664_000)), "Tue, 03 Nov 2026 00:00:00 GMT");
    }
}
