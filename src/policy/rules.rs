//! Judges one rule after another. A figure exactly at its limit is within it; a rule whose figures are not all
//! known is breached if the known part breaches it already, and otherwise refers.

use num_traits::ToPrimitive as _;

use super::exact::{Exact, Rates, exact, reported, rounded_up};
use super::household::{Held, Side};
use super::instalment::MonthlyExact;
use super::totals::{Purse, number};
use crate::model::amount::Amount;
use crate::model::answer::{AfterLoan, Burden, Coverage};
use crate::model::day::Day;
use crate::model::facility::FacilityKind;
use crate::model::inquiry::{Inquiry, RequestedLoan};
use crate::model::money::Currency;
use crate::model::policy::{Breach, ExposureClass, Policy, Rule};
use crate::model::reason::{Figure, Finding, Need, Outcome, Reason};

/// What the rules look at.
pub(super) struct Facts<'a> {
    pub(super) policy: &'a Policy,
    pub(super) rates: &'a Rates<'a>,
    pub(super) today: Day,
    pub(super) question: &'a Inquiry,
    /// The household's distinct loans.
    pub(super) loans: &'a [Held<'a>],
    /// The one of them that the new loan replaces.
    pub(super) refinanced: Option<&'a Held<'a>>,
    pub(super) requested_monthly: Option<&'a MonthlyExact>,
    pub(super) after: &'a AfterLoan,
    pub(super) burden: Option<&'a BurdenExact>,
    pub(super) coverage: &'a Coverage,
    /// Other lenders' inquiries about each person of the household: the ages in seconds.
    pub(super) inquiries: &'a [Vec<i64>],
}

/// The instalments after the loan in minor units of the income's currency.
pub(super) struct BurdenExact {
    pub(super) monthly: i128,
    pub(super) share_basis_points: Option<u64>,
}

/// Judges every rule of the policy, in its order.
pub(super) fn judge(facts: &Facts<'_>) -> Vec<Reason> {
    facts.policy.rules.iter().map(|rule| facts.judge(rule)).collect()
}

/// The gravest outcome.
pub(super) fn verdict(reasons: &[Reason]) -> Outcome {
    reasons.iter().map(|reason| reason.outcome).max().unwrap_or(Outcome::Refer)
}

struct Judged {
    limit: Figure,
    observed: Option<Figure>,
    /// `None` when the rule does not apply.
    breached: Option<bool>,
    needs: Vec<Need>,
}

