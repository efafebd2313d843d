//! The stages one by one, in MB/s of source text: `cargo bench --bench stages`.
//!
//! The text is `examples/news`, repeated; "dense" is the same with a mark on every letter, as in vocalised prose.

use std::convert::Infallible;
use std::hint::black_box;
use std::sync::{Arc, LazyLock};

use arrow_array::StringArray;
use divan::Bencher;
use divan::counter::BytesCount;
use marsad::date::{Dates, Scratch};
use marsad::documents::Documents;
use marsad::entity::{self, Recognizer};
use marsad::lexicon::Lexicon;
use marsad::mention::Finder;
use marsad::normalize::{Normalized, Normalizer};
use marsad::pipeline::pool::Pool;
use marsad::pipeline::{Analyzer, column};
use marsad::tagger::Tagger;
use marsad::token::{self, Token};

fn main() {
    divan::main();
}

/// Bytes of news that each stage reads.
const SIZE: usize = 2 << 20;

const SAMPLES: [&str; 2] = ["news", "dense"];

static NEWS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/news");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect(folder).map(|entry| entry.expect(folder).path()).collect();
    files.sort();
    let texts: Vec<String> = files.iter().filter_map(|file| std::fs::read_to_string(file).ok()).collect();
    let once: usize = texts.iter().map(String::len).sum();
    texts.iter().cycle().take(texts.len() * (SIZE / once + 1)).cloned().collect()
});

static DENSE: LazyLock<Vec<String>> = LazyLock::new(|| NEWS.iter().map(|text| vocalised(text)).collect());

/// The text with a vowel mark after each letter, a different one each time, and a shadda after every ninth.
fn vocalised(text: &str) -> String {
    let marks = ['\u{64E}', '\u{650}', '\u{64F}', '\u{652}'];
    let mut letters = 0;
    let mut dense = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        dense.push(c);
        if matches!(c, 'ء'..='ي') {
            letters += 1;
            if letters % 9 == 0 {
                dense.push('\u{651}');
            }
            dense.push(marks[letters % marks.len()]);
        }
    }
    dense
}

fn sample(name: &str) -> &'static [String] {
    if name == "dense" { &DENSE } else { &NEWS }
}

fn bytes(texts: &[String]) -> BytesCount {
    BytesCount::new(texts.iter().map(String::len).sum::<usize>())
}

/// What the stages after normalization read: each text, normalized, and its tokens.
static READ: LazyLock<Vec<(String, Vec<Token>)>> = LazyLock::new(|| {
    let normalizer = Normalizer::profile("analysis").expect("a profile");
    let read = |text: &String| {
        let text = normalizer.normalize(text);
        let mut tokens = Vec::new();
        token::tokenize(&text, &mut tokens);
        (text, tokens)
    };
    NEWS.iter().map(read).collect()
});

fn analyzer(threads: usize) -> Analyzer {
    let finder = Finder::new(Lexicon::builtin(), &entity::TYPES, Some(Tagger::builtin()), &[]).expect("a finder");
    Analyzer::new(finder, Some(threads)).expect("an analyzer")
}

mod normalize {
    use super::*;

    /// Into one buffer.
    #[divan::bench(args = ["search", "analysis", "skeleton"])]
    fn news(bencher: Bencher, profile: &str) {
        run(bencher, profile, &NEWS);
    }

    /// Into one buffer.
    #[divan::bench(args = ["search", "analysis", "skeleton"])]
    fn dense(bencher: Bencher, profile: &str) {
        run(bencher, profile, &DENSE);
    }

    fn run(bencher: Bencher, profile: &str, texts: &[String]) {
        let normalizer = Normalizer::profile(profile).expect("a profile");
        let mut out = Vec::new();
        bencher.counter(bytes(texts)).bench_local(|| {
            for text in texts {
                out.clear();
                normalizer.append(black_box(text), &mut out);
            }
            out.len()
        });
    }

    /// With the way back, as the analyzer does it.
    #[divan::bench(args = SAMPLES)]
    fn with_map(bencher: Bencher, name: &str) {
        let texts = sample(name);
        let normalizer = Normalizer::profile("analysis").expect("a profile");
        let mut out = Normalized::default();
        bencher.counter(bytes(texts)).bench_local(|| {
            for text in texts {
                normalizer.align_into(black_box(text), &mut out);
            }
            out.text.len()
        });
    }

    /// An Arrow column to an Arrow column.
    #[divan::bench(args = SAMPLES)]
    fn arrow(bencher: Bencher, name: &str) {
        let texts = sample(name);
        let normalizer = Normalizer::profile("search").expect("a profile");
        let pool = Pool::new(Some(1)).expect("a pool");
        let array = StringArray::from_iter_values(texts);
        bencher.counter(bytes(texts)).bench(|| column::normalize(&normalizer, &pool, "x", black_box(&array)));
    }
}

#[divan::bench]
fn tokenize(bencher: Bencher) {
    let mut tokens = Vec::new();
    bencher.counter(bytes(&NEWS)).bench_local(|| {
        READ.iter().for_each(|(text, _)| token::tokenize(black_box(text), &mut tokens));
        tokens.len()
    });
}

/// The built-in names.
#[divan::bench]
fn lexicon_hits(bencher: Bencher) {
    let lexicon = Lexicon::builtin();
    let mut hits = Vec::new();
    bencher.counter(bytes(&NEWS)).bench_local(|| {
        READ.iter().for_each(|(text, tokens)| lexicon.hits(black_box(text), tokens, &mut hits));
        hits.len()
    });
}

/// The built-in names, and which of them are mentions.
#[divan::bench]
fn entity_find(bencher: Bencher) {
    let recognizer = Recognizer::new(Lexicon::builtin(), &entity::TYPES, true).expect("a recognizer");
    let (mut scratch, mut mentions) = (entity::Scratch::default(), Vec::new());
    bencher.counter(bytes(&NEWS)).bench_local(|| {
        READ.iter().for_each(|(text, tokens)| recognizer.find(black_box(text), tokens, &mut scratch, &mut mentions));
        mentions.len()
    });
}

#[divan::bench]
fn dates(bencher: Bencher) {
    let dates = Dates::builtin();
    let (mut scratch, mut expressions, mut mentions) = (Scratch::default(), Vec::new(), Vec::new());
    bencher.counter(bytes(&NEWS)).bench_local(|| {
        for (text, tokens) in READ.iter() {
            expressions.clear();
            mentions.clear();
            dates.find(black_box(text), tokens, &mut scratch, &mut expressions);
            let day = dates.document_day(text, tokens, &expressions, None);
            dates.resolve(&expressions, &day, &mut mentions);
        }
        mentions.len()
    });
}

/// Text to tables.
#[divan::bench(args = [1, 2])]
fn analyze(bencher: Bencher, threads: usize) {
    let analyzer = Arc::new(analyzer(threads));
    let documents = Documents { texts: NEWS.iter().map(|text| Some(text.as_str())).collect(), ..Documents::default() };
    bencher.counter(bytes(&NEWS)).bench(|| {
        let documents = black_box(&documents);
        analyzer.analyze_documents(documents, 0, |_| Ok::<(), Infallible>(()))
    });
}

/// From the built-in files to an analyzer.
#[divan::bench(sample_count = 5)]
fn compile_lexicon() -> usize {
    let sources = Lexicon::builtin_sources().expect("the built-in lists");
    Lexicon::new(&sources).expect("a lexicon").len()
}
