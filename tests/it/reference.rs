//! Slow, plain versions of what the core does in one pass; the property tests compare the two.

use marsad::normalize::{Fold, Options};
use std::ops::Range;

/// One character of the output and the source bytes it stands for.
pub type Piece = (char, Range<usize>);

/// Normalizes one character at a time, option after option, keeping for each output character its source.
pub fn normalize(options: &Options, text: &str) -> Vec<Piece> {
    let folds: Vec<&Fold> = options.folds().collect();
    let mut out: Vec<Piece> = Vec::new();
    let mut run = ('\0', 0);
    for (start, c) in text.char_indices() {
        let range = start..start + c.len_utf8();
        match blank(&folds, c) {
            Some(kind) => {
                run.1 = 0;
                match out.last_mut() {
                    None | Some(('\n', _)) => {}
                    Some((last @ ' ', _)) => *last = kind,
                    Some(_) => out.push((kind, range)),
                }
                continue;
            }
            None if folds.iter().any(|fold| fold.composes(c)) && join(&folds, &mut out, &mut run, c) => continue,
            None => {}
        }
        for c in apply(&folds, c) {
            out.push((c, range.clone()));
            if !folds.iter().any(|fold| fold.shortens(c)) {
                run = ('\0', 0);
            } else if run == (c, 0) || run.0 != c {
                run = (c, 1);
            } else {
                run.1 += 1;
                if run.1 > 2 {
                    let surplus = if run.1 == 3 { 2 } else { 1 };
                    out.truncate(out.len() - surplus);
                }
            }
        }
    }
    if folds.iter().any(|fold| fold.blank(' ').is_some()) {
        while out.last().is_some_and(|(c, _)| matches!(c, ' ' | '\n')) {
            out.pop();
        }
    }
    out
}

fn blank(folds: &[&Fold], c: char) -> Option<char> {
    folds.iter().find_map(|fold| fold.blank(c))
}

fn apply(folds: &[&Fold], c: char) -> Vec<char> {
    let mut text = vec![c];
    for fold in folds {
        text = text.into_iter().flat_map(|c| fold.apply(c)).collect();
    }
    text
}

fn join(folds: &[&Fold], out: &mut [Piece], run: &mut (char, usize), mark: char) -> bool {
    let Some(at) = out.iter().rposition(|(c, _)| !marsad::normalize::is_mark(*c)) else { return false };
    if out.len() - at > 9 {
        return false;
    }
    let Some(letter) = unicode_normalization::char::compose(out[at].0, mark) else { return false };
    let folded = apply(folds, letter);
    let [folded] = folded[..] else { return false };
    if folded.len_utf8() != out[at].0.len_utf8() {
        return false;
    }
    let before = out[..at].iter().rev().take_while(|(c, _)| *c == folded).count();
    if folds.iter().any(|fold| fold.shortens(folded)) {
        if before >= 2 {
            return false;
        }
        if at + 1 == out.len() {
            *run = (folded, 1 + before);
        }
    }
    out[at].0 = folded;
    true
}
