//! Contracts of the normalizer: total, idempotent, equal to the reference, offsets that hold.

use marsad::normalize::{Normalizer, OptionSet, Options, Path};
use marsad::span::{NormSpan, SourceSpan};
use proptest::prelude::*;

use crate::reference;

/// Characters that the options speak of, their neighbours, and some that none does.
pub fn hostile() -> impl Strategy<Value = String> {
    let letters = proptest::char::ranges(
        vec!['\u{0600}'..='\u{06FF}', '\u{08A0}'..='\u{08FF}', '\u{FE70}'..='\u{FEFF}', '\u{FDF0}'..='\u{FDFF}'].into(),
    );
    let few = prop::sample::select(
        "اأإآٱوؤيىئءهةكک \n\t\r\u{A0}\u{2028}\u{200C}\u{200F}\u{202E}\u{FEFF}\u{640}\u{64B}\u{64E}\u{651}\u{653}\u{654}\u{655}\u{670}ﷲﻻ٣۳aZ09.,،…😀🇹🇳é\u{301}"
            .chars()
            .collect::<Vec<_>>(),
    );
    prop::collection::vec(prop_oneof![4 => few, 2 => letters, 1 => any::<char>()], 0..40)
        .prop_map(|chars| chars.into_iter().collect())
}

/// Long runs of common letters with something else here and there, as texts are.
fn prose() -> impl Strategy<Value = String> {
    let common = prop::sample::select("ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآةىؤئ، .".chars().collect::<Vec<_>>());
    let run = prop::collection::vec(common, 0..90).prop_map(|letters| letters.into_iter().collect::<String>());
    prop::collection::vec((run, hostile()), 0..4)
        .prop_map(|parts| parts.into_iter().flat_map(|(run, odd)| [run, odd.chars().take(6).collect()]).collect())
}

/// Prose with every kind of character that blocks let pass or stop at, and some three times in a row.
fn blocks() -> impl Strategy<Value = String> {
    let odd = "\u{640}\u{64B}\u{64E}\u{650}\u{651}\u{652}\u{670}\u{671}\u{610}\u{61C}\u{653}\u{654}٠٩٪؛؟ٲٶٹپڤی\u{A0}–«»é😀\t\r\n \u{7F}\u{0}";
    let odd = prop::sample::select(odd.chars().collect::<Vec<_>>());
    let common = prop::sample::select("ابتسلمنهويأإآةىؤئ، \n.a".chars().collect::<Vec<_>>());
    let some = prop_oneof![12 => common.clone(), 2 => Just(' '), 3 => odd.clone()];
    let run = prop_oneof![
        2 => prop::collection::vec(common, 0..50).prop_map(|letters| letters.into_iter().collect::<String>()),
        3 => prop::collection::vec(some, 0..70).prop_map(|letters| letters.into_iter().collect::<String>()),
        1 => (odd, 1..4_usize).prop_map(|(c, times)| c.to_string().repeat(times)),
        1 => (prop::sample::select(vec!["م", "ا", "أ", "ة", " ", "ا\u{654}", "م\u{640}"]), 2..6_usize)
            .prop_map(|(letter, times)| letter.repeat(times)),
    ];
    prop::collection::vec(run, 0..6).prop_map(|parts| parts.concat())
}

/// The options on each path that this machine has, and on the one that is taken.
fn paths(options: &Options) -> Vec<Normalizer> {
    let taken = Normalizer::new(*options);
    let paths = [Path::Letters, Path::Blocks, Path::Vectors].into_iter();
    paths.filter_map(|path| taken.clone().by(path)).chain([taken.clone()]).collect()
}

/// Options at random, and the profiles.
fn usual_options() -> impl Strategy<Value = Options> {
    let profiles = prop::sample::select(vec!["light", "search", "analysis", "skeleton"]);
    prop_oneof![profiles.prop_map(|name| Options::profile(name).unwrap()), options()]
}

