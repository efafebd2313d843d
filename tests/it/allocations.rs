//! How often the stages ask for memory: what has served for one document serves for the next.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use marsad::date::{self, Dates, DocumentDay};
use marsad::entity::{self, Recognizer, TYPES};
use marsad::lexicon::Lexicon;
use marsad::mention::{self, Finder};
use marsad::normalize::{Normalized, Normalizer};
use marsad::pipeline::Analyzer;
use marsad::tagger::Tagger;
use marsad::token::{self, sentence};

/// The system's allocator, which counts how often each thread asks it for memory, or for more.
struct Counting;

thread_local! {
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    ASKED.set(ASKED.get() + 1);
}

// SAFETY: every request goes to the system's allocator as it came. Counting itself asks for no memory: the cell needs
// neither to be made nor to be dropped.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often this thread asks for memory while `work` is done.
fn asked(work: impl FnOnce()) -> usize {
    let before = ASKED.get();
    work();
    ASKED.get() - before
}

fn news() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/news");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

/// Times that the memory of a stage has grown to what the news need.
const WARM: usize = 2;

/// How often each stage asks for memory while the news are read once, and how many things it finds.
#[derive(Debug, Default)]
struct Counts {
    align: usize,
    tokenize: usize,
    sentences: usize,
    find_dates: usize,
    document_day: usize,
    resolve: usize,
    entity: usize,
    lexicon_names: usize,
    names: usize,
    /// Names of no list, each of which has an identifier of its own.
    unlisted: usize,
    /// Dates, most of which have a value of their own.
    dates: usize,
}

/// The stages on the news again and again; counts of the last time.
fn counts(news: &[String]) -> Counts {
    let normalizer = Normalizer::profile("analysis").unwrap();
    let grammar = Dates::builtin();
    let recognizer = Recognizer::new(Lexicon::builtin(), &TYPES, true).unwrap();
    let plain = Finder::new(Lexicon::builtin(), &TYPES, None, &[]).unwrap();
    let finder = Finder::new(Lexicon::builtin(), &TYPES, Some(Tagger::builtin()), &[]).unwrap();
    let mut normalized = Normalized::default();
    let (mut tokens, mut sentences) = (Vec::new(), Vec::new());
    let (mut machine, mut expressions, mut dates) = (date::Scratch::default(), Vec::new(), Vec::new());
    let (mut lexical, mut listed) = (entity::Scratch::default(), Vec::new());
    let (mut alone, mut whole, mut mentions) = (mention::Scratch::default(), mention::Scratch::default(), Vec::new());
    let mut counts = Counts::default();
    for _ in 0..=WARM {
        counts = Counts::default();
        for text in news {
            counts.align += asked(|| normalizer.align_into(text, &mut normalized));
            let text = normalized.text.as_str();
            counts.tokenize += asked(|| token::tokenize(text, &mut tokens));
            counts.sentences += asked(|| sentence::number(text, &tokens, &mut sentences));
            expressions.clear();
            dates.clear();
            counts.find_dates += asked(|| grammar.find(text, &tokens, &mut machine, &mut expressions));
            let mut day = DocumentDay::default();
            counts.document_day += asked(|| day = grammar.document_day(text, &tokens, &expressions, None));
            counts.resolve += asked(|| grammar.resolve(&expressions, &day, &mut dates));
            counts.entity += asked(|| recognizer.find(text, &tokens, &mut lexical, &mut listed));
            let spans = || expressions.iter().map(|date| date.span);
            counts.lexicon_names += asked(|| plain.find(text, &tokens, &sentences, spans(), &mut alone, &mut mentions));
            counts.names += asked(|| finder.find(text, &tokens, &sentences, spans(), &mut whole, &mut mentions));
            counts.unlisted += whole.names().len();
            counts.dates += dates.len();
        }
    }
    counts
}

/// So often at most is memory asked for a date, for its value and what is put together on the way to it.
const PER_DATE: usize = 3;

#[test]
fn stages_ask_for_memory_once() {
    let news = news();
    let counts = counts(&news);
    assert!(counts.unlisted > 50 && counts.dates > 150, "too little is found to say anything: {counts:?}");
    let Counts { align, tokenize, sentences, entity, lexicon_names, .. } = counts;
    assert_eq!([align, tokenize, sentences, entity, lexicon_names], [0; 5], "{counts:?}");
    assert_eq!(counts.names, counts.unlisted, "an identifier a name is all that is due: {counts:?}");
    assert!(counts.find_dates <= counts.dates / 5, "{counts:?}");
    assert!(counts.document_day <= news.len() / 5, "{counts:?}");
    assert!(counts.resolve <= counts.dates * PER_DATE, "{counts:?}");
}

#[test]
fn an_analyzer_asks_for_no_more_than_its_stages() {
    let news = news();
    let finder = Finder::new(Lexicon::builtin(), &TYPES, Some(Tagger::builtin()), &[]).unwrap();
    let analyzer = Analyzer::new(finder, Some(1)).unwrap();
    let mut memory = analyzer.scratch();
    let mut read = || {
        asked(|| {
            for text in &news {
                black_box(analyzer.analyze(text, None, &mut memory).mentions().count());
            }
        })
    };
    let first = read();
    let again: Vec<usize> = (0..=WARM).map(|_| read()).collect();
    let counts = counts(&news);
    let stages = counts.find_dates + counts.document_day + counts.resolve + counts.names;
    assert!(first > 2 * stages, "nothing is kept from one text to the next: {first} at first, then {again:?}");
    assert_eq!(again[1..], [stages; WARM], "{counts:?}");
}
