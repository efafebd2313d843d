//! Lints of the data folder: sources, letters, identifiers, ambiguous names, folds, and cases for each list.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::LazyLock;

use marsad::data::{self, Table};
use marsad::lexicon::{Lexicon, Needs, Source};
use marsad::normalize::{Fold, Normalizer, OptionSet, Options};
use marsad::token;

use crate::cases::{self, EntityCase};

static NORMALIZER: LazyLock<Normalizer> = LazyLock::new(|| Normalizer::profile("analysis").unwrap());

/// The folders of entity lists and the type that each holds.
const TYPES: [(&str, &str); 5] =
    [("nationality", "NAT"), ("none", "NONE"), ("organisation", "ORG"), ("person", "PER"), ("place", "LOC")];

/// Collects what is wrong, so that one run shows all of it.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn check(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.0.push(fault());
        }
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(self.0.is_empty(), "{} faults\n{}", self.0.len(), self.0.join("\n"));
        }
    }
}

fn lists() -> Vec<Source> {
    Lexicon::builtin_sources().unwrap()
}

/// Columns of which each table has one at least.
const COLUMNS: &[&str] = &["alias", "head", "word", "words", "phrase", "id", "letters"];

fn tables() -> impl Iterator<Item = (&'static str, Table<'static>)> {
    let files = data::FILES.iter().filter(|(path, _)| path.ends_with(".tsv"));
    files.map(|(path, text)| (*path, Table::parse(Path::new(path), text, COLUMNS).unwrap()))
}

/// Every row of a table but its first, which names the columns.
fn rows(path: &'static str, columns: &[&'static str]) -> Vec<Vec<&'static str>> {
    let table = Table::parse(Path::new(path), data::file(path), columns).unwrap();
    assert_eq!(table.columns, columns, "{path}");
    table.rows().map(|row| row.unwrap().cells.clone()).collect()
}

/// An alias as a text is read: its normalized tokens.
fn key(alias: &str) -> String {
    let text = NORMALIZER.normalize(alias);
    let mut tokens = Vec::new();
    token::tokenize(&text, &mut tokens);
    tokens.iter().map(|token| token.text(&text)).collect::<Vec<_>>().join(" ")
}

/// The letters of Arabic, and the three that its press writes for foreign sounds.
fn is_arabic(c: char) -> bool {
    matches!(c, '\u{621}'..='\u{63A}' | '\u{641}'..='\u{64A}' | 'پ' | 'چ' | 'ڤ')
}

#[test]
fn every_file_names_its_source_and_licence() {
    let mut faults = Faults::default();
    for (path, text) in data::FILES {
        let value = |key: &str| match path.rsplit_once('.') {
            Some((_, "toml")) => {
                let table: toml::Table = toml::from_str(text).unwrap_or_else(|fault| panic!("{path}: {fault}"));
                table.get(key).and_then(|value| value.as_str()).map(str::to_owned)
            }
            _ => Table::parse(Path::new(path), text, &[]).unwrap().header(key).map(str::to_owned),
        };
        for key in ["source", "licence"] {
            faults.check(value(key).is_some_and(|value| value.len() > 2), || format!("{path} has no {key}"));
        }
        faults.check(text.ends_with('\n') && !text.contains('\r'), || format!("{path}: lines end with a line feed"));
        faults.check(!text.starts_with('\u{FEFF}'), || format!("{path} begins with a byte order mark"));
    }
}

#[test]
fn tables_have_their_header_columns_and_clean_cells() {
    let mut faults = Faults::default();
    for (path, table) in tables() {
        let keys: Vec<&str> = table.header.iter().map(|(key, _)| *key).collect();
        faults.check(keys == ["source", "licence", "about"], || format!("{path}: the header has {keys:?}"));
        for row in table.rows() {
            let row = row.unwrap();
            for cell in &row.cells {
                let clean = !cell.is_empty() && !cell.contains("  ") && !cell.contains(['\u{A0}', '"']);
                faults.check(clean, || format!("{path}:{}: {cell:?}", row.line));
            }
        }
    }
}

