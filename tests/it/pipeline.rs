//! Contracts of a whole run: the same rows for any threads and batches, a result for any text, code points that slice.

use std::sync::LazyLock;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch};
use arrow_schema::SchemaRef;
use marsad::calendar::Day;
use marsad::documents::Documents;
use marsad::entity::TYPES;
use marsad::lexicon::Lexicon;
use marsad::mention::Finder;
use marsad::pipeline::{Analyzer, Findings, Scratch, schema};
use marsad::tagger::Tagger;
use proptest::prelude::*;

use crate::tokens::newsy;

pub fn analyzer(threads: usize) -> Analyzer {
    let finder = Finder::new(Lexicon::builtin(), &TYPES, Some(Tagger::builtin()), &[]).unwrap();
    Analyzer::new(finder, Some(threads)).unwrap()
}

static ONE: LazyLock<Analyzer> = LazyLock::new(|| analyzer(1));
static TWO: LazyLock<Analyzer> = LazyLock::new(|| analyzer(2));
static EIGHT: LazyLock<Analyzer> = LazyLock::new(|| analyzer(8));

/// Documents of texts and days.
pub fn documents<'a>(texts: &[Option<&'a str>], published: &[Option<Day>]) -> Documents<'a> {
    Documents { texts: texts.to_vec(), ids: Vec::new(), published: published.to_vec() }
}

pub fn analyze(analyzer: &Analyzer, documents: &Documents<'_>, first: usize) -> Findings {
    let mut findings = Findings::default();
    analyzer.analyze_documents(documents, first, &mut findings, |_| ());
    findings
}

/// The batches of a table as one, so that runs can be compared however they were cut.
pub fn one(schema: &SchemaRef, batches: &[RecordBatch]) -> RecordBatch {
    let columns = (0..schema.fields().len()).map(|place| {
        let parts: Vec<&dyn Array> = batches.iter().map(|batch| batch.column(place).as_ref()).collect();
        if parts.is_empty() {
            arrow_array::new_empty_array(schema.field(place).data_type())
        } else {
            concatenated(&parts)
        }
    });
    RecordBatch::try_new(schema.clone(), columns.collect()).unwrap()
}

fn concatenated(parts: &[&dyn Array]) -> arrow_array::ArrayRef {
    let data: Vec<arrow_data::ArrayData> = parts.iter().map(|part| part.to_data()).collect();
    let rows = data.iter().map(arrow_data::ArrayData::len).sum();
    let mut joined = arrow_data::transform::MutableArrayData::new(data.iter().collect(), true, rows);
    for (place, part) in data.iter().enumerate() {
        joined.try_extend(place, 0, part.len()).unwrap();
    }
    arrow_array::make_array(joined.freeze())
}

fn tables(findings: &Findings) -> [RecordBatch; 3] {
    let table = |name: &str, batches: &[RecordBatch]| one(&schema(name).unwrap(), batches);
    [table("documents", &findings.documents), table("mentions", &findings.mentions), table("dates", &findings.dates)]
}

fn facts(findings: &Findings) -> String {
    let facts = &findings.facts;
    format!("{:?} {:?} {:?}", facts.documents, facts.mentions, facts.days)
}

/// A corpus large enough for several pieces of work: lines of the sample articles, in turn.
pub fn corpus(rows: usize) -> Vec<String> {
    let article = include_str!("../../examples/news/03_kuwait_nato_centre.txt");
    (0..rows).map(|row| format!("{}\nالخبر رقم {row} من بغداد يوم {} مايو 2024", article, row % 30 + 1)).collect()
}

