//! From scores to labels: the likeliest path, and how likely each label is.
//!
//! Input: the score of each label of each token, and of each step. Output: labels ([`best`]) and probabilities
//! ([`Marginals`]). Contract: only steps that [`follows`] allows are taken; linear in the number of tokens.

use super::weights::WIDTH;
use super::{LABELS, Label, follows};

/// Scores of the labels of a token.
pub(super) type Scores = [i16; WIDTH];

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

/// The likeliest labels, added to `labels`.
pub(super) fn best(scores: &[Scores], transitions: &[[i32; WIDTH]; LABELS], from: &mut Vec<[u8; WIDTH]>, labels: &mut Vec<Label>) {
    from.clear();
    let mut paths = [NEVER; WIDTH];
    paths[0] = 0;
    for scores in scores {
        let mut next = [NEVER; WIDTH];
        let mut steps = [0u8; WIDTH];
        for (label, (firsts, count)) in BEFORE.iter().enumerate() {
            let mut most = (NEVER, 0);
            for first in &firsts[..*count] {
                let score = paths[usize::from(*first)] + transitions[usize::from(*first)][label];
                if score > most.0 {
                    most = (score, *first);
                }
            }
            next[label] = most.0.saturating_add(i32::from(scores[label]));
            steps[label] = most.1;
        }
        from.push(steps);
        paths = next;
    }
    let closed = (0..LABELS).filter(|label| follows(*label as Label, 0));
    let mut label = closed.max_by_key(|label| (paths[*label], std::cmp::Reverse(*label))).unwrap_or(0);
    let start = labels.len();
    labels.resize(start + scores.len(), 0);
    for at in (0..scores.len()).rev() {
        labels[start + at] = label as Label;
        label = usize::from(from[at][label]);
    }
}

/// What each step weighs, from the scores of the steps.
pub(super) fn steps(transitions: &[[i32; WIDTH]; LABELS], scale: f32) -> [[f32; WIDTH]; LABELS] {
    let mut steps = [[0.0f32; WIDTH]; LABELS];
    for (first, row) in steps.iter_mut().enumerate() {
        for (next, step) in row.iter_mut().enumerate().take(LABELS) {
            if follows(first as Label, next as Label) {
                *step = (transitions[first][next] as f32 / scale).exp();
            }
        }
    }
    steps
}

/// What a label weighs whose score is so much less than the best one's.
pub(super) fn powers(scale: f32) -> Vec<f32> {
    let count = (25.0 * scale).min(8192.0) as usize + 1;
    (0..count).map(|less| (-(less as f32) / scale).exp()).collect()
}

/// How likely each label of each token of a sentence is.
#[derive(Debug, Default)]
pub(super) struct Marginals {
    forward: Vec<[f32; WIDTH]>,
    own: Vec<[f32; WIDTH]>,
    /// The probabilities.
    pub shares: Vec<[f32; WIDTH]>,
}

impl Marginals {
    /// Weighs all paths through a sentence.
    pub fn weigh(&mut self, scores: &[Scores], steps: &[[f32; WIDTH]; LABELS], powers: &[f32]) {
        let emit = |scores: &Scores| -> [f32; WIDTH] {
            let most = scores[..LABELS].iter().copied().max().unwrap_or(0);
            let mut shares = [0.0; WIDTH];
            for (share, score) in shares.iter_mut().zip(&scores[..LABELS]) {
                *share = powers[((most - score) as usize).min(powers.len() - 1)];
            }
            shares
        };
        let even = |shares: &mut [f32; WIDTH]| {
            let sum: f32 = shares.iter().sum();
            shares.iter_mut().for_each(|share| *share /= sum.max(f32::MIN_POSITIVE));
        };
        self.forward.clear();
        self.own.clear();
        self.shares.clear();
        let mut paths = [0.0f32; WIDTH];
        paths[0] = 1.0;
        for scores in scores {
            let own = emit(scores);
            let mut next = [0.0f32; WIDTH];
            for (first, path) in paths.iter().enumerate().take(LABELS) {
                for (next, step) in next.iter_mut().zip(&steps[first]) {
                    *next += path * step;
                }
            }
            next.iter_mut().zip(&own).for_each(|(next, own)| *next *= own);
            even(&mut next);
            self.own.push(own);
            self.forward.push(next);
            paths = next;
        }
        let mut after = [0.0f32; WIDTH];
        for (label, share) in after.iter_mut().enumerate().take(LABELS) {
            *share = f32::from(u8::from(follows(label as Label, 0)));
        }
        self.shares.resize(scores.len(), [0.0; WIDTH]);
        for at in (0..scores.len()).rev() {
            let mut shares = self.forward[at];
            shares.iter_mut().zip(&after).for_each(|(share, after)| *share *= after);
            even(&mut shares);
            self.shares[at] = shares;
            let own = &self.own[at];
            let weighed: [f32; WIDTH] = std::array::from_fn(|next| own[next] * after[next]);
            let mut earlier = [0.0f32; WIDTH];
            for (first, earlier) in earlier.iter_mut().enumerate().take(LABELS) {
                *earlier = steps[first].iter().zip(&weighed).map(|(step, weight)| step * weight).sum();
            }
            even(&mut earlier);
            after = earlier;
        }
    }
}