impl Facts<'_> {
    fn judge(&self, rule: &Rule) -> Reason {
        let judged = match rule {
            Rule::LendersMax { lenders, .. } => self.lenders(*lenders),
            Rule::ExposureMax { amount, currency, class, .. } => self.exposure(amount, *currency, *class),
            Rule::InstalmentShareMax { basis_points, .. } => self.instalment_share(*basis_points),
            Rule::IncomeCeiling { yearly, currency, .. } => self.income(yearly, *currency),
            Rule::DaysPastDueMax { days, minimum_overdue, currency, .. } => {
                self.days_past_due(*days, minimum_overdue, *currency)
            }
            Rule::RefinancingMax { percent, .. } => self.refinancing(*percent),
            Rule::RecentInquiriesMax { count, days, .. } => self.recent_inquiries(*count, *days),
            Rule::WrittenOff { .. } => self.written_off(),
            Rule::Disputed { .. } => self.disputed(),
            Rule::IncompleteData { .. } => self.incomplete(),
        };
        let finding = match judged.breached {
            Some(true) => Finding::Breached,
            Some(false) if judged.needs.is_empty() => Finding::Within,
            None if judged.needs.is_empty() => Finding::NotApplicable,
            _ => Finding::Unknown,
        };
        let outcome = match (finding, rule.on_breach()) {
            (Finding::Within | Finding::NotApplicable, _) => Outcome::Pass,
            (Finding::Unknown, _) | (Finding::Breached, Breach::Refer) => Outcome::Refer,
            (Finding::Breached, Breach::Decline) => Outcome::Decline,
        };
        Reason {
            rule: rule.name(),
            outcome,
            finding,
            limit: judged.limit,
            at_least: judged.observed.is_some() && !judged.needs.is_empty(),
            observed: judged.observed,
            needs: judged.needs,
            source: rule.source().to_owned(),
        }
    }

    fn lenders(&self, most: u32) -> Judged {
        let count = self.after.lenders;
        Judged {
            limit: Figure::Lenders { count: most },
            observed: Some(Figure::Lenders { count }),
            breached: Some(count > most),
            needs: Vec::new(),
        }
    }

    fn exposure(&self, limit: &Amount, currency: Currency, class: ExposureClass) -> Judged {
        let most = i128::from(self.policy.limit_minor(currency, limit));
        let kept = self.kept().filter(|loan| loan.is_active() && in_class(class, loan.kind));
        let mut purse = Purse::of(kept, self.today);
        if let Some(loan) = self.requested().filter(|loan| in_class(class, loan.kind)) {
            purse.sums(loan.currency).outstanding.value += exact(loan.amount);
        }
        let (outstanding, converted) = purse.part(self.rates, currency, |sums| &sums.outstanding);
        let total = rounded_up(&outstanding.value);
        let facilities = outstanding.unknown;
        let figure = |minor, converted| {
            let total = self.rates.money(minor, currency);
            Figure::Exposure { class, total, converted }
        };
        Judged {
            limit: figure(most, false),
            observed: Some(figure(total, converted)),
            breached: Some(total > most),
            needs: if facilities > 0 { vec![Need::Outstanding { facilities }] } else { Vec::new() },
        }
    }

    fn instalment_share(&self, basis_points: u32) -> Judged {
        let mut needs = Vec::new();
        let requested_unknown = self.requested_monthly == Some(&MonthlyExact::Unknown);
        let all_unknown = self.after.reference.instalment.unknown;
        let facilities = all_unknown - u32::from(requested_unknown && self.counts_requested());
        if facilities > 0 {
            needs.push(Need::Instalment { facilities });
        }
        if requested_unknown {
            needs.push(Need::RequestedInstalment);
        }
        let (Some(shown), Some(burden)) = (&self.after.burden, self.burden) else {
            needs.push(Need::HouseholdIncome);
            return Judged { limit: Figure::Share { basis_points }, observed: None, breached: None, needs };
        };
        // With an income of zero any instalment is too much.
        let breached = match burden.share_basis_points {
            Some(share) => share > u64::from(basis_points),
            None => burden.monthly > 0,
        };
        Judged {
            limit: Figure::Share { basis_points },
            observed: Some(share_figure(shown)),
            breached: Some(breached),
            needs,
        }
    }

    fn income(&self, yearly: &Amount, currency: Currency) -> Judged {
        let most = i128::from(self.policy.limit_minor(currency, yearly));
        let figure =
            |minor, converted| Figure::Income { yearly: self.rates.money(minor, currency), converted };
        let limit = figure(most, false);
        let Some((own, monthly)) = self.question.household_income else {
            return Judged { limit, observed: None, breached: None, needs: vec![Need::HouseholdIncome] };
        };
        let income = rounded_up(&self.rates.convert(&(exact(monthly) * exact(12)), own, currency));
        Judged {
            limit,
            observed: Some(figure(income, own != currency && monthly != 0)),
            breached: Some(income > most),
            needs: Vec::new(),
        }
    }

    fn days_past_due(&self, days: u32, minimum: &Amount, currency: Currency) -> Judged {
        let least = i128::from(self.policy.limit_minor(currency, minimum));
        let owed = || self.owed().filter(|loan| loan.is_active() || loan.is_written_off());
        let mut overdue: Exact = exact(0);
        let mut converted = false;
        let (mut late, mut without_days, mut without_amount) = (false, 0, 0);
        for loan in owed() {
            match loan.facility.days_past_due {
                None => without_days += 1,
                Some(past_due) if past_due > days => {
                    late = true;
                    match overdue_of(loan) {
                        None => without_amount += 1,
                        Some(minor) => {
                            let from = loan.facility.currency;
                            converted |= minor != 0 && from != currency;
                            overdue += self.rates.convert(&exact(minor), from, currency);
                        }
                    }
                }
                Some(_) => {}
            }
        }
        let total = rounded_up(&overdue);
        // A minimum of zero overlooks nothing: then the days alone decide, and amounts are not needed.
        let breached = late && (least == 0 || total > least);
        let mut needs = Vec::new();
        if without_days > 0 {
            needs.push(Need::DaysPastDue { facilities: without_days });
        }
        if without_amount > 0 && least > 0 {
            needs.push(Need::Overdue { facilities: without_amount });
        }
        let worst = owed().filter_map(|loan| loan.facility.days_past_due).max().unwrap_or(0);
        let figure = |days, minor, converted| {
            let overdue = self.rates.money(minor, currency);
            Figure::Arrears { days, overdue, converted }
        };
        Judged {
            limit: figure(days, least, false),
            observed: Some(figure(worst, total, converted)),
            breached: Some(breached),
            needs,
        }
    }

    fn refinancing(&self, percent: u32) -> Judged {
        let limit = Figure::Percent { percent };
        let needs = |need| Judged { limit: limit.clone(), observed: None, breached: None, needs: vec![need] };
        if self.question.refinances.is_none() {
            return Judged { limit, observed: None, breached: None, needs: Vec::new() };
        }
        let Some(loan) = self.requested() else { return needs(Need::RequestedLoan) };
        let Some(old) = self.refinanced else { return needs(Need::RefinancedLoan) };
        let Some(disbursed) = reported(old.facility.disbursed) else {
            return needs(Need::RefinancedDisbursed);
        };
        let old_currency = old.facility.currency;
        let new = self.rates.convert(&exact(loan.amount), loan.currency, old_currency);
        let share = (disbursed > 0).then(|| (&new * exact(100) / exact(disbursed)).ceil().to_integer());
        let share = share.map(|share| share.to_u64().unwrap_or(u64::MAX));
        let observed = Figure::Refinancing {
            new: self.rates.money(i128::from(loan.amount), loan.currency),
            old: self.rates.money(i128::from(disbursed), old_currency),
            percent: share,
            converted: loan.currency != old_currency,
        };
        // Any loan is more than any percentage of nothing.
        let breached = share.is_none_or(|share| share > u64::from(percent));
        Judged { limit, observed: Some(observed), breached: Some(breached), needs: Vec::new() }
    }

    fn recent_inquiries(&self, most: u32, days: u32) -> Judged {
        let seconds = i64::from(days) * 86_400;
        let recent = self.inquiries.iter().map(|ages| ages.iter().filter(|age| **age <= seconds).count());
        let count = number(recent.max().unwrap_or(0));
        Judged {
            limit: Figure::Inquiries { count: most, days },
            observed: Some(Figure::Inquiries { count, days }),
            breached: Some(count > most),
            needs: Vec::new(),
        }
    }

    fn written_off(&self) -> Judged {
        let count = number(self.owed().filter(|loan| loan.is_written_off()).count());
        Judged {
            limit: Figure::Facilities { count: 0 },
            observed: Some(Figure::Facilities { count }),
            breached: Some(count > 0),
            needs: Vec::new(),
        }
    }

    fn disputed(&self) -> Judged {
        let still_owed = self.owed().filter(|loan| loan.is_active() || loan.is_written_off());
        let count = number(still_owed.filter(|loan| loan.disputed).count());
        Judged {
            limit: Figure::Disputed { count: 0 },
            observed: Some(Figure::Disputed { count }),
            breached: Some(count > 0),
            needs: Vec::new(),
        }
    }

    fn incomplete(&self) -> Judged {
        let coverage = self.coverage;
        let unreadable = coverage.unreadable.iter().fold(0u32, |sum, rows| sum.saturating_add(rows.count));
        let nothing = Figure::Lacking { missing: 0, stale: 0, unreadable: 0 };
        let observed = Figure::Lacking { missing: coverage.missing, stale: coverage.stale, unreadable };
        Judged {
            breached: Some(observed != nothing),
            limit: nothing,
            observed: Some(observed),
            needs: Vec::new(),
        }
    }

    fn requested(&self) -> Option<&RequestedLoan> {
        self.question.requested.as_ref()
    }

    /// Whether the requested loan is one of the household's own.
    fn counts_requested(&self) -> bool {
        self.requested().is_some_and(|loan| in_class(ExposureClass::All, loan.kind))
    }

    /// Every loan but the one that the new loan replaces.
    fn kept(&self) -> impl Iterator<Item = &Held<'_>> {
        self.loans.iter().filter(|loan| !self.refinanced.is_some_and(|old| std::ptr::eq(*loan, old)))
    }

    /// Own loans and loans to the group.
    fn owed(&self) -> impl Iterator<Item = &Held<'_>> {
        self.loans.iter().filter(|loan| loan.is_owed())
    }
}

