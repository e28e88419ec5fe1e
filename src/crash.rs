//! Places at which a test ends or holds this process, as a power cut or a slow machine would.
//!
//! Every function is empty in a build without debug assertions, and `[faults]`, which arms them, is
//! an unknown section of its configuration. Knows only std, so that a test can compile it alone and
//! look.

/// Ends the process when a test asked for it here.
#[cfg(debug_assertions)]
pub fn point(place: &str) {
    armed::reach(place, None);
}

/// Ends the process when a test asked for it here, for this row or for any.
#[cfg(debug_assertions)]
pub fn point_of(place: &str, id: i64) {
    armed::reach(place, Some(id));
}

/// Waits here for something when a test asked for it.
#[cfg(debug_assertions)]
pub async fn hold(place: &str, until: impl Future<Output = ()>) {
    if armed::holds(place) {
        until.await;
    }
}

/// Arms places, once for the whole process: `place`, `place:3` (the third time), `place#17` (for
/// one row), `place~` (hold); several with commas. Fails with the part that makes no sense.
#[cfg(debug_assertions)]
pub fn arm(plan: &str) -> Result<(), String> {
    armed::arm(plan)
}

/// Tells whether a plan makes sense; fails with the part that does not.
#[cfg(debug_assertions)]
pub fn check(plan: &str) -> Result<(), String> {
    armed::parse(plan).map(|_good| ())
}

#[cfg(not(debug_assertions))]
pub const fn point(_place: &str) {}

#[cfg(not(debug_assertions))]
pub const fn point_of(_place: &str, _id: i64) {}

#[cfg(not(debug_assertions))]
pub async fn hold(_place: &str, _until: impl Future<Output = ()>) {}

#[cfg(debug_assertions)]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[derive(Debug)]
    pub struct Trap {
        place: String,
        act: Act,
        seen: AtomicU32,
    }

    #[derive(Debug, PartialEq, Eq)]
    enum Act {
        /// At the so-manieth time.
        Time(u32),
        /// Whenever this row comes by.
        Row(i64),
        Hold,
    }

    static PLAN: OnceLock<Vec<Trap>> = OnceLock::new();

    pub fn arm(plan: &str) -> Result<(), String> {
        let traps = parse(plan)?;
        if !traps.is_empty() {
            // A second program of the same process lives with what the first was asked for.
            let _before = PLAN.set(traps);
        }
        Ok(())
    }

    pub fn parse(plan: &str) -> Result<Vec<Trap>, String> {
        plan.split(',').map(str::trim).filter(|part| !part.is_empty()).map(trap).collect()
    }

    fn trap(part: &str) -> Result<Trap, String> {
        let bad = |_why| part.to_owned();
        let (place, act) = if let Some(place) = part.strip_suffix('~') {
            (place, Act::Hold)
        } else if let Some((place, id)) = part.split_once('#') {
            (place, Act::Row(id.parse().map_err(bad)?))
        } else if let Some((place, time)) = part.split_once(':') {
            (place, Act::Time(time.parse().map_err(bad)?))
        } else {
            (part, Act::Time(1))
        };
        Ok(Trap { place: place.to_owned(), act, seen: AtomicU32::new(0) })
    }

    fn at(place: &str) -> impl Iterator<Item = &'static Trap> {
        PLAN.get().into_iter().flatten().filter(move |trap| trap.place == place)
    }

    pub fn holds(place: &str) -> bool {
        at(place).any(|trap| trap.act == Act::Hold)
    }

    pub fn reach(place: &str, id: Option<i64>) {
        let ends = at(place).any(|trap| match trap.act {
            Act::Time(time) => trap.seen.fetch_add(1, Ordering::SeqCst) + 1 == time,
            Act::Row(row) => id == Some(row),
            Act::Hold => false,
        });
        if ends {
            eprintln!("crash point {place}: the process ends here");
            std::process::abort();
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_plan_is_read_part_by_part_and_nonsense_is_named() {
            let read = parse(" a.b, c:3,d#17 ,e~,").unwrap();
            let acts: Vec<_> = read.iter().map(|one| (one.place.as_str(), &one.act)).collect();
            let wanted = [
                ("a.b", &Act::Time(1)),
                ("c", &Act::Time(3)),
                ("d", &Act::Row(17)),
                ("e", &Act::Hold),
            ];
            assert_eq!(acts, wanted);
            assert_eq!(parse("a,b:x").unwrap_err(), "b:x");
            assert_eq!(parse("b#").unwrap_err(), "b#");
            assert!(parse("").unwrap().is_empty());
        }
    }
}
