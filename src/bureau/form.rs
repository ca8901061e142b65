//! Forms as the connector sends them: `name=value` joined by `&` and a carriage return, values as they are, escaped by
//! nothing.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The fields of a form. Where fields are joined by `&` and a carriage return, a bare `&` belongs to a value.
pub(super) fn fields(body: &[u8]) -> Vec<(&[u8], &[u8])> {
    let odd = body.windows(2).any(|pair| pair == b"&\r");
    let mut fields = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let joint: &[u8] = if odd { b"&\r" } else { b"&" };
        let end = rest.windows(joint.len()).position(|window| window == joint);
        let (field, after) = match end {
            Some(end) => (rest.get(..end), rest.get(end + joint.len()..)),
            None => (Some(rest), None),
        };
        rest = after.unwrap_or_default();
        let field = field.unwrap_or_default();
        if let Some(equals) = field.iter().position(|byte| *byte == b'=') {
            let (name, value) = (field.get(..equals), field.get(equals + 1..));
            fields.push((name.unwrap_or_default().trim_ascii(), value.unwrap_or_default()));
        }
    }
    fields
}

/// The value of a field.
pub(super) fn field<'a>(fields: &[(&'a [u8], &'a [u8])], name: &str) -> Option<&'a [u8]> {
    fields.iter().find(|(known, _)| *known == name.as_bytes()).map(|(_, value)| *value)
}

/// Text of a URL with its `%xx` read. What is no text is nothing that anybody is called.
pub(super) fn percent_decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lose_their_carriage_return_and_values_stay_as_they_are() {
        let body =
            b"BODY=x-www-form-urlencoded&\rgrant_type=password&\ruserName=m f+i%20&\rpassword=a&b=c%&\r";
        let form = fields(body);
        assert_eq!(form.len(), 4);
        assert_eq!(field(&form, "BODY").unwrap(), b"x-www-form-urlencoded");
        assert_eq!(field(&form, "grant_type").unwrap(), b"password");
        assert_eq!(field(&form, "userName").unwrap(), b"m f+i%20");
        assert_eq!(field(&form, "password").unwrap(), b"a&b=c%");
        assert_eq!(field(&form, "\rpassword"), None);
    }

    #[test]
    fn an_ordinary_form_is_read_too() {
        let form = fields(b"grant_type=password&userName=x&password=");
        assert_eq!((form.len(), field(&form, "password")), (3, Some(&b""[..])));
        assert_eq!(fields(b""), []);
        assert_eq!(fields(b"&&x&"), []);
    }

    #[test]
    fn escapes_of_an_address_are_read() {
        assert_eq!(percent_decoded("12%2FOUKAMA%28N%29123456"), "12/OUKAMA(N)123456");
        assert_eq!(percent_decoded("%e1%80%81%"), "\u{1001}%");
        assert_eq!(percent_decoded("a%zz%2"), "a%zz%2");
        assert_eq!(percent_decoded("%ff"), "");
    }
}
