//! Long work that is called off.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use marsad::cancel::{self, Token};
use marsad::pipeline::Findings;

use crate::pipeline::{analyze, analyzer, documents};

/// Work that goes on until it is called off.
fn endless() {
    loop {
        cancel::point();
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn work_that_is_not_called_off_gives_its_result() {
    let asked = AtomicUsize::new(0);
    let ask = || {
        asked.fetch_add(1, Ordering::Relaxed);
        Ok::<(), &str>(())
    };
    let work = || {
        // Until it has been asked twice.
        while asked.load(Ordering::Relaxed) < 2 {
            cancel::point();
            thread::yield_now();
        }
        7
    };
    assert_eq!(cancel::watch(work, ask), Ok(7));
}

#[test]
fn an_answer_calls_work_off_and_is_returned() {
    let mut asked = 0;
    let ask = || {
        asked += 1;
        if asked == 2 { Err("enough") } else { Ok(()) }
    };
    assert_eq!(cancel::watch(endless, ask), Err("enough"));
    assert_eq!(asked, 2);
    // The thread and the next work know nothing of it.
    cancel::point();
    assert_eq!(cancel::watch(cancel::point, || Ok::<(), ()>(())), Ok(()));
}

#[test]
fn work_that_ends_in_spite_of_it_does_not_hide_the_answer() {
    let work = || thread::sleep(Duration::from_millis(150));
    assert_eq!(cancel::watch(work, || Err("enough")), Err("enough"));
}

#[test]
fn a_panic_of_the_work_is_a_panic() {
    let panic = std::panic::catch_unwind(|| cancel::watch(|| panic!("broken"), || Ok::<(), ()>(())));
    assert_eq!(panic.unwrap_err().downcast_ref::<&str>(), Some(&"broken"));
}

#[test]
fn a_token_holds_for_its_work_alone() {
    let token = Token::default();
    token.cancel();
    let inner = token.within(|| Token::default().within(|| std::panic::catch_unwind(cancel::point).is_ok()));
    assert!(inner, "the token nearest to the work counts");
    assert!(token.within(|| std::panic::catch_unwind(cancel::point).is_err()));
    cancel::point();
}

/// One long document, and many short ones: either ends soon after it is called off, and what is kept is whole.
#[test]
fn an_analysis_is_called_off_in_the_middle() {
    let article = crate::pipeline::corpus(40).join("\n");
    let long = article.repeat(3_000_000 / article.len());
    let short: Vec<&str> = long.lines().collect();
    for threads in [1, 3] {
        for texts in [vec![Some(&*long)], short.iter().copied().map(Some).collect()] {
            let (analyzer, documents) = (analyzer(threads), documents(&texts, &[]));
            let begun = Instant::now();
            let whole = analyze(&analyzer, &documents, 0);
            let takes = begun.elapsed();
            let mut findings = Findings::default();
            let begun = Instant::now();
            let work = || analyzer.analyze_documents(&documents, 0, &mut findings, |_| ());
            assert_eq!(cancel::watch(work, || Err("enough")), Err("enough"));
            assert!(begun.elapsed() < takes / 2, "{threads} threads: {:?} of {takes:?}", begun.elapsed());
            let (kept, mentions) = (findings.facts.documents.len(), findings.facts.mentions.len());
            assert!(kept < texts.len());
            assert_eq!(findings.facts.documents[..], whole.facts.documents[..kept]);
            assert_eq!(findings.facts.mentions[..], whole.facts.mentions[..mentions]);
            assert!(whole.facts.mentions.get(mentions).is_none_or(|fact| fact.doc as usize >= kept));
            // The analyzer is as good as new.
            let again = analyze(&analyzer, &documents, 0);
            assert_eq!((again.facts.mentions, again.facts.days), (whole.facts.mentions, whole.facts.days));
        }
    }
}
