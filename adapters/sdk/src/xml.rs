//! XML read in a way that a hostile document cannot abuse: no document type, no entities, bounded depth,
//! names, attributes, texts and events, and never more than one event in memory. For adapters whose source
//! is XML; behind the feature `xml`.

use crate::{Input, Position, Stop};
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::errors::Error;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use std::io::{BufRead, Read};

/// The deepest nesting.
const DEEPEST: usize = 64;
/// The longest text of an element, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;
/// The longest name of an element, in bytes.
const LONGEST_NAME: usize = 128;
/// The most attributes of an element.
const MOST_ATTRIBUTES: usize = 32;
/// The most bytes that one tag, text or comment may take.
const LONGEST_EVENT: usize = 2 * LONGEST_TEXT;

/// A document read forwards. Elements are known by their local names, since the prefixes differ from one
/// sender to the next.
pub struct Document<'a, 'input> {
    reader: Reader<Bounded<'a, 'input>>,
    event: Vec<u8>,
    open: Vec<Element>,
    /// The local names of the open elements, each after a slash.
    path: String,
    /// The text of the innermost element since its start tag.
    text: String,
    /// The prefix and the attributes of the start tag that was told of last.
    prefix: String,
    attributes: Vec<(String, String)>,
    /// The last token closed an element, which is still open here so that its name can be asked for.
    closing: bool,
    root_seen: bool,
    /// Texts are passed over, however long they are.
    skipping: bool,
    /// The line and column where the last event began, both counted from 1.
    line: (u64, u32),
}

struct Element {
    /// Where in the path its slash stands.
    slash: usize,
    leaf: bool,
    nil: bool,
}

/// What comes next in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// An element begins.
    Open,
    /// An element that holds no other ends; [`Document::text`] is its text.
    Value,
    /// An element ends that holds others, or one that says of itself that it is nil.
    Close,
    /// The document is at its end, and was well-formed.
    End,
}

