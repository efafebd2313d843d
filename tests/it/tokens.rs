//! Contracts of tokens, tiles, sentences and clitics, for any text.

use std::sync::LazyLock;

use marsad::normalize::{Normalized, Normalizer};
use marsad::token::clitic::Clitics;
use marsad::token::{self, Gap, Kind, Token, sentence, tile};
use proptest::prelude::*;

use crate::normalize::hostile;

/// Pieces of news with every kind of token, glued in any way.
pub fn newsy() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "بغداد",
        "وبالرياض",
        "للعراق",
        "الأمم",
        "المتحدة",
        "عبد الله",
        "محمد شياع السوداني",
        "السوداني",
        "حزب",
        "النهضة",
        "طرابلس",
        "و",
        "ب",
        "لل",
        "ال",
        "#العراق",
        "#",
        "@user_1",
        "@",
        "info@example.com",
        "https://example.com/a?b=1",
        "www.",
        "http://",
        "NATO",
        "F16",
        "1,250.5",
        "٢٠٢٥",
        "5",
        ".",
        "...",
        "!",
        "؟",
        "،",
        "«",
        "»",
        "\"",
        "(",
        ")",
        "-",
        "_",
        "😀",
        "❤\u{FE0F}",
        "🇹🇳",
        "\u{200F}",
        "\u{202B}",
        "\u{202C}",
        "\u{640}",
        "\u{64E}",
        "\u{654}",
        "\u{FEFB}",
        "\u{FDF2}",
        "\u{FEFF}",
        "\u{301}",
        "北京",
        "é",
        "%",
        "€",
    ]);
    let glue = prop::sample::select(vec!["", "", " ", " ", " ", "\n", "\u{A0}", "\t", "\r\n", "\u{2028}"]);
    let piece = prop_oneof![8 => pieces.prop_map(str::to_owned), 1 => hostile()];
    prop::collection::vec((piece, glue), 0..30)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, glue)| piece + glue).collect())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![3 => newsy(), 1 => hostile(), 1 => any::<String>()]
}

static NORMALIZER: LazyLock<Normalizer> = LazyLock::new(|| Normalizer::profile("analysis").unwrap());

fn analysed(text: &str) -> (Normalized, Vec<Token>) {
    let normalized = NORMALIZER.align(text);
    let mut tokens = Vec::new();
    token::tokenize(&normalized.text, &mut tokens);
    (normalized, tokens)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tokens_and_white_space_tile_any_text(text in any_text()) {
        // The tokenizer is total for text that is not normalized, too.
        for text in [&text, &analysed(&text).0.text] {
            let mut tokens = Vec::new();
            token::tokenize(text, &mut tokens);
            let mut at = 0;
            for (place, token) in tokens.iter().enumerate() {
                prop_assert!(token.span.start >= at && token.span.start < token.span.end, "{:?} after {at}", token.span);
                let gap = &text[at..token.span.start];
                prop_assert!(gap.chars().all(char::is_whitespace), "{gap:?} is no token and no white space");
                prop_assert!(!token.text(text).chars().any(char::is_whitespace), "white space in {:?}", token.text(text));
                let broken = gap.contains(['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}']);
                let expected = match gap {
                    _ if place == 0 || broken => Gap::Line,
                    "" => Gap::None,
                    _ => Gap::Space,
                };
                prop_assert_eq!(token.gap, expected, "before {:?}", token.text(text));
                prop_assert_eq!(token.hash, token::hash(token.word(text)));
                at = token.span.end;
            }
            prop_assert!(text[at..].chars().all(char::is_whitespace));
        }
    }

    #[test]
    fn tiles_are_the_whole_source(text in any_text()) {
        let (normalized, tokens) = analysed(&text);
        let tiles = tile::tiles(&text, &normalized, &tokens);
        let joined: String = tiles.iter().map(|tile| tile.source.of(&text)).collect();
        prop_assert_eq!(&joined, &text);
        let mut at = 0;
        for tile in &tiles {
            prop_assert_eq!(tile.source.start, at);
            prop_assert!(tile.source.start < tile.source.end, "an empty tile");
            at = tile.source.end;
        }
        prop_assert_eq!(at, text.len());
    }

    #[test]
    fn a_token_is_found_in_its_tile(text in any_text()) {
        let (normalized, tokens) = analysed(&text);
        let tiles = tile::tiles(&text, &normalized, &tokens);
        for token in &tokens {
            let of = |tile: &&tile::Tile| tile.normalized.start <= token.span.start && token.span.end <= tile.normalized.end;
            prop_assert_eq!(tiles.iter().filter(of).count(), 1, "{:?}", token.text(&normalized.text));
        }
    }

    #[test]
    fn sentences_are_counted_one_at_a_time(text in any_text()) {
        let (normalized, tokens) = analysed(&text);
        let mut numbers = vec![7];
        sentence::number(&normalized.text, &tokens, &mut numbers);
        prop_assert_eq!(numbers.len(), tokens.len());
        prop_assert_eq!(numbers.first().copied().unwrap_or(0), 0);
        for (place, pair) in numbers.windows(2).enumerate() {
            prop_assert!(pair[1] == pair[0] || pair[1] == pair[0] + 1, "{pair:?}");
            prop_assert!(tokens[place + 1].gap != Gap::Line || pair[1] == pair[0] + 1, "a line break ends a sentence");
        }
    }

    #[test]
    fn pieces_of_a_cut_word_make_the_word(text in any_text()) {
        let (normalized, tokens) = analysed(&text);
        let clitics = Clitics::builtin();
        for token in tokens.iter().filter(|token| token.kind == Kind::Word) {
            let word = token.text(&normalized.text);
            let found = clitics.proclitics(word);
            let joined = found.concat();
            let contracted = joined.replace("لال", "لل");
            prop_assert!(word.starts_with(&joined) || word.starts_with(&contracted), "{word}: {found:?}");
            for cut in clitics.cuts(word) {
                prop_assert!(word[cut.len..].chars().count() >= 2, "{word}: {cut:?}");
                prop_assert!(clitics.before_name(cut) <= cut.len);
            }
        }
    }
}

/// The number of each sentence's last one, for texts whose sentences one can count.
#[test]
fn sentences_end_at_lines_and_full_stops() {
    for (text, sentences) in [
        ("", 0),
        ("قال الوزير", 1),
        ("قال الوزير. ثم غادر.", 2),
        ("ماذا؟ نعم! انتهى…", 3),
        ("العنوان\nالخبر", 2),
        ("العنوان\n\n\nالخبر", 2),
        ("قال د. أحمد إنه سيعود", 1),
        ("بلغ 3.5 مليون. ثم 4", 2),
        ("قال: «انتهى.» ثم غادر", 2),
        ("موقع example.com يقول", 1),
        ("ثم... سكت", 2),
    ] {
        let (normalized, tokens) = analysed(text);
        let mut numbers = Vec::new();
        sentence::number(&normalized.text, &tokens, &mut numbers);
        assert_eq!(numbers.last().map_or(0, |last| last + 1), sentences, "{text:?}: {numbers:?}");
    }
}

#[test]
fn one_million_of_one_thing_is_cut_in_linear_time() {
    for piece in ["ا", "و", " ", "\n", "\u{64E}", "\u{200F}", ".", "#", "@", "a", "1", "1.", "😀", "www.", "a@b"] {
        let text = piece.repeat(1_000_000 / piece.len());
        let (normalized, tokens) = analysed(&text);
        assert!(tokens.iter().map(|token| token.span.end - token.span.start).sum::<usize>() <= normalized.text.len());
    }
}
