//! The known keys, so that an unknown one can be answered with the nearest.

/// Every key, tables with a dot. A test holds them against the struct and the sample.
pub(super) const KEYS: &[&str] = &[
    "network",
    "member",
    "data",
    "listen",
    "keys",
    "key_file",
    "passphrase_file",
    "certificate",
    "roster",
    "operator_key",
    "cache_mib",
    "journal",
    "journal.format",
    "journal.level",
    "limits",
    "limits.connections_max",
    "limits.connections_per_address_max",
    "limits.drain_seconds",
    "log",
    "log.listen",
    "web",
    "web.listen",
    "web.certificate",
    "web.key",
    "web.names",
    "web.plain",
    "metrics",
    "metrics.listen",
    "texts",
    "texts.folder",
    "fineract",
    "fineract.listen",
    "fineract.credentials",
    "fineract.scheme",
    "fineract.purpose",
];

/// The first key that is not known, and the nearest known one in any table if it is near.
pub(super) fn first_unknown(table: &toml::Table) -> Option<(String, Option<String>)> {
    let mut found = Vec::new();
    collect("", table, &mut found);
    let unknown = found.into_iter().find(|key| !KEYS.contains(&key.as_str()))?;
    let nearest = nearest(&unknown);
    Some((unknown, nearest))
}

fn collect(prefix: &str, table: &toml::Table, found: &mut Vec<String>) {
    for (name, value) in table {
        let key = format!("{prefix}{name}");
        // What stands in an unknown table is not looked at: the table is the mistake.
        if let (toml::Value::Table(inner), true) = (value, KEYS.contains(&key.as_str())) {
            collect(&format!("{key}."), inner, found);
        }
        found.push(key);
    }
}

fn nearest(unknown: &str) -> Option<String> {
    let last = |key: &str| key.rsplit('.').next().unwrap_or(key).to_lowercase().replace('-', "_");
    let wanted = last(unknown);
    let likeness = |key: &str| strsim::jaro_winkler(&wanted, &last(key));
    // Of two keys of one name, the one in the table where the unknown one stands.
    let table = |key: &str| key.rsplit_once('.').map(|(table, _)| table.to_owned());
    let same_table = |key: &str| table(key) == table(unknown);
    let best = KEYS
        .iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)).then_with(|| same_table(a).cmp(&same_table(b))))?;
    // What clap asks of a suggestion is 0.7; short keys of other meaning are alike that much.
    (likeness(best) > 0.8).then(|| (*best).to_owned())
}
