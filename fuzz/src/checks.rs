//! What the fuzz targets share: texts made of bytes, and what must hold of whatever is found in them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use arrow_array::RecordBatch;
use marsad::calendar::Day;
use marsad::data;
use marsad::date::{self, Dates};
use marsad::documents::Documents;
use marsad::entity::TYPES;
use marsad::lexicon::{Lexicon, Source};
use marsad::mention::Finder;
use marsad::normalize::{self, Normalizer, Options};
use marsad::pipeline::{Analyzer, Findings, Found, Scratch};
use marsad::span::{NormSpan, SourceSpan};
use marsad::tagger::Tagger;
use marsad::tagger::weights::{Weights, sealed};
use marsad::token::clitic::Clitics;
use marsad::token::{self, Kind, sentence, tile};

use crate::reference;

/// Pieces of news: words around names and dates, signs, marks, and what breaks texts.
const PIECES: [&str; 96] = [
    " ",
    " ",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\u{A0}",
    ".",
    "،",
    ":",
    "؟",
    "-",
    "–",
    "/",
    "(",
    ")",
    "«",
    "»",
    "\"",
    "'",
    "#",
    "_",
    "0",
    "1",
    "2",
    "5",
    "12",
    "19",
    "2025",
    "1446",
    "٣",
    "۷",
    "٢٠٢٥",
    "\u{64E}",
    "\u{650}",
    "\u{651}",
    "\u{640}",
    "\u{653}",
    "\u{654}",
    "\u{200F}",
    "\u{202E}",
    "\u{200D}",
    "\u{FEFF}",
    "\u{FDFB}",
    "\u{FDF2}",
    "ﻻ",
    "آ",
    "ووووو",
    "😀",
    "\u{0}",
    "و",
    "ب",
    "ل",
    "ال",
    "لل",
    "ك",
    "ف",
    "قال",
    "وقال",
    "الرئيس",
    "وزير",
    "الخارجية",
    "محمد",
    "عبد",
    "الله",
    "بن",
    "أبو",
    "السوداني",
    "حزب",
    "مجلس",
    "الأمم",
    "المتحدة",
    "مدينة",
    "في",
    "من",
    "إلى",
    "حتى",
    "منذ",
    "بعد",
    "قبل",
    "يوم",
    "الأربعاء",
    "أمس",
    "غدا",
    "شهر",
    "آذار",
    "مارس",
    "كانون الثاني",
    "رمضان",
    "هـ",
    "عام",
    "سنة",
    "القرن",
    "الماضي",
    "المقبل",
    "NATO",
];

/// Every tenth built-in name.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let rows = Lexicon::builtin_sources().expect("the built-in lists").into_iter().flat_map(|source| source.rows);
    rows.step_by(10).map(|row| row.alias).collect()
});

/// A text: the bytes as they are, or each of them a piece of news, or two of them a name.
pub fn text(data: &[u8]) -> String {
    let Some((mode, rest)) = data.split_first() else { return String::new() };
    if mode % 4 == 0 {
        return String::from_utf8_lossy(rest).into_owned();
    }
    let mut text = String::new();
    let mut bytes = rest.iter();
    while let Some(byte) = bytes.next() {
        match usize::from(*byte) {
            piece if piece < PIECES.len() => text.push_str(PIECES[piece]),
            piece if piece < 224 => text.push_str([" ", PIECES[piece % PIECES.len()], " "].concat().as_str()),
            high => {
                let low = bytes.next().copied().unwrap_or(0);
                text.push_str(&NAMES[((high - 224) * 256 + usize::from(low)) % NAMES.len()]);
            }
        }
    }
    text
}

/// A day, or none, of one byte.
pub fn day(byte: u8) -> Option<Day> {
    (byte > 15).then(|| Day::new(1990 + i32::from(byte) % 60, 1 + byte % 12, 1 + byte % 28)).flatten()
}

/// An analyzer with everything on.
pub fn analyzer(threads: usize) -> Analyzer {
    let finder = Finder::new(Lexicon::builtin(), &TYPES, Some(Tagger::builtin()), &[]).expect("a finder");
    Analyzer::new(finder, Some(threads)).expect("an analyzer")
}

/// Spans slice the source, lie in order and do not overlap; scores are shares; days are in order.
pub fn check(text: &str, found: &Found<'_>) {
    let mut end = 0;
    for (mention, span, _) in found.mentions() {
        assert!(span.start >= end && span.start < span.end && !span.of(text).is_empty());
        assert!((0.0..=1.0).contains(&mention.score));
        assert!(!found.entity(mention).id.is_empty());
        end = span.end;
    }
    end = 0;
    for (date, span) in found.dates() {
        assert!(span.start >= end && span.start < span.end && !span.of(text).is_empty());
        // An interval may be open at an end.
        let (first, last) = (date.first_day, date.last_day);
        assert!(first.zip(last).is_none_or(|(first, last)| first <= last));
        assert!(date.value.is_some() || (first, last) == (None, None));
        end = span.end;
    }
}