#[test]
fn unknown_keys_and_broken_folds_are_errors() {
    let good = "about = \"x\"\nsource = \"x\"\nlicence = \"x\"\n";
    assert!(Fold::parse("fold/x.toml", good).is_ok());
    for (more, reason) in [
        ("remove = [\"a\"]", "unknown field `remove`"),
        ("[[replace]]\nto = \"a\"\nfrom = [\"b\"]\nwhen = 1", "unknown field `when`"),
        ("delete = [\"b\"]\n[[replace]]\nto = \"a\"\nfrom = [\"b\"]", "U+0062 is named twice"),
        ("delete = [\"U+0640..U+0642\", \"U+0641\"]", "U+0641 is named twice"),
        (
            "[[replace]]\nto = \"b\"\nfrom = [\"a\"]\n[[replace]]\nto = \"c\"\nfrom = [\"b\"]",
            "the same option changes again",
        ),
        ("delete = [\"U+0642..U+0640\"]", "found \"U+0642..U+0640\""),
        ("delete = [\"ab\"]", "found \"ab\""),
        ("delete = [\"U+D800\"]", "found \"U+D800\""),
        ("delete = 5", "fold/x.toml:4:"),
    ] {
        let fault = Fold::parse("fold/x.toml", &format!("{good}{more}\n")).unwrap_err().to_string();
        assert!(fault.contains(reason) && fault.starts_with("fold/x.toml"), "{more}: {fault}");
    }
    for missing in ["about", "source", "licence"] {
        let text: String =
            good.lines().filter(|line| !line.starts_with(missing)).map(|line| format!("{line}\n")).collect();
        assert!(Fold::parse("fold/x.toml", &text).unwrap_err().to_string().contains(missing));
    }
}

/// Two options may speak of one character only where that is meant: a hamza that no letter took is deleted as a mark,
/// and ornate brackets have no decomposition.
#[test]
fn options_that_speak_of_the_same_characters_are_known() {
    let known = BTreeSet::from(["compose harakat", "presentation_forms punctuation"]);
    let mut shared = BTreeSet::new();
    let folds = OptionSet::builtin().folds();
    for (place, fold) in folds.iter().enumerate() {
        for other in &folds[place + 1..] {
            let letters =
                |fold: &Fold| fold.characters().into_iter().filter(|&c| !fold.shortens(c)).collect::<BTreeSet<_>>();
            if !letters(fold).is_disjoint(&letters(other)) {
                shared.insert(format!("{} {}", fold.name, other.name));
            }
        }
        assert!(fold.about.ends_with('.') && fold.about.len() > 20, "{}: {:?} is no sentence", fold.name, fold.about);
    }
    assert_eq!(shared.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
}

#[test]
fn profiles_grow_from_light_to_skeleton() {
    let of =
        |name: &str| Options::profile(name).unwrap().folds().map(|fold| fold.name.clone()).collect::<BTreeSet<_>>();
    assert!(of("light").is_subset(&of("search")) && of("search").is_subset(&of("skeleton")));
    assert_eq!(of("skeleton").len(), OptionSet::builtin().folds().len(), "an option is in no profile");
    let mut search = of("search");
    search.remove("whitespace");
    assert_eq!(of("analysis"), search);
}

#[test]
fn lists_stand_in_the_folder_of_their_type() {
    let mut faults = Faults::default();
    let folders: BTreeSet<&str> = data::folder("entities/").filter_map(|(path, _)| path.split('/').nth(1)).collect();
    let folders: BTreeSet<&str> = folders.into_iter().filter(|name| !name.contains('.')).collect();
    assert_eq!(folders, TYPES.iter().map(|(folder, _)| *folder).collect(), "TYPES of tests/it/data_files.rs");
    for source in lists() {
        let path = source.path.display().to_string();
        let expected = TYPES.iter().find(|(folder, _)| path.contains(&format!("/{folder}/"))).map(|(_, kind)| *kind);
        for row in &source.rows {
            faults.check(expected == Some(row.kind.as_str()), || format!("{path}:{}: type {}", row.line, row.kind));
        }
    }
}

#[test]
fn aliases_hold_only_letters_that_the_press_writes() {
    let mut faults = Faults::default();
    for source in lists() {
        let path = source.path.display();
        for row in &source.rows {
            let allowed =
                |c: char| is_arabic(c) || c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.' | '&' | '+' | '\'');
            let strange: Vec<char> = row.alias.chars().filter(|&c| !allowed(c)).collect();
            faults.check(strange.is_empty(), || format!("{path}:{}: {strange:?} in {}", row.line, row.alias));
            faults.check(!key(&row.alias).is_empty(), || {
                format!("{path}:{}: nothing is left of {}", row.line, row.alias)
            });
        }
    }
}

