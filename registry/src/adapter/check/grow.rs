//! Makes a file as large as is wanted out of a small one, in its own form: lines are repeated after the first,
//! elements and members of lists among their like. What has no such form is repeated whole.

use serde_json::Value;
use std::io::{Result, Write};

/// A file with a part that can be repeated.
pub(super) struct Grown {
    head: Vec<u8>,
    unit: Vec<u8>,
    tail: Vec<u8>,
}

impl Grown {
    pub(super) fn of(file: &[u8]) -> Self {
        let begin = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        let form = match begin.trim_ascii_start().first() {
            Some(b'<') => elements(file),
            Some(b'{' | b'[') => members(begin),
            _ => None,
        };
        form.or_else(|| lines(file)).unwrap_or_else(|| Self {
            head: Vec::new(),
            unit: file.to_vec(),
            tail: Vec::new(),
        })
    }

    /// Writes so many bytes, or up to one repetition more.
    pub(super) fn write(&self, file: &mut impl Write, size: u64) -> Result<()> {
        file.write_all(&self.head)?;
        let mut written = self.head.len() as u64;
        while written < size && !self.unit.is_empty() {
            file.write_all(&self.unit)?;
            written += self.unit.len() as u64;
        }
        file.write_all(&self.tail)
    }
}

/// A first line, which may be headings, and the others.
fn lines(file: &[u8]) -> Option<Grown> {
    let (head, unit) = file.split_at(memchr::memchr(b'\n', file)? + 1);
    let mut unit = unit.to_vec();
    if unit.is_empty() {
        return None;
    }
    if unit.last() != Some(&b'\n') {
        unit.push(b'\n');
    }
    Some(Grown {
        head: head.to_vec(),
        unit,
        tail: Vec::new(),
    })
}

/// The last object of the largest list of objects.
fn members(file: &[u8]) -> Option<Grown> {
    const MARK: &str = "\u{1}the place of the list\u{1}";
    let mut document: Value = serde_json::from_slice(file).ok()?;
    let mut lists = Vec::new();
    largest(&document, "", &mut lists);
    let (_, path) = lists.into_iter().max()?;
    let place = document.pointer_mut(&path)?;
    let Value::Array(list) = place.take() else {
        return None;
    };
    *place = Value::String(MARK.to_owned());
    let text = document.to_string();
    let (before, after) = text.split_once(&Value::String(MARK.to_owned()).to_string())?;
    let whole = Value::Array(list.clone()).to_string();
    Some(Grown {
        head: [before, whole.strip_suffix(']')?].concat().into_bytes(),
        unit: format!(",{}", list.last()?).into_bytes(),
        tail: ["]", after].concat().into_bytes(),
    })
}

/// Every list of objects with its size and its JSON pointer.
fn largest(value: &Value, path: &str, lists: &mut Vec<(usize, String)>) {
    match value {
        Value::Array(list) => {
            if list.last().is_some_and(Value::is_object) {
                lists.push((value.to_string().len(), path.to_owned()));
            }
            for (place, value) in list.iter().enumerate() {
                largest(value, &format!("{path}/{place}"), lists);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                largest(value, &format!("{path}/{name}"), lists);
            }
        }
        _ => {}
    }
}

/// An element of a document: its name, where it begins and ends, and which element holds it.
struct Element<'a> {
    name: &'a [u8],
    begin: usize,
    end: usize,
    parent: Option<usize>,
}

/// The last element of the largest group of like-named siblings.
fn elements(file: &[u8]) -> Option<Grown> {
    let all = scanned(file);
    let size = |one: &Element<'_>| one.end - one.begin;
    let mut groups: std::collections::BTreeMap<(usize, &[u8]), (usize, usize, usize)> =
        std::collections::BTreeMap::new();
    for (place, one) in all.iter().enumerate().filter(|(_, one)| one.end > 0) {
        if let Some(parent) = one.parent {
            let group = groups.entry((parent, one.name)).or_default();
            *group = (group.0 + 1, group.1 + size(one), place);
        }
    }
    let several = groups.values().filter(|(count, ..)| *count > 1);
    let (_, _, place) = several.max_by_key(|(_, size, _)| *size)?;
    let one = all.get(*place)?;
    Some(Grown {
        head: file.get(..one.end)?.to_vec(),
        unit: file.get(one.begin..one.end)?.to_vec(),
        tail: file.get(one.end..)?.to_vec(),
    })
}

/// The elements of a document, roughly: enough to find those that stand side by side.
fn scanned(file: &[u8]) -> Vec<Element<'_>> {
    let mut all: Vec<Element<'_>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut place = 0;
    while let Some(begin) = memchr::memchr(b'<', file.get(place..).unwrap_or_default()) {
        let begin = place + begin;
        let rest = file.get(begin..).unwrap_or_default();
        let close: &[u8] = if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<![CDATA[") {
            b"]]>"
        } else {
            b">"
        };
        let Some(length) = memchr::memmem::find(rest, close) else {
            break;
        };
        place = begin + length + close.len();
        let tag = rest.get(1..length).unwrap_or_default();
        match tag.first() {
            None | Some(b'!' | b'?') => {}
            Some(b'/') => {
                if let Some(one) = open.pop().and_then(|one| all.get_mut(one)) {
                    one.end = place;
                }
            }
            Some(_) => {
                let end = tag
                    .iter()
                    .position(|byte| byte.is_ascii_whitespace() || *byte == b'/')
                    .unwrap_or(tag.len());
                let empty = tag.ends_with(b"/");
                all.push(Element {
                    name: tag.get(..end).unwrap_or_default(),
                    begin,
                    end: if empty { place } else { 0 },
                    parent: open.last().copied(),
                });
                if !empty {
                    open.push(all.len() - 1);
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn grown(file: &str, size: u64) -> String {
        let mut out = Vec::new();
        Grown::of(file.as_bytes()).write(&mut out, size).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_table_keeps_its_one_heading_line() {
        assert_eq!(grown("a,b\n1,2\n3,4", 20), "a,b\n1,2\n3,4\n1,2\n3,4\n");
    }

    #[test]
    fn a_document_gets_more_of_the_largest_elements_that_stand_side_by_side() {
        let file = "<r><!-- <x> --><i/><i/><p n='1'><a>text</a></p><p><a>text</a></p></r>";
        assert_eq!(
            grown(file, 80),
            "<r><!-- <x> --><i/><i/><p n='1'><a>text</a></p><p><a>text</a></p><p><a>text</a></p></r>"
        );
    }

    #[test]
    fn an_object_gets_more_of_its_largest_list_of_objects() {
        let file = r#"{"a":["long long long long long"],"b":{"c/d":[{"e":1},{"e":2}]}}"#;
        let whole = grown(file, 75);
        let value: Value = serde_json::from_str(&whole).unwrap();
        assert_eq!(
            value.pointer("/b/c~1d").unwrap(),
            &serde_json::json!([{"e":1},{"e":2},{"e":2},{"e":2}])
        );
    }

    #[test]
    fn what_has_no_form_is_repeated_whole() {
        assert_eq!(grown("abc", 7), "abcabcabc");
        assert_eq!(grown("", 7), "");
        assert_eq!(grown("<a", 5), "<a<a<a");
    }
}
