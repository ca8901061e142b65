//! Rules at their limits, figures that nobody reported, households, names: each promise of `policy::assess` once.

#![expect(clippy::unwrap_used, reason = "what a test cannot set up has failed")]

use serde_json::{Value, json};
use tallystick::model::answer::{Answer, Band, Basis, CoverageState, MatchLevel, UnreadableWhy};
use tallystick::model::facility::{Facility, FacilityKind, FacilityReference, FacilityStatus, Frequency};
use tallystick::model::inquiry::Role;
use tallystick::model::policy::Policy;
use tallystick::model::reason::{Finding, Need, Outcome, Reason};
use tallystick::model::record::{DisputeRecord, RecordId};
use tallystick::policy::{Unreadable, assess, band, days_past_due_at_day_end};

#[path = "policy/scene.rs"]
mod scene;

use scene::{NOW, day, footprint, input, loan, member, person, policy, record, with_loans};

fn rule(text: &str) -> Policy {
    policy(&format!("[[rules]]\n{text}\non_breach = \"decline\"\nsource = \"scene\""), "")
}

fn first(answer: &Answer) -> &Reason {
    &answer.verdict.reasons[0]
}

/// The first rule's finding, with the verdict that must follow from it.
fn finding(answer: &Answer) -> Finding {
    let reason = first(answer);
    let outcome = match reason.finding {
        Finding::Within | Finding::NotApplicable => Outcome::Pass,
        Finding::Breached => Outcome::Decline,
        Finding::Unknown => Outcome::Refer,
    };
    assert_eq!(reason.outcome, outcome);
    assert_eq!(answer.verdict.outcome, outcome);
    reason.finding
}

fn requested(amount: &str) -> Value {
    json!({"requested": {"currency": "USD", "amount": amount, "instalment": amount, "frequency": "yearly", "term_months": 12}})
}

