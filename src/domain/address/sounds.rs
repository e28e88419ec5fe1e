//! What characters sound and look like: syllables without tone, look-alikes, traditional forms.
//!
//! The tables are data files with their source in the first line, read once. A character outside
//! them has no sound; it can still be typed right. Cost of a lookup: one memory access.

use std::collections::HashMap;
use std::sync::LazyLock;

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);

/// A syllable without tone, 0 for none; equal numbers sound the same.
pub(super) type Sound = u16;
/// Syllables that are easily confused, 0 for none; Latin letters and digits are their own families.
pub(super) type Family = u16;

/// First code point of the tables.
const FIRST: u32 = 0x4e00;
/// Number of code points of the tables: the unified ideographs.
const COUNT: usize = 0x5200;

/// What is known of one character.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Voice {
    /// The usual reading and the other one.
    pub(super) sounds: [Sound; 2],
    pub(super) families: [Family; 2],
}

struct Tables {
    voices: Vec<Voice>,
    /// The simplified form, where it is another character.
    simple: Vec<char>,
    families: Vec<Family>,
    syllables: HashMap<String, Sound>,
    /// Look-alikes after it in code order, by character.
    alike: Vec<Box<[char]>>,
    count: Family,
}

impl Tables {
    fn read() -> Self {
        let mut tables = Self {
            voices: vec![Voice::default(); COUNT],
            simple: vec!['\0'; COUNT],
            families: vec![0],
            syllables: HashMap::new(),
            alike: vec![Box::default(); COUNT],
            count: 0,
        };
        tables.read_sounds(include_str!("data/sounds.txt"));
        for pair in lines(include_str!("data/traditional.txt")).flat_map(str::split_whitespace) {
            let mut both = pair.chars();
            if let (Some(old), Some(new)) = (both.next(), both.next())
                && let Some(slot) = index(old).and_then(|i| tables.simple.get_mut(i))
            {
                *slot = new;
            }
        }
        for group in lines(include_str!("data/alike.txt")) {
            let mut chars = group.chars();
            if let Some(slot) = chars.next().and_then(index).and_then(|i| tables.alike.get_mut(i)) {
                *slot = chars.collect();
            }
        }
        tables
    }

    fn read_sounds(&mut self, file: &str) {
        let mut families: HashMap<String, Family> = HashMap::new();
        for (line, n) in lines(file).zip(1..) {
            let mut parts = line.split_whitespace();
            let Some(syllable) = parts.next() else { continue };
            self.syllables.insert(syllable.to_owned(), n);
            let family = *families.entry(family(syllable)).or_insert_with(|| {
                self.count += 1;
                self.count
            });
            self.families.push(family);
            let mut slot = 0;
            for part in parts {
                slot = if part == "/" { 1 } else { slot };
                part.chars().for_each(|c| self.give(c, slot, n, family));
            }
        }
    }

    fn give(&mut self, c: char, slot: usize, sound: Sound, family: Family) {
        let Some(voice) = index(c).and_then(|i| self.voices.get_mut(i)) else { return };
        let slots = (voice.sounds.get_mut(slot), voice.families.get_mut(slot));
        if let (Some(s), Some(f)) = slots {
            (*s, *f) = (sound, family);
        }
    }
}

fn lines(file: &str) -> impl Iterator<Item = &str> {
    file.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

fn index(c: char) -> Option<usize> {
    u32::from(c).checked_sub(FIRST).and_then(|i| usize::try_from(i).ok()).filter(|i| *i < COUNT)
}

/// Returns the spelling shared by syllables that are often confused: zh and z, n and l, f and h, ang and
/// an, huang and wang.
fn family(syllable: &str) -> String {
    let mut family = syllable.replacen("zh", "z", 1).replacen("ch", "c", 1).replacen("sh", "s", 1);
    if let Some(rest) = family.strip_prefix('n') {
        family = format!("l{rest}");
    }
    if let Some(rest) = family.strip_prefix('f') {
        family = format!("h{rest}");
    }
    if let Some(rest) = family.strip_prefix("huan") {
        family = format!("wan{rest}");
    }
    for (long, short) in [("ang", "an"), ("eng", "en"), ("ing", "in")] {
        if let Some(rest) = family.strip_suffix(long) {
            family = format!("{rest}{short}");
        }
    }
    family
}

/// Returns how a character is read.
pub(super) fn of(c: char) -> Voice {
    if let Some(i) = index(c) {
        return TABLES.voices.get(i).copied().unwrap_or_default();
    }
    let own = match c {
        '0'..='9' => u16::try_from(u32::from(c) - u32::from('0')).unwrap_or(0),
        'A'..='Z' => 10 + u16::try_from(u32::from(c) - u32::from('A')).unwrap_or(0),
        _ => return Voice::default(),
    };
    Voice { sounds: [0, 0], families: [TABLES.count + 1 + own, 0] }
}

/// Returns how a syllable that was typed out is read.
pub(super) fn spoken(sound: Sound) -> Voice {
    let family = TABLES.families.get(usize::from(sound)).copied().unwrap_or(0);
    Voice { sounds: [sound, 0], families: [family, 0] }
}

/// One more than the largest family.
pub(super) fn families() -> usize {
    usize::from(TABLES.count) + 37
}

/// Returns the simplified form.
pub(super) fn simple(c: char) -> char {
    index(c).and_then(|i| TABLES.simple.get(i)).copied().filter(|s| *s != '\0').unwrap_or(c)
}

/// Returns whether two characters look alike.
pub(super) fn alike(a: char, b: char) -> bool {
    let (first, second) = (a.min(b), a.max(b));
    index(first).and_then(|i| TABLES.alike.get(i)).is_some_and(|list| list.contains(&second))
}

/// Cuts a run of Latin letters into syllables: where each begins, and its sound. `None` when it is
/// not pinyin of two or more. The reading with the fewest syllables is taken.
pub(super) fn spelled(run: &str) -> Option<Vec<(usize, Sound)>> {
    let run = run.to_ascii_lowercase();
    // best[end]: fewest syllables that reach `end`, where the last begins, and its sound.
    let mut best: Vec<Option<(usize, usize, Sound)>> = vec![Some((0, 0, 0))];
    for end in 1..=run.len() {
        let ways = (end.saturating_sub(6)..end).filter_map(|start| {
            let (count, ..) = best.get(start).copied().flatten()?;
            let sound = TABLES.syllables.get(run.get(start..end)?)?;
            Some((count + 1, start, *sound))
        });
        let way = ways.min_by_key(|(count, ..)| *count);
        best.push(way);
    }
    let (mut cuts, mut end) = (Vec::new(), run.len());
    while end > 0 {
        let (_, start, sound) = best.get(end).copied().flatten()?;
        cuts.push((start, sound));
        end = start;
    }
    cuts.reverse();
    (cuts.len() >= 2).then_some(cuts)
}
