//! The printed form of a consent receipt: one HTML file for paper, in the client's language.

use std::fmt::Write as _;

use super::html::{document, escaped, facts};
use super::qr;
use super::wording::Words;
use crate::receipt::ConsentReceipt;

/// What stands around the token in a page, so that [`token_of_page`] finds it.
const TOKEN_BEGIN: &str = "<script type=\"application/jose\" id=\"receipt\">";
const TOKEN_END: &str = "</script>";

/// The page. `members` are the names of those at which the code can be presented.
///
/// It carries the token itself, as a QR code and as data, so that paper and file alike can be verified.
pub fn receipt_page(receipt: &ConsentReceipt, token: &str, members: &[String], words: &Words) -> String {
    let mut body = format!("<h1>{}</h1>\n", escaped(&words.text("receipt-title")));
    body.push_str(&facts(&given(receipt, words)));
    let _ = writeln!(body, "<h2>{}</h2>", escaped(&words.text("receipt-what-it-permits")));
    body.push_str(&facts(&permitted(receipt, words)));
    body.push_str(&withdrawal(receipt, members, words));
    body.push_str(&verification(receipt, token, words));
    // A token is base64url and dots: nothing in it can end the element.
    let _ = writeln!(body, "{TOKEN_BEGIN}{}{TOKEN_END}", escaped(token));
    document(words.tag(), &words.text("receipt-title"), &body)
}

/// The token that a page carries, if it is one.
pub fn token_of_page(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once(TOKEN_BEGIN)?;
    rest.split_once(TOKEN_END).map(|(token, _)| token)
}

fn given(receipt: &ConsentReceipt, words: &Words) -> Vec<(String, String)> {
    let lender = receipt.party_identification.first();
    vec![
        (
            words.text("receipt-lender"),
            lender.map_or_else(|| receipt.iss.clone(), |party| party.party_name.clone()),
        ),
        (words.text("receipt-network"), receipt.tally.network.to_string()),
        (words.text("receipt-given-at"), words.moment(receipt.iat)),
    ]
}

fn permitted(receipt: &ConsentReceipt, words: &Words) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    for purpose in &receipt.pii_processing.purposes {
        rows.push((words.text("receipt-purpose"), words.purpose_to_client(purpose.purpose)));
        rows.push((words.text("receipt-evidence"), words.evidence(purpose.collection_method)));
    }
    let terms = &receipt.tally;
    rows.push((words.text("receipt-may-read"), words.text("receipt-what-is-read")));
    rows.push((words.text("receipt-from"), words.moment(terms.from)));
    rows.push((words.text("receipt-until"), words.moment(terms.until)));
    rows.push((words.text("receipt-uses"), words.number(u64::from(terms.uses))));
    let processing = &receipt.pii_processing;
    rows.push((
        words.text("receipt-notice"),
        format!("{} ({})", processing.privacy_notice.version, processing.language),
    ));
    rows
}

fn withdrawal(receipt: &ConsentReceipt, members: &[String], words: &Words) -> String {
    let code = &receipt.tally.withdrawal_code;
    let mut html = format!("<section>\n<h2>{}</h2>\n", escaped(&words.text("receipt-to-withdraw")));
    let _ = writeln!(html, "<p>{}</p>", escaped(&words.text("receipt-how-to-withdraw")));
    html.push_str("<div class=\"codes\">\n");
    let _ = writeln!(html, "<p class=\"code\">{}</p>", escaped(&code.grouped()));
    if let Some(svg) = qr::svg(&code.grouped()) {
        let _ = writeln!(html, "<div class=\"qr\">{svg}</div>");
    }
    html.push_str("</div>\n");
    if !members.is_empty() {
        let members = words.with("receipt-where-to-withdraw", &[("members", members.join(" · ").into())]);
        let _ = writeln!(html, "<p class=\"note\">{}</p>", escaped(&members));
    }
    let _ = writeln!(html, "<p class=\"note\">{}</p>\n</section>", escaped(&words.text("receipt-keep-it")));
    html
}

fn verification(receipt: &ConsentReceipt, token: &str, words: &Words) -> String {
    let leaf = &receipt.tally.leaf;
    let mut html = format!("<section>\n<h2>{}</h2>\n", escaped(&words.text("receipt-to-verify")));
    let _ = writeln!(html, "<p class=\"note\">{}</p>", escaped(&words.text("receipt-how-to-verify")));
    if let Some(svg) = qr::svg(token) {
        let _ = writeln!(html, "<div class=\"qr\">{svg}</div>");
    }
    let _ = writeln!(
        html,
        "<p class=\"small\">{} {}<br>{} {} {}<br>{}</p>\n</section>",
        escaped(&words.text("receipt-consent-number")),
        receipt.record_id,
        escaped(&words.text("receipt-log-leaf")),
        escaped(&receipt.iss),
        leaf.index,
        leaf.hash
    );
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receipt::verify;
    use crate::secret::SecretBytes;
    use crate::signing::SigningKey;
    use crate::words::texts::Texts;

    fn golden() -> (&'static str, ConsentReceipt) {
        let token = include_str!("../receipt/golden.jws").trim_end();
        let key = SigningKey::from_seed(SecretBytes::new([7; 32])).verify_key();
        (token, verify(token, &key).unwrap())
    }

    #[test]
    fn the_page_says_what_the_receipt_says_and_carries_it() {
        let (token, receipt) = golden();
        let texts = Texts::built_in();
        for language in texts.languages() {
            let words = texts.language(&language.tag);
            let members = ["Lender A".to_owned(), "<Association>".to_owned()];
            let page = receipt_page(&receipt, token, &members, &words);
            assert!(page.contains(&format!("<html lang=\"{}\">", language.tag)));
            for said in [
                words.text("receipt-title"),
                words.purpose_to_client(receipt.pii_processing.purposes[0].purpose),
                words.moment(receipt.tally.from),
                words.moment(receipt.tally.until),
                "abab-abab-abab-abab-abab-abab-abab-abab".to_owned(),
                "Lender A · <Association>".to_owned(),
            ] {
                assert!(page.contains(&escaped(&said)), "{said}");
            }
            assert_eq!(token_of_page(&page), Some(token));
            assert_eq!(page.matches("<svg").count(), 2, "one code to withdraw, one to verify");
            // Nothing of it comes from elsewhere.
            assert!(!page.contains("http://") || !page.contains("src="), "outside parts");
            let outside = page.replace("url(data:", "");
            assert!(!outside.contains("url(") && !page.contains("<link") && !page.contains("@import"));
        }
    }
}
