//! The case files of `tests/cases/normalize`, `tokens`, `entities` and `names`, run against the built-in data.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use marsad::data;
use marsad::entity::TYPES;
use marsad::lexicon::Lexicon;
use marsad::mention::Finder;
use marsad::normalize::{Normalizer, OptionSet, Options};
use marsad::pipeline::{Analyzer, Scratch};
use marsad::tagger::Tagger;
use marsad::token::clitic::Clitics;
use marsad::token::{self, Kind, tile};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<C> {
    case: Vec<C>,
}

/// A case with where it stands: "entities/persons.toml, case 3".
pub struct Placed<C> {
    pub place: String,
    pub case: C,
}

/// The names of the case files in a folder of `tests/cases`, without their ending.
pub fn names(folder: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
    let entries = fs::read_dir(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| name.strip_suffix(".toml").map(str::to_owned)).collect()
}

/// Every case of a folder; a file with an unknown key, or with no case, fails here.
pub fn load<C: DeserializeOwned>(folder: &str) -> Vec<Placed<C>> {
    let mut cases = Vec::new();
    for name in names(folder) {
        let name = format!("{folder}/{name}.toml");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(&name);
        let file: File<C> =
            data::toml(&name, &fs::read_to_string(path).unwrap()).unwrap_or_else(|fault| panic!("{fault}"));
        assert!(!file.case.is_empty(), "{name} has no case");
        let place = |(number, case)| Placed { place: format!("{name}, case {}", number + 1), case };
        cases.extend(file.case.into_iter().enumerate().map(place));
    }
    cases
}

