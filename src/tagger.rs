//! Which tokens are part of a name: a linear model over what is known of them.
//!
//! Input: [`Evidence`], what words, lists and rules say of each token. Output: a label a token ([`Label`]), and how
//! sure it is. Contract: a conditional random field with whole-number weights, so that the same text gets the same
//! labels on every machine; the labels of a name are one first, any inside and one last, or one alone; the work is
//! linear in the text. The weights are data (`models/`), made by `make train`.

pub mod decode;
pub mod evidence;
pub mod feature;
pub mod weights;

use std::path::Path;
use std::sync::{Arc, LazyLock};

pub use evidence::Evidence;
pub use weights::Weights;

use crate::cancel;
use crate::data;
use crate::error::{Error, Result};
use crate::words::{Reading, kept::Kept};
use decode::{LANES, Lanes, Marginals, Model, Shares};
use evidence::Row;
use weights::{Sum, Table};

/// The types of names that are tagged, in the order of their labels.
pub const TYPES: [&str; 3] = ["PER", "ORG", "LOC"];

/// Where a token stands in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Place {
    /// The first of several tokens.
    First,
    /// Neither first nor last.
    Inside,
    /// The last of several tokens.
    Last,
    /// The only token.
    Alone,
}

impl Place {
    /// Where the token at `at` stands in a name of `len` tokens.
    pub const fn of(at: usize, len: usize) -> Place {
        match (at, at + 1 == len) {
            (0, true) => Place::Alone,
            (0, false) => Place::First,
            (_, true) => Place::Last,
            _ => Place::Inside,
        }
    }
}

/// How many labels there are: none, and four places in a name of each type.
pub const LABELS: usize = 1 + 4 * TYPES.len();

/// The label of a token: 0 outside names, else one more than four times the type plus the place.
pub type Label = u8;

/// The label of a place in a name of a type.
pub const fn label(kind: usize, place: Place) -> Label {
    (1 + 4 * kind + place as usize) as Label
}

/// The type and place that a label stands for.
pub const fn place(label: Label) -> Option<(usize, Place)> {
    if label == 0 {
        return None;
    }
    let place = match (label - 1) % 4 {
        0 => Place::First,
        1 => Place::Inside,
        2 => Place::Last,
        _ => Place::Alone,
    };
    Some(((label as usize - 1) / 4, place))
}

/// True if the second label may follow the first.
pub const fn follows(first: Label, second: Label) -> bool {
    let open = match place(first) {
        Some((kind, Place::First | Place::Inside)) => Some(kind),
        _ => None,
    };
    match (open, place(second)) {
        (Some(kind), Some((other, Place::Inside | Place::Last))) => kind == other,
        (None, None | Some((_, Place::First | Place::Alone))) => true,
        _ => false,
    }
}

/// How a text is written, as far as what counts as a name hangs on it.
///
/// Corpora that were cut into tokens before they were marked follow rules of their own (a club's head word is no part
/// of its name, say). They are known by their punctuation, which stands apart; a model has weights for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Register {
    /// Punctuation stands on the word before it.
    #[default]
    Running,
    /// Punctuation stands apart.
    Tokenized,
}

impl Register {
    /// Every register, in the order of a model's tables.
    pub const ALL: [Register; 2] = [Register::Running, Register::Tokenized];
}

/// A name that the tagger found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tagged {
    /// The first token.
    pub first: u32,
    /// One past the last token.
    pub last: u32,
    /// Index into [`TYPES`].
    pub kind: usize,
    /// The probability of its least sure token, from 0 to 1.
    pub score: f32,
}

/// What words give to the scores at each distance, added up once.
#[derive(Debug, Default)]
struct Given {
    kept: Kept<[Sum; feature::DISTANCES.len()]>,
    /// The place of what lies beyond the text's first and last word.
    edge: u32,
    /// Of the weights that were added up.
    checksum: u64,
}

