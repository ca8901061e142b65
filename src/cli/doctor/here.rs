//! The checks of a folder on which no node runs. Each stands by itself as far as it can: a roster that is broken hides
//! neither the certificate nor the disk.

use std::net::TcpListener;
use std::path::Path;

use super::super::node::address;
use super::super::offline::has_store;
use super::super::unlock::UnlockArgs;
use super::super::{Context, Failure};
use crate::api::doctor::checks;
use crate::api::doctor::{Check, CheckState, Checkup};
use crate::api::logs::verify_all;
use crate::config::Config;
use crate::daemon::open_store;
use crate::keyring::NodeKeys;
use crate::node::{Node, StartError};
use crate::store::Store;

/// Looks at everything that takes no peer.
///
/// Errors: a configuration that cannot be read. Whatever else is wrong is a failed check.
pub(super) fn checkup(unlock: &UnlockArgs, context: &Context) -> Result<Checkup, Failure> {
    let config = context.load_config()?;
    let now = context.clock.now();
    let start = format!("tally node --config {}", context.config_path().display());
    let mut found =
        vec![Check::new("node", CheckState::Warning, format!("No node runs here. Start it with: {start}"))];

    let alone = context.alone(&config).map_err(|error| error.to_string());
    let roster = alone
        .as_ref()
        .map_err(String::clone)
        .and_then(|alone| alone.roster().map_err(|error| format!("{error:#}")));
    let keys = unlock
        .unlock(Some(&config), &context.terminal)
        .and_then(|unlock| Ok(NodeKeys::load(&config.keys, &unlock)?))
        .map_err(|failure| failure.words());
    let opened = open(&config);
    let (mut roster_trouble, mut keys_trouble) =
        (roster.as_ref().err().cloned(), keys.as_ref().err().cloned());
    let mut store_trouble = opened.as_ref().err().cloned();
    // With all of them the node is put together, which compares them with one another.
    let node = match (alone, &roster, keys, opened) {
        (Ok(alone), Ok(roster), Ok(keys), Ok(Some(store))) => match alone.node(store, keys, roster.clone()) {
            Ok(node) => Some(node),
            Err(StartError::Keys(error)) => {
                keys_trouble = Some(error.to_string());
                None
            }
            Err(StartError::Schemes(words)) => {
                roster_trouble = Some(words);
                None
            }
            Err(error) => {
                store_trouble = Some(error.to_string());
                None
            }
        },
        _ => None,
    };

    found.push(match &roster {
        Ok(roster) => checks::clock(roster, node.as_ref().map(|node| node.feeds()), now),
        Err(_) => Check::new("clock", CheckState::Skipped, "Nothing is there that another has signed."),
    });
    found.push(match (roster_trouble, &roster) {
        (None, Ok(roster)) => checks::roster(roster, now),
        (trouble, _) => Check::new("roster", CheckState::Failed, trouble.unwrap_or_default()),
    });
    found.push(certificate(&config.certificate, context));
    found.push(match (keys_trouble, &node) {
        (Some(trouble), _) => Check::new("keys", CheckState::Failed, trouble),
        (None, Some(node)) => checks::keys(node),
        (None, None) => {
            Check::new("keys", CheckState::Good, "They unlock; they were not compared with the roster.")
        }
    });
    found.push(checks::key_file(&config.data, unlock.file(&config).as_deref()));
    found.push(match (store_trouble, &node) {
        (Some(trouble), _) => Check::new("store", CheckState::Failed, trouble),
        (None, Some(node)) => store(node),
        (None, None) if has_store(&config) => {
            let words = "It opens; its log is verified when roster and keys are well.";
            Check::new("store", CheckState::Warning, words)
        }
        (None, None) => Check::new("store", CheckState::Skipped, "There is none yet: the node makes it."),
    });
    found.extend(node.as_ref().map(|node| checks::disputes(node)));
    // It may not be there yet: what holds it is on the same disk, mostly.
    let folder = config.data.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    found.extend(checks::disk(folder, &*context.clock));
    found.push(port(&config));

    found.push(Check::new("holders", CheckState::Skipped, "They are asked by a node that runs."));
    for member in roster.iter().flat_map(|roster| &roster.document().members) {
        if member.removed.is_none() && member.id != config.member {
            let name = format!("peer {}", member.id);
            found.push(Check::new(name, CheckState::Skipped, "It is asked by a node that runs."));
        }
    }
    Ok(found.into())
}

/// The store, if there is one; none is made.
fn open(config: &Config) -> Result<Option<Store>, String> {
    if !has_store(config) {
        return Ok(None);
    }
    open_store(&config.data, config.cache_mib as usize).map(Some).map_err(|error| format!("{error:#}"))
}

/// Whether the log and what is mirrored lead to what was signed, and the rest can be read.
fn store(node: &Node) -> Check {
    let check = checks::store(node);
    match verify_all(node) {
        Err(error) => Check::new("store", CheckState::Failed, error.to_string()),
        Ok(_) if check.state == CheckState::Failed => check,
        Ok(verified) => match verified.mirrors.iter().find(|mirror| !mirror.forks.is_empty()) {
            Some(mirror) => Check::new(
                "store",
                CheckState::Warning,
                format!(
                    "{} has signed two histories of its log: tell the operator. {}",
                    mirror.member, check.detail
                ),
            ),
            None => Check::new(
                "store",
                check.state,
                format!(
                    "{} The own log and {} mirrored ones lead to what was signed.",
                    check.detail,
                    verified.mirrors.len()
                ),
            ),
        },
    }
}

fn certificate(file: &Path, context: &Context) -> Check {
    let failed = |words: String| Check::new("certificate", CheckState::Failed, words);
    let pem = match std::fs::read_to_string(file) {
        Ok(pem) => pem,
        Err(error) => {
            let way_out = "install the operator's bundle with `tally member install`";
            return failed(format!("{}: {error}: {way_out}", file.display()));
        }
    };
    match crate::ca::describe(&pem) {
        Ok(facts) => checks::certificate(Some(facts.not_after), context.clock.now()),
        Err(error) => failed(format!("{}: {error}", file.display())),
    }
}

/// Whether the port is free for the node.
fn port(config: &Config) -> Check {
    let check = |state, words: String| Check::new("port", state, words);
    match address("listen", config.listen.as_ref()) {
        Err(error) => check(CheckState::Failed, format!("{error:#}")),
        Ok(None) => check(CheckState::Skipped, "This node only dials.".to_owned()),
        Ok(Some(address)) => match TcpListener::bind(address) {
            Ok(_) => check(CheckState::Good, format!("{address} is free.")),
            Err(error) => check(
                CheckState::Failed,
                format!("{address} cannot be listened on: {error}. Does another program have it?"),
            ),
        },
    }
}