#[test]
fn identifiers_are_ascii_and_stand_together() {
    let mut faults = Faults::default();
    let mut homes: HashMap<String, String> = HashMap::new();
    for source in lists() {
        let path = source.path.display().to_string();
        let mut seen = BTreeSet::new();
        let mut last = "";
        for row in &source.rows {
            let place = format!("{path}:{}", row.line);
            let stable = row.id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'-'));
            faults.check(stable, || format!("{place}: the id {:?} is not plain ASCII", row.id));
            if row.id != last {
                faults.check(seen.insert(row.id.clone()), || {
                    format!("{place}: the rows of {} do not stand together", row.id)
                });
                let home = homes.entry(row.id.clone()).or_insert_with(|| path.clone());
                faults.check(*home == path, || format!("{place}: {} is in {home} too", row.id));
            }
            last = &row.id;
        }
    }
}

#[test]
fn no_alias_stands_twice_under_one_id() {
    let mut faults = Faults::default();
    let mut seen: HashMap<(String, String), String> = HashMap::new();
    for source in lists() {
        for row in source.rows {
            let place = format!("{}:{}", source.path.display(), row.line);
            let shown = format!("{place}: {} = {}", row.alias, row.id);
            if let Some(first) = seen.insert((row.id, key(&row.alias)), place) {
                faults.check(false, || format!("{shown} stands at {first} already"));
            }
        }
    }
}

/// Each alias's ids, with whether one of them needs nothing for it.
fn owners() -> BTreeMap<String, BTreeMap<String, Needs>> {
    let mut owners: BTreeMap<String, BTreeMap<String, Needs>> = BTreeMap::new();
    for source in lists() {
        for row in source.rows {
            owners.entry(key(&row.alias)).or_default().insert(row.id, row.needs);
        }
    }
    owners
}

#[test]
fn a_name_of_several_entities_is_listed_as_ambiguous() {
    let mut faults = Faults::default();
    let owners = owners();
    let mut listed: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for row in rows("entities/ambiguous.tsv", &["ids", "alias"]) {
        let (ids, alias) = (row[0], row[1]);
        let of: BTreeSet<&str> = ids.split(',').collect();
        faults.check(of.len() > 1, || format!("{alias}: {ids} is one id"));
        for id in &of {
            let known = owners.get(&key(alias)).is_some_and(|of| of.contains_key(*id));
            faults.check(known, || format!("ambiguous.tsv: {id} has no alias {alias}"));
        }
        faults.check(listed.insert(key(alias), of).is_none(), || format!("ambiguous.tsv: {alias} stands twice"));
    }
    for (alias, of) in &owners {
        let sure: BTreeSet<&str> =
            of.iter().filter(|(_, needs)| **needs == Needs::Nothing).map(|(id, _)| id.as_str()).collect();
        let known = listed.get(alias).is_some_and(|ids| sure.is_subset(ids));
        faults.check(sure.len() < 2 || known, || format!("{alias} names {sure:?}: list it in ambiguous.tsv"));
    }
}

#[test]
fn head_words_are_listed_once_for_types_that_exist() {
    let mut faults = Faults::default();
    let mut seen = BTreeSet::new();
    for row in rows("entities/heads.tsv", &["kind", "type", "head"]) {
        let (kind, of, head) = (row[0], row[1], row[2]);
        let known = TYPES.contains(&(kind, of))
            || matches!((kind, of), ("preposition", "LOC") | ("part", "ORG") | ("event", "NONE"));
        faults.check(known, || format!("heads.tsv: {kind} is not of type {of}"));
        faults.check(seen.insert((kind, key(head))), || format!("heads.tsv: {head} stands twice under {kind}"));
        let plain = head.chars().all(|c| is_arabic(c) || c == ' ') && head.split(' ').count() <= 2;
        faults.check(plain, || format!("heads.tsv: {head} is not one word or two"));
    }
}

