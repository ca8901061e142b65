//! The schemes that every node knows.

use phonenumber::country::Id as Country;

use super::{IdentifierError, PHONE, SLK_581, SchemeId, Strength, cards, india, myanmar, phone, slk};

/// A built-in scheme.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rules {
    /// A canonicaliser of its own.
    Own(fn(&SchemeId, &str) -> Result<String, IdentifierError>),
    /// Telephone numbers, which take a default country.
    Phone,
}

/// What a built-in scheme is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Builtin {
    /// Its id.
    pub(super) id: &'static str,
    /// How far a match may be trusted.
    pub(super) strength: Strength,
    /// One sentence for a reader who must type one.
    pub(super) text: &'static str,
    /// A made-up number that parses.
    pub(super) example: &'static str,
    rules: Rules,
}

impl Builtin {
    pub(super) fn canonical(
        &self,
        scheme: &SchemeId,
        raw: &str,
        country: Option<Country>,
    ) -> Result<String, IdentifierError> {
        match self.rules {
            Rules::Own(parse) => parse(scheme, raw),
            Rules::Phone => phone::phone(scheme, raw, country),
        }
    }
}

const fn strong(
    id: &'static str,
    text: &'static str,
    example: &'static str,
    parse: fn(&SchemeId, &str) -> Result<String, IdentifierError>,
) -> Builtin {
    Builtin { id, strength: Strength::Strong, text, example, rules: Rules::Own(parse) }
}

/// All built-in schemes, by id.
pub(super) const BUILTIN: &[Builtin] = &[
    strong(
        "az-fin",
        "Azerbaijan, FIN of the identity card: 7 Latin letters and digits, no O and no I",
        "1A2B3C4",
        cards::az_fin,
    ),
    strong(
        "bd-nid",
        "Bangladesh, national identity number: 10 digits (smart card), 13, or 17 with the year of birth in front",
        "1990 1234567890123",
        cards::bd_nid,
    ),
    strong(
        "bo-ci",
        "Bolivia, identity card: the number, a complement such as -1A if it has one; the department may follow",
        "1234567-1A LP",
        cards::bo_ci,
    ),
    strong(
        "id-nik",
        "Indonesia, NIK: 16 digits with place and date of birth inside",
        "3171 0117 0845 0001",
        cards::id_nik,
    ),
    strong(
        "in-aadhaar",
        "India, Aadhaar: 12 digits, the last a check digit",
        "2341 2341 2346",
        india::aadhaar,
    ),
    strong(
        "in-epic",
        "India, voter card (EPIC): 3 letters and 7 digits, the last a check digit",
        "WKH1186253",
        india::epic,
    ),
    strong(
        "in-pan",
        "India, permanent account number: 5 letters, 4 digits, 1 letter",
        "ABCPD1234E",
        india::pan,
    ),
    strong("ke-id", "Kenya, identity card: 7 or 8 digits", "12345678", cards::ke_id),
    strong("kh-nid", "Cambodia, identity card: 9 digits", "012 345 678", cards::kh_nid),
    strong(
        "mm-nrc",
        "Myanmar, NRC number in Latin or Myanmar letters: state, township, kind, 6 digits",
        "12/KaMaYa(N)123456",
        myanmar::nrc,
    ),
    strong(
        "pe-dni",
        "Peru, DNI: 8 digits, with or without the check character of the CUI",
        "10117410-2",
        cards::pe_dni,
    ),
    strong(
        "ph-pcn",
        "Philippines, PhilSys card number: the 16 digits on the card's front; never the secret 12-digit number",
        "1234-5678-9012-3456",
        cards::ph_pcn,
    ),
    Builtin {
        id: PHONE,
        strength: Strength::Weak,
        text: "Telephone number with + and the country code",
        example: "+855 12 345 678",
        rules: Rules::Phone,
    },
    Builtin {
        id: SLK_581,
        strength: Strength::Weak,
        text: "Statistical linkage key of AIHW: letters of the names, date of birth, sex",
        example: "MIHOH010119801",
        rules: Rules::Own(slk::parse),
    },
    strong(
        "ug-nin",
        "Uganda, national identification number: 14 letters and digits, beginning CM or CF",
        "CM90012345678X",
        cards::ug_nin,
    ),
];

/// The built-in scheme of that id.
pub(super) fn find(id: &str) -> Option<&'static Builtin> {
    BUILTIN.iter().find(|scheme| scheme.id == id)
}
