//! How keys at rest are unlocked from the command line: key file, passphrase file, or a question.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use super::exit::{Exit, Failure};
use super::membership::{Lock, make_folder};
use super::output::Terminal;
use crate::config::Config;
use crate::keyring::{Unlock, create_key_file, is_private};
use crate::limits::CONFIG_BYTES_MAX;
use crate::secret::{Entropy, SecretVec};

/// The flags of every command that unlocks keys.
#[derive(Args, Clone, Debug, Default)]
pub struct UnlockArgs {
    /// Key file that unlocks the keys (an age identity, mode 0600); new keys: made if it is not there.
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file")]
    pub key_file: Option<PathBuf>,
    /// File with the passphrase that unlocks the keys, mode 0600 [env: TALLY_PASSPHRASE_FILE]. Without it and a key
    /// file, it is asked for.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// Read by hand and not by clap, which would take it for a flag that conflicts with `--key-file`.
fn passphrase_file_of_environment() -> Option<PathBuf> {
    std::env::var_os("TALLY_PASSPHRASE_FILE").filter(|path| !path.is_empty()).map(PathBuf::from)
}

impl UnlockArgs {
    /// What unlocks existing keys: the flags, the environment, the configuration, a question.
    pub fn unlock(&self, config: Option<&Config>, terminal: &Terminal) -> Result<Unlock, Failure> {
        if let Some(path) = &self.key_file {
            return Ok(Unlock::KeyFile(path.clone()));
        }
        if let Some(path) = self.passphrase_file.clone().or_else(passphrase_file_of_environment) {
            return Ok(Unlock::Passphrase(read_passphrase_file(&path)?));
        }
        if let Some(path) = config.and_then(|config| config.key_file.as_ref()) {
            return Ok(Unlock::KeyFile(path.clone()));
        }
        if let Some(path) = config.and_then(|config| config.passphrase_file.as_ref()) {
            return Ok(Unlock::Passphrase(read_passphrase_file(path)?));
        }
        Ok(Unlock::Passphrase(ask("Passphrase of the node's keys: ", terminal)?))
    }

    /// The file that [`Self::unlock`] reads, if it reads one.
    pub fn file(&self, config: &Config) -> Option<PathBuf> {
        self.key_file
            .clone()
            .or_else(|| self.passphrase_file.clone())
            .or_else(passphrase_file_of_environment)
            .or_else(|| config.key_file.clone())
            .or_else(|| config.passphrase_file.clone())
    }

    /// What new keys are locked with: the flags, or a new passphrase asked for twice. A key file that is not there
    /// yet is made.
    pub fn new_lock(&self, terminal: &mut Terminal, entropy: &dyn Entropy) -> Result<Lock, Failure> {
        if let Some(path) = &self.key_file {
            if std::fs::symlink_metadata(path).is_err() {
                if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                    make_folder(folder)?;
                }
                create_key_file(path, entropy)?;
                terminal.note(format_args!(
                    "Made the key file {}. Whoever has it can unlock the keys: keep it off the disk of the data.",
                    path.display()
                ))?;
            }
            return Ok(Lock::key_file(path));
        }
        if let Some(path) = self.passphrase_file.clone().or_else(passphrase_file_of_environment) {
            return Ok(Lock::passphrase_file(&path, read_passphrase_file(&path)?));
        }
        let first = ask("New passphrase for the keys: ", terminal)?;
        let second = ask("The same again: ", terminal)?;
        if first.expose() != second.expose() {
            return Err(Failure::new(Exit::Usage, "the two passphrases differ; nothing was made"));
        }
        Ok(Lock::passphrase(first))
    }
}

/// Asks a person for a passphrase.
pub(super) fn ask(prompt: &str, terminal: &Terminal) -> Result<SecretVec, Failure> {
    if !terminal.interactive() {
        let words = "nobody is here to type a passphrase: use --key-file or --passphrase-file";
        return Err(Failure::new(Exit::Usage, words));
    }
    let text = rpassword::prompt_password(prompt)?;
    Ok(SecretVec::new(text.into_bytes()))
}

/// The passphrase in a file that is its owner's alone; the end of the last line does not belong to it.
pub(super) fn read_passphrase_file(path: &Path) -> Result<SecretVec, Failure> {
    let wrong = |words: String| Failure::new(Exit::Usage, format!("{}: {words}", path.display()));
    let file = File::open(path).map_err(|e| wrong(e.to_string()))?;
    let mode = file.metadata()?.mode() & 0o7777;
    if !is_private(path, mode) {
        let words =
            format!("others may read or write it (mode {mode:04o}); run: chmod 600 '{}'", path.display());
        return Err(wrong(words));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(CONFIG_BYTES_MAX + 1));
    file.take(CONFIG_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > CONFIG_BYTES_MAX {
        return Err(wrong(format!("it is longer than {CONFIG_BYTES_MAX} bytes")));
    }
    while matches!(bytes.last(), Some(b'\n' | b'\r')) {
        bytes.pop();
    }
    Ok(SecretVec::new(std::mem::take(&mut *bytes)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_passphrase_file_is_private_and_loses_its_line_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pass");
        std::fs::write(&path, "correct horse \r\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let refused = read_passphrase_file(&path).unwrap_err();
        assert!(refused.exit == Exit::Usage && refused.words().contains("chmod 600"), "{refused:?}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
        assert_eq!(read_passphrase_file(&path).unwrap().expose(), b"correct horse ");
    }

    #[test]
    fn flags_go_before_the_configuration_and_nobody_is_asked_in_the_dark() {
        let terminal = Terminal::to(Box::new(std::io::sink()), Box::new(std::io::sink()));
        let text = "network = \"kh-mfi\"\nmember = \"lender-a\"\nkey_file = \"c.key\"\n";
        let config = Config::parse(text, Path::new("/n/node.toml")).unwrap();
        let flags = UnlockArgs { key_file: Some("f.key".into()), passphrase_file: None };
        let chosen = |args: &UnlockArgs, config| match args.unlock(config, &terminal).unwrap() {
            Unlock::KeyFile(path) => path,
            Unlock::Passphrase(_) => panic!("a passphrase"),
        };
        assert_eq!(chosen(&flags, Some(&config)), Path::new("f.key"));
        assert_eq!(chosen(&UnlockArgs::default(), Some(&config)), Path::new("/n/c.key"));
        let refused = UnlockArgs::default().unlock(None, &terminal).unwrap_err();
        assert!(refused.words().contains("--key-file"), "{refused:?}");
    }
}
