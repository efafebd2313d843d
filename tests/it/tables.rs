//! The registry of columns, and the tables of counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use marsad::calendar::Day;
use marsad::pipeline::Findings;
use marsad::table::builder::schema;
use marsad::table::columns::{
    Counts, Dates, Described, DocumentCounts, Documents, Mentions, Pairs, PeriodCounts, Table, Timeline, describe,
};
use marsad::table::counts::{By, Counter, Period, Within, cooccurrence, timeline};

use crate::cases::{self, EntityCase};
use crate::pipeline::{analyze, analyzer, documents, one};

fn registry() -> Vec<(&'static str, Vec<Described>, SchemaRef)> {
    fn of<T: Table>() -> (&'static str, Vec<Described>, SchemaRef) {
        (T::NAME, describe::<T>(), schema::<T>())
    }
    vec![
        of::<Documents>(),
        of::<Mentions>(),
        of::<Dates>(),
        of::<Counts>(),
        of::<DocumentCounts>(),
        of::<PeriodCounts>(),
        of::<Pairs>(),
        of::<Timeline>(),
    ]
}

#[test]
fn columns_are_named_once_in_snake_case_and_documented() {
    for (table, columns, schema) in registry() {
        let mut names = BTreeSet::new();
        for ((name, _, nullable, about), field) in columns.iter().zip(schema.fields()) {
            assert!(names.insert(*name), "{table}.{name} stands twice");
            let snake = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') && !name.starts_with('_');
            assert!(snake, "{table}.{name} is not snake_case");
            assert!(about.len() > 10 && about.ends_with('.'), "{table}.{name}: {about:?} is no sentence");
            assert_eq!(field.name(), name);
            assert_eq!(field.is_nullable(), *nullable);
            assert_eq!(field.metadata().get("about").map(String::as_str), Some(*about));
        }
        assert_eq!(schema.fields().len(), columns.len());
    }
}

#[test]
fn types_are_ones_that_every_engine_takes() {
    for (table, _, schema) in registry() {
        for field in schema.fields() {
            let taken = matches!(
                field.data_type(),
                DataType::Utf8 | DataType::Int32 | DataType::Int64 | DataType::Float64 | DataType::Date32
            );
            assert!(taken, "{table}.{} is {}", field.name(), field.data_type());
        }
    }
}

struct Corpus {
    texts: Vec<String>,
    findings: Findings,
}

/// The texts of the cases, and a few with dates of every kind.
static CORPUS: LazyLock<Corpus> = LazyLock::new(|| {
    let mut texts: Vec<String> =
        cases::load::<EntityCase>("entities").into_iter().map(|placed| placed.case.text).collect();
    texts.extend([
        // A Tuesday.
        "وقع ذلك يوم الاثنين 30 أوت 2016 في بغداد".to_owned(),
        "بغداد - 5 مايو 2024: زار الوفد دمشق في نهاية عام 2023. وعاد الوفد إلى بغداد يوم 3 مايو.".to_owned(),
        "القاهرة (د ب أ) - الأربعاء 19 مارس 2025\nقال السيسي اليوم السبت إن القاهرة ترحب".to_owned(),
        "في رمضان 1446 هـ وفي أواخر سنة 2010 وبغداد".to_owned(),
    ]);
    let days: Vec<Option<Day>> =
        (0..texts.len() as i32).map(|row| (row % 5 > 0).then(|| Day::from_days(19_700 + row * 9))).collect();
    let given: Vec<Option<&str>> = texts.iter().map(|text| Some(text.as_str())).collect();
    let findings = analyze(&analyzer(2), &documents(&given, &days), 0);
    Corpus { findings, texts }
});

fn counted(by: By, top: Option<usize>) -> RecordBatch {
    let analyzer = analyzer(1);
    let mut counter = Counter::new(by);
    counter.add(&CORPUS.findings.facts, analyzer.lexicon());
    counter.finish(analyzer.lexicon(), top)
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<String> {
    let column = batch.column_by_name(name).unwrap().as_string::<i32>();
    column.iter().map(|value| value.unwrap_or("null").to_owned()).collect()
}

fn longs(batch: &RecordBatch, name: &str) -> Vec<i64> {
    batch.column_by_name(name).unwrap().as_primitive::<Int64Type>().values().to_vec()
}

fn days(batch: &RecordBatch, name: &str) -> Vec<Option<i32>> {
    batch.column_by_name(name).unwrap().as_primitive::<Date32Type>().iter().collect()
}

#[test]
fn every_column_holds_a_value_somewhere() {
    let findings = &CORPUS.findings;
    let analyzer = analyzer(1);
    let tables = [
        ("documents", one(&schema::<Documents>(), &findings.documents)),
        ("mentions", one(&schema::<Mentions>(), &findings.mentions)),
        ("dates", one(&schema::<Dates>(), &findings.dates)),
        ("counts", counted(By::Everything, None)),
        ("counts by document", counted(By::Document, None)),
        ("counts by month", counted(By::Period(Period::Month), None)),
        ("cooccurrence", cooccurrence(&findings.facts, analyzer.lexicon(), Within::Document, None)),
        ("timeline", timeline(&findings.facts, Period::Month)),
    ];
    for (table, batch) in tables {
        for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
            assert!(array.null_count() < array.len(), "{table}.{} is null in every row", field.name());
            assert!(field.is_nullable() || array.null_count() == 0, "{table}.{} has a null", field.name());
        }
    }
}

