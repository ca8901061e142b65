//! A network made by hand: an operator and three lenders, from nothing to installed shares, by the library's functions
//! and by the program; and what must be refused on the way.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helping functions too")]

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::Engine as _;
use tallystick::cli::Exit;
use tallystick::cli::member::{self, Installed, Trust};
use tallystick::cli::membership::{Bundle, Lock, MemberRequest, MembershipError, NodeFolder};
use tallystick::cli::network::{Admission, NewNetwork, OperatorFolder, init, list};
use tallystick::clock::{Clock, ManualClock, UnixTime};
use tallystick::config::Config;
use tallystick::keyring::{NodeKeys, Unlock, create_key_file};
use tallystick::roster::{Role, Roster, RosterDocument};
use tallystick::secret::{SecretVec, SystemEntropy};
use tallystick::signing::Signed;
use tallystick::threshold::KeyShare;

const DAY: i64 = 86_400;
const POLICY: &str = r#"
name = "Test policy"
version = 1
issued = "2026-11-22"
[identifiers]
accepted = ["kh-nid"]
[currencies]
reference = "USD"
[currencies.pinned.USD]
exponent = 2
[[rules]]
rule = "incomplete_data"
on_breach = "refer"
source = "made up"
"#;

/// A folder with an operator and the lenders a, b and c, admitted; nothing dealt, nothing installed.
struct Place {
    folder: tempfile::TempDir,
    clock: ManualClock,
    entropy: SystemEntropy,
}

impl Place {
    fn new() -> Self {
        let clock = ManualClock::new(UnixTime(1_795_300_000));
        let place = Self { folder: tempfile::tempdir().unwrap(), clock, entropy: SystemEntropy::new() };
        let new = NewNetwork {
            node: NodeFolder { addresses: vec!["127.0.0.1:7443".parse().unwrap()], ..place.node("cma") },
            policy: POLICY.to_owned(),
            roles: BTreeSet::new(),
        };
        init(&new, &place.lock("cma"), &place.clock, &place.entropy).unwrap();
        for member in ["lender-a", "lender-b", "lender-c"] {
            place.join(member);
        }
        place
    }

    fn dir(&self, member: &str) -> PathBuf {
        self.folder.path().join(member)
    }

    fn node(&self, member: &str) -> NodeFolder {
        NodeFolder {
            folder: self.dir(member),
            network: "kh-mfi".parse().unwrap(),
            member: member.parse().unwrap(),
            name: None,
            addresses: Vec::new(),
            listen: None,
        }
    }

    fn key_file(&self, member: &str) -> PathBuf {
        self.folder.path().join(format!("{member}.key"))
    }

    fn lock(&self, member: &str) -> Lock {
        let path = self.key_file(member);
        if !path.exists() {
            create_key_file(&path, &self.entropy).unwrap();
        }
        Lock::key_file(&path)
    }

    fn unlock(&self, member: &str) -> Unlock {
        Unlock::KeyFile(self.key_file(member))
    }

    fn request(&self, member: &str) -> MemberRequest {
        self.node(member).create(&self.lock(member), &self.entropy).unwrap()
    }

    fn operator(&self) -> OperatorFolder {
        OperatorFolder::open(&self.dir("cma"), &self.unlock("cma")).unwrap()
    }

    fn admit(&self, request: &MemberRequest) -> Result<PathBuf, MembershipError> {
        let admission = Admission { roles: BTreeSet::from([Role::Lender]), name: None, certificate_days: 90 };
        self.operator().admit(request, &admission, &self.clock, &self.entropy)
    }

    fn join(&self, member: &str) {
        self.admit(&self.request(member)).unwrap();
    }

    fn deal(
        &self,
        threshold: u8,
        holders: &[&str],
    ) -> Result<tallystick::cli::network::Dealt, MembershipError> {
        let holders: Vec<_> = holders.iter().map(|holder| holder.parse().unwrap()).collect();
        self.operator().deal_keys(&holders, threshold, false, &self.clock, &self.entropy)
    }

