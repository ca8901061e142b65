//! `tally consent`: record, show and withdraw consents of clients.

use std::io::Read as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use zeroize::Zeroizing;

use super::client::{Client, sha256_of, wait};
use super::offline::NoStore;
use super::receipt::ReceiptFiles;
use super::unlock::UnlockArgs;
use super::word::word;
use super::{Context, Exit, Failure};
use crate::api::consents::{
    ConsentBody, ConsentRecorded, ConsentShown, ConsentsPage, EvidenceBody, GroundBody, GroundRecorded,
    IdentifierText,
};
use crate::digest::{ConsentId, Digest};
use crate::limits::{IDENTIFIER_BYTES_MAX, IDENTIFIERS_PER_PERSON_MAX};
use crate::model::consent::{EvidenceKind, Purpose};

/// Record, show and withdraw consents of clients
#[derive(Args, Debug)]
pub(super) struct ConsentArgs {
    #[command(subcommand)]
    command: ConsentCommand,
}

#[derive(Debug, Subcommand)]
enum ConsentCommand {
    Record(Box<RecordArgs>),
    /// Show where a consent stands
    Show(OneConsent),
    List(ListArgs),
    /// Withdraw a consent that was recorded here
    ///
    /// The withdrawal is a leaf of this node's log, and key holders refuse every opening after it. A client who has her
    /// withdrawal code goes to any member instead: `tally withdraw`.
    Withdraw(OneConsent),
}

/// Record that a client consents to be looked up
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tally consent record --id kh-nid:180012345 --evidence form-118.pdf --notice km --until 2026-12-31
  tally consent record --id - --evidence form-118.pdf --notice km --until 2026-12-31 < identifiers.txt
  tally consent record --id kh-nid:180012345 --evidence form-118.pdf --notice km --until 2026-12-31 \
      --receipt receipt.html
  tally consent record --ground court-order --approved-by 'Sok Dara' --approved-by 'Chan Thy' \
      --id kh-nid:180012345 --evidence order-12.pdf --until 2026-12-31 --purpose loan-monitoring

