//! Which module may know which: the direction of dependencies, read off the sources, and the size of files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules from the ground up; a module may use itself and those in lines above its own.
const LAYERS: &[&[&str]] = &[
    &["cancel", "error", "span"],
    &["memory", "offset"],
    &["data"],
    &["normalize"],
    &["token"],
    &["lexicon", "words"],
    &["entity", "calendar"],
    &["date", "documents"],
    &["tagger"],
    &["mention"],
    &["table"],
    &["input", "output"],
    &["pipeline"],
    &["python"],
];

/// The only files that may say `unsafe`: they speak with C, with the processor, or vouch for UTF-8 that they made.
const UNSAFE: &[&str] = &[
    "src/normalize/engine.rs",
    "src/normalize/vector.rs",
    "src/pipeline/column.rs",
    "src/python/capsule.rs",
    "src/python/wide.rs",
];

/// No file of ours is longer.
const LINES: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files under a folder with one of the endings, as paths from the root, with their text.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        let paths: BTreeSet<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        for path in paths {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !name.starts_with('.') && name != "__pycache__" {
                folders.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let shown = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push((shown, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds no file");
    found
}

/// The module that a source file belongs to: "normalize" for `src/normalize/engine.rs`.
fn module(path: &str) -> &str {
    let name = path.trim_start_matches("src/").trim_end_matches(".rs");
    name.split('/').next().unwrap()
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The code without comments, strings aside: what follows `//` on a line is dropped.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(number, line)| (number + 1, line.split("//").next().unwrap_or_default()))
}

/// The modules that a file names as `crate::module`, and in `use crate::{a, b::c}`, with the line.
fn used(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in code(text) {
        for piece in line.split("crate::").skip(1) {
            let names: Vec<&str> = match piece.strip_prefix('{') {
                Some(group) => group.split('}').next().unwrap_or_default().split(',').collect(),
                None => vec![piece],
            };
            for name in names {
                let name: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                found.push((number, name));
            }
        }
    }
    found
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let mut faults = Vec::new();
    for (path, text) in files("src", &[".rs"]) {
        let of = module(&path);
        if of == "lib" {
            continue;
        }
        let Some(own) = layer(of) else {
            faults.push(format!("{path}: the module {of} has no place in LAYERS of tests/it/layers.rs"));
            continue;
        };
        for (line, used) in used(&text) {
            // What is no module is re-exported by lib.rs: the error type.
            let Some(other) = layer(&used) else { continue };
            if used != of && other >= own {
                faults.push(format!("{path}:{line}: {of} uses {used}, which does not lie below it"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn layers_and_modules_are_the_same_names() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let modules: BTreeSet<&str> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ").or_else(|| line.strip_prefix("mod ")))
        .map(|name| name.trim_end_matches(';'))
        .collect();
    let known: BTreeSet<&str> = LAYERS.iter().copied().flatten().copied().collect();
    let unknown: Vec<_> = modules.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?} have no place in LAYERS");
    let gone: Vec<_> = known.difference(&modules).collect();
    assert!(gone.is_empty(), "LAYERS names {gone:?}, which src/lib.rs does not");
}

#[test]
fn only_the_binding_knows_python() {
    for (path, text) in files("src", &[".rs"]) {
        let knows = code(&text).find(|(_, line)| line.contains("pyo3"));
        assert!(knows.is_none() || module(&path) == "python", "{path}:{}: pyo3 outside src/python", knows.unwrap().0);
    }
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    assert!(lib.contains("#[cfg(feature = \"python\")]\nmod python;"));
}

#[test]
fn unsafe_stands_in_named_files_with_its_reason() {
    for (path, text) in files("src", &[".rs"]) {
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in code(&text) {
            if !line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe") {
                continue;
            }
            assert!(
                UNSAFE.contains(&path.as_str()),
                "{path}:{number}: unsafe in a file that tests/it/layers.rs does not name"
            );
            let near = &lines[number.saturating_sub(4)..lines.len().min(number + 3)];
            assert!(
                near.iter().any(|line| line.contains("SAFETY")),
                "{path}:{number}: unsafe without a SAFETY comment near it"
            );
        }
    }
}

#[test]
fn no_file_is_too_long() {
    let folders: [(&str, &[&str]); 4] = [
        ("src", &[".rs"]),
        ("python", &[".py", ".pyi"]),
        ("tests", &[".rs", ".py", ".toml"]),
        ("tools", &[".py", ".rs", ".sh"]),
    ];
    for (folder, endings) in folders {
        for (path, text) in files(folder, endings) {
            let lines = text.lines().count();
            assert!(lines <= LINES, "{path} has {lines} lines; split it where it has two nouns");
        }
    }
}

#[test]
fn every_module_opens_with_what_it_is_for() {
    for (path, text) in files("src", &[".rs"]).into_iter().chain(files("tests/it", &[".rs"])) {
        assert!(text.starts_with("//! "), "{path} does not open with a //! line");
    }
    for (path, _) in files("src", &[".rs"]) {
        assert!(!path.ends_with("/mod.rs"), "{path}: foo.rs and foo/, not mod.rs");
    }
}
