//! Failed attempts to sign in, as the journal tells them.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tallystick::model::user::{Caller, Role};
use tallystick::people::{Attempt, NewUser, SignInError};
use tallystick::secret::SecretVec;
use tallystick::store::Store;

use crate::support::{self, Solo};
use crate::{policy, today};

/// What a program says about itself.
#[derive(Clone, Default)]
struct Journal(Arc<Mutex<Vec<u8>>>);

impl Write for Journal {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_journal_names_who_failed_by_number_and_repeats_nothing_that_was_typed() {
    let journal = Journal::default();
    let writer = journal.clone();
    tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).try_init().unwrap();
    let node = Solo::new(&policy(), today()).start(Store::memory(&support::tables()).unwrap());
    let secret = |text: &str| SecretVec::new(text.as_bytes().to_vec());
    let new = NewUser {
        name: "canary dara".to_owned(),
        roles: [Role::DataClerk].into(),
        branch: None,
        password: secret("seven green bottles"),
        own_password: true,
    };
    let user = node.admit_user(&Caller::local(), &new).unwrap().user;
    for name in ["canary dara", "canary typed here"] {
        let (password, from) = (&secret("canary password"), Some([192, 0, 2, 7].into()));
        let refused = node.people().sign_in(&Attempt { name, password, from }, None, node.clock().now());
        assert!(matches!(refused, Err(SignInError::Refused)), "{refused:?}");
    }
    let said = String::from_utf8(journal.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<&str> = said.lines().filter(|line| line.contains("a sign-in failed")).collect();
    assert_eq!(lines.len(), 2, "{said}");
    assert!(lines.iter().all(|line| line.contains("WARN") && line.contains("from=192.0.2.7")), "{said}");
    assert!(lines[0].contains(&format!("user={user}")) && lines[1].contains("nobody has"), "{said}");
    assert!(!said.contains("canary"), "{said}");
}
