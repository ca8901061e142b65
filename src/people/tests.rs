//! Users, sessions and tokens on a store in memory.

use super::*;
use crate::clock::UnixTime;
use crate::limits::*;
use crate::model::user::{Right, Role, UserId};
use crate::secret::{SecretBytes, SecretVec, SeededEntropy};

const NOW: UnixTime = UnixTime(1_795_305_600);
const PASSWORD: &str = "seven green bottles";

fn people() -> People {
    let at_rest = AtRest::new(&SecretBytes::new([7; 32]));
    People::new(Store::memory(TABLES).unwrap(), at_rest, Arc::new(SeededEntropy::new(1)))
}

fn secret(text: &str) -> SecretVec {
    SecretVec::new(text.as_bytes().to_vec())
}

fn add(people: &People, name: &str, role: Role) -> Result<User, PeopleError> {
    let branch = (role == Role::LoanOfficer).then(|| "north".to_owned());
    let new = NewUser { name: name.to_owned(), roles: [role].into(), branch, password: secret(PASSWORD) };
    people.add_user(&new, NOW)
}

fn sign_in(people: &People, name: &str, password: &str, now: UnixTime) -> Result<SignedIn, SignInError> {
    people.sign_in(name, &secret(password), None, now)
}

#[test]
fn who_signs_in_is_who_she_is() {
    let people = people();
    let user = add(&people, "Sok Dara", Role::LoanOfficer).unwrap();
    add(&people, "auditor", Role::Auditor).unwrap();
    let signed = sign_in(&people, "sok DARA", PASSWORD, NOW).unwrap();
    assert_eq!(signed.caller.user, Some(user.user));
    assert!(signed.caller.may(Right::Inquire) && !signed.caller.may(Right::Log));
    assert_eq!(people.session(&signed.token, NOW).unwrap(), Some(signed.caller.clone()));
    let again = sign_in(&people, "Sok Dara", PASSWORD, NOW).unwrap();
    assert_ne!(again.token.reveal(), signed.token.reveal(), "a session is never one that was there before");
    assert_ne!(again.token.form_code(), signed.token.form_code());
    people.sign_out(&signed.token).unwrap();
    assert_eq!(people.session(&signed.token, NOW).unwrap(), None);
    assert!(people.session(&again.token, NOW).unwrap().is_some());
    let reopened: SessionToken = again.token.reveal().parse().unwrap();
    assert!(people.session(&reopened, NOW).unwrap().is_some());
}

#[test]
fn a_session_ends_when_it_is_not_used_and_after_a_day() {
    let people = people();
    add(&people, "dara", Role::DataClerk).unwrap();
    let token = sign_in(&people, "dara", PASSWORD, NOW).unwrap().token;
    let idle = NOW.plus_seconds(SESSION_IDLE_SECONDS_MAX + 1);
    assert_eq!(people.session(&token, idle).unwrap(), None);
    let token = sign_in(&people, "dara", PASSWORD, NOW).unwrap().token;
    let mut now = NOW;
    let mut used = 0;
    while people.session(&token, now).unwrap().is_some() {
        now = now.plus_seconds(SESSION_IDLE_SECONDS_MAX / 2);
        used += 1;
        assert!(used < 1_000, "a session that is used lasts for ever");
    }
    let lasted = now.seconds_since(NOW);
    assert!((SESSION_SECONDS_MAX..SESSION_SECONDS_MAX + SESSION_IDLE_SECONDS_MAX).contains(&lasted));
    people.forget_old(now).unwrap();
    assert!(people.sessions().unwrap().is_empty());
}

