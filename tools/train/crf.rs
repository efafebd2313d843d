//! A conditional random field over hashed features, trained by stochastic gradients.
//!
//! AdaGrad (Duchi, Hazan and Singer 2011) with weights pulled to zero; one thread, one order of sentences that a seed
//! gives, so that one input makes one model.

// Sums over pairs of labels read best with both as numbers.
#![allow(clippy::needless_range_loop)]

use marsad::tagger::{LABELS, Label, follows};

/// Labels, padded to a whole number of vector registers.
pub const WIDTH: usize = 16;

/// A sentence: the features of each token as places in the table of weights, and the right labels.
#[derive(Debug, Clone)]
pub struct Sentence {
    pub features: Vec<Vec<u32>>,
    pub labels: Vec<Label>,
}

#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub rounds: usize,
    pub rate: f32,
    pub pull: f32,
    /// The share of features that a step does not see.
    pub noise: f32,
    pub seed: u64,
}

#[derive(Clone, Copy)]
#[repr(align(64))]
struct Cell {
    weights: [f32; WIDTH],
    squares: [f32; WIDTH],
}

pub struct Model {
    cells: Vec<Cell>,
    pub transitions: [[f32; WIDTH]; LABELS],
    squares: [[f32; WIDTH]; LABELS],
}

struct Lattice {
    scores: Vec<[f32; WIDTH]>,
    forward: Vec<[f32; WIDTH]>,
    backward: Vec<[f32; WIDTH]>,
}

