//! What the fuzzers check (`fuzz/src/checks.rs`), on the inputs that they have kept, and on new ones for a while.
//!
//! `MARSAD_FUZZ_SECONDS` says for how long, in all; without it a second for each target.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[path = "../../fuzz/src/checks.rs"]
mod checks;

type Check = fn(&[u8]);

const CHECKS: [(&str, Check); 6] = [
    ("normalize", checks::normalize),
    ("tokenize", checks::tokenize),
    ("analyze", checks::analyze),
    ("lists", checks::lists),
    ("weights", checks::weights),
    ("differential", checks::differential),
];

/// The inputs that are kept for a target, in order.
fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|fault| panic!("{}: {fault}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.into_iter().map(|file| (file.clone(), std::fs::read(file).unwrap())).collect()
}

/// Runs a check and says of which input it was if it fails.
fn run(check: Check, about: &str, input: &[u8]) {
    struct Told<'a>(&'a str, &'a [u8]);
    impl Drop for Told<'_> {
        fn drop(&mut self) {
            if std::thread::panicking() {
                std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("{}: {:?}\n", self.0, self.1)).ok();
            }
        }
    }
    let _told = Told(about, input);
    check(input);
}

#[test]
fn inputs_that_fuzzers_kept_hold() {
    for (target, check) in CHECKS {
        let seeds = seeds(target);
        assert!(seeds.len() >= 10, "{target} has {} inputs", seeds.len());
        for (path, input) in seeds {
            run(check, &path.display().to_string(), &input);
        }
    }
}

#[test]
fn inputs_made_of_them_hold() {
    let told = std::env::var("MARSAD_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let each = Duration::from_secs(told.unwrap_or(CHECKS.len() as u64)) / CHECKS.len() as u32;
    for (target, check) in CHECKS {
        let seeds = seeds(target);
        let (mut random, start, mut runs) = (Random(runs_differ()), Instant::now(), 0u32);
        while runs == 0 || start.elapsed() < each {
            run(check, target, &random.changed(&seeds));
            runs += 1;
        }
    }
}

/// A number that is another in each run: what was found is printed, so that it can be kept.
fn runs_differ() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(1, |since| since.as_nanos() as u64 | 1)
}

/// Xorshift (Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }

    /// One of the inputs, with bytes changed, left out, doubled, or taken from another.
    fn changed(&mut self, seeds: &[(PathBuf, Vec<u8>)]) -> Vec<u8> {
        let mut input = seeds[self.below(seeds.len())].1.clone();
        for _ in 0..=self.below(4) {
            let at = self.below(input.len() + 1);
            let end = (at + self.below(16)).min(input.len());
            match self.below(5) {
                0 => input.insert(at, self.below(256) as u8),
                1 => drop(input.drain(at..end)),
                2 => input.extend_from_within(at..end),
                3 if at < input.len() => input[at] = self.below(256) as u8,
                _ => {
                    let other = &seeds[self.below(seeds.len())].1;
                    let from = self.below(other.len() + 1);
                    input.splice(at..end, other[from..].iter().take(64).copied());
                }
            }
        }
        input
    }
}