/// The key of what lies beyond the first and the last word of a text.
const EDGE: u64 = 0;

/// Memory that one thread uses for one text after another.
#[derive(Debug, Default)]
pub struct Scratch {
    words: [Given; Register::ALL.len()],
    /// The place of each token's word there.
    places: Vec<u32>,
    /// The features of one token.
    features: Vec<u64>,
    scores: Vec<Lanes<i32>>,
    steps: Vec<Lanes<u8>>,
    labels: Vec<Label>,
    marginals: Marginals,
    names: Vec<Tagged>,
    /// The probability of each label, token by token.
    shares: Vec<Shares>,
}

impl Scratch {
    /// The probability of a label at a token of the text that was tagged last.
    pub fn share(&self, token: usize, label: Label) -> f32 {
        self.shares[token][LANES[usize::from(label)]]
    }

    /// The least probability, over some tokens, that they are part of a name.
    pub fn chance(&self, tokens: std::ops::Range<usize>) -> f32 {
        self.shares[tokens].iter().map(|shares| 1.0 - shares[0]).fold(1.0, f32::min)
    }

    /// The names of the text that was tagged last, in order.
    pub fn names(&self) -> &[Tagged] {
        &self.names
    }
}

/// Finds names by their weights.
#[derive(Debug)]
pub struct Tagger {
    weights: Weights,
    /// By register.
    models: Vec<Model>,
}

static BUILTIN: LazyLock<Arc<Tagger>> = LazyLock::new(|| {
    let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/models/tagger.bin"));
    let weights = data::builtin(|| Weights::parse(Path::new("models/tagger.bin"), bytes));
    Arc::new(Tagger::new(weights))
});

impl Tagger {
    /// The model that the package ships.
    pub fn builtin() -> Arc<Tagger> {
        Arc::clone(&BUILTIN)
    }

    /// A tagger with these weights.
    pub fn new(weights: Weights) -> Self {
        let models = weights.tables.iter().map(|table| Model::new(&table.transitions, weights.scale)).collect();
        Self { models, weights }
    }

