//! Pages that are made for paper, shown inside the console: their own text, under the console's style.

use super::Console;
use crate::receipt::ConsentReceipt;
use crate::words::{Subject, receipt_page, subject_page};

impl Console {
    /// A client's receipt in a language; in English where there are no texts in it.
    pub(super) fn receipt_page(
        &self,
        receipt: &ConsentReceipt,
        token: &str,
        members: &[String],
        language: &str,
    ) -> String {
        receipt_page(receipt, token, members, &self.texts.language(language))
    }

    /// A client's own report in a language; in English where there are no texts in it.
    pub(super) fn subject_page(&self, subject: &Subject<'_>, language: &str) -> String {
        subject_page(subject, &self.texts.language(language))
    }
}

/// What stands between `<body>` and its end in a page that this program made, without the data block of a receipt: a
/// page of the console holds no script of any kind.
pub(super) fn body_of(page: &str) -> &str {
    let body = page.split_once("<body>").map_or(page, |(_, rest)| rest);
    let body = body.rsplit_once("</body>").map_or(body, |(body, _)| body);
    body.split_once("<script").map_or(body, |(body, _)| body)
}

#[cfg(test)]
mod tests {
    use super::body_of;

    #[test]
    fn the_body_comes_without_what_is_around_it() {
        let page = "<html><head><style>a</style></head><body>\n<h1>x</h1>\n<script type=\"y\">z</script></body></html>";
        assert_eq!(body_of(page), "\n<h1>x</h1>\n");
        assert_eq!(body_of("<p>x</p>"), "<p>x</p>");
    }
}
