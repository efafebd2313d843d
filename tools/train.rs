//! Trains the tagger: `make train`.
//!
//!     cargo run --release --example train -- --set NAME=PATH ... --out models/tagger.bin
//!
//! A set is a file or a folder of marked texts (tools/train/sets.rs says in which forms). `--leave NAME`,
//! `--leave NAME:FOLD/FOLDS` and `--leave NAME:tail` (the last tenth) keep documents out of training; what is kept out,
//! and every `--test PATH`, is tagged with the finished weights, and precision, recall and F1 of whole names are told by
//! set and type. `--show N` prints N sentences that came out wrong. The same input gives the same bytes.

#![allow(clippy::print_stdout, clippy::print_stderr)]

#[path = "train/crf.rs"]
mod crf;
#[path = "train/prepare.rs"]
mod prepare;
#[path = "train/sets.rs"]
mod sets;

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::path::{Path, PathBuf};

use crf::{Model, Sentence, Settings};
use marsad::tagger::weights::{self, NAMED, Trained, Weights};
use marsad::tagger::{LABELS, Register, Scratch, TYPES, Tagger, feature};
use prepare::{Prepared, Preparer, names};
use sets::Document;

struct Options {
    sets: Vec<(String, PathBuf)>,
    leave: Vec<String>,
    tests: Vec<PathBuf>,
    out: Option<PathBuf>,
    settings: Settings,
    /// How many models are trained and averaged.
    models: usize,
    /// How often a feature must stand in the texts.
    least: u32,
    /// Features without a weight of this size after a first training are left out of the second.
    prune: f32,
    show: usize,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut found = Options {
        sets: Vec::new(),
        leave: Vec::new(),
        tests: Vec::new(),
        out: None,
        settings: Settings { rounds: 8, rate: 0.1, pull: 1e-5, noise: 0.3, seed: 1 },
        models: 8,
        least: 2,
        prune: 0.15,
        show: 0,
    };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let value = given.next().ok_or(format!("{argument}: a value is due"))?;
        match argument.as_str() {
            "--set" => {
                let (name, path) = value.split_once('=').ok_or(format!("--set {value}: NAME=PATH is due"))?;
                found.sets.push((name.to_owned(), PathBuf::from(path)));
            }
            "--leave" => found.leave.push(value),
            "--test" => found.tests.push(PathBuf::from(value)),
            "--out" => found.out = Some(PathBuf::from(value)),
            "--rounds" => found.settings.rounds = value.parse()?,
            "--rate" => found.settings.rate = value.parse()?,
            "--pull" => found.settings.pull = value.parse()?,
            "--noise" => found.settings.noise = value.parse()?,
            "--seed" => found.settings.seed = value.parse()?,
            "--models" => found.models = value.parse()?,
            "--least" => found.least = value.parse()?,
            "--prune" => found.prune = value.parse()?,
            "--show" => found.show = value.parse()?,
            _ => return Err(format!("{argument}: no such option").into()),
        }
    }
    Ok(found)
}

/// True if a rule of `--leave` keeps a set's document with this number out of training.
fn leaves(rule: &str, set: &str, number: usize, count: usize) -> bool {
    match rule.split_once(':') {
        None => rule == set,
        Some((name, "tail")) => name == set && number * 10 >= count * 9,
        Some((name, fold)) => {
            let (fold, folds) = fold.split_once('/').unwrap_or((fold, "1"));
            let folds: usize = folds.parse().unwrap_or(1);
            name == set && fold.parse() == Ok(number % folds.max(1))
        }
    }
}

