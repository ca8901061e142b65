//! The sample is whole, the messages name key and way out, and the pin touches one line.

use std::collections::BTreeSet;

use super::*;

const SAMPLE: &str = include_str!("../../config/node.toml");
const SMALL: &str = "network = \"kh-mfi\"\nmember = \"lender-a\"\n";

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("/etc/tally/node.toml"))
}

fn refusal(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn the_sample_holds_every_key_with_its_default() {
    let config = parse(SAMPLE).unwrap();
    let table: toml::Table = SAMPLE.parse().unwrap();
    let mut found = BTreeSet::from(["passphrase_file".to_owned()]);
    for (name, value) in &table {
        found.insert(name.clone());
        for inner in value.as_table().into_iter().flat_map(|inner| inner.keys()) {
            found.insert(format!("{name}.{inner}"));
        }
    }
    assert_eq!(found, keys::KEYS.iter().map(|key| (*key).to_owned()).collect());
    let mut small = parse(SMALL).unwrap();
    small.listen.clone_from(&config.listen);
    small.log.listen.clone_from(&config.log.listen);
    small.texts.folder.clone_from(&config.texts.folder);
    small.fineract.clone_from(&config.fineract);
    small.web.clone_from(&config.web);
    small.metrics.clone_from(&config.metrics);
    small.key_file.clone_from(&config.key_file);
    small.operator_key = config.operator_key;
    assert_eq!(small, config, "what the sample shows is the default");
}

#[test]
fn the_known_keys_are_the_fields() {
    // serde's own complaint lists the fields of a struct, in backticks behind the unknown one.
    let fields = |text: &str| -> BTreeSet<String> {
        let message = toml::from_str::<Config>(text).unwrap_err().message().to_owned();
        let mut quoted = message.split('`').skip(1).step_by(2).map(str::to_owned);
        assert_eq!(quoted.next().as_deref(), Some("unknown"), "{message}");
        quoted.collect()
    };
    let known = |prefix: &str| -> BTreeSet<String> {
        let keys = keys::KEYS.iter().filter_map(|key| key.strip_prefix(prefix));
        keys.filter(|key| !key.contains('.')).map(str::to_owned).collect()
    };
    assert_eq!(fields("unknown = 1\n"), known(""));
    for table in ["journal", "limits", "log", "web", "metrics", "texts", "fineract"] {
        assert_eq!(fields(&format!("{SMALL}[{table}]\nunknown = 1\n")), known(&format!("{table}.")));
    }
}

#[test]
fn paths_are_relative_to_the_file() {
    let config = parse(SMALL).unwrap();
    assert_eq!(config.data, Path::new("/etc/tally/data"));
    let texts = parse(&format!("{SMALL}[texts]\nfolder = \"mine\"\n")).unwrap().texts;
    assert_eq!(texts.folder.as_deref(), Some(Path::new("/etc/tally/mine")));
    assert_eq!(config.socket(), Path::new("/etc/tally/data/tally.sock"));
    assert_eq!(config.keys, Path::new("/etc/tally/keys.age"));
    let config = parse(&format!("{SMALL}key_file = \"/else/k\"\ndata = \"../d\"\n")).unwrap();
    assert_eq!(config.key_file.unwrap(), Path::new("/else/k"));
    assert_eq!(config.data, Path::new("/etc/tally/../d"));
    let fineract = "[fineract]\nlisten = \"localhost:7490\"\ncredentials = \"c.toml\"\n";
    let fineract = parse(&format!("{SMALL}{fineract}")).unwrap().fineract.unwrap();
    assert_eq!(fineract.credentials, Path::new("/etc/tally/c.toml"));
    assert_eq!((fineract.scheme, fineract.purpose.as_str()), (None, "loan-application"));
    assert_eq!(Config::parse(SMALL, Path::new("node.toml")).unwrap().folder(), Path::new("."));
}

#[test]
fn faults_name_the_key_and_the_way_out() {
    for (line, words) in [
        ("listn = \"a:1\"", "there is no key `listn`; did you mean `listen`?"),
        ("[log]\nlistn = \"a:1\"", "there is no key `log.listn`; did you mean `log.listen`?"),
        ("cache-mib = 5", "there is no key `cache-mib`; did you mean `cache_mib`?"),
        ("connections_max = 5", "did you mean `limits.connections_max`?"),
        ("[journal]\nlevels = \"info\"", "there is no key `journal.levels`; did you mean `journal.level`?"),
        ("quux = 1", "there is no key `quux`"),
        ("cache_mib = 1", "key `cache_mib`: 1 is not between 8 and 65536"),
        ("listen = \"7443\"", "`7443` is not host:port"),
        ("[limits]\nconnections_max = 1025", "key `limits.connections_max`: 1025 is not between 1 and 1024"),
        ("[journal]\nlevel = \"loud=very\"", "key `journal.level`: `loud=very` is no level"),
        ("key_file = \"a\"\npassphrase_file = \"b\"", "key `key_file`: stands beside `passphrase_file`"),
        (
            "[fineract]\nlisten = \"0.0.0.0:1\"\ncredentials = \"c\"",
            "key `fineract.listen`: is no loopback address",
        ),
        (
            "[fineract]\nlisten = \"assoc.example:1\"\ncredentials = \"c\"",
            "key `fineract.listen`: is no loopback",
        ),
        ("[fineract]\nlisten = \"127.0.0.1:1\"", "missing field `credentials`"),
        ("operator_key = \"AAAA\"", "line 3"),
        ("data = 5", "line 3"),
    ] {
        let message = refusal(&format!("{SMALL}{line}\n"));
        assert!(message.starts_with("/etc/tally/node.toml: "), "{message}");
        assert!(message.contains(words), "{line}: {message}");
    }
    assert!(!refusal(&format!("{SMALL}quux = 1\n")).contains("did you mean"));
    assert!(refusal("network = \"kh-mfi\"\n").contains("missing field `member`"));
    assert!(refusal("network = \"KH\"\nmember = \"lender-a\"\n").contains("2 to 32 of a-z"));
    let missing = Config::load(Path::new("/nonexistent/node.toml")).unwrap_err().to_string();
    assert!(missing.contains("there is no such configuration"), "{missing}");
    assert!(
        parse(SMALL).unwrap().pinned_operator_key().unwrap_err().to_string().contains("tally member install")
    );
}

#[test]
fn the_environment_goes_before_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("node.toml");
    std::fs::write(&path, SMALL).unwrap();
    let with = |name: &'static str, value: &'static str| {
        Config::load_with(&path, &move |asked| (asked == name).then(|| value.to_owned()))
    };
    assert_eq!(with("TALLY_LISTEN", "[::1]:9").unwrap().listen.unwrap().to_string(), "[::1]:9");
    assert_eq!(with("TALLY_DATA", "here").unwrap().data, Path::new("here"));
    assert_eq!(with("TALLY_LOG", "debug").unwrap().journal.level, "debug");
    assert_eq!(with("TALLY_LOG", "").unwrap().journal.level, "info");
    assert!(
        with("TALLY_LISTEN", "x")
            .unwrap_err()
            .to_string()
            .contains("variable TALLY_LISTEN: `x` is not host:port")
    );
    assert!(with("TALLY_LOG", "a=b=c").unwrap_err().to_string().contains("TALLY_LOG"));
}

