//! The loan applied for and the household's means; then the node is asked.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::begin::PersonLine;
use crate::console::Console;
use crate::console::form::{Choice, Fields, Posted};
use crate::console::trouble::Trouble;
use crate::console::visit::{Answered, Page, Said, Visit, go_to};
use crate::digest::TransactionId;
use crate::model::amount::{Amount, Money};
use crate::model::consent::Purpose;
use crate::model::facility::{FacilityKind, Frequency};
use crate::model::inquiry::{InquiryPerson, InquiryRequest, LoanRequest};
use crate::model::money::Currency;
use crate::model::user::Right;
use crate::node::Inquired;

/// How often an instalment falls due, as forms and texts have it.
const FREQUENCIES: [(&str, Frequency); 10] = [
    ("daily", Frequency::Daily),
    ("weekly", Frequency::Weekly),
    ("fortnightly", Frequency::Fortnightly),
    ("four-weekly", Frequency::FourWeekly),
    ("monthly", Frequency::Monthly),
    ("two-monthly", Frequency::TwoMonthly),
    ("quarterly", Frequency::Quarterly),
    ("half-yearly", Frequency::HalfYearly),
    ("yearly", Frequency::Yearly),
    ("bullet", Frequency::Bullet),
];

/// In what capacity the client will owe, as forms and texts have it.
const KINDS: [(&str, FacilityKind); 4] = [
    ("individual", FacilityKind::Individual),
    ("group-member", FacilityKind::GroupMember),
    ("group", FacilityKind::Group),
    ("guarantor", FacilityKind::Guarantor),
];

#[derive(Template)]
#[template(path = "officer/question.html")]
struct QuestionPage<'a> {
    page: &'a Page,
    application: String,
    persons: Vec<PersonLine>,
    currencies: Vec<Choice>,
    income_currencies: Vec<Choice>,
    frequencies: Vec<Choice>,
    kinds: Vec<Choice>,
    amount: String,
    term: String,
    instalment: String,
    income: String,
    expenses: String,
    refinances: String,
    errors: Vec<String>,
    trouble: Option<Said>,
}

fn question_page<'a>(
    console: &Console,
    page: &'a Page,
    id: &str,
    persons: Vec<PersonLine>,
    typed: &Fields,
) -> QuestionPage<'a> {
    let roster = console.node.roster();
    let policy = roster.policy();
    let currencies = |field: &str| {
        let wanted = typed.some(field).map_or_else(|| policy.currencies.reference.to_string(), str::to_owned);
        let all = policy.currencies.pinned.keys().map(ToString::to_string);
        let all = all.map(|code| Choice { is_chosen: code == wanted, name: code.clone(), value: code });
        all.collect::<Vec<_>>()
    };
    let choices = |field: &str, usual: &str, words: &[&str]| {
        let wanted = typed.some(field).unwrap_or(usual).to_owned();
        let all = words.iter().map(|word| Choice {
            value: (*word).to_owned(),
            name: page.t(&format!("console-{field}-{word}")),
            is_chosen: *word == wanted,
        });
        all.collect::<Vec<_>>()
    };
    let text = |name: &str| typed.text(name).to_owned();
    QuestionPage {
        page,
        application: format!("/officer/applications/{id}"),
        persons,
        currencies: currencies("currency"),
        income_currencies: currencies("income-currency"),
        frequencies: choices("frequency", "monthly", &FREQUENCIES.map(|(word, _)| word)),
        kinds: choices("kind", "individual", &KINDS.map(|(word, _)| word)),
        amount: text("amount"),
        term: text("term"),
        instalment: text("instalment"),
        income: text("income"),
        expenses: text("expenses"),
        refinances: text("refinances"),
        errors: Vec::new(),
        trouble: None,
    }
}

