//! Writes lines of text. Chinese needs no shaping: a character is a sign.

use krilla::geom::Point;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{MetadataProvider, charmap::Charmap};

use super::font::{self, Face};

/// Writes with one font.
pub struct Pen<'a> {
    font: Font,
    signs: Charmap<'a>,
    widths: GlyphMetrics<'a>,
}

impl<'a> Pen<'a> {
    /// Takes up a font; `None` when it cannot be used.
    pub fn new(face: &'a Face) -> Option<Self> {
        let read = font::open(face)?;
        let font = Font::new(face.bytes.clone().into(), face.index)?;
        let widths = read.glyph_metrics(Size::unscaled(), LocationRef::default());
        Some(Self { font, signs: read.charmap(), widths })
    }

    /// How wide a character is, in ems.
    pub fn em(&self, c: char) -> f32 {
        let em = self.font.units_per_em();
        let glyph = self.signs.map(c).unwrap_or_default();
        self.widths.advance_width(glyph).unwrap_or(em) / em
    }

    /// How wide a line is, in ems.
    pub fn width(&self, text: &str) -> f32 {
        text.chars().map(|c| self.em(c)).sum()
    }

    /// Writes a line from `left` on, in whatever ink the surface has.
    pub fn write(&self, surface: &mut Surface<'_>, text: &str, left: (f32, f32), size: f32) {
        let glyphs: Vec<KrillaGlyph> = text
            .char_indices()
            .map(|(at, c)| {
                let glyph = self.signs.map(c).unwrap_or_default();
                let (id, range) = (GlyphId::new(glyph.to_u32()), at..at + c.len_utf8());
                KrillaGlyph::new(id, self.em(c), 0.0, 0.0, 0.0, range, None)
            })
            .collect();
        let start = Point::from_xy(left.0, left.1);
        surface.draw_glyphs(start, &glyphs, self.font.clone(), text, size, false);
    }
}
