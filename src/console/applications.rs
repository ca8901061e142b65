//! Applications in work: what an officer has typed before anything is asked, kept in memory, in her name alone.
//!
//! Identifiers stand in no path, no cookie and on no disk on their way from the form to the consent. What is here is
//! forgotten after a working day, when the program ends, or when the officer says so; recorded consents and given
//! answers are the node's and stay.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::form::Fields;
use crate::clock::UnixTime;
use crate::digest::{ConsentId, HexError, TransactionId};
use crate::limits::{
    CONSOLE_APPLICATION_SECONDS, CONSOLE_APPLICATIONS_MAX, CONSOLE_APPLICATIONS_PER_USER_MAX,
    CONSOLE_CODE_SECONDS, CONSOLE_CODE_TRIES_MAX,
};
use crate::model::consent::Purpose;
use crate::model::identifier::Identifier;
use crate::model::inquiry::Role;
use crate::model::user::Caller;
use crate::secret::{Entropy, SecretVec, random_array};

/// Names an application in paths: a random number that says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ApplicationId([u8; 16]);

impl fmt::Display for ApplicationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for ApplicationId {
    type Err = HexError;

    fn from_str(text: &str) -> Result<Self, HexError> {
        text.parse::<TransactionId>().map(|id| Self(id.0))
    }
}

/// An application in work.
pub(super) struct Application {
    pub(super) id: ApplicationId,
    owner: Owner,
    pub(super) begun: UnixTime,
    touched: UnixTime,
    /// What every consent of it is for.
    pub(super) purpose: Purpose,
    /// The applicant first.
    pub(super) persons: Vec<Person>,
    /// The loan and the means as they were typed last.
    pub(super) question: Fields,
    /// Names the inquiry: the same question asked twice is one inquiry.
    pub(super) transaction: TransactionId,
    /// The inquiry that was answered last.
    pub(super) answered: Option<TransactionId>,
}

/// Who began it: the same user, or whoever has the node's own socket.
#[derive(Clone, PartialEq, Eq)]
struct Owner(Option<crate::digest::UserId>, String);

impl Owner {
    fn of(caller: &Caller) -> Self {
        Self(caller.user, caller.name.clone())
    }
}

/// One person of an application.
pub(super) struct Person {
    pub(super) role: Role,
    /// As they were typed and understood; empty where an earlier consent is used.
    pub(super) identifiers: Vec<Identifier>,
    pub(super) terms: Terms,
    /// Stands on the paper form, to find it again.
    pub(super) form: [u8; 6],
    pub(super) code: Option<Code>,
    pub(super) step: Step,
}

/// What she is asked to agree to.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) notice_language: String,
    pub(super) days: u32,
    pub(super) uses: u16,
    pub(super) weak_matches: bool,
}

/// How far a person's consent is.
pub(super) enum Step {
    /// It is not recorded.
    Open,
    /// It is being recorded.
    Recording,
    /// It is recorded.
    Recorded(Recorded),
}

/// A recorded consent, with what is shown once.
pub(super) struct Recorded {
    pub(super) consent: ConsentId,
    /// The client's receipt, which holds her withdrawal code; none where an earlier consent is used.
    pub(super) receipt: Option<SecretVec>,
    /// What was said when holders were out of reach.
    pub(super) not_located: bool,
    /// The text whose hash is the evidence, where it was a one-time password: to be filed.
    pub(super) evidence: Option<SecretVec>,
}

/// A one-time password that waits to be given back.
pub(super) struct Code {
    pub(super) digits: SecretVec,
    pub(super) made: UnixTime,
    pub(super) tries_left: u8,
}

impl Code {
    /// Six digits by chance, each as likely as the others.
    pub(super) fn new(entropy: &dyn Entropy, now: UnixTime) -> Self {
        let mut digits = Vec::with_capacity(6);
        while digits.len() < 6 {
            let [byte] = random_array::<1>(entropy);
            // 250 is the highest multiple of ten below 256: no digit comes more often.
            if byte < 250 {
                digits.push(b'0' + byte % 10);
            }
        }
        Self { digits: SecretVec::new(digits), made: now, tries_left: CONSOLE_CODE_TRIES_MAX }
    }

    /// Whether it can still be given back.
    pub(super) fn is_live(&self, now: UnixTime) -> bool {
        self.tries_left > 0 && now.seconds_since(self.made) < CONSOLE_CODE_SECONDS
    }
}

impl Person {
    /// A person of whom nothing is recorded.
    pub(super) fn new(role: Role, identifiers: Vec<Identifier>, terms: Terms, entropy: &dyn Entropy) -> Self {
        Self { role, identifiers, terms, form: random_array(entropy), code: None, step: Step::Open }
    }

    /// The number on the paper form.
    pub(super) fn form_number(&self) -> String {
        let digits = hex::encode_upper(self.form);
        let (one, rest) = digits.split_at_checked(4).unwrap_or((&digits, ""));
        let (two, three) = rest.split_at_checked(4).unwrap_or((rest, ""));
        format!("{one}-{two}-{three}")
    }

    /// Her consent, once it is recorded.
    pub(super) fn recorded(&self) -> Option<&Recorded> {
        match &self.step {
            Step::Recorded(recorded) => Some(recorded),
            _ => None,
        }
    }
}

/// Every application in work at this node.
#[derive(Default)]
pub(super) struct Applications(Mutex<BTreeMap<ApplicationId, Application>>);