/// `GET …/question`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    visit: Visit,
) -> Answered {
    visit.must(Right::Inquire)?;
    let (persons, typed, ready) = console.application(&visit, &id, |one| {
        let ready = one.persons.iter().all(|person| person.recorded().is_some());
        (lines(&visit.page, one), one.question.clone(), ready)
    })?;
    if !ready {
        return Ok(go_to(&format!("/officer/applications/{id}")));
    }
    Ok(visit.show(&question_page(&console, &visit.page, &id, persons, &typed)))
}

fn lines(page: &Page, application: &crate::console::applications::Application) -> Vec<PersonLine> {
    let persons = application.persons.iter().enumerate();
    persons.map(|(place, person)| PersonLine::of(page, application, place, person)).collect()
}

/// `POST …/question`: asks. The same question sent twice is one inquiry, and another one under the same application is
/// a new one.
pub(super) async fn ask(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answered {
    let Posted { visit, fields } = posted;
    visit.must(Right::Inquire)?;
    let kept = console.application(&visit, &id, |one| {
        one.question = fields.clone();
        let persons: Option<Vec<InquiryPerson>> = one
            .persons
            .iter()
            .map(|person| {
                let consent = person.recorded()?.consent.to_string();
                Some(InquiryPerson { role: person.role, consent })
            })
            .collect();
        (persons, one.purpose, one.transaction, lines(&visit.page, one))
    })?;
    let (persons, purpose, transaction, lines) = kept;
    let Some(persons) = persons else { return Ok(go_to(&format!("/officer/applications/{id}"))) };
    let request = match request(&visit.page, &fields, persons, purpose) {
        Ok(request) => request,
        Err(errors) => {
            let mut again = question_page(&console, &visit.page, &id, lines, &fields);
            again.errors = errors;
            return Err(visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, &again));
        }
    };
    let caller = visit.caller.clone();
    let asked = console.waiting(move |node| async move {
        node.for_caller(&caller).inquire(&request, Some(transaction)).await
    });
    let asked = asked.await;
    let trouble = match asked {
        Ok(Inquired::Answered(_)) => {
            // The application may be gone by now; the answer is not.
            let _ = console.application(&visit, &id, |one| one.answered = Some(transaction));
            return Ok(go_to(&format!("/officer/answers/{transaction}")));
        }
        Ok(Inquired::Refused(refused)) => refused.into(),
        Err(trouble) => trouble,
    };
    if matches!(trouble, Trouble::Refused(..) | Trouble::Mend(..)) {
        // What was refused under this number stays so: the next try is an inquiry of its own.
        fresh(&console, &visit, &id)?;
    }
    let mut again = question_page(&console, &visit.page, &id, lines, &fields);
    again.trouble = Some(trouble.said(&visit.page));
    Err(visit.show_as(trouble.status(), &again))
}

fn fresh(console: &Console, visit: &Visit, id: &str) -> Result<(), Response> {
    let transaction = TransactionId::random(&*console.entropy);
    console.application(visit, id, |one| one.transaction = transaction)
}

