//! The numbers of a person in a form: a field for each scheme of the network.

use super::Console;
use super::form::Fields;
use super::visit::Page;
use crate::model::identifier::{Identifier, Strength};

/// A number to type.
pub(super) struct IdentifierField {
    /// Name of the field.
    pub(super) field: String,
    pub(super) name: String,
    pub(super) typed: String,
    pub(super) is_weak: bool,
    /// What is wrong with what was typed.
    pub(super) wrong: Option<String>,
}

/// What people call the numbers of a scheme; the scheme's own word where no text is known for it.
pub(super) fn scheme_name(page: &Page, scheme: &str) -> String {
    const NAMED: [&str; 6] = ["phone", "slk-581", "kh-nid", "az-fin", "in-aadhaar", "in-pan"];
    if NAMED.contains(&scheme) { page.t(&format!("console-scheme-{scheme}")) } else { scheme.to_owned() }
}

impl Console {
    /// The fields with what was typed into them.
    pub(super) fn identifier_fields(&self, page: &Page, typed: &Fields) -> Vec<IdentifierField> {
        let roster = self.node.roster();
        let schemes = self.node.schemes();
        let fields = roster.policy().identifiers.accepted.iter().map(|scheme| {
            let field = format!("identifier-{scheme}");
            let value = typed.text(&field);
            let wrong = schemes.parse(scheme, value).err().filter(|_| !value.is_empty());
            IdentifierField {
                name: scheme_name(page, scheme.as_str()),
                typed: value.to_owned(),
                is_weak: schemes.strength(scheme) == Some(Strength::Weak),
                wrong: wrong.map(|error| error.to_string()),
                field,
            }
        });
        fields.collect()
    }

    /// The numbers that were typed, each understood or added to what is wrong.
    pub(super) fn identifiers_typed(
        &self,
        page: &Page,
        typed: &Fields,
        errors: &mut Vec<String>,
    ) -> Vec<Identifier> {
        let roster = self.node.roster();
        let schemes = self.node.schemes();
        let mut identifiers = Vec::new();
        for scheme in &roster.policy().identifiers.accepted {
            let value = typed.text(&format!("identifier-{scheme}"));
            if value.is_empty() {
                continue;
            }
            match schemes.parse(scheme, value) {
                Ok(identifier) => identifiers.push(identifier),
                Err(_) => errors.push(page.naming(
                    "console-person-number-wrong",
                    "name",
                    scheme_name(page, scheme.as_str()),
                )),
            }
        }
        if identifiers.is_empty() && errors.is_empty() {
            errors.push(page.t("console-person-number-missing"));
        }
        identifiers
    }
}
