//! The console of one lender of the demonstration, for as long as the network is kept.

use std::io::Write as _;

use super::network::{DemoNetwork, free_address};
use super::{Client, Context, Failure};
use crate::api::users::UserBody;
use crate::config::HostPort;
use crate::model::user::Role;
use crate::people::User;
use crate::secret::random_array;

/// Whose console it is: the lender that asks.
const LENDER: &str = "lender-e";
/// Name, role and branch of each who may sign in.
const PEOPLE: [(&str, Role, Option<&str>); 5] = [
    ("officer", Role::LoanOfficer, Some("Demonstration")),
    ("supervisor", Role::Supervisor, None),
    ("clerk", Role::DataClerk, None),
    ("operator", Role::Operator, None),
    ("auditor", Role::Auditor, None),
];

/// Lets the lender's node serve its console on a free port of this machine, from its next start on.
pub(super) fn prepare(network: &DemoNetwork) -> Result<HostPort, Failure> {
    let address = free_address().map_err(Failure::fault)?;
    let file = network.folder.join(LENDER).join("node.toml");
    let mut file = std::fs::OpenOptions::new().append(true).open(file)?;
    writeln!(file, "\n[web]\nlisten = \"{address}\"\nplain = true")?;
    Ok(address)
}

/// Admits somebody of every role, and says how to sign in.
pub(super) async fn open(client: &Client, address: &HostPort, context: &mut Context) -> Result<(), Failure> {
    let password = format!("demonstration-{}", hex::encode(random_array::<4>(&*context.entropy)));
    for (name, role, branch) in PEOPLE {
        let user = UserBody {
            name: name.to_owned(),
            roles: [role].into(),
            branch: branch.map(str::to_owned),
            password: password.clone(),
            // Whoever runs the demonstration is all of them.
            own_password: true,
        };
        let _: User = client.post("/v1/users", &user).await?;
    }
    let names: Vec<&str> = PEOPLE.iter().map(|(name, _, _)| *name).collect();
    let terminal = &mut context.terminal;
    terminal.say(format_args!("\nThe console of {LENDER}: http://{address}"))?;
    terminal.say(format_args!("  sign in as {}, each with the password {password}", names.join(", ")))?;
    Ok(())
}
