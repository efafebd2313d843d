//! Reading articles from files and writing tables to them: every format, and every way in which one can be wrong.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use marsad::calendar::Day;
use marsad::input::{Article, BatchBuilder, Fields, MAX_BYTES, Reader, stream};
use marsad::output::{self, Format, TableWriter};
use marsad::table::Builder;
use marsad::table::columns::Dates;
use marsad::table::rows::DateRow;

/// A folder that goes away with its value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("marsad-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn gz(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes.as_ref()).unwrap();
    packed.finish().unwrap()
}

/// Id, text and day of each article, with "null" for none.
fn rows(batch: &RecordBatch) -> Vec<[String; 3]> {
    let text =
        |place: usize| batch.column(place).as_string::<i32>().iter().map(|value| value.unwrap_or("null").to_owned());
    let days = batch.column(2).as_primitive::<Date32Type>().iter();
    let days = days.map(|day| day.map_or("null".to_owned(), |day| Day::from_days(day).to_string()));
    text(0).zip(text(1)).zip(days).map(|((id, text), day)| [id, text, day]).collect()
}

/// What a reader gives: articles and the sentences of its errors, in order.
fn read_as(paths: &[PathBuf], fields: Fields) -> (Vec<[String; 3]>, Vec<String>) {
    let (mut articles, mut faults) = (Vec::new(), Vec::new());
    for batch in Reader::new(paths, fields).unwrap() {
        match batch {
            Ok(batch) => articles.extend(rows(&batch)),
            Err(fault) => faults.push(fault.to_string()),
        }
    }
    (articles, faults)
}

fn read(paths: &[PathBuf]) -> (Vec<[String; 3]>, Vec<String>) {
    read_as(paths, Fields::default())
}

fn read_one(path: PathBuf) -> Vec<[String; 3]> {
    let (articles, faults) = read(&[path]);
    assert!(faults.is_empty(), "{faults:?}");
    articles
}

/// The one error of a file, without the folder.
fn fault(folder: &Folder, path: PathBuf) -> String {
    let (articles, faults) = read(&[path]);
    assert_eq!(faults.len(), 1, "{articles:?} {faults:?}");
    faults[0].replace(&format!("{}{}", folder.0.display(), std::path::MAIN_SEPARATOR), "")
}

fn row(id: &str, text: &str, day: &str) -> [String; 3] {
    [id, text, day].map(str::to_owned)
}

const CSV: &str = "id,published,text\na,2025-03-19,\"قال: «نعم», ثم\nسكت\"\n,,بغداد\n";
const JSONL: &str = "{\"id\": \"a\", \"text\": \"بغداد\", \"published\": \"2025-03-19T10:00:00Z\", \"other\": [1]}\n\n{\"text\": null}\n{\"id\": 7, \"text\": \"دمشق\"}\n";

fn parquet(articles: &[Article]) -> Vec<u8> {
    let mut builder = BatchBuilder::default();
    articles.iter().for_each(|article| builder.push(article));
    output::to_parquet(&[builder.finish()], marsad::input::schema()).unwrap()
}

fn article(id: &str, text: Option<&str>, day: Option<&str>) -> Article {
    Article { id: id.into(), text: text.map(str::to_owned), published: day.and_then(Day::parse) }
}