#[test]
fn countries_are_told_by_places_that_exist() {
    let mut faults = Faults::default();
    let lexicon = Lexicon::builtin();
    let ids: BTreeSet<&str> = lexicon.entities().iter().map(|entity| &*entity.id).collect();
    let mut seen = BTreeSet::new();
    for row in rows("entities/countries.tsv", &["country", "id"]) {
        let nationality = format!("NAT_{}", row[0]);
        for id in [row[0], row[1], &nationality] {
            faults.check(ids.contains(id), || format!("countries.tsv: no entity is {id}"));
        }
        faults.check(seen.insert(row[1]), || format!("countries.tsv: {} has two countries", row[1]));
    }
}

#[test]
fn common_words_are_normalized_once_each_and_sorted() {
    let mut faults = Faults::default();
    let mut seen = BTreeSet::new();
    let mut last = u8::MAX;
    for row in rows("token/words.tsv", &["class", "word"]) {
        let class: u8 = row[0].parse().unwrap();
        faults.check(class <= last, || format!("words.tsv: {} is out of order", row[1]));
        last = class;
        faults.check(NORMALIZER.normalize(row[1]) == row[1], || format!("words.tsv: {} is not normalized", row[1]));
        faults.check(seen.insert(row[1]), || format!("words.tsv: {} stands twice", row[1]));
    }
}

#[test]
fn words_of_clitics_and_joins_hold_arabic_letters_once_each() {
    let mut faults = Faults::default();
    for path in ["token/clitics.toml", "entities/joins.toml"] {
        let table: toml::Table = toml::from_str(data::file(path)).unwrap();
        for (name, words) in arrays(&table) {
            let mut seen = BTreeSet::new();
            for word in words {
                faults.check(word.chars().all(is_arabic), || format!("{path}: {name} has {word:?}"));
                faults.check(seen.insert(word.clone()), || format!("{path}: {word} stands twice in {name}"));
                let normalized = path.starts_with("entities/") || NORMALIZER.normalize(&word) == word;
                faults.check(normalized || name == "particle.before", || format!("{path}: {word} is not normalized"));
            }
        }
    }
}

/// The arrays of strings of a TOML table, at the top and one level down, by name.
fn arrays(table: &toml::Table) -> Vec<(String, Vec<String>)> {
    let strings = |value: &toml::Value| -> Option<Vec<String>> {
        value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let mut found = Vec::new();
    for (name, value) in table {
        match value {
            toml::Value::Table(inner) => {
                found.extend(arrays(inner).into_iter().map(|(key, of)| (format!("{name}.{key}"), of)))
            }
            value => found.extend(strings(value).map(|words| (name.clone(), words))),
        }
    }
    found
}

#[test]
fn every_list_has_a_case() {
    let cases = cases::load::<EntityCase>("entities");
    let found: BTreeSet<String> =
        cases.iter().flat_map(|placed| cases::mentions(&placed.case)).map(|[_, id, ..]| id).collect();
    let texts: Vec<String> = cases.iter().map(|placed| format!(" {} ", key(&placed.case.text))).collect();
    let mut faults = Faults::default();
    for source in lists() {
        let path = source.path.display();
        let named = source.rows.iter().any(|row| match row.kind.as_str() {
            "NONE" => texts.iter().any(|text| text.contains(&format!(" {} ", key(&row.alias)))),
            _ => found.contains(&row.id),
        });
        faults.check(named, || format!("{path}: no case in tests/cases/entities finds an entity of this list"));
    }
    for (folder, _) in TYPES {
        let lists = lists();
        faults
            .check(lists.iter().any(|list| list.path.starts_with(format!("entities/{folder}"))), || folder.to_owned());
    }
}

#[test]
fn every_month_family_has_a_case_file() {
    for (path, _) in data::folder("dates/months/") {
        let name = path.rsplit(['/', '.']).nth(1).unwrap();
        assert!(cases::names("dates").contains(name), "tests/cases/dates/{name}.toml is missing");
    }
}
