//! JSON read strictly: a member that stands twice, a number that programs disagree about, and a document
//! that is too deep or has too many parts are faults with a place.

use crate::{Fault, Limits};
use schema::Code;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Whole numbers beyond this are not the same in every program (RFC 8259, section 6).
const EXACT: f64 = 9_007_199_254_740_991.0;

/// Reads one JSON text. Numbers that are whole become whole (`1.0` is `1`): that is what they are in JSON-LD.
///
/// # Errors
/// `document-unreadable` with the byte's line and column, `member-twice`, `number-inexact`,
/// `document-too-deep`, `document-too-complex`, `too-large`.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Value, Fault> {
    if bytes.len() > limits.document_bytes {
        return Err(Fault::new(Code::TooLarge, ""));
    }
    let mut state = State {
        limits,
        depth: 0,
        nodes: 0,
        path: Vec::new(),
        fault: None,
    };
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let read = Seed(&mut state).deserialize(&mut deserializer);
    match read.and_then(|value| deserializer.end().map(|()| value)) {
        Ok(value) => Ok(value),
        Err(error) => Err(state.fault.unwrap_or_else(|| {
            let place = format!("line {} column {}", error.line(), error.column());
            Fault::new(Code::DocumentUnreadable, place)
        })),
    }
}

/// One member's name or item's number as a part of a JSON pointer.
pub(crate) fn push_pointer(pointer: &mut String, part: &str) {
    pointer.push('/');
    for character in part.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

enum Step {
    Member(String),
    Item(usize),
}

struct State<'a> {
    limits: &'a Limits,
    depth: usize,
    nodes: usize,
    path: Vec<Step>,
    fault: Option<Fault>,
}

impl State<'_> {
    /// Keeps the first fault and gives the parser a reason to stop.
    fn refuse<E: serde::de::Error>(&mut self, code: Code) -> E {
        if self.fault.is_none() {
            let mut pointer = String::new();
            for step in &self.path {
                match step {
                    Step::Member(name) => push_pointer(&mut pointer, name),
                    Step::Item(number) => push_pointer(&mut pointer, &number.to_string()),
                }
            }
            self.fault = Some(Fault::new(code, pointer));
        }
        E::custom("refused")
    }

    fn count<E: serde::de::Error>(&mut self) -> Result<(), E> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(self.refuse(Code::DocumentTooComplex));
        }
        Ok(())
    }

    fn enter<E: serde::de::Error>(&mut self) -> Result<(), E> {
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(self.refuse(Code::DocumentTooDeep));
        }
        Ok(())
    }
}

struct Seed<'a, 'limits>(&'a mut State<'limits>);

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Err(self.0.refuse(Code::NumberInexact)),
        }
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        if value.unsigned_abs() > EXACT as u64 {
            return Err(self.0.refuse(Code::NumberInexact));
        }
        Ok(Value::Number(value.into()))
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and within ±2^53, as was just seen"
    )]
    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        if !value.is_finite() || value.abs() > EXACT {
            return Err(self.0.refuse(Code::NumberInexact));
        }
        if value.fract() == 0.0 {
            return Ok(Value::Number((value as i64).into()));
        }
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| self.0.refuse(Code::NumberInexact))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        self.0.enter()?;
        let mut items = Vec::new();
        loop {
            self.0.path.push(Step::Item(items.len()));
            let item = access.next_element_seed(Seed(self.0))?;
            self.0.path.pop();
            match item {
                Some(item) => items.push(item),
                None => break,
            }
        }
        self.0.depth -= 1;
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        self.0.enter()?;
        let mut members = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            self.0.path.push(Step::Member(name.clone()));
            if members.contains_key(&name) {
                return Err(self.0.refuse(Code::MemberTwice));
            }
            let value = access.next_value_seed(Seed(self.0))?;
            self.0.path.pop();
            members.insert(name, value);
        }
        self.0.depth -= 1;
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fault(text: &str) -> (Code, String) {
        let limits = Limits {
            depth: 4,
            nodes: 12,
            document_bytes: 200,
            ..Limits::default()
        };
        let fault = read(text.as_bytes(), &limits).unwrap_err();
        (fault.code, fault.place)
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, code, place) in [
            (
                r#"{"a":{"b":[1,{"c":1,"c":1}]}}"#,
                Code::MemberTwice,
                "/a/b/1/c",
            ),
            (r#"{"a~/":{"x":1,"x":2}}"#, Code::MemberTwice, "/a~0~1/x"),
            (r#"{"\u0061":1,"a":2}"#, Code::MemberTwice, "/a"),
            ("[[[[[]]]]]", Code::DocumentTooDeep, "/0/0/0/0"),
            ("[1,1,1,1,1,1,1,1,1,1,1,1]", Code::DocumentTooComplex, "/11"),
            ("[9007199254740993]", Code::NumberInexact, "/0"),
            ("[-9007199254740993]", Code::NumberInexact, "/0"),
            ("[18446744073709551615]", Code::NumberInexact, "/0"),
            ("[1e300]", Code::NumberInexact, "/0"),
            ("{", Code::DocumentUnreadable, "line 1 column 1"),
            ("{} {}", Code::DocumentUnreadable, "line 1 column 4"),
            ("", Code::DocumentUnreadable, "line 1 column 0"),
        ] {
            assert_eq!(fault(text), (code, place.to_owned()), "{text}");
        }
        assert_eq!(fault(&" ".repeat(201)).0, Code::TooLarge);
        assert_eq!(fault("\"\u{0}\"").0, Code::DocumentUnreadable);
    }

    #[test]
    fn whole_numbers_are_whole() {
        let value = read(b"[1.0, -0.0, 1e2, 1.5, 42]", &Limits::default()).unwrap();
        assert_eq!(value, json!([1, 0, 100, 1.5, 42]));
    }
}