#[test]
fn threads_change_nothing() {
    let texts = corpus(300);
    let texts: Vec<Option<&str>> = texts.iter().map(|text| Some(text.as_str())).collect();
    let published = vec![Day::parse("2024-05-20"); texts.len()];
    let documents = documents(&texts, &published);
    let sequential = analyze(&ONE, &documents, 0);
    assert!(sequential.documents.len() > 2, "the corpus is one piece of work");
    for parallel in [&*TWO, &*EIGHT] {
        let found = analyze(parallel, &documents, 0);
        assert_eq!(tables(&found), tables(&sequential), "{} threads", parallel.threads());
        assert_eq!(facts(&found), facts(&sequential), "{} threads", parallel.threads());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn batches_change_nothing(
        texts in prop::collection::vec(proptest::option::of(newsy()), 0..12),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        day in proptest::option::of(0..20_000i32),
    ) {
        let texts: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
        let published = vec![day.map(Day::from_days); texts.len()];
        let whole = analyze(&ONE, &documents(&texts, &published), 0);
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(texts.len() + 1)).collect();
        places.extend([0, texts.len()]);
        places.sort_unstable();
        let mut pieces = Findings::default();
        for pair in places.windows(2) {
            let range = pair[0]..pair[1];
            pieces.append(analyze(&TWO, &documents(&texts[range.clone()], &published[range]), pair[0]));
        }
        prop_assert_eq!(tables(&pieces), tables(&whole));
        prop_assert_eq!(facts(&pieces), facts(&whole));
    }

    #[test]
    fn pieces_are_all_documents_in_order(sizes in prop::collection::vec(0..200usize, 0..40), bytes in 1..400usize) {
        let texts: Vec<String> = sizes.iter().map(|&size| "x".repeat(size)).collect();
        let texts: Vec<Option<&str>> = texts.iter().map(|text| Some(text.as_str())).collect();
        let pieces = documents(&texts, &[]).pieces(bytes);
        let places: Vec<usize> = pieces.iter().cloned().flatten().collect();
        prop_assert_eq!(places, (0..texts.len()).collect::<Vec<_>>());
        prop_assert!(pieces.iter().all(|piece| !piece.is_empty()));
    }

    #[test]
    fn code_points_slice_the_source(text in prop_oneof![3 => newsy(), 1 => any::<String>()]) {
        let findings = analyze(&ONE, &documents(&[Some(&text)], &[]), 0);
        let points: Vec<char> = text.chars().collect();
        for batch in findings.mentions.iter().chain(&findings.dates) {
            let position = |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Int64Type>().clone();
            let (starts, ends) = (position("start"), position("end"));
            let surfaces = batch.column_by_name("text").unwrap().as_string::<i32>();
            for row in 0..batch.num_rows() {
                let slice: String = points[starts.value(row) as usize..ends.value(row) as usize].iter().collect();
                prop_assert_eq!(&slice, surfaces.value(row));
                prop_assert!(!slice.is_empty());
            }
        }
        let batch = &findings.documents[0];
        let characters = batch.column_by_name("characters").unwrap().as_primitive::<Int64Type>().value(0);
        prop_assert_eq!(characters as usize, points.len());
    }
}

#[test]
fn memory_used_again_changes_nothing() {
    let texts = ["التقى محمد شياع السوداني وفدا من حلف الناتو أمس", "", "السوداني", "طرابلس\u{202E}", "بغداد"];
    let mut scratch = Scratch::default();
    let shown = |scratch: &mut Scratch, text: &str| {
        let found = ONE.analyze(text, None, scratch);
        let mentions: Vec<_> = found.mentions().map(|(mention, span, sentence)| (*mention, span, sentence)).collect();
        let dates: Vec<_> = found.dates().map(|(date, span)| (date.value.clone(), span)).collect();
        (mentions, dates, found.tokens())
    };
    for text in texts.iter().chain(texts.iter().rev()) {
        assert_eq!(shown(&mut scratch, text), shown(&mut Scratch::default(), text), "{text}");
    }
}

#[test]
fn no_text_is_too_strange() {
    let strange = [
        "",
        " ",
        "\0",
        "\u{202E}\u{202D}\u{2066}\u{2069}",
        "\u{64E}\u{651}",
        "\u{FEFF}",
        "\u{FFFD}",
        "\u{10FFFF}",
        "\u{640}\u{640}",
        "\u{654}\u{655}",
        "لل",
        "ال",
        "و",
        "وال",
        "عبد",
        "عبد ",
        "من ",
        "#",
        "@",
        "5/",
        "5/5/",
        "هـ",
        "1446هـ",
        "من 5 إلى",
        "الأحد",
        "«»",
        "يوم يوم يوم",
        "31/31/9999",
        "99999999999999999999",
        "مسقط رأس",
    ];
    for text in strange {
        let findings = analyze(&ONE, &documents(&[Some(text), None], &[]), 0);
        assert_eq!(findings.facts.documents.len(), 2, "{text:?}");
    }
    for piece in ["ا", "و", " ", "\n", "عبد ", "الأمم ", "5/", "بغداد ", "السوداني ", "\u{64E}", "\u{202E}", "😀"]
    {
        let text = piece.repeat(1_000_000 / piece.len());
        let findings = analyze(&ONE, &documents(&[Some(&text)], &[]), 0);
        assert_eq!(findings.facts.documents.len(), 1, "{piece:?}");
    }
}

#[test]
fn ids_are_the_caller_s_or_the_number_in_the_run() {
    let mut documents = documents(&[Some("أ"), Some("ب")], &[]);
    documents.ids = vec![Some("x".into()), None];
    let findings = analyze(&ONE, &documents, 10);
    let ids: Vec<&str> = findings.facts.documents.iter().map(|(id, _)| &**id).collect();
    assert_eq!(ids, ["x", "11"]);
}
