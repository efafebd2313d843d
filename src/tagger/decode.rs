//! From scores to labels: the likeliest path, and how likely each label is.
//!
//! Input: the score of each label of each token, and of each step. Output: labels ([`best`]) and probabilities
//! ([`Marginals`]). Contract: only steps that [`follows`] allows are taken; linear in the number of tokens.

use super::weights::Weights;
use super::{LABELS, Label, Register, follows};

/// Scores of the labels of a token.
pub(super) type Scores = [i32; LABELS];

/// Labels, padded to a whole number of vectors.
const WIDTH: usize = 16;

/// Probabilities of the labels of a token, and nothing behind them.
pub(super) type Shares = [f32; WIDTH];

const NEVER: i32 = i32::MIN / 2;

/// For each label, those that may stand before it.
const fn before() -> [([u8; LABELS], usize); LABELS] {
    let mut table = [([0; LABELS], 0); LABELS];
    let mut next = 0;
    while next < LABELS {
        let mut first = 0;
        while first < LABELS {
            if follows(first as Label, next as Label) {
                table[next].0[table[next].1] = first as u8;
                table[next].1 += 1;
            }
            first += 1;
        }
        next += 1;
    }
    table
}

static BEFORE: [([u8; LABELS], usize); LABELS] = before();

/// The likeliest labels, replacing what `labels` held.
pub(super) fn best(
    scores: &[Scores],
    transitions: &[[i32; LABELS]; LABELS],
    from: &mut Vec<[u8; LABELS]>,
    labels: &mut Vec<Label>,
) {
    from.clear();
    let mut paths = [NEVER; LABELS];
    paths[0] = 0;
    for scores in scores {
        let mut next = [NEVER; LABELS];
        let mut steps = [0u8; LABELS];
        for (label, (firsts, count)) in BEFORE.iter().enumerate() {
            let mut most = (NEVER, 0);
            for first in &firsts[..*count] {
                let score = paths[usize::from(*first)] + transitions[usize::from(*first)][label];
                if score > most.0 {
                    most = (score, *first);
                }
            }
            next[label] = (most.0 + scores[label]).max(NEVER);
            steps[label] = most.1;
        }
        from.push(steps);
        paths = next;
    }
    let closed = (0..LABELS).filter(|label| follows(*label as Label, 0));
    let mut label = closed.max_by_key(|label| (paths[*label], std::cmp::Reverse(*label))).unwrap_or(0);
    labels.clear();
    labels.resize(scores.len(), 0);
    for at in (0..scores.len()).rev() {
        labels[at] = label as Label;
        label = usize::from(from[at][label]);
    }
}

/// Scores as factors.
#[derive(Debug)]
pub(super) struct Factors {
    /// By register: what a step from one label to the next weighs.
    steps: Vec<[Shares; LABELS]>,
    /// The same from the next label to the one before.
    back: Vec<[Shares; LABELS]>,
    /// What a label weighs by how much its score is less than the best one's.
    powers: Vec<f32>,
}

impl Factors {
    /// The factors of a model's scores.
    pub fn new(weights: &Weights) -> Self {
        let scale = weights.scale;
        let factor = |register: Register, first: usize, next: usize| {
            let allowed = follows(first as Label, next as Label);
            let score = weights.tables[register as usize].transitions[first][next];
            if allowed { (score as f32 / scale).exp() } else { 0.0 }
        };
        let table = |of: &dyn Fn(usize, usize) -> f32| {
            let mut table = [[0.0; WIDTH]; LABELS];
            for (row, cells) in table.iter_mut().enumerate() {
                cells.iter_mut().take(LABELS).enumerate().for_each(|(column, cell)| *cell = of(row, column));
            }
            table
        };
        let steps = Register::ALL.map(|register| table(&|first, next| factor(register, first, next)));
        let back = Register::ALL.map(|register| table(&|next, first| factor(register, first, next)));
        let count = (25.0 * scale).min(8192.0) as usize + 1;
        let powers = (0..count).map(|less| (-(less as f32) / scale).exp()).collect();
        Self { steps: steps.into(), back: back.into(), powers }
    }
}

/// How likely each label of each token of a sentence is.
#[derive(Debug, Default)]
pub(super) struct Marginals {
    forward: Vec<Shares>,
    own: Vec<Shares>,
}

fn even(shares: &mut Shares) {
    let sum: f32 = shares.iter().sum();
    let share = 1.0 / sum.max(f32::MIN_POSITIVE);
    shares.iter_mut().for_each(|one| *one *= share);
}

/// Adds each row, times its weight, up.
fn weighed(rows: &[Shares; LABELS], weights: &Shares) -> Shares {
    let mut sum = [0.0; WIDTH];
    for (row, weight) in rows.iter().zip(weights) {
        sum.iter_mut().zip(row).for_each(|(sum, cell)| *sum += cell * weight);
    }
    sum
}

impl Marginals {
    /// Weighs all paths through a sentence; the probabilities of its tokens replace what `shares` held.
    pub fn weigh(&mut self, scores: &[Scores], factors: &Factors, register: Register, shares: &mut [Shares]) {
        let (steps, back) = (&factors.steps[register as usize], &factors.back[register as usize]);
        self.forward.clear();
        self.own.clear();
        let mut paths = [0.0; WIDTH];
        paths[0] = 1.0;
        for scores in scores {
            let most = scores.iter().copied().max().unwrap_or(0);
            let mut own = [0.0; WIDTH];
            for (own, score) in own.iter_mut().zip(scores) {
                *own = factors.powers[((most - score) as usize).min(factors.powers.len() - 1)];
            }
            paths = weighed(steps, &paths);
            paths.iter_mut().zip(&own).for_each(|(path, own)| *path *= own);
            even(&mut paths);
            self.forward.push(paths);
            self.own.push(own);
        }
        let mut after = [0.0; WIDTH];
        for (label, share) in after.iter_mut().enumerate().take(LABELS) {
            *share = f32::from(u8::from(follows(label as Label, 0)));
        }
        for at in (0..scores.len()).rev() {
            let mut here = self.forward[at];
            here.iter_mut().zip(&after).for_each(|(share, after)| *share *= after);
            even(&mut here);
            shares[at] = here;
            after.iter_mut().zip(&self.own[at]).for_each(|(after, own)| *after *= own);
            after = weighed(back, &after);
            even(&mut after);
        }
    }
}
