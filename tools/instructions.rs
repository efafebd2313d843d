//! The stages one by one, each on the articles of `examples/news` in order, for tools/instructions.py to count.
//!
//!     cargo rustc --release --example instructions -- -C strip=none
//!     target/release/examples/instructions [STAGE ...]
//!
//! Each stage runs once so that memory, caches and tables are there, and once more between two calls of
//! [`stage_boundary`], which is what is to be counted. Prints the machine's instructions that the core may choose
//! between, then the name of each stage as it is done. One thread does all of it, in the same order each time.

#![allow(clippy::print_stdout)]

#[path = "stages.rs"]
mod stages;

use std::hint::black_box;

use stages::{Fault, STAGES, Sample, news};

/// Stands before and after what is counted: the counter goes by this function's name.
#[inline(never)]
fn stage_boundary() {
    black_box(());
}

/// Which instructions beyond the architecture's own the processor says it has, among those that are chosen between.
fn extensions() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            return "avx512";
        }
        if is_x86_feature_detected!("avx2") {
            return "avx2";
        }
        if is_x86_feature_detected!("sse4.2") {
            return "sse4.2";
        }
    }
    "base"
}

fn main() -> Result<(), Fault> {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let known = |name: &str| STAGES.iter().any(|(stage, _)| *stage == name);
    if let Some(unknown) = asked.iter().find(|name| !known(name)) {
        let stages: Vec<&str> = STAGES.iter().map(|(stage, _)| *stage).collect();
        return Err(format!("no stage is named {unknown:?}; there are {}", stages.join(", ")).into());
    }
    let sample: &'static Sample = Box::leak(Box::new(Sample::new(news()?)?));
    println!("processor {}-{}", std::env::consts::ARCH, extensions());
    for (stage, prepare) in STAGES {
        if !asked.is_empty() && !asked.iter().any(|name| name == stage) {
            continue;
        }
        let mut run = prepare(sample)?;
        if run() == 0 {
            return Err(format!("{stage} found nothing").into());
        }
        stage_boundary();
        black_box(run());
        stage_boundary();
        println!("stage {stage}");
    }
    Ok(())
}