#[test]
fn exactly_at_the_limit_is_within_and_one_beyond_is_not() {
    // Exposure: 100.00 owed and the loan.
    let exposure = rule("rule = \"exposure_max\"\namount = \"150\"\ncurrency = \"USD\"");
    assert_eq!(finding(&with_loans(&exposure, &requested("50"), vec![loan(1)])), Finding::Within);
    assert_eq!(finding(&with_loans(&exposure, &requested("50.01"), vec![loan(1)])), Finding::Breached);

    // Lenders: one other and this one.
    for (most, expected) in [(2, Finding::Within), (1, Finding::Breached)] {
        let lenders = rule(&format!("rule = \"lenders_max\"\nlenders = {most}"));
        assert_eq!(finding(&with_loans(&lenders, &requested("50"), vec![loan(1)])), expected);
    }
    // Without a new loan this lender does not count.
    assert_eq!(
        finding(&with_loans(&rule("rule = \"lenders_max\"\nlenders = 1"), &json!({}), vec![loan(1)])),
        Finding::Within
    );

    // Instalments: 10.00 and 1/12 of the yearly one.
    let share = rule("rule = \"instalment_share_max\"\nbasis_points = 5000");
    let burden = |yearly: &str, income: &str| {
        let mut request = requested(yearly);
        request["household_income"] = json!({"currency": "USD", "amount": income});
        with_loans(&share, &request, vec![loan(1)])
    };
    assert_eq!(finding(&burden("120", "40")), Finding::Within);
    assert_eq!(finding(&burden("120.01", "40")), Finding::Breached, "20.000833… is rounded up to 20.01");
    assert_eq!(finding(&burden("120", "39.99")), Finding::Breached);
    assert_eq!(finding(&burden("120", "0")), Finding::Breached, "any instalment is too much of no income");

    // Income: 12 times the month.
    let ceiling = rule("rule = \"income_ceiling\"\nyearly = \"1200\"\ncurrency = \"USD\"");
    for (income, expected) in [("100", Finding::Within), ("100.01", Finding::Breached)] {
        let request = json!({"household_income": {"currency": "USD", "amount": income}});
        assert_eq!(finding(&with_loans(&ceiling, &request, vec![])), expected);
    }
    let riels = json!({"household_income": {"currency": "KHR", "amount": "400000.01"}});
    assert_eq!(finding(&with_loans(&ceiling, &riels, vec![])), Finding::Breached);

    // Days past due: more than 60 with more than 35.00.
    let late = rule("rule = \"days_past_due_max\"\ndays = 60\nminimum_overdue = \"35\"\ncurrency = \"USD\"");
    for (days, overdue, expected) in
        [(60, 9_999, Finding::Within), (61, 3_500, Finding::Within), (61, 3_501, Finding::Breached)]
    {
        let facility = Facility { days_past_due: Some(days), overdue: Some(overdue), ..loan(1) };
        assert_eq!(finding(&with_loans(&late, &json!({}), vec![facility])), expected, "{days} {overdue}");
    }
    // Split over two loans it is the same arrears.
    let half = |reference| Facility { days_past_due: Some(61), overdue: Some(1_751), ..loan(reference) };
    assert_eq!(finding(&with_loans(&late, &json!({}), vec![half(1), half(2)])), Finding::Breached);
    // A minimum of zero overlooks nothing.
    let any = rule("rule = \"days_past_due_max\"\ndays = 60\nminimum_overdue = \"0\"\ncurrency = \"USD\"");
    let facility = Facility { days_past_due: Some(61), overdue: None, ..loan(1) };
    assert_eq!(finding(&with_loans(&any, &json!({}), vec![facility])), Finding::Breached);

    // A loan written off is overdue in full, also where its overdue amount was set to zero.
    let given_up = Facility {
        status: FacilityStatus::WrittenOff,
        days_past_due: Some(61),
        overdue: Some(0),
        outstanding: Some(0),
        written_off: Some(3_501),
        ..loan(1)
    };
    assert_eq!(finding(&with_loans(&late, &json!({}), vec![given_up])), Finding::Breached);

    // Written off.
    let written_off = rule("rule = \"written_off\"");
    assert_eq!(finding(&with_loans(&written_off, &json!({}), vec![loan(1)])), Finding::Within);
    let facility = Facility { status: FacilityStatus::WrittenOff, ..loan(1) };
    assert_eq!(finding(&with_loans(&written_off, &json!({}), vec![facility])), Finding::Breached);

    // Disputed, running or written off; a loan that has ended is nobody's debt.
    let disputed = rule("rule = \"disputed\"");
    let judged = |status, disputed_by_her| {
        let facility = Facility { status, disputed: disputed_by_her, ..loan(1) };
        finding(&with_loans(&disputed, &json!({}), vec![facility]))
    };
    assert_eq!(judged(FacilityStatus::Current, false), Finding::Within);
    assert_eq!(judged(FacilityStatus::Current, true), Finding::Breached);
    assert_eq!(judged(FacilityStatus::WrittenOff, true), Finding::Breached);
    assert_eq!(judged(FacilityStatus::Closed, true), Finding::Within);
}

#[test]
fn inquiries_count_to_the_second_and_leave_out_the_present_and_the_own() {
    let policy = rule("rule = \"recent_inquiries_max\"\ncount = 1\ndays = 30");
    let month = 30 * 86_400;
    let asked = |footprints: Vec<(&str, _)>| {
        let mut applicant = person(Role::Applicant, vec![]);
        applicant.footprints =
            footprints.into_iter().map(|(lender, print)| (member(lender), print)).collect();
        applicant.this_footprint = Some(RecordId([9; 16]));
        assess(&policy, &input(&policy, &json!({}), vec![applicant]))
    };
    let one = ("bank-b", footprint(1, month));
    assert_eq!(finding(&asked(vec![one.clone()])), Finding::Within);
    assert_eq!(finding(&asked(vec![one.clone(), ("bank-c", footprint(2, 0))])), Finding::Breached);
    assert_eq!(finding(&asked(vec![one.clone(), ("bank-c", footprint(2, month + 1))])), Finding::Within);
    assert_eq!(finding(&asked(vec![one.clone(), one.clone()])), Finding::Within, "two copies are one");
    assert_eq!(
        finding(&asked(vec![one.clone(), ("asker", footprint(9, 0))])),
        Finding::Within,
        "the present one"
    );
    assert_eq!(
        finding(&asked(vec![one.clone(), ("asker", footprint(3, 60))])),
        Finding::Within,
        "an own one"
    );
    let ahead = asked(vec![one, ("bank-c", footprint(2, -120))]);
    assert_eq!(finding(&ahead), Finding::Breached, "a clock that is ahead hides nothing");
    assert_eq!(ahead.persons[0].inquiries.others.days_30, Some(2));
    assert_eq!(ahead.persons[0].inquiries.others.days_180, Some(2));
}

