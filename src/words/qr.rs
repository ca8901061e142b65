//! QR codes (ISO/IEC 18004) as SVG.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// Side of a module in millimetres: what a cheap telephone reads from a laser or an ink-jet print.
const MODULE_MILLIMETRES: f64 = 0.5;

/// A code of `text` at the least error correction, so that as much as possible fits; none when it does not fit the
/// largest code (2,953 bytes).
pub fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    // The quiet zone is four modules on each side.
    let side = f64::from(u32::try_from(code.width()).ok()? + 8) * MODULE_MILLIMETRES;
    let drawn = code.render::<svg::Color<'_>>().module_dimensions(1, 1).quiet_zone(true).build();
    // The declaration belongs to a file of its own; in a page the element alone stands.
    let element = &drawn[drawn.find("<svg")?..];
    Some(with_size(element, side))
}

/// The same element as large as it is printed.
fn with_size(element: &str, millimetres: f64) -> String {
    let open = element.find('>').map_or(element.len(), |end| end + 1);
    let (head, rest) = element.split_at(open);
    let kept = head
        .trim_end_matches('>')
        .split(' ')
        .filter(|part| !part.starts_with("width=") && !part.starts_with("height="));
    let head: Vec<&str> = kept.collect();
    format!("{} width=\"{millimetres}mm\" height=\"{millimetres}mm\">{rest}", head.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_an_element_of_its_printed_size() {
        let svg = svg("ABCD").unwrap();
        // Version 1: 21 modules and twice four of quiet zone, half a millimetre each.
        assert!(svg.starts_with("<svg ") && svg.contains("width=\"14.5mm\" height=\"14.5mm\""), "{svg}");
        assert!(svg.contains("viewBox=\"0 0 29 29\""), "{svg}");
        assert_eq!(svg.matches("<svg").count(), 1);
    }

    /// The dark modules of a drawn code, by another program's eye: the paths of the element, as they are printed.
    fn modules(svg: &str) -> (usize, Vec<bool>) {
        let inner = |text: &'static str, end: char| {
            let (_, rest) = svg.split_once(text).unwrap();
            rest.split(end).next().unwrap()
        };
        let side: usize = inner("viewBox=\"0 0 ", ' ').parse().unwrap();
        let mut dark = vec![false; side * side];
        for part in inner(" d=\"", '"').split('M').skip(1) {
            let numbers: Vec<usize> =
                part.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
            let [x, y, width, height, ..] = numbers[..] else { panic!("another form of path: {part}") };
            for row in y..y + height {
                dark[row * side + x..][..width].fill(true);
            }
        }
        (side, dark)
    }

    #[test]
    fn another_reader_reads_a_code_of_a_codes_and_of_a_receipts_length() {
        const PIXELS: usize = 4;
        let receipt = include_str!("../receipt/golden.jws").trim_end();
        for text in ["abab-abab-abab-abab-abab-abab-abab-abab", receipt] {
            let (side, dark) = modules(&svg(text).unwrap());
            let shade = |x: usize, y: usize| if dark[y / PIXELS * side + x / PIXELS] { 0 } else { 255 };
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * PIXELS, side * PIXELS, shade);
            let grids = image.detect_grids();
            assert_eq!(grids.len(), 1);
            assert_eq!(grids[0].decode().unwrap().1, text);
        }
    }

    #[test]
    fn what_does_not_fit_has_no_code() {
        assert!(svg(&"x".repeat(2_953)).is_some());
        assert!(svg(&"x".repeat(2_954)).is_none());
    }
}
