//! Lays codes out on A4: six on a page, each with the building's name, to be cut along the lines.

use krilla::Document;
use krilla::color::luma;
use krilla::geom::{PathBuilder, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

use crate::app::print::font::Face;
use crate::app::print::pen::Pen;
use crate::error::{Error, Result};

/// Below every code.
pub const CAPTION: &str = "微信扫一扫，反映身边的问题";

/// Points, 1/72 inch.
const PAGE: (f32, f32) = (595.28, 841.89);
const CELL: (f32, f32) = (PAGE.0 / 2.0, PAGE.1 / 3.0);
/// Upper left corners of the cells in reading order.
const CELLS: [(f32, f32); 6] = [
    (0.0, 0.0),
    (CELL.0, 0.0),
    (0.0, CELL.1),
    (CELL.0, CELL.1),
    (0.0, CELL.1 * 2.0),
    (CELL.0, CELL.1 * 2.0),
];
/// 62 mm.
const CODE: f32 = 176.0;
const ABOVE: f32 = 18.0;
/// Widest line of text.
const LINE: f32 = CELL.0 - 36.0;

/// A building's name and the picture of its code, PNG or JPEG.
pub struct Label {
    pub name: String,
    pub image: Vec<u8>,
}

/// Writes the document. Fails with `internal` when a picture is none.
pub fn print(face: &Face, title: &str, labels: Vec<Label>) -> Result<Vec<u8>> {
    let pen =
        Pen::new(face).ok_or_else(|| Error::internal("a font that was read cannot be used"))?;
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(format!("{title} 楼栋码")));
    let mut labels = labels.into_iter().peekable();
    while labels.peek().is_some() {
        let page = PageSettings::from_wh(PAGE.0, PAGE.1);
        let mut page = document.start_page_with(page.ok_or_else(|| Error::internal("A4"))?);
        let mut surface = page.surface();
        lines(&mut surface);
        for (corner, label) in CELLS.into_iter().zip(labels.by_ref()) {
            cell(&mut surface, &pen, corner, title, label)?;
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|why| Error::internal(format!("{why:?}")))
}

/// Draws the lines to cut along.
fn lines(surface: &mut Surface<'_>) {
    let mut path = PathBuilder::new();
    for (from, to) in [
        ((CELL.0, 0.0), (CELL.0, PAGE.1)),
        ((0.0, CELL.1), (PAGE.0, CELL.1)),
        ((0.0, CELL.1 * 2.0), (PAGE.0, CELL.1 * 2.0)),
    ] {
        path.move_to(from.0, from.1);
        path.line_to(to.0, to.1);
    }
    let grey = Stroke { paint: luma::Color::new(180).into(), width: 0.5, ..Stroke::default() };
    surface.set_fill(None);
    surface.set_stroke(Some(grey));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
    surface.set_stroke(None);
    surface.set_fill(Some(Fill::default()));
}

fn cell(
    surface: &mut Surface<'_>,
    pen: &Pen<'_>,
    (left, top): (f32, f32),
    compound: &str,
    label: Label,
) -> Result<()> {
    let png = label.image.starts_with(b"\x89PNG");
    let data = label.image.into();
    let image = if png { Image::from_png(data, false) } else { Image::from_jpeg(data, false) };
    let size = Size::from_wh(CODE, CODE).ok_or_else(|| Error::internal("the size of a code"))?;
    let middle = left + CELL.0 / 2.0;
    surface.push_transform(&Transform::from_translate(middle - CODE / 2.0, top + ABOVE));
    surface.draw_image(image.map_err(Error::internal)?, size);
    surface.pop();
    let below = top + ABOVE + CODE;
    write(surface, pen, compound, (middle, below + 22.0), 15.0);
    write(surface, pen, &label.name, (middle, below + 48.0), 24.0);
    write(surface, pen, CAPTION, (middle, below + 70.0), 11.0);
    Ok(())
}

/// Writes a line around its middle, at `size` points or as small as it must be to fit.
fn write(
    surface: &mut Surface<'_>,
    pen: &Pen<'_>,
    text: &str,
    (middle, base): (f32, f32),
    size: f32,
) {
    let wide = pen.width(text);
    let size = if wide * size > LINE { LINE / wide } else { size };
    pen.write(surface, text, (middle - wide * size / 2.0, base), size);
}
