//! A font made on the spot: every wanted character is a box one em wide, so that no test depends
//! on the fonts of the machine.

use std::sync::LazyLock;

use write_fonts::FontBuilder;
use write_fonts::OffsetMarker;
use write_fonts::tables::cmap::Cmap;
use write_fonts::tables::glyf::{GlyfLocaBuilder, SimpleGlyph};
use write_fonts::tables::head::Head;
use write_fonts::tables::hhea::Hhea;
use write_fonts::tables::hmtx::{Hmtx, LongMetric};
use write_fonts::tables::loca::LocaFormat;
use write_fonts::tables::maxp::Maxp;
use write_fonts::tables::name::{Name, NameRecord};
use write_fonts::tables::os2::Os2;
use write_fonts::tables::post::Post;
use write_fonts::types::{FWord, GlyphId, NameId, UfWord};

use kurbo::{BezPath, Rect, Shape};

const EM: u16 = 1_000;

/// A font with the Chinese, the Latin and the marks that a report may hold.
pub fn chinese() -> &'static [u8] {
    static FONT: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let ranges =
            [' '..='~', '\u{3000}'..='\u{301f}', '\u{4e00}'..='\u{9fa5}', '\u{ff01}'..='\u{ff5e}'];
        let signs: String = ranges.into_iter().flatten().chain("—“”‘’…·−÷".chars()).collect();
        with(&signs)
    });
    &FONT
}

/// Writes a TrueType font for these characters.
pub fn with(characters: &str) -> Vec<u8> {
    let mut wanted: Vec<char> = characters.chars().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let count = u16::try_from(wanted.len()).unwrap() + 1;
    let path: BezPath = Rect::new(100.0, 0.0, 900.0, 800.0).to_path(0.1);
    let glyph = SimpleGlyph::from_bezpath(&path).unwrap();
    let mut glyphs = GlyfLocaBuilder::new();
    for _ in 0..count {
        glyphs.add_glyph(&glyph).unwrap();
    }
    let (glyf, loca, format) = glyphs.build();
    let head = Head {
        units_per_em: EM,
        x_max: 900,
        y_max: 800,
        index_to_loc_format: i16::from(format == LocaFormat::Long),
        ..Head::default()
    };
    let hhea = Hhea {
        ascender: FWord::new(800),
        descender: FWord::new(-200),
        advance_width_max: UfWord::new(EM),
        number_of_h_metrics: count,
        ..Hhea::default()
    };
    let widths = (0..count).map(|_| LongMetric::new(EM, 100)).collect();
    let names = [(NameId::FAMILY_NAME, "Test"), (NameId::POSTSCRIPT_NAME, "Test-Regular")];
    let names = names
        .map(|(id, name)| NameRecord::new(3, 1, 0x409, id, OffsetMarker::new(name.to_owned())));
    let signs = wanted.into_iter().zip(1..).map(|(c, glyph)| (c, GlyphId::new(glyph)));
    let mut font = FontBuilder::new();
    font.add_table(&head).unwrap();
    font.add_table(&hhea).unwrap();
    font.add_table(&Maxp { num_glyphs: count, ..maxp() }).unwrap();
    font.add_table(&Hmtx::new(widths, Vec::new())).unwrap();
    font.add_table(&Cmap::from_mappings(signs).unwrap()).unwrap();
    font.add_table(&Name::new(names.to_vec())).unwrap();
    font.add_table(&Os2::default()).unwrap();
    font.add_table(&Post::default()).unwrap();
    font.add_table(&glyf).unwrap();
    font.add_table(&loca).unwrap();
    font.build()
}

/// What version 1.0 has beside the number of glyphs.
fn maxp() -> Maxp {
    Maxp {
        max_points: Some(4),
        max_contours: Some(1),
        max_composite_points: Some(0),
        max_composite_contours: Some(0),
        max_zones: Some(2),
        max_twilight_points: Some(0),
        max_storage: Some(0),
        max_function_defs: Some(0),
        max_instruction_defs: Some(0),
        max_stack_elements: Some(0),
        max_size_of_instructions: Some(0),
        max_component_elements: Some(0),
        max_component_depth: Some(0),
        ..Maxp::default()
    }
}