impl Applications {
    fn all(&self) -> MutexGuard<'_, BTreeMap<ApplicationId, Application>> {
        // Nothing is left half-changed by a panic that matters here: what is typed can be typed again.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins an application.
    pub(super) fn begin(
        &self,
        caller: &Caller,
        purpose: Purpose,
        person: Person,
        entropy: &dyn Entropy,
        now: UnixTime,
    ) -> ApplicationId {
        let id = ApplicationId(random_array(entropy));
        let owner = Owner::of(caller);
        let mut all = self.all();
        all.retain(|_, one| now.seconds_since(one.touched) < CONSOLE_APPLICATION_SECONDS);
        let of_owner = all.values().filter(|one| one.owner == owner).count();
        let oldest = |all: &BTreeMap<ApplicationId, Application>, whose: Option<&Owner>| {
            let among = all.values().filter(|one| whose.is_none_or(|owner| one.owner == *owner));
            among.min_by_key(|one| one.touched).map(|one| one.id)
        };
        if of_owner >= CONSOLE_APPLICATIONS_PER_USER_MAX
            && let Some(oldest) = oldest(&all, Some(&owner))
        {
            all.remove(&oldest);
        }
        if all.len() >= CONSOLE_APPLICATIONS_MAX
            && let Some(oldest) = oldest(&all, None)
        {
            all.remove(&oldest);
        }
        let application = Application {
            id,
            owner,
            begun: now,
            touched: now,
            purpose,
            persons: vec![person],
            question: Fields::default(),
            transaction: TransactionId::random(entropy),
            answered: None,
        };
        all.insert(id, application);
        id
    }

    /// Looks at an application of the caller's own, or changes it; nothing where there is none.
    pub(super) fn with<T>(
        &self,
        caller: &Caller,
        id: ApplicationId,
        now: UnixTime,
        work: impl FnOnce(&mut Application) -> T,
    ) -> Option<T> {
        let mut all = self.all();
        let found = all.get_mut(&id).filter(|one| one.owner == Owner::of(caller))?;
        if now.seconds_since(found.touched) >= CONSOLE_APPLICATION_SECONDS {
            all.remove(&id);
            return None;
        }
        found.touched = now;
        Some(work(found))
    }

    /// The caller's own, the newest first.
    pub(super) fn own<T>(&self, caller: &Caller, now: UnixTime, view: impl Fn(&Application) -> T) -> Vec<T> {
        let owner = Owner::of(caller);
        let all = self.all();
        let live = |one: &&Application| {
            one.owner == owner && now.seconds_since(one.touched) < CONSOLE_APPLICATION_SECONDS
        };
        let mut own: Vec<&Application> = all.values().filter(live).collect();
        own.sort_by_key(|one| std::cmp::Reverse(one.begun));
        own.into_iter().map(view).collect()
    }

    /// Forgets one of the caller's own.
    pub(super) fn forget(&self, caller: &Caller, id: ApplicationId) {
        let mut all = self.all();
        if all.get(&id).is_some_and(|one| one.owner == Owner::of(caller)) {
            all.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::user::RIGHTS;
    use crate::secret::SeededEntropy;

    fn caller(name: &str) -> Caller {
        Caller { user: None, name: name.to_owned(), branch: None, rights: RIGHTS.into(), request: None }
    }

    fn begun(all: &Applications, name: &str, seed: u64, now: i64) -> ApplicationId {
        let terms = Terms { notice_language: "en".to_owned(), days: 30, uses: 1, weak_matches: false };
        let entropy = SeededEntropy::new(seed);
        let person = Person::new(Role::Applicant, Vec::new(), terms, &entropy);
        all.begin(&caller(name), Purpose::LoanApplication, person, &entropy, UnixTime(now))
    }

    #[test]
    fn an_application_is_its_officers_and_forgotten() {
        let all = Applications::default();
        let id = begun(&all, "a", 1, 0);
        assert_eq!(id.to_string().parse(), Ok(id));
        let seen = |name: &str, now: i64| all.with(&caller(name), id, UnixTime(now), |one| one.id).is_some();
        assert!(seen("a", 10) && !seen("b", 10));
        assert!(seen("a", CONSOLE_APPLICATION_SECONDS + 9), "touching it keeps it");
        assert!(!seen("a", 2 * CONSOLE_APPLICATION_SECONDS + 9));
        assert!(all.all().is_empty());
        let id = begun(&all, "a", 2, 0);
        all.forget(&caller("b"), id);
        assert_eq!(all.own(&caller("a"), UnixTime(1), |one| one.id), [id]);
        all.forget(&caller("a"), id);
        assert!(all.own(&caller("a"), UnixTime(1), |one| one.id).is_empty());
    }

    #[test]
    fn one_officer_cannot_push_out_the_others() {
        let all = Applications::default();
        let others = begun(&all, "b", 1, 0);
        let own: Vec<_> =
            (2..).take(CONSOLE_APPLICATIONS_PER_USER_MAX + 1).map(|n| begun(&all, "a", n, 1)).collect();
        let kept = all.own(&caller("a"), UnixTime(1), |one| one.id);
        assert_eq!(kept.len(), CONSOLE_APPLICATIONS_PER_USER_MAX);
        assert!(own.len() > kept.len() && all.all().contains_key(&others));
    }

    #[test]
    fn a_code_has_six_digits_and_ends() {
        let mut code = Code::new(&SeededEntropy::new(3), UnixTime(0));
        assert!(code.digits.expose().len() == 6 && code.digits.expose().iter().all(u8::is_ascii_digit));
        assert!(
            code.is_live(UnixTime(CONSOLE_CODE_SECONDS - 1)) && !code.is_live(UnixTime(CONSOLE_CODE_SECONDS))
        );
        code.tries_left = 0;
        assert!(!code.is_live(UnixTime(0)));
    }
}
