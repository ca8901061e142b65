//! Small means of a page that is printed: one file, no outside parts, no script.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::page::plain;
use crate::clock::UnixTime;

/// How every printed page looks: black on white, one column, A4 or letter. Fonts with every letter of Azerbaijani stand
/// before those with Khmer ones, whose Latin letters lack some.
const STYLE: &str = "\
@page{margin:16mm}\
body{font:11pt/1.5 'Noto Sans','Segoe UI',Roboto,'DejaVu Sans','Noto Sans Khmer','Khmer','Khmer OS Siemreap',\
'Khmer OS',sans-serif;color:#000;background:#fff;max-width:180mm;margin:0 auto;padding:8mm 0}\
h1{font-size:17pt;margin:0 0 2mm}h2{font-size:12.5pt;margin:6mm 0 1.5mm;border-bottom:.4pt solid #000}\
h3{font-size:11pt;margin:3mm 0 0}p{margin:1.5mm 0}hr{border:0;border-top:.4pt solid #000;margin:6mm 0 2mm}\
table{border-collapse:collapse;width:100%}table+table{margin-top:3mm}th,td{text-align:left;vertical-align:top;padding:.8mm 3mm .8mm 0}\
th{font-weight:600;width:38%}.wide th{width:auto;border-bottom:.4pt solid #000}.n{text-align:right}\
.figures th{width:auto}.figures tr>*{border-bottom:.2pt solid #999}.figures th[scope=row]{font-weight:400}\
.code{font:600 14pt/1.4 'Noto Sans Mono','DejaVu Sans Mono',monospace;letter-spacing:.4pt}\
.small{font-size:8.5pt;word-break:break-all}.note{font-size:9.5pt}\
.codes{display:flex;gap:8mm;align-items:flex-start;flex-wrap:wrap}.codes figure{margin:0}\
.codes figcaption{font-size:8.5pt;max-width:80mm}.qr svg{display:block}section{break-inside:avoid}";

/// The letters of Khmer, of which many machines have none; a page that has some carries them.
const KHMER_LETTERS: RangeInclusive<char> = '\u{1780}'..='\u{17ff}';
const KHMER_FONTS: [(u16, &[u8]); 2] = [
    (400, include_bytes!("../console/assets/noto-sans-khmer-regular.woff2")),
    (700, include_bytes!("../console/assets/noto-sans-khmer-bold.woff2")),
];

/// Text as it stands in an element or an attribute; control characters and turns of the reading direction are taken
/// out, for some of it was written by others.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A whole page around `body`, which is HTML already.
pub(super) fn document(language: &str, title: &str, body: &str) -> String {
    let (language, title) = (escaped(language), escaped(title));
    let fonts = fonts(body);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{fonts}{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// The fonts that a page needs and the reader's machine may not have, inside the page.
fn fonts(body: &str) -> String {
    if !body.chars().any(|c| KHMER_LETTERS.contains(&c)) {
        return String::new();
    }
    let face = |(weight, font): &(u16, &[u8])| {
        format!(
            "@font-face{{font-family:'Khmer';font-weight:{weight};src:url(data:font/woff2;base64,{})}}",
            BASE64.encode(font)
        )
    };
    KHMER_FONTS.iter().map(face).collect()
}

/// Two columns: what, and its value. Both are text.
pub(super) fn facts(rows: &[(String, String)]) -> String {
    let mut html = String::from("<table>\n");
    for (what, value) in rows {
        let _ = writeln!(html, "<tr><th>{}</th><td>{}</td></tr>", escaped(what), escaped(value));
    }
    html.push_str("</table>\n");
    html
}

/// A moment to the minute, for pages that are in English alone.
pub(super) fn moment(time: UnixTime) -> String {
    let text = time.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(minute)) => format!("{day} {minute} UTC"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_stays_text() {
        assert_eq!(escaped("<b a=\"1\">&'\u{202e}x"), "&lt;b a=&quot;1&quot;&gt;&amp;&#39;\u{fffd}x");
        assert_eq!(
            facts(&[("<".to_owned(), ">".to_owned())]),
            "<table>\n<tr><th>&lt;</th><td>&gt;</td></tr>\n</table>\n"
        );
    }

    #[test]
    fn a_page_carries_letters_that_a_machine_may_not_have() {
        assert!(!document("en", "ខ្មែរ", "<p>Receipt</p>").contains("@font-face"));
        let page = document("km", "", "<p>បង្កាន់ដៃ</p>");
        assert_eq!(page.matches("url(data:font/woff2;base64,d09GMg").count(), 2);
    }

    #[test]
    fn moments_to_the_minute() {
        assert_eq!(moment(UnixTime(1_795_305_661)), "2026-11-22 00:01 UTC");
    }
}
