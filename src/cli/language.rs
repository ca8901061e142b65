//! In which language a command speaks to people: the one that is asked for, else that of the environment, else English.

use clap::Args;

use super::{Context, Exit, Failure};
use crate::words::{Texts, Words};

/// What the environment says of the language of messages, in POSIX's order (XBD 8.2).
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The language of what a command prints for people.
#[derive(Args, Clone, Debug)]
pub(super) struct LanguageArgs {
    /// Language of what is printed, as km or es-PE [default: that of the environment, else en].
    #[arg(long, alias = "lang", value_name = "TAG")]
    language: Option<String>,
}

impl LanguageArgs {
    /// The words of that language, with what the configuration's folder of texts adds.
    pub(super) fn words(&self, context: &Context) -> Result<Words, Failure> {
        let texts = context.texts()?;
        match &self.language {
            None => Ok(of_environment(&texts)),
            Some(tag) => texts.find(tag).ok_or_else(|| {
                let there: Vec<String> = texts.languages().into_iter().map(|language| language.tag).collect();
                let said = format!("--language {tag}: there are texts in: {}", there.join(", "));
                Failure::new(Exit::Usage, said)
            }),
        }
    }
}

/// The words of the environment's language; English where there are none.
pub(super) fn of_environment(texts: &Texts) -> Words {
    of_variables(texts, &|name| std::env::var(name).ok())
}

fn of_variables(texts: &Texts, variable: &dyn Fn(&str) -> Option<String>) -> Words {
    // A variable that is set and empty counts as not set; one that is set to `C` means no language at all.
    let said = VARIABLES.iter().filter_map(|name| variable(name)).find(|value| !value.is_empty());
    texts.language(&said.unwrap_or_default())
}

impl Context {
    /// The texts of every language, with those of the folder that the configuration names.
    pub(super) fn texts(&self) -> Result<Texts, Failure> {
        // A configuration that is missing or wrong is said by what needs more of it than this.
        match self.load_config().ok().and_then(|config| config.texts.folder) {
            None => Ok(Texts::built_in()),
            Some(folder) => {
                Texts::with_folder(&folder).map_err(|error| Failure::new(Exit::Usage, error.to_string()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_speaks_in_its_order() {
        let texts = Texts::built_in();
        for (variables, tag) in [
            (&[("LANG", "km_KH.UTF-8")][..], "km"),
            (&[("LANG", "km_KH.UTF-8"), ("LC_ALL", "C.UTF-8")][..], "en"),
            (&[("LANG", "fr_FR"), ("LC_MESSAGES", "az_AZ.UTF-8"), ("LC_ALL", "")][..], "az"),
            (&[][..], "en"),
        ] {
            let variable = |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(of_variables(&texts, &variable).tag(), tag, "{variables:?}");
        }
    }
}
