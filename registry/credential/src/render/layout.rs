//! Text in lines: what fits into the width of a page, in the fonts that are shipped.

use krilla::text::Font;
use ttf_parser::Face;

static REGULAR: &[u8] = include_bytes!("../../fonts/DejaVuSans.ttf");
static BOLD: &[u8] = include_bytes!("../../fonts/DejaVuSans-Bold.ttf");

/// A font to draw with and to measure with.
pub(super) struct Typeface {
    pub(super) font: Font,
    face: Face<'static>,
}

/// The shipped fonts.
pub(super) struct Fonts {
    regular: Typeface,
    bold: Typeface,
}

impl Fonts {
    pub(super) fn shipped() -> Option<Self> {
        let typeface = |bytes: &'static [u8]| {
            Some(Typeface {
                font: Font::new(bytes.to_vec().into(), 0)?,
                face: Face::parse(bytes, 0).ok()?,
            })
        };
        Some(Self {
            regular: typeface(REGULAR)?,
            bold: typeface(BOLD)?,
        })
    }

    pub(super) fn of(&self, style: Style) -> &Typeface {
        if style.bold() {
            &self.bold
        } else {
            &self.regular
        }
    }
}

/// How a text looks and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Title,
    Name,
    Heading,
    Text,
    Small,
}

impl Style {
    /// The size, in points.
    pub(super) fn size(self) -> f32 {
        match self {
            Self::Title => 22.0,
            Self::Name => 18.0,
            Self::Heading => 13.0,
            Self::Text => 11.0,
            Self::Small => 9.0,
        }
    }

    /// The space before it, in points.
    pub(super) fn before(self) -> f32 {
        match self {
            Self::Title => 0.0,
            Self::Name | Self::Heading => 14.0,
            Self::Text | Self::Small => 3.0,
        }
    }

    fn bold(self) -> bool {
        matches!(self, Self::Title | Self::Name | Self::Heading)
    }

    /// The level of a heading; none for what is no heading.
    pub(super) fn level(self) -> Option<u16> {
        match self {
            Self::Title => Some(1),
            Self::Heading => Some(2),
            Self::Name | Self::Text | Self::Small => None,
        }
    }
}

/// One thing on a page.
pub(super) enum Block {
    /// A text.
    Words(Style, String),
    /// The QR code.
    Code,
}

impl Block {
    pub(super) fn title(text: &str) -> Self {
        Self::Words(Style::Title, text.to_owned())
    }

    pub(super) fn name(text: &str) -> Self {
        Self::Words(Style::Name, text.to_owned())
    }

    pub(super) fn heading(text: &str) -> Self {
        Self::Words(Style::Heading, text.to_owned())
    }

    pub(super) fn text(text: &str) -> Self {
        Self::Words(Style::Text, text.to_owned())
    }

    pub(super) fn small(text: &str) -> Self {
        Self::Words(Style::Small, text.to_owned())
    }
}

impl Typeface {
    /// The text as it can be drawn: what the font has no picture of becomes a mark that says so. The credential has it right.
    fn drawable(&self, text: &str) -> String {
        let drawn = |one: char| match one {
            one if one.is_control() => ' ',
            one if self.face.glyph_index(one).is_some() => one,
            _ => char::REPLACEMENT_CHARACTER,
        };
        text.chars().map(drawn).collect()
    }

    /// How wide a text is at that size, in points.
    fn width(&self, text: &str, size: f32) -> f32 {
        let advance = |one: char| {
            let glyph = self.face.glyph_index(one)?;
            self.face.glyph_hor_advance(glyph)
        };
        let units: u32 = text.chars().filter_map(advance).map(u32::from).sum();
        #[expect(clippy::cast_precision_loss, reason = "a line is no longer than that")]
        let units = units as f32;
        units * size / f32::from(self.face.units_per_em())
    }

    /// The text in lines that are no wider than that; a word that is wider is broken.
    pub(super) fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in self.drawable(text).split_whitespace() {
            let mut word = word.to_owned();
            let longer = format!("{line}{word}");
            if self.width(&longer, size) > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            while self.width(&word, size) > width {
                let mut fits = String::new();
                let mut rest = word.chars();
                for one in rest.by_ref() {
                    fits.push(one);
                    if self.width(&fits, size) > width {
                        break;
                    }
                }
                let last = fits.pop();
                word = last.into_iter().chain(rest).collect();
                lines.push(fits);
            }
            line.push_str(&word);
            // A space that is there tells those who copy or listen where words end.
            line.push(' ');
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_lose_nothing() {
        let fonts = Fonts::shipped().unwrap();
        let typeface = fonts.of(Style::Text);
        for text in [
            "Level 3 Diploma for the Children and Young People's Workforce (QCF) ".repeat(5),
            "x".repeat(500),
            "ŵŷ Tŷ Hafan 字".to_owned(),
            String::new(),
        ] {
            let lines = typeface.lines(&text, 11.0, 200.0);
            for line in &lines {
                assert!(typeface.width(line.trim_end(), 11.0) <= 200.0, "{line}");
            }
            let drawn = lines.concat().replace(' ', "");
            assert_eq!(drawn, typeface.drawable(&text).replace(' ', ""));
        }
        assert_eq!(typeface.lines("a\u{0}字b", 11.0, 200.0), ["a \u{fffd}b "]);
    }
}