#[test]
fn guessing_is_locked_out_whether_the_name_is_known_or_not() {
    let people = people();
    add(&people, "dara", Role::DataClerk).unwrap();
    for name in ["dara", "nobody"] {
        for _ in 0..SIGN_IN_FAILURES_MAX {
            assert!(matches!(sign_in(&people, name, "wrong password", NOW), Err(SignInError::Refused)));
        }
        let locked = sign_in(&people, name, PASSWORD, NOW);
        assert!(matches!(locked, Err(SignInError::Locked { seconds: 60 })), "{name}: {locked:?}");
    }
    let later = NOW.plus_seconds(61);
    assert!(sign_in(&people, "dara", PASSWORD, later).is_ok());
    // What went before is forgotten with it.
    assert!(matches!(sign_in(&people, "dara", "wrong password", later), Err(SignInError::Refused)));
    assert!(sign_in(&people, "dara", PASSWORD, later).is_ok());
}

#[test]
fn a_change_ends_her_sessions() {
    let people = people();
    let user = add(&people, "dara", Role::DataClerk).unwrap().user;
    let token = sign_in(&people, "dara", PASSWORD, NOW).unwrap().token;
    let change = UserChange { roles: Some([Role::Auditor].into()), ..UserChange::default() };
    people.change_user(user, &change).unwrap();
    assert_eq!(people.session(&token, NOW).unwrap(), None);
    assert!(sign_in(&people, "dara", PASSWORD, NOW).unwrap().caller.may(Right::Log));
    let change = UserChange { enabled: Some(false), ..UserChange::default() };
    people.change_user(user, &change).unwrap();
    assert!(matches!(sign_in(&people, "dara", PASSWORD, NOW), Err(SignInError::Refused)));
    let change = UserChange {
        enabled: Some(true),
        password: Some(secret("another long sentence")),
        ..UserChange::default()
    };
    people.change_user(user, &change).unwrap();
    assert!(matches!(sign_in(&people, "dara", PASSWORD, NOW), Err(SignInError::Refused)));
    assert!(sign_in(&people, "dara", "another long sentence", NOW).is_ok());
}

#[test]
fn a_second_factor_is_asked_for_once_it_was_shown() {
    let people = people();
    let user = add(&people, "dara", Role::Supervisor).unwrap().user;
    let made = people.new_second_factor(user, "demo").unwrap();
    assert!(sign_in(&people, "dara", PASSWORD, NOW).is_ok(), "not confirmed yet");
    let base32 = String::from_utf8(made.base32.expose().to_vec()).unwrap();
    let bytes = totp_rs::Secret::Encoded(base32).to_bytes().unwrap();
    let totp = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 0, 30, bytes).unwrap();
    let code = |time: UnixTime| totp.generate(u64::try_from(time.0).unwrap());
    assert!(people.confirm_second_factor(user, "000000", NOW).is_err());
    people.confirm_second_factor(user, &code(NOW), NOW).unwrap();
    let with = |code: Option<&str>, now| people.sign_in("dara", &secret(PASSWORD), code, now).map(|_| ());
    assert!(matches!(with(None, NOW), Err(SignInError::CodeNeeded)));
    assert!(matches!(with(Some(&code(NOW)), NOW), Err(SignInError::Refused)), "a code is taken once");
    let later = NOW.plus_seconds(60);
    assert!(with(Some(&code(later)), later).is_ok());
    let wrong = people.sign_in("dara", &secret("wrong password"), Some(&code(later)), later);
    assert!(matches!(wrong, Err(SignInError::Refused)));
    let change = UserChange { without_second_factor: true, ..UserChange::default() };
    people.change_user(user, &change).unwrap();
    assert!(with(None, later).is_ok());
}

#[test]
fn users_that_cannot_stand_are_refused() {
    let people = people();
    add(&people, "dara", Role::DataClerk).unwrap();
    assert!(matches!(add(&people, "DARA", Role::DataClerk), Err(PeopleError::NameTaken)));
    let new = |roles: &[Role], branch: Option<&str>, password: &str| {
        let new = NewUser {
            name: "sokha".to_owned(),
            roles: roles.iter().copied().collect(),
            branch: branch.map(str::to_owned),
            password: secret(password),
        };
        people.add_user(&new, NOW).unwrap_err().to_string()
    };
    assert!(new(&[], None, PASSWORD).starts_with("roles"));
    assert!(new(&[Role::LoanOfficer], None, PASSWORD).starts_with("branch"));
    assert!(new(&[Role::Auditor, Role::DataClerk], None, PASSWORD).starts_with("roles"));
    for password in ["short", "aaaaaaaaaaaa", "sokha is my name", &"a b".repeat(100)] {
        assert!(new(&[Role::DataClerk], None, password).starts_with("password"), "{password}");
    }
}