#[test]
fn every_format_is_read_plain_and_packed() {
    let folder = Folder::new();
    let csv = vec![row("a", "قال: «نعم», ثم\nسكت", "2025-03-19"), row("NAME:4", "بغداد", "null")];
    let jsonl = vec![row("a", "بغداد", "2025-03-19"), row("NAME:3", "null", "null"), row("7", "دمشق", "null")];
    let parquet_bytes = parquet(&[article("a", Some("بغداد"), Some("2025-03-19")), article("b", None, None)]);
    let in_parquet = vec![row("a", "بغداد", "2025-03-19"), row("b", "null", "null")];
    let text = "العنوان\r\n\r\nالخبر\n";
    for (name, bytes, expected) in [
        ("article.txt", text.as_bytes().to_vec(), vec![row("NAME", text, "null")]),
        ("ARTICLE.TXT", text.as_bytes().to_vec(), vec![row("NAME", text, "null")]),
        ("list.csv", CSV.into(), csv.clone()),
        ("list.tsv", "id\ttext\na\tبغداد, دمشق\n".into(), vec![row("a", "بغداد, دمشق", "null")]),
        ("lines.jsonl", JSONL.into(), jsonl.clone()),
        ("lines.ndjson", JSONL.into(), jsonl),
        ("table.parquet", parquet_bytes, in_parquet),
    ] {
        for (name, bytes) in [(name.to_owned(), bytes.clone()), (format!("{name}.gz"), gz(&bytes))] {
            let found = read_one(folder.file(&name, bytes));
            let expected: Vec<[String; 3]> =
                expected.iter().map(|row| row.clone().map(|cell| cell.replace("NAME", &name))).collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[test]
fn line_ends_of_windows_and_marks_of_byte_order_are_taken() {
    let folder = Folder::new();
    let csv = format!("\u{FEFF}{}", "text,id\nبغداد,a\nدمشق,b\n".replace('\n', "\r\n"));
    assert_eq!(read_one(folder.file("a.csv", csv)), [row("a", "بغداد", "null"), row("b", "دمشق", "null")]);
    let lines = "\u{FEFF}{\"text\": \"بغداد\"}\r\n{\"text\": \"دمشق\"}";
    let found = read_one(folder.file("a.jsonl", lines));
    assert_eq!(found, [row("a.jsonl:1", "بغداد", "null"), row("a.jsonl:2", "دمشق", "null")]);
    let text = read_one(folder.file("a.txt", "\u{FEFF}بغداد"));
    assert_eq!(text[0][1], "\u{FEFF}بغداد", "a text is given as it is; the normalizer drops the mark");
}

#[test]
fn other_names_of_columns_are_the_caller_s() {
    let folder = Folder::new();
    let path = folder.file("a.csv", "النص,رقم,اليوم\nبغداد,5,2025-03-19\n");
    let fields = Fields { text: "النص".into(), id: "رقم".into(), published: "اليوم".into() };
    let (articles, faults) = read_as(&[path], fields);
    assert_eq!((articles, faults), (vec![row("5", "بغداد", "2025-03-19")], vec![]));
}

#[test]
fn folders_are_read_in_order_to_any_depth_without_hidden_files() {
    let folder = Folder::new();
    for name in ["b.txt", "a/z.txt", "a/c/d.txt", ".hidden.txt", ".git/x.txt", "a/notes.md", "c.txt.gz"] {
        folder.file(name, if name.ends_with("gz") { gz("بغداد") } else { b"x".to_vec() });
    }
    let ids: Vec<String> = read_one(folder.0.clone()).into_iter().map(|[id, ..]| id).collect();
    assert_eq!(ids, ["a/c/d.txt", "a/z.txt", "b.txt", "c.txt.gz"]);
    let empty = Folder::new();
    empty.file("notes.md", "x");
    let refused = |path: PathBuf| Reader::new(&[path], Fields::default()).err().unwrap().to_string();
    assert!(refused(empty.0.clone()).contains("the folder holds no .txt"));
    assert!(refused(folder.file("a.docx", "x")).contains("the name tells no format"));
    assert!(refused(folder.0.join("missing.txt")).contains("missing.txt"));
}

#[test]
fn what_is_not_utf8_is_told_with_line_column_and_a_guess() {
    let folder = Folder::new();
    let text = "سطر\nوبعد".as_bytes().iter().copied().chain([b' ', 0xFF, b'x']).collect::<Vec<u8>>();
    let told = fault(&folder, folder.file("a.txt", text));
    assert_eq!(
        told,
        "a.txt:2:6: byte 0xFF is not UTF-8, what stands before it is; mend that place, or in Python: \
         Path(NEW).write_text(Path(OLD).read_text(\"utf-8\", \"replace\"), \"utf-8\")"
    );
    let windows = [0xC8, 0xDB, 0xCF, 0xC7, 0xCF]; // Baghdad in Windows-1256
    assert!(fault(&folder, folder.file("b.txt", windows)).contains("looks like Windows-1256"));
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain("بغداد".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(fault(&folder, folder.file("c.txt", wide)).contains("found UTF-16; text in UTF-8 is due"));
    assert!(fault(&folder, folder.file("d.txt", gz("بغداد"))).contains("found gzip;"));
    let mut lines = b"{\"text\": \"x\"}\n{\"text\": \"".to_vec();
    lines.extend([0xE0, 0x80]);
    assert!(fault(&folder, folder.file("a.jsonl", lines)).starts_with("a.jsonl:2:11: byte 0xE0"));
    let mut cells = b"id,text\n1,x\n2,".to_vec();
    cells.extend([0x80, b'\n']);
    assert!(fault(&folder, folder.file("a.csv", cells)).starts_with("a.csv:3:"));
}

#[test]
fn faults_of_json_are_told_with_their_line() {
    let folder = Folder::new();
    for (line, reason) in [
        ("{\"text\": \"x\"", "a.jsonl:2:12: EOF while parsing an object; one JSON object a line is due"),
        ("[1]", "a.jsonl:2:"),
        ("{\"body\": 1}", "a.jsonl:2: no field \"text\"; the fields are body"),
        ("{\"text\": 5}", "a.jsonl:2: text is a number; a string is due"),
        ("{\"text\": \"x\", \"id\": {}}", "a.jsonl:2: id is an object; a string is due"),
        ("{\"text\": \"x\", \"published\": true}", "a.jsonl:2: published is true or false; a day such as"),
        (
            "{\"text\": \"x\", \"published\": \"أمس\"}",
            "a.jsonl:2: published is \"أمس\"; a day such as 2025-03-19 is due",
        ),
    ] {
        let told = fault(&folder, folder.file("a.jsonl", format!("{{\"text\": \"x\"}}\n{line}\n")));
        assert!(told.starts_with(reason), "{told}");
    }
}

#[test]
fn faults_of_delimited_files_are_told() {
    let folder = Folder::new();
    let told = fault(&folder, folder.file("a.csv", "id,body\n1,x\n"));
    assert_eq!(told, "a.csv: text: there is no column \"text\"; the columns are id, body");
    let told = fault(&folder, folder.file("b.csv", "id,text\n1,x\n2\n"));
    assert_eq!(
        told,
        "b.csv:3: found 1 cell where the first row names 2 columns; a cell with commas in it has quotes around it"
    );
    let told = fault(&folder, folder.file("c.csv", "published,text\n19/3/2025,x\n"));
    assert_eq!(told, "c.csv:2: published is \"19/3/2025\"; a day such as 2025-03-19 is due");
    assert!(read_one(folder.file("d.csv", "")).is_empty(), "an empty file has no rows");
}

#[test]
fn truncated_files_are_errors() {
    let folder = Folder::new();
    let whole = parquet(&[article("a", Some(&"بغداد ".repeat(5000)), None)]);
    assert!(
        fault(&folder, folder.file("a.parquet", &whole[..whole.len() / 2]))
            .starts_with("a.parquet: not a sound parquet file")
    );
    assert!(fault(&folder, folder.file("b.parquet", "not parquet")).starts_with("b.parquet: not a sound parquet file"));
    let columns = BatchBuilder::default().finish();
    let other = columns.project(&[0]).unwrap();
    let bytes = output::to_parquet(std::slice::from_ref(&other), other.schema()).unwrap();
    assert!(
        fault(&folder, folder.file("c.parquet", bytes)).contains("there is no column \"text\"; the columns are id")
    );
    let packed = gz("بغداد ".repeat(5000));
    for name in ["a.txt.gz", "a.jsonl.gz", "a.csv.gz"] {
        assert!(fault(&folder, folder.file(name, &packed[..packed.len() - 12])).starts_with(name), "{name}");
    }
    assert!(fault(&folder, folder.file("b.txt.gz", "not packed")).starts_with("b.txt.gz"));
}

#[test]
fn a_bad_row_or_file_does_not_stop_the_next() {
    let folder = Folder::new();
    folder.file("1.txt", "بغداد");
    folder.file("2.txt", [0xFF]);
    folder.file("3.jsonl", "{\"text\": \"x\"}\n{\n{\"text\": \"y\"}\n");
    folder.file("4.parquet", "x");
    folder.file("5.csv", "id\n1\n");
    folder.file("6.txt", "دمشق");
    let (articles, faults) = read(std::slice::from_ref(&folder.0));
    let ids: Vec<&str> = articles.iter().map(|[id, ..]| id.as_str()).collect();
    assert_eq!(ids, ["1.txt", "3.jsonl:1", "3.jsonl:3", "6.txt"]);
    assert_eq!(faults.len(), 4, "{faults:?}");
}

#[test]
fn a_stream_without_a_name_is_lines_of_json_or_one_text() {
    let read = |bytes: &str| {
        let found = stream(std::io::Cursor::new(bytes.as_bytes().to_vec()), &Fields::default(), MAX_BYTES).unwrap();
        found.collect::<marsad::Result<Vec<Article>>>().unwrap()
    };
    assert_eq!(read("بغداد\nدمشق"), [article("stdin", Some("بغداد\nدمشق"), None)]);
    assert_eq!(read("\n{\"text\": \"بغداد\"}\n"), [article("stdin:2", Some("بغداد"), None)]);
    assert!(stream(std::io::Cursor::new(vec![0xFF]), &Fields::default(), MAX_BYTES).is_err());
}

fn dates() -> RecordBatch {
    let mut builder = Builder::<Dates>::default();
    let row = DateRow {
        doc: "a,\"b\"",
        start: 0,
        end: 4,
        text: "يوم\nما",
        kind: "date",
        value: Some("2025-03-19"),
        first_day: Day::parse("2025-03-19").map(Day::days_since_epoch),
        last_day: None,
        grain: "day",
        calendar: "gregorian",
        modifier: None,
    };
    builder.push(&row);
    builder.push(&DateRow { doc: "c", value: None, first_day: None, ..row });
    builder.finish()
}

fn written(folder: &Folder, format: Format, batches: &[RecordBatch]) -> PathBuf {
    let path = folder.0.join(format!("dates.{}", format.extension()));
    let mut writer = TableWriter::create(&path, dates().schema(), format).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    assert!(!path.exists(), "a file that is not whole stands under its name");
    assert_eq!(writer.finish(true).unwrap(), path);
    let names: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [path.file_name().unwrap()], "something is left beside the file");
    path
}

#[test]
fn tables_are_written_and_read_again() {
    let batches = [dates(), dates().slice(0, 1)];
    let folder = Folder::new();
    let (found, schema) = output::from_parquet(fs::read(written(&folder, Format::Parquet, &batches)).unwrap()).unwrap();
    assert_eq!(schema.fields(), dates().schema().fields());
    let rows: usize = found.iter().map(RecordBatch::num_rows).sum();
    assert_eq!(rows, 3);
    assert_eq!(found[0].slice(0, 2).columns(), batches[0].columns());

    let folder = Folder::new();
    let text = fs::read_to_string(written(&folder, Format::Csv, &batches[..1])).unwrap();
    let lines = "doc,start,end,text,kind,value,first_day,last_day,grain,calendar,modifier\n\
        \"a,\"\"b\"\"\",0,4,\"يوم\nما\",date,2025-03-19,2025-03-19,,day,gregorian,\n\
        c,0,4,\"يوم\nما\",date,,,,day,gregorian,\n";
    assert_eq!(text, lines);

    let folder = Folder::new();
    let text = fs::read_to_string(written(&folder, Format::Jsonl, &batches)).unwrap();
    let values: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(values.len(), 3);
    assert_eq!(values[0]["doc"], "a,\"b\"");
    assert_eq!(values[0]["first_day"], "2025-03-19");
    assert_eq!(values[1]["value"], serde_json::Value::Null);
    assert_eq!(values[0]["end"], 4);
}

#[test]
fn a_table_without_rows_is_a_file_with_its_columns() {
    let folder = Folder::new();
    let (found, schema) = output::from_parquet(fs::read(written(&folder, Format::Parquet, &[])).unwrap()).unwrap();
    assert_eq!((found.len(), schema.fields().len()), (0, 11));
    let folder = Folder::new();
    assert!(fs::read_to_string(written(&folder, Format::Csv, &[])).unwrap().starts_with("doc,start,"));
}

#[test]
fn a_file_that_is_not_finished_never_takes_the_place_of_another() {
    let folder = Folder::new();
    let path = folder.file("dates.csv", "old");
    let mut writer = TableWriter::create(&path, dates().schema(), Format::Csv).unwrap();
    writer.write(&dates()).unwrap();
    drop(writer);
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert!(TableWriter::create(Path::new("/nowhere/dates.csv"), dates().schema(), Format::Csv).is_err());
    let fault = Format::parse("xlsx").unwrap_err().to_string();
    assert!(fault.contains("xlsx") && fault.contains("parquet"), "{fault}");
}
