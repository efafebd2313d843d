//! From code points to UTF-16: the same as from UTF-8 to UTF-8, whatever the text and the options.

use marsad::normalize::{Normalizer, OptionSet, Options};
use proptest::prelude::*;

/// Words and runs that go through as they are, in blocks and letter by letter, and some that do not.
const WORDS: &[&str] = &[
    "مدرسة إلى أخرى",
    "القاهرة 2025، ",
    "Reuters (CNN)",
    "ججججميل",
    "كَتَبَ",
    "  ",
    "\r\n ",
    "🇹🇳",
    "東京",
    "أبو ا\u{654}ا\u{653}",
];

/// Characters that the flat table says nothing of, deletes, drops or changes, and its edges.
const LETTERS: &str = "اويهةىآﷲﻻﷺﹶکپ٣۳aé…«， \t\n\0\u{A0}\u{2003}\u{2028}\u{3000}\u{640}\u{64B}\u{64E}\u{651}\u{653}\u{654}\u{655}\
    \u{670}\u{6D6}\u{301}\u{200C}\u{200F}\u{202E}\u{FEFF}\u{FE0F}\u{FFFD}😀𞸀\u{1D165}\u{30FF}\u{3100}\u{D7FF}\u{E000}";

fn texts() -> impl Strategy<Value = String> {
    let long = |length| "بيت كبير ".chars().cycle().take(length).collect::<String>();
    let piece = prop_oneof![
        3 => prop::sample::select(WORDS).prop_map(String::from),
        6 => prop::sample::select(LETTERS.chars().collect::<Vec<_>>()).prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
        1 => prop::char::range('\u{600}', '\u{6FF}').prop_map(String::from),
        3 => prop::sample::select(vec![0usize, 1, 14, 15, 16, 17, 30, 200]).prop_map(long),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn normalizers() -> Vec<Normalizer> {
    let set = OptionSet::builtin();
    let mut options = vec![Options::none()];
    for profile in set.profiles() {
        let profile = Options::profile(profile).unwrap();
        options.push(profile);
        for fold in set.folds() {
            options.push(profile.with(&fold.name, true).unwrap());
            options.push(profile.with(&fold.name, false).unwrap());
        }
    }
    options.extend(set.folds().iter().map(|fold| Options::none().with(&fold.name, true).unwrap()));
    options.into_iter().map(Normalizer::new).collect()
}

fn utf16(normalizer: &Normalizer, text: &str) -> String {
    let points: Vec<u32> = text.chars().map(u32::from).collect();
    let before: Vec<u16> = "قبل ".encode_utf16().collect();
    let mut units = before.clone();
    normalizer.append_utf16(&points, &mut units);
    assert_eq!(units[..before.len()], before, "what stood in the buffer stays");
    String::from_utf16(&units[before.len()..]).unwrap()
}

#[test]
fn equals_the_engine_for_every_profile_and_option() {
    let normalizers = normalizers();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let outcome = runner.run(&texts(), |text| {
        for normalizer in &normalizers {
            let expected = normalizer.normalize(&text);
            prop_assert_eq!(
                utf16(normalizer, &text),
                expected,
                "{:?}",
                normalizer.options().folds().map(|fold| &fold.name).collect::<Vec<_>>()
            );
        }
        Ok(())
    });
    outcome.unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equals_the_engine_for_any_options(text in texts(), bits in any::<u64>()) {
        let normalizer = Normalizer::new(Options::from_bits(bits));
        prop_assert_eq!(utf16(&normalizer, &text), normalizer.normalize(&text));
    }
}

#[test]
fn every_character_alone_and_between_letters() {
    for name in ["light", "search", "analysis", "skeleton"] {
        let normalizer = Normalizer::profile(name).unwrap();
        for c in ('\0'..='\u{FFFF}').chain('\u{1EC00}'..='\u{1F6FF}') {
            for text in [String::from(c), format!("ب{c} {c}\u{654}د")] {
                assert_eq!(utf16(&normalizer, &text), normalizer.normalize(&text), "U+{:04X}, {name}", c as u32);
            }
        }
    }
}

#[test]
fn what_is_no_character_is_read_as_the_replacement_character() {
    for name in ["light", "skeleton"] {
        let normalizer = Normalizer::profile(name).unwrap();
        for point in [0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0x11_0000, u32::MAX] {
            let mut units = Vec::new();
            normalizer.append_utf16(&[u32::from('ب'), point, point, u32::from('\u{64E}'), u32::from('د')], &mut units);
            assert_eq!(String::from_utf16(&units).unwrap(), "ب\u{FFFD}\u{FFFD}د");
        }
    }
}

#[test]
fn no_blank_lies_beyond_the_flat_table() {
    for fold in OptionSet::builtin().folds() {
        for c in fold.characters().into_iter().filter(|&c| fold.blank(c).is_some()) {
            assert!(c < '\u{3100}', "{}: U+{:04X}; SIZE in src/normalize/wide.rs", fold.name, c as u32);
        }
    }
}
