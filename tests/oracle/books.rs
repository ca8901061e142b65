//! Books as the oracle reads them, turned into the input of `assess`.

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tallystick::clock::UnixTime;
use tallystick::model::answer::UnreadableWhy;
use tallystick::model::facility::{Facility, FacilityReference};
use tallystick::model::identifier::SchemeId;
use tallystick::model::inquiry::InquiryRequest;
use tallystick::model::member::MemberId;
use tallystick::model::money::{Currency, parse_minor};
use tallystick::model::policy::Policy;
use tallystick::model::record::{DisputeRecord, ExposureRecord, InquiryFootprint, RecordId};
use tallystick::policy::{AssessInput, MatchedScheme, MemberFreshness, PersonExposures, Unreadable};

use crate::world::Dice;

/// The input of `assess` for one question of a drawn world, with records doubled and shuffled as look-ups under
/// several identifiers bring them.
pub(crate) fn input(dice: &Dice, policy: &Policy, world: &Value, question: &Value) -> AssessInput {
    let request: InquiryRequest = serde_json::from_value(question["request"].clone()).unwrap();
    let asker = text(&question["asker"]);
    let members = question.get("members").unwrap_or(&world["members"]);
    let unreadable = question.get("unreadable").and_then(Value::as_array).cloned().unwrap_or_default();
    let persons = question["persons"].as_array().unwrap();
    AssessInput {
        network: "test-net".parse().unwrap(),
        asker: asker.parse().unwrap(),
        now: UnixTime(question["now"].as_i64().unwrap()),
        transaction: vec![0xab; 16],
        question_commitment: [0xcd; 32],
        question: request.check(policy).unwrap(),
        refinanced: request.refinances.as_ref().map(|account| reference(asker, account)),
        persons: persons.iter().map(|person| exposures(dice, policy, world, question, person)).collect(),
        members: members.as_array().unwrap().iter().map(freshness).collect(),
        unreadable: unreadable
            .iter()
            .map(|row| Unreadable {
                lender: member(&row["lender"]),
                count: u32::try_from(row["count"].as_u64().unwrap()).unwrap(),
                why: serde_json::from_value::<UnreadableWhy>(row["why"].clone()).unwrap(),
            })
            .collect(),
    }
}

fn exposures(
    dice: &Dice,
    policy: &Policy,
    world: &Value,
    question: &Value,
    person: &Value,
) -> PersonExposures {
    let asker = text(&question["asker"]);
    let who = &person["person"];
    let of_person = |key: &str| {
        let all = world[key].as_array().unwrap().iter();
        all.filter(|item| item["person"] == *who).cloned().collect::<Vec<Value>>()
    };
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for book in world["books"].as_array().unwrap() {
        let lender = text(&book["lender"]);
        for client in book["clients"].as_array().unwrap().iter().filter(|client| client["person"] == *who) {
            for _ in 0..=dice.below(2) {
                let record = record(policy, lender, client);
                if lender == asker && dice.percent(80) {
                    own.push(record);
                } else {
                    others.push((lender.parse().unwrap(), record));
                }
            }
        }
    }
    dice.shuffle(&mut own);
    dice.shuffle(&mut others);
    let mut footprints = Vec::new();
    for print in of_person("footprints") {
        let amount = print.get("amount").map(|amount| {
            let currency: Currency = text(&print["currency"]).parse().unwrap();
            (currency, parse_minor(text(amount), currency, policy.exponent(currency).unwrap()).unwrap())
        });
        let footprint = InquiryFootprint {
            record: RecordId(short_hash(&["footprint", text(&print["id"])])),
            asked: UnixTime(print["asked"].as_i64().unwrap()),
            purpose: text(&print["purpose"]).to_owned(),
            amount,
        };
        for _ in 0..=dice.below(2) {
            footprints.push((member(&print["lender"]), footprint.clone()));
        }
    }
    dice.shuffle(&mut footprints);
    let disputes = of_person("disputes").into_iter().map(|dispute| {
        let about = record_id(text(&dispute["lender"]), text(&dispute["client"]));
        let record = RecordId(short_hash(&["dispute", text(&dispute["id"])]));
        let opened = UnixTime(dispute["opened"].as_i64().unwrap());
        (member(&dispute["lender"]), DisputeRecord { record, about, opened })
    });
    let matched = person["matched"].as_array().unwrap().iter();
    PersonExposures {
        role: serde_json::from_value(person["role"].clone()).unwrap(),
        consent: text(&person["consent"]).to_owned(),
        ground: None,
        own,
        others,
        footprints,
        this_footprint: question["this_footprint"]
            .as_str()
            .map(|id| RecordId(short_hash(&["footprint", id]))),
        weak_lenders: of_person("weak").iter().map(|weak| member(&weak["lender"])).collect(),
        disputes: disputes.collect(),
        matched: matched
            .map(|m| MatchedScheme {
                scheme: text(&m["scheme"]).parse().unwrap(),
                strong: m["strong"] == true,
            })
            .collect(),
    }
}