/// A feature of its own for a register.
fn own(feature: u64, register: Register) -> u64 {
    (feature ^ (register as u64 + 1)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The features of each sentence's tokens, with the labels.
fn sentences(prepared: &Prepared, mut take: impl FnMut(Vec<Vec<u64>>, &[u8])) {
    let rows = prepared.evidence.rows();
    let mut start = 0;
    for sentence in rows.chunk_by(|one, other| one.sentence == other.sentence) {
        let range = start..start + sentence.len();
        start = range.end;
        let features = range.clone().map(|at| {
            let mut features = Vec::new();
            feature::features(prepared.reading(), rows, at, |_, feature| features.push(feature));
            features
        });
        take(features.collect(), &prepared.labels[range]);
    }
}

/// For each place of a model its new one, if the model gives it a weight that is not small.
fn keep(model: &Model, options: &Options) -> Vec<Option<u32>> {
    let seen = 1.0 - options.settings.noise;
    let mut count = 0;
    let kept = (0..model.len()).map(|place| {
        let large = model.weights(place).iter().any(|weight| weight.abs() * seen >= options.prune);
        large.then(|| {
            count += 1;
            count - 1
        })
    });
    kept.collect()
}

/// The weights of each register: the shared ones with its own.
fn tables(model: &Model, features: &[u64], places: &HashMap<u64, u32>, options: &Options) -> (Vec<Trained>, f32) {
    let seen = 1.0 - options.settings.noise;
    let sums = Register::ALL.map(|register| {
        let mut rows: Vec<(u64, [f32; NAMED])> = Vec::new();
        for feature in features {
            let mut all = [0.0; LABELS];
            for known in [*feature, own(*feature, register)] {
                if let Some(place) = places.get(&known) {
                    all.iter_mut().zip(model.weights(*place as usize)).for_each(|(sum, weight)| *sum += weight * seen);
                }
            }
            // What all labels of a token have in common changes nothing: the first label gets nothing.
            if all.iter().any(|weight: &f32| *weight != 0.0) {
                rows.push((*feature, std::array::from_fn(|label| all[label + 1] - all[0])));
            }
        }
        rows
    });
    // What is beyond the largest byte is cut: a handful of weights.
    let mut sizes: Vec<f32> =
        sums.iter().flatten().flat_map(|(_, row)| row.iter().map(|weight| weight.abs())).collect();
    sizes.sort_by(f32::total_cmp);
    let largest = sizes.get(sizes.len().saturating_sub(1 + sizes.len() / 20_000)).copied().unwrap_or(1.0).max(0.1);
    let scale = 127.0 / largest;
    let tables = sums.into_iter().map(|rows| {
        let mut kept: BTreeMap<u32, [i8; NAMED]> = BTreeMap::new();
        for (feature, row) in rows {
            kept.insert(weights::key(feature), row.map(|weight| level(weight * scale)));
        }
        let transitions = model.transitions.iter().flat_map(|row| &row[..LABELS]);
        Trained {
            transitions: transitions.map(|weight| (weight * scale).round() as i16).collect(),
            features: kept.into_iter().collect(),
        }
    });
    (tables.collect(), scale)
}

/// The sizes that a weight is rounded to: few, so that the file packs well, and closer where weights are many.
const LEVELS: [i8; 24] = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 17, 20, 24, 28, 33, 39, 46, 54, 64, 75, 89, 106, 127];

/// The level nearest to a weight.
fn level(weight: f32) -> i8 {
    let apart = |level: &i8| (f32::from(*level) - weight.abs()).abs();
    let nearest = LEVELS.into_iter().min_by(|one, other| apart(one).total_cmp(&apart(other))).unwrap_or(0);
    if weight < 0.0 { -nearest } else { nearest }
}

/// The mean of models that differ in the order of sentences and in the features that steps did not see.
fn ensemble(examples: &[Sentence], features: usize, options: &Options) -> Model {
    let seeds: Vec<u64> = (options.settings.seed..).take(options.models).collect();
    let train = |seed: u64| {
        let mut model = Model::new(features);
        model.train(examples, &Settings { seed, ..options.settings }, |round, loss| {
            let tokens: usize = examples.iter().map(|sentence| sentence.labels.len()).sum();
            eprintln!("model {seed}, round {round}: loss {:.4} a token", loss / tokens as f64);
        });
        model
    };
    let mut models = Vec::new();
    for pair in seeds.chunks(THREADS) {
        models.extend(std::thread::scope(|scope| {
            let threads: Vec<_> = pair.iter().map(|seed| scope.spawn(|| train(*seed))).collect();
            threads.into_iter().map(|thread| thread.join().expect("training does not panic")).collect::<Vec<_>>()
        }));
    }
    Model::mean(models)
}

/// So many models are trained at once.
const THREADS: usize = 2;

/// Right, found and due names, by type and in all.
type Counts = [[usize; 3]; 4];

fn report(name: &str, counts: &Counts) {
    let mut line = format!("{name:24}");
    for (kind, counts) in counts.iter().enumerate() {
        let [right, found, due] = counts.map(|count| count as f64);
        let (precision, recall) = (right / found.max(1.0), right / due.max(1.0));
        let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
        line += &format!(" | {} {precision:.3} {recall:.3} {f1:.4}", TYPES.get(kind).unwrap_or(&"all"));
    }
    println!("{line}");
}

/// Tags what was left out, and tells how well.
fn test(tagger: &Tagger, preparer: &Preparer, documents: &[Document], show: usize) {
    let mut scratch = Scratch::default();
    let mut scores: BTreeMap<String, Counts> = BTreeMap::new();
    let mut shown = 0;
    for document in documents {
        let prepared = preparer.prepare(document);
        tagger.tag(prepared.reading(), &prepared.evidence, &mut scratch);
        let due = names(&prepared.labels);
        let found: Vec<_> =
            scratch.names().iter().map(|name| (name.first as usize, name.last as usize, name.kind)).collect();
        let counts = scores.entry(prepared.set.clone()).or_default();
        let mut count = |column: usize, kind: usize| {
            counts[kind][column] += 1;
            counts[TYPES.len()][column] += 1;
        };
        found.iter().filter(|name| due.contains(name)).for_each(|name| count(0, name.2));
        found.iter().for_each(|name| count(1, name.2));
        due.iter().for_each(|name| count(2, name.2));
        if shown < show && due != found {
            let tell = |name: &(usize, usize, usize)| {
                format!("{} {}", TYPES[name.2], prepared.words[name.0..name.1].join(" "))
            };
            let missed: Vec<String> = due.iter().filter(|name| !found.contains(name)).map(tell).collect();
            let wrong: Vec<String> = found.iter().filter(|name| !due.contains(name)).map(tell).collect();
            println!(
                "{}\n   missed: {}\n   wrong:  {}",
                prepared.words.join(" "),
                missed.join(" | "),
                wrong.join(" | ")
            );
            shown += 1;
        }
    }
    scores.iter().for_each(|(set, counts)| report(set, counts));
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let preparer = Preparer::new()?;
    let (mut train, mut left) = (Vec::new(), Vec::new());
    for (set, path) in &options.sets {
        let documents = sets::read(set, path)?;
        let count = documents.len();
        for (number, document) in documents.into_iter().enumerate() {
            let leave = options.leave.iter().any(|rule| leaves(rule, set, number, count));
            if leave { left.push(document) } else { train.push(document) }
        }
    }
    for path in &options.tests {
        left.extend(sets::read(&path.to_string_lossy(), path)?);
    }
    // A feature has a place of its own, and one for each register.
    let mut counts: [HashMap<u64, u32>; 2] = Default::default();
    let train: Vec<Prepared> = train.iter().map(|document| preparer.prepare(document)).collect();
    for prepared in &train {
        let register = prepared.evidence.register();
        sentences(prepared, |features, _| {
            for feature in features.into_iter().flatten() {
                *counts[0].entry(feature).or_default() += 1;
                *counts[1].entry(own(feature, register)).or_default() += 1;
            }
        });
    }
    let [shared, owned] = counts.map(|counts| {
        let often = counts.into_iter().filter(|(_, count)| *count >= options.least);
        let mut features: Vec<u64> = often.map(|(feature, _)| feature).collect();
        features.sort_unstable();
        features
    });
    let mut places: HashMap<u64, u32> = shared.iter().chain(&owned).copied().zip(0..).collect();
    let mut examples = Vec::new();
    for prepared in &train {
        let register = prepared.evidence.register();
        sentences(prepared, |features, labels| {
            let index = |features: Vec<u64>| {
                let both = features.into_iter().flat_map(|feature| [feature, own(feature, register)]);
                both.filter_map(|feature| places.get(&feature).copied()).collect()
            };
            let features = features.into_iter().map(index).collect();
            examples.push(Sentence { features, labels: labels.to_vec() });
        });
    }
    drop(train);
    let tokens: usize = examples.iter().map(|sentence| sentence.labels.len()).sum();
    eprintln!("{} sentences, {tokens} tokens, {} features", examples.len(), shared.len());
    let all = places.len();
    let kept = keep(&ensemble(&examples, places.len(), &options), &options);
    places.retain(|_, place| match kept[*place as usize] {
        Some(new) => {
            *place = new;
            true
        }
        None => false,
    });
    for features in examples.iter_mut().flat_map(|sentence| &mut sentence.features) {
        *features = features.iter().filter_map(|place| kept[*place as usize]).collect();
    }
    eprintln!("{} places kept of {all}", places.len());
    let model = ensemble(&examples, places.len(), &options);
    let (tables, scale) = tables(&model, &shared, &places, &options);
    let file = weights::write(&tables, scale);
    let tagger = Tagger::new(Weights::parse(Path::new("weights"), &file)?);
    let features: Vec<String> = tagger.weights().features().map(|count| count.to_string()).collect();
    eprintln!("{} features kept, {} bytes", features.join(" and "), file.len());
    test(&tagger, &preparer, &left, options.show);
    if let Some(out) = &options.out {
        std::fs::write(out, &file)?;
        println!("{}: {} bytes, checksum {:016x}", out.display(), file.len(), tagger.weights().checksum());
    }
    Ok(())
}