    /// Reads a file of weights.
    pub fn load(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|fault| Error::io(path, fault))?;
        Weights::parse(path, &bytes).map(Self::new)
    }

    /// Its weights.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Finds the names of a text, replacing those that `scratch` held.
    pub fn tag(&self, reading: Reading<'_>, evidence: &Evidence, scratch: &mut Scratch) {
        let rows = evidence.rows();
        let register = evidence.register();
        let (table, model) = (&self.weights.tables[register as usize], &self.models[register as usize]);
        scratch.names.clear();
        scratch.shares.clear();
        self.words(reading, evidence, scratch);
        let words = &scratch.words[register as usize];
        scratch.shares.resize(rows.len(), [0.0; decode::WIDTH]);
        let mut start = 0;
        for sentence in rows.chunk_by(|one, other| one.sentence == other.sentence) {
            cancel::point();
            let range = start..start + sentence.len();
            start = range.end;
            scratch.scores.clear();
            let (places, features) = (&scratch.places, &mut scratch.features);
            let score = |at: usize| decode::lanes(&score(table, rows, words, places, features, at));
            scratch.scores.extend(range.clone().map(score));
            decode::best(&scratch.scores, model, &mut scratch.steps, &mut scratch.labels);
            let shares = &mut scratch.shares[range.clone()];
            scratch.marginals.weigh(&scratch.scores, model, shares);
            names(&scratch.labels, shares, range.start, &mut scratch.names);
        }
    }

    /// The scores of the labels of one token, as [`Tagger::tag`] reads them.
    pub fn scores(&self, reading: Reading<'_>, evidence: &Evidence, scratch: &mut Scratch, at: usize) -> [i32; LABELS] {
        self.words(reading, evidence, scratch);
        let register = evidence.register() as usize;
        let (table, rows) = (&self.weights.tables[register], evidence.rows());
        score(table, rows, &scratch.words[register], &scratch.places, &mut scratch.features, at)
    }

    /// What speaks most for a label at a token, the strongest first: what is looked at, and what it adds to the
    /// logarithm of the label's odds.
    pub fn reasons(&self, reading: Reading<'_>, evidence: &Evidence, at: usize, label: Label) -> Vec<(String, f32)> {
        let table = &self.weights.tables[evidence.register() as usize];
        let mut found: Vec<(String, i32)> = Vec::new();
        feature::features(reading, evidence.rows(), at, |template, feature| {
            let mut sum: Sum = [0; 16];
            table.add(feature, &mut sum);
            let score = weights::scores(&sum)[usize::from(label)];
            let about = feature::about(template);
            match found.iter_mut().find(|(known, _)| *known == about) {
                Some((_, known)) => *known += score,
                None => found.push((about, score)),
            }
        });
        found.sort_by_key(|(_, score)| std::cmp::Reverse(*score));
        let found = found.into_iter().filter(|(_, score)| *score > 0);
        found.map(|(about, score)| (about, score as f32 / self.weights.scale)).collect()
    }

    /// Adds up what each word of a text gives, unless a text before it had the word.
    fn words(&self, reading: Reading<'_>, evidence: &Evidence, scratch: &mut Scratch) {
        let register = evidence.register() as usize;
        let table = &self.weights.tables[register];
        let words = &mut scratch.words[register];
        let sum = |word: &str, row: &Row| {
            std::array::from_fn(|distance| {
                let mut sum: Sum = [0; 16];
                feature::of_word(word, row, distance, |_, feature| table.add(feature, &mut sum));
                sum
            })
        };
        if words.checksum != self.weights.checksum() {
            *words = Given { checksum: self.weights.checksum(), ..Given::default() };
        }
        words.kept.begin();
        words.edge = words.kept.place(EDGE, || sum("", &Row::EDGE));
        scratch.places.clear();
        let pairs = reading.tokens.iter().zip(evidence.rows()).enumerate();
        scratch.places.extend(pairs.map(|(at, (token, row))| {
            cancel::step(at);
            // A hashtag has its word's hash, and another shape.
            let key = row.word ^ u64::from(row.shape) << 56;
            words.kept.place(key, || sum(token.word(reading.text), row))
        }));
    }
}

/// The scores of a token's labels: what the words around give, added up before, and what its place gives.
#[inline]
fn score(
    table: &Table,
    rows: &[Row],
    words: &Given,
    places: &[u32],
    features: &mut Vec<u64>,
    at: usize,
) -> [i32; LABELS] {
    let mut sum: Sum = [0; 16];
    for (distance, offset) in feature::DISTANCES.iter().enumerate() {
        let word = feature::beside(rows, at, *offset).map_or(words.edge, |place| places[place]);
        let given = &words.kept.values()[word as usize][distance];
        sum.iter_mut().zip(given).for_each(|(sum, given)| *sum = sum.wrapping_add(*given));
    }
    features.clear();
    feature::of_place(rows, at, |_, feature| features.push(feature));
    table.add_all(features, &mut sum);
    weights::scores(&sum)
}

/// Adds the names that labels stand for.
fn names(labels: &[Label], shares: &[Shares], start: usize, names: &mut Vec<Tagged>) {
    let mut first = 0;
    for (at, label) in labels.iter().enumerate() {
        let Some((kind, place)) = place(*label) else { continue };
        if matches!(place, Place::First | Place::Alone) {
            first = at;
        }
        if matches!(place, Place::Last | Place::Alone) {
            let within = shares[first..=at].iter().zip(&labels[first..=at]);
            let score = within.map(|(shares, label)| shares[LANES[usize::from(*label)]]).fold(1.0, f32::min);
            names.push(Tagged { first: (start + first) as u32, last: (start + at) as u32 + 1, kind, score });
        }
    }
}
