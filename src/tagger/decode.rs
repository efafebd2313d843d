//! From scores to labels: the likeliest path, and how likely each label is.
//!
//! Input: the score of each label of each token, and of each step. Output: labels ([`best`]) and probabilities
//! ([`Marginals`]). Contract: only steps that [`follows`] allows are taken; linear in the number of tokens; the same
//! numbers on every machine. Labels stand in lanes, so that one operation serves eight of them: in the lower half those
//! that a closed label may stand before (no name, the first token of one, the only one), in the upper half those that
//! go on with an open name.

use super::{LABELS, Label, Place, TYPES, follows, label};

/// Lanes: labels, padded to two halves.
pub const WIDTH: usize = 16;
const HALF: usize = 8;

/// Numbers of the labels of a token, by lane.
pub type Lanes<N> = [N; WIDTH];
/// Probabilities of the labels of a token, and nothing in the lanes of none.
pub type Shares = Lanes<f32>;
/// Scores from label to label.
pub type Transitions = [[i32; LABELS]; LABELS];

const FIRST: usize = 1;
const ALONE: usize = FIRST + TYPES.len();
const INSIDE: usize = HALF;
const LAST: usize = HALF + HALF / 2;

/// The lane of each label.
pub const LANES: [usize; LABELS] = {
    let mut lanes = [0; LABELS];
    let mut kind = 0;
    while kind < TYPES.len() {
        lanes[label(kind, Place::First) as usize] = FIRST + kind;
        lanes[label(kind, Place::Alone) as usize] = ALONE + kind;
        lanes[label(kind, Place::Inside) as usize] = INSIDE + kind;
        lanes[label(kind, Place::Last) as usize] = LAST + kind;
        kind += 1;
    }
    lanes
};

/// The label of each lane; 0 for those of none.
const LABEL_OF: Lanes<Label> = {
    let mut labels = [0; WIDTH];
    let mut label = 0;
    while label < LABELS {
        labels[LANES[label]] = label as Label;
        label += 1;
    }
    labels
};

/// How many labels are closed: they end a name or are part of none.
const ENDS: usize = 1 + 2 * TYPES.len();

/// The closed labels, in order.
const CLOSED: [usize; ENDS] = {
    let mut closed = [0; ENDS];
    let (mut label, mut count) = (0, 0);
    while label < LABELS {
        if follows(label as Label, 0) {
            closed[count] = label;
            count += 1;
        }
        label += 1;
    }
    closed
};

const NEVER: i32 = i32::MIN / 2;

/// Something for each step that is allowed, where the machine's vectors want it.
#[derive(Debug, Clone)]
struct Steps<N> {
    /// From each closed label to the lower half.
    closed: [[N; HALF]; ENDS],
    /// From the first token of a name to the upper half's.
    first: [N; HALF],
    /// From a token inside a name to the upper half's.
    inside: [N; HALF],
    /// To each lane of the lower half from the closed labels.
    back: [[N; HALF]; HALF],
}

impl<N: Copy> Steps<N> {
    fn new(none: N, of: impl Fn(usize, usize) -> N) -> Self {
        let allowed = |from: usize, to: usize| if follows(from as Label, to as Label) { of(from, to) } else { none };
        let mut steps = Self {
            closed: [[none; HALF]; ENDS],
            first: [none; HALF],
            inside: [none; HALF],
            back: [[none; HALF]; HALF],
        };
        for (to, &lane) in LANES.iter().enumerate().filter(|(_, lane)| **lane < HALF) {
            for (place, &from) in CLOSED.iter().enumerate() {
                steps.closed[place][lane] = allowed(from, to);
                steps.back[lane][place] = allowed(from, to);
            }
        }
        for kind in 0..TYPES.len() {
            for (half, to) in [(0, Place::Inside), (LAST - INSIDE, Place::Last)] {
                let to = usize::from(label(kind, to));
                steps.first[half + kind] = allowed(usize::from(label(kind, Place::First)), to);
                steps.inside[half + kind] = allowed(usize::from(label(kind, Place::Inside)), to);
            }
        }
        steps
    }
}

/// The types' lanes from `at` on, for both quarters of the upper half.
#[inline]
fn twice<N: Copy>(lanes: &Lanes<N>, at: usize, none: N) -> [N; HALF] {
    let [one, two, three] = [lanes[at], lanes[at + 1], lanes[at + 2]];
    [one, two, three, none, one, two, three, none]
}

/// Scores of labels, by lane; lanes of no label get what label 0 always has.
#[inline]
pub fn lanes(scores: &[i32; LABELS]) -> Lanes<i32> {
    let mut lanes = [0; WIDTH];
    LANES.iter().zip(scores).for_each(|(&lane, score)| lanes[lane] = *score);
    lanes
}

/// Scores of steps, in integers and as factors.
#[derive(Debug, Clone)]
pub struct Model {
    scores: Steps<i32>,
    factors: Steps<f32>,
    /// What a label weighs by how much its score is less than the best one's.
    powers: Vec<f32>,
}

impl Model {
    /// The model of these scores of steps; `scale` is how many units of score are one natural unit.
    pub fn new(transitions: &Transitions, scale: f32) -> Self {
        let count = (25.0 * scale).min(8192.0) as usize + 1;
        Self {
            scores: Steps::new(NEVER / 2, |from, to| transitions[from][to]),
            factors: Steps::new(0.0, |from, to| (transitions[from][to] as f32 / scale).exp()),
            powers: (0..count).map(|less| (-(less as f32) / scale).exp()).collect(),
        }
    }
}