#[test]
fn a_new_node_has_a_configuration_that_parses() {
    let node = NewNode {
        network: "kh-mfi".parse().unwrap(),
        member: "lender-a".parse().unwrap(),
        listen: Some("127.0.0.1:7443".parse().unwrap()),
        key_file: Some("odd \"name\" \\ here".into()),
        passphrase_file: None,
    };
    let config = parse(&node.to_toml()).unwrap();
    assert_eq!(config.key_file.unwrap(), Path::new("/etc/tally/odd \"name\" \\ here"));
    assert_eq!(config.listen, node.listen);
    let quiet = NewNode { listen: None, key_file: None, passphrase_file: Some("p".into()), ..node };
    let config = parse(&quiet.to_toml()).unwrap();
    assert_eq!((config.listen, config.passphrase_file.unwrap()), (None, "/etc/tally/p".into()));
}

#[test]
fn the_pin_is_one_line() {
    let path = Path::new("/etc/tally/node.toml");
    let key = parse(SAMPLE).unwrap().operator_key.unwrap();
    let other = crate::signing::SigningKey::from_seed(crate::secret::SecretBytes::new([7; 32])).verify_key();
    // Where there was none, before the first table.
    let text = format!("# mine\n{SMALL}\n[journal]\nlevel = \"warn\" # kept\n");
    let pinned = pin_operator_key(&text, path, &key).unwrap();
    assert_eq!(pinned.lines().count(), text.lines().count() + 1);
    assert!(text.lines().all(|line| pinned.contains(line)));
    assert_eq!(parse(&pinned).unwrap().operator_key, Some(key));
    // Where there was one, in its place; and again without a change.
    let changed = pin_operator_key(&pinned, path, &other).unwrap();
    assert_eq!(parse(&changed).unwrap().operator_key, Some(other));
    assert_eq!(pin_operator_key(&changed, path, &other).unwrap(), changed);
    assert_eq!(parse(&pin_operator_key(SMALL, path, &key).unwrap()).unwrap().operator_key, Some(key));
}
