//! What a list shows of personal data before somebody states a purpose.
//!
//! Masks are for eyes, not for search: they lose information for good. When in doubt they hide
//! more: an unusual text is hidden whole rather than shown whole.

/// Hides the middle of a telephone number: `138****5678`. A text too short for that is hidden.
pub fn mask_phone(phone: &str) -> String {
    let chars: Vec<char> = phone.chars().collect();
    match (chars.first_chunk::<3>(), chars.last_chunk::<4>()) {
        (Some(head), Some(tail)) if chars.len() >= 11 => {
            format!("{}****{}", String::from_iter(head), String::from_iter(tail))
        }
        _ => "*".repeat(chars.len()),
    }
}

/// Keeps the first character of a name: `张**`. A single character is hidden.
pub fn mask_name(name: &str) -> String {
    let mut chars = name.trim().chars();
    match (chars.next(), chars.count()) {
        (None, _) => String::new(),
        (Some(_), 0) => "*".to_owned(),
        (Some(first), hidden) => format!("{first}{}", "*".repeat(hidden)),
    }
}

/// Hides every number but the building's own and leaves the words: `阳光花园3号楼*单元没水了`. For
/// lists of free text, by whose words somebody picks a case.
pub fn mask_numbers(text: &str) -> String {
    let (kept, rest) = text.split_at(building_end(text).unwrap_or(0));
    hide_earlier_numbers(kept) + &hidden_numbers(rest)
}

/// Units and floors have no more digits; rooms, telephones and identity cards do.
const LONGEST_UNIT: usize = 2;

/// Hides rooms, telephones and other long numbers and keeps building, unit and floor, for whoever goes
/// there: `3号楼2单元***，电话***********`.
pub fn mask_rooms(text: &str) -> String {
    let (kept, rest) = text.split_at(building_end(text).unwrap_or(0));
    let mut shown = hide_earlier_numbers(kept);
    // Numbers that blanks or dashes cut into short pieces are still one.
    let glue = |c: char| matches!(c, '-' | '－' | ' ');
    let mut rest = rest;
    while let Some(at) = rest.find(char::is_numeric) {
        let (words, numbers) = rest.split_at(at);
        let end = numbers.find(|c: char| !c.is_numeric() && !glue(c)).unwrap_or(numbers.len());
        let (run, after) = numbers.split_at(end);
        let long = run.chars().filter(|c| c.is_numeric()).count() > LONGEST_UNIT;
        shown.push_str(words);
        shown.push_str(&if long { hidden_numbers(run) } else { run.to_owned() });
        rest = after;
    }
    shown + rest
}

fn hidden_numbers(text: &str) -> String {
    text.chars().map(|c| if c.is_numeric() { '*' } else { c }).collect()
}

const BUILDINGS: [&str; 4] = ["号楼", "栋", "幢", "座"];
const KEPT: usize = 6;

/// Keeps an address up to its building and hides unit, floor and room: `阳光花园3号楼…`. Without
/// a building it keeps at most six characters, and none from the first digit on.
pub fn mask_address(address: &str) -> String {
    let address = address.trim();
    let Some(end) = building_end(address) else { return mask_unplaced(address) };
    let (kept, rest) = address.split_at(end);
    format!("{}{}", hide_earlier_numbers(kept), if rest.is_empty() { "" } else { "…" })
}

fn building_end(address: &str) -> Option<usize> {
    BUILDINGS.iter().filter_map(|word| address.find(word).map(|at| at + word.len())).min()
}

fn mask_unplaced(address: &str) -> String {
    let kept: String = address.chars().take(KEPT).take_while(|c| !c.is_numeric()).collect();
    if kept.len() == address.len() { kept } else { format!("{kept}…") }
}

/// A number that is not the building's own may be a room written first ("501室，3号楼").
fn hide_earlier_numbers(kept: &str) -> String {
    let is_own = |c: char| c.is_ascii_alphanumeric() || "号楼栋幢座".contains(c);
    let own = kept.trim_end_matches(is_own).len();
    let (before, own) = kept.split_at(own);
    hidden_numbers(before) + own
}