/// The likeliest labels, replacing what `labels` held. Of paths that are alike, the one with the lower labels from the
/// end on.
pub fn best(scores: &[Lanes<i32>], model: &Model, from: &mut Vec<Lanes<u8>>, labels: &mut Vec<Label>) {
    from.clear();
    let mut paths = [NEVER; WIDTH];
    paths[0] = 0;
    for scores in scores {
        let (mut most, mut before) = ([i32::MIN; HALF], [0; HALF]);
        for (&label, steps) in CLOSED.iter().zip(&model.scores.closed) {
            let path = paths[LANES[label]];
            for lane in 0..HALF {
                let score = path + steps[lane];
                let better = score > most[lane];
                most[lane] = if better { score } else { most[lane] };
                before[lane] = if better { LANES[label] as i32 } else { before[lane] };
            }
        }
        let (first, inside) = (twice(&paths, FIRST, NEVER), twice(&paths, INSIDE, NEVER));
        let mut next = [NEVER; WIDTH];
        let mut steps = [0; WIDTH];
        for lane in 0..HALF {
            let kind = lane % (LAST - INSIDE);
            let (goes, stays) = (first[lane] + model.scores.first[lane], inside[lane] + model.scores.inside[lane]);
            next[lane] = (most[lane] + scores[lane]).max(NEVER);
            next[HALF + lane] = (goes.max(stays) + scores[HALF + lane]).max(NEVER);
            steps[lane] = before[lane] as u8;
            steps[HALF + lane] = (if stays > goes { INSIDE + kind } else { FIRST + kind }) as u8;
        }
        from.push(steps);
        paths = next;
    }
    let closed = CLOSED.iter().map(|&label| LANES[label]);
    let mut lane = closed.rev().max_by_key(|&lane| paths[lane]).unwrap_or(0);
    labels.clear();
    labels.resize(scores.len(), 0);
    for at in (0..scores.len()).rev() {
        labels[at] = LABEL_OF[lane];
        lane = usize::from(from[at][lane]);
    }
}

/// How likely each label of each token of a sentence is.
#[derive(Debug, Default)]
pub struct Marginals {
    forward: Vec<Shares>,
    own: Vec<Shares>,
}

fn even(shares: &mut Shares) {
    let sum: f32 = shares.iter().sum();
    let share = 1.0 / sum.max(f32::MIN_POSITIVE);
    shares.iter_mut().for_each(|one| *one *= share);
}

#[inline]
fn add(sum: &mut [f32; HALF], row: &[f32; HALF], weight: f32) {
    sum.iter_mut().zip(row).for_each(|(sum, cell)| *sum += cell * weight);
}

/// The shares of the next token's labels before its own scores.
#[inline]
fn forth(steps: &Steps<f32>, paths: &Shares) -> Shares {
    let mut lower = [0.0; HALF];
    for (&label, row) in CLOSED.iter().zip(&steps.closed) {
        add(&mut lower, row, paths[LANES[label]]);
    }
    let (first, inside) = (twice(paths, FIRST, 0.0), twice(paths, INSIDE, 0.0));
    let mut next = [0.0; WIDTH];
    next[..HALF].copy_from_slice(&lower);
    for lane in 0..HALF {
        next[HALF + lane] = first[lane] * steps.first[lane] + inside[lane] * steps.inside[lane];
    }
    next
}

/// The shares of the labels before those of a token.
#[inline]
fn back(steps: &Steps<f32>, after: &Shares) -> Shares {
    let mut closed = [0.0; HALF];
    for (row, weight) in steps.back.iter().zip(after) {
        add(&mut closed, row, *weight);
    }
    let mut before = [0.0; WIDTH];
    CLOSED.iter().zip(closed).for_each(|(&label, share)| before[LANES[label]] = share);
    for kind in 0..TYPES.len() {
        let (inside, last) = (after[INSIDE + kind], after[LAST + kind]);
        let to = LAST - INSIDE + kind;
        before[FIRST + kind] = inside * steps.first[kind] + last * steps.first[to];
        before[INSIDE + kind] = inside * steps.inside[kind] + last * steps.inside[to];
    }
    before
}

impl Marginals {
    /// Weighs all paths through a sentence; the probabilities of its tokens replace what `shares` held.
    pub fn weigh(&mut self, scores: &[Lanes<i32>], model: &Model, shares: &mut [Shares]) {
        self.forward.clear();
        self.own.clear();
        let mut paths = [0.0; WIDTH];
        paths[0] = 1.0;
        for scores in scores {
            let most = scores.iter().copied().max().unwrap_or(0);
            let mut own = [0.0; WIDTH];
            for lane in LANES {
                own[lane] = model.powers[((most - scores[lane]) as usize).min(model.powers.len() - 1)];
            }
            paths = forth(&model.factors, &paths);
            paths.iter_mut().zip(&own).for_each(|(path, own)| *path *= own);
            even(&mut paths);
            self.forward.push(paths);
            self.own.push(own);
        }
        let mut after = [0.0; WIDTH];
        CLOSED.iter().for_each(|&label| after[LANES[label]] = 1.0);
        for at in (0..scores.len()).rev() {
            let mut here = self.forward[at];
            here.iter_mut().zip(&after).for_each(|(share, after)| *share *= after);
            even(&mut here);
            shares[at] = here;
            after.iter_mut().zip(&self.own[at]).for_each(|(after, own)| *after *= own);
            after = back(&model.factors, &after);
            even(&mut after);
        }
    }
}
