//! Which names become mentions of whom: votes, links, what stands again, the stop list, and reasons.

use std::sync::LazyLock;
use std::time::Instant;

use marsad::date::{self, Dates};
use marsad::entity::{self, Recognizer, TYPES, rule};
use marsad::lexicon::{self, Lexicon};
use marsad::mention::{Finder, Source};
use marsad::normalize::Normalizer;
use marsad::pipeline::Analyzer;
use marsad::tagger::{Evidence, Tagger};
use marsad::token::{self, Token, sentence};
use marsad::words::{Cache, Look, Reading, Words};
use proptest::prelude::*;

use crate::tokens::newsy;

static NORMALIZER: LazyLock<Normalizer> = LazyLock::new(|| Normalizer::profile("analysis").unwrap());
static RECOGNIZER: LazyLock<Recognizer> = LazyLock::new(|| Recognizer::new(Lexicon::builtin(), &TYPES, true).unwrap());
static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| analyzer(&[]));

/// A text as the tagger reads it.
pub struct Read {
    pub text: String,
    pub tokens: Vec<Token>,
    pub sentences: Vec<u32>,
    pub looks: Vec<Look>,
    pub evidence: Evidence,
}

impl Read {
    pub fn of(text: &str) -> Self {
        let text = NORMALIZER.normalize(text);
        let (mut tokens, mut sentences, mut looks) = (Vec::new(), Vec::new(), Vec::new());
        token::tokenize(&text, &mut tokens);
        sentence::number(&text, &tokens, &mut sentences);
        Words::builtin().look(&text, &tokens, &mut Cache::default(), &mut looks);
        let (mut scratch, mut mentions, mut proposals) = (entity::Scratch::default(), Vec::new(), Vec::new());
        RECOGNIZER.find(&text, &tokens, &mut scratch, &mut mentions);
        let mut dates = Vec::new();
        Dates::builtin().find(&text, &tokens, &mut date::Scratch::default(), &mut dates);
        let lexicon = RECOGNIZER.lexicon();
        let reading = Reading { text: &text, tokens: &tokens, sentences: &sentences, looks: &looks };
        rule::propose(reading, &mut proposals);
        let mut evidence = Evidence::default();
        evidence.read(reading, lexicon, scratch.hits(), &mentions, &proposals, dates.iter().map(|date| date.span));
        Self { text, tokens, sentences, looks, evidence }
    }

    pub fn reading(&self) -> Reading<'_> {
        Reading { text: &self.text, tokens: &self.tokens, sentences: &self.sentences, looks: &self.looks }
    }
}

fn analyzer(stop: &[&str]) -> Analyzer {
    Analyzer::new(Finder::new(Lexicon::builtin(), &TYPES, Some(Tagger::builtin()), stop).unwrap(), Some(1)).unwrap()
}

/// Surface, id and source of each mention.
fn found(analyzer: &Analyzer, text: &str) -> Vec<(String, String, Source)> {
    let mut scratch = analyzer.scratch();
    let found = analyzer.analyze(text, None, &mut scratch);
    let mentions = found.mentions();
    mentions.map(|(one, span, _)| (span.of(text).to_owned(), found.entity(one).id.to_owned(), one.source)).collect()
}