#[test]
fn rows_of_documents_agree_with_the_other_tables() {
    let findings = &CORPUS.findings;
    let rows = one(&schema::<Documents>(), &findings.documents);
    assert_eq!(rows.num_rows(), CORPUS.texts.len());
    let mentions = texts(&one(&schema::<Mentions>(), &findings.mentions), "doc");
    let dates = texts(&one(&schema::<Dates>(), &findings.dates), "doc");
    let int = |name: &str| rows.column_by_name(name).unwrap().as_primitive::<Int32Type>().values().to_vec();
    let counts = int("mentions").into_iter().zip(int("dates"));
    for ((doc, (in_mentions, in_dates)), text) in texts(&rows, "doc").iter().zip(counts).zip(&CORPUS.texts) {
        assert_eq!(mentions.iter().filter(|other| *other == doc).count(), in_mentions as usize, "{text}");
        assert_eq!(dates.iter().filter(|other| *other == doc).count(), in_dates as usize, "{text}");
    }
}

#[test]
fn counts_add_up_to_the_mentions() {
    let mentions = one(&schema::<Mentions>(), &CORPUS.findings.mentions);
    let mut expected: BTreeMap<String, (i64, BTreeSet<String>)> = BTreeMap::new();
    for (id, doc) in texts(&mentions, "entity_id").into_iter().zip(texts(&mentions, "doc")) {
        let tally = expected.entry(id).or_default();
        tally.0 += 1;
        tally.1.insert(doc);
    }
    let counts = counted(By::Everything, None);
    assert_eq!(counts.num_rows(), expected.len());
    for (row, id) in texts(&counts, "entity_id").iter().enumerate() {
        assert_eq!(longs(&counts, "mentions")[row], expected[id].0, "{id}");
        assert_eq!(longs(&counts, "documents")[row], expected[id].1.len() as i64, "{id}");
    }
    let total: i64 = longs(&counts, "mentions").iter().sum();
    let by = [By::Type, By::Document, By::Period(Period::Day), By::Period(Period::Week), By::Period(Period::Year)];
    for by in by {
        assert_eq!(longs(&counted(by, None), "mentions").iter().sum::<i64>(), total, "{by:?}");
    }
    assert!(longs(&counts, "mentions").is_sorted_by(|a, b| a >= b), "the most named first");
    for (first, last) in days(&counts, "first_seen").into_iter().zip(days(&counts, "last_seen")) {
        assert!(first <= last && first.is_some() == last.is_some());
    }
}

#[test]
fn counting_batch_by_batch_is_counting_at_once() {
    let analyzer = analyzer(1);
    let published = |range: std::ops::Range<usize>| -> Vec<Option<Day>> {
        range.map(|row| Some(Day::from_days(19_700 + row as i32 * 3))).collect()
    };
    let texts: Vec<Option<&str>> = CORPUS.texts.iter().map(|text| Some(text.as_str())).collect();
    for by in [By::Everything, By::Type, By::Document, By::Period(Period::Week)] {
        let mut whole = Counter::new(by);
        whole.add(&analyze(&analyzer, &documents(&texts, &published(0..texts.len())), 0).facts, analyzer.lexicon());
        let mut parts = Counter::new(by);
        for start in (0..texts.len()).step_by(17) {
            let end = texts.len().min(start + 17);
            let findings = analyze(&analyzer, &documents(&texts[start..end], &published(start..end)), start);
            parts.add(&findings.facts, analyzer.lexicon());
        }
        assert_eq!(parts.finish(analyzer.lexicon(), None), whole.finish(analyzer.lexicon(), None), "{by:?}");
    }
}