/// Fails with every fault that `check` finds, each under the name of its case.
fn run<C: DeserializeOwned>(folder: &str, least: usize, check: impl Fn(&str, &C) -> Vec<String>) {
    let cases = load::<C>(folder);
    let mut faults = Vec::new();
    for Placed { place, case } in &cases {
        faults.extend(check(place, case).into_iter().map(|fault| format!("{place}: {fault}")));
    }
    assert!(faults.is_empty(), "{} faults in {} cases\n{}", faults.len(), cases.len(), faults.join("\n"));
    assert!(cases.len() >= least, "{folder}: only {} cases were found", cases.len());
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NormalizeCase {
    input: String,
    expected: String,
    options: Option<Vec<String>>,
    profile: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[test]
fn normalize() {
    run("normalize", 60, |place, case: &NormalizeCase| {
        let file = place.split(['/', '.']).nth(1).unwrap();
        let (options, subject) = match (&case.options, &case.profile) {
            (Some(names), None) => {
                let all = names.iter().try_fold(Options::none(), |options, name| options.with(name, true));
                (all, names.iter().any(|name| name == file))
            }
            (None, Some(profile)) => (Options::profile(profile), profile == file),
            _ => return vec!["either options or profile is due".to_owned()],
        };
        let mut faults = Vec::new();
        if !subject {
            faults.push("a case belongs in the file of its option or profile".to_owned());
        }
        match options {
            Err(fault) => faults.push(fault.to_string()),
            Ok(options) => {
                let found = Normalizer::new(options).normalize(&case.input);
                if found != case.expected {
                    faults.push(format!("{:?} became {found:?}, not {:?}", case.input, case.expected));
                }
            }
        }
        faults
    });
}

#[test]
fn every_option_and_profile_has_cases_that_change_and_cases_that_keep() {
    let set = OptionSet::builtin();
    let known: BTreeSet<String> =
        set.folds().iter().map(|fold| fold.name.clone()).chain(set.profiles().map(str::to_owned)).collect();
    assert_eq!(names("normalize"), known, "one case file each in tests/cases/normalize");
    let cases = load::<NormalizeCase>("normalize");
    for name in &known {
        let file = format!("normalize/{name}.toml");
        let of = || cases.iter().filter(|placed| placed.place.starts_with(&file));
        assert!(of().any(|placed| placed.case.input != placed.case.expected), "{file}: no case changes its text");
        assert!(of().any(|placed| placed.case.input == placed.case.expected), "{file}: no case keeps its text");
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenCase {
    text: String,
    tokens: Vec<ExpectedToken>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
struct ExpectedToken {
    text: String,
    kind: String,
    #[serde(default)]
    proclitics: Vec<String>,
}

fn tokens(text: &str) -> Vec<ExpectedToken> {
    let normalized = Normalizer::profile("analysis").unwrap().align(text);
    let mut tokens = Vec::new();
    token::tokenize(&normalized.text, &mut tokens);
    let shown = |tile: tile::Tile| {
        let kind = tile.kind?;
        let word = tile.normalized.of(&normalized.text);
        let cut = if kind == Kind::Word { Clitics::builtin().proclitics(word) } else { Vec::new() };
        let proclitics = cut.into_iter().map(str::to_owned).collect();
        Some(ExpectedToken { text: tile.source.of(text).to_owned(), kind: kind.name().to_owned(), proclitics })
    };
    tile::tiles(text, &normalized, &tokens).into_iter().filter_map(shown).collect()
}

#[test]
fn tokens_and_proclitics() {
    run("tokens", 80, |_, case: &TokenCase| {
        let found = tokens(&case.text);
        let differs = found.iter().zip(&case.tokens).find(|(found, expected)| found != expected);
        match differs {
            Some((found, expected)) => vec![format!("found {found:?}\n    where the case has {expected:?}")],
            None if found.len() != case.tokens.len() => {
                vec![format!("found {} tokens where the case has {}", found.len(), case.tokens.len())]
            }
            None => Vec::new(),
        }
    });
}

#[test]
fn every_kind_of_token_has_a_case() {
    let cases = load::<TokenCase>("tokens");
    for kind in Kind::ALL {
        let has = cases.iter().any(|placed| placed.case.tokens.iter().any(|token| token.kind == kind.name()));
        assert!(has, "no token case has a {}", kind.name());
    }
}

/// A text and the mentions that must be found in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntityCase {
    pub text: String,
    types: Option<Vec<String>>,
    recognizer: Option<bool>,
    entities: Vec<ExpectedMention>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct ExpectedMention {
    text: String,
    id: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    source: Option<String>,
}

/// The mentions of a case: surface, id, type, source.
pub fn mentions(case: &EntityCase) -> Vec<[String; 4]> {
    let default: Vec<String> = TYPES.map(str::to_owned).into();
    let types = case.types.as_ref().unwrap_or(&default);
    let tagger = case.recognizer.unwrap_or(true).then(Tagger::builtin);
    let finder = Finder::new(Lexicon::builtin(), types, tagger, &[]).unwrap();
    let analyzer = Analyzer::new(finder, Some(1)).unwrap();
    let mut scratch = Scratch::default();
    let found = analyzer.analyze(&case.text, None, &mut scratch);
    let shown = found.mentions().map(|(mention, span, _)| {
        let entity = found.entity(mention);
        [span.of(&case.text), entity.id, entity.kind, mention.source.name()].map(str::to_owned)
    });
    shown.collect()
}

#[test]
fn entities() {
    run("entities", 150, |_, case: &EntityCase| {
        let found = mentions(case);
        let names = |found: &[[String; 4]]| -> Vec<String> {
            found.iter().map(|[text, id, ..]| format!("{text} = {id}")).collect()
        };
        let expected: Vec<String> = case.entities.iter().map(|one| format!("{} = {}", one.text, one.id)).collect();
        if names(&found) != expected {
            return vec![format!("{}\n    found {:?}\n    not   {expected:?}", case.text, names(&found))];
        }
        let mut faults = Vec::new();
        for ([text, _, kind, source], expected) in found.iter().zip(&case.entities) {
            for (what, found, expected) in [("type", kind, &expected.kind), ("source", source, &expected.source)] {
                if expected.as_ref().is_some_and(|expected| expected != found) {
                    faults.push(format!("{text}: the {what} is {found}, not {expected:?}"));
                }
            }
        }
        faults
    });
}

#[test]
fn entity_cases_hold_every_source_and_texts_without_a_mention() {
    let cases = load::<EntityCase>("entities");
    assert!(cases.iter().filter(|placed| placed.case.entities.is_empty()).count() >= 30, "too few negative cases");
    let all: Vec<[String; 4]> = cases.iter().flat_map(|placed| mentions(&placed.case)).collect();
    for source in marsad::entity::Source::ALL {
        assert!(all.iter().any(|[.., found]| found == source.name()), "no case has the source {}", source.name());
    }
    let texts: BTreeSet<&str> = cases.iter().map(|placed| placed.case.text.as_str()).collect();
    let with_options = cases.iter().filter(|placed| placed.case.types.is_some() || placed.case.recognizer.is_some());
    assert!(texts.len() + with_options.count() >= cases.len(), "a text stands twice with the same options");
}

/// A text, the names in it, and which of them are one entity.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameCase {
    text: String,
    names: Vec<ExpectedName>,
    /// True if it is known to come out wrong (`tools/flag_names.py`).
    #[serde(default)]
    fails: bool,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedName {
    text: String,
    #[serde(rename = "type")]
    kind: String,
    /// The name of the entity, where it is not this one.
    of: Option<String>,
}

#[test]
fn names_and_links() {
    let finder = Finder::new(Lexicon::builtin(), &TYPES, Some(Tagger::builtin()), &[]).unwrap();
    let analyzer = Analyzer::new(finder, Some(1)).unwrap();
    run("names", 500, |_, case: &NameCase| {
        let mut scratch = Scratch::default();
        let analysis = analyzer.analyze(&case.text, None, &mut scratch);
        let found = analysis.mentions().map(|(mention, span, _)| {
            let entity = analysis.entity(mention);
            (span.of(&case.text), entity.kind, entity.id)
        });
        let faults = case.faults(&found.collect::<Vec<_>>());
        match (case.fails, faults.is_empty()) {
            (true, true) => vec![format!("{}\n    comes out right: run tools/flag_names.py", case.text)],
            (true, false) => Vec::new(),
            (false, _) => faults,
        }
    });
}

impl NameCase {
    /// What is wrong with the names that were found: surface, type, id.
    fn faults(&self, found: &[(&str, &str, &str)]) -> Vec<String> {
        let due: Vec<(&str, &str)> = self.names.iter().map(|name| (&*name.text, &*name.kind)).collect();
        if found.iter().map(|(text, kind, _)| (*text, *kind)).ne(due.iter().copied()) {
            return vec![format!("{}\n    found {found:?}\n    not   {due:?}", self.text)];
        }
        let one = |name: &ExpectedName| name.of.clone().unwrap_or_else(|| name.text.clone());
        let pairs = (0..found.len()).flat_map(|later| (0..later).map(move |first| (first, later)));
        let faults = pairs.filter_map(|(first, later)| {
            let (linked, due) = (found[first].2 == found[later].2, one(&self.names[first]) == one(&self.names[later]));
            let what = if due { "two entities, not one" } else { "one entity, not two" };
            (linked != due)
                .then(|| format!("{}\n    {} and {} are {what}: {found:?}", self.text, found[first].0, found[later].0))
        });
        faults.collect()
    }
}
