//! SVG: the element `credential` in a namespace of Open Badges (Open Badges 3.0, section 5.3): a JWT in its
//! attribute `verify`, or the JSON as its text. Hostile XML is bounded: no entities but XML's own, no
//! document type with declarations, bounded depth.

use crate::{Fault, Limits};
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use schema::Code;

/// The namespace that the standard's example binds, and the one of its address.
const NAMESPACES: [&str; 2] = [
    "https://purl.imsglobal.org/ob/v3p0",
    "https://purl.imsglobal.org/spec/ob/v3p0",
];

/// The deepest nesting of elements.
const DEEPEST: usize = 256;

/// The text of the one credential in the image.
///
/// # Errors
/// `image-unreadable`, `image-without-credential`.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::new(Code::ImageUnreadable, ""))?;
    let mut reader = NsReader::from_str(text);
    let mut credential = None;
    let mut body: Option<String> = None;
    let mut depth = 0_usize;
    let mut inside = 0_usize;
    loop {
        let at = reader.buffer_position();
        let unreadable = || Fault::new(Code::ImageUnreadable, format!("byte {at}"));
        let (namespace, event) = reader.read_resolved_event().map_err(|_| unreadable())?;
        let ours = matches!(namespace, ResolveResult::Bound(bound) if NAMESPACES.contains(&bound.as_ref()));
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                let empty = matches!(event, Event::Empty(_));
                if ours && tag.local_name().as_ref() == "credential" {
                    if credential.is_some() || body.is_some() {
                        return Err(unreadable());
                    }
                    let mut verify = None;
                    for attribute in tag.attributes() {
                        let attribute = attribute.map_err(|_| unreadable())?;
                        if attribute.key.as_ref() == "verify" {
                            verify = Some(attribute.value.into_owned());
                        }
                    }
                    match verify {
                        Some(token) => credential = Some(token),
                        None => {
                            body = Some(String::new());
                            inside = depth + 1;
                        }
                    }
                }
                if !empty {
                    depth += 1;
                    if depth > DEEPEST {
                        return Err(unreadable());
                    }
                }
            }
            Event::End(_) => {
                if depth == inside && inside > 0 {
                    inside = 0;
                    credential = body.take();
                }
                depth = depth.saturating_sub(1);
            }
            Event::Text(text) if inside > 0 => {
                body.get_or_insert_default().push_str(&text.xml10_content());
            }
            Event::CData(text) if inside > 0 => {
                body.get_or_insert_default().push_str(&text.xml10_content());
            }
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref().map_err(|_| unreadable())? {
                    Some(character) => character,
                    None => named(reference.as_ref()).ok_or_else(unreadable)?,
                };
                if inside > 0 {
                    body.get_or_insert_default().push(character);
                }
            }
            // An internal subset could declare entities.
            Event::DocType(document_type) if document_type.contains('[') => {
                return Err(unreadable());
            }
            Event::Eof if depth == 0 => break,
            Event::Eof => return Err(unreadable()),
            _ => {}
        }
        let length = body.as_ref().map_or(0, String::len);
        if length > limits.document_bytes.saturating_mul(2) {
            return Err(Fault::new(Code::TooLarge, ""));
        }
    }
    match credential {
        Some(text) if !text.trim().is_empty() => Ok(text.into_bytes()),
        _ => Err(Fault::new(Code::ImageWithoutCredential, "")),
    }
}

/// XML's own entities.
fn named(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inside: &str) -> String {
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">{inside}</svg>"#
        )
    }

    #[test]
    fn the_credential_is_found_in_attribute_and_text() {
        for (inside, expected) in [
            (r#"<openbadges:credential verify="a.b.c"/>"#, "a.b.c"),
            (
                r#"<g><openbadges:credential verify="a.b.c"></openbadges:credential></g>"#,
                "a.b.c",
            ),
            (
                r#"<openbadges:credential><![CDATA[{"a":"<"}]]></openbadges:credential>"#,
                r#"{"a":"<"}"#,
            ),
            (
                r#"<openbadges:credential>{"a":&quot;&#60;&quot;}</openbadges:credential>"#,
                r#"{"a":"<"}"#,
            ),
            (
                r#"<b:credential xmlns:b="https://purl.imsglobal.org/ob/v3p0" verify="a.b.c"/>"#,
                "a.b.c",
            ),
        ] {
            let found = read(svg(inside).as_bytes(), &Limits::default()).unwrap();
            assert_eq!(String::from_utf8(found).unwrap(), expected);
        }
    }

    #[test]
    fn hostile_and_other_images_are_refused() {
        let twice = r#"<openbadges:credential verify="a.b.c"/>"#.repeat(2);
        let bomb =
            r#"<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>"#;
        for (text, code) in [
            (svg(""), Code::ImageWithoutCredential),
            (svg("<credential/>"), Code::ImageWithoutCredential),
            (
                svg(r#"<x:credential xmlns:x="https://other.example" verify="a.b.c"/>"#),
                Code::ImageWithoutCredential,
            ),
            (
                svg("<openbadges:credential> </openbadges:credential>"),
                Code::ImageWithoutCredential,
            ),
            (svg(&twice), Code::ImageUnreadable),
            (
                svg("<openbadges:credential>&evil;</openbadges:credential>"),
                Code::ImageUnreadable,
            ),
            (
                svg(r#"<openbadges:credential verify="a" verify="b"/>"#),
                Code::ImageUnreadable,
            ),
            (bomb.to_owned(), Code::ImageUnreadable),
            ("<svg>".repeat(300), Code::ImageUnreadable),
            ("<svg>".to_owned(), Code::ImageUnreadable),
            ("<".to_owned(), Code::ImageUnreadable),
        ] {
            assert_eq!(
                read(text.as_bytes(), &Limits::default()).unwrap_err().code,
                code,
                "{text}"
            );
        }
        assert!(read(b"<svg>\xff</svg>", &Limits::default()).is_err());
    }
}