/// The question as it was typed, or everything that is wrong with it.
fn request(
    page: &Page,
    fields: &Fields,
    persons: Vec<InquiryPerson>,
    purpose: Purpose,
) -> Result<InquiryRequest, Vec<String>> {
    let mut errors = Vec::new();
    let mut amount = |field: &str| -> Option<Amount> {
        let typed = fields.some(field)?;
        let read = plain_amount(typed).and_then(|text| text.parse().ok());
        if read.is_none() {
            errors.push(page.naming(
                "console-question-amount-wrong",
                "name",
                page.t(&format!("console-question-{field}")),
            ));
        }
        read
    };
    let (wanted, instalment) = (amount("amount"), amount("instalment"));
    let (income, expenses) = (amount("income"), amount("expenses"));
    let currency: Option<Currency> = fields.text("currency").parse().ok();
    let income_currency: Option<Currency> = fields.text("income-currency").parse().ok();
    if currency.is_none() || income_currency.is_none() {
        errors.push(page.t("console-question-currency-wrong"));
    }
    let term = fields.some("term").map(str::parse::<u32>);
    if term.as_ref().is_some_and(Result::is_err) {
        errors.push(page.t("console-question-term-wrong"));
    }
    let (Some(currency), Some(income_currency), true) = (currency, income_currency, errors.is_empty()) else {
        return Err(errors);
    };
    if wanted.is_none() && purpose == Purpose::LoanApplication {
        // The consent is for one question as a rule: a form that was sent by a slip must not spend it.
        return Err(vec![page.t("console-question-amount-missing")]);
    }
    let money = |amount: Option<Amount>| amount.map(|amount| Money { currency: income_currency, amount });
    let named = |word: &str| fields.text(word).to_owned();
    let frequency = FREQUENCIES.iter().find(|(word, _)| *word == named("frequency"));
    let kind = KINDS.iter().find(|(word, _)| *word == named("kind"));
    Ok(InquiryRequest {
        purpose: purpose.word().to_owned(),
        persons,
        requested: wanted.map(|amount| LoanRequest {
            currency,
            amount,
            frequency: frequency.map(|(_, frequency)| *frequency),
            instalment,
            term_months: term.and_then(Result::ok),
            kind: kind.map_or(FacilityKind::Individual, |(_, kind)| *kind),
        }),
        household_income: money(income),
        household_expenses: money(expenses),
        refinances: fields.some("refinances").map(str::to_owned),
    })
}

/// An amount as people type it: digits of their own script, thousands apart, one sign before the decimals. What could be
/// read in two ways is not read: `1,500` is fifteen hundred to one person and one and a half to another.
fn plain_amount(typed: &str) -> Option<String> {
    let kept = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '\u{2019}'));
    let text: String = kept.map(|c| super::code::digit(c).unwrap_or(c)).collect();
    let mut groups: Vec<&str> = text.split(['.', ',']).collect();
    let signs: Vec<char> = text.chars().filter(|c| matches!(c, '.' | ',')).collect();
    let (Some(first), Some(last)) = (signs.first(), signs.last()) else { return Some(text) };
    if groups.iter().any(|group| group.is_empty()) {
        return None;
    }
    let is_decimal = signs.len() == 1 || first != last;
    let decimals = if is_decimal { groups.pop()? } else { "" };
    let (whole, thousands) = groups.split_first()?;
    if signs.len() == 1 && decimals.len() == 3 && whole.len() <= 3 && *whole != "0" {
        return None;
    }
    let before = signs.get(..groups.len() - 1)?;
    let is_grouped = whole.len() <= 3 && thousands.iter().all(|group| group.len() == 3);
    if !thousands.is_empty() && (!is_grouped || before.iter().any(|sign| sign != first)) {
        return None;
    }
    let whole = groups.concat();
    Some(if is_decimal { format!("{whole}.{decimals}") } else { whole })
}

#[cfg(test)]
mod tests {
    use super::plain_amount;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (typed, read) in [
            ("1500", "1500"),
            ("1 500", "1500"),
            ("1\u{a0}500,25", "1500.25"),
            ("1'500.25", "1500.25"),
            ("1,500.25", "1500.25"),
            ("1.500,25", "1500.25"),
            ("1,500,000", "1500000"),
            ("1.500.000", "1500000"),
            ("1500,5", "1500.5"),
            ("1,500,000.5", "1500000.5"),
            ("15000,125", "15000.125"),
            ("១៥០០", "1500"),
            ("0.125", "0.125"),
        ] {
            assert_eq!(plain_amount(typed).as_deref(), Some(read), "{typed}");
        }
        for bad in ["1,500", "1.500", "1,50,000.5.2", "1.5,0.0", "1,2,3", "1,", ".5", "1..5", "1,500.000,5"] {
            assert_eq!(plain_amount(bad), None, "{bad}");
        }
    }
}