fn options() -> impl Strategy<Value = Options> {
    any::<u64>().prop_map(Options::from_bits)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equals_the_reference(text in hostile(), options in options()) {
        let expected: String = reference::normalize(&options, &text).into_iter().map(|(c, _)| c).collect();
        let normalizer = Normalizer::new(options);
        prop_assert_eq!(&normalizer.normalize(&text), &expected);
        prop_assert_eq!(&normalizer.align(&text).text, &expected);
    }

    #[test]
    fn prose_equals_the_reference(text in prose(), options in usual_options()) {
        let expected: String = reference::normalize(&options, &text).into_iter().map(|(c, _)| c).collect();
        let normalizer = Normalizer::new(options);
        prop_assert_eq!(&normalizer.normalize(&text), &expected);
        prop_assert_eq!(&normalizer.align(&text).text, &expected);
        let mut after_another = String::from("ب ");
        normalizer.append_to(&text, &mut after_another);
        prop_assert_eq!(&after_another[3..], &expected);
    }

    #[test]
    fn every_path_gives_the_same(text in blocks(), options in usual_options()) {
        let expected: String = reference::normalize(&options, &text).into_iter().map(|(c, _)| c).collect();
        let normalizers = paths(&options);
        let plain = normalizers[0].align(&text);
        for normalizer in normalizers {
            prop_assert_eq!(&normalizer.normalize(&text), &expected);
            let aligned = normalizer.align(&text);
            prop_assert_eq!(&aligned.text, &expected);
            prop_assert_eq!(&aligned.map, &plain.map);
        }
    }

    #[test]
    fn is_idempotent(text in hostile(), options in options()) {
        let normalizer = Normalizer::new(options);
        let once = normalizer.normalize(&text);
        prop_assert_eq!(normalizer.normalize(&once), once);
    }

    #[test]
    fn offsets_are_monotone_and_whole(text in hostile(), options in options()) {
        let aligned = Normalizer::new(options).align(&text);
        let map = &aligned.map;
        prop_assert_eq!(map.to_source(NormSpan::new(0, aligned.text.len())), SourceSpan::new(0, text.len()));
        prop_assert_eq!(map.to_normalized(SourceSpan::new(0, text.len())), NormSpan::new(0, aligned.text.len()));
        let bounds: Vec<usize> = (0..=aligned.text.len()).filter(|&i| aligned.text.is_char_boundary(i)).collect();
        let mut last = 0;
        for pair in bounds.windows(2) {
            let span = map.to_source(NormSpan::new(pair[0], pair[1]));
            prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            prop_assert!(span.start >= last || aligned.text.len() == pair[1] - pair[0], "{:?} after {last}", span);
            last = span.start;
        }
    }

    #[test]
    fn offsets_equal_the_reference(text in hostile(), options in options()) {
        let options = options.with("elongation", false).unwrap();
        let pieces = reference::normalize(&options, &text);
        let aligned = Normalizer::new(options).align(&text);
        let mut at = 0;
        for (c, range) in &pieces {
            let span = NormSpan::new(at, at + c.len_utf8());
            at = span.end;
            if pieces.len() > 1 {
                let found = aligned.map.to_source(span);
                prop_assert_eq!((found.start, found.end), (range.start, range.end), "{:?} in {:?}", c, &aligned);
            }
        }
    }

    #[test]
    fn a_source_slice_normalizes_to_the_same(text in hostile(), cut in any::<(prop::sample::Index, prop::sample::Index)>()) {
        let normalizer = Normalizer::profile("analysis").unwrap();
        let aligned = normalizer.align(&text);
        let bounds: Vec<usize> = (0..=aligned.text.len()).filter(|&i| aligned.text.is_char_boundary(i)).collect();
        let (a, b) = (cut.0.index(bounds.len()), cut.1.index(bounds.len()));
        let span = NormSpan::new(bounds[a.min(b)], bounds[a.max(b)]);
        let source = aligned.to_source(&text, span);
        let again = normalizer.normalize(source.of(&text));
        // A combining hamza cut off from its letter leaves the bare letter: only such text may differ.
        let joins = text.contains(['\u{653}', '\u{654}', '\u{655}']);
        prop_assert!(joins || again.contains(span.of(&aligned.text)), "{again:?} of {:?}", source.of(&text));
    }
}

#[test]
fn every_option_changes_its_own_characters_and_nothing_else() {
    for fold in OptionSet::builtin().folds() {
        let only = Normalizer::new(Options::none().with(&fold.name, true).unwrap());
        assert_eq!(only.normalize("Arabic العراق"), "Arabic العراق", "{}", fold.name);
        let touched: String = fold.characters().into_iter().collect();
        let stretched: String = touched.chars().flat_map(|c| ['\u{648}', c, c, c]).collect();
        assert_ne!(only.normalize(&stretched), stretched, "{}", fold.name);
    }
}

#[test]
fn unknown_names_are_refused_with_the_known_ones() {
    let fault = Options::profile("serach").unwrap_err().to_string();
    assert!(fault.contains("serach") && fault.contains("light") && fault.contains("skeleton"), "{fault}");
    let fault = Options::none().with("alif", true).unwrap_err().to_string();
    assert!(fault.contains("alif") && fault.contains("alef_maqsura"), "{fault}");
}
