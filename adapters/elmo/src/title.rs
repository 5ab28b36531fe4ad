//! Texts that a document has in several languages.

/// The texts of one element, each with its language, empty where none is stated.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts(Vec<(String, String)>);

impl Texts {
    pub(crate) fn add(&mut self, language: Option<&str>, text: &str) {
        // A title is a token: its line breaks and runs of spaces mean one space.
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !folded.is_empty() {
            let language = language.unwrap_or_default().to_ascii_lowercase();
            self.0.push((language, folded));
        }
    }

    /// The text to show: English, else Welsh, else the one without a language, else the first.
    pub(crate) fn chosen(&self) -> Option<&str> {
        let of = |wanted: &str| {
            let primary = |language: &str| language.split(['-', '_']).next() == Some(wanted);
            self.0.iter().find(|(language, _)| primary(language))
        };
        of("en")
            .or_else(|| of("cy"))
            .or_else(|| of(""))
            .or_else(|| self.0.first())
            .map(|(_, text)| text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_goes_first_then_welsh_then_what_is_there() {
        let chosen = |texts: &[(Option<&str>, &str)]| {
            let mut all = Texts::default();
            for (language, text) in texts {
                all.add(*language, text);
            }
            all.chosen().map(str::to_owned)
        };
        let (no, cy, en) = (
            (Some("no"), "a"),
            (Some("cy"), "b"),
            (Some("en-GB"), "c  \n c"),
        );
        assert_eq!(chosen(&[no, cy, en]).as_deref(), Some("c c"));
        assert_eq!(chosen(&[no, cy]).as_deref(), Some("b"));
        assert_eq!(chosen(&[no, (None, "d")]).as_deref(), Some("d"));
        assert_eq!(chosen(&[no]).as_deref(), Some("a"));
        assert_eq!(chosen(&[(Some("en"), " ")]), None);
    }
}