#[test]
fn refinancing_takes_the_old_loan_out_and_compares_it() {
    let policy = policy(
        "[[rules]]\nrule = \"refinancing_max\"\npercent = 130\non_breach = \"decline\"\nsource = \"scene\"\n\
         [[rules]]\nrule = \"exposure_max\"\namount = \"260\"\ncurrency = \"USD\"\non_breach = \"decline\"\nsource = \"scene\"",
        "",
    );
    let ask = |amount: &str, old: Facility, named: bool| {
        let mut request = requested(amount);
        request["refinances"] = json!("account 7");
        let mut applicant = person(Role::Applicant, vec![]);
        applicant.own = vec![record(1, "2026-11-21", vec![old])];
        let mut input = input(&policy, &request, vec![applicant]);
        input.refinanced = named.then_some(FacilityReference([7; 16]));
        assess(&policy, &input)
    };
    // 260.00 is 130 % of the 200.00 paid out; the 100.00 still owed are repaid by it.
    let answer = ask("260", loan(7), true);
    assert_eq!(finding(&answer), Finding::Within);
    assert_eq!(answer.after.currencies[0].outstanding.amount.as_str(), "260.00");
    assert_eq!(answer.household.together.currencies[0].outstanding.amount.as_str(), "100.00");
    assert_eq!(first(&ask("260.01", loan(7), true)).finding, Finding::Breached);
    let unknown = ask("260", Facility { disbursed: None, ..loan(7) }, true);
    assert_eq!(first(&unknown).needs, [Need::RefinancedDisbursed]);
    assert_eq!(finding(&unknown), Finding::Unknown);
    for answer in [ask("100", loan(7), false), ask("100", loan(8), true)] {
        assert_eq!(first(&answer).needs, [Need::RefinancedLoan]);
        // Nothing is taken out for a loan that was not found.
        assert_eq!(answer.after.currencies[0].outstanding.amount.as_str(), "200.00");
    }
    let closed = Facility { status: FacilityStatus::Closed, ..loan(7) };
    assert_eq!(first(&ask("100", closed, true)).needs, [Need::RefinancedLoan]);
}

