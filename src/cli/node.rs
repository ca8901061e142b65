//! `tally node`: runs the node of a configuration until it is told to stop.

use std::io::IsTerminal as _;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::os::fd::AsFd as _;
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use tokio_util::sync::CancellationToken;

use super::Context;
use super::exit::{Exit, Failure};
use super::unlock::UnlockArgs;
use crate::bureau::{BureauOptions, Credentials};
use crate::config::{Config, HostPort, JournalFormat};
use crate::daemon::{Options, WebCertificate, WebOptions, run_lasting};
use crate::keyring::NodeKeys;
use crate::words::Texts;

/// Threads of the runtime: handlers wait for the disk now and then, and others must go on meanwhile.
const WORKER_THREADS: usize = 8;

/// Run this node until it is told to stop
///
/// Messages about the node go to standard error. SIGTERM or Ctrl-C stops it: open requests are finished, nothing new
/// is taken.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally node --config lender-a/node.toml
  TALLY_LOG=debug tally node --config lender-a/node.toml")]
pub(super) struct NodeArgs {
    #[command(flatten)]
    unlock: UnlockArgs,
}

impl NodeArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let config = context.load_config()?;
        start_journal(&config).map_err(Failure::fault)?;
        let unlock = self.unlock.unlock(Some(&config), &context.terminal)?;
        let options =
            options(&config, NodeKeys::load(&config.keys, &unlock)?, context).map_err(Failure::fault)?;
        let options = Options { unlocked_by: self.unlock.file(&config), ..options };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(WORKER_THREADS)
            .enable_all()
            .build()
            .context("the runtime cannot be started")
            .map_err(Failure::fault)?;
        runtime.block_on(run(options)).map_err(Failure::fault)?;
        Ok(Exit::Done)
    }
}

/// The daemon's options, from a configuration and unlocked keys.
pub(super) fn options(config: &Config, keys: NodeKeys, context: &Context) -> anyhow::Result<Options> {
    Ok(Options {
        member: config.member.clone(),
        data: config.data.clone(),
        listen: address("listen", config.listen.as_ref())?,
        log_listen: address("log.listen", config.log.listen.as_ref())?,
        web: web(config)?,
        texts: match &config.texts.folder {
            Some(folder) => Texts::with_folder(folder)?,
            None => Texts::built_in(),
        },
        metrics_listen: address("metrics.listen", config.metrics.listen.as_ref())?,
        bureau: bureau(config, context)?,
        keys: Arc::new(keys),
        unlocked_by: None,
        certificate_file: config.certificate.clone(),
        roster_file: config.roster.clone(),
        operator_key: *config.pinned_operator_key()?,
        cache_mib: config.cache_mib as usize,
        limits: config.transport_limits(),
        clock: context.clock.clone(),
        entropy: context.entropy.clone(),
    })
}

/// Where and how browsers are served.
fn web(config: &Config) -> anyhow::Result<Option<WebOptions>> {
    let web = &config.web;
    let Some(listen) = address("web.listen", web.listen.as_ref())? else { return Ok(None) };
    let certificate = match (&web.certificate, &web.key) {
        (Some(chain), Some(key)) => WebCertificate::Files { chain: chain.clone(), key: key.clone() },
        _ if web.plain => WebCertificate::Plain,
        _ => {
            let mut hosts = vec!["localhost".to_owned()];
            hosts.extend(web.listen.iter().map(|listen| listen.host().to_owned()));
            hosts.extend(web.names.iter().cloned());
            // An address of every interface is nobody's name.
            hosts.retain(|host| host != "0.0.0.0" && host != "::");
            hosts.dedup();
            WebCertificate::Own { hosts }
        }
    };
    Ok(Some(WebOptions { listen, certificate }))
}

/// What a core banking system on this machine asks with.
fn bureau(config: &Config, context: &Context) -> anyhow::Result<Option<(SocketAddr, BureauOptions)>> {
    let Some(fineract) = &config.fineract else { return Ok(None) };
    let listen =
        address("fineract.listen", Some(&fineract.listen))?.context("fineract.listen: no address")?;
    let credentials = Arc::new(Credentials::read(&fineract.credentials)?);
    let (scheme, purpose) = (fineract.scheme.clone(), fineract.purpose.clone());
    Ok(Some((listen, BureauOptions::new(credentials, scheme, purpose, context.entropy.clone()))))
}

/// The first address of a `host:port` of the configuration.
pub(super) fn address(key: &str, listen: Option<&HostPort>) -> anyhow::Result<Option<SocketAddr>> {
    let Some(listen) = listen else { return Ok(None) };
    let text = listen.to_string();
    let mut found = text.to_socket_addrs().with_context(|| format!("{key}: {text} is not known"))?;
    found.next().map(Some).with_context(|| format!("{key}: {text} has no address"))
}

async fn run(options: Options) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let shutdown = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let waiting = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        tracing::info!("stopping");
        shutdown.cancel();
        std::future::pending().await
    };
    tokio::select! {
        ended = run_lasting(options, shutdown.clone()) => ended,
        never = waiting => never,
    }
}

/// Messages of the program, on standard error.
fn start_journal(config: &Config) -> anyhow::Result<()> {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(&config.journal.level)
        .with_context(|| format!("journal.level: {} is no filter", config.journal.level))?;
    let journal = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let json = match config.journal.format {
        JournalFormat::Auto => is_read_by_systemd(),
        JournalFormat::Text => false,
        JournalFormat::Json => true,
    };
    let started = if json { journal.json().try_init() } else { journal.with_target(false).try_init() };
    started.map_err(|error| anyhow::anyhow!("the journal cannot be started: {error}"))
}

/// Whether standard error is the stream that systemd gave to this service. What a service starts inherits the
/// variable, with standard error perhaps somewhere else, so that what it names is compared (systemd.exec(5)).
fn is_read_by_systemd() -> bool {
    let stream = std::env::var("JOURNAL_STREAM").ok();
    let own =
        std::io::stderr().as_fd().try_clone_to_owned().and_then(|fd| std::fs::File::from(fd).metadata());
    matches!((stream, own), (Some(stream), Ok(own)) if stream == format!("{}:{}", own.dev(), own.ino()))
}
