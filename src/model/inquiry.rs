//! The question that a lender asks: who applies, for what, with which means.
//!
//! No identifiers stand here: they belong to the consents that the question names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::amount::{Amount, Money};
use super::facility::{FacilityKind, Frequency};
use super::money::{Currency, Minor, MoneyError};
use super::policy::Policy;
use crate::limits;

/// Months of the longest loan that anybody asks for; beyond it the number is a slip.
pub const TERM_MONTHS_MAX: u32 = 600;

/// Who a person is in the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Wants the loan.
    Applicant,
    /// Married to the applicant; of the household.
    Spouse,
    /// Lives from the same income; of the household.
    HouseholdMember,
    /// Answers for the loan from outside the household.
    Guarantor,
}

impl Role {
    /// Whether the person's loans are part of the household's.
    pub fn is_of_household(self) -> bool {
        !matches!(self, Self::Guarantor)
    }
}

/// A question as it comes from a form or over the API; amounts in major units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InquiryRequest {
    /// Code of the purpose, one of the policy's.
    pub purpose: String,
    /// The persons asked about, 1 to 8, each with her own consent.
    pub persons: Vec<InquiryPerson>,
    /// The loan applied for, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<LoanRequest>,
    /// Monthly income of the whole household, as declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household_income: Option<Money>,
    /// Monthly expenses of the whole household without loan instalments, as declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household_expenses: Option<Money>,
    /// The asker's own account that the requested loan replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refinances: Option<String>,
}

/// One person of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InquiryPerson {
    /// Who she is in the application.
    pub role: Role,
    /// Id of her consent.
    pub consent: String,
}

/// The loan applied for; amounts in major units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoanRequest {
    /// Currency of both amounts.
    pub currency: Currency,
    /// The amount.
    pub amount: Amount,
    /// Amount of one instalment, if it is fixed already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instalment: Option<Amount>,
    /// How often it falls due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// Months until it is repaid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_months: Option<u32>,
    /// In what capacity the client will owe. Default: individual.
    #[serde(default = "individual")]
    pub kind: FacilityKind,
}

fn individual() -> FacilityKind {
    FacilityKind::Individual
}

/// A checked question; amounts in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    /// Code of the purpose.
    pub purpose: String,
    /// The persons asked about.
    pub persons: Vec<InquiryPerson>,
    /// The loan applied for.
    pub requested: Option<RequestedLoan>,
    /// Monthly income of the household.
    pub household_income: Option<(Currency, Minor)>,
    /// Monthly expenses of the household without loan instalments.
    pub household_expenses: Option<(Currency, Minor)>,
    /// The asker's own account that the requested loan replaces.
    pub refinances: Option<String>,
}

/// The loan applied for; amounts in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedLoan {
    /// Currency of both amounts.
    pub currency: Currency,
    /// The amount, above zero.
    pub amount: Minor,
    /// Amount of one instalment, above zero.
    pub instalment: Option<Minor>,
    /// How often it falls due.
    pub frequency: Option<Frequency>,
    /// Months until it is repaid, at least 1.
    pub term_months: Option<u32>,
    /// In what capacity the client will owe.
    pub kind: FacilityKind,
}

/// What is wrong with a question; the asker's to mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InquiryError {
    /// The policy does not know the purpose.
    #[error("purpose: not one of the network's; use one of: {known}")]
    Purpose {
        /// Codes of the policy.
        known: String,
    },
    /// Nobody, or too many.
    #[error("persons: name 1 to {most} persons, each with a consent")]
    Persons {
        /// The most.
        most: usize,
    },
    /// Two applicants.
    #[error("persons: one person is the applicant; the others are spouse, household-member or guarantor")]
    Applicants,
    /// One consent for two persons.
    #[error("persons: every person needs a consent of her own; one stands twice")]
    ConsentTwice,
    /// The network does not know the currency.
    #[error("{field}: {currency} is not a currency of this network")]
    Currency {
        /// Which field.
        field: &'static str,
        /// The currency.
        currency: Currency,
    },
    /// Not an amount.
    #[error("{field}: {source}")]
    Amount {
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        source: MoneyError,
    },
    /// Zero or less where something is needed, or less than zero.
    #[error("{field}: must be {least} or more")]
    TooLittle {
        /// Which field.
        field: &'static str,
        /// The least, in minor units or months.
        least: i64,
    },
    /// A term beyond any loan.
    #[error("requested.term_months: at most {TERM_MONTHS_MAX}")]
    Term,
}

impl InquiryRequest {
    /// Checks the question against the network's policy.
    pub fn check(&self, policy: &Policy) -> Result<Inquiry, InquiryError> {
        // Whether consent or another ground permits this very inquiry, its consent leaf says.
        let purposes = policy.consent.purposes_of_all();
        if !purposes.contains(&self.purpose.as_str()) {
            return Err(InquiryError::Purpose { known: purposes.join(", ") });
        }
        let most = limits::CONSENTS_PER_INQUIRY_MAX;
        if self.persons.is_empty() || self.persons.len() > most {
            return Err(InquiryError::Persons { most });
        }
        if self.persons.iter().filter(|person| person.role == Role::Applicant).count() > 1 {
            return Err(InquiryError::Applicants);
        }
        for (index, person) in self.persons.iter().enumerate() {
            if self.persons[..index].iter().any(|other| other.consent == person.consent) {
                return Err(InquiryError::ConsentTwice);
            }
        }
        let money = |field, money: &Option<Money>| {
            money
                .as_ref()
                .map(|m| Ok((m.currency, minor(policy, field, m.currency, &m.amount, 0)?)))
                .transpose()
        };
        Ok(Inquiry {
            purpose: self.purpose.clone(),
            persons: self.persons.clone(),
            requested: self.requested.as_ref().map(|loan| loan.check(policy)).transpose()?,
            household_income: money("household_income", &self.household_income)?,
            household_expenses: money("household_expenses", &self.household_expenses)?,
            refinances: self.refinances.clone(),
        })
    }
}

impl LoanRequest {
    fn check(&self, policy: &Policy) -> Result<RequestedLoan, InquiryError> {
        match self.term_months {
            Some(0) => return Err(InquiryError::TooLittle { field: "requested.term_months", least: 1 }),
            Some(months) if months > TERM_MONTHS_MAX => return Err(InquiryError::Term),
            _ => {}
        }
        let instalment = self.instalment.as_ref();
        let instalment =
            instalment.map(|amount| minor(policy, "requested.instalment", self.currency, amount, 1));
        Ok(RequestedLoan {
            currency: self.currency,
            amount: minor(policy, "requested.amount", self.currency, &self.amount, 1)?,
            instalment: instalment.transpose()?,
            frequency: self.frequency,
            term_months: self.term_months,
            kind: self.kind,
        })
    }
}

fn minor(
    policy: &Policy,
    field: &'static str,
    currency: Currency,
    amount: &Amount,
    least: Minor,
) -> Result<Minor, InquiryError> {
    let exponent = policy.exponent(currency).ok_or(InquiryError::Currency { field, currency })?;
    let minor =
        amount.to_minor(currency, exponent).map_err(|source| InquiryError::Amount { field, source })?;
    if minor < least { Err(InquiryError::TooLittle { field, least }) } else { Ok(minor) }
}