#[test]
fn what_nobody_reported_refers_and_is_counted() {
    let exposure = rule("rule = \"exposure_max\"\namount = \"150\"\ncurrency = \"USD\"");
    let unknown = Facility { outstanding: None, ..loan(2) };
    let answer = with_loans(&exposure, &requested("1"), vec![loan(1), unknown.clone()]);
    assert_eq!(finding(&answer), Finding::Unknown);
    assert_eq!(first(&answer).needs, [Need::Outstanding { facilities: 1 }]);
    assert!(first(&answer).at_least);
    let sums = &answer.household.together.currencies[0];
    assert_eq!((sums.outstanding.amount.as_str(), sums.outstanding.unknown), ("100.00", 1));
    // The known part is enough to say no.
    assert_eq!(finding(&with_loans(&exposure, &requested("51"), vec![loan(1), unknown])), Finding::Breached);
    // A negative amount is no figure, and lessens no other.
    let negative = Facility { outstanding: Some(-50_000), ..loan(2) };
    let answer = with_loans(&exposure, &requested("1"), vec![loan(1), negative]);
    assert_eq!(finding(&answer), Finding::Unknown);
    assert_eq!(answer.household.together.currencies[0].outstanding.amount.as_str(), "100.00");

    // XXX days past due are not zero days.
    let late = rule("rule = \"days_past_due_max\"\ndays = 60\nminimum_overdue = \"35\"\ncurrency = \"USD\"");
    let silent = Facility { days_past_due: None, ..loan(1) };
    let answer = with_loans(&late, &json!({}), vec![silent.clone()]);
    assert_eq!(finding(&answer), Finding::Unknown);
    assert_eq!(first(&answer).needs, [Need::DaysPastDue { facilities: 1 }]);
    assert_eq!(answer.household.together.arrears.band, Band::Unknown);
    assert_eq!(answer.household.together.arrears.worst, None);
    let very_late = Facility { days_past_due: Some(91), overdue: None, ..loan(2) };
    let answer = with_loans(&late, &json!({}), vec![silent, very_late]);
    let expected = [Need::DaysPastDue { facilities: 1 }, Need::Overdue { facilities: 1 }];
    assert_eq!(first(&answer).needs, expected);
    assert_eq!(answer.household.together.arrears.band, Band::Npa, "nothing is worse than the worst");

    // Instalments: of a loan, of the new loan, and the income.
    let share = rule("rule = \"instalment_share_max\"\nbasis_points = 5000");
    let nothing = Facility { instalment: None, matures: None, ..loan(1) };
    let answer = with_loans(&share, &json!({"requested": {"currency": "USD", "amount": "1"}}), vec![nothing]);
    assert_eq!(finding(&answer), Finding::Unknown);
    let expected = [Need::Instalment { facilities: 1 }, Need::RequestedInstalment, Need::HouseholdIncome];
    assert_eq!(first(&answer).needs, expected);
    assert_eq!(answer.after.currencies[0].instalment.unknown, 2);
    assert_eq!(answer.after.requested_monthly.as_ref().unwrap().basis, Basis::Unknown);
    let ceiling = rule("rule = \"income_ceiling\"\nyearly = \"1200\"\ncurrency = \"USD\"");
    assert_eq!(finding(&with_loans(&ceiling, &json!({}), vec![])), Finding::Unknown);
}

#[test]
fn partial_answers_never_look_like_no_debt() {
    let policy = policy("", "[freshness]\nstale_after_days = 35\nmissing_after_seconds = 3600");
    let fresh = input(&policy, &json!({}), vec![person(Role::Applicant, vec![])]);
    let answer = assess(&policy, &fresh);
    assert_eq!(answer.verdict.outcome, Outcome::Pass);
    assert!(answer.complete);
    assert_eq!((answer.coverage.covered, answer.coverage.lenders), (4, 4));

    let with = |change: &dyn Fn(&mut tallystick::policy::MemberFreshness)| {
        let mut input = fresh.clone();
        change(&mut input.members[2]);
        let answer = assess(&policy, &input);
        let state = answer.coverage.members[2].state;
        assert_eq!(answer.complete, state == CoverageState::Covered);
        let expected = if answer.complete { Outcome::Pass } else { Outcome::Refer };
        assert_eq!(answer.verdict.outcome, expected);
        state
    };
    let today = day("2026-11-22");
    assert_eq!(with(&|member| member.as_of = Some(today.plus_days(-35))), CoverageState::Covered);
    assert_eq!(with(&|member| member.as_of = Some(today.plus_days(-36))), CoverageState::Stale);
    assert_eq!(
        with(&|member| member.as_of = Some(today.plus_days(1))),
        CoverageState::Covered,
        "east of Greenwich"
    );
    assert_eq!(
        with(&|member| member.as_of = Some(today.plus_days(2))),
        CoverageState::Stale,
        "no date to trust"
    );
    assert_eq!(with(&|member| member.last_heard = Some(NOW.plus_seconds(-3600))), CoverageState::Covered);
    assert_eq!(with(&|member| member.last_heard = Some(NOW.plus_seconds(-3601))), CoverageState::Missing);
    assert_eq!(with(&|member| member.last_heard = None), CoverageState::Missing);
    assert_eq!(with(&|member| member.as_of = None), CoverageState::Missing);

    let mut silent = fresh.clone();
    silent.members[1].reports = false;
    silent.members[1].as_of = None;
    let answer = assess(&policy, &silent);
    assert!(answer.complete, "a member that lends nothing is no lender");
    assert_eq!(answer.coverage.lenders, 3);

    let mut unread = fresh;
    unread.unreadable = vec![Unreadable { lender: member("bank-c"), count: 1, why: UnreadableWhy::BadProof }];
    let answer = assess(&policy, &unread);
    assert!(!answer.complete);
    assert_eq!(answer.verdict.outcome, Outcome::Refer);

    // A currency that the policy does not know cannot be summed; it makes the answer incomplete.
    let foreign = Facility { currency: "THB".parse().unwrap(), ..loan(1) };
    let answer = with_loans(&policy, &json!({}), vec![foreign, loan(2)]);
    assert_eq!(answer.verdict.outcome, Outcome::Refer);
    assert_eq!(answer.coverage.unreadable[0].why, UnreadableWhy::UnknownCurrency);
    assert_eq!(answer.household.together.active, 1);
}