    fn bundle_path(&self, member: &str) -> PathBuf {
        self.dir("cma").join("bundles").join(format!("{member}.bundle"))
    }

    fn bundle(&self, member: &str) -> Bundle {
        Bundle::read(&self.bundle_path(member)).unwrap()
    }

    fn config(&self, member: &str) -> Config {
        Config::load_with(&self.dir(member).join("node.toml"), &|_| None).unwrap()
    }

    fn keys(&self, member: &str) -> NodeKeys {
        NodeKeys::load(&self.dir(member).join("keys.age"), &self.unlock(member)).unwrap()
    }

    fn install(&self, member: &str, bundle: &Bundle, trust: Trust) -> Result<Installed, MembershipError> {
        let (config, mut keys) = (self.config(member), self.keys(member));
        let checked = member::check(&config, bundle, &keys, &self.clock)?;
        checked.install(trust, &mut keys, &self.unlock(member))
    }

    /// What is on the disk of a member, by path.
    fn snapshot(&self, member: &str) -> Vec<(PathBuf, Vec<u8>)> {
        files(&self.dir(member))
            .into_iter()
            .map(|path| (path.clone(), std::fs::read(path).unwrap()))
            .collect()
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

fn installed_roster(config: &Config) -> Roster {
    let signed: Signed<RosterDocument> =
        serde_json::from_slice(&std::fs::read(&config.roster).unwrap()).unwrap();
    Roster::verify(signed, config.pinned_operator_key().unwrap()).unwrap()
}

/// Every share of a member is the one that its roster commits to; the shares as bytes.
fn shares_of(place: &Place, member: &str) -> Vec<Vec<u8>> {
    let (roster, keys) = (installed_roster(&place.config(member)), place.keys(member));
    let epoch = roster.current_epoch().unwrap();
    let index = epoch.index_of(&member.parse().unwrap()).unwrap();
    let mut found = Vec::new();
    for (key, public) in [("locate", &epoch.locate), ("footprint", &epoch.footprint), ("open", &epoch.open)] {
        let entry = keys.share(key, epoch.epoch, epoch.generation).unwrap();
        let share = KeyShare::from_secret_bytes(entry.secret().expose()).unwrap();
        assert_eq!((entry.holder(), share.index().get()), (index, index));
        assert_eq!(public.shares[usize::from(index) - 1].0, share.commitment().to_bytes());
        found.push(entry.secret().expose().to_vec());
    }
    found
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[test]
fn two_of_three_from_nothing() {
    let place = Place::new();
    let dealt = place.deal(2, &["lender-a", "lender-b", "lender-c"]).unwrap();
    assert_eq!((dealt.epoch, dealt.newly_holders.len()), (1, 3));
    assert_eq!(dealt.withstands(), "any 2 of 3 can answer; no single holder can; 1 may be away");
    let fingerprint = place.operator().fingerprint();
    let mut all = Vec::new();
    for member in ["lender-a", "lender-b", "lender-c"] {
        let installed =
            place.install(member, &place.bundle(member), Trust::Fingerprint(fingerprint)).unwrap();
        assert_eq!(
            installed,
            Installed { pinned: true, certificate: true, roster: (5, true), new_shares: vec![1] }
        );
        all.extend(shares_of(&place, member));
        // Again: nothing changes, on the disk neither.
        let before = place.snapshot(member);
        let again = place.install(member, &place.bundle(member), Trust::Confirmed).unwrap();
        assert_eq!(
            again,
            Installed { pinned: false, certificate: false, roster: (5, false), new_shares: vec![] }
        );
        assert_eq!(place.snapshot(member), before);
    }
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 9, "nine shares, all different");

    // No share lies anywhere in the clear, neither at the operator nor at its holder: not the bytes, nor the scalar
    // alone, nor either in hexadecimal or base64.
    let base64 = |bytes: &[u8]| base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes).into_bytes();
    let everything = files(place.folder.path());
    assert!(everything.len() > 20);
    for path in &everything {
        let bytes = std::fs::read(path).unwrap();
        for share in &all {
            let scalar = &share[1..];
            for form in [
                share.clone(),
                scalar.to_vec(),
                hex::encode(scalar).into_bytes(),
                base64(share),
                base64(scalar),
            ] {
                assert!(!contains(&bytes, &form), "{}: a share", path.display());
            }
        }
        assert!(!contains(&bytes, b"PRIVATE KEY"), "{}", path.display());
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
    // The same search finds a share that is planted.
    assert!(contains(&[b"xx", &all[0][..]].concat(), &all[0]));
}

#[test]
fn the_operator_can_hold_a_share_and_one_of_one_is_a_trial() {
    let place = Place::new();
    place.deal(1, &["cma"]).unwrap();
    let operator = place.operator();
    let bundle = place.bundle("cma");
    let installed = place.install("cma", &bundle, Trust::Confirmed).unwrap();
    assert_eq!(installed.new_shares, [1]);
    assert!(!installed.pinned && !installed.roster.1, "init and deal-keys did that already");
    assert_eq!(shares_of(&place, "cma").len(), 3);
    assert!(operator.roster().member(&"cma".parse().unwrap()).unwrap().has(Role::KeyHolder));
}

#[test]
fn a_wrong_bundle_is_refused_and_changes_nothing() {
    let place = Place::new();
    let early = place.bundle("lender-a");
    place.deal(2, &["lender-a", "lender-b", "lender-c"]).unwrap();
    let before = place.snapshot("lender-a");
    let refused = |bundle: &Bundle, trust, words: &str| {
        let error = place.install("lender-a", bundle, trust).unwrap_err();
        assert!(error.to_string().contains(words), "{words}: {error}");
        assert_eq!(error.exit(), Exit::Refused, "{error}");
    };

    // Another member's.
    refused(
        &place.bundle("lender-b"),
        Trust::Confirmed,
        "this bundle is for the member lender-b; this node is lender-a",
    );
    // Another fingerprint than the operator told.
    let other = place.bundle("lender-b").document().roster_hash;
    let other = tallystick::cli::membership::Fingerprint(other);
    refused(&place.bundle("lender-a"), Trust::Fingerprint(other), "not what the other side made");
    // Another network of the same name, by another operator: before the pin, its fingerprint; after it, the pin.
    let stranger = Place::new();
    refused(&stranger.bundle("lender-a"), Trust::Confirmed, "key that the roster lists for this node is not");
    assert_eq!(place.snapshot("lender-a"), before);

    place.install("lender-a", &place.bundle("lender-a"), Trust::Confirmed).unwrap();
    let before = place.snapshot("lender-a");
    refused(&stranger.bundle("lender-a"), Trust::Confirmed, "is of another operator");
    // An older one, as it lay there before the dealing.
    refused(&early, Trust::Confirmed, "this carries version 4 of the roster; version 5 is installed");
    assert_eq!(place.snapshot("lender-a"), before);

    // After the removal of the member itself.
    let mut operator = place.operator();
    operator.deal_keys(&["lender-b".parse().unwrap()], 1, true, &place.clock, &place.entropy).unwrap();
    operator.remove(&"lender-a".parse().unwrap(), &place.clock).unwrap();
    assert!(!place.bundle_path("lender-a").exists(), "the bundle of a removed member is taken away");
    let refused = operator.bundle(&"lender-a".parse().unwrap(), &place.clock).unwrap_err();
    assert!(refused.to_string().contains("lender-a is not a member"), "{refused}");
}

#[test]
fn every_changed_byte_of_a_bundle_or_request_is_noticed() {
    let place = Place::new();
    place.deal(1, &["lender-a"]).unwrap();
    let (config, keys) = (place.config("lender-a"), place.keys("lender-a"));
    let file = std::fs::read(place.bundle_path("lender-a")).unwrap();
    let pinned = place.bundle("lender-a").fingerprint();
    let whole = Bundle::verify(&file, Path::new("b")).unwrap();
    member::check(&config, &whole, &keys, &place.clock).unwrap();
    for at in 0..file.len() {
        let mut changed = file.clone();
        // The lowest bit turns a digit or letter into its neighbour: still base64 or JSON nearly everywhere.
        changed[at] ^= 1;
        let Ok(bundle) = Bundle::verify(&changed, Path::new("b")) else { continue };
        // What still verifies is the same bundle, differently spaced.
        assert_eq!(bundle.document(), whole.document(), "byte {at}");
        assert_eq!(bundle.roster().hash(), whole.roster().hash(), "byte {at}");
        assert_eq!(bundle.fingerprint(), pinned, "byte {at}");
        assert!(file[at].is_ascii_whitespace(), "byte {at} of the bundle does not matter");
    }
    let path = place.dir("lender-b").join("lender-b.request");
    let file = std::fs::read(&path).unwrap();
    let whole = MemberRequest::read(&path).unwrap();
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 1;
        let Ok(request) = MemberRequest::verify(changed, Path::new("r")) else { continue };
        assert_eq!(request.document(), whole.document(), "byte {at}");
        assert!(file[at].is_ascii_whitespace(), "byte {at} of the request does not matter");
    }
    for end in (0..file.len() - 1).step_by(97) {
        assert!(MemberRequest::verify(file[..end].to_vec(), Path::new("r")).is_err(), "cut at {end}");
    }
}

#[test]
fn who_may_be_admitted() {
    let place = Place::new();
    let words = |result: Result<PathBuf, MembershipError>| result.unwrap_err().to_string();
    // Twice.
    let a = MemberRequest::read(&place.dir("lender-a").join("lender-a.request")).unwrap();
    assert!(words(place.admit(&a)).contains("lender-a is a member already"));
    // For another network.
    let other = NodeFolder { network: "in-mfi".parse().unwrap(), ..place.node("lender-x") };
    let request = other.create(&place.lock("lender-x"), &place.entropy).unwrap();
    assert!(words(place.admit(&request)).contains("this is for the network in-mfi; here is kh-mfi"));
    // Under the name of one that was removed.
    place.operator().remove(&"lender-c".parse().unwrap(), &place.clock).unwrap();
    let c = MemberRequest::read(&place.dir("lender-c").join("lender-c.request")).unwrap();
    assert!(words(place.admit(&c)).contains("was removed; its name stays with its old keys"));
    // With another's keys under a new name.
    let mut document = a.document().clone();
    document.member = "lender-y".parse().unwrap();
    let keys = place.keys("lender-a");
    document.keys = tallystick::node::PublicHalf::of(&keys, &document.network, &document.member);
    let doubled = MemberRequest::sign(&document, &keys).unwrap();
    assert!(words(place.admit(&doubled)).contains("key in this request is that of the member lender-a"));
    // Signed by others than the keys that it names.
    let forged = MemberRequest::sign(a.document(), &place.keys("lender-b")).unwrap_err();
    assert!(forged.to_string().contains("not signed by its own answer key"), "{forged}");
    // A second operator, a second node in one folder.
    let admission = Admission { roles: BTreeSet::from([Role::Operator]), name: None, certificate_days: 90 };
    let request = place.request("lender-z");
    let refused = place.operator().admit(&request, &admission, &place.clock, &place.entropy).unwrap_err();
    assert!(refused.to_string().contains("one operator"), "{refused}");
    let again = place.node("lender-z").create(&place.lock("lender-z"), &place.entropy).unwrap_err();
    assert!(again.to_string().contains("nothing was overwritten"), "{again}");
}

#[test]
fn what_may_be_dealt() {
    let place = Place::new();
    let words =
        |result: Result<_, MembershipError>| result.map(|_: tallystick::cli::network::Dealt| ()).unwrap_err();
    let three = ["lender-a", "lender-b", "lender-c"];
    assert!(words(place.deal(1, &three)).to_string().contains("1 of 3 is too weak"));
    assert!(words(place.deal(1, &three[..2])).to_string().contains("1 of 2 is too weak"));
    assert!(words(place.deal(4, &three)).to_string().contains("4 of 3 is not a sharing"));
    assert!(words(place.deal(0, &[])).to_string().contains("is not a sharing"));
    assert!(words(place.deal(2, &["lender-a", "lender-a"])).to_string().contains("names a member twice"));
    assert!(words(place.deal(2, &["lender-a", "nobody"])).to_string().contains("nobody is not a member"));
    assert_eq!(place.operator().roster().version(), 4, "nothing was changed");

    place.deal(2, &three).unwrap();
    let first = place.bundle("lender-a").document().shares.clone();
    assert!(words(place.deal(2, &three)).to_string().contains("dealt already (epoch 1)"));
    // Shares that were not picked up stay in the bundle, whatever changes meanwhile.
    place.join("lender-d");
    assert_eq!(place.bundle("lender-a").document().shares, first);
    assert_eq!(place.bundle("lender-a").roster().version(), 6);
    let holders: Vec<_> = three.iter().map(|holder| holder.parse().unwrap()).collect();
    let next = place.operator().deal_keys(&holders, 3, true, &place.clock, &place.entropy).unwrap();
    assert_eq!(next.epoch, 2);
    let installed = place.install("lender-a", &place.bundle("lender-a"), Trust::Confirmed).unwrap();
    assert_eq!(installed.new_shares, [1, 2]);
    assert_eq!(place.keys("lender-a").shares().len(), 6);
    // None may be removed now: all three are needed.
    let refused = place.operator().remove(&"lender-a".parse().unwrap(), &place.clock).unwrap_err();
    assert!(refused.to_string().contains("only 2 of the 3 key holders needed"), "{refused}");
}

#[test]
fn removal_revokes_and_renewal_renews() {
    let place = Place::new();
    for member in ["lender-a", "lender-b"] {
        place.install(member, &place.bundle(member), Trust::Confirmed).unwrap();
    }
    assert!(place.operator().roster().document().revocations.is_none());
    place.operator().remove(&"lender-c".parse().unwrap(), &place.clock).unwrap();
    let operator = place.operator();
    let list_pem = operator.roster().document().revocations.clone().unwrap();
    let facts = tallystick::ca::describe_revocation_list(&list_pem).unwrap();
    assert_eq!(facts.revoked.len(), 1);
    assert_eq!(operator.revocations_until().unwrap(), Some(place.clock.now().plus_seconds(90 * DAY)));
    let listing = list(&operator).unwrap();
    assert_eq!(listing.members.iter().filter(|member| member.removed.is_some()).count(), 1);

    // The certificate of a nears its end and is renewed for the same key.
    place.clock.advance(80 * DAY);
    place.operator().renew_roster(&place.clock).unwrap();
    let a = "lender-a".parse().unwrap();
    place.operator().renew(&a, 90, &place.clock, &place.entropy).unwrap();
    let installed = place.install("lender-a", &place.bundle("lender-a"), Trust::Confirmed).unwrap();
    assert_eq!(
        installed,
        Installed { pinned: false, certificate: true, roster: (6, true), new_shares: vec![] }
    );
    // That of b has ended when its bundle is looked at again.
    place.clock.advance(20 * DAY);
    let refused = place.install("lender-b", &place.bundle("lender-b"), Trust::Confirmed).unwrap_err();
    assert!(refused.to_string().contains("would be refused by every member"), "{refused}");
}

#[test]
fn a_policy_has_its_versions() {
    let place = Place::new();
    let mut operator = place.operator();
    let words = |result: Result<(), MembershipError>| result.unwrap_err().to_string();
    assert!(words(operator.set_policy(POLICY, &place.clock)).contains("nothing was changed"));
    let same = POLICY.replace("made up", "changed");
    assert!(words(operator.set_policy(&same, &place.clock)).contains("every change raises it"));
    assert!(words(operator.set_policy("name = 1", &place.clock)).contains("policy"));
    operator.set_policy(&same.replace("version = 1", "version = 2"), &place.clock).unwrap();
    assert_eq!((place.operator().roster().policy().version, place.operator().roster().version()), (2, 5));
}

#[test]
fn a_crash_between_roster_and_bundles_is_finished() {
    let place = Place::new();
    let old = std::fs::read(place.bundle_path("lender-a")).unwrap();
    place.deal(2, &["lender-a", "lender-b", "lender-c"]).unwrap();
    let new = std::fs::read(place.bundle_path("lender-a")).unwrap();
    // As after a crash just behind the roster: the new bundle under its other name, the old one in its place, and
    // beside it a bundle that belongs to no roster in force.
    let bundles = place.dir("cma").join("bundles");
    std::fs::write(bundles.join(".lender-a.bundle.next"), &new).unwrap();
    std::fs::write(place.bundle_path("lender-a"), &old).unwrap();
    std::fs::write(bundles.join(".lender-b.bundle.next"), &old).unwrap();
    std::fs::remove_file(place.dir("cma").join("roster.json")).unwrap();
    let kept = std::fs::read(place.bundle_path("lender-b")).unwrap();
    place.operator();
    assert_eq!(std::fs::read(place.bundle_path("lender-a")).unwrap(), new);
    assert_eq!(std::fs::read(place.bundle_path("lender-b")).unwrap(), kept);
    assert_eq!(std::fs::read_dir(&bundles).unwrap().count(), 3, "nothing is left over");
    assert_eq!(installed_roster(&place.config("cma")).version(), 5);
}

#[test]
fn a_passphrase_locks_too() {
    let place = Place::new();
    let mut lock = Lock::passphrase(SecretVec::new(b"correct horse".to_vec()));
    lock.work = tallystick::keyring::WorkFactor::new(4).unwrap();
    place.node("lender-p").create(&lock, &place.entropy).unwrap();
    let config = place.config("lender-p");
    assert_eq!((config.key_file, config.passphrase_file), (None, None));
    NodeKeys::load(&config.keys, &lock.unlock).unwrap();
    assert!(NodeKeys::load(&config.keys, &Unlock::Passphrase(SecretVec::new(b"wrong".to_vec()))).is_err());
}

/// The program, in a folder, with nothing of our environment that it reads.
struct Program {
    folder: tempfile::TempDir,
}

impl Program {
    fn run(&self, arguments: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tally"))
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path())
            .env_remove("TALLY_CONFIG")
            .env_remove("TALLY_PASSPHRASE_FILE")
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap()
    }

