//! Lists the data folder, so that a new data file needs no Rust edit: every file under `data/` becomes one
//! `(path, text)` row of `data::FILES`, sorted by path.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR")).join("data");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    list(&root, &mut files)?;
    files.sort();
    let mut rows = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&root).expect("listed under data").to_string_lossy().replace('\\', "/");
        println!("cargo::rerun-if-changed={}", file.display());
        writeln!(rows, "    ({name:?}, include_str!({:?})),", file.display()).expect("a String takes all");
    }
    rows.push_str("]\n");
    fs::write(PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("data_files.rs"), rows)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            list(&path, files)?;
        } else if matches!(path.extension().and_then(|e| e.to_str()), Some("toml" | "tsv" | "txt")) {
            files.push(path);
        }
    }
    Ok(())
}
