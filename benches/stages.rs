//! The stages one by one, in MB/s of source text: `cargo bench --bench stages`.
//!
//! The text is `examples/news`, repeated; "dense" is the same with a mark on every letter, as in vocalised prose.

#[path = "../tools/stages.rs"]
mod stages;

use std::hint::black_box;
use std::sync::{Arc, LazyLock};

use arrow_array::StringArray;
use divan::Bencher;
use divan::counter::BytesCount;
use marsad::documents::Documents;
use marsad::entity;
use marsad::lexicon::Lexicon;
use marsad::mention::Finder;
use marsad::normalize::{Normalized, Normalizer};
use marsad::pipeline::pool::Pool;
use marsad::pipeline::{Analyzer, Findings, column};
use marsad::tagger::Tagger;
use stages::{STAGES, Sample};

fn main() {
    divan::main();
}

/// Bytes of news that each stage reads.
const SIZE: usize = 2 << 20;

const SAMPLES: [&str; 2] = ["news", "dense"];

static NEWS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let texts = stages::news().expect("examples/news");
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

static READ: LazyLock<Sample> = LazyLock::new(|| Sample::new(NEWS.clone()).expect("a sample"));

/// Every stage that instructions are counted of too, over the news.
#[divan::bench(args = STAGES.map(|(name, _)| name))]
fn stage(bencher: Bencher, name: &str) {
    let (_, prepare) = STAGES.iter().find(|(stage, _)| *stage == name).expect("a stage of this name");
    let run = prepare(&READ).expect("a stage");
    bencher.counter(bytes(&NEWS)).bench_local(run);
}

/// Text to tables.
#[divan::bench(args = [1, 2])]
fn analyze(bencher: Bencher, threads: usize) {
    let analyzer = Arc::new(analyzer(threads));
    let documents = Documents { texts: NEWS.iter().map(|text| Some(text.as_str())).collect(), ..Documents::default() };
    bencher.counter(bytes(&NEWS)).bench(|| {
        let documents = black_box(&documents);
        let mut found = Findings::default();
        analyzer.analyze_documents(documents, 0, &mut found, |_| ());
        found
    });
}
