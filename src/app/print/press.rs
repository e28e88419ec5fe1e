//! Draws pages of marks into a document: vectors and text, no picture.

use krilla::Document;
use krilla::color::rgb::Color;
use krilla::geom::{Path, PathBuilder, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

use super::font::Face;
use super::pen::Pen;
use crate::domain::paper::{Block, Ink, Mark, PAGE, lay_out};
use crate::error::{Error, Result};

/// Lays blocks out on A4 and draws them; `foot` stands at the bottom of every page. Slow: reads a
/// font. Fails with `internal` when the font cannot be used.
pub fn print(face: &Face, title: &str, blocks: &[Block], foot: &str) -> Result<Vec<u8>> {
    let broken = || Error::internal("a font that was read cannot be used");
    let pen = Pen::new(face).ok_or_else(broken)?;
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(title.to_owned()).language("zh-CN".to_owned()));
    for marks in lay_out(blocks, foot, &|c| pen.em(c)) {
        let page = PageSettings::from_wh(PAGE.0, PAGE.1);
        let mut page = document.start_page_with(page.ok_or_else(|| Error::internal("A4"))?);
        let mut surface = page.surface();
        for mark in &marks {
            draw(&mut surface, &pen, mark);
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|why| Error::internal(format!("{why:?}")))
}

const fn color(ink: Ink) -> (u8, u8, u8) {
    match ink {
        Ink::Black => (20, 20, 20),
        Ink::Grey => (110, 110, 110),
        Ink::Line => (170, 170, 170),
        Ink::Pale => (238, 241, 245),
        Ink::White => (255, 255, 255),
        Ink::Red => (192, 28, 28),
        Ink::Blue => (38, 84, 148),
        Ink::Orange => (214, 122, 30),
    }
}

fn paint(ink: Ink) -> Color {
    let (red, green, blue) = color(ink);
    Color::new(red, green, blue)
}

fn fill(surface: &mut Surface<'_>, ink: Ink) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: paint(ink).into(), ..Fill::default() }));
}

fn stroke(surface: &mut Surface<'_>, ink: Ink, width: f32) {
    surface.set_stroke(Some(Stroke { paint: paint(ink).into(), width, ..Stroke::default() }));
}

fn path(points: &[(f32, f32)]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (at, point) in points.iter().enumerate() {
        if at == 0 {
            path.move_to(point.0, point.1);
        } else {
            path.line_to(point.0, point.1);
        }
    }
    path.finish()
}

fn draw(surface: &mut Surface<'_>, pen: &Pen<'_>, mark: &Mark) {
    match mark {
        Mark::Text { at, size, ink, bold, text } => {
            fill(surface, *ink);
            if *bold {
                // A second weight would be a second font of twenty megabytes.
                stroke(surface, *ink, size / 32.0);
            }
            pen.write(surface, text, *at, *size);
        }
        Mark::Line { points, width, ink } => {
            surface.set_fill(None);
            stroke(surface, *ink, *width);
            if let Some(path) = path(points) {
                surface.draw_path(&path);
            }
        }
        Mark::Area { at, size, ink } => {
            fill(surface, *ink);
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(at.0, at.1, size.0, size.1) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}
