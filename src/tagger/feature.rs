//! The features of a token: numbers that stand for what is true of it and of its neighbours.
//!
//! Input: [`Row`]s. Output: a feature is a 64-bit hash of its template and values. Contract: a token's features are
//! those of the words around it, each with its distance ([`of_word`]), and those of its place ([`of_place`]); what a
//! word gives hangs on the word alone, so that its weights can be added up once. No line break is looked across.

use super::evidence::Row;
use crate::token;
use crate::token::clitic::Front;
use crate::words::{Look, Reading};

/// The distances at which a token sees words: itself, one before, one after, two before, two after.
pub const DISTANCES: [isize; 5] = [0, -1, 1, -2, 2];

/// Mixes a template's number with its values.
#[inline]
fn mix(template: u32, values: &[u64]) -> u64 {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = u64::from(template).wrapping_mul(K);
    for value in values {
        hash = (hash ^ value).wrapping_mul(K);
        hash ^= hash >> 29;
    }
    hash
}

fn front(front: Front) -> u64 {
    let place = |place: Option<u8>| place.map_or(0, |place| u64::from(place) + 1);
    place(front.conjunction)
        | place(front.particle) << 2
        | u64::from(front.article) << 5
        | u64::from(front.contracted) << 6
}

/// What names a word may be part of, coarsely; of a word that no list knows, how much it looks like one.
fn names(look: &Look) -> u64 {
    let known = &look.known;
    let step =
        |count: u8, steps: [u8; 2]| u64::from(count > 0) + u64::from(count > steps[0]) + u64::from(count > steps[1]);
    step(known.given, [1, 2])
        | step(known.family, [1, 1]) << 2
        | step(known.foreign, [3, 6]) << 4
        | u64::from(look.likeness) << 8
}

/// The features that a word gives at the distance with this place in [`DISTANCES`], from where it stands.
pub fn of_word(word: &str, row: &Row, distance: usize, mut add: impl FnMut(u32, u64)) {
    let mut add = |template: u32, values: &[u64]| {
        let template = 100 * distance as u32 + template;
        add(template, mix(template, values));
    };
    let look = &row.look;
    let known = &look.known;
    add(0, &[look.stem]);
    if known.cluster > 0 {
        add(1, &[u64::from(known.cluster)]);
        add(2, &[u64::from(known.coarse)]);
    }
    if names(look) != 0 {
        add(4, &[names(look)]);
    }
    if distance > 2 {
        return;
    }
    add(8, &[u64::from(row.shape)]);
    add(9, &[front(look.front)]);
    add(10, &[row.word]);
    if row.shape < LETTERS {
        return;
    }
    let suffixes = word.char_indices().rev().map(|(at, _)| token::hash(&word[at..]));
    if distance > 0 {
        suffixes.skip(1).take(2).for_each(|suffix| add(11, &[suffix]));
        return;
    }
    let ends = word.char_indices().map(|(at, letter)| at + letter.len_utf8());
    for (end, suffix) in ends.zip(suffixes).take(4) {
        add(20, &[token::hash(&word[..end])]);
        add(21, &[suffix]);
    }
    add(22, &[u64::from(look.frequency)]);
    let stem = &word[look.front.stem.min(word.len())..];
    let ends = stem.char_indices().map(|(at, letter)| at + letter.len_utf8());
    for (start, end) in stem.char_indices().map(|(at, _)| at).zip(ends.skip(2)).take(8) {
        add(23, &[token::hash(&stem[start..end])]);
    }
}

/// From this shape on a token has letters.
const LETTERS: u8 = 4;