/// Any text by any options: equal to the slow reference, idempotent, with offsets that are monotone and whole.
pub fn normalize(data: &[u8]) {
    let Some(([first, second], rest)) = data.split_first_chunk() else { return };
    NORMALIZERS.with_borrow_mut(|known| {
        let normalizer = known.entry((*first, *second)).or_insert_with(|| Normalizer::new(options(*first, *second)));
        normalized(normalizer, &text(rest));
    });
}

thread_local! {
    /// Composing a table takes longer than a text.
    static NORMALIZERS: RefCell<HashMap<(u8, u8), Normalizer>> = RefCell::default();
}

/// A profile, or any set of options: a few bits are spread over all.
fn options(first: u8, second: u8) -> Options {
    let names = ["light", "search", "skeleton", "analysis"];
    match names.get(usize::from(first % 8)) {
        Some(name) => Options::profile(name).expect("a profile"),
        None => Options::from_bits(u64::from(first >> 3 | (second & 7) << 5).wrapping_mul(0x9E37_79B9_7F4A_7C15)),
    }
}

fn normalized(normalizer: &Normalizer, text: &str) {
    let expected: String = reference::normalize(normalizer.options(), text).into_iter().map(|(c, _)| c).collect();
    let aligned = normalizer.align(text);
    assert_eq!(normalizer.normalize(text), expected);
    assert_eq!(aligned.text, expected);
    assert_eq!(normalizer.normalize(&expected), expected, "normalizing again changes nothing");
    let map = &aligned.map;
    assert_eq!(map.to_source(NormSpan::new(0, expected.len())), SourceSpan::new(0, text.len()));
    assert_eq!(map.to_normalized(SourceSpan::new(0, text.len())), NormSpan::new(0, expected.len()));
    let mut last = 0;
    let mut bounds = expected.char_indices().map(|(at, _)| at).chain([expected.len()]).peekable();
    while let (Some(start), Some(&end)) = (bounds.next(), bounds.peek()) {
        let span = map.to_source(NormSpan::new(start, end));
        assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
        assert!(span.start >= last || expected.len() == end - start);
        last = span.start;
    }
}

/// Tokens and white space tile any text; a cut leaves a word; sentences rise by one.
pub fn tokenize(data: &[u8]) {
    let source = text(data);
    let normalized = Normalizer::analysis().align(&source);
    let text = normalized.text.as_str();
    let (mut tokens, mut sentences) = (Vec::new(), Vec::new());
    token::tokenize(text, &mut tokens);
    let mut at = 0;
    for token in &tokens {
        assert!(token.span.start >= at && token.span.start < token.span.end);
        assert!(text[at..token.span.start].chars().all(char::is_whitespace));
        assert_eq!(token.hash, token::hash(token.word(text)));
        if token.kind == Kind::Word {
            for cut in Clitics::builtin().cuts(token.word(text)) {
                assert!(cut.len < token.word(text).len() && token.word(text).is_char_boundary(cut.len));
            }
        }
        at = token.span.end;
    }
    assert!(text[at..].chars().all(char::is_whitespace));
    sentence::number(text, &tokens, &mut sentences);
    assert_eq!(sentences.len(), tokens.len());
    assert!(sentences.windows(2).all(|two| two[1] - two[0] <= 1));
    let mut at = 0;
    for tile in tile::tiles(&source, &normalized, &tokens) {
        assert_eq!(tile.source.start, at);
        at = tile.source.end;
    }
    assert_eq!(at, source.len());
}

static ONE: LazyLock<Analyzer> = LazyLock::new(|| analyzer(1));

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Any text on any day: names and dates slice it, lie in order, and are explained.
pub fn analyze(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let text = text(rest);
    SCRATCH.with_borrow_mut(|scratch| {
        check(&text, &ONE.analyze(&text, day(*first), scratch));
        for (_, span) in ONE.explain(&text, scratch) {
            assert!(!span.of(&text).is_empty());
        }
    });
}

const NEWS: &str = "قال محمد شياع السوداني يوم الأربعاء 19 مارس 2025 إن الأمم المتحدة في بغداد منذ 1991";