impl<'a, 'input> Document<'a, 'input> {
    /// The document that the input holds.
    ///
    /// # Errors
    /// `file-empty`, or `xml-encoding` where it begins as UTF-16 does.
    pub fn new(input: &'a mut Input<'input>) -> Result<Self, Stop> {
        match input.fill_buf()? {
            [] => return Err(Stop::new("file-empty", "The file is empty.")),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, ..] | [_, 0, ..] => return Err(not_utf8(0)),
            _ => {}
        }
        let mut reader = Reader::from_reader(Bounded {
            input,
            left: LONGEST_EVENT,
            exceeded: false,
            line: (1, 1),
        });
        reader.config_mut().expand_empty_elements = true;
        Ok(Self {
            reader,
            event: Vec::new(),
            open: Vec::new(),
            path: String::new(),
            text: String::new(),
            prefix: String::new(),
            attributes: Vec::new(),
            closing: false,
            root_seen: false,
            skipping: false,
            line: (1, 1),
        })
    }

    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The local name of the innermost element.
    pub fn name(&self) -> &str {
        self.name_at(self.open.len())
    }

    /// The local name of the element around it.
    pub fn parent(&self) -> &str {
        self.name_at(self.open.len().saturating_sub(1))
    }

    /// The name of the open element at that depth, counted from 1.
    fn name_at(&self, depth: usize) -> &str {
        let slash = |depth: usize| self.open.get(depth).map(|element| element.slash);
        depth
            .checked_sub(1)
            .and_then(slash)
            .and_then(|from| {
                let to = slash(depth).unwrap_or(self.path.len());
                self.path.get(from + 1..to)
            })
            .unwrap_or_default()
    }

    /// The way to the innermost element, such as `/Envelope/Body`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text of the element that was just told of as a value.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value of an attribute of the element whose start was told of last, by its local name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let local = |key: &str| {
            key.rsplit_once(':')
                .map_or(key == name, |(_, key)| key == name)
        };
        let mut named = self.attributes.iter().filter(|(key, _)| local(key));
        named.next().map(|(_, value)| value.as_str())
    }

    /// How many bytes the attributes of that element take, their names among them.
    #[must_use]
    pub fn attributes_len(&self) -> usize {
        let each = |(name, value): &(String, String)| name.len() + value.len();
        self.attributes.iter().map(each).sum()
    }

    /// The namespace that the start tag which was told of last declares for itself; empty where it
    /// declares none. Asked of the root element, that is its namespace.
    #[must_use]
    pub fn declared_namespace(&self) -> &str {
        let key = match self.prefix.as_str() {
            "" => "xmlns".to_owned(),
            prefix => format!("xmlns:{prefix}"),
        };
        let mut declared = self.attributes.iter().filter(|(name, _)| *name == key);
        declared.next().map_or("", |(_, value)| value)
    }

    /// Where the tag that was told of last begins: line and column.
    #[must_use]
    pub fn position(&self) -> Position {
        Position::cell(self.line.0, self.line.1)
    }

    /// Reads up to the end of the innermost element. Its texts are not kept, and may be of any length where
    /// they are plain: documents carry whole pictures and reports within them.
    ///
    /// # Errors
    /// As [`Document::next`].
    pub fn skip(&mut self) -> Result<(), Stop> {
        if self.closing {
            return Ok(());
        }
        let depth = self.depth();
        self.skipping = true;
        let ended = loop {
            if let Err(stop) = self.pass_over() {
                break Err(stop);
            }
            match self.next() {
                Ok(Token::Value | Token::Close) if self.depth() == depth => break Ok(()),
                Ok(Token::End) => break Ok(()),
                Ok(_) => {}
                Err(stop) => break Err(stop),
            }
        };
        self.skipping = false;
        ended
    }

    /// Passes over the bytes up to the next tag or reference without keeping them.
    fn pass_over(&mut self) -> Result<(), Stop> {
        let mut stream = self.reader.stream();
        loop {
            stream.get_mut().left = LONGEST_EVENT;
            let bytes = stream.fill_buf()?;
            let whole = bytes.len();
            let plain = bytes.iter().position(|byte| matches!(byte, b'<' | b'&'));
            let passed = plain.unwrap_or(whole);
            stream.consume(passed);
            if plain.is_some() || whole == 0 {
                return Ok(());
            }
        }
    }

    /// Goes on to the next start or end of an element.
    ///
    /// # Errors
    /// `xml-malformed`, `xml-doctype`, `xml-encoding` or `xml-too-large`, with the offset.
    #[expect(
        clippy::should_implement_trait,
        reason = "a token says nothing without the document it stands in"
    )]
    pub fn next(&mut self) -> Result<Token, Stop> {
        if std::mem::take(&mut self.closing)
            && let Some(element) = self.open.pop()
        {
            self.path.truncate(element.slash);
            self.text.clear();
        }
        // The buffer is lent to the event, so that it is taken out while the event is looked at.
        let mut buffer = std::mem::take(&mut self.event);
        let token = loop {
            buffer.clear();
            self.reader.get_mut().left = LONGEST_EVENT;
            self.line = self.reader.get_ref().line;
            let event = match self.reader.read_event_into(&mut buffer) {
                Ok(event) => event,
                Err(error) => return Err(self.failed(error)),
            };
            if let Some(token) = self.take(event)? {
                break token;
            }
        };
        self.event = buffer;
        Ok(token)
    }

    /// Takes an event in. Nothing is told of events between tags.
    fn take(&mut self, event: Event<'_>) -> Result<Option<Token>, Stop> {
        match event {
            Event::Start(tag) | Event::Empty(tag) => {
                self.start(&tag)?;
                Ok(Some(Token::Open))
            }
            Event::End(_) => self.end().map(Some),
            Event::Text(text) => self.append(&text.xml10_content()).map(|()| None),
            Event::CData(text) => self.append(&text.xml10_content()).map(|()| None),
            Event::GeneralRef(reference) => self.reference(&reference).map(|()| None),
            Event::Decl(declaration) => self.declaration(&declaration).map(|()| None),
            Event::DocType(_) => Err(self.refused("a document type")),
            Event::Comment(_) | Event::PI(_) => Ok(None),
            Event::Eof if self.open.is_empty() && self.root_seen => Ok(Some(Token::End)),
            Event::Eof => Err(self.malformed("its end, which comes too early")),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Stop> {
        if self.open.is_empty() && self.root_seen {
            return Err(self.malformed("a second root element"));
        }
        self.root_seen = true;
        let (name, mut nil) = (tag.local_name(), false);
        self.attributes.clear();
        self.prefix.clear();
        if let Some(prefix) = tag.name().prefix() {
            self.prefix.push_str(prefix.as_ref());
        }
        for (count, attribute) in tag.attributes().enumerate() {
            let Ok(attribute) = attribute else {
                return Err(self.malformed("an attribute"));
            };
            if count >= MOST_ATTRIBUTES {
                return Err(self.too_large());
            }
            let local = attribute.key.local_name();
            nil |= local.as_ref() == "nil" && matches!(attribute.value.trim(), "true" | "1");
            let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else {
                return Err(self.refused("an entity"));
            };
            let key = attribute.key.as_ref();
            self.attributes.push((key.to_owned(), value.into_owned()));
        }
        if self.open.len() >= DEEPEST || name.as_ref().len() > LONGEST_NAME {
            return Err(self.too_large());
        }
        if let Some(parent) = self.open.last_mut() {
            parent.leaf = false;
        }
        self.open.push(Element {
            slash: self.path.len(),
            leaf: true,
            nil,
        });
        self.path.push('/');
        self.path.push_str(name.as_ref());
        self.text.clear();
        Ok(())
    }

    fn end(&mut self) -> Result<Token, Stop> {
        let Some(element) = self.open.last() else {
            return Err(self.malformed("an end tag without its start"));
        };
        self.closing = true;
        Ok(if element.leaf && !element.nil {
            Token::Value
        } else {
            Token::Close
        })
    }

    fn append(&mut self, text: &str) -> Result<(), Stop> {
        if self.open.is_empty() {
            // Only white space may stand outside the root element.
            return if text.trim().is_empty() {
                Ok(())
            } else {
                Err(self.malformed("text outside the root element"))
            };
        }
        if self.skipping {
            return Ok(());
        }
        if self.text.len() + text.len() > LONGEST_TEXT {
            return Err(self.too_large());
        }
        self.text.push_str(text);
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Stop> {
        let named = match &**reference {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "apos" => "'",
            "quot" => "\"",
            _ => {
                return match reference.resolve_char_ref() {
                    Ok(Some(character)) => self.append(character.encode_utf8(&mut [0; 4])),
                    Ok(None) => Err(self.refused("an entity")),
                    Err(_) => Err(self.malformed("a character reference")),
                };
            }
        };
        self.append(named)
    }

    fn declaration(&self, declaration: &BytesDecl<'_>) -> Result<(), Stop> {
        match declaration.encoding() {
            None => Ok(()),
            Some(Ok(name))
                if ["utf-8", "us-ascii"]
                    .iter()
                    .any(|known| name.eq_ignore_ascii_case(known)) =>
            {
                Ok(())
            }
            Some(_) => Err(not_utf8(self.reader.buffer_position())),
        }
    }

    fn failed(&self, error: Error) -> Stop {
        match error {
            Error::Io(_) if self.reader.get_ref().exceeded => self.too_large(),
            Error::Io(error) => std::io::Error::from(error.kind()).into(),
            Error::Encoding(_) => not_utf8(self.reader.buffer_position()),
            // The parser's own words may quote the document, and so a person.
            _ => malformed("its syntax", self.reader.error_position()),
        }
    }

    fn malformed(&self, what: &str) -> Stop {
        malformed(what, self.reader.buffer_position())
    }

    fn refused(&self, what: &str) -> Stop {
        Stop::new(
            "xml-doctype",
            format!("The document holds {what}. Document types and entities are refused."),
        )
        .at(Position::offset(self.reader.buffer_position()))
    }

    fn too_large(&self) -> Stop {
        Stop::new(
            "xml-too-large",
            format!(
                "The document is nested deeper than {DEEPEST} elements, or an element of it holds more than {LONGEST_TEXT} bytes of text, {MOST_ATTRIBUTES} attributes or {LONGEST_NAME} bytes of name."
            ),
        )
        .at(Position::offset(self.reader.buffer_position()))
    }
}

fn malformed(what: &str, offset: u64) -> Stop {
    Stop::new(
        "xml-malformed",
        format!("The document is not well-formed XML: wrong is {what}, near the byte at offset {offset}."),
    )
    .at(Position::offset(offset))
}

fn not_utf8(offset: u64) -> Stop {
    Stop::new(
        "xml-encoding",
        format!("The document is not UTF-8, near the byte at offset {offset}. Send it as UTF-8."),
    )
    .at(Position::offset(offset))
}

/// The input, of which one event may take only so much: the parser gathers a whole event before it tells of
/// it, and would gather gigabytes.
struct Bounded<'a, 'input> {
    input: &'a mut Input<'input>,
    left: usize,
    exceeded: bool,
    /// The line and column of the next byte; a column counts characters.
    line: (u64, u32),
}

impl Read for Bounded<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Bounded<'_, '_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        let bytes = self.input.fill_buf()?;
        if self.left == 0 && !bytes.is_empty() {
            self.exceeded = true;
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes.get(..self.left).unwrap_or(bytes))
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount);
        // What is consumed is still in the buffer: this reads nothing.
        let buffered = self.input.fill_buf().unwrap_or_default();
        let consumed = buffered.get(..amount).unwrap_or(buffered);
        let (lines, last) = consumed
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .fold((0, None), |(lines, _), (place, _)| (lines + 1, Some(place)));
        let since = last.map_or(0, |place| place + 1);
        let begun = consumed.get(since..).unwrap_or_default();
        let characters = begun.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        let column = if lines > 0 { 1 } else { self.line.1 };
        self.line = (
            self.line.0 + lines,
            column.saturating_add(u32::try_from(characters).unwrap_or(u32::MAX)),
        );
        self.input.consume(amount);
    }
}