/// A number below two to the 31st, and the next state.
fn roll(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// Sum of exponentials, as a logarithm.
fn log_sum(values: &[f32]) -> f32 {
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if most == f32::NEG_INFINITY {
        return most;
    }
    most + values.iter().map(|value| (value - most).exp()).sum::<f32>().ln()
}

impl Model {
    pub fn new(features: usize) -> Self {
        let cell = Cell { weights: [0.0; WIDTH], squares: [0.0; WIDTH] };
        Self { cells: vec![cell; features], transitions: [[0.0; WIDTH]; LABELS], squares: [[0.0; WIDTH]; LABELS] }
    }

    /// How many features it has places for.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    pub fn weights(&self, feature: usize) -> &[f32; WIDTH] {
        &self.cells[feature].weights
    }

    fn score(&self, features: &[u32]) -> [f32; WIDTH] {
        let mut sum = [0.0; WIDTH];
        for feature in features {
            for (sum, weight) in sum.iter_mut().zip(&self.cells[*feature as usize].weights) {
                *sum += weight;
            }
        }
        sum
    }

    fn lattice(&self, sentence: &Sentence) -> (Lattice, f32) {
        let len = sentence.features.len();
        let scores: Vec<[f32; WIDTH]> = sentence.features.iter().map(|features| self.score(features)).collect();
        let mut forward = vec![[f32::NEG_INFINITY; WIDTH]; len];
        let mut backward = vec![[f32::NEG_INFINITY; WIDTH]; len];
        let mut paths = [0.0; LABELS];
        for label in 0..LABELS {
            if follows(0, label as Label) {
                forward[0][label] = scores[0][label] + self.transitions[0][label];
            }
            if follows(label as Label, 0) {
                backward[len - 1][label] = 0.0;
            }
        }
        for at in 1..len {
            for label in 0..LABELS {
                let mut count = 0;
                for first in (0..LABELS).filter(|first| follows(*first as Label, label as Label)) {
                    paths[count] = forward[at - 1][first] + self.transitions[first][label];
                    count += 1;
                }
                forward[at][label] = scores[at][label] + log_sum(&paths[..count]);
            }
        }
        for at in (0..len - 1).rev() {
            for label in 0..LABELS {
                let mut count = 0;
                for next in (0..LABELS).filter(|next| follows(label as Label, *next as Label)) {
                    paths[count] = backward[at + 1][next] + self.transitions[label][next] + scores[at + 1][next];
                    count += 1;
                }
                backward[at][label] = log_sum(&paths[..count]);
            }
        }
        let ends: Vec<f32> = (0..LABELS).map(|label| forward[len - 1][label] + backward[len - 1][label]).collect();
        let total = log_sum(&ends);
        (Lattice { scores, forward, backward }, total)
    }

    /// One step on one sentence; returns its loss.
    fn step(&mut self, whole: &Sentence, settings: &Settings, random: &mut u64) -> f32 {
        let mut seen;
        let sentence = if settings.noise == 0.0 {
            whole
        } else {
            seen = whole.clone();
            for features in &mut seen.features {
                features.retain(|_| (roll(random) as f32) / (1u64 << 31) as f32 >= settings.noise);
            }
            &seen
        };
        let (lattice, total) = self.lattice(sentence);
        let mut gold = 0.0;
        let mut last = 0usize;
        let mut shift = [[0.0f32; WIDTH]; LABELS];
        for at in 0..sentence.labels.len() {
            let label = usize::from(sentence.labels[at]);
            gold += lattice.scores[at][label] + self.transitions[last][label];
            shift[last][label] -= 1.0;
            for next in 0..LABELS {
                let end = lattice.scores[at][next] + lattice.backward[at][next] - total;
                for first in (0..LABELS).filter(|first| follows(*first as Label, next as Label)) {
                    let start = match at {
                        0 if first == 0 => 0.0,
                        0 => continue,
                        _ => lattice.forward[at - 1][first],
                    };
                    shift[first][next] += (start + self.transitions[first][next] + end).exp();
                }
            }
            last = label;
        }
        for at in 0..sentence.labels.len() {
            let mut gradient = [0.0f32; WIDTH];
            for (label, gradient) in gradient.iter_mut().enumerate().take(LABELS) {
                *gradient = (lattice.forward[at][label] + lattice.backward[at][label] - total).exp();
            }
            gradient[usize::from(sentence.labels[at])] -= 1.0;
            if gradient.iter().all(|g| g.abs() < 1e-4) {
                continue;
            }
            for feature in &sentence.features[at] {
                let cell = &mut self.cells[*feature as usize];
                for label in 0..WIDTH {
                    let g = gradient[label] + settings.pull * cell.weights[label];
                    cell.squares[label] += g * g;
                    cell.weights[label] -= settings.rate * g / (cell.squares[label].sqrt() + 1e-3);
                }
            }
        }
        for first in 0..LABELS {
            for next in 0..LABELS {
                let g = shift[first][next];
                if g != 0.0 {
                    self.squares[first][next] += g * g;
                    self.transitions[first][next] -= settings.rate * g / (self.squares[first][next].sqrt() + 1e-3);
                }
            }
        }
        total - gold
    }

    /// The mean of models of the same features.
    pub fn mean(models: Vec<Model>) -> Model {
        let share = 1.0 / models.len() as f32;
        let mut models = models.into_iter();
        let mut mean = models.next().expect("at least one model");
        for model in models {
            for (cell, other) in mean.cells.iter_mut().zip(&model.cells) {
                cell.weights.iter_mut().zip(&other.weights).for_each(|(sum, weight)| *sum += weight);
            }
            for (row, other) in mean.transitions.iter_mut().zip(&model.transitions) {
                row.iter_mut().zip(other).for_each(|(sum, weight)| *sum += weight);
            }
        }
        mean.cells.iter_mut().for_each(|cell| cell.weights.iter_mut().for_each(|weight| *weight *= share));
        mean.transitions.iter_mut().flatten().for_each(|weight| *weight *= share);
        mean
    }

    /// Trains on the sentences; `told` hears of each round's loss.
    pub fn train(&mut self, sentences: &[Sentence], settings: &Settings, mut told: impl FnMut(usize, f64)) {
        let mut order: Vec<usize> = (0..sentences.len()).filter(|at| !sentences[*at].labels.is_empty()).collect();
        let mut random = settings.seed;
        let base = *settings;
        for round in 0..settings.rounds {
            for at in (1..order.len()).rev() {
                order.swap(at, roll(&mut random) as usize % (at + 1));
            }
            let mut settings = base;
            settings.rate = base.rate * (1.0 - 0.9 * round as f32 / base.rounds as f32);
            let loss: f64 = order.iter().map(|at| f64::from(self.step(&sentences[*at], &settings, &mut random))).sum();
            told(round, loss);
        }
    }
}
