//! What one `App` logged, on whatever thread.
//!
//! The log belongs to the thread that started the `App`; the kit's runtime and the server's
//! workers adopt it, so that tests side by side in one process never see each other's lines.

use std::fmt::{Debug, Write};
use std::sync::{Arc, LazyLock, Mutex};

use tracing::field::{Field, Visit};
use tracing::{Dispatch, Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// While there is one listener only, `tracing` asks the thread that comes first to a place in the
/// program whether anybody listens there, and keeps the answer: the thread of another test says no.
/// With a second one it asks all of them.
static NOT_ALONE: LazyLock<Dispatch> =
    LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub level: Level,
    /// Message first, then `name=value` of every field.
    pub text: String,
}

#[derive(Clone, Default)]
pub struct Logs {
    lines: Arc<Mutex<Vec<Line>>>,
    declared: Arc<Mutex<Vec<String>>>,
}

impl Logs {
    /// Makes the calling thread log here while the guard lives.
    pub fn listen(&self) -> tracing::subscriber::DefaultGuard {
        LazyLock::force(&NOT_ALONE);
        tracing::subscriber::set_default(tracing_subscriber::registry().with(self.clone()))
    }

    /// Says that warnings and errors with these words are part of the test.
    pub fn declare(&self, words: &str) {
        self.declared.lock().unwrap().push(words.to_owned());
    }

    /// Lists everything logged so far, INFO and louder.
    pub fn lines(&self) -> Vec<Line> {
        self.lines.lock().unwrap().clone()
    }

    /// Lists warnings and errors nobody declared.
    pub fn undeclared(&self) -> Vec<Line> {
        let declared = self.declared.lock().unwrap();
        let mut lines = self.lines();
        lines.retain(|line| line.level <= Level::WARN);
        lines.retain(|line| !declared.iter().any(|words| line.text.contains(words.as_str())));
        lines
    }
}

impl<S: Subscriber> Layer<S> for Logs {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let level = *event.metadata().level();
        if level > Level::INFO {
            return;
        }
        let mut text = Words(String::new());
        event.record(&mut text);
        self.lines.lock().unwrap().push(Line { level, text: text.0 });
    }
}

struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let wrote = match field.name() {
            "message" => write!(self.0, "{value:?} "),
            name => write!(self.0, "{name}={value:?} "),
        };
        wrote.unwrap();
    }
}