#[test]
fn a_token_does_what_its_scope_says_until_it_ends() {
    let people = people();
    let new = NewToken {
        name: "core banking".to_owned(),
        scope: [Right::Load].into(),
        branch: None,
        expires: NOW.plus_seconds(86_400),
    };
    let issued = people.issue_token(&new, None, NOW).unwrap();
    let text = String::from_utf8(issued.secret.expose().to_vec()).unwrap();
    let caller = people.token_caller(&text, NOW).unwrap().unwrap();
    assert!(caller.may(Right::Load) && !caller.may(Right::Inquire));
    assert_eq!(caller.user, Some(issued.token.token));
    for place in 6..text.len() {
        let mut wrong = text.clone().into_bytes();
        wrong[place] = if wrong[place] == b'0' { b'1' } else { b'0' };
        let wrong = String::from_utf8(wrong).unwrap();
        assert_eq!(people.token_caller(&wrong, NOW).unwrap(), None, "{place}");
    }
    for wrong in ["", "tally_", "tally_é", &text[..text.len() - 1], &format!("{text}0")] {
        assert_eq!(people.token_caller(wrong, NOW).unwrap(), None);
    }
    assert_eq!(people.token_caller(&text, NOW.plus_seconds(86_400)).unwrap(), None, "expired");
    people.revoke_token(issued.token.token).unwrap();
    assert_eq!(people.token_caller(&text, NOW).unwrap(), None, "revoked");
    assert!(people.tokens().unwrap().iter().all(|token| token.revoked));
    let (hidden, scope) = ("a\nb".to_owned(), new.scope.clone());
    let hidden = NewToken { name: hidden, scope, branch: None, expires: new.expires };
    assert!(people.issue_token(&hidden, None, NOW).is_err(), "it stands on pages as it is");
    let client = NewToken { scope: [Right::Inquire].into(), ..new };
    assert!(people.issue_token(&client, None, NOW).unwrap_err().to_string().starts_with("branch"));
    let unknown = people.revoke_token(UserId([0; 8]));
    assert!(matches!(unknown, Err(PeopleError::Unknown("token"))));
}

#[test]
fn the_disk_holds_no_name_and_no_secret() {
    let people = people();
    let user = add(&people, "Canary Jones", Role::DataClerk).unwrap();
    let signed = sign_in(&people, "Canary Jones", PASSWORD, NOW).unwrap();
    let token = signed.token.reveal();
    let bytes = hex::decode(&token).unwrap();
    let mut rows: Vec<Vec<u8>> = Vec::new();
    for table in [&USERS, &TOKENS] {
        rows.extend(people.store.scan_prefix(table, &[], None, 100).unwrap().into_iter().map(|(_, row)| row));
    }
    for table in [&SESSIONS, &ATTEMPTS] {
        let found = people.store.scan_prefix(table, &[], None, 100).unwrap();
        rows.extend(found.into_iter().flat_map(|(key, row)| [key.to_vec(), row]));
    }
    rows.extend(
        people.store.scan_prefix(&NAMES, &[], None, 100).unwrap().iter().map(|(key, _)| key.to_vec()),
    );
    assert!(rows.len() >= 4);
    for secret in [b"Canary".as_slice(), b"canary", PASSWORD.as_bytes(), &bytes] {
        assert!(!rows.iter().any(|row| row.windows(secret.len()).any(|window| window == secret)));
    }
    assert_eq!(people.user_named("canary jones").unwrap(), Some(user));
}
