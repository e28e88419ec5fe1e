//! The answer as the caller gets it: a route, a question with its buttons, a refusal.

use super::choice;
use super::mention::{Claim, Mention, Rank};
use super::position::{Fix, weigh};
use super::{
    Action, Answer, Candidate, Field, Index, Place, Question, Rejection, Resolution, spot,
};
use crate::domain::gazetteer::GridRef;

/// More buttons than these nobody reads.
const MOST_ANSWERS: usize = 5;

pub(super) fn route(
    index: &Index,
    grid: GridRef,
    p: f64,
    found: Mention,
    decided: Option<&str>,
) -> Resolution {
    let by = decided.map_or_else(|| found.source.to_owned(), |d| format!("{}，{d}", found.source));
    Resolution {
        action: Action::Route,
        grid: Some(grid),
        community: index.community_of(grid),
        confidence: p,
        candidates: vec![Candidate { grid, p, spot: spot::of(index, &found, grid) }],
        reason: format!("{} → {}：{by}", found.title, index.grid_name(grid)),
        ..blank(Some(found.place))
    }
}

pub(super) fn large(index: &Index, found: Mention, fix: Option<Fix>) -> Resolution {
    let candidates = shares(index, &found, fix);
    let community = found.claims.first().and_then(|c| index.community_of(c.grid));
    Resolution {
        action: Action::RouteLarge,
        community,
        confidence: candidates.first().map_or(0.0, |c| c.p),
        candidates,
        reason: format!("{} → 大网格：只写到社区", found.title),
        ..blank(Some(found.place))
    }
}

pub(super) fn ask(index: &Index, found: Mention, fix: Option<Fix>) -> Resolution {
    let candidates = shares(index, &found, fix);
    let answers = answers(index, &found.claims, &found.title);
    let text = match found.rank {
        _ if (2..=3).contains(&answers.len()) && !found.beyond => {
            let labels: Vec<_> = answers.iter().map(|a| a.label.as_str()).collect();
            format!("请问{}是{}？", found.title, labels.join("还是"))
        }
        _ if found.beyond => format!("{}没有查到，请核对号码", found.title),
        Rank::Compound => format!("请问在{}几号楼？", found.title),
        Rank::Village => format!("请问在{}几组？", found.title),
        Rank::Crossing => format!("请问在{}的哪个角？", found.title),
        Rank::Road => format!("请问在{}多少号附近？", found.title),
        _ => format!("请问是哪一个“{}”？", found.title),
    };
    let communities: Vec<_> = candidates.iter().map(|c| index.community_of(c.grid)).collect();
    let same = communities
        .first()
        .copied()
        .flatten()
        .filter(|c| communities.iter().all(|o| *o == Some(*c)));
    Resolution {
        action: Action::Ask,
        community: same,
        confidence: candidates.first().map_or(0.0, |c| c.p),
        reason: format!("{} → 分属几个网格，需要补充", found.title),
        candidates,
        question: Some(Question { text, answers }),
        ..blank(Some(found.place))
    }
}

pub(super) fn between(index: &Index, all: &[Mention], fix: Option<Fix>) -> Resolution {
    let mut answers: Vec<Answer> = Vec::new();
    for found in all {
        for claim in &found.claims {
            if !answers.iter().any(|a| a.grid == claim.grid) {
                answers.push(Answer { label: found.title.clone(), grid: claim.grid });
            }
        }
    }
    let titles: Vec<_> = all.iter().map(|m| m.title.as_str()).collect();
    let mut found = Mention::new(Rank::Shop, (0, 0), titles.join("、"), "多处地名");
    found.claims = all.iter().rev().flat_map(|m| m.claims.iter().copied()).collect();
    let unclear = |a: &Answer| answers.iter().any(|o| o.label == a.label && o.grid != a.grid);
    if answers.len() > MOST_ANSWERS || answers.iter().any(unclear) {
        answers.clear();
    }
    let text = format!("请问问题在哪里：{}？", titles.join("，还是"));
    Resolution {
        reason: format!("写了几处地方：{}", titles.join("、")),
        question: Some(Question { text, answers }),
        ..ask(index, found, fix)
    }
}

/// Returns one tap for each grid, when few words separate them.
fn answers(index: &Index, claims: &[Claim], title: &str) -> Vec<Answer> {
    if let Some(choices) = choice::by_numbers(index, claims).filter(|c| c.len() <= MOST_ANSWERS) {
        return choices;
    }
    if claims.len() > MOST_ANSWERS + 3 {
        return Vec::new();
    }
    let mut answers: Vec<Answer> = Vec::new();
    for claim in claims {
        let label = index.label(claim, title);
        match answers.iter().find(|a| a.label == label || a.grid == claim.grid) {
            Some(known) if known.grid == claim.grid => {}
            Some(_) => return Vec::new(),
            None => answers.push(Answer { label, grid: claim.grid }),
        }
    }
    if answers.len() > MOST_ANSWERS { Vec::new() } else { answers }
}

/// Shares the probability among the grids; at most five.
fn shares(index: &Index, found: &Mention, fix: Option<Fix>) -> Vec<Candidate> {
    // Asking about a single grid says that it is in doubt.
    let doubt = if found.grids().len() == 1 { DOUBTED } else { 1.0 };
    let all = weigh(index, found, fix).into_iter().take(5);
    all.map(|(grid, p)| Candidate { grid, p: p * doubt, spot: spot::of(index, found, grid) })
        .collect()
}

/// How often the only grid of a doubtful reading is right.
const DOUBTED: f64 = 0.8;

pub(super) fn open(reason: String, question: String) -> Resolution {
    let question = Some(Question { text: question, answers: Vec::new() });
    Resolution { action: Action::Ask, reason, question, ..blank(None) }
}

pub(super) fn reject(why: Rejection, reason: String) -> Resolution {
    Resolution { action: Action::Reject(why), reason, ..blank(None) }
}

fn blank(place: Option<Place>) -> Resolution {
    Resolution {
        action: Action::Ask,
        grid: None,
        community: None,
        place,
        confidence: 0.0,
        candidates: Vec::new(),
        spans: Vec::new(),
        read_from: Field::Text,
        reason: String::new(),
        question: None,
    }
}
