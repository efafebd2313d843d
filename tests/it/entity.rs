//! Which aliases become mentions: the contracts of the recognizer, for any text.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use marsad::entity::{Mention, Recognizer, Scratch, Source, TYPES};
use marsad::lexicon::{self, Lexicon, Needs};
use marsad::normalize::{Normalized, Normalizer};
use marsad::token::{self, Token};
use proptest::prelude::*;

use crate::tokens::newsy;

static RECOGNIZER: LazyLock<Recognizer> = LazyLock::new(|| Recognizer::new(Lexicon::builtin(), &TYPES, true).unwrap());
static ALONE: LazyLock<Recognizer> = LazyLock::new(|| Recognizer::new(Lexicon::builtin(), &TYPES, false).unwrap());
static NORMALIZER: LazyLock<Normalizer> = LazyLock::new(|| Normalizer::profile("analysis").unwrap());

/// The aliases that need nothing, as the tokens of their normalized text.
static SURE: LazyLock<HashSet<Vec<String>>> = LazyLock::new(|| {
    let sources = Lexicon::builtin_sources().unwrap();
    let rows = sources.iter().flat_map(|source| &source.rows).filter(|row| row.needs == Needs::Nothing);
    rows.map(|row| words(&row.alias)).collect()
});

fn words(text: &str) -> Vec<String> {
    let text = NORMALIZER.normalize(text);
    let mut tokens = Vec::new();
    token::tokenize(&text, &mut tokens);
    tokens.iter().map(|token| token.word(&text).to_owned()).collect()
}

struct Run {
    normalized: Normalized,
    tokens: Vec<Token>,
    mentions: Vec<Mention>,
}

fn run(recognizer: &Recognizer, text: &str) -> Run {
    let normalized = NORMALIZER.align(text);
    let (mut tokens, mut mentions) = (Vec::new(), Vec::new());
    token::tokenize(&normalized.text, &mut tokens);
    recognizer.find(&normalized.text, &tokens, &mut Scratch::default(), &mut mentions);
    Run { normalized, tokens, mentions }
}

/// Surface and id of each mention.
fn found(recognizer: &Recognizer, text: &str) -> Vec<(String, String)> {
    let run = run(recognizer, text);
    let entities = recognizer.lexicon().entities();
    let surface = |mention: &Mention| run.normalized.to_source(text, mention.span).of(text).to_owned();
    run.mentions.iter().map(|mention| (surface(mention), entities[mention.entity as usize].id.to_string())).collect()
}

