//! Files damaged at random: reading never panics or hangs, and every row before the damage comes out.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use marsad::calendar::Day;
use marsad::input::{Article, BatchBuilder, Fields, Reader};
use marsad::output;

/// Articles of a sound file.
const ROWS: usize = 40;
/// How often the files of each kind are damaged.
const TIMES: u64 = 150;

/// Xorshift: the same numbers on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound.max(1)
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("marsad-bad-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn text(row: usize) -> String {
    format!("خبر رقم {row}: عاد الوفد \"مساء\", ثم\nغادر")
}

fn csv(delimiter: char) -> Vec<u8> {
    let mut out = format!("id{delimiter}text{delimiter}published\n");
    for row in 0..ROWS {
        let quoted = text(row).replace('"', "\"\"");
        out.push_str(&format!("{row}{delimiter}\"{quoted}\"{delimiter}2025-03-19\n"));
    }
    out.into_bytes()
}

fn jsonl() -> Vec<u8> {
    let line = |row: usize| serde_json::json!({"id": row.to_string(), "text": text(row), "published": "2025-03-19"});
    (0..ROWS).map(|row| format!("{}\n", line(row))).collect::<String>().into_bytes()
}

/// Row groups of eight rows.
fn parquet() -> Vec<u8> {
    let batches: Vec<RecordBatch> = (0..ROWS)
        .collect::<Vec<_>>()
        .chunks(8)
        .map(|rows| {
            let mut batch = BatchBuilder::default();
            for row in rows {
                let published = Day::parse("2025-03-19");
                batch.push(&Article { id: row.to_string(), text: Some(text(*row)), published });
            }
            batch.finish()
        })
        .collect();
    output::to_parquet(&batches, marsad::input::schema()).unwrap()
}

/// Flips, cuts, inserts or repeats bytes at `from` or behind it, and says where the first of them is.
fn damage(bytes: &mut Vec<u8>, chance: &mut Chance) -> usize {
    let mut first = bytes.len();
    for _ in 0..=chance.below(3) {
        let at = chance.below(bytes.len());
        first = first.min(at);
        let few = 1 + chance.below(12);
        let end = (at + few).min(bytes.len());
        match chance.below(6) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..at, (0..few).map(|_| chance.below(256) as u8).collect::<Vec<_>>())),
            3 => bytes[at] ^= 1 << chance.below(8),
            4 => bytes[at] = b"\"\n\r,{}[]\0\xff\\"[chance.below(11)],
            _ => bytes[at..end].fill(0xFF),
        }
        if bytes.is_empty() {
            break;
        }
    }
    first
}

/// The rows that come out, and the number of faults; more of either than a file could have is a loop without end.
fn read(path: &Path, size: usize) -> (Vec<(String, Option<String>)>, usize) {
    let (mut rows, mut faults) = (Vec::new(), 0);
    for batch in Reader::new(&[path.to_owned()], Fields::default()).unwrap().max_bytes(1 << 20) {
        match batch {
            Ok(batch) => {
                let ids = batch.column(0).as_string::<i32>().iter().map(|id| id.unwrap().to_owned());
                let texts = batch.column(1).as_string::<i32>().iter().map(|text| text.map(str::to_owned));
                rows.extend(ids.zip(texts));
            }
            Err(fault) => {
                let told = fault.to_string();
                assert!(told.contains(path.to_str().unwrap()) && !told.contains('\n') && told.len() < 1000, "{told}");
                faults += 1;
            }
        }
        assert!(rows.len() + faults <= size + 100, "{}: no end", path.display());
    }
    (rows, faults)
}

/// Damages a kind of file again and again; `sound` says how many rows end before a byte.
fn damaged(name: &str, whole: &[u8], sound: impl Fn(usize) -> usize) {
    let folder = Folder::new(name);
    let path = folder.0.join(name);
    fs::write(&path, whole).unwrap();
    let (expected, faults) = read(&path, whole.len());
    assert_eq!((expected.len(), faults), (ROWS, 0), "{name}");
    let mut told = 0;
    for seed in 1..=TIMES {
        let mut bytes = whole.to_vec();
        let first = damage(&mut bytes, &mut Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        fs::write(&path, &bytes).unwrap();
        let (rows, faults) = read(&path, bytes.len());
        let due = sound(first).min(ROWS);
        assert!(rows.len() >= due, "{name}, seed {seed}: {} of {due} rows before byte {first}", rows.len());
        assert_eq!(rows[..due], expected[..due], "{name}, seed {seed}");
        told += usize::from(faults > 0);
    }
    assert!(told as u64 > TIMES / 4, "{name}: {told} of {TIMES} were told");
}

/// How many rows of a file of lines end before a byte, where a row has `lines` and the names have `names`.
fn rows_before(whole: &[u8], lines: usize, names: usize) -> impl Fn(usize) -> usize {
    let ends: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] == b'\n').collect();
    // The line that the damage stands behind may be taken into it.
    move |at| (ends.iter().filter(|end| **end < at).count().saturating_sub(names)) / lines
}

#[test]
fn lines_of_json() {
    let whole = jsonl();
    damaged("a.jsonl", &whole, rows_before(&whole, 1, 0));
}

#[test]
fn delimited_values() {
    for (name, delimiter) in [("a.csv", ','), ("a.tsv", '\t')] {
        let whole = csv(delimiter);
        damaged(name, &whole, rows_before(&whole, 2, 1));
    }
}

#[test]
fn packed_files() {
    for (name, whole) in [("a.jsonl.gz", jsonl()), ("a.csv.gz", csv(',')), ("a.parquet.gz", parquet())] {
        damaged(name, &gz(&whole), |_| 0);
    }
}

#[test]
fn parquet_files() {
    damaged("a.parquet", &parquet(), |_| 0);
}

#[test]
fn texts() {
    let folder = Folder::new("texts");
    let whole = text(1).repeat(20).into_bytes();
    for (name, whole) in [("a.txt", whole.clone()), ("a.txt.gz", gz(&whole))] {
        let path = folder.0.join(name);
        for seed in 1..=TIMES {
            let mut bytes = whole.clone();
            damage(&mut bytes, &mut Chance(seed));
            fs::write(&path, &bytes).unwrap();
            let (rows, faults) = read(&path, 1);
            assert!(rows.len() + faults >= 1 && rows.len() <= 1, "{name}, seed {seed}: {rows:?} {faults}");
        }
    }
}
