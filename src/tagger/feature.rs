//! The features of a token: numbers that stand for what is true of it and of its neighbours.
//!
//! Input: [`Row`]s. Output: a feature is a 64-bit hash of its template and values. Contract: the same rows give the
//! same features in the same order; a feature says nothing about weights, and no line break is looked across.

use super::evidence::Row;
use crate::token::clitic::Front;

/// How far a token sees to either side.
const REACH: isize = 2;

/// Mixes a template's number with its values.
#[inline]
fn mix(template: u32, values: &[u64]) -> u64 {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = u64::from(template).wrapping_mul(K);
    for value in values {
        hash = (hash ^ value).wrapping_mul(K);
        hash ^= hash >> 29;
    }
    hash >> 10 << 10 | u64::from(template)
}

/// The template that a feature was made by.
pub fn template_of(feature: u64) -> u32 {
    feature as u32 & 1023
}

fn front(front: Front) -> u64 {
    let place = |place: Option<u8>| place.map_or(0, |place| u64::from(place) + 1);
    place(front.conjunction) | place(front.particle) << 2 | u64::from(front.article) << 5 | u64::from(front.contracted) << 6
}

/// What names a word may be part of, coarsely.
fn names(row: &Row) -> u64 {
    let known = &row.look.known;
    let step = |count: u8, steps: [u8; 2]| u64::from(count > 0) + u64::from(count > steps[0]) + u64::from(count > steps[1]);
    step(known.given, [1, 2]) | step(known.family, [1, 1]) << 2 | step(known.foreign, [3, 6]) << 4
}