fn ids(text: &str) -> Vec<String> {
    found(&ANALYZER, text).into_iter().map(|(surface, id, _)| format!("{surface} = {id}")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mentions_lie_apart_and_in_order(text in prop_oneof![3 => newsy(), 1 => any::<String>()]) {
        let mut scratch = ANALYZER.scratch();
        let found = ANALYZER.analyze(&text, None, &mut scratch);
        let mut end = 0;
        for (mention, span, _) in found.mentions() {
            prop_assert!(end <= span.start && span.start < span.end && span.end <= text.len());
            prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            prop_assert!((0.0..=1.0).contains(&mention.score));
            prop_assert!(!found.entity(mention).id.is_empty() && !found.entity(mention).name.is_empty());
            end = span.end;
        }
    }

    #[test]
    fn memory_that_was_used_changes_nothing(one in newsy(), other in newsy()) {
        let alone = found(&ANALYZER, &one);
        found(&ANALYZER, &other);
        prop_assert_eq!(alone, found(&ANALYZER, &one));
    }
}

#[test]
fn two_names_in_one_ligature_are_one() {
    // U+FDFB is normalized to two words, each of which may be read as part of a name.
    let text = "...اßؤا\u{FDFB}ﺅé";
    let mut scratch = ANALYZER.scratch();
    let found = ANALYZER.analyze(text, None, &mut scratch);
    let spans: Vec<_> = found.mentions().map(|(_, span, _)| span).collect();
    assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{spans:?}");
}

#[test]
fn a_suffix_is_no_short_form() {
    let text = "وصل الدكتور سمير نصار جونيور أمس. وقال نصار جونيور إن جونيور آخر سيأتي.";
    let found = ids(text);
    assert!(found.contains(&"سمير نصار جونيور = PER:سمير نصار جونيور".to_owned()), "{found:?}");
    assert!(!found.contains(&"جونيور = PER:سمير نصار جونيور".to_owned()), "{found:?}");
}

#[test]
fn short_forms_are_their_full_names() {
    let text = "قالت الدكتورة سميرة نصار إن الخطة جاهزة. وأضافت نصار أن العمل يبدأ غدا.";
    assert_eq!(ids(text), ["سميرة نصار = PER:سميره نصار", "نصار = PER:سميره نصار"]);
}

#[test]
fn two_people_of_one_family_stay_apart() {
    let text = "التقى الوزير سامر الحداد شقيقه ماهر الحداد. وقال سامر الحداد إنه مطمئن، فيما رفض ماهر الحداد التعليق.";
    let ids: Vec<String> = found(&ANALYZER, text).into_iter().map(|(_, id, _)| id).collect();
    assert_eq!(ids, ["PER:سامر الحداد", "PER:ماهر الحداد", "PER:سامر الحداد", "PER:ماهر الحداد"]);
}

#[test]
fn a_letter_more_or_less_in_a_long_name_is_the_same_one() {
    let text = "وصل المبعوث ألكسندر فيلدهاوزن إلى عمان. وقال ألكسندر فيلدهاوزين إن اللقاء مثمر.";
    let people: Vec<String> =
        found(&ANALYZER, text).into_iter().map(|(_, id, _)| id).filter(|id| id.starts_with("PER")).collect();
    assert_eq!(people.len(), 2, "{people:?}");
    assert_eq!(people[0], people[1]);
}

#[test]
fn two_names_that_a_letter_tells_apart_stay_apart() {
    let text =
        "التقى الوزير محمد حسين الزبيدي نظيره محمد حسن الزبيدي. وقال الدكتور سعيد الحداد للدكتور سعد الحداد إنه مطمئن.";
    let people: std::collections::BTreeSet<String> =
        found(&ANALYZER, text).into_iter().map(|(_, id, _)| id).filter(|id| id.starts_with("PER:")).collect();
    assert_eq!(people.len(), 4, "{people:?}");
}

#[test]
fn an_acronym_in_brackets_is_the_body_before_it() {
    let text = "أعلنت الجمعية الوطنية لحماية المستهلك (NSCP) حملة جديدة، وقالت NSCP إنها مجانية.";
    let found = ids(text);
    assert_eq!(found.len(), 3, "{found:?}");
    let id = |at: usize| found[at].split(" = ").nth(1).unwrap().to_owned();
    assert!(id(0) == id(1) && id(1) == id(2), "{found:?}");
}

#[test]
fn names_on_the_stop_list_are_no_mentions() {
    let text = "زار الوفد القاهرة وبغداد.";
    assert_eq!(found(&ANALYZER, text).len(), 2);
    let left: Vec<String> = found(&analyzer(&["القاهره"]), text).into_iter().map(|(_, id, _)| id).collect();
    assert_eq!(left, ["BAGHDAD"], "the list is folded as texts are");
}

#[test]
fn the_callers_names_stand_whatever_the_tagger_says() {
    let rows = "id\ttype\talias\nMINE\tORG\tأن العمل\nSHIP\tSHIP\tيبدأ\n";
    let source = lexicon::Source::parse("mine.tsv", 1, rows).unwrap();
    let lexicon = Lexicon::extended(vec![source], true).unwrap();
    let types = ["ORG", "SHIP"];
    let finder = Finder::new(lexicon, &types, Some(Tagger::builtin()), &[]).unwrap();
    let analyzer = Analyzer::new(finder, Some(1)).unwrap();
    let ids: Vec<String> =
        found(&analyzer, "قال الوزير أن العمل يبدأ في بغداد").into_iter().map(|(_, id, _)| id).collect();
    assert_eq!(ids, ["MINE", "SHIP"]);
}

#[test]
fn every_mention_has_its_reason_and_what_is_none_has_one_too() {
    let text = "قالت سميرة نصار في بغداد إن كأس آسيا للجميع، وإن السوداني غائب";
    let mut scratch = ANALYZER.scratch();
    let mentions = ANALYZER.analyze(text, None, &mut scratch).mentions().count();
    let reasons = ANALYZER.explain(text, &scratch);
    assert_eq!(reasons.iter().filter(|(reason, _)| reason.found).count(), mentions);
    assert!(reasons.iter().all(|(reason, _)| !reason.why.is_empty()));
    let why = |id: &str| {
        let told = reasons.iter().find(|(reason, _)| reason.id == id).unwrap_or_else(|| panic!("no reason for {id}"));
        (told.0.found, told.0.why.clone())
    };
    assert!(why("BAGHDAD").0 && why("BAGHDAD").1.contains("alias of BAGHDAD that needs nothing"));
    assert!(!why("ASIA").0 && why("ASIA").1.contains("cup, league or agreement"));
}

#[test]
fn work_is_linear_in_hostile_texts() {
    let time = |text: &str| {
        let mut scratch = ANALYZER.scratch();
        ANALYZER.analyze(text, None, &mut scratch);
        let start = Instant::now();
        ANALYZER.analyze(text, None, &mut scratch);
        start.elapsed().as_secs_f64()
    };
    for piece in [
        "محمد علي حسن ",
        "قال السيد سمير نصار. ",
        "(شركة النور) ",
        "منظمة النور (ضاضاض) ",
        "«",
        "الوزير ",
        "وسميرنصارالحداد",
    ] {
        let few = time(&piece.repeat(2_000)).max(0.002);
        let many = time(&piece.repeat(16_000));
        assert!(many < few * 8.0 * 6.0, "{piece}: {few:.4} s, eight times as much {many:.4} s");
    }
}
