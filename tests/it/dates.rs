//! The case files of `tests/cases/dates/`, the lints of `data/dates/`, and the contracts of the date grammar.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use marsad::calendar::Day;
use marsad::data;
use marsad::date::{DateMention, Dates, DocumentDay, Expression, Scratch};
use marsad::normalize::{Normalized, Normalizer};
use marsad::span::NormSpan;
use marsad::token::{self, Token};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    published: Option<String>,
    dates: Vec<Expected>,
    document: Option<String>,
    source: Option<String>,
    warnings: Option<Vec<String>>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Expected {
    text: String,
    value: Option<String>,
    kind: Option<String>,
    grain: Option<String>,
    calendar: Option<String>,
    modifier: Option<String>,
    first_day: Option<String>,
    last_day: Option<String>,
}

/// Everything that one text goes through.
struct Run {
    normalized: Normalized,
    tokens: Vec<Token>,
    expressions: Vec<Expression>,
    day: DocumentDay,
    mentions: Vec<DateMention>,
}

static ANALYSIS: LazyLock<Normalizer> = LazyLock::new(|| Normalizer::profile("analysis").unwrap());

fn run(dates: &Dates, text: &str, given: Option<Day>) -> Run {
    let normalized = ANALYSIS.align(text);
    let (mut tokens, mut expressions, mut mentions) = (Vec::new(), Vec::new(), Vec::new());
    token::tokenize(&normalized.text, &mut tokens);
    dates.find(&normalized.text, &tokens, &mut Scratch::default(), &mut expressions);
    let day = dates.document_day(&normalized.text, &tokens, &expressions, given);
    dates.resolve(&expressions, &day, &mut mentions);
    Run { normalized, tokens, expressions, day, mentions }
}

fn case_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/dates");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

/// What is wrong with a case, in words.
fn faults(case: &Case) -> Vec<String> {
    let given = case.published.as_deref().map(|iso| Day::parse(iso).unwrap_or_else(|| panic!("{iso} is no day")));
    let found = run(Dates::builtin(), &case.text, given);
    let mut faults = Vec::new();
    let mut slowly = Vec::new();
    Dates::builtin().find_thoroughly(&found.normalized.text, &found.tokens, &mut Scratch::default(), &mut slowly);
    if slowly != found.expressions {
        faults.push("a short cut finds something else".to_owned());
    }
    let texts: Vec<&str> = found
        .mentions
        .iter()
        .map(|mention| found.normalized.to_source(&case.text, mention.span).of(&case.text))
        .collect();
    if texts != case.dates.iter().map(|date| date.text.as_str()).collect::<Vec<_>>() {
        let values: Vec<_> = found.mentions.iter().map(|mention| mention.value.as_deref().unwrap_or("none")).collect();
        return vec![format!("found {texts:?} {values:?}")];
    }
    for (mention, expected) in found.mentions.iter().zip(&case.dates) {
        let mut check = |what: &str, found: Option<String>, expected: Option<&str>| {
            if expected.is_some_and(|expected| found.as_deref().unwrap_or("none") != expected) {
                faults.push(format!("{:?}: {what} is {found:?}, not {expected:?}", mention.span));
            }
        };
        check("value", mention.value.clone(), Some(expected.value.as_deref().unwrap_or("none")));
        check("kind", Some(mention.kind.name().into()), expected.kind.as_deref());
        check("grain", Some(mention.grain.name().into()), expected.grain.as_deref());
        check("calendar", Some(mention.calendar.name().into()), expected.calendar.as_deref());
        check("modifier", mention.modifier.map(|modifier| modifier.name().into()), expected.modifier.as_deref());
        check("first_day", mention.first_day.map(|day| day.to_string()), expected.first_day.as_deref());
        check("last_day", mention.last_day.map(|day| day.to_string()), expected.last_day.as_deref());
    }
    let document = found.day.reference.map_or("none".to_owned(), |day| day.to_string());
    let source = found.day.source.map_or("none", |source| source.name());
    let warnings: Vec<&str> = found.day.warnings.iter().map(|warning| warning.name()).collect();
    if case.document.as_ref().is_some_and(|expected| *expected != document) {
        faults.push(format!("the document's day is {document}"));
    }
    if case.source.as_ref().is_some_and(|expected| expected != source) {
        faults.push(format!("its source is {source}"));
    }
    if case.warnings.as_ref().is_some_and(|expected| *expected != warnings) {
        faults.push(format!("the warnings are {warnings:?}"));
    }
    faults
}

