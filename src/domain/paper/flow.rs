//! Lays blocks out from page to page.

use super::{Block, Em, Ink, Mark, Matrix, PAGE, Page, chart, span, table, wrap};

/// Where words stand: left, top, right, bottom.
pub(super) const FRAME: (f32, f32, f32, f32) = (62.0, 62.0, PAGE.0 - 62.0, PAGE.1 - 66.0);
/// Width of a line of words.
pub(super) const WIDE: f32 = FRAME.2 - FRAME.0;

/// Pages being filled.
pub(super) struct Flow<'a> {
    pub em: Em<'a>,
    pages: Vec<Page>,
    page: Page,
    /// What of the page is used, from its top.
    pub y: f32,
}

/// Lays blocks out; `foot` stands below every page beside its number.
pub fn lay_out(blocks: &[Block], foot: &str, em: Em<'_>) -> Vec<Page> {
    let mut flow = Flow { em, pages: Vec::new(), page: Vec::new(), y: FRAME.1 };
    for block in blocks {
        flow.put(block);
    }
    flow.finish(foot)
}

impl Flow<'_> {
    fn put(&mut self, block: &Block) {
        match block {
            Block::Title(words) => self.title(words),
            Block::Under(words) => self.under(words),
            Block::Heading(words) => self.heading(words),
            Block::Paragraph(words) => {
                self.words(words, (11.0, 19.0), (Ink::Black, 2.0));
                self.y += 3.0;
            }
            Block::Note(words) => {
                self.words(words, (8.5, 13.0), (Ink::Grey, 0.0));
                self.y += 4.0;
            }
            Block::Table(one) => table::put(self, one),
            Block::Bars(bars) => chart::bars(self, bars),
            Block::Curves(curves) => chart::curves(self, curves),
            Block::Code { lines, matrix } => self.code(lines, matrix),
            Block::Signatures(names) => self.signatures(names),
        }
    }

    /// Makes sure that so much fits on the page.
    pub fn need(&mut self, height: f32) {
        if self.y + height > FRAME.3 && self.y > FRAME.1 {
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.pages.push(std::mem::take(&mut self.page));
        self.y = FRAME.1;
    }

    /// Adds a mark to the page.
    pub fn mark(&mut self, mark: Mark) {
        self.page.push(mark);
    }

    /// How wide a text is at a size.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(self.em).sum::<f32>() * size
    }

    /// Writes a line of text.
    pub fn text(&mut self, text: &str, at: (f32, f32), (size, ink): (f32, Ink)) {
        self.mark(Mark::Text { at, size, ink, bold: false, text: text.to_owned() });
    }

    /// Writes a line of bold text.
    pub fn bold(&mut self, text: &str, at: (f32, f32), (size, ink): (f32, Ink)) {
        self.mark(Mark::Text { at, size, ink, bold: true, text: text.to_owned() });
    }

    /// A line straight across.
    pub fn across(&mut self, y: f32, (width, ink): (f32, Ink)) {
        let points = vec![(FRAME.0, y), (FRAME.2, y)];
        self.mark(Mark::Line { points, width, ink });
    }

    fn title(&mut self, words: &str) {
        let size = (WIDE / self.width(words, 1.0).max(1.0)).min(25.0);
        self.y += 30.0;
        let left = FRAME.0 + (WIDE - self.width(words, size)) / 2.0;
        self.bold(words, (left, self.y), (size, Ink::Red));
        self.y += 16.0;
    }

    fn under(&mut self, words: &str) {
        let size = (WIDE / self.width(words, 1.0).max(1.0)).min(11.0);
        self.y += 12.0;
        let left = FRAME.0 + (WIDE - self.width(words, size)) / 2.0;
        self.text(words, (left, self.y), (size, Ink::Black));
        self.y += 10.0;
        self.across(self.y, (1.6, Ink::Red));
        self.across(self.y + 2.6, (0.5, Ink::Red));
        self.y += 10.0;
    }

    /// A heading never stands alone at the bottom.
    fn heading(&mut self, words: &str) {
        self.need(96.0);
        self.y += 24.0;
        self.bold(words, (FRAME.0, self.y), (13.0, Ink::Black));
        self.y += 7.0;
    }

    fn words(&mut self, words: &str, (size, line): (f32, f32), (ink, indent): (Ink, f32)) {
        for (at, text) in wrap(words, (WIDE / size, indent), self.em).into_iter().enumerate() {
            self.need(line);
            let left = if at == 0 { FRAME.0 + indent * size } else { FRAME.0 };
            self.y += line;
            self.text(&text, (left, self.y - line * 0.28), (size, ink));
        }
    }

    fn code(&mut self, lines: &[String], matrix: &Matrix) {
        const SIDE: f32 = 92.0;
        self.need(SIDE + 16.0);
        self.y += 12.0;
        let (left, top) = (FRAME.2 - SIDE, self.y);
        let cell = SIDE / span(matrix.0.len().max(1));
        for (row, cells) in matrix.0.iter().enumerate() {
            for (column, _) in cells.iter().enumerate().filter(|(_, dark)| **dark) {
                let at = (left + cell * span(column), top + cell * span(row));
                // A little over the edge: readers of paper see no seams between squares.
                let size = (cell + 0.05, cell + 0.05);
                self.mark(Mark::Area { at, size, ink: Ink::Black });
            }
        }
        let mut base = top + 10.0;
        for line in lines {
            for text in wrap(line, ((WIDE - SIDE - 16.0) / 8.5, 0.0), self.em) {
                self.text(&text, (FRAME.0, base), (8.5, Ink::Grey));
                base += 13.0;
            }
        }
        self.y = (top + SIDE + 4.0).max(base);
    }

    fn signatures(&mut self, names: &[String]) {
        self.need(56.0);
        self.y += 40.0;
        let part = WIDE / span(names.len().max(1));
        for (at, name) in names.iter().enumerate() {
            let left = FRAME.0 + part * span(at);
            self.text(name, (left, self.y), (11.0, Ink::Black));
            let from = left + self.width(name, 11.0) + 3.0;
            let points = vec![(from, self.y + 2.0), (left + part - 12.0, self.y + 2.0)];
            if from < left + part - 24.0 {
                self.mark(Mark::Line { points, width: 0.6, ink: Ink::Black });
            }
        }
        self.y += 12.0;
    }

    fn finish(mut self, foot: &str) -> Vec<Page> {
        self.turn();
        let mut pages = std::mem::take(&mut self.pages);
        let count = pages.len();
        for (at, page) in pages.iter_mut().enumerate() {
            std::mem::swap(&mut self.page, page);
            let y = FRAME.3 + 24.0;
            self.across(y - 12.0, (0.5, Ink::Line));
            self.text(foot, (FRAME.0, y), (8.0, Ink::Grey));
            let number = format!("第{}页，共{count}页", at + 1);
            let left = FRAME.2 - self.width(&number, 8.0);
            self.text(&number, (left, y), (8.0, Ink::Grey));
            std::mem::swap(&mut self.page, page);
        }
        pages
    }
}
