//! Snapshots: where they lie, what is left out of them, and how a change is accepted.
//!
//! A snapshot that differs fails its test and prints the difference; `make test` never writes one.

/// Shown with every difference.
const HOW: &str = "wanted? accept it with: INSTA_UPDATE=always cargo test --test it";

/// What differs from run to run: chance, and what the runner measured.
const VARIES: [(&str, &str); 3] = [
    (".**.trace_id", "[trace id]"),
    (".**.hash", "[hash of a random salt]"),
    (".**.refresh_token", "[refresh token]"),
];

/// Compares a value with the stored snapshot of this name, beside the calling file.
macro_rules! matches_snapshot {
    ($name:expr, $value:expr) => {{
        let (name, value) = ($name, $value);
        crate::kit::snap::settings().bind(|| insta::assert_json_snapshot!(name, value));
    }};
}

pub(crate) use matches_snapshot;

/// How every snapshot of these tests is made.
pub fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_description(HOW);
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    for (selector, word) in VARIES {
        settings.add_redaction(selector, word);
    }
    settings
}