With `--id -` identifiers are read from standard input, one SCHEME:VALUE a line, so that none stands in the history
of the shell. The evidence stays where it is; its SHA-256 is committed to in the log. The withdrawal code is shown
this once: it belongs on the client's receipt, which --receipt writes for the printer.")]
struct RecordArgs {
    /// An identifier of the client, or `-` to read them from standard input; may be given several times.
    #[arg(long, required = true, value_name = "SCHEME:VALUE")]
    id: Vec<String>,
    /// The signed form, or what else proves the consent.
    #[arg(long, value_name = "FILE")]
    evidence: PathBuf,
    /// Language of the notice that was shown, as the policy has it.
    #[arg(long, value_name = "LANGUAGE", required_unless_present = "ground", conflicts_with = "ground")]
    notice: Option<String>,
    /// The last day (in UTC), or a moment as 2026-12-31T17:00:00+07:00.
    #[arg(long, value_name = "DAY")]
    until: String,
    #[command(flatten)]
    terms: TermsArgs,
    #[command(flatten)]
    ground: GroundArgs,
    #[command(flatten)]
    receipt: ReceiptFiles,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Another lawful ground.
#[derive(Args, Clone, Debug)]
struct GroundArgs {
    /// Not the client's consent but this lawful ground, by its name in the policy; the evidence is the order. There is no
    /// receipt then, and no withdrawal code.
    #[arg(long, value_name = "NAME", requires = "approved_by", conflicts_with_all = ["receipt", "receipt_jws", "evidence_kind"])]
    ground: Option<String>,
    /// Who approves the look-up under that ground: two different persons.
    #[arg(long, value_name = "NAME", requires = "ground")]
    approved_by: Vec<String>,
}

/// List the consents that were recorded here, and other lawful grounds apart
#[derive(Args, Debug)]
struct ListArgs {
    /// As JSON, one consent a line.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

/// Terms of a consent that have a default.
#[derive(Args, Clone, Debug)]
pub(super) struct TermsArgs {
    /// What the look-up is for: loan-application, guarantee, restructuring, loan-monitoring, subject-access.
    #[arg(long, default_value = "loan-application", value_parser = word::<Purpose>)]
    pub(super) purpose: Purpose,
    /// The first day [default: now].
    #[arg(long, value_name = "DAY")]
    pub(super) from: Option<String>,
    /// How many inquiries.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(super) uses: u16,
    /// Open matches on a telephone number or SLK-581 alone, where the policy allows it too.
    #[arg(long)]
    pub(super) weak_matches: bool,
    /// What the evidence is: signed-form, thumbprint, one-time-password, client-key.
    #[arg(long, default_value = "signed-form", value_name = "KIND", value_parser = word::<EvidenceKind>)]
    pub(super) evidence_kind: EvidenceKind,
    /// Who records the consent.
    #[arg(long, env = "USER", hide_env_values = true, value_name = "NAME", default_value = "unnamed")]
    pub(super) officer: String,
}

impl TermsArgs {
    /// The body of the request.
    pub(super) fn body(
        &self,
        identifiers: Vec<IdentifierText>,
        evidence: Digest,
        notice: &str,
        until: &str,
    ) -> ConsentBody {
        ConsentBody {
            identifiers,
            purpose: self.purpose,
            until: until.to_owned(),
            from: self.from.clone(),
            uses: self.uses,
            weak_matches: self.weak_matches,
            notice: notice.to_owned(),
            evidence: EvidenceBody { kind: self.evidence_kind, sha256: Some(evidence), bytes: None },
            officer: self.officer.clone(),
        }
    }
}

/// One consent.
#[derive(Args, Debug)]
struct OneConsent {
    /// The consent's id.
    consent: ConsentId,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    unlock: UnlockArgs,
}

impl ConsentArgs {
    pub(super) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        match self.command {
            ConsentCommand::Record(args) => args.run(context),
            ConsentCommand::Show(args) => {
                let client = context.client_or_store(&args.unlock, NoStore::Refuse)?;
                let shown: ConsentShown = wait(client.get(&format!("/v1/consents/{}", args.consent)))??;
                show(context, &shown, args.json)
            }
            ConsentCommand::List(args) => list(&args, context),
            ConsentCommand::Withdraw(args) => {
                let client = context.client_or_store(&args.unlock, NoStore::Refuse)?;
                let path = format!("/v1/consents/{}/withdraw", args.consent);
                let shown: ConsentShown = wait(client.post(&path, &()))??;
                show(context, &shown, args.json)
            }
        }
    }
}

impl RecordArgs {
    fn run(self, context: &mut Context) -> Result<Exit, Failure> {
        let identifiers = read_identifiers(&self.id, context)?;
        let evidence = sha256_of(&self.evidence).map_err(|error| {
            Failure::new(Exit::Usage, format!("--evidence {}: {error}", self.evidence.display()))
        })?;
        let client = context.client()?;
        if let Some(ground) = &self.ground.ground {
            return self.record_ground(ground, identifiers, evidence, &client, context);
        }
        let notice = self.notice.as_deref().unwrap_or_default();
        let body = self.terms.body(identifiers, evidence, notice, &self.until);
        let recorded: ConsentRecorded = wait(client.post("/v1/consents", &body))??;
        if self.json {
            context.terminal.json(&recorded)?;
            return self.receipt.write(&recorded, context);
        }
        let terminal = &mut context.terminal;
        terminal.say(format_args!("Consent          {}", recorded.consent))?;
        terminal.say(format_args!("Log leaf         {}", recorded.leaf.index))?;
        terminal.say(format_args!("Withdrawal code  {}", recorded.withdrawal_code.grouped()))?;
        terminal
            .note("The code belongs on the client's receipt; it is not kept here and not shown again.")?;
        if let Some(trouble) = &recorded.trouble {
            let words = "The client is not located yet; the first inquiry does it.";
            terminal.note(format_args!("{words} {trouble}"))?;
        }
        self.receipt.write(&recorded, context)
    }
}

impl RecordArgs {
    fn record_ground(
        &self,
        ground: &str,
        identifiers: Vec<IdentifierText>,
        order: Digest,
        client: &Client,
        context: &mut Context,
    ) -> Result<Exit, Failure> {
        let terms = &self.terms;
        let body = GroundBody {
            identifiers,
            ground: ground.to_owned(),
            approved_by: self.ground.approved_by.clone(),
            purpose: terms.purpose,
            until: self.until.clone(),
            from: terms.from.clone(),
            uses: terms.uses,
            weak_matches: terms.weak_matches,
            sha256: order,
            officer: terms.officer.clone(),
        };
        let recorded: GroundRecorded = wait(client.post("/v1/grounds", &body))??;
        let terminal = &mut context.terminal;
        if self.json {
            terminal.json(&recorded)?;
            return Ok(Exit::Done);
        }
        terminal.say(format_args!("Ground    {ground}, in place of a consent: {}", recorded.consent))?;
        terminal.say(format_args!("Log leaf  {}", recorded.leaf.index))?;
        if let Some(trouble) = &recorded.trouble {
            let words = "The person is not located yet; the first inquiry does it.";
            terminal.note(format_args!("{words} {trouble}"))?;
        }
        Ok(Exit::Done)
    }
}

fn list(args: &ListArgs, context: &mut Context) -> Result<Exit, Failure> {
    let client = context.client_or_store(&args.unlock, NoStore::Refuse)?;
    let (mut consented, mut grounds) = (Vec::new(), Vec::new());
    let mut after: Option<ConsentId> = None;
    loop {
        let query = after.map_or_else(String::new, |after| format!("?after={after}"));
        let page: ConsentsPage = wait(client.get(&format!("/v1/consents{query}")))??;
        for shown in page.consents {
            if args.json {
                context.terminal.say(serde_json::to_string(&shown)?)?;
                continue;
            }
            let terms = &shown.terms;
            let row = [
                terms.consent.to_string(),
                shown.state.to_string(),
                terms.purpose.to_string(),
                terms.until.to_string(),
                format!("{}/{}", shown.uses_spent, terms.uses),
                shown.leaf.index.to_string(),
            ];
            match shown.ground {
                None => consented.push(row),
                Some(ground) => {
                    let [consent, state, purpose, until, uses, leaf] = row;
                    let by = ground.approved_by.join(", ");
                    grounds.push([consent, ground.name, by, state, purpose, until, uses, leaf]);
                }
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if args.json {
        return Ok(Exit::Done);
    }
    let terminal = &mut context.terminal;
    terminal.table(["consent", "state", "purpose", "until", "uses", "leaf"], consented)?;
    if !grounds.is_empty() {
        terminal.say("\nOther lawful grounds, in place of a consent:")?;
        let heads = ["id", "ground", "approved by", "state", "purpose", "until", "uses", "leaf"];
        terminal.table(heads, grounds)?;
    }
    Ok(Exit::Done)
}

fn show(context: &mut Context, shown: &ConsentShown, json: bool) -> Result<Exit, Failure> {
    let terminal = &mut context.terminal;
    if json {
        terminal.json(shown)?;
        return Ok(Exit::Done);
    }
    let terms = &shown.terms;
    terminal.say(format_args!("Consent      {}", terms.consent))?;
    terminal.say(format_args!("State        {}", shown.state))?;
    terminal.say(format_args!("Purpose      {}", terms.purpose))?;
    terminal.say(format_args!("Period       {} until {}", terms.from, terms.until))?;
    terminal.say(format_args!("Uses         {} of {} spent", shown.uses_spent, terms.uses))?;
    match &shown.ground {
        None => {
            let notice = &terms.notice;
            terminal.say(format_args!("Notice       {}, version {}", notice.language, notice.version))?;
        }
        Some(ground) => {
            let by = ground.approved_by.join(", ");
            terminal.say(format_args!(
                "Ground       {}, NOT the client's consent; approved by {by}",
                ground.name
            ))?;
        }
    }
    terminal.say(format_args!("Evidence     {}, recorded by {}", terms.evidence, shown.officer))?;
    terminal.say(format_args!("Identifiers  {}", shown.schemes.join(", ")))?;
    terminal.say(format_args!("Log leaf     {} {}", shown.leaf.index, shown.leaf.hash))?;
    terminal
        .say(format_args!("Located      {}", if shown.located { "yes" } else { "with the first inquiry" }))?;
    Ok(Exit::Done)
}

/// `SCHEME:VALUE` of the flags and, for `-`, of standard input.
pub(super) fn read_identifiers(
    given: &[String],
    context: &mut Context,
) -> Result<Vec<IdentifierText>, Failure> {
    let mut texts: Vec<Zeroizing<String>> = Vec::new();
    for text in given {
        if text != "-" {
            texts.push(Zeroizing::new(text.clone()));
            continue;
        }
        if context.terminal.interactive() {
            context.terminal.note("One SCHEME:VALUE a line; end with Ctrl-D.")?;
        }
        let bytes_max = (IDENTIFIER_BYTES_MAX + 32) * IDENTIFIERS_PER_PERSON_MAX;
        // As large as it gets, so that no copy of it is left behind where a smaller one grew.
        let mut typed = Zeroizing::new(String::with_capacity(bytes_max));
        std::io::stdin().lock().take(bytes_max as u64).read_to_string(&mut typed)?;
        let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
        texts.extend(lines.map(|line| Zeroizing::new(line.to_owned())));
    }
    let pair = |text: &Zeroizing<String>| {
        let (scheme, value) = text.split_once(':').ok_or_else(|| {
            Failure::new(Exit::Usage, "--id: write the scheme, a colon and the value, as in kh-nid:...")
        })?;
        Ok(IdentifierText { scheme: scheme.trim().to_owned(), value: value.trim().to_owned() })
    };
    if texts.is_empty() {
        return Err(Failure::new(Exit::Usage, "--id: no identifier was given"));
    }
    texts.iter().map(pair).collect()
}
