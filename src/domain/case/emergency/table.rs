//! The table: `table.json`, read once.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use super::call::Call;
use super::sentence::Sentence;

/// The line that nobody needs who is not hurt.
const MEDICAL: &str = "120";

pub(super) type WordId = usize;

/// `table.json`. Lists of calls are written as `Call` says, everything else is words between `|`.
#[derive(Debug, Default, Deserialize)]
struct Written {
    groups: BTreeMap<String, String>,
    /// By number.
    calls: BTreeMap<String, Vec<String>>,
    /// Struck out before anything is read: what did not happen.
    void: String,
    /// Nobody is hurt: not for 120.
    unhurt: String,
    calm: Calm,
}

#[derive(Debug, Default, Deserialize)]
struct Calm {
    /// An application, a lesson, a repair: never an emergency.
    errand: Vec<String>,
    /// Over, feared or only said, unless a word of `now` stands in the sentence.
    elsewhen: Vec<String>,
    /// Struck out before `elsewhen` is looked for: they only look like it.
    mask: String,
    now: String,
}

/// Every word of the table once, under a number.
#[derive(Debug, Default)]
pub(super) struct Words {
    groups: BTreeMap<String, String>,
    ids: HashMap<String, WordId>,
    all: Vec<String>,
}

impl Words {
    /// Begins with the groups alone, whose words are numbered when a call names them.
    pub fn new(groups: BTreeMap<String, String>) -> Self {
        Self { groups, ..Self::default() }
    }

    /// Numbers words between `|`, those of groups among them.
    pub fn ids(&mut self, text: &str) -> Vec<WordId> {
        let group = |word: &str| word.strip_prefix('@').and_then(|name| self.groups.get(name));
        let words = text.split('|').map(|word| group(word).map_or(word, String::as_str));
        let text = words.collect::<Vec<_>>().join("|");
        text.split('|').filter(|word| !word.is_empty()).map(|word| self.id(word)).collect()
    }

    fn id(&mut self, word: &str) -> WordId {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = self.all.len();
        self.ids.insert(word.to_owned(), id);
        self.all.push(word.to_owned());
        id
    }
}

/// Finds all words in one pass over a sentence.
#[derive(Debug)]
pub(super) struct Finder {
    words: usize,
    all: Option<AhoCorasick>,
}

impl Finder {
    /// Takes all words that were numbered; those numbered later are found nowhere.
    pub fn new(words: Words) -> Self {
        Self { words: words.all.len(), all: AhoCorasick::new(words.all).ok() }
    }

    /// Looks through a sentence without blanks.
    pub fn read(&self, text: &str) -> Sentence {
        let found = self.all.iter().flat_map(|all| all.find_overlapping_iter(text));
        let found = found.map(|hit| (hit.pattern().as_usize(), hit.start(), hit.end()));
        Sentence::new(text, self.words, found)
    }
}

/// The table, ready to be asked.
#[derive(Debug)]
pub(super) struct Table {
    finder: Finder,
    calls: BTreeMap<String, Vec<Call>>,
    errand: Vec<Call>,
    elsewhen: Vec<Call>,
    now: Vec<WordId>,
    unhurt: Vec<WordId>,
    void: Vec<String>,
    mask: Vec<String>,
}

/// Part of the program; the tests below read it.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::new(serde_json::from_str(include_str!("table.json")).unwrap_or_default())
});

fn strike(text: &str, words: &[String]) -> String {
    words.iter().fold(text.to_owned(), |text, word| text.replace(word.as_str(), ""))
}

impl Table {
    fn new(written: Written) -> Self {
        let mut words = Words::new(written.groups);
        let mut read = |calls: Vec<String>| -> Vec<Call> {
            calls.iter().map(|call| Call::read(call, &mut words)).collect()
        };
        let calls = written.calls.into_iter().map(|(line, calls)| (line, read(calls))).collect();
        let (errand, elsewhen) = (read(written.calm.errand), read(written.calm.elsewhen));
        let (now, unhurt) = (words.ids(&written.calm.now), words.ids(&written.unhurt));
        let list = |text: &str| text.split('|').map(str::to_owned).collect();
        let (void, mask) = (list(&written.void), list(&written.calm.mask));
        Self { finder: Finder::new(words), calls, errand, elsewhen, now, unhurt, void, mask }
    }

    /// Lists the numbers that a sentence without blanks calls for.
    pub fn called(&self, text: &str) -> Vec<&str> {
        let whole = self.finder.read(text);
        if self.is_calm(text, &whole) {
            return Vec::new();
        }
        let unhurt = whole.has(&self.unhurt);
        let sentence = self.finder.read(&strike(text, &self.void));
        let called = |(line, calls): &(&String, &Vec<Call>)| {
            !(unhurt && line.as_str() == MEDICAL) && calls.iter().any(|one| one.is_in(&sentence))
        };
        self.calls.iter().filter(called).map(|(line, _)| line.as_str()).collect()
    }

    fn is_calm(&self, text: &str, whole: &Sentence) -> bool {
        if self.errand.iter().any(|one| one.is_in(whole)) {
            return true;
        }
        let bare = self.finder.read(&strike(text, &self.mask));
        self.elsewhen.iter().any(|one| one.is_in(&bare)) && !bare.has(&self.now)
    }
}