#[test]
fn a_shared_loan_is_counted_once_in_every_combination() {
    let policy = rule("rule = \"lenders_max\"\nlenders = 9");
    let kinds =
        [FacilityKind::Individual, FacilityKind::GroupMember, FacilityKind::Group, FacilityKind::Guarantor];
    let closeness = |kind: FacilityKind| kinds.iter().position(|k| *k == kind).unwrap();
    for his in kinds {
        for hers in kinds {
            for (his_day, her_day) in
                [("2026-11-20", "2026-11-21"), ("2026-11-21", "2026-11-20"), ("2026-11-20", "2026-11-20")]
            {
                for same_lender in [true, false] {
                    let his_loan = Facility { kind: his, outstanding: Some(300), ..loan(1) };
                    let her_loan = Facility { kind: hers, outstanding: Some(500), ..loan(1) };
                    let her_lender = if same_lender { "bank-b" } else { "bank-c" };
                    let applicant =
                        person(Role::Applicant, vec![("bank-b", record(1, his_day, vec![his_loan]))]);
                    let spouse = person(Role::Spouse, vec![(her_lender, record(2, her_day, vec![her_loan]))]);
                    let answer = assess(&policy, &input(&policy, &json!({}), vec![applicant, spouse]));
                    let household = &answer.household;
                    let sides = [&household.together, &household.group, &household.guaranteed];
                    let counted: u32 = sides.iter().map(|totals| totals.active).sum();
                    let sum: i64 = sides
                        .iter()
                        .flat_map(|totals| &totals.currencies)
                        .map(|sums| sums.outstanding.amount.to_minor(sums.currency, 2).unwrap())
                        .sum();
                    if !same_lender {
                        assert_eq!((counted, sum), (2, 800));
                        continue;
                    }
                    // The newer figure; of one day the graver, which owes more.
                    let newest = if his_day > her_day { 300 } else { 500 };
                    assert_eq!((counted, sum), (1, newest), "{his:?} {hers:?} {his_day} {her_day}");
                    let closest = if closeness(his) <= closeness(hers) { his } else { hers };
                    assert_eq!(household.lenders[0].facilities[0].kind, closest);
                    // Each person still sees her own.
                    assert_eq!(answer.persons[1].exposure.lenders[0].facilities[0].kind, hers);
                }
            }
        }
    }
}

#[test]
fn copies_of_a_record_are_one_and_nameless_loans_are_not() {
    let policy = rule("rule = \"lenders_max\"\nlenders = 9");
    let old = record(1, "2026-11-01", vec![loan(1), loan(2)]);
    let new = record(1, "2026-11-20", vec![Facility { outstanding: Some(7), ..loan(1) }]);
    for records in [
        [old.clone(), new.clone(), new.clone()],
        [new.clone(), old.clone(), new.clone()],
        [new.clone(), new, old],
    ] {
        let others = records.map(|record| ("bank-b", record)).to_vec();
        let answer = assess(&policy, &input(&policy, &json!({}), vec![person(Role::Applicant, others)]));
        assert_eq!(answer.household.others.active, 1);
        assert_eq!(answer.household.others.currencies[0].outstanding.amount.as_str(), "0.07");
    }
    // The same record id of another lender is another record.
    let others = vec![
        ("bank-b", record(1, "2026-11-20", vec![loan(1)])),
        ("bank-c", record(1, "2026-11-20", vec![loan(1)])),
    ];
    let answer = assess(&policy, &input(&policy, &json!({}), vec![person(Role::Applicant, others)]));
    assert_eq!((answer.household.others.active, answer.household.lenders_active), (2, 2));
    // A reference of zeros names nothing.
    assert_eq!(with_loans(&policy, &json!({}), vec![loan(0), loan(0)]).household.others.active, 2);
}

