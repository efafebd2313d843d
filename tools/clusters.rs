//! Makes data/words/clusters.tsv: words that stand between the same words, from news alone.
//!
//!     cargo run --release --example clusters -- CORPUS OUT [--classes 512] [--coarse 64] [--least 5] [--rounds 12]
//!
//! CORPUS is any file or folder of articles that Marsad reads. The words of the most frequent ones are put into
//! classes by the exchange algorithm (Martin, Liermann and Ney, "Algorithms for bigram and trigram word
//! clustering", 1998): word after word goes into the class that makes the text likeliest under a model of pairs of
//! classes. The order of words is that of their frequency, ties by spelling, so that one corpus gives one file.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

use arrow_array::cast::AsArray;
use marsad::input::{Fields, Reader};
use marsad::normalize::Normalizer;
use marsad::token::{self, Gap, Kind};

/// What stands at the edge of a line, for a number, for letters of another script, and for rare words.
const EDGE: &str = "\u{2}edge";
const NUMBER: &str = "\u{2}number";
const LATIN: &str = "\u{2}latin";
const RARE: &str = "\u{2}rare";

struct Options {
    corpus: PathBuf,
    out: PathBuf,
    classes: usize,
    coarse: usize,
    least: usize,
    rounds: usize,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut places = Vec::new();
    let mut found =
        Options { corpus: PathBuf::new(), out: PathBuf::new(), classes: 512, coarse: 64, least: 5, rounds: 12 };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut number = || given.next().ok_or("a number is due")?.parse::<usize>().map_err(|_| "a number is due");
        match argument.as_str() {
            "--classes" => found.classes = number()?,
            "--coarse" => found.coarse = number()?,
            "--least" => found.least = number()?,
            "--rounds" => found.rounds = number()?,
            _ => places.push(PathBuf::from(argument)),
        }
    }
    let [corpus, out] = <[PathBuf; 2]>::try_from(places).map_err(|_| "usage: clusters CORPUS OUT [--classes N]")?;
    Ok(Options { corpus, out, ..found })
}

/// The corpus as lines of words.
fn lines(corpus: PathBuf) -> Result<Vec<Vec<String>>, Box<dyn Error>> {
    let normalizer = Normalizer::profile("analysis")?;
    let mut lines = Vec::new();
    let mut tokens = Vec::new();
    let fields = Fields { published: String::new(), ..Fields::default() };
    for batch in Reader::new(&[corpus], fields)? {
        let batch = batch?;
        let texts = batch.column_by_name("text").ok_or("a column of texts")?.as_string::<i32>().clone();
        for text in texts.iter().flatten() {
            let text = normalizer.normalize(text);
            token::tokenize(&text, &mut tokens);
            for line in tokens.chunk_by(|_, next| next.gap != Gap::Line) {
                let word = |token: &token::Token| match token.kind {
                    Kind::Word | Kind::Hashtag => Some(token.word(&text).to_owned()),
                    Kind::Number => Some(NUMBER.to_owned()),
                    Kind::Latin => Some(LATIN.to_owned()),
                    Kind::Punctuation => Some(token.text(&text).chars().take(1).collect()),
                    _ => None,
                };
                lines.push(line.iter().filter_map(word).collect());
            }
        }
    }
    Ok(lines)
}

/// Words with their number, the most frequent first, and the text as numbers with an edge around each line.
fn index(lines: &[Vec<String>], least: usize) -> (Vec<(String, usize)>, Vec<Vec<u32>>) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for word in lines.iter().flatten() {
        *counts.entry(word).or_default() += 1;
    }
    let rare: usize = counts.values().filter(|count| **count < least).sum();
    counts.retain(|_, count| *count >= least);
    counts.insert(EDGE, lines.len());
    counts.insert(RARE, rare);
    let mut words: Vec<(String, usize)> = counts.into_iter().map(|(word, count)| (word.to_owned(), count)).collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let places: HashMap<&str, u32> = words.iter().zip(0..).map(|((word, _), place)| (word.as_str(), place)).collect();
    let text = lines.iter().map(|line| {
        let words = line.iter().map(|word| places.get(word.as_str()).copied().unwrap_or(places[RARE]));
        std::iter::once(places[EDGE]).chain(words).chain([places[EDGE]]).collect()
    });
    let text = text.collect();
    (words, text)
}

/// Neighbours of one word with how often they stand there.
type Neighbours = Vec<(u32, i64)>;

struct Exchange {
    classes: usize,
    of: Vec<u32>,
    after: Vec<Neighbours>,
    before: Vec<Neighbours>,
    /// Pairs of classes, row after row.
    pairs: Vec<i64>,
    left: Vec<i64>,
    right: Vec<i64>,
    logs: Vec<f64>,
}

impl Exchange {
    fn new(words: usize, text: &[Vec<u32>], classes: usize) -> Self {
        let mut pairs: HashMap<(u32, u32), i64> = HashMap::new();
        for pair in text.iter().flat_map(|line| line.windows(2)) {
            *pairs.entry((pair[0], pair[1])).or_default() += 1;
        }
        let (mut after, mut before) = (vec![Vec::new(); words], vec![Vec::new(); words]);
        let mut pairs: Vec<((u32, u32), i64)> = pairs.into_iter().collect();
        pairs.sort_unstable();
        for ((one, other), count) in pairs {
            after[one as usize].push((other, count));
            before[other as usize].push((one, count));
        }
        let of: Vec<u32> = (0..words).map(|word| (word % classes) as u32).collect();
        let logs = (0..1 << 16).map(|count| if count == 0 { 0.0 } else { f64::from(count) * f64::from(count).ln() });
        let mut exchange = Self {
            classes,
            of,
            after,
            before,
            pairs: vec![0; classes * classes],
            left: vec![0; classes],
            right: vec![0; classes],
            logs: logs.collect(),
        };
        for word in 0..words {
            let class = exchange.of[word] as usize;
            for place in 0..exchange.after[word].len() {
                let (next, count) = exchange.after[word][place];
                let other = exchange.of[next as usize] as usize;
                exchange.pairs[class * classes + other] += count;
                exchange.left[class] += count;
                exchange.right[other] += count;
            }
        }
        exchange
    }

