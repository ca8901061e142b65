//! A lender's office: the network runs, the lender's node shows its console, and its people have their names there.

use std::os::unix::fs::PermissionsExt as _;

use crate::book::{BookRow, csv, small_book};
use crate::network::{ASKER, LENDERS, Network, OPERATOR, POLICY, free_address};

use super::driver::{Browser, Driver};

/// Clients of the other lenders.
pub(crate) const PERSONS: u32 = 6;
/// Loans of the lender itself.
const OWN_LOANS: u32 = 20;
/// Long enough for the node, and nobody's.
const PASSWORD: &str = "wooden tally, split in two";

/// Who works there: name, roles, branch.
const PEOPLE: [(&str, &[&str], Option<&str>); 6] = [
    ("Sok Dara", &["loan-officer"], Some("Takeo")),
    ("Vann Lina", &["loan-officer"], Some("Kampot")),
    ("Chan Thy", &["supervisor"], None),
    ("Keo Mony", &["data-clerk"], None),
    ("Ros Pich", &["operator"], None),
    ("Nou Sina", &["auditor"], None),
];
/// An officer, and one of another branch.
pub(crate) const OFFICER: &str = PEOPLE[0].0;
pub(crate) const OTHER_OFFICER: &str = PEOPLE[1].0;
pub(crate) const CLERK: &str = PEOPLE[3].0;
pub(crate) const OPERATOR_USER: &str = PEOPLE[4].0;
pub(crate) const AUDITOR: &str = PEOPLE[5].0;

/// The book of the lender itself, about persons of its own.
pub(crate) fn own_book(loans: u32) -> String {
    let rows: Vec<BookRow> = (1..=loans).map(|number| BookRow::small(ASKER, 100 + number)).collect();
    csv(&rows)
}

/// The office, and what drives its browsers.
pub(crate) struct Office {
    pub(crate) network: Network,
    driver: Driver,
    address: String,
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
        let (file, listen) = (network.of(ASKER).join("node.toml"), free_address());
        let configuration = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, format!("{configuration}\n[web]\nlisten = \"{listen}\"\n")).unwrap();
        network.start(&[OPERATOR]);
        network.start(&LENDERS);
        network.wait_until_published();
        let password = network.folder().join("password");
        std::fs::write(&password, PASSWORD).unwrap();
        std::fs::set_permissions(&password, std::fs::Permissions::from_mode(0o600)).unwrap();
        for (name, roles, branch) in PEOPLE {
            let mut arguments = vec!["user", "add", name, "--password-file", password.to_str().unwrap()];
            for role in roles {
                arguments.extend(["--role", role]);
            }
            arguments.extend(branch.map(|branch| ["--branch", branch]).into_iter().flatten());
            network.run(ASKER, &arguments);
        }
        Self { network, driver, address: format!("https://{listen}") }
    }

    /// A browser at which nobody has signed in.
    pub(crate) fn browser(&self, with_scripts: bool) -> Browser<'_> {
        self.driver.browser(&self.address, with_scripts)
    }

    /// A browser at which somebody has signed in.
    pub(crate) fn at(&self, name: &str, with_scripts: bool) -> Browser<'_> {
        let browser = self.browser(with_scripts);
        browser.go("/sign-in");
        browser.fill("#name", name);
        browser.fill("#password", PASSWORD);
        browser.send("/sign-in");
        browser.arrives(&format!("{name} signs in"), |path| path != "/sign-in");
        browser
    }
}