/// Lists and grammars from anywhere: an error that says where, or something that works.
pub fn lists(data: &[u8]) {
    let Some((mode, rest)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    if mode % 2 == 0 {
        lexicon(&text);
    } else {
        grammar(usize::from(*mode) / 2, &text);
    }
}

fn lexicon(text: &str) {
    let Ok(source) = Source::parse("fuzz.tsv", 1, text) else { return };
    let aliases: Vec<String> = source.rows.iter().map(|row| row.alias.clone()).collect();
    let Ok(lexicon) = Lexicon::extended(vec![source], false) else { return };
    let types: Vec<String> = lexicon.types().to_vec();
    let finder = Finder::new(lexicon, &types, None, &[]).expect("types that the lexicon defines");
    let analyzer = Analyzer::new(finder, Some(1)).expect("an analyzer");
    let text = aliases.join(" في ");
    let mut scratch = Scratch::default();
    check(&text, &analyzer.analyze(&text, None, &mut scratch));
}

/// One of the files of the grammar of dates is another.
fn grammar(place: usize, text: &str) {
    let mut files: Vec<(&str, &str)> = data::folder("dates/").collect();
    let place = place % files.len();
    files[place].1 = text;
    let Ok(dates) = Dates::load(&files) else { return };
    let text = Normalizer::analysis().normalize(NEWS);
    let (mut tokens, mut found) = (Vec::new(), Vec::new());
    token::tokenize(&text, &mut tokens);
    dates.find(&text, &tokens, &mut date::Scratch::default(), &mut found);
}

const UNLISTED: &str = "قال سمير نصار المنشاوي إن شركة «أرزاق» في مدينة الزهراء التقت وفدا من حزب العدالة أمس";

/// Files of weights from anywhere: an error, or a tagger that gives shares. The checksum is set right, so that what
/// lies behind it is reached.
pub fn weights(data: &[u8]) {
    let path = Path::new("fuzz.bin");
    assert!(Weights::parse(path, data).is_err() || data.len() > 16);
    let Ok(weights) = Weights::parse(path, &sealed(data)) else { return };
    let finder = Finder::new(Lexicon::builtin(), &TYPES, Some(Arc::new(Tagger::new(weights))), &[]);
    let analyzer = Analyzer::new(finder.expect("a finder"), Some(1)).expect("an analyzer");
    let mut scratch = Scratch::default();
    check(UNLISTED, &analyzer.analyze(UNLISTED, None, &mut scratch));
}

static TWO: LazyLock<Analyzer> = LazyLock::new(|| analyzer(2));

/// By profile: the normalizer, and the same by each path that this machine has.
static PATHS: LazyLock<Vec<(Normalizer, Vec<Normalizer>)>> = LazyLock::new(|| {
    let every = ["light", "search", "skeleton", "analysis"].map(|name| Options::profile(name).expect("a profile"));
    every
        .into_iter()
        .map(|options| {
            let of = |path| Normalizer::new(options).by(path);
            let paths = [normalize::Path::Letters, normalize::Path::Blocks, normalize::Path::Vectors]
                .into_iter()
                .filter_map(of)
                .collect();
            (Normalizer::new(options), paths)
        })
        .collect()
});

/// The fast ways against the slow ones: vectors and blocks against letters, code points against UTF-8, the short cuts of
/// dates against the thorough search, two threads against one.
pub fn differential(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let source = text(rest);
    let (normalizer, paths) = &PATHS[usize::from(*first) % PATHS.len()];
    let aligned = normalizer.align(&source);
    for path in paths {
        assert_eq!(path.normalize(&source), aligned.text);
        let by_path = path.align(&source);
        assert_eq!((&by_path.text, &by_path.map), (&aligned.text, &aligned.map));
    }
    let points: Vec<u32> = source.chars().map(u32::from).collect();
    let mut units = Vec::new();
    normalizer.append_utf16(&points, &mut units);
    assert_eq!(String::from_utf16(&units).ok().as_deref(), Some(aligned.text.as_str()));
    let text = Normalizer::analysis().normalize(&source);
    let (mut tokens, mut quick, mut thorough) = (Vec::new(), Vec::new(), Vec::new());
    token::tokenize(&text, &mut tokens);
    let dates = Dates::builtin();
    dates.find(&text, &tokens, &mut date::Scratch::default(), &mut quick);
    dates.find_thoroughly(&text, &tokens, &mut date::Scratch::default(), &mut thorough);
    assert_eq!(quick, thorough);
    threads(&source);
}

/// The lines of the text are documents; their order and number are the same for any number of threads.
fn threads(source: &str) {
    let texts: Vec<Option<&str>> = source.split('\n').map(Some).collect();
    let documents = Documents { texts, ..Documents::default() };
    let [one, two] = [&*ONE, &*TWO].map(|analyzer| {
        let mut found = Findings::default();
        analyzer.analyze_documents(&documents, 0, &mut found, |_| ());
        found
    });
    assert_eq!(one.facts.documents, two.facts.documents);
    assert_eq!(one.facts.mentions.len(), two.facts.mentions.len());
    assert_eq!(rows(&one.mentions), rows(&two.mentions));
    assert_eq!(rows(&one.dates), rows(&two.dates));
}

fn rows(batches: &[RecordBatch]) -> Vec<String> {
    batches.iter().filter(|batch| batch.num_rows() > 0).map(|batch| format!("{batch:?}")).collect()
}
