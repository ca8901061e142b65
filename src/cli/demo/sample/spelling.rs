//! One identifier as different clerks type it.

use super::draw::Draw;

/// The zero of each set of digits that is used, besides ASCII.
const KHMER_ZERO: u32 = 0x17E0;
const FULL_WIDTH_ZERO: u32 = 0xFF10;

/// Nine digits as typed: plain, in groups, in Khmer or full-width digits.
pub(super) fn kh_nid(draw: &Draw<'_>, canonical: &str) -> String {
    match draw.below(10) {
        0 => grouped(canonical, 3, ' '),
        1 => grouped(canonical, 3, '-'),
        2 => digits_of(canonical, KHMER_ZERO),
        3 => digits_of(canonical, FULL_WIDTH_ZERO),
        4 => grouped(&digits_of(canonical, KHMER_ZERO), 3, '\u{a0}'),
        _ => canonical.to_owned(),
    }
}

/// An E.164 number of Cambodia as typed: always with its country, for a file says nothing of it.
pub(super) fn phone(draw: &Draw<'_>, canonical: &str) -> String {
    let (country, national) = canonical.split_at(canonical.len().min("+855".len()));
    match draw.below(8) {
        0 => format!("{country} {}", grouped(national, 3, ' ')),
        1 => format!("{country}-{}", grouped(national, 3, '-')),
        2 => format!("00855 {national}"),
        3 => format!("+{}", digits_of(canonical.trim_start_matches('+'), KHMER_ZERO)),
        _ => canonical.to_owned(),
    }
}

fn grouped(text: &str, size: usize, mark: char) -> String {
    let mut out = String::new();
    for (index, c) in text.chars().enumerate() {
        if index > 0 && index % size == 0 {
            out.push(mark);
        }
        out.push(c);
    }
    out
}

fn digits_of(text: &str, zero: u32) -> String {
    text.chars().map(|c| c.to_digit(10).and_then(|digit| char::from_u32(zero + digit)).unwrap_or(c)).collect()
}
