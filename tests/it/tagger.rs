//! The tagger: weights files that are refused, labels that follow each other, and the short cuts against the slow way.

use std::path::Path;
use std::sync::LazyLock;

use marsad::tagger::weights::{self, NAMED, Trained, VERSION, Weights};
use marsad::tagger::{self, LABELS, Label, Place, Register, Scratch, TYPES, Tagger, feature, follows, label, place};
use proptest::prelude::*;

use crate::mention::Read;
use crate::tokens::newsy;

static TAGGER: LazyLock<std::sync::Arc<Tagger>> = LazyLock::new(Tagger::builtin);

/// A model of a few features.
fn small() -> Vec<u8> {
    let table = Trained { transitions: vec![0; LABELS * LABELS], features: vec![(5, [1; NAMED]), (9, [-1; NAMED])] };
    weights::write(&[table.clone(), table], 20.0)
}

fn fault(bytes: &[u8]) -> String {
    Weights::parse(Path::new("mine.bin"), bytes).expect_err("a broken file").to_string()
}

#[test]
fn a_broken_file_is_named_with_its_checksum() {
    let good = small();
    let weights = Weights::parse(Path::new("mine.bin"), &good).unwrap();
    assert_eq!(weights.features().collect::<Vec<_>>(), [2, 2]);
    for at in 20..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        let told = fault(&bad);
        assert!(
            told.contains("mine.bin") && told.contains("checksum") && told.contains("damaged"),
            "byte {at}: {told}"
        );
    }
    for len in 0..good.len() {
        assert!(fault(&good[..len]).contains("mine.bin"), "cut to {len} bytes");
    }
    let mut longer = good.clone();
    longer.push(0);
    assert!(fault(&longer).contains("checksum"));
    assert!(fault(b"<html>404</html>").contains("make train"));
}

#[test]
fn another_version_is_told_from_damage() {
    let mut other = small();
    other[8] += 1;
    let told = fault(&other);
    let [found, due] = [VERSION + 1, VERSION].map(|version| format!("version {version}"));
    assert!(told.contains(&found) && told.contains(&due) && told.contains("make train"), "{told}");
}

#[test]
fn a_head_that_promises_too_much_is_refused() {
    // The count of features is raised, and the checksum made to fit.
    let mut body = small()[20..].to_vec();
    body[4] = 200;
    assert!(fault(&weights::sealed(&body)).contains("do not hold what their head says"));
}

#[test]
fn keys_that_are_no_hashes_are_refused_in_time() {
    let features = (1..100_000).map(|key| (key, [1; NAMED])).collect();
    let table = Trained { transitions: vec![0; LABELS * LABELS], features };
    assert!(fault(&weights::write(&[table.clone(), table], 20.0)).contains("do not hold what their head says"));
}

#[test]
fn labels_are_places_in_names() {
    for of in 0..LABELS as Label {
        match place(of) {
            None => assert_eq!(of, 0),
            Some((kind, at)) => assert_eq!(label(kind, at), of),
        }
    }
    let (first, inside, last, alone) =
        (label(0, Place::First), label(0, Place::Inside), label(0, Place::Last), label(0, Place::Alone));
    for (one, next, allowed) in [
        (0, 0, true),
        (0, first, true),
        (0, alone, true),
        (0, inside, false),
        (0, last, false),
        (first, last, true),
        (first, inside, true),
        (first, 0, false),
        (first, label(1, Place::Last), false),
        (inside, alone, false),
        (last, first, true),
        (alone, alone, true),
        (alone, last, false),
    ] {
        assert_eq!(follows(one, next), allowed, "{one} {next}");
    }
}

#[test]
fn both_registers_have_weights() {
    for (register, features) in Register::ALL.iter().zip(TAGGER.weights().features()) {
        assert!(features > 10_000, "{register:?}");
    }
    let size = include_bytes!("../../models/tagger.bin").len();
    assert!(size <= 5_000_000, "{size} bytes of weights");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn names_lie_apart_in_order_and_within_a_sentence(text in prop_oneof![newsy(), any::<String>()]) {
        let read = Read::of(&text);
        let mut scratch = Scratch::default();
        TAGGER.tag(read.reading(), &read.evidence, &mut scratch);
        let mut end = 0;
        for name in scratch.names() {
            prop_assert!(end <= name.first && name.first < name.last && name.last as usize <= read.tokens.len());
            prop_assert!(name.kind < TYPES.len() && (0.0..=1.0).contains(&name.score));
            prop_assert_eq!(read.sentences[name.first as usize], read.sentences[name.last as usize - 1]);
            end = name.last;
        }
        for token in 0..read.tokens.len() {
            let sum: f32 = (0..LABELS).map(|label| scratch.share(token, label as Label)).sum();
            prop_assert!((sum - 1.0).abs() < 1e-3, "{sum} at {token}");
        }
    }

    #[test]
    fn words_added_up_once_give_what_all_features_give(text in newsy()) {
        let read = Read::of(&text);
        let (mut scratch, mut fresh) = (Scratch::default(), Scratch::default());
        // The second time every word is known.
        TAGGER.tag(read.reading(), &read.evidence, &mut scratch);
        TAGGER.tag(read.reading(), &read.evidence, &mut scratch);
        TAGGER.tag(read.reading(), &read.evidence, &mut fresh);
        prop_assert_eq!(scratch.names(), fresh.names());
        for at in 0..read.tokens.len() {
            let mut features = Vec::new();
            feature::features(read.reading(), read.evidence.rows(), at, |_, feature| features.push(feature));
            let slow = TAGGER.weights().sum(&features, read.evidence.register());
            prop_assert_eq!(TAGGER.scores(read.reading(), &read.evidence, &mut fresh, at), slow);
        }
    }
}

#[test]
fn the_register_is_known_by_punctuation() {
    for (text, expected) in [
        ("قال الوزير ، أمس ، إن الوضع جيد .", Register::Tokenized),
        ("قال الوزير، أمس، إن الوضع جيد.", Register::Running),
        ("عنوان بلا علامات", Register::Running),
        ("", Register::Running),
    ] {
        assert_eq!(Read::of(text).evidence.register(), expected, "{text}");
    }
    assert_eq!(tagger::TYPES, ["PER", "ORG", "LOC"]);
}
