//! Which files count as their reader's alone.

use std::path::Path;

/// Whether a file of this mode at this path is its owner's alone, or a credential that systemd handed to this service.
///
/// A credential belongs to the superuser, and a list of access rights lets the service read it. The bits of the group
/// are then the mask of that list and no right of any group (acl(5)), and the folder is shut to others
/// (systemd.exec(5), `LoadCredential=`).
pub fn is_private(path: &Path, mode: u32) -> bool {
    is_private_in(std::env::var_os("CREDENTIALS_DIRECTORY").as_deref().map(Path::new), path, mode)
}

fn is_private_in(credentials: Option<&Path>, path: &Path, mode: u32) -> bool {
    let is_credential = credentials.is_some_and(|folder| path.parent() == Some(folder));
    let foreign = if is_credential { 0o037 } else { 0o077 };
    mode & foreign == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_credential_may_show_the_mask_of_its_list() {
        let folder = Path::new("/run/credentials/tallystick.service");
        let credential = folder.join("unlock.key");
        for (folder, path, mode, private) in [
            (None, &*credential, 0o400, true),
            (None, &*credential, 0o440, false),
            (Some(folder), &*credential, 0o440, true),
            (Some(folder), &*credential, 0o460, false),
            (Some(folder), &*credential, 0o444, false),
            (Some(folder), &folder.join("deeper/unlock.key"), 0o440, false),
            (Some(folder), Path::new("/etc/unlock.key"), 0o440, false),
            (Some(folder), Path::new("/etc/unlock.key"), 0o600, true),
        ] {
            assert_eq!(is_private_in(folder, path, mode), private, "{folder:?} {path:?} {mode:o}");
        }
    }
}
