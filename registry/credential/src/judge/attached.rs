//! The credential that a certificate carries. Certificates of ours attach it as it is, neither packed nor enciphered; of
//! others nothing is taken.

/// What a PDF says of a file that is attached to it.
const ATTACHED: &[u8] = b"/EmbeddedFile";

/// Whether a file is a PDF.
pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
}

/// The one file that is attached to a PDF and is JSON; none where there is none, or several.
pub(super) fn attached(pdf: &[u8]) -> Option<&[u8]> {
    let mut found = None;
    let mut rest = pdf;
    while let Some(at) = find(rest, ATTACHED) {
        rest = rest.get(at + ATTACHED.len()..)?;
        let Some((_, after)) = cut(rest, b">>").and_then(|(_, after)| cut(after, b"stream")) else {
            break;
        };
        let Some((content, after)) = cut(after, b"endstream") else {
            break;
        };
        let content = content.trim_ascii();
        if content.starts_with(b"{") && found.replace(content).is_some() {
            return None;
        }
        rest = after;
    }
    found
}

/// What stands before and after the first of that.
fn cut<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let place = find(bytes, at)?;
    Some((bytes.get(..place)?, bytes.get(place + at.len()..)?))
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_attached_file_is_taken_and_of_several_none() {
        let one = "<< /Type /EmbeddedFile /Params << /Size 3 >> >>\nstream\n{\"a\": \"stream\"}\n\nendstream";
        let other = "<< /Type /Font >>\nstream\n{}\nendstream\n/Names [/EmbeddedFiles]";
        for (pdf, expected) in [
            (
                format!("%PDF-1.7\n{other}{one}"),
                Some("{\"a\": \"stream\"}"),
            ),
            (format!("%PDF-1.7\n{one}{one}"), None),
            (format!("%PDF-1.7\n{other}"), None),
            ("%PDF-1.7\n/EmbeddedFile >> stream".to_owned(), None),
        ] {
            assert!(is_pdf(pdf.as_bytes()));
            assert_eq!(
                attached(pdf.as_bytes()),
                expected.map(str::as_bytes),
                "{pdf}"
            );
        }
    }
}
