//! Finding aliases: equal to a slow reference; what lists may hold, and how their faults are told.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use marsad::lexicon::{Hit, Lexicon, Source};
use marsad::normalize::Normalizer;
use marsad::token::clitic::Clitics;
use marsad::token::{self, Gap, Kind, Token};
use proptest::prelude::*;

const HEAD: &str = "id\ttype\tneeds\talias\n";

static NORMALIZER: LazyLock<Normalizer> = LazyLock::new(|| Normalizer::profile("analysis").unwrap());
static SMALL: LazyLock<(Lexicon, HashSet<Vec<String>>)> = LazyLock::new(small);

fn tokens(text: &str) -> (String, Vec<Token>) {
    let text = NORMALIZER.normalize(text);
    let mut tokens = Vec::new();
    token::tokenize(&text, &mut tokens);
    (text, tokens)
}

fn hits(lexicon: &Lexicon, text: &str, tokens: &[Token]) -> Vec<Hit> {
    let mut hits = Vec::new();
    lexicon.hits(text, tokens, &mut hits);
    hits
}

/// Every span of tokens whose words are an alias, tried one by one; a hyphen inside may be left out. The first word
/// may stand behind proclitics that leave a word at least as common as the whole.
fn reference(aliases: &HashSet<Vec<String>>, text: &str, tokens: &[Token]) -> BTreeSet<(usize, usize)> {
    let clitics = Clitics::builtin();
    let mut found = BTreeSet::new();
    for first in 0..tokens.len() {
        let word = tokens[first].word(text);
        if !matches!(tokens[first].kind, Kind::Word | Kind::Hashtag | Kind::Latin | Kind::Number) {
            continue;
        }
        let mut readings = vec![word.to_owned()];
        if matches!(tokens[first].kind, Kind::Word | Kind::Hashtag) {
            readings.extend(clitics.cuts(word).map(|cut| clitics.rest(word, cut)));
        }
        for last in first..tokens.len().min(first + 8) {
            if tokens[first + 1..=last].iter().any(|token| token.gap == Gap::Line) {
                break;
            }
            for reading in &readings {
                let rest = tokens[first + 1..=last].iter().map(|token| token.word(text).to_owned());
                let words: Vec<String> = std::iter::once(reading.clone()).chain(rest).collect();
                let without: Vec<String> = words.iter().filter(|word| *word != "-").cloned().collect();
                let joins = |place: usize| {
                    let next = tokens.get(place + 1).filter(|_| place < last);
                    next.is_some_and(|next| next.gap == tokens[place].gap && next.kind != Kind::Punctuation)
                };
                let loose = (first..=last).filter(|&place| tokens[place].text(text) == "-").all(joins);
                if aliases.contains(&words) || (loose && aliases.contains(&without)) {
                    found.insert((first, last + 1));
                }
            }
        }
    }
    found
}

/// A small lexicon whose aliases share words, beginnings and ends.
const ALIASES: [&str; 12] = [
    "الدب",
    "الدب الأكبر",
    "الأكبر",
    "نوبان",
    "نوبان نار",
    "نوبان نار الدب",
    "طلسم",
    "كونبا",
    "Zed",
    "Zed 7",
    "سيما-طلسم",
    "دينار زرق",
];

fn small() -> (Lexicon, HashSet<Vec<String>>) {
    let rows: String = ALIASES.iter().enumerate().map(|(place, alias)| format!("ID{place}\tX\t-\t{alias}\n")).collect();
    let words = |alias: &&str| {
        let (text, tokens) = tokens(alias);
        tokens.iter().map(|token| token.word(&text).to_owned()).collect()
    };
    let lexicon = Lexicon::new(&[Source::parse("small.tsv", 1, &format!("{HEAD}{rows}")).unwrap()]).unwrap();
    (lexicon, ALIASES.iter().map(words).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hits_equal_the_reference(pieces in prop::collection::vec((prop::sample::select(vec![
        "الدب", "الأكبر", "نوبان", "نار", "طلسم", "سيما", "كونبا", "دينار", "زرق", "Zed", "zed", "7", "وكونبا", "بطلسم", "للدب", "وللدب",
        "فنوبان", "#طلسم", "#وطلسم", "@طلسم", "نوبانة", "طلسمان", ".", "،", "-", "«",
    ]), prop::sample::select(vec![" ", " ", " ", "", "\n"])), 0..14)) {
        let (lexicon, aliases) = &*SMALL;
        let text: String = pieces.into_iter().flat_map(|(piece, glue)| [piece, glue]).collect();
        let (text, tokens) = tokens(&text);
        let found = hits(lexicon, &text, &tokens);
        let places: Vec<(usize, usize)> = found.iter().map(|hit| (hit.first as usize, hit.last as usize)).collect();
        prop_assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "out of order: {places:?}");
        prop_assert_eq!(places.into_iter().collect::<BTreeSet<_>>(), reference(aliases, &text, &tokens), "{}", text);
        for hit in &found {
            prop_assert_eq!(hit.span.end, tokens[hit.last as usize - 1].span.end);
            let first = tokens[hit.first as usize].span;
            prop_assert!(hit.span.start >= first.start && hit.span.start < first.end);
        }
    }
}