    /// x ln x.
    fn log(&self, count: i64) -> f64 {
        match self.logs.get(count as usize) {
            Some(known) => *known,
            None => count as f64 * (count as f64).ln(),
        }
    }

    /// How often a word stands with each class, by class, without itself; and with itself.
    fn beside(&self, neighbours: &Neighbours, word: u32) -> (Neighbours, i64) {
        let mut own = 0;
        let mut found: Neighbours = Vec::with_capacity(neighbours.len());
        for &(other, count) in neighbours {
            if other == word {
                own += count;
            } else {
                found.push((self.of[other as usize], count));
            }
        }
        found.sort_unstable();
        found.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                first.1 += later.1;
            }
            same
        });
        (found, own)
    }

    /// Adds a word's pairs to those of a class, or takes them away.
    fn shift(&mut self, class: usize, after: &Neighbours, before: &Neighbours, own: i64, sign: i64) {
        let mut total = [own, own];
        for &(other, count) in after {
            self.pairs[class * self.classes + other as usize] += sign * count;
            total[0] += count;
        }
        for &(other, count) in before {
            self.pairs[other as usize * self.classes + class] += sign * count;
            total[1] += count;
        }
        self.pairs[class * self.classes + class] += sign * own;
        self.left[class] += sign * total[0];
        self.right[class] += sign * total[1];
    }

    /// What the likelihood gains when the word goes into the class.
    fn gain(&self, class: usize, after: &Neighbours, before: &Neighbours, own: i64) -> f64 {
        let mut gain = 0.0;
        let mut total = [own, own];
        let mut inside = own;
        for &(other, count) in after {
            total[0] += count;
            if other as usize == class {
                inside += count;
                continue;
            }
            let now = self.pairs[class * self.classes + other as usize];
            gain += self.log(now + count) - self.log(now);
        }
        for &(other, count) in before {
            total[1] += count;
            if other as usize == class {
                inside += count;
                continue;
            }
            let now = self.pairs[other as usize * self.classes + class];
            gain += self.log(now + count) - self.log(now);
        }
        let now = self.pairs[class * self.classes + class];
        gain += self.log(now + inside) - self.log(now);
        gain -= self.log(self.left[class] + total[0]) - self.log(self.left[class]);
        gain - (self.log(self.right[class] + total[1]) - self.log(self.right[class]))
    }

    /// Puts every word where it fits best; returns how many went elsewhere.
    fn round(&mut self) -> usize {
        let mut moved = 0;
        for word in 0..self.of.len() {
            let home = self.of[word] as usize;
            let (after, own) = self.beside(&self.after[word], word as u32);
            let (before, _) = self.beside(&self.before[word], word as u32);
            self.shift(home, &after, &before, own, -1);
            let mut best = (self.gain(home, &after, &before, own), home);
            for class in (0..self.classes).filter(|class| *class != home) {
                let gain = self.gain(class, &after, &before, own);
                if gain > best.0 + 1e-9 {
                    best = (gain, class);
                }
            }
            self.shift(best.1, &after, &before, own, 1);
            self.of[word] = best.1 as u32;
            moved += usize::from(best.1 != home);
        }
        moved
    }
}

/// The coarse class of each fine one: the same exchange with the fine classes as words.
fn coarse(text: &[Vec<u32>], fine: &Exchange, classes: usize, rounds: usize) -> Vec<u32> {
    let text: Vec<Vec<u32>> =
        text.iter().map(|line| line.iter().map(|word| fine.of[*word as usize]).collect()).collect();
    let mut exchange = Exchange::new(fine.classes, &text, classes);
    for _ in 0..rounds {
        if exchange.round() == 0 {
            break;
        }
    }
    exchange.of
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let lines = lines(options.corpus)?;
    let (words, text) = index(&lines, options.least);
    eprintln!("{} lines, {} words of {} or more", lines.len(), words.len(), options.least);
    let mut exchange = Exchange::new(words.len(), &text, options.classes);
    for round in 1..=options.rounds {
        let moved = exchange.round();
        eprintln!("round {round}: {moved} words moved");
        if moved * 1000 < words.len() {
            break;
        }
    }
    let coarse = coarse(&text, &exchange, options.coarse, options.rounds);
    let mut members: Vec<Vec<&str>> = vec![Vec::new(); options.classes];
    for ((word, _), class) in words.iter().zip(&exchange.of) {
        if word.chars().all(char::is_alphabetic) {
            members[*class as usize].push(word);
        }
    }
    let mut file = String::from(
        "# source: ANT corpus v1.1 (antcorpus/antcorpus.data), classed by tools/clusters.rs\n\
         # licence: Apache-2.0\n\
         # about: words that stand between the same words, the most frequent first; a line is a class\n\
         coarse\tfine\twords\n",
    );
    let filled = members.iter().zip(&coarse).filter(|(words, _)| !words.is_empty());
    for (fine, (words, coarse)) in filled.enumerate() {
        writeln!(file, "{}\t{}\t{}", coarse + 1, fine + 1, words.join(" "))?;
    }
    std::fs::write(&options.out, file)?;
    println!("{} words in {}", words.len(), options.out.display());
    Ok(())
}