#[test]
fn guarantors_groups_and_weak_matches_stand_apart() {
    let policy = rule("rule = \"exposure_max\"\namount = \"100\"\ncurrency = \"USD\"");
    let group = Facility { kind: FacilityKind::Group, ..loan(2) };
    let guaranteed = Facility { kind: FacilityKind::Guarantor, ..loan(3) };
    let mut applicant = person(
        Role::Applicant,
        vec![("bank-b", record(1, "2026-11-20", vec![loan(1), group, guaranteed.clone()]))],
    );
    applicant.weak_lenders = vec![member("bank-c"), member("bank-c"), member("bank-b")];
    let guarantor = person(Role::Guarantor, vec![("bank-d", record(2, "2026-11-20", vec![loan(4)]))]);
    let answer = assess(&policy, &input(&policy, &json!({}), vec![applicant, guarantor]));
    assert_eq!(finding(&answer), Finding::Within);
    assert_eq!(answer.household.together.active, 1);
    assert_eq!((answer.household.group.active, answer.household.guaranteed.active), (1, 1));
    assert_eq!(answer.persons[1].exposure.together.active, 1);
    let applicant = &answer.persons[0];
    assert_eq!(applicant.possible.lenders, 1, "an opened lender is no mere possibility");
    assert_eq!(applicant.match_level, MatchLevel::Weak);
    assert_eq!(answer.household.lenders_active, 1);

    // Somebody else's arrears are not hers; those of her group are.
    let late = rule("rule = \"days_past_due_max\"\ndays = 60\nminimum_overdue = \"35\"\ncurrency = \"USD\"");
    let arrears = |kind| Facility { kind, days_past_due: Some(61), overdue: Some(9_000), ..loan(1) };
    let of = |kind| finding(&with_loans(&late, &json!({}), vec![arrears(kind)]));
    assert_eq!(of(FacilityKind::Guarantor), Finding::Within);
    assert_eq!(of(FacilityKind::Group), Finding::Breached);

    // Asked about alone, a guarantor is judged by her own loans.
    let alone = person(Role::Guarantor, vec![("bank-d", record(2, "2026-11-20", vec![loan(4), loan(5)]))]);
    assert_eq!(finding(&assess(&policy, &input(&policy, &json!({}), vec![alone]))), Finding::Breached);
}

#[test]
fn masked_names_tell_nothing_and_shown_names_are_shown() {
    for (names, masked) in [("masked", true), ("shown", false)] {
        let policy = policy("", &format!("[inquiry]\nlender_names = \"{names}\""));
        let mut applicant = person(
            Role::Applicant,
            vec![
                ("bank-b", record(3, "2026-11-20", vec![loan(1)])),
                ("bank-c", record(2, "2026-11-19", vec![loan(1)])),
                ("asker", record(1, "2026-11-18", vec![loan(1)])),
            ],
        );
        applicant.footprints = vec![(member("bank-d"), footprint(8, 60))];
        applicant.weak_lenders = vec![member("bank-d")];
        let dispute = DisputeRecord { record: RecordId([5; 16]), about: RecordId([3; 16]), opened: NOW };
        applicant.disputes = vec![(member("bank-b"), dispute)];
        let mut input = input(&policy, &json!({}), vec![applicant]);
        input.unreadable =
            vec![Unreadable { lender: member("bank-d"), count: 2, why: UnreadableWhy::KeyGone }];
        let answer = assess(&policy, &input);
        let mut value = serde_json::to_value(&answer).unwrap();
        // Whose data is covered is said by name either way.
        value["coverage"]["members"] = Value::Null;
        for name in ["bank-b", "bank-c", "bank-d"] {
            assert_eq!(value.to_string().contains(name), !masked, "{name}");
        }
        let lines = &answer.household.lenders;
        assert_eq!((lines[0].lender.as_str(), lines[0].own), ("asker", true));
        assert_eq!(lines[0].as_of, Some(day("2026-11-18")));
        assert_eq!(lines[1].as_of.is_none(), masked, "the day would name the lender through the coverage");
        assert_eq!(answer.household.together.disputed, 1);
        if masked {
            // In the order of record ids, which are random: bank-c before bank-b.
            assert_eq!(lines[1].lender, "lender-1");
            assert_eq!(lines[1].records, ["02".repeat(16)]);
            assert_eq!(answer.persons[0].disputes[0].lender, "lender-2");
            assert!(answer.persons[0].possible.names.is_empty());
        }
    }
}