    /// Standard output of a run that must end with 0.
    fn good(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{arguments}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Standard error of a run that must end with `code`.
    fn bad(&self, arguments: &str, code: i32) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments}: {error}");
        error
    }
}

fn fingerprint_in(text: &str) -> String {
    let line = text.lines().find(|line| line.starts_with("Fingerprint")).unwrap();
    line.split_whitespace().nth(1).unwrap().to_owned()
}

#[test]
fn the_same_by_the_program() {
    let program = Program { folder: tempfile::tempdir().unwrap() };
    std::fs::write(program.folder.path().join("policy.toml"), POLICY).unwrap();
    let made = program.good(
        "network init --policy policy.toml --network kh-mfi --operator cma --dir op --key-file op.key \
         --address 127.0.0.1:7443",
    );
    let operator = fingerprint_in(&made);
    let again = program.bad(
        "network init --policy policy.toml --network kh-mfi --operator cma --dir op --key-file op.key",
        3,
    );
    assert!(again.contains("nothing was overwritten"), "{again}");
    for member in ["lender-a", "lender-b", "lender-c"] {
        let text = program.good(&format!(
            "member init --network kh-mfi --member {member} --dir {member} --key-file {member}/k"
        ));
        let request = format!("{member}/{member}.request");
        // Nobody is there to compare the fingerprint.
        let asked = program.bad(&format!("network admit {request} --dir op"), 3);
        assert!(asked.contains("--fingerprint HEX, or --yes"), "{asked}");
        let fingerprint = fingerprint_in(&text);
        program.bad(&format!("network admit {request} --dir op --fingerprint {operator}"), 3);
        program.good(&format!(
            "network admit {request} --dir op --fingerprint {fingerprint} --roles lender,key-holder,witness"
        ));
        let twice = program.bad(&format!("network admit {request} --dir op --yes"), 3);
        assert!(twice.contains("is a member already"), "{twice}");
    }
    let weak = program.bad("network deal-keys --threshold 1 --holders lender-a,lender-b --dir op", 3);
    assert!(weak.contains("too weak"), "{weak}");
    let dealt = program.good("network deal-keys --threshold 2 --holders lender-a,lender-b,lender-c --dir op");
    assert!(dealt.contains("any 2 of 3 can answer; no single holder can; 1 may be away"), "{dealt}");

    let mut shares = Vec::new();
    for member in ["lender-a", "lender-b", "lender-c"] {
        let install = format!("member install op/bundles/{member}.bundle --dir {member}");
        let unsure = program.bad(&install, 3);
        assert!(unsure.contains(&operator), "{unsure}");
        let done = program.good(&format!("{install} --fingerprint {operator}"));
        assert!(done.contains("pinned") && done.contains("installed, of epoch 1"), "{done}");
        // Once more, by --config and without a flag: the key is pinned.
        let done =
            program.good(&format!("--config {member}/node.toml member install op/bundles/{member}.bundle"));
        assert!(done.contains("version 5, there already"), "{done}");
        let folder = program.folder.path().join(member);
        let config = Config::load_with(&folder.join("node.toml"), &|_| None).unwrap();
        let keys = NodeKeys::load(&config.keys, &Unlock::KeyFile(config.key_file.clone().unwrap())).unwrap();
        let roster = installed_roster(&config);
        let epoch = roster.current_epoch().unwrap();
        let entry = keys.share("open", 1, 1).unwrap();
        let share = KeyShare::from_secret_bytes(entry.secret().expose()).unwrap();
        let place = usize::from(entry.holder()) - 1;
        assert_eq!(epoch.open.shares[place].0, share.commitment().to_bytes());
        shares.push(entry.secret().expose()[1..].to_vec());
    }
    for path in files(&program.folder.path().join("op")) {
        let bytes = std::fs::read(&path).unwrap();
        for share in &shares {
            let clear = contains(&bytes, share) || contains(&bytes, hex::encode(share).as_bytes());
            assert!(!clear, "{}: a share in the clear", path.display());
        }
    }
    let wrong = program.bad("member install op/bundles/lender-b.bundle --dir lender-a", 3);
    assert!(wrong.contains("this bundle is for the member lender-b"), "{wrong}");
    program.bad("member install nothing.bundle --dir lender-a", 2);
    program.bad("member install op/roster.json --dir lender-a", 2);

    let listing: serde_json::Value =
        serde_json::from_str(&program.good("network list --json --dir op")).unwrap();
    assert_eq!(listing["members"].as_array().unwrap().len(), 4);
    assert_eq!(listing["keys"], serde_json::json!([1, 2, 3]));
    let table = program.good("--config op/node.toml network list");
    assert!(table.contains("Network keys of epoch 1: any 2 of 3 holders"), "{table}");
    assert!(
        table.lines().any(|line| line.contains("lender-c") && line.contains("lender,key-holder,witness"))
    );
    program.good("network roster --renew --out now.json --dir op");
    let done = program.good("member roster now.json --dir lender-a");
    assert!(done.contains("version 6, installed"), "{done}");
    assert!(program.good("member roster now.json --dir lender-a").contains("version 6, there already"));
    program.bad("member roster lender-a/node.toml --dir lender-a", 2);
    program.good("network renew lender-a --dir op");
    program.good("network bundle lender-b --dir op");
    let done = program.good("member install op/bundles/lender-b.bundle --dir lender-b");
    assert!(done.contains("version 6, installed"), "{done}");
    program.bad("network remove cma --yes --dir op", 3);
    let gone = program.good("network remove lender-c --yes --dir op");
    assert!(gone.contains("Removed       lender-c"), "{gone}");
    program.bad("network list --dir lender-a", 2);
    program.bad("network list --dir op --key-file lender-a/k", 2);
    program.bad("network frobnicate", 2);
    assert!(program.good("completions bash").contains("deal-keys"));
    assert!(program.good("man").contains(".TH tally"));
}
