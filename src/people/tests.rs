//! Users, sessions and tokens on a store in memory.

use super::*;
use crate::clock::UnixTime;
use crate::limits::*;
use crate::model::user::{Caller, Right, Role, UserId};
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
    let (name, password) = (name.to_owned(), secret(PASSWORD));
    let new = NewUser { name, roles: [role].into(), branch, password, own_password: true };
    people.add_user(&new, &Caller::local(), NOW, |_| Ok(()))
}

fn change(people: &People, user: UserId, change: &UserChange) -> Result<User, PeopleError> {
    people.change_user(user, change, &administrator(), NOW, || Ok(()))
}

/// Somebody with the right to admit users.
fn administrator() -> Caller {
    let user = Some(UserId([0xad; 8]));
    Caller { user, name: "Chan Thy".to_owned(), branch: None, rights: [Right::Users].into(), request: None }
}

fn sign_in(people: &People, name: &str, password: &str, now: UnixTime) -> Result<SignedIn, SignInError> {
    let (password, from) = (&secret(password), Some([192, 0, 2, 7].into()));
    people.sign_in(&Attempt { name, password, from }, None, now)
}

#[test]
fn who_signs_in_is_who_she_is() {
    let people = people();
    let user = add(&people, "Sok Dara", Role::LoanOfficer).unwrap();
    add(&people, "auditor", Role::Auditor).unwrap();
    let signed = sign_in(&people, "sok DARA", PASSWORD, NOW).unwrap();
    assert_eq!(signed.present.caller.user, Some(user.user));
    let caller = &signed.present.caller;
    assert!(caller.may(Right::Inquire) && !caller.may(Right::Log));
    assert_eq!(people.session(&signed.token, NOW).unwrap(), Some(signed.present.clone()));
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
fn names_that_nobody_has_do_not_fill_the_store_or_free_a_users_own() {
    let people = people();
    let dara = add(&people, "dara", Role::DataClerk).unwrap().user;
    let thy = add(&people, "thy", Role::Auditor).unwrap().user;
    let fail = |name: &[u8; 32], user, now| people.note_failure(name, user, None, now).unwrap();
    let (dara, thy) = ((people.name_key("dara"), Some(dara)), (people.name_key("thy"), Some(thy)));
    for _ in 0..SIGN_IN_FAILURES_MAX {
        fail(&dara.0, dara.1, NOW);
    }
    fail(&thy.0, thy.1, NOW);
    let locked = people.name_key("nobody");
    (0..SIGN_IN_FAILURES_MAX).for_each(|_| fail(&locked, None, NOW));
    let name = |place: usize| people.name_key(&place.to_string());
    let rows = || people.store.scan_prefix(&ATTEMPTS, &[], None, usize::MAX).unwrap().len();
    for place in 0..SIGN_IN_STRANGE_NAMES_MAX + 100 {
        let later = NOW.plus_seconds(1 + i64::from(place >= 1_000));
        fail(&name(place), None, later);
        assert!(place % 1_000 > 0 || rows() <= SIGN_IN_STRANGE_NAMES_MAX + 2, "{place}");
    }
    assert!((SIGN_IN_STRANGE_NAMES_MAX / 2..=SIGN_IN_STRANGE_NAMES_MAX + 2).contains(&rows()));
    let there = |name: &[u8; 32]| people.store.contains(&ATTEMPTS, name).unwrap();
    assert!(there(&dara.0) && there(&thy.0), "what concerns a user stays");
    assert!(there(&locked), "before a lock goes what locks nothing");
    assert!((0..1_000).all(|place| !there(&name(place))), "the oldest go");
    assert!(there(&name(SIGN_IN_STRANGE_NAMES_MAX + 99)));
    let now = NOW.plus_seconds(2);
    assert!(matches!(sign_in(&people, "dara", PASSWORD, now), Err(SignInError::Locked { .. })));
}

#[test]
fn she_is_told_how_often_somebody_failed() {
    let people = people();
    let user = add(&people, "dara", Role::DataClerk).unwrap().user;
    for (failures, now) in [(0, NOW), (3, NOW.plus_seconds(10)), (0, NOW.plus_seconds(20))] {
        for _ in 0..failures {
            sign_in(&people, "Dara", "wrong password", now).unwrap_err();
        }
        sign_in(&people, "nobody", "wrong password", now).unwrap_err();
        let signed = sign_in(&people, "dara", PASSWORD, now).unwrap();
        assert_eq!((people.standing(user).unwrap().failures, signed.has_news), (failures, failures > 0));
    }
    // A password that is asked for again counts like one that is asked for first.
    let confirm =
        |password: &str, now| people.confirm(user, &secret(password), None, None, now).map(|of| of.user());
    for _ in 0..SIGN_IN_FAILURES_MAX {
        assert!(matches!(confirm("wrong password", NOW), Err(SignInError::Refused)));
    }
    assert!(matches!(confirm(PASSWORD, NOW), Err(SignInError::Locked { .. })));
    let later = NOW.plus_seconds(SIGN_IN_LOCK_SECONDS + 1);
    assert_eq!(confirm(PASSWORD, later).unwrap(), user);
    sign_in(&people, "dara", PASSWORD, later).unwrap();
    assert_eq!(people.standing(user).unwrap().failures, SIGN_IN_FAILURES_MAX);
}

#[test]
fn a_change_ends_her_sessions() {
    let people = people();
    let user = add(&people, "dara", Role::DataClerk).unwrap().user;
    let token = sign_in(&people, "dara", PASSWORD, NOW).unwrap().token;
    let auditor = UserChange { roles: Some([Role::Auditor].into()), ..UserChange::default() };
    change(&people, user, &auditor).unwrap();
    assert_eq!(people.session(&token, NOW).unwrap(), None);
    assert!(sign_in(&people, "dara", PASSWORD, NOW).unwrap().present.caller.may(Right::Log));
    change(&people, user, &UserChange { enabled: Some(false), ..UserChange::default() }).unwrap();
    assert!(matches!(sign_in(&people, "dara", PASSWORD, NOW), Err(SignInError::Refused)));
    change(&people, user, &UserChange { enabled: Some(true), ..UserChange::default() }).unwrap();
    assert!(sign_in(&people, "dara", PASSWORD, NOW).is_ok());
}

const GIVEN: &str = "given by another";

fn given() -> UserChange {
    UserChange { password: Some(secret(GIVEN)), ..UserChange::default() }
}

#[test]
fn a_password_that_another_gave_is_for_choosing_her_own() {
    let people = people();
    let user = add(&people, "dara", Role::Supervisor).unwrap().user;
    let own = sign_in(&people, "dara", PASSWORD, NOW).unwrap();
    assert!(!own.has_news && !own.present.one_time, "she typed it herself");
    change(&people, user, &given()).unwrap();
    assert_eq!(people.session(&own.token, NOW).unwrap(), None, "her sessions end");
    assert!(matches!(sign_in(&people, "dara", PASSWORD, NOW), Err(SignInError::Refused)));
    let later = NOW.plus_seconds(60);
    let signed = sign_in(&people, "dara", GIVEN, later).unwrap();
    let present = people.session(&signed.token, later).unwrap().unwrap();
    assert_eq!(present, signed.present);
    assert!(present.one_time && present.caller.rights.is_empty(), "{present:?}");
    let standing = people.standing(user).unwrap();
    let (kind, by) = (InterventionKind::PasswordGiven, Some("Chan Thy".to_owned()));
    assert_eq!(standing.new_interventions(), [Intervention { kind, by, time: NOW }]);
    assert_eq!((standing.signed_in_before, signed.has_news), (Some(NOW), true));
    let same = people.choose_first_password(&signed.token, &secret(GIVEN), later);
    assert!(matches!(same, Err(PeopleError::Password(PasswordRefused::Given))), "{same:?}");
    people.choose_first_password(&signed.token, &secret("nobody knows this"), later).unwrap();
    assert_eq!(people.session(&signed.token, later).unwrap(), None);
    let again = sign_in(&people, "dara", "nobody knows this", later).unwrap();
    assert!(again.present.caller.may(Right::Bind) && !again.present.one_time && !again.has_news);
}

#[test]
fn a_password_that_is_reset_while_it_is_hashed_opens_nothing() {
    let people = people();
    let user = add(&people, "dara", Role::Supervisor).unwrap().user;
    let attempt = Attempt { name: "dara", password: &secret(PASSWORD), from: None };
    let (who, proved) = people.proven(&attempt, NOW).unwrap();
    assert_eq!(who, user);
    assert!(people.unchanged(user, &proved).is_ok());
    change(&people, user, &given()).unwrap();
    assert!(matches!(people.unchanged(user, &proved), Err(SignInError::Refused)));
}

#[test]
fn who_uses_a_given_password_first_shuts_her_out_and_shows() {
    let people = people();
    let user = add(&people, "dara", Role::Supervisor).unwrap().user;
    sign_in(&people, "dara", PASSWORD, NOW).unwrap();
    change(&people, user, &given()).unwrap();
    // The administrator signs in as her, and cannot leave the password as it is.
    let stolen = NOW.plus_seconds(60);
    let thief = sign_in(&people, "dara", GIVEN, stolen).unwrap();
    people.choose_first_password(&thief.token, &secret("what the thief chose"), stolen).unwrap();
    assert!(matches!(sign_in(&people, "dara", GIVEN, stolen), Err(SignInError::Refused)));
    // Nor can it be given back without a word: the next reset shows the sign-in that was not hers.
    change(&people, user, &given()).unwrap();
    sign_in(&people, "dara", GIVEN, stolen.plus_seconds(60)).unwrap();
    let standing = people.standing(user).unwrap();
    assert_eq!((standing.signed_in_before, standing.interventions.len()), (Some(stolen), 2));
}

#[test]
fn a_first_password_is_given_too_unless_she_typed_it() {
    let people = people();
    let new = NewUser {
        name: "dara".to_owned(),
        roles: [Role::DataClerk].into(),
        branch: None,
        password: secret(GIVEN),
        own_password: false,
    };
    let user = people.add_user::<PeopleError>(&new, &Caller::local(), NOW, |_| Ok(())).unwrap().user;
    assert!(sign_in(&people, "dara", GIVEN, NOW).unwrap().present.one_time);
    let known = people.standing(user).unwrap().interventions;
    assert_eq!(known, [Intervention { kind: InterventionKind::Admitted, by: None, time: NOW }]);
    for _ in 0..2 * INTERVENTIONS_KEPT_MAX {
        change(&people, user, &given()).unwrap();
    }
    assert_eq!(people.standing(user).unwrap().interventions.len(), INTERVENTIONS_KEPT_MAX);
}

#[test]
fn what_is_not_logged_is_not_done() {
    let people = people();
    let refuse = || Err(PeopleError::Unknown("log"));
    let user = add(&people, "dara", Role::DataClerk).unwrap().user;
    let token = NewToken {
        name: "core banking".to_owned(),
        scope: [Right::Load].into(),
        branch: None,
        expires: NOW.plus_seconds(86_400),
    };
    let new = NewUser {
        name: "sokha".to_owned(),
        roles: [Role::DataClerk].into(),
        branch: None,
        password: secret(GIVEN),
        own_password: false,
    };
    assert!(people.add_user(&new, &administrator(), NOW, |_| refuse()).is_err());
    assert_eq!(people.user_named("sokha").unwrap(), None);
    assert!(people.change_user(user, &given(), &administrator(), NOW, refuse).is_err());
    assert!(!sign_in(&people, "dara", PASSWORD, NOW).unwrap().present.one_time);
    assert!(people.issue_token(&token, None, NOW, |_| refuse()).is_err());
    assert!(people.tokens().unwrap().is_empty());
    let token = people.issue_token::<PeopleError>(&token, None, NOW, |_| Ok(())).unwrap().token.token;
    assert!(people.revoke_token(token, refuse).is_err());
    assert!(!people.token(token).unwrap().unwrap().revoked);
}

#[test]
fn a_second_factor_is_asked_for_once_it_was_shown() {
    let people = people();
    let user = add(&people, "dara", Role::Supervisor).unwrap().user;
    let made = people.new_second_factor(user, "demo").unwrap();
    assert!(sign_in(&people, "dara", PASSWORD, NOW).is_ok(), "not confirmed yet");
    let code = |time: UnixTime| made.code_at(time);
    assert!(people.confirm_second_factor(user, "000000", NOW).is_err());
    people.confirm_second_factor(user, &code(NOW), NOW).unwrap();
    let with = |code: Option<&str>, now| {
        let attempt = Attempt { name: "dara", password: &secret(PASSWORD), from: None };
        people.sign_in(&attempt, code, now).map(|_| ())
    };
    assert!(matches!(with(None, NOW), Err(SignInError::CodeNeeded)));
    assert!(matches!(with(Some(&code(NOW)), NOW), Err(SignInError::Refused)), "a code is taken once");
    let later = NOW.plus_seconds(60);
    assert!(with(Some(&code(later)), later).is_ok());
    let wrong = Attempt { name: "dara", password: &secret("wrong password"), from: None };
    let wrong = people.sign_in(&wrong, Some(&code(later)), later);
    assert!(matches!(wrong, Err(SignInError::Refused)));
    change(&people, user, &UserChange { without_second_factor: true, ..UserChange::default() }).unwrap();
    assert!(with(None, later.plus_seconds(1)).is_ok());
    let standing = people.standing(user).unwrap();
    assert_eq!(standing.interventions[0].kind, InterventionKind::SecondFactorTaken);
}

#[test]
fn codes_of_a_new_second_factor_cannot_be_tried_without_end() {
    let people = people();
    let user = add(&people, "dara", Role::Supervisor).unwrap().user;
    let made = people.new_second_factor(user, "demo").unwrap();
    for _ in 0..SIGN_IN_FAILURES_MAX {
        let wrong = people.confirm_second_factor(user, "000000", NOW);
        assert!(matches!(wrong, Err(SignInError::Refused)), "{wrong:?}");
    }
    let locked = people.confirm_second_factor(user, &made.code_at(NOW), NOW);
    assert!(matches!(locked, Err(SignInError::Locked { seconds: SIGN_IN_LOCK_SECONDS })), "{locked:?}");
    assert!(matches!(sign_in(&people, "dara", PASSWORD, NOW), Err(SignInError::Locked { .. })));
    let later = NOW.plus_seconds(SIGN_IN_LOCK_SECONDS + 1);
    people.confirm_second_factor(user, &made.code_at(later), later).unwrap();
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
            own_password: false,
        };
        people.add_user::<PeopleError>(&new, &administrator(), NOW, |_| Ok(())).unwrap_err().to_string()
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
    let issued = people.issue_token::<PeopleError>(&new, None, NOW, |_| Ok(())).unwrap();
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
    people.revoke_token::<PeopleError>(issued.token.token, || Ok(())).unwrap();
    assert_eq!(people.token_caller(&text, NOW).unwrap(), None, "revoked");
    assert!(people.tokens().unwrap().iter().all(|token| token.revoked));
    let (hidden, scope) = ("a\nb".to_owned(), new.scope.clone());
    let hidden = NewToken { name: hidden, scope, branch: None, expires: new.expires };
    let issue = |new: &NewToken| people.issue_token::<PeopleError>(new, None, NOW, |_| Ok(()));
    assert!(issue(&hidden).is_err(), "it stands on pages as it is");
    let client = NewToken { scope: [Right::Inquire].into(), ..new };
    assert!(issue(&client).unwrap_err().to_string().starts_with("branch"));
    let unknown = people.revoke_token::<PeopleError>(UserId([0; 8]), || Ok(()));
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
    for table in [&USERS, &TOKENS, &STANDINGS] {
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

#[test]
fn what_stands_for_a_part_of_the_node_is_not_revoked() {
    let people = people();
    let part = people.part("Fineract listener", NOW).unwrap().user.unwrap();
    let refused = people.revoke_token::<PeopleError>(part, || Ok(()));
    assert!(matches!(refused, Err(PeopleError::Invalid { field: "token", .. })));
    assert_eq!(people.part("Fineract listener", NOW.plus_seconds(60)).unwrap().user, Some(part));
}

#[test]
fn a_session_that_was_left_open_takes_no_password_without_the_old_one() {
    let people = people();
    let user = add(&people, "dara", Role::Supervisor).unwrap().user;
    let open = sign_in(&people, "dara", PASSWORD, NOW).unwrap();
    let new = secret("what the thief chose");
    let first = people.choose_first_password(&open.token, &new, NOW);
    assert!(matches!(first, Err(PeopleError::Invalid { field: "password", .. })), "{first:?}");
    let changed = |old: &str| {
        let old = Attempt { name: "dara", password: &secret(old), from: None };
        people.change_password(&open.token, &old, &new, NOW)
    };
    assert!(!changed("a guess, no more").unwrap());
    // Nor does what was under way when somebody else gave her a new one.
    change(&people, user, &given()).unwrap();
    let ended = [people.choose_first_password(&open.token, &new, NOW), changed(GIVEN).map(drop)];
    assert!(ended.iter().all(|ended| matches!(ended, Err(PeopleError::Invalid { field: "session", .. }))));
    assert!(sign_in(&people, "dara", GIVEN, NOW).is_ok());
    // With both it is changed.
    let own = add(&people, "thy", Role::Auditor).map(|_| sign_in(&people, "thy", PASSWORD, NOW).unwrap());
    let old = Attempt { name: "thy", password: &secret(PASSWORD), from: None };
    assert!(people.change_password(&own.unwrap().token, &old, &new, NOW).unwrap());
    assert!(sign_in(&people, "thy", "what the thief chose", NOW).is_ok());
}
