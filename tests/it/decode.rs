//! The tagger's decoding beside the textbook's: every label after every label, one at a time.

use marsad::tagger::decode::{self, LANES, Marginals, Model, Transitions};
use marsad::tagger::{LABELS, Label, follows};
use proptest::prelude::*;

const SCALE: f32 = 40.0;

fn allowed(from: usize, to: usize) -> bool {
    follows(from as Label, to as Label)
}

/// The score of a path; none for one that takes a step which is not allowed.
fn score(path: &[usize], scores: &[[i32; LABELS]], transitions: &Transitions) -> Option<i64> {
    let mut from = 0;
    let mut sum = 0;
    for (&to, scores) in path.iter().zip(scores) {
        if !allowed(from, to) {
            return None;
        }
        sum += i64::from(transitions[from][to]) + i64::from(scores[to]);
        from = to;
    }
    allowed(from, 0).then_some(sum)
}

/// The score of the likeliest path.
fn most(scores: &[[i32; LABELS]], transitions: &Transitions) -> i64 {
    let mut paths = [None; LABELS];
    paths[0] = Some(0i64);
    for scores in scores {
        paths = std::array::from_fn(|to| {
            let steps = (0..LABELS).filter(|&from| allowed(from, to));
            let best = steps.filter_map(|from| Some(paths[from]? + i64::from(transitions[from][to]))).max()?;
            Some(best + i64::from(scores[to]))
        });
    }
    (0..LABELS).filter(|&last| allowed(last, 0)).filter_map(|last| paths[last]).max().unwrap()
}

/// The probability of each label of each token, by summing up all paths forth and back.
fn shares(scores: &[[i32; LABELS]], transitions: &Transitions) -> Vec<[f64; LABELS]> {
    let step = |from: usize, to: usize| {
        let factor = (f64::from(transitions[from][to]) / f64::from(SCALE)).exp();
        if allowed(from, to) { factor } else { 0.0 }
    };
    let own = |at: usize, label: usize| (f64::from(scores[at][label]) / f64::from(SCALE)).exp();
    let mut forth: Vec<[f64; LABELS]> = Vec::new();
    for at in 0..scores.len() {
        let before = forth.last().copied().unwrap_or_else(|| std::array::from_fn(|label| f64::from(label == 0)));
        let sum = |to: usize| (0..LABELS).map(|from| before[from] * step(from, to)).sum::<f64>() * own(at, to);
        forth.push(std::array::from_fn(sum));
    }
    let mut after: [f64; LABELS] = std::array::from_fn(|label| f64::from(allowed(label, 0)));
    let mut found = vec![[0.0; LABELS]; scores.len()];
    for at in (0..scores.len()).rev() {
        let both: [f64; LABELS] = std::array::from_fn(|label| forth[at][label] * after[label]);
        let sum: f64 = both.iter().sum();
        found[at] = both.map(|share| share / sum);
        after = std::array::from_fn(|from| (0..LABELS).map(|to| step(from, to) * own(at, to) * after[to]).sum());
    }
    found
}

fn any_scores() -> impl Strategy<Value = (Vec<[i32; LABELS]>, Transitions)> {
    let row = || prop::collection::vec(-300..300i32, LABELS);
    let token = row().prop_map(|row| std::array::from_fn(|label| if label == 0 { 0 } else { row[label] }));
    let steps = prop::collection::vec(row(), LABELS);
    let steps = steps.prop_map(|rows| std::array::from_fn(|from| std::array::from_fn(|to| rows[from][to])));
    (prop::collection::vec(token, 1..12), steps)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_best_path_is_the_textbooks((scores, transitions) in any_scores()) {
        let model = Model::new(&transitions, SCALE);
        let lanes: Vec<_> = scores.iter().map(decode::lanes).collect();
        let mut labels = Vec::new();
        decode::best(&lanes, &model, &mut Vec::new(), &mut labels);
        let path: Vec<usize> = labels.iter().map(|label| usize::from(*label)).collect();
        prop_assert_eq!(score(&path, &scores, &transitions), Some(most(&scores, &transitions)));
    }

    #[test]
    fn the_shares_are_the_textbooks((scores, transitions) in any_scores()) {
        let model = Model::new(&transitions, SCALE);
        let lanes: Vec<_> = scores.iter().map(decode::lanes).collect();
        let mut found = vec![[0.0; decode::WIDTH]; scores.len()];
        Marginals::default().weigh(&lanes, &model, &mut found);
        for (found, due) in found.iter().zip(shares(&scores, &transitions)) {
            for label in 0..LABELS {
                prop_assert!((f64::from(found[LANES[label]]) - due[label]).abs() < 1e-4, "{:?} {:?}", found, due);
            }
            prop_assert!((found.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        }
    }
}

#[test]
fn every_label_has_a_lane_of_its_own() {
    let mut lanes = LANES.to_vec();
    lanes.sort_unstable();
    lanes.dedup();
    assert_eq!(lanes.len(), LABELS);
}
