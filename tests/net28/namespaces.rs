//! A network namespace for each member, joined to that of the hub by a pair of interfaces which lose packets.

use std::fs::File;
use std::net::SocketAddr;
use std::os::fd::AsFd as _;
use std::process::Command;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::fault_proxy::{Faults, serve};

/// Where members look for the hub: an address of their own namespace, on which their bad line begins.
pub(crate) const HUB: &str = "10.28.0.1:7443";

/// The namespaces; they go with it.
pub(crate) struct Namespaces {
    names: Vec<String>,
}

/// Runs one of the system's own tools.
fn tool(arguments: &[&str]) -> Result<(), String> {
    let done =
        Command::new(arguments[0]).args(&arguments[1..]).output().map_err(|error| error.to_string())?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!("{}: {}", arguments.join(" "), String::from_utf8_lossy(&done.stderr).trim()))
}

impl Namespaces {
    /// One for the hub and `members` others; of the packets between them `loss_percent` are lost each way. An error says
    /// why this machine does not allow it.
    pub(crate) fn new(members: usize, loss_percent: u32) -> Result<Self, String> {
        let mut made = Self { names: Vec::new() };
        for number in 0..=members {
            let name = format!("tally-{}-{number}", std::process::id());
            tool(&["ip", "netns", "add", &name])?;
            made.names.push(name.clone());
            tool(&["ip", "-n", &name, "link", "set", "lo", "up"])?;
            if number == 0 {
                continue;
            }
            let hub = &made.names[0];
            let link = format!("link{number}");
            let (near, far) = (format!("10.28.{number}.1/24"), format!("10.28.{number}.2/24"));
            tool(&[
                "ip", "-n", hub, "link", "add", &link, "type", "veth", "peer", "name", "line", "netns", &name,
            ])?;
            tool(&["ip", "-n", hub, "address", "add", &near, "dev", &link])?;
            tool(&["ip", "-n", &name, "address", "add", &far, "dev", "line"])?;
            tool(&["ip", "-n", &name, "address", "add", "10.28.0.1/32", "dev", "lo"])?;
            tool(&["ip", "-n", hub, "link", "set", &link, "up"])?;
            tool(&["ip", "-n", &name, "link", "set", "line", "up"])?;
        }
        for name in &made.names {
            let rules = format!(
                "table inet line {{ chain arriving {{ type filter hook input priority 0; \
                 iifname != \"lo\" numgen random mod 100 < {loss_percent} drop; }}; }}"
            );
            tool(&["ip", "netns", "exec", name, "nft", &rules])?;
        }
        Ok(made)
    }

    /// Does something in a namespace: sockets that are made there stay there, and so do processes that are started.
    pub(crate) fn within<T: Send>(&self, member: usize, act: impl FnOnce() -> T + Send) -> T {
        let name = &self.names[member];
        std::thread::scope(|scope| {
            let done = scope.spawn(|| {
                enter(name);
                act()
            });
            done.join().unwrap()
        })
    }

    /// Lays the bad line of a member: from [`HUB`], as it sees it, to the hub.
    pub(crate) fn lay_line(&self, member: usize, faults: Faults) {
        let name = self.names[member].clone();
        let upstream: SocketAddr = format!("10.28.{member}.1:7443").parse().unwrap();
        std::thread::spawn(move || {
            enter(&name);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind(HUB).await.unwrap();
                serve(listener, upstream, faults).await;
            });
        });
    }
}

fn enter(name: &str) {
    let namespace = File::open(format!("/var/run/netns/{name}")).unwrap();
    move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network)).unwrap();
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        for name in &self.names {
            let _ = tool(&["ip", "netns", "delete", name]);
        }
    }
}
