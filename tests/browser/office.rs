//! The network runs, a lender's node and the operator's show their consoles, and their people have their names there.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;

use crate::book::{BookRow, csv, small_book};
use crate::network::{ASKER, HOLDERS, LENDERS, Network, OPERATOR, POLICY, free_address};

use super::driver::{Browser, Driver};

/// Clients of the other lenders.
pub(crate) const PERSONS: u32 = 6;
/// Loans of the lender itself.
const OWN_LOANS: u32 = 20;
/// Long enough for the node, and nobody's.
pub(crate) const PASSWORD: &str = "wooden tally, split in two";

/// Somebody who works at a member.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    role: &'static str,
    branch: Option<&'static str>,
    member: &'static str,
}

const fn person(
    name: &'static str,
    role: &'static str,
    branch: Option<&'static str>,
    member: &'static str,
) -> Person {
    Person { name, role, branch, member }
}

pub(crate) const OFFICER: Person = person("Sok Dara", "loan-officer", Some("Takeo"), ASKER);
/// Of another branch.
pub(crate) const OTHER_OFFICER: Person = person("Vann Lina", "loan-officer", Some("Kampot"), ASKER);
/// Approves what takes two persons.
pub(crate) const SUPERVISOR: Person = person("Chan Thy", "supervisor", None, ASKER);
pub(crate) const CLERK: Person = person("Keo Mony", "data-clerk", None, ASKER);
/// At a key holder, which keeps copies of the logs that it serves and witnesses.
pub(crate) const AUDITOR: Person = person("Nou Sina", "auditor", None, HOLDERS[0]);
/// Of the association that runs the network.
pub(crate) const WATCHER: Person = person("Ros Pich", "operator", None, OPERATOR);

/// The book of the lender itself, about persons of its own.
pub(crate) fn own_book(loans: u32) -> String {
    let rows: Vec<BookRow> = (1..=loans).map(|number| BookRow::small(ASKER, 100 + number)).collect();
    csv(&rows)
}

/// The network, its consoles, and what drives browsers there.
pub(crate) struct Office {
    pub(crate) network: Network,
    driver: Driver,
    /// Of the consoles, by member.
    addresses: BTreeMap<&'static str, String>,
}

impl Office {
    /// Everything runs, every lender's book is everywhere.
    pub(crate) fn open() -> Self {
        let driver = Driver::start();
        let mut network = Network::new(POLICY);
        for lender in &LENDERS[..3] {
            network.load(lender, &small_book(lender, PERSONS));
        }
        network.load(ASKER, &own_book(OWN_LOANS));
        let mut addresses = BTreeMap::new();
        for member in [ASKER, OPERATOR, HOLDERS[0]] {
            let (file, listen) = (network.of(member).join("node.toml"), free_address());
            let configuration = std::fs::read_to_string(&file).unwrap();
            std::fs::write(&file, format!("{configuration}\n[web]\nlisten = \"{listen}\"\n")).unwrap();
            addresses.insert(member, format!("https://{listen}"));
        }
        network.start(&[OPERATOR]);
        network.start(&LENDERS);
        network.wait_until_published();
        let password = network.folder().join("password");
        std::fs::write(&password, PASSWORD).unwrap();
        std::fs::set_permissions(&password, std::fs::Permissions::from_mode(0o600)).unwrap();
        for person in [OFFICER, OTHER_OFFICER, SUPERVISOR, CLERK, AUDITOR, WATCHER] {
            let mut arguments = vec!["user", "add", person.name, "--role", person.role];
            arguments.extend(["--own-password", "--password-file", password.to_str().unwrap()]);
            arguments.extend(person.branch.map(|branch| ["--branch", branch]).into_iter().flatten());
            network.run(person.member, &arguments);
        }
        Self { network, driver, addresses }
    }

    /// A browser at which nobody has signed in, at a member's console.
    pub(crate) fn browser(&self, member: &str, with_scripts: bool) -> Browser<'_> {
        self.driver.browser(&self.addresses[member], with_scripts)
    }

    /// A browser at which somebody has signed in.
    pub(crate) fn at(&self, person: &Person, with_scripts: bool) -> Browser<'_> {
        let browser = self.browser(person.member, with_scripts);
        browser.go("/sign-in");
        browser.fill("#name", person.name);
        browser.fill("#password", PASSWORD);
        browser.send("/sign-in");
        browser.arrives(&format!("{} signs in", person.name), |path| path != "/sign-in");
        browser
    }
}