#[test]
fn cases() {
    let (mut count, mut broken) = (0, Vec::new());
    for path in case_files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let file: File =
            data::toml(&name, &fs::read_to_string(&path).unwrap()).unwrap_or_else(|fault| panic!("{fault}"));
        for case in &file.case {
            count += 1;
            for fault in faults(case) {
                broken.push(format!("{name}: {}\n    {fault}", case.text));
            }
        }
    }
    assert!(count >= 150, "only {count} cases were found");
    assert!(broken.is_empty(), "{} faults in {count} cases\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn every_month_family_has_cases() {
    for (path, _) in data::folder("dates/months/") {
        let name = path.rsplit('/').next().unwrap();
        assert!(case_files().iter().any(|file| file.ends_with(name)), "tests/cases/dates/{name} is missing");
    }
}

#[test]
fn every_shape_finds_its_example() {
    let dates = Dates::builtin();
    for (name, example) in dates.examples() {
        let found = run(dates, &format!("وذلك في {example}"), None);
        let alone = run(dates, example, None);
        assert!(
            !found.expressions.is_empty() || !alone.expressions.is_empty(),
            "shape {name:?} does not find {example:?}"
        );
    }
}

fn builtin_files() -> Vec<(&'static str, &'static str)> {
    data::folder("dates/").collect()
}

fn load_with(path: &'static str, text: &'static str) -> String {
    let mut files = builtin_files();
    files.retain(|(name, _)| *name != path);
    files.push((path, text));
    Dates::load(&files).err().unwrap_or_else(|| panic!("{path} is faulty")).to_string()
}

#[test]
fn faulty_data_is_refused_with_the_reason() {
    const HEAD: &str = "about = \"\"\nsource = \"\"\nlicence = \"\"\n";
    let short: &str = "about = \"\"\nsource = \"\"\nlicence = \"\"\nfamily = \"x\"\ncalendar = \"gregorian\"\n[[month]]\nnumber = 1\nnames = [\"أيون\"]\n";
    assert!(load_with("dates/months/x.toml", short).contains("1 months of 12"));
    let twice = "about = \"\"\nsource = \"\"\nlicence = \"\"\n[[weekday]]\niso = 1\nnames = [\"السبت\"]\n";
    assert!(load_with("dates/extra.toml", twice).contains("means two things"));
    let unknown = "about = \"\"\nsource = \"\"\nlicence = \"\"\nregex = \"x\"\n";
    assert!(load_with("dates/extra.toml", unknown).contains("regex"));
    let grain = "about = \"\"\nsource = \"\"\nlicence = \"\"\n[[group]]\nclass = \"x\"\nunit = \"fortnight\"\nwords = [\"ساعة\"]\n";
    assert!(load_with("dates/extra.toml", grain).contains("fortnight"));
    for (form, reason) in [
        ("day month_nme", "month_nme"),
        ("day (month", "missing"),
        ("day?", "empty"),
        ("day [month]", "no meaning"),
        ("PARTY", "no part"),
        ("day )", "nothing can follow"),
    ] {
        let shapes =
            format!("{HEAD}rank = 99\n[[shape]]\nname = \"x\"\nmake = \"point\"\nexample = \"\"\nform = \"{form}\"\n");
        let fault = load_with("dates/shapes/x.toml", shapes.leak());
        assert!(fault.contains(reason), "{form}: {fault}");
    }
    assert!(Dates::load(&[]).is_err());
}

/// Words, numbers and signs of dates in any order, and anything else.
fn dateful() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "5",
        "31",
        "2025",
        "1446",
        "12",
        "99999",
        "0",
        "05.09.2025",
        "30",
        "2",
        "/",
        "-",
        "،",
        "(",
        ")",
        "من",
        "إلى",
        "و",
        "بين",
        "يوم",
        "شهر",
        "عام",
        "عامي",
        "العام",
        "مارس",
        "سبتمبر",
        "فبراير",
        "رمضان",
        "كانون الأول",
        "الأربعاء",
        "الأحد",
        "اليوم",
        "أمس",
        "غدا",
        "الماضي",
        "المقبل",
        "الجاري",
        "هـ",
        "م",
        "الموافق",
        "نهاية",
        "أيام",
        "ثلاثة",
        "قبل",
        "منذ",
        "بعد",
        "كل",
        "هذا",
        "الأسبوع",
        "ل",
        "ب",
        "في",
        "\n",
        "قال",
        "الخامس",
        "عشر",
        "والعشرين",
        ":",
        "14:30",
        "٢٠٢٤",
        "\u{200f}",
        "كانون",
    ]);
    let glue = prop::sample::select(vec![" ", " ", " ", "", "  ", "\n"]);
    let any_text = prop::collection::vec(any::<char>(), 0..4).prop_map(|chars| chars.into_iter().collect::<String>());
    let piece = prop_oneof![12 => pieces.prop_map(str::to_owned), 1 => any_text];
    prop::collection::vec((piece, glue), 0..40)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, glue)| piece + glue).collect::<String>())
}