fn names() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "محمد شياع السوداني",
        "السوداني",
        "بشار الأسد",
        "الأسد",
        "نواف سلام",
        "سلام",
        "ميشال عون",
        "جوزيف عون",
        "عون",
        "قيس سعيد",
        "سعيد",
        "طرابلس",
        "طرابلس اللبنانية",
        "عمان",
        "سلطنة عمان",
        "مسقط",
        "مسقط رأسه",
        "الأمم المتحدة",
        "للأمم المتحدة",
        "وبالرياض",
        "حزب",
        "النهضة",
        "قناة",
        "الجزيرة",
        "فريق",
        "الوداد",
        "الرئيس",
        "وزارة الدفاع العراقية",
        "وزارة",
        "العراق",
        "للعراق",
        "NATO",
        "عبدالله الثاني",
        "عَبْدِ اللهِ الثاني",
        "ال\u{640}عراق",
        "تل-أبيب",
        "«",
        "»",
        ".",
        "،",
        "قال",
        "إن",
        "و",
        "\u{200F}",
    ]);
    let glue = prop::sample::select(vec![" ", " ", " ", " ", "", "\n"]);
    prop::collection::vec((pieces, glue), 0..24)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, glue)| [piece, glue]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mentions_lie_in_the_text_apart_and_in_order(text in prop_oneof![3 => names(), 1 => newsy(), 1 => any::<String>()]) {
        let run = run(&RECOGNIZER, &text);
        let mut end = 0;
        for mention in &run.mentions {
            let (start, stop) = (mention.span.start, mention.span.end);
            prop_assert!(end <= start && start < stop && stop <= run.normalized.text.len(), "{:?} after {end}", mention.span);
            prop_assert!(run.normalized.text.is_char_boundary(start) && run.normalized.text.is_char_boundary(stop));
            prop_assert!(run.tokens.iter().any(|token| token.span.end == stop), "ends inside a word");
            let first = run.tokens[mention.token as usize].span;
            prop_assert!(first.start <= start && start < first.end);
            let source = run.normalized.to_source(&text, mention.span);
            prop_assert!(source.end <= text.len() && !source.of(&text).is_empty());
            prop_assert!(!source.of(&text).starts_with(char::is_whitespace) && !source.of(&text).ends_with(char::is_whitespace));
            prop_assert!((0.0..=1.0).contains(&mention.score));
            end = stop;
        }
    }

    #[test]
    fn a_slice_of_a_sure_mention_is_an_alias_again(text in names()) {
        let run = run(&RECOGNIZER, &text);
        for mention in run.mentions.iter().filter(|mention| mention.source == Source::Lexicon) {
            let surface = run.normalized.to_source(&text, mention.span).of(&text);
            let all = words(surface);
            // The singular head of an organisation belongs to its name, and to no alias.
            let known = is_sure(&all) || (all.len() > 1 && is_sure(&all[1..]));
            prop_assert!(known, "{surface} in {text}");
        }
    }

    #[test]
    fn linking_adds_mentions_and_takes_none_away(text in names()) {
        let alone = run(&ALONE, &text);
        let linked = run(&RECOGNIZER, &text);
        for mention in &alone.mentions {
            prop_assert_eq!(mention.source, Source::Lexicon);
            let covered = linked.mentions.iter().any(|other| other.span.overlaps(mention.span));
            prop_assert!(covered, "{} is lost in {text}", mention.span.of(&alone.normalized.text));
        }
    }
}

/// True if the words are a sure alias, in one of the ways to write it.
fn is_sure(words: &[String]) -> bool {
    let contracted = words[0].strip_prefix("لل").map(|rest| {
        let mut words = words.to_vec();
        words[0] = format!("ال{rest}");
        words
    });
    let parted: Vec<String> = words.iter().filter(|word| *word != "-").cloned().collect();
    let joined = words.join(" ").replace("عبد الله", "عبدالله").split(' ').map(str::to_owned).collect();
    let apart = words.join(" ").replace("عبدالله", "عبد الله").split(' ').map(str::to_owned).collect();
    let known = [Some(words.to_vec()), contracted, Some(parted), Some(joined), Some(apart)];
    known.into_iter().flatten().any(|words| SURE.contains(&words))
}

fn recognizer(rows: &str, types: &[&str]) -> Recognizer {
    let source = lexicon::Source::parse("x.tsv", 1, &format!("id\ttype\tneeds\talias\n{rows}")).unwrap();
    Recognizer::new(Arc::new(Lexicon::new(&[source]).unwrap()), types, true).unwrap()
}

fn pairs(found: &[(String, String)]) -> Vec<(&str, &str)> {
    found.iter().map(|(surface, id)| (surface.as_str(), id.as_str())).collect()
}

#[test]
fn of_two_that_overlap_the_first_stays_and_of_those_the_longest() {
    let recognizer = recognizer("A\tLOC\t-\tضاض\nB\tLOC\t-\tضاض طاط\nC\tLOC\t-\tطاط ظاظ\n", &["LOC"]);
    assert_eq!(pairs(&found(&recognizer, "ضاض طاط ظاظ")), [("ضاض طاط", "B")]);
    assert_eq!(pairs(&found(&recognizer, "ضاض، طاط ظاظ")), [("ضاض", "A"), ("طاط ظاظ", "C")]);
}