fn record(policy: &Policy, lender: &str, client: &Value) -> ExposureRecord {
    let facilities = client["loans"].as_array().unwrap().iter().map(|loan| facility(policy, lender, loan));
    ExposureRecord {
        record: record_id(lender, text(&client["client"])),
        scheme: "phone".parse::<SchemeId>().unwrap(),
        as_of: text(&client["as_of"]).parse().unwrap(),
        facilities: facilities.collect(),
        strong: Vec::new(),
    }
}

fn facility(policy: &Policy, lender: &str, loan: &Value) -> Facility {
    let currency: Currency = text(&loan["currency"]).parse().unwrap();
    // The decimals of an unknown currency do not matter: it is set aside.
    let exponent = policy.exponent(currency).unwrap_or(4);
    let amount =
        |key: &str| loan.get(key).map(|amount| parse_minor(text(amount), currency, exponent).unwrap());
    let day = |key: &str| loan.get(key).map(|day| text(day).parse().unwrap());
    let number = |key: &str| loan.get(key).map(|n| u32::try_from(n.as_u64().unwrap()).unwrap());
    Facility {
        reference: reference(lender, text(&loan["account"])),
        kind: serde_json::from_value(loan["kind"].clone()).unwrap(),
        status: serde_json::from_value(loan["status"].clone()).unwrap(),
        currency,
        disbursed: amount("disbursed"),
        outstanding: amount("outstanding"),
        overdue: amount("overdue"),
        days_past_due: number("days_past_due"),
        days_past_due_worst: number("days_past_due_worst"),
        instalment: amount("instalment"),
        frequency: loan.get("frequency").map(|f| serde_json::from_value(f.clone()).unwrap()),
        rate_yearly_basis_points: None,
        opened: day("opened"),
        matures: day("matures"),
        closed: day("closed"),
        written_off: amount("written_off"),
        written_off_on: day("written_off_on"),
        loan_cycle: number("loan_cycle").map(|n| u16::try_from(n).unwrap()),
        disputed: loan["disputed"] == true,
    }
}

fn freshness(member: &Value) -> MemberFreshness {
    MemberFreshness {
        member: self::member(&member["member"]),
        name: text(&member["name"]).to_owned(),
        reports: member["reports"] == true,
        as_of: member["as_of"].as_str().map(|day| day.parse().unwrap()),
        last_heard: member["last_heard"].as_i64().map(UnixTime),
    }
}

fn member(name: &Value) -> MemberId {
    text(name).parse().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn record_id(lender: &str, client: &str) -> RecordId {
    RecordId(short_hash(&["record", lender, client]))
}

fn reference(lender: &str, account: &str) -> FacilityReference {
    FacilityReference(short_hash(&["facility", lender, account]))
}

fn short_hash(parts: &[&str]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize()[..16].try_into().unwrap()
}