/// The features of a token's place: what its neighbours, lists, rules and the document say of it.
pub fn of_place(rows: &[Row], at: usize, mut add: impl FnMut(u32, u64)) {
    let mut add = |template: u32, values: &[u64]| add(template, mix(template, values));
    // What is true of most words says nothing.
    macro_rules! add_if {
        ($true:expr, $template:literal, $values:expr) => {
            if $true {
                add($template, &$values);
            }
        };
    }
    let beside = |distance: isize| beside(rows, at, distance).map_or(&Row::EDGE, |place| &rows[place]);
    let here = &rows[at];
    let (before, after, earlier, later) = (beside(-1), beside(1), beside(-2), beside(2));

    for (base, row) in [(500, here), (510, before), (520, after), (530, earlier), (540, later)] {
        let mut classes = row.look.known.classes.0;
        while classes != 0 {
            add(base, &[u64::from(classes.trailing_zeros())]);
            classes &= classes - 1;
        }
        if row.nationality {
            add(base + 1, &[1]);
        }
        if row.listed > 0 {
            add(base + 2, &[u64::from(row.listed)]);
        }
        if row.alias > 0 {
            add(base + 3, &[u64::from(row.alias)]);
        }
    }
    add(550, &[u64::from(here.opens), u64::from(here.quoted), u64::from(here.shape)]);
    let quoted = [here, before, after].map(|row| u64::from(row.quoted));
    add_if!(quoted != [0; 3], 551, quoted);
    add_if!(here.dated, 552, [1]);
    if here.elsewhere != 0 {
        (0..8).filter(|sign| here.elsewhere >> sign & 1 == 1).for_each(|sign| add(553, &[sign]));
        add(554, &[u64::from(here.elsewhere), names(&here.look)]);
    }

    // Pairs and threes.
    let cluster = |row: &Row| u64::from(row.look.known.cluster);
    let coarse = |row: &Row| u64::from(row.look.known.coarse);
    let stem = |row: &Row| row.look.stem;
    let kinds = |row: &Row| u64::from(row.look.known.classes.0);
    let listed = |row: &Row| u64::from(row.listed);
    add(600, &[stem(before), stem(here)]);
    add(601, &[stem(here), stem(after)]);
    add(603, &[cluster(here), cluster(after)]);
    let fronts = [before, here, after].map(|row| front(row.look.front));
    add_if!(fronts != [0; 3], 605, fronts);
    let named = [before, here, after].map(|row| names(&row.look));
    add_if!(named[..2] != [0; 2], 606, named[..2]);
    add_if!(named[1..] != [0; 2], 607, named[1..]);
    if kinds(before) != 0 {
        add(609, &[kinds(before), named[1]]);
        add(611, &[kinds(before), fronts[1]]);
    }
    add_if!(kinds(before) | kinds(earlier) != 0, 610, [kinds(earlier), kinds(before), named[1]]);
    add_if!(kinds(here) != 0, 612, [kinds(here), fronts[1]]);
    add_if!(listed(here) | listed(before) != 0, 613, [listed(here), listed(before)]);
    add_if!(listed(here) | listed(after) != 0, 614, [listed(here), listed(after)]);
    if listed(here) != 0 {
        add(615, &[listed(here), cluster(before)]);
        add(616, &[listed(here), kinds(before)]);
    }
    let aliases = [here, before, after].map(|row| u64::from(row.alias));
    add_if!(aliases != [0; 3], 618, aliases);
    add(620, &[stem(before), coarse(here)]);
    add(621, &[coarse(here), stem(after)]);

    // How far a body's name reaches, and where a role ends.
    let pattern = front(here.look.front) | u64::from(here.nationality) << 8 | u64::from(names(&here.look) != 0) << 9;
    let reach = pattern | u64::from(here.listed.div_ceil(12)) << 10;
    if here.body > 0 {
        add(700, &[u64::from(here.body)]);
        add(701, &[u64::from(here.body), pattern]);
        add(702, &[u64::from(here.body), coarse(here)]);
        add(703, &[u64::from(here.body.min(1)), u64::from(here.outer), reach]);
        add(704, &[u64::from(here.body / 8), stem(here)]);
        add(705, &[u64::from(here.body / 8), front(after.look.front), u64::from(after.nationality), pattern]);
    }
    add_if!(after.body > 0 || here.body > 0, 706, [u64::from(after.body), u64::from(here.body > 0)]);
    if here.person > 0 {
        add(720, &[u64::from(here.person)]);
        add(721, &[u64::from(here.person), names(&here.look)]);
        add(722, &[u64::from(here.person), u64::from(here.listed)]);
    }
    if here.proposed_body > 0 {
        add(723, &[u64::from(here.proposed_body)]);
        add(724, &[u64::from(here.proposed_body), u64::from(here.body)]);
        add(725, &[u64::from(here.proposed_body), u64::from(here.listed)]);
    }
    if here.proposed_place > 0 {
        add(726, &[u64::from(here.proposed_place), u64::from(here.listed)]);
        add(727, &[u64::from(here.proposed_place), coarse(here)]);
    }
    if here.role > 0 {
        add(710, &[u64::from(here.role), names(&here.look)]);
        add(711, &[u64::from(here.role), pattern]);
        add(712, &[u64::from(here.role), u64::from(here.listed)]);
        add(713, &[u64::from(here.role), front(before.look.front), pattern]);
    }
}

/// The token at a distance from another, if no line break lies between them.
#[inline]
pub fn beside(rows: &[Row], at: usize, distance: isize) -> Option<usize> {
    let place = at.checked_add_signed(distance).filter(|place| *place < rows.len())?;
    let (first, last) = (at.min(place), at.max(place));
    rows[first + 1..=last].iter().all(|row| !row.opens).then_some(place)
}

/// All features of the token at `at`, each with its template.
pub fn features(reading: Reading<'_>, rows: &[Row], at: usize, mut add: impl FnMut(u32, u64)) {
    for (distance, offset) in DISTANCES.iter().enumerate() {
        match beside(rows, at, *offset) {
            Some(place) => of_word(reading.tokens[place].word(reading.text), &rows[place], distance, &mut add),
            None => of_word("", &Row::EDGE, distance, &mut add),
        }
    }
    of_place(rows, at, add);
}

/// What a template looks at, as a phrase.
pub fn about(template: u32) -> String {
    const WHOSE: [&str; 5] =
        ["", " of the word before", " of the word after", " of the word two before", " of the word two after"];
    let what = match (template / 100, template % 100) {
        (0..5, 0) => "stem",
        (0..5, 1 | 2) => "cluster",
        (0..5, 4) => "use as a personal name",
        (0..5, 8) => "length",
        (0..5, 9) => "proclitics",
        (0..5, 10) => "spelling",
        (0..5, 11 | 21) => "ending",
        (0..5, 20) => "beginning",
        (0..5, 22) => "frequency",
        (0..5, _) => "letters",
        (5, 50 | 51) => "place in the line and quotes",
        (5, 52) => "date here",
        (5, 53 | 54) => "other places of the document",
        (5, of @ 0..50) => {
            let whose = WHOSE[of as usize / 10];
            let what = ["class", "nationality", "name of the lexicon", "alias of the lexicon"][of as usize % 10 % 4];
            return format!("{what}{whose}");
        }
        (6, 13..=18) => "names of the lexicon here and beside it",
        (6, 6 | 7 | 9 | 10) => "names and classes of the words around",
        (6, _) => "words around",
        (7, 0..=6) => "reach of a body's name",
        (7, 10..=13) => "title or role before",
        (7, 20..=22) => "rule of persons' names",
        (7, 23..=25) => "rule of bodies' names",
        _ => "rule of places' names",
    };
    format!("{what}{}", WHOSE.get(template as usize / 100).copied().unwrap_or_default())
}
