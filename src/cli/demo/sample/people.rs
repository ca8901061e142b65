//! Who exists, and which lenders hold whom.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::SamplePerson;
use super::draw::Draw;
use crate::model::member::MemberId;

/// Of a hundred people, how many are held by so many lenders.
const LENDERS_PER_PERSON: [(u64, usize); 5] = [(55, 1), (25, 2), (12, 3), (5, 4), (3, 5)];

/// Prefixes of mobile numbers and the digits that follow them, as Cambodia's numbering plan has them.
const MOBILE_PREFIXES: [(&str, usize); 8] =
    [("10", 6), ("11", 6), ("12", 6), ("16", 6), ("17", 6), ("71", 7), ("88", 7), ("97", 7)];

/// People until every lender has `clients_per_lender` of them.
pub(super) fn people(draw: &Draw<'_>, lenders: &[MemberId], clients_per_lender: usize) -> Vec<SamplePerson> {
    // How many clients each lender still lacks.
    let mut open: Vec<(usize, &MemberId)> =
        lenders.iter().map(|lender| (clients_per_lender, lender)).collect();
    let (mut nids, mut phones) = (HashSet::new(), HashSet::new());
    let mut people = Vec::new();
    loop {
        open.retain(|(lacking, _)| *lacking > 0);
        if open.is_empty() {
            break;
        }
        let wanted = draw.weighted(&LENDERS_PER_PERSON).unwrap_or(1);
        // Those that lack most come first, and among equals chance decides: no lender is left over at the end
        // with clients that nobody shares.
        draw.shuffle(&mut open);
        open.sort_by_key(|(lacking, _)| Reverse(*lacking));
        let mut held_by: Vec<MemberId> = Vec::new();
        for (lacking, lender) in open.iter_mut().take(wanted) {
            *lacking -= 1;
            held_by.push((*lender).clone());
        }
        held_by.sort();
        let kh_nid = unique(&mut nids, || draw.digits(9));
        let phone = (!draw.chance(14)).then(|| unique(&mut phones, || mobile(draw)));
        people.push(SamplePerson { kh_nid, phone, lenders: held_by });
    }
    draw.shuffle(&mut people);
    people
}

fn mobile(draw: &Draw<'_>) -> String {
    let (prefix, digits) = draw.pick(&MOBILE_PREFIXES).unwrap_or(("12", 6));
    format!("+855{prefix}{}", draw.digits(digits))
}

fn unique(taken: &mut HashSet<String>, mut make: impl FnMut() -> String) -> String {
    loop {
        let text = make();
        if taken.insert(text.clone()) {
            return text;
        }
    }
}
