//! BM25 on character bigrams: what Elasticsearch or tantivy do with an n-gram analyser.

use std::collections::HashMap;

const K1: f64 = 1.2;
const B: f64 = 0.75;

type Bigram = (char, char);

/// An inverted index: for each bigram the documents that have it, with their weight.
pub struct Bm25 {
    postings: HashMap<Bigram, Vec<(usize, f64)>>,
    documents: usize,
}

fn bigrams(text: &str) -> impl Iterator<Item = Bigram> {
    text.chars().zip(text.chars().skip(1))
}

fn float(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

impl Bm25 {
    pub fn build<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Self {
        let documents = texts.clone().count();
        let letters: usize = texts.clone().map(|text| text.chars().count()).sum();
        let mean = float(letters) / float(documents.max(1));
        let mut counts: HashMap<Bigram, HashMap<usize, usize>> = HashMap::new();
        let mut lengths = Vec::new();
        for (text, document) in texts.zip(0..) {
            lengths.push(float(text.chars().count()));
            for bigram in bigrams(text) {
                *counts.entry(bigram).or_default().entry(document).or_default() += 1;
            }
        }
        let weigh = |(bigram, found): (Bigram, HashMap<usize, usize>)| {
            let rare = (float(documents) - float(found.len()) + 0.5) / (float(found.len()) + 0.5);
            let idf = (1.0 + rare).ln();
            let weight = |(document, count): (usize, usize)| {
                let long = lengths.get(document).copied().unwrap_or(mean) / mean;
                let count = float(count);
                (document, idf * count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * long)))
            };
            (bigram, found.into_iter().map(weight).collect())
        };
        Self { postings: counts.into_iter().map(weigh).collect(), documents }
    }

    /// Returns the best document with its score.
    pub fn best(&self, text: &str) -> Option<(usize, f64)> {
        let mut scores = vec![0.0; self.documents];
        for bigram in bigrams(text) {
            for (document, weight) in self.postings.get(&bigram).into_iter().flatten() {
                if let Some(score) = scores.get_mut(*document) {
                    *score += weight;
                }
            }
        }
        scores.into_iter().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))
    }
}
