//! Blocks on pages, each with the tag that says what it is.

use super::layout::{Block, Fonts, Style};
use fast_qr::qr::{QRBuilder, QRCode};
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{ContentTag, Node, SpanTag, Tag, TagGroup, TagTree};
use krilla::text::TextDirection;
use std::num::NonZeroU16;

/// A4, in points.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 64.0;
/// The side of the QR code: three and a half centimetres.
const CODE: f32 = 99.2;
/// How far apart the lines of a text stand, in sizes of it.
const LEADING: f32 = 1.4;

/// Something at its place on a page.
struct Placed<'a> {
    page: usize,
    top: f32,
    what: What<'a>,
}

enum What<'a> {
    Lines(Style, Vec<(usize, f32, String)>),
    Code(&'a QRCode),
}

/// Draws blocks on as many pages as they need; none where the code or a page cannot be made.
pub(super) fn draw(
    document: &mut Document,
    fonts: &Fonts,
    blocks: &[Block],
    code: &str,
) -> Option<()> {
    let code = QRBuilder::new(code).build().ok()?;
    let placed = place(fonts, blocks, &code);
    let pages = placed.iter().map(Placed::last_page).max()? + 1;
    let mut tags: Vec<Vec<Node>> = placed.iter().map(|_| Vec::new()).collect();
    for number in 0..pages {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        surface.set_fill(Some(Fill {
            paint: rgb::Color::new(0, 0, 0).into(),
            ..Fill::default()
        }));
        for (one, tags) in placed.iter().zip(&mut tags) {
            one.draw(&mut surface, fonts, number, tags);
        }
        surface.finish();
        page.finish();
    }
    let mut tree = TagTree::new().with_lang(Some("en-GB".to_owned()));
    for (one, children) in placed.iter().zip(tags) {
        tree.push(one.group(children)?);
    }
    document.set_tag_tree(tree);
    Some(())
}

/// Where everything stands.
fn place<'a>(fonts: &Fonts, blocks: &[Block], code: &'a QRCode) -> Vec<Placed<'a>> {
    let (mut page, mut y) = (0, MARGIN);
    let bottom = HEIGHT - MARGIN;
    let mut placed = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Words(style, text) => {
                let (size, face) = (style.size(), fonts.of(*style));
                y += style.before();
                let mut lines = Vec::new();
                let wrapped = face.lines(text, size, WIDTH - 2.0 * MARGIN);
                // A heading does not stand alone at the end of a page.
                let needed = if style.level().is_some() { 4.0 } else { 1.0 };
                for (number, line) in wrapped.into_iter().enumerate() {
                    let room = if number == 0 { needed } else { 1.0 };
                    if y + room * size * LEADING > bottom {
                        (page, y) = (page + 1, MARGIN);
                    }
                    y += size * LEADING;
                    lines.push((page, y, line));
                }
                if !lines.is_empty() {
                    placed.push(Placed {
                        page,
                        top: y,
                        what: What::Lines(*style, lines),
                    });
                }
            }
            Block::Code => {
                if y + 16.0 + CODE > bottom {
                    (page, y) = (page + 1, MARGIN);
                }
                placed.push(Placed {
                    page,
                    top: y + 16.0,
                    what: What::Code(code),
                });
                y += 16.0 + CODE + 8.0;
            }
        }
    }
    placed
}

impl Placed<'_> {
    fn last_page(&self) -> usize {
        self.page
    }

    /// Draws what of it stands on that page.
    fn draw(&self, surface: &mut Surface<'_>, fonts: &Fonts, page: usize, tags: &mut Vec<Node>) {
        match &self.what {
            What::Lines(style, lines) => {
                for (_, y, line) in lines.iter().filter(|(on, ..)| *on == page) {
                    let tag = ContentTag::Span(SpanTag::empty());
                    tags.push(surface.start_tagged(tag).into());
                    surface.draw_text(
                        Point::from_xy(MARGIN, *y),
                        fonts.of(*style).font.clone(),
                        style.size(),
                        line,
                        false,
                        TextDirection::Auto,
                    );
                    surface.end_tagged();
                }
            }
            What::Code(code) if self.page == page => {
                tags.push(surface.start_tagged(ContentTag::Other).into());
                modules(surface, code, self.top);
                surface.end_tagged();
            }
            What::Code(_) => {}
        }
    }

    /// The tag that says what it is.
    fn group(&self, children: Vec<Node>) -> Option<Node> {
        let text = |lines: &[(usize, f32, String)]| -> String {
            let lines = lines.iter().map(|(.., line)| line.as_str());
            lines.collect::<String>().trim_end().to_owned()
        };
        let group = match &self.what {
            What::Lines(style, lines) => match style.level() {
                Some(level) => {
                    let tag = Tag::Hn(NonZeroU16::new(level)?, Some(text(lines)));
                    TagGroup::with_children(tag, children)
                }
                None => TagGroup::with_children(Tag::P, children),
            },
            What::Code(_) => {
                let said = "A QR code with the credential's address, which is also written below.";
                TagGroup::with_children(Tag::Figure(Some(said.to_owned())), children)
            }
        };
        Some(group.into())
    }
}

/// The dark squares of a code. Around it stays as much white as readers need.
fn modules(surface: &mut Surface<'_>, code: &QRCode, top: f32) {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a code has 177 squares a side at most"
    )]
    let side = CODE / code.size as f32;
    let mut path = PathBuilder::new();
    for row in 0..code.size {
        for (column, module) in code[row].iter().take(code.size).enumerate() {
            if !module.value() {
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "as above")]
            let (x, y) = (MARGIN + column as f32 * side, top + row as f32 * side);
            if let Some(square) = Rect::from_xywh(x, y, side, side) {
                path.push_rect(square);
            }
        }
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}