fn check(text: &str, given: Option<Day>) -> Result<(), TestCaseError> {
    let found = run(Dates::builtin(), text, given);
    let normalized = &found.normalized.text;
    prop_assert_eq!(found.expressions.len(), found.mentions.len());
    let mut slowly = Vec::new();
    Dates::builtin().find_thoroughly(normalized, &found.tokens, &mut Scratch::default(), &mut slowly);
    prop_assert_eq!(&found.expressions, &slowly);
    let mut end = 0;
    for mention in &found.mentions {
        let NormSpan { start, end: stop } = mention.span;
        prop_assert!(start >= end && start < stop && stop <= normalized.len(), "{:?} after {end}", mention.span);
        prop_assert!(normalized.is_char_boundary(start) && normalized.is_char_boundary(stop));
        prop_assert!(
            found.tokens.iter().any(|token| token.span.end == stop),
            "ends inside a token: {:?}",
            &normalized[start..stop]
        );
        end = stop;
        let open = mention.value.as_ref().is_some_and(|value| value.contains(".."));
        prop_assert_eq!(mention.first_day.is_some() == mention.last_day.is_some(), !open);
        prop_assert!(open || mention.first_day <= mention.last_day);
        prop_assert!(mention.first_day.is_none() || mention.value.is_some());
    }
    prop_assert_eq!(found.day.published.is_some(), found.day.source.is_some());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn total_on_dateful_text(text in dateful(), given in proptest::option::of(-800_000..3_000_000i32)) {
        check(&text, given.map(Day::from_days))?;
    }

    #[test]
    fn total_on_any_text(text in any::<String>(), given in proptest::option::of(any::<i32>())) {
        check(&text, given.map(Day::from_days))?;
    }
}

/// Reading four times as much takes about four times as long (sixteen, if it were quadratic), whatever it is.
#[test]
fn work_is_linear() {
    let dates = Dates::builtin();
    let time = |piece: &str, bytes: usize| -> Duration {
        let normalized = ANALYSIS.normalize(&piece.repeat(bytes / piece.len()));
        let mut tokens = Vec::new();
        token::tokenize(&normalized, &mut tokens);
        let once = || {
            let start = Instant::now();
            dates.find(&normalized, &tokens, &mut Scratch::default(), &mut Vec::new());
            start.elapsed()
        };
        (0..3).map(|_| once()).min().unwrap()
    };
    for piece in [
        "5 ",
        "2025-",
        "5/",
        "مارس ",
        "و ",
        "و5",
        "من 5 إلى ",
        "الأحد، ",
        "نهاية ",
        "يوم ",
        "5 و",
        "(",
        "كانون ",
        "ربيع ",
        "2010 و2011 و",
        "قبل ",
        "في ",
        "أول من ",
        "5 مارس ",
        "كلمة ",
    ] {
        // Other processes may take the machine away while one of the two runs, but not time after time.
        let linear = (0..4).any(|_| {
            let (short, long) = (time(piece, 50_000), time(piece, 200_000));
            long < short * 10 + Duration::from_millis(20)
        });
        assert!(linear, "{piece:?} takes more than ten times as long where it stands four times as often");
    }
}

/// Ten megabytes of one thing go through every stage, and take about ten times as long as one.
#[test]
fn ten_megabytes_of_anything() {
    let whole = |piece: &str, bytes: usize| -> Duration {
        let text = piece.repeat(bytes / piece.len());
        let start = Instant::now();
        let found = run(Dates::builtin(), &text, Day::new(2025, 10, 15));
        assert!(found.mentions.len() <= found.tokens.len());
        start.elapsed()
    };
    for piece in ["7", "و", "و ", "2025 ", "رمضان ", "كانون الثاني ", "الأحد "] {
        let (short, long) = (whole(piece, 1_000_000), whole(piece, 10_000_000));
        assert!(long < short * 30 + Duration::from_millis(500), "{piece:?}: {short:?}, then {long:?}");
    }
}

#[test]
fn words_that_are_no_dates_cost_one_look_up() {
    let text = "لا يحمل هذا النص رقما ولا شهرا".replace("شهرا", "خبرا").repeat(10);
    assert!(run(Dates::builtin(), &text, None).expressions.is_empty());
}