#[test]
fn the_entity_named_in_the_document_wins_the_nearest_before_it_first() {
    let rows = "A\tPER\t-\tضاض طاط\nA\tPER\tfull-name\tطاط\nB\tPER\t-\tظاظ طاط\nB\tPER\tfull-name\tطاط\n";
    let recognizer = recognizer(rows, &["PER"]);
    assert!(found(&recognizer, "طاط").is_empty());
    assert_eq!(pairs(&found(&recognizer, "ضاض طاط قال. طاط")), [("ضاض طاط", "A"), ("طاط", "A")]);
    let both = found(&recognizer, "ضاض طاط ثم ظاظ طاط ثم طاط");
    assert_eq!(pairs(&both), [("ضاض طاط", "A"), ("ظاظ طاط", "B"), ("طاط", "B")]);
    let later = found(&recognizer, "طاط ثم ظاظ طاط ثم ضاض طاط");
    assert_eq!(pairs(&later)[0], ("طاط", "B"), "with none before it, the nearest after it");
}

#[test]
fn a_head_word_announces_names_of_its_class_only() {
    let recognizer = recognizer("A\tLOC\thead\tضاض\nB\tORG\thead\tطاط\n", &["LOC", "ORG"]);
    for (text, expected) in [
        ("ضاض", vec![]),
        ("مدينة ضاض", vec![("ضاض", "A")]),
        ("بمدينة ضاض", vec![("ضاض", "A")]),
        ("المدينة ضاض", vec![]),
        ("مدينة «ضاض»", vec![("ضاض", "A")]),
        ("مدينة. ضاض", vec![]),
        ("مدينة\nضاض", vec![]),
        ("شركة ضاض", vec![]),
        ("شركة طاط", vec![("شركة طاط", "B")]),
        ("بشركة طاط", vec![("شركة طاط", "B")]),
        ("شركة «طاط»", vec![("طاط", "B")]),
        ("تنظيم طاط", vec![("طاط", "B")]),
        ("مدينة ضاض ثم ضاض", vec![("ضاض", "A")]),
        ("شبه جزيرة ضاض", vec![("ضاض", "A")]),
    ] {
        assert_eq!(pairs(&found(&recognizer, text)), expected, "{text}");
    }
}

#[test]
fn a_type_that_is_not_asked_for_is_left_out_and_an_unknown_one_refused() {
    let rows = "A\tSHIP\t-\tضاض\nB\tLOC\t-\tطاط\n";
    assert_eq!(pairs(&found(&recognizer(rows, &["LOC"]), "ضاض طاط")), [("طاط", "B")]);
    assert_eq!(pairs(&found(&recognizer(rows, &["SHIP"]), "ضاض طاط")), [("ضاض", "A")]);
    let fault = Recognizer::new(Lexicon::builtin(), &["SHOP"], true).unwrap_err().to_string();
    assert!(fault.contains("types") && fault.contains("SHOP") && fault.contains("PER"), "{fault}");
    assert!(Recognizer::new(Lexicon::extended(Vec::new(), false).unwrap(), &TYPES, true).is_ok());
}

#[test]
fn a_place_counts_after_a_preposition_and_then_everywhere() {
    let recognizer = recognizer("A\tLOC\tplace\tضاض\n", &["LOC"]);
    for (text, expected) in [
        ("ضاض", 0),
        ("في ضاض", 1),
        ("وفي ضاض", 1),
        ("من ضاض", 0),
        ("مدينة ضاض", 1),
        ("في\nضاض", 0),
        ("ضاض ثم في ضاض ثم ضاض", 3),
    ] {
        assert_eq!(found(&recognizer, text).len(), expected, "{text}");
    }
}

#[test]
fn a_name_after_an_event_is_part_of_the_event() {
    let recognizer = recognizer("A\tLOC\t-\tضاض\n", &["LOC"]);
    for (text, expected) in [("كأس ضاض", 0), ("بطولة ضاض", 0), ("كأس\nضاض", 1), ("ضاض وكأس ضاض", 1), ("كأس في ضاض", 1)]
    {
        assert_eq!(found(&recognizer, text).len(), expected, "{text}");
    }
}
