use std::collections::BTreeSet;

use super::*;
use crate::model::amount::Money;
use crate::model::reason::Outcome;
use crate::words::texts::Texts;

/// Numbers that some language has a form of its own for.
const COUNTS: [u32; 4] = [0, 1, 2, 1_234];

const RULES: [RuleName; 10] = [
    RuleName::LendersMax,
    RuleName::ExposureMax,
    RuleName::InstalmentShareMax,
    RuleName::IncomeCeiling,
    RuleName::DaysPastDueMax,
    RuleName::RefinancingMax,
    RuleName::RecentInquiriesMax,
    RuleName::WrittenOff,
    RuleName::Disputed,
    RuleName::IncompleteData,
];

const CLASSES: [ExposureClass; 6] = [
    ExposureClass::All,
    ExposureClass::Individual,
    ExposureClass::GroupMember,
    ExposureClass::Group,
    ExposureClass::Guarantor,
    ExposureClass::WithGroupAndGuaranteed,
];

fn money(amount: &str) -> Money {
    Money { currency: "KHR".parse().unwrap(), amount: amount.parse().unwrap() }
}

/// Every figure, each with figures of every kind inside it.
fn figures() -> Vec<Figure> {
    let mut figures = Vec::new();
    for count in COUNTS {
        let (days, missing, stale, unreadable) = (count, count, 1, 2);
        figures.extend([
            Figure::Lenders { count },
            Figure::Inquiries { count, days },
            Figure::Facilities { count },
            Figure::Disputed { count },
            Figure::Lacking { missing, stale, unreadable },
            Figure::Lacking { missing: 0, stale: count, unreadable: 0 },
            Figure::Lacking { missing: 0, stale: 0, unreadable: count },
        ]);
    }
    for converted in [false, true] {
        for class in CLASSES {
            figures.push(Figure::Exposure { class, total: money("5000"), converted });
        }
        for (basis_points, estimated) in [(Some(5_250), "0"), (None, "10")] {
            let (monthly, income, estimated) = (money("40"), money("80"), money(estimated));
            figures.push(Figure::InstalmentShare { monthly, income, basis_points, estimated, converted });
        }
        figures.push(Figure::Income { yearly: money("960"), converted });
        for (days, overdue) in [(1, "0"), (61, "35")] {
            figures.push(Figure::Arrears { days, overdue: money(overdue), converted });
        }
        for percent in [Some(120), None] {
            figures.push(Figure::Refinancing { new: money("200"), old: money("100"), percent, converted });
        }
    }
    figures.extend([Figure::Share { basis_points: 5_000 }, Figure::Percent { percent: 130 }]);
    let kinds: BTreeSet<u8> = figures.iter().map(kind).collect();
    assert_eq!(kinds.len(), 12, "every variant of Figure");
    figures
}

/// A number for each variant; a new one does not compile until it stands here, and fails above until it is listed.
fn kind(figure: &Figure) -> u8 {
    match figure {
        Figure::Lenders { .. } => 0,
        Figure::Exposure { .. } => 1,
        Figure::Share { .. } => 2,
        Figure::InstalmentShare { .. } => 3,
        Figure::Income { .. } => 4,
        Figure::Arrears { .. } => 5,
        Figure::Percent { .. } => 6,
        Figure::Refinancing { .. } => 7,
        Figure::Inquiries { .. } => 8,
        Figure::Facilities { .. } => 9,
        Figure::Disputed { .. } => 10,
        Figure::Lacking { .. } => 11,
    }
}

fn needs() -> Vec<Need> {
    let mut needs: Vec<Need> = COUNTS
        .into_iter()
        .flat_map(|facilities| {
            [
                Need::Outstanding { facilities },
                Need::Instalment { facilities },
                Need::DaysPastDue { facilities },
                Need::Overdue { facilities },
            ]
        })
        .collect();
    needs.extend([
        Need::HouseholdIncome,
        Need::RequestedLoan,
        Need::RequestedInstalment,
        Need::RefinancedLoan,
        Need::RefinancedDisbursed,
    ]);
    let kind = |need: &Need| match need {
        Need::Outstanding { .. } => 0,
        Need::Instalment { .. } => 1,
        Need::DaysPastDue { .. } => 2,
        Need::Overdue { .. } => 3,
        Need::HouseholdIncome => 4,
        Need::RequestedLoan => 5,
        Need::RequestedInstalment => 6,
        Need::RefinancedLoan => 7,
        Need::RefinancedDisbursed => 8,
    };
    assert_eq!(needs.iter().map(kind).collect::<BTreeSet<u8>>().len(), 9, "every variant of Need");
    needs
}

fn reason(rule: RuleName, finding: Finding, observed: Option<Figure>, limit: Figure) -> Reason {
    let outcome = Outcome::Refer;
    Reason {
        rule,
        outcome,
        finding,
        limit,
        observed,
        at_least: false,
        needs: Vec::new(),
        source: String::new(),
    }
}

/// Every way in which a reason can be said.
fn reasons() -> Vec<Reason> {
    let mut reasons = Vec::new();
    let figures = figures();
    for observed in &figures {
        for limit in &figures {
            for at_least in [false, true] {
                let said =
                    reason(RuleName::LendersMax, Finding::Within, Some(observed.clone()), limit.clone());
                reasons.push(Reason { at_least, ..said });
            }
        }
    }
    for rule in RULES {
        for finding in [Finding::Within, Finding::Breached, Finding::Unknown, Finding::NotApplicable] {
            reasons.push(reason(rule, finding, None, Figure::Lenders { count: 3 }));
        }
    }
    for need in needs() {
        let said = reason(RuleName::ExposureMax, Finding::Unknown, None, Figure::Lenders { count: 3 });
        reasons.push(Reason { needs: vec![need, Need::HouseholdIncome], ..said });
    }
    reasons
}

#[test]
fn every_reason_is_said_in_every_language() {
    let texts = Texts::built_in();
    let english = texts.language("en");
    for language in texts.languages() {
        let words = texts.language(&language.tag);
        for reason in reasons() {
            for with_loan in [false, true] {
                // What a text is not given, and a text that is missing, panics here.
                let said = reason_text(&reason, with_loan, &words);
                assert!(!said.contains(['{', '}', '$']) && !said.contains("reason-"), "{said}");
                let same = said == reason_text(&reason, with_loan, &english);
                assert_eq!(same, language.tag == "en", "{} says it in English: {said}", language.tag);
            }
        }
    }
}

#[test]
fn sentences_of_english_and_french() {
    let texts = Texts::built_in();
    let observed = Figure::Inquiries { count: 1, days: 30 };
    let limit = Figure::Inquiries { count: 4, days: 30 };
    let asked = reason(RuleName::RecentInquiriesMax, Finding::Within, Some(observed), limit);
    assert_eq!(
        reason_text(&asked, true, &texts.language("en")),
        "Other lenders asked about this client 1 time in the last 30 days; the limit is 4."
    );
    assert_eq!(
        reason_text(&asked, true, &texts.language("fr")),
        "D'autres prêteurs se sont renseignés 1 fois sur ce client au cours des 30 derniers jours\u{a0}; \
         la limite est de 4."
    );
}