/// The features of the token at `at`, added to `into`.
pub fn features(rows: &[Row], at: usize, into: &mut Vec<u64>) {
    static EDGE: Row = Row {
        look: crate::words::Look {
            known: crate::words::Known {
                classes: crate::words::Classes(0),
                given: 0,
                family: 0,
                foreign: 0,
                cluster: 0,
                coarse: 0,
            },
            front: Front { conjunction: None, particle: None, article: false, contracted: false, noun: 0, stem: 0 },
            stem: 1,
            frequency: 0,
        },
        word: 1,
        prefixes: [0; 4],
        suffixes: [0; 4],
        grams: [0; 8],
        shape: 0,
        listed: 0,
        alias: 0,
        person: 0,
        proposed_body: 0,
        proposed_place: 0,
        nationality: false,
        body: 0,
        outer: 0,
        role: 0,
        quoted: 0,
        dated: false,
        opens: false,
        elsewhere: 0,
        sentence: 0,
    };
    let beside = |offset: isize| -> &Row {
        let Some(place) = at.checked_add_signed(offset).filter(|place| *place < rows.len()) else { return &EDGE };
        let (first, last) = (at.min(place), at.max(place));
        if rows[first + 1..=last].iter().any(|row| row.opens) { &EDGE } else { &rows[place] }
    };
    let here = &rows[at];
    let (before, after) = (beside(-1), beside(1));
    let (earlier, later) = (beside(-REACH), beside(REACH));
    let mut add = |template: u32, values: &[u64]| into.push(mix(template, values));

    for (offset, row) in [(0, here), (1, before), (2, after), (3, earlier), (4, later)] {
        let base = 100 * offset as u32;
        let known = &row.look.known;
        add(base, &[row.look.stem]);
        if known.cluster > 0 {
            add(base + 1, &[u64::from(known.cluster)]);
        }
        if known.coarse > 0 {
            add(base + 2, &[u64::from(known.coarse)]);
        }
        let mut classes = known.classes.0;
        while classes != 0 {
            add(base + 3, &[u64::from(classes.trailing_zeros())]);
            classes &= classes - 1;
        }
        if names(row) != 0 {
            add(base + 4, &[names(row)]);
        }
        if row.nationality {
            add(base + 5, &[1]);
        }
        if row.listed > 0 {
            add(base + 6, &[u64::from(row.listed)]);
        }
        if row.alias > 0 {
            add(base + 7, &[u64::from(row.alias)]);
        }
        if offset < 3 {
            add(base + 8, &[u64::from(row.shape)]);
            add(base + 9, &[front(row.look.front)]);
            add(base + 10, &[row.word]);
            for len in 1..3 {
                if row.suffixes[len] != 0 {
                    add(base + 11, &[len as u64, u64::from(row.suffixes[len])]);
                }
            }
        }
    }

    // The token itself.
    for len in 0..4 {
        if here.prefixes[len] != 0 {
            add(500, &[len as u64, u64::from(here.prefixes[len])]);
        }
        if here.suffixes[len] != 0 {
            add(501, &[len as u64, u64::from(here.suffixes[len])]);
        }
    }
    add(502, &[u64::from(here.look.frequency)]);
    for gram in here.grams.iter().filter(|gram| **gram != 0) {
        add(508, &[u64::from(*gram)]);
    }
    add(503, &[u64::from(here.opens), u64::from(here.quoted), u64::from(here.shape)]);
    if here.dated {
        add(504, &[1]);
    }
    if here.elsewhere != 0 {
        for sign in 0..8 {
            if here.elsewhere >> sign & 1 == 1 {
                add(505, &[sign]);
            }
        }
        add(506, &[u64::from(here.elsewhere), names(here)]);
    }
    add(507, &[u64::from(here.quoted), u64::from(before.quoted), u64::from(after.quoted)]);

    // Pairs and threes.
    let cluster = |row: &Row| u64::from(row.look.known.cluster);
    let coarse = |row: &Row| u64::from(row.look.known.coarse);
    let stem = |row: &Row| row.look.stem;
    let kinds = |row: &Row| u64::from(row.look.known.classes.0);
    add(600, &[stem(before), stem(here)]);
    add(601, &[stem(here), stem(after)]);
    add(602, &[cluster(before), cluster(here)]);
    add(603, &[cluster(here), cluster(after)]);
    add(604, &[coarse(before), coarse(here), coarse(after)]);
    add(605, &[front(before.look.front), front(here.look.front), front(after.look.front)]);
    add(606, &[names(before), names(here)]);
    add(607, &[names(here), names(after)]);
    add(608, &[names(before), names(here), names(after)]);
    add(609, &[kinds(before), names(here)]);
    add(610, &[kinds(earlier), kinds(before), names(here)]);
    add(611, &[kinds(before), front(here.look.front)]);
    add(612, &[kinds(here), front(here.look.front)]);
    add(613, &[u64::from(here.listed), u64::from(before.listed)]);
    add(614, &[u64::from(here.listed), u64::from(after.listed)]);
    add(615, &[u64::from(here.listed), cluster(before)]);
    add(616, &[u64::from(here.listed), kinds(before)]);
    add(617, &[u64::from(here.alias), kinds(before)]);
    add(618, &[u64::from(here.alias), u64::from(before.alias), u64::from(after.alias)]);
    add(619, &[stem(earlier), stem(before)]);
    add(620, &[stem(before), coarse(here)]);
    add(621, &[coarse(here), stem(after)]);

    // How far a body's name reaches, and where a role ends.
    let pattern = front(here.look.front) | u64::from(here.nationality) << 8 | u64::from(names(here) != 0) << 9;
    let reach = pattern | u64::from(here.listed.div_ceil(12)) << 10;
    if here.body > 0 {
        add(700, &[u64::from(here.body)]);
        add(701, &[u64::from(here.body), pattern]);
        add(702, &[u64::from(here.body), coarse(here)]);
        add(703, &[u64::from(here.body.min(1)), u64::from(here.outer), reach]);
        add(704, &[u64::from(here.body / 8), stem(here)]);
        add(705, &[u64::from(here.body / 8), front(after.look.front), u64::from(after.nationality), pattern]);
    }
    add(706, &[u64::from(after.body), u64::from(here.body > 0)]);
    if here.person > 0 {
        add(720, &[u64::from(here.person)]);
        add(721, &[u64::from(here.person), names(here)]);
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
        add(710, &[u64::from(here.role), names(here)]);
        add(711, &[u64::from(here.role), pattern]);
        add(712, &[u64::from(here.role), u64::from(here.listed)]);
        add(713, &[u64::from(here.role), front(before.look.front), pattern]);
    }
}
