//! The four secrets that the connector shows with every call, from one file.

use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::digest::{Digest, hash};
use crate::limits::FINERACT_CREDENTIALS_BYTES_MAX;
use crate::secret::SecretBytes;

/// Characters of the password and of the subscription key, at least: a program on this machine may try many.
const SECRET_CHARS_MIN: usize = 16;

/// Why the credentials cannot be used. The author of the file is at fault; nothing of what stands in it is quoted.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// The operating system refused.
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// Others may read or write the file.
    #[error("{shown}: others may read or write it (mode {mode:04o}); run: chmod 600 '{shown}'", shown = path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// Not what is expected in it.
    #[error("{}: {problem}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong and the way out.
        problem: &'static str,
    },
}

/// The file, in TOML.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct Written {
    user_name: String,
    password: String,
    subscription_key: String,
    subscription_id: String,
}

/// The secrets, as hashes: two of one length are compared in constant time, whatever the length of what was sent.
pub struct Credentials {
    user: SecretBytes<32>,
    subscription: SecretBytes<32>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(..)")
    }
}

fn pair(of: &str, first: &[u8], second: &[u8]) -> SecretBytes<32> {
    let Digest(digest) = hash("tallystick/fineract-credentials/v1", &[of.as_bytes(), first, second]);
    SecretBytes::new(digest)
}

impl Credentials {
    /// Reads a file of mode 0600 with `user_name`, `password`, `subscription_key` and `subscription_id` in TOML.
    pub fn read(path: &Path) -> Result<Self, CredentialsError> {
        let unreadable = |source| CredentialsError::Unreadable { path: path.to_owned(), source };
        let wrong = |problem| CredentialsError::Form { path: path.to_owned(), problem };
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let mode = file.metadata().map_err(unreadable)?.mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(CredentialsError::Open { path: path.to_owned(), mode });
        }
        let mut text = Zeroizing::new(String::new());
        let most = u64::try_from(FINERACT_CREDENTIALS_BYTES_MAX).unwrap_or(u64::MAX);
        file.take(most + 1).read_to_string(&mut text).map_err(unreadable)?;
        if text.len() > FINERACT_CREDENTIALS_BYTES_MAX {
            return Err(wrong("it is too long for four secrets"));
        }
        // What the parser says would quote a line.
        let written: Written = toml::from_str(&text).map_err(|_| {
            wrong("write user_name, password, subscription_key and subscription_id, each once, as TOML: name = \"text\"")
        })?;
        Self::of(&written).map_err(wrong)
    }

    fn of(written: &Written) -> Result<Self, &'static str> {
        let Written { user_name, password, subscription_key, subscription_id } = written;
        if user_name.is_empty() || subscription_id.is_empty() {
            return Err("user_name and subscription_id must not be empty");
        }
        if [password, subscription_key].iter().any(|secret| secret.chars().count() < SECRET_CHARS_MIN) {
            return Err("password and subscription_key must have 16 characters or more, drawn at random");
        }
        if [user_name, password].iter().any(|text| text.contains("&\r")) {
            return Err("no form can carry an & before a carriage return");
        }
        Ok(Self {
            user: pair("user", user_name.as_bytes(), password.as_bytes()),
            subscription: pair("subscription", subscription_key.as_bytes(), subscription_id.as_bytes()),
        })
    }

    /// Whether these are user name and password.
    pub(super) fn user_is(&self, name: &[u8], password: &[u8]) -> bool {
        self.user == pair("user", name, password)
    }

    /// Whether these are subscription key and id.
    pub(super) fn subscription_is(&self, key: &[u8], id: &[u8]) -> bool {
        self.subscription == pair("subscription", key, id)
    }

    /// What a token is bound to, so that none outlives a change of the secrets.
    pub(super) fn fingerprint(&self) -> [u8; 64] {
        let mut both = [0; 64];
        let (user, subscription) = both.split_at_mut(32);
        user.copy_from_slice(self.user.expose());
        subscription.copy_from_slice(self.subscription.expose());
        both
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const GOOD: &str = "user_name = \"mifos\"\npassword = \"correct horse battery\"\n\
                        subscription_key = \"0123456789abcdef\"\nsubscription_id = \"ours\"\n";

    fn read(text: &str, mode: u32) -> Result<Credentials, CredentialsError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fineract.toml");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        Credentials::read(&path)
    }

    #[test]
    fn all_four_must_be_right() {
        let credentials = read(GOOD, 0o600).unwrap();
        assert!(credentials.user_is(b"mifos", b"correct horse battery"));
        assert!(credentials.subscription_is(b"0123456789abcdef", b"ours"));
        for (name, password) in
            [(&b"mifo"[..], &b"scorrect horse battery"[..]), (b"mifos", b""), (b"", b"correct horse battery")]
        {
            assert!(!credentials.user_is(name, password));
        }
        assert!(!credentials.subscription_is(b"ours", b"0123456789abcdef"));
        assert_eq!(format!("{credentials:?}"), "Credentials(..)");
    }

    #[test]
    fn a_bad_file_is_refused_and_not_quoted() {
        let refused = |text: &str, mode| read(text, mode).unwrap_err().to_string();
        assert!(refused(GOOD, 0o640).contains("chmod 600"));
        for bad in [
            GOOD.replace("password", "pasword"),
            GOOD.replace("\"correct horse battery\"", "12345"),
            GOOD.replace("correct horse battery", "horse"),
            GOOD.replace("mifos", ""),
            GOOD.replace("user_name = \"mifos\"\n", ""),
            format!("{GOOD}x = 1\n"),
            "x".repeat(FINERACT_CREDENTIALS_BYTES_MAX + 1),
        ] {
            let words = refused(&bad, 0o600);
            assert!(!["horse", "12345", "mifos", "0123"].iter().any(|part| words.contains(part)), "{words}");
        }
        assert!(
            Credentials::read(Path::new("/nonexistent/x"))
                .unwrap_err()
                .to_string()
                .contains("cannot be read")
        );
    }
}