#[test]
fn top_keeps_the_most_named() {
    let all = counted(By::Everything, None);
    let three = counted(By::Everything, Some(3));
    assert_eq!(three, all.slice(0, 3));
    assert_eq!(counted(By::Everything, Some(0)).num_rows(), 0);
    let best: BTreeSet<String> = texts(&three, "entity_id").into_iter().collect();
    let by_month = counted(By::Period(Period::Month), Some(3));
    assert_eq!(texts(&by_month, "entity_id").into_iter().collect::<BTreeSet<_>>(), best);
    let by_type = counted(By::Type, Some(2));
    for kind in texts(&by_type, "type") {
        assert!(texts(&by_type, "type").iter().filter(|other| **other == kind).count() <= 2, "{kind}");
    }
}

#[test]
fn weeks_start_on_monday_and_documents_without_a_day_come_last() {
    let weeks = days(&counted(By::Period(Period::Week), None), "period");
    let dated: Vec<i32> = weeks.iter().flatten().copied().collect();
    assert!(dated.iter().all(|&day| Day::from_days(day).to_string() == monday(day)), "a week does not start on Monday");
    assert!(dated.is_sorted() && weeks[..dated.len()].iter().all(Option::is_some), "periods are out of order");
    for (period, day, start) in [
        (Period::Week, "2025-03-19", "2025-03-17"),
        (Period::Week, "2025-03-17", "2025-03-17"),
        (Period::Week, "2025-03-16", "2025-03-10"),
        (Period::Week, "2024-01-01", "2024-01-01"),
        (Period::Day, "2025-03-19", "2025-03-19"),
        (Period::Month, "2024-02-29", "2024-02-01"),
        (Period::Year, "2024-12-31", "2024-01-01"),
    ] {
        assert_eq!(period.start(Day::parse(day).unwrap()).to_string(), start);
    }
}

/// The Monday on or before a day, counted without the calendar: 1970-01-05 was one.
fn monday(day: i32) -> String {
    Day::from_days(day - (day - 4).rem_euclid(7)).to_string()
}

#[test]
fn a_pair_stands_once_and_nothing_is_its_own_partner() {
    let analyzer = analyzer(1);
    for within in [Within::Document, Within::Sentence] {
        let pairs = cooccurrence(&CORPUS.findings.facts, analyzer.lexicon(), within, None);
        let ids = texts(&pairs, "entity_id").into_iter().zip(texts(&pairs, "other_id"));
        let mut seen = BTreeSet::new();
        for (one, other) in ids {
            assert!(one < other, "{one} and {other} are out of order");
            assert!(seen.insert((one, other)), "a pair stands twice");
        }
        assert!(longs(&pairs, "together").is_sorted_by(|a, b| a >= b));
        assert_eq!(cooccurrence(&CORPUS.findings.facts, analyzer.lexicon(), within, Some(2)), pairs.slice(0, 2));
    }
}

#[test]
fn sentences_part_what_documents_join() {
    let analyzer = analyzer(1);
    let text = "زار الوفد بغداد ودمشق. ثم زار دمشق.\nوعاد إلى بغداد";
    let facts = analyze(&analyzer, &documents(&[Some(text), Some("دمشق وبيروت")], &[]), 0).facts;
    let together = |within| {
        let pairs = cooccurrence(&facts, analyzer.lexicon(), within, None);
        let ids = texts(&pairs, "entity_id").into_iter().zip(texts(&pairs, "other_id"));
        ids.map(|(one, other)| format!("{one} {other}")).zip(longs(&pairs, "together")).collect::<Vec<_>>()
    };
    let expected = vec![("BAGHDAD DAMASCUS".to_owned(), 1), ("BEIRUT DAMASCUS".to_owned(), 1)];
    assert_eq!(together(Within::Document), expected);
    assert_eq!(together(Within::Sentence), expected);
}

#[test]
fn the_timeline_counts_the_days_named_in_the_texts() {
    let facts = &CORPUS.findings.facts;
    for period in [Period::Day, Period::Week, Period::Month, Period::Year] {
        let rows = timeline(facts, period);
        assert_eq!(longs(&rows, "dates").iter().sum::<i64>(), facts.days.len() as i64);
        assert!(days(&rows, "period").is_sorted());
    }
}

#[test]
fn names_of_groupings_are_refused_with_the_known_ones() {
    let fault = By::parse(Some("years")).unwrap_err().to_string();
    assert!(fault.contains("years") && fault.contains("\"year\""), "{fault}");
    let fault = Period::parse("freq", "document").unwrap_err().to_string();
    assert!(fault.starts_with("freq") && fault.contains("month"), "{fault}");
    assert!(Within::parse("paragraph").unwrap_err().to_string().contains("sentence"));
    assert_eq!(By::parse(None).unwrap(), By::Everything);
}