#[test]
fn every_built_in_alias_is_found_where_it_stands_alone() {
    let lexicon = Lexicon::builtin();
    let mut missing = Vec::new();
    let mut count = 0;
    for source in Lexicon::builtin_sources().unwrap() {
        for row in source.rows {
            count += 1;
            let (text, tokens) = tokens(&row.alias);
            let whole = |hit: &&Hit| hit.first == 0 && hit.last as usize == tokens.len();
            let found = hits(&lexicon, &text, &tokens);
            let named = found.iter().filter(whole).any(|hit| {
                lexicon.candidates(hit).iter().any(|one| *lexicon.entities()[one.entity as usize].id == *row.id)
            });
            if !named {
                missing.push(format!("{}:{}: {} = {}", source.path.display(), row.line, row.alias, row.id));
            }
        }
    }
    assert_eq!(count, lexicon.len());
    assert!(missing.is_empty(), "{} of {count} aliases are not found\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn an_alias_of_the_user_goes_before_the_built_in_one() {
    let mine =
        Source::parse("mine.tsv", 1, "id\ttype\talias\nMY_CAIRO\tSHIP\tالقاهرة\nNEW\tSHIP\tسفينة الضاد\n").unwrap();
    let lexicon = Lexicon::extended(vec![mine], true).unwrap();
    let (text, tokens) = tokens("القاهرة وسفينة الضاد");
    let names: Vec<&str> = hits(&lexicon, &text, &tokens)
        .iter()
        .map(|hit| &*lexicon.entities()[lexicon.candidates(hit)[0].entity as usize].id)
        .collect();
    assert_eq!(names, ["MY_CAIRO", "NEW"]);
    assert!(lexicon.types().iter().any(|name| name == "SHIP"));
    assert_eq!(lexicon.len(), Lexicon::builtin().len() + 2);
}

#[test]
fn of_two_sources_of_the_user_the_higher_rank_wins() {
    let source = |rank: u32, id: &str| Source::parse("x.tsv", rank, &format!("{id}\tX\tضاضا\n")).unwrap();
    for sources in [[source(1, "LOW"), source(2, "HIGH")], [source(2, "HIGH"), source(1, "LOW")]] {
        let lexicon = Lexicon::extended(sources.into(), false).unwrap();
        let (text, tokens) = tokens("ضاضا");
        let hit = hits(&lexicon, &text, &tokens)[0];
        let ids: Vec<&str> =
            lexicon.candidates(&hit).iter().map(|one| &*lexicon.entities()[one.entity as usize].id).collect();
        assert_eq!(ids, ["HIGH", "LOW"]);
    }
}

#[test]
fn the_name_shown_is_the_first_alias_as_it_is_spelled() {
    let lexicon = Lexicon::new(&[Source::parse("x.tsv", 1, "A\tX\tأوَّل\nA\tX\tثانٍ\n").unwrap()]).unwrap();
    assert_eq!(&*lexicon.entities()[0].name, "أوَّل");
    assert_eq!(lexicon.entities().len(), 1);
    assert_eq!(lexicon.len(), 2);
    assert!(Lexicon::extended(Vec::new(), false).unwrap().is_empty());
}

#[test]
fn faults_of_a_list_are_told_with_file_and_line() {
    let head = "# source: x\nid\ttype\tneeds\talias\nA\tX\t-\tأول\n";
    for (row, reason) in [
        ("B\tX\t-", "list.tsv:4: found 3 tab-separated cells where there are 4 columns (id, type, needs, alias)"),
        ("\tX\t-\tثان", "list.tsv:4: the id is empty"),
        ("B\t\t-\tثان", "list.tsv:4: the type of B is empty"),
        ("B\tX\t-\t...", "list.tsv:4: the alias \"...\" of B has no letter or digit"),
        ("B\tX\tmaybe\tثان", "list.tsv:4: needs is \"maybe\"; it may be \"-\", "),
    ] {
        let fault = Source::parse("list.tsv", 1, &format!("{head}{row}\n")).unwrap_err().to_string();
        assert!(fault.starts_with(reason), "{fault}");
    }
    let fault = Source::parse("list.tsv", 1, "id\tname\nA\tأول\n").unwrap_err().to_string();
    assert!(fault.starts_with("list.tsv:1: no column \"type\"") && fault.contains("id, name"), "{fault}");
    let source = Source::parse("list.tsv", 1, &format!("{head}A\tY\t-\tثان\n")).unwrap();
    let fault = Lexicon::new(&[source]).unwrap_err().to_string();
    assert_eq!(fault, "list.tsv:4: A is of type Y here and of type X before");
}

#[test]
fn lists_may_have_crlf_a_mark_of_byte_order_comments_and_no_header() {
    let text = "\u{FEFF}# about: mine\r\n\r\nA\tX\tأول\r\n# a remark\r\nB\tX\tثان\r\n";
    let source = Source::parse("x.tsv", 1, text).unwrap();
    let rows: Vec<(usize, &str, &str)> =
        source.rows.iter().map(|row| (row.line, row.id.as_str(), row.alias.as_str())).collect();
    assert_eq!(rows, [(3, "A", "أول"), (5, "B", "ثان")]);
    let reordered = Source::parse("x.tsv", 1, "alias\tid\ttype\nأول\tA\tX\n").unwrap();
    assert_eq!(reordered.rows[0].alias, "أول");
}
