//! Counts the tokens of a document, and how far its brackets stand in each other, before it is read
//! (GraphQL, section 2.1): reading costs more than counting, and reads by calling itself.

use super::refusal::Refusal;
use schema::Code;

/// Refuses a document with more than `most` tokens, or brackets that stand further in each other than
/// `deepest`. What is no token counts as one; the reader says what is wrong with it.
pub(super) fn check(text: &str, most: usize, deepest: usize) -> Result<(), Refusal> {
    let (mut tokens, mut nested) = (0_usize, 0_usize);
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = match first {
            b' ' | b',' | b'\t' | b'\n' | b'\r' => {
                rest = after;
                continue;
            }
            b'#' => {
                rest = skip(after, |byte| byte != b'\n' && byte != b'\r');
                continue;
            }
            b'"' => string(rest),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => skip(after, |byte| {
                byte == b'_' || byte == b'.' || byte.is_ascii_alphanumeric()
            }),
            b'.' => skip(after, |byte| byte == b'.'),
            b'{' | b'(' | b'[' => {
                nested += 1;
                after
            }
            b'}' | b')' | b']' => {
                nested = nested.saturating_sub(1);
                after
            }
            _ => after,
        };
        tokens += 1;
        if tokens > most {
            let words = ("A document may have", most, "tokens at most");
            return Err(Refusal::limit(Code::QueryTooComplex, "tokens", words, None));
        }
        if nested > deepest {
            return Err(too_nested(deepest));
        }
    }
    Ok(())
}

/// The refusal of what stands too far in itself.
pub(super) fn too_nested(deepest: usize) -> Refusal {
    let words = (
        "Brackets, and fragments in fragments, may stand",
        deepest,
        "deep in each other at most",
    );
    Refusal::limit(Code::QueryTooComplex, "recursion", words, None)
}

fn skip(bytes: &[u8], mut of: impl FnMut(u8) -> bool) -> &[u8] {
    let length = bytes.iter().position(|byte| !of(*byte));
    length.map_or(&[], |length| bytes.get(length..).unwrap_or_default())
}

/// What follows a text; nothing where it does not end.
fn string(bytes: &[u8]) -> &[u8] {
    const BLOCK: &[u8] = b"\"\"\"";
    let (block, mut rest) = match bytes.strip_prefix(BLOCK) {
        Some(rest) => (true, rest),
        None => (false, bytes.get(1..).unwrap_or_default()),
    };
    while let Some((first, after)) = rest.split_first() {
        if block {
            if let Some(after) = rest.strip_prefix(b"\\\"\"\"") {
                rest = after;
            } else if let Some(after) = rest.strip_prefix(BLOCK) {
                return after;
            } else {
                rest = after;
            }
        } else {
            match first {
                b'"' => return after,
                // A text ends with its line; what follows is for the reader to refuse.
                b'\n' | b'\r' => return rest,
                b'\\' => rest = after.get(1..).unwrap_or_default(),
                _ => rest = after,
            }
        }
    }
    &[]
}