/// What is overdue on a loan. Once it is written off, all of it is, whichever figure the lender still keeps.
fn overdue_of(loan: &Held<'_>) -> Option<i64> {
    let facility = loan.facility;
    let overdue = reported(facility.overdue);
    if !loan.is_written_off() {
        return overdue;
    }
    overdue.max(reported(facility.written_off)).max(reported(facility.outstanding))
}

fn share_figure(burden: &Burden) -> Figure {
    let currency = burden.income.currency;
    let money = |amount: &Amount| crate::model::amount::Money { currency, amount: amount.clone() };
    Figure::InstalmentShare {
        monthly: money(&burden.instalment.amount),
        income: burden.income.clone(),
        basis_points: burden.share_basis_points,
        estimated: money(&burden.instalment.estimated),
        converted: burden.converted,
    }
}

/// Whether a loan of this kind is added up under the class.
pub(super) fn in_class(class: ExposureClass, kind: FacilityKind) -> bool {
    match class {
        ExposureClass::All => matches!(kind, FacilityKind::Individual | FacilityKind::GroupMember),
        ExposureClass::Individual => kind == FacilityKind::Individual,
        ExposureClass::GroupMember => kind == FacilityKind::GroupMember,
        ExposureClass::Group => kind == FacilityKind::Group,
        ExposureClass::Guarantor => kind == FacilityKind::Guarantor,
        ExposureClass::WithGroupAndGuaranteed => true,
    }
}

/// Whether a loan stands in the household's own sums.
pub(super) fn is_own(loan: &Held<'_>) -> bool {
    loan.side() == Side::Own
}
