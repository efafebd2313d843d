//! Makes data/words/letters.tsv: how much letters in a row speak for a name.
//!
//!     cargo run --release --example letters -- [OUT]
//!
//! From the words of names and places that the package ships against the words of its clusters that are neither, by
//! logistic regression (stochastic gradients, AdaGrad, weights pulled to zero); one word of ten is kept out, and the
//! area under the curve on those is told. The same lists give the same file. The tagger's
//! weights rest on it: make it again together with them (`make train`), not with each new name in a list.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use marsad::data::{self, Table};
use marsad::lexicon::Lexicon;
use marsad::normalize::Normalizer;
use marsad::token::clitic::Clitics;
use marsad::token::{self, Kind};
use marsad::words::letter::{UNIT, rows};

const ROUNDS: usize = 40;
const RATE: f32 = 0.1;
/// How strongly weights are pulled to zero, for all words together.
const PULL: f32 = 10.0;
/// A row of letters must stand in so many words.
const LEAST: usize = 3;
/// The least weight that is kept.
const PRUNE: f32 = 0.05;
/// Shorter words say too little.
const SHORTEST: usize = 3;

/// A word without proclitics and article.
fn stem(word: &str) -> &str {
    &word[Clitics::builtin().front(word).stem..]
}

/// The words of one file's column.
fn column(path: &str, columns: &[&str], at: usize) -> Result<Vec<String>, Box<dyn Error>> {
    let table = Table::parse(Path::new(path), data::file(path), columns)?;
    let mut words = Vec::new();
    for row in table.rows() {
        words.extend(row?.cells[at].split(' ').map(str::to_owned));
    }
    Ok(words)
}

/// The words of the lexicon's names of a type.
fn listed(kind: &str) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let normalizer = Normalizer::profile("analysis")?;
    let mut words = BTreeSet::new();
    let mut tokens = Vec::new();
    for source in Lexicon::builtin_sources()? {
        for row in source.rows.iter().filter(|row| row.kind == kind) {
            let alias = normalizer.normalize(&row.alias);
            token::tokenize(&alias, &mut tokens);
            let arabic = tokens.iter().filter(|token| token.kind == Kind::Word);
            words.extend(arabic.map(|token| stem(token.word(&alias)).to_owned()));
        }
    }
    Ok(words)
}

/// A word's rows of letters as places in the table of weights, and whether it is a name.
type Example = (Vec<usize>, bool);

fn train(examples: &[&Example], count: usize) -> Vec<f32> {
    let mut weights = vec![0.0f32; count];
    let mut squares = vec![0.0f32; count];
    let mut pulls = vec![0.0f32; count];
    examples.iter().flat_map(|(rows, _)| rows).for_each(|row| pulls[*row] += 1.0);
    pulls.iter_mut().for_each(|words| *words = PULL / words.max(1.0));
    for _ in 0..ROUNDS {
        for (rows, name) in examples {
            let sum: f32 = rows.iter().map(|row| weights[*row]).sum();
            let gradient = 1.0 / (1.0 + (-sum).exp()) - f32::from(u8::from(*name));
            for row in rows {
                let gradient = gradient + pulls[*row] * weights[*row];
                squares[*row] += gradient * gradient;
                weights[*row] -= RATE * gradient / (squares[*row].sqrt() + 1e-3);
            }
        }
    }
    for weight in &mut weights {
        if weight.abs() < PRUNE {
            *weight = 0.0;
        }
    }
    for weight in &mut weights {
        if weight.abs() < PRUNE {
            *weight = 0.0;
        }
    }
    for weight in &mut weights {
        if weight.abs() < PRUNE {
            *weight = 0.0;
        }
    }
    for weight in &mut weights {
        if weight.abs() < PRUNE {
            *weight = 0.0;
        }
    }
    weights
}

/// The chance that a name scores higher than another word.
fn area(examples: &[&Example], weights: &[f32]) -> f64 {
    let mut scores: Vec<(f32, bool)> =
        examples.iter().map(|(rows, name)| (rows.iter().map(|row| weights[*row]).sum(), *name)).collect();
    scores.sort_by(|one, other| one.0.total_cmp(&other.0));
    let names = scores.iter().filter(|(_, name)| *name).count();
    let mut below = 0;
    let mut pairs = 0;
    for (_, name) in &scores {
        if *name { pairs += below } else { below += 1 }
    }
    pairs as f64 / (names * (scores.len() - names)).max(1) as f64
}

fn main() -> Result<(), Box<dyn Error>> {
    let out = std::env::args().nth(1).unwrap_or_else(|| "data/words/letters.tsv".to_owned());
    let clustered = column("words/clusters.tsv", &["coarse", "fine", "words"], 2)?;
    let plain: BTreeSet<String> = clustered.iter().map(|word| stem(word).to_owned()).collect();
    let mut names = listed("PER")?;
    names.extend(
        column("words/names.tsv", &["given", "family", "foreign", "word"], 3)?.iter().map(|word| stem(word).to_owned()),
    );
    let places = listed("LOC")?;
    let ordinary = plain.iter().filter(|word| !names.contains(*word) && !places.contains(*word));
    let words: BTreeMap<&str, bool> = ordinary
        .map(|word| (word.as_str(), false))
        .chain(names.iter().chain(&places).map(|word| (word.as_str(), true)))
        .filter(|(word, _)| word.chars().count() >= SHORTEST)
        .collect();
    // By hash, so that no part of the alphabet comes last.
    let mut words: Vec<(&str, bool)> = words.into_iter().collect();
    words.sort_by_key(|(word, _)| token::hash(word));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (word, _) in &words {
        rows(word, |letters| *counts.entry(letters.to_owned()).or_default() += 1);
    }
    counts.retain(|_, count| *count >= LEAST);
    let places: BTreeMap<&str, usize> = counts.keys().map(String::as_str).zip(0..).collect();
    let examples: Vec<Example> = words
        .iter()
        .map(|(word, name)| {
            let mut found = Vec::new();
            rows(word, |letters| found.extend(places.get(letters)));
            (found, *name)
        })
        .collect();
    let (seen, kept): (Vec<_>, Vec<_>) = examples.iter().enumerate().partition(|(at, _)| at % 10 != 0);
    let [seen, kept] = [seen, kept].map(|part| part.into_iter().map(|(_, example)| example).collect::<Vec<_>>());
    println!(
        "{} names, {} other words",
        words.iter().filter(|(_, name)| *name).count(),
        words.iter().filter(|(_, name)| !name).count()
    );
    println!("area under the curve on words kept out: {:.3}", area(&kept, &train(&seen, places.len())));
    let weights = train(&examples.iter().collect::<Vec<_>>(), places.len());
    let mut file = String::from(
        "# source: words of data/words/names.tsv, data/words/clusters.tsv and data/entities/, weighed by tools/letters.rs\n\
         # licence: MIT OR Apache-2.0\n\
         # about: how much letters in a row speak for a name, in fiftieths; ^ and $ are a word's edges, both alone stand in every word\n\
         weight\tletters\n",
    );
    let kept: Vec<_> = places.iter().filter(|(_, at)| weights[**at] != 0.0).collect();
    for (letters, at) in &kept {
        writeln!(file, "{}\t{letters}", (weights[**at] * UNIT as f32).round() as i32)?;
    }
    std::fs::write(&out, file)?;
    println!("{} rows of letters in {out}", kept.len());
    Ok(())
}