#[test]
fn currencies_are_never_added_silently() {
    let policy = rule("rule = \"exposure_max\"\namount = \"200\"\ncurrency = \"USD\"");
    let riels = Facility {
        currency: "KHR".parse().unwrap(),
        outstanding: Some(40_000_001),
        instalment: Some(400),
        ..loan(2)
    };
    let answer = with_loans(&policy, &json!({}), vec![loan(1), riels]);
    let totals = &answer.household.together;
    let by_currency: Vec<_> = totals
        .currencies
        .iter()
        .map(|sums| (sums.currency.code(), sums.outstanding.amount.as_str()))
        .collect();
    assert_eq!(by_currency, [("KHR", "400000.01"), ("USD", "100.00")]);
    // 100.0000025 and 100.00 make 200.0000025, rounded up once.
    assert_eq!(totals.reference.outstanding.amount.as_str(), "200.01");
    assert!(totals.converted);
    assert_eq!(finding(&answer), Finding::Breached);
    assert_eq!(answer.rates.len(), 1);
    assert_eq!(answer.rates[0].as_of, day("2026-11-20"));
    // One currency needs no rate and shows none.
    let plain = with_loans(&policy, &json!({}), vec![loan(1)]);
    assert!(plain.rates.is_empty() && !plain.household.together.converted);
}

#[test]
fn the_ladder_of_the_reserve_bank_of_india() {
    // Due 31 March 2023 and unpaid: SMA-1 on 30 April, SMA-2 on 30 May, NPA on 29 June.
    let due = day("2023-03-31");
    for (on, expected) in [
        ("2023-03-30", Band::Current),
        ("2023-03-31", Band::Sma0),
        ("2023-04-29", Band::Sma0),
        ("2023-04-30", Band::Sma1),
        ("2023-05-29", Band::Sma1),
        ("2023-05-30", Band::Sma2),
        ("2023-06-28", Band::Sma2),
        ("2023-06-29", Band::Npa),
    ] {
        assert_eq!(band(days_past_due_at_day_end(due, day(on))), expected, "{on}");
    }
    for (days, expected) in [
        (0, Band::Current),
        (1, Band::Sma0),
        (30, Band::Sma0),
        (31, Band::Sma1),
        (60, Band::Sma1),
        (61, Band::Sma2),
        (90, Band::Sma2),
        (91, Band::Npa),
        (u32::MAX, Band::Npa),
    ] {
        assert_eq!(band(days), expected, "{days}");
    }
}

#[test]
fn absurd_amounts_neither_panic_nor_vanish() {
    let policy = rule("rule = \"exposure_max\"\namount = \"200\"\ncurrency = \"USD\"");
    let huge = |reference| Facility {
        outstanding: Some(i64::MAX),
        instalment: Some(i64::MAX),
        frequency: Some(Frequency::Daily),
        overdue: Some(i64::MAX),
        days_past_due: Some(u32::MAX),
        matures: Some(day("1970-01-01")),
        ..loan(reference)
    };
    let request = json!({"household_income": {"currency": "USD", "amount": "0.01"}, "household_expenses": {"currency": "KHR", "amount": "92233720368547758.07"}});
    let answer = with_loans(&policy, &request, (1..=50).map(huge).collect());
    assert_eq!(finding(&answer), Finding::Breached);
    assert_eq!(answer.household.together.currencies[0].outstanding.amount.as_str(), "4611686018427387903.50");
    let low = Facility {
        outstanding: Some(i64::MIN),
        instalment: Some(i64::MIN),
        overdue: Some(i64::MIN),
        ..loan(1)
    };
    assert_eq!(finding(&with_loans(&policy, &request, vec![low])), Finding::Unknown);
}
