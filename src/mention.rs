//! Who and where: the names of a document, each with the entity it stands for.
//!
//! Input: a text's tokens, sentences and dates. Output: [`Mention`]s in order, apart from each other, and the
//! [`Name`]s of entities that no lexicon lists. Contract: lexicon, rules and tagger vote by one written policy.
//!
//! 1. A name of the caller's own lexicon stands, whatever the others say.
//! 2. The tagger reads what lexicon and rules say of each token; the names it finds stand next, but parts of a listed
//!    name that needs nothing give way to the whole.
//! 3. A name of the lexicon that needs nothing, or that a rule announces, stands where the tagger finds none and gives
//!    names at least the chance [`LISTED`]; a name between brackets right after another, in capital letters, stands too.
//! 4. A mention is of the lexicon's entity where the lexicon has the name with that type, else of the entity that the
//!    document names so; `link` says when two names are one entity.
//! 5. What the document names once is found wherever it stands again ([`again`]).
//! 6. Names on the caller's stop list are no mentions.
//!
//! Without the tagger only the lexicon's names stand.

mod again;
mod explain;
mod form;
mod link;
mod marks;
mod short;
mod words;

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::entity::rule::{self, Proposal};
use crate::entity::{self, Recognizer};
use crate::error::Result;
use crate::lexicon::Lexicon;
use crate::normalize::Normalizer;
use crate::span::NormSpan;
use crate::tagger::evidence::kind_of;
use crate::tagger::{self, Evidence, Tagger};
use crate::token::{Gap, Kind, Token};
use crate::words::{Cache, Classes, Look, Reading, Words};

pub use crate::entity::Source;
pub use explain::Reason;

/// The least chance that the tagger gives a name of the lexicon which it does not find itself.
pub const LISTED: f32 = 0.05;

/// Index of persons in [`tagger::TYPES`].
const PERSON: usize = 0;
/// Index of bodies.
const BODY: usize = 1;
/// Index of places.
const PLACE: usize = 2;

/// So many tokens before and after a name are near it.
const NEAR: usize = 8;

/// The longest phrase that is no name, in tokens.
const PHRASE: u32 = 6;

/// Whom a mention names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Index into [`Lexicon::entities`].
    Listed(u32),
    /// Index into the names of the document.
    Named(u32),
}

/// An entity that no lexicon lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Index into [`tagger::TYPES`].
    pub kind: usize,
    /// The type and the normalized full name: "PER:محمد علي".
    pub id: Box<str>,
    /// Where the fullest form stands in the normalized text.
    pub span: NormSpan,
}

/// A name in a text that stands for an entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mention {
    /// The name, without proclitics, titles or quotes.
    pub span: NormSpan,
    /// The first token of the name.
    pub token: u32,
    /// One past its last token.
    pub last: u32,
    /// Whom it names.
    pub who: Who,
    /// Who found it.
    pub source: Source,
    /// How sure the finding is, from 0 to 1: the tagger's probability where it found the name; for a name of the
    /// lexicon alone 1, 0.8 after a head word, 0.7 where several entities bear it; 0.9 for a link.
    pub score: f64,
}

/// Finds the names of documents.
#[derive(Debug)]
pub struct Finder {
    recognizer: Recognizer,
    tagger: Option<Arc<Tagger>>,
    /// By type of [`tagger::TYPES`]: the caller wants it.
    wanted: [bool; tagger::TYPES.len()],
    /// By type of the lexicon: the caller wants it.
    wanted_listed: Vec<bool>,
    stop: FxHashSet<String>,
}

/// A name before it is known whom it names.
#[derive(Debug, Clone, Copy)]
struct Draft {
    span: NormSpan,
    first: u32,
    last: u32,
    /// Index into [`tagger::TYPES`]; one more for types of the caller's.
    kind: usize,
    entity: Option<u32>,
    /// True if the caller's own lexicon lists it.
    own: bool,
    source: Source,
    score: f64,
}

/// Memory that one thread uses for one text after another.
#[derive(Debug, Default)]
pub struct Scratch {
    cache: Cache,
    looks: Vec<Look>,
    lexical: entity::Scratch,
    listed: Vec<entity::Mention>,
    proposals: Vec<Proposal>,
    evidence: Evidence,
    tagged: tagger::Scratch,
    drafts: Vec<Draft>,
    marks: marks::Marks,
    carrier: again::Carrier,
    linker: link::Linker,
    names: Vec<Name>,
}

impl Scratch {
    /// The entities of the last document that no lexicon lists.
    pub fn names(&self) -> &[Name] {
        &self.names
    }
}

impl Finder {
    /// A finder of the wanted types; without a tagger only of the lexicon's names. Names of the stop list, as the
    /// `analysis` profile writes them, are left out.
    pub fn new<S: AsRef<str>>(
        lexicon: Arc<Lexicon>,
        types: &[S],
        tagger: Option<Arc<Tagger>>,
        stop: &[S],
    ) -> Result<Self> {
        let normalizer = Normalizer::analysis();
        let is_wanted = |name: &str| types.iter().any(|wanted| wanted.as_ref() == name);
        let stop = stop.iter().map(|name| normalizer.normalize(name.as_ref()).trim().to_owned()).collect();
        Ok(Self {
            wanted: tagger::TYPES.map(is_wanted),
            wanted_listed: lexicon.types().iter().map(|name| is_wanted(name)).collect(),
            stop,
            recognizer: Recognizer::new(lexicon, types, tagger.is_some())?,
            tagger,
        })
    }

    /// The lexicon it reads.
    pub fn lexicon(&self) -> &Arc<Lexicon> {
        self.recognizer.lexicon()
    }

    /// The mentions of a text, replacing what `mentions` held.
    pub fn find(
        &self,
        text: &str,
        tokens: &[Token],
        sentences: &[u32],
        dates: impl Iterator<Item = NormSpan>,
        scratch: &mut Scratch,
        mentions: &mut Vec<Mention>,
    ) {
        mentions.clear();
        scratch.names.clear();
        self.recognizer.find(text, tokens, &mut scratch.lexical, &mut scratch.listed);
        match &self.tagger {
            None => mentions.extend(scratch.listed.iter().map(|listed| Mention {
                span: listed.span,
                token: listed.token,
                last: listed.last,
                who: Who::Listed(listed.entity),
                source: listed.source,
                score: listed.score,
            })),
            Some(tagger) => {
                Words::builtin().look(text, tokens, &mut scratch.cache, &mut scratch.looks);
                let reading = Reading { text, tokens, sentences, looks: &scratch.looks };
                rule::propose(reading, &mut scratch.proposals);
                let hits = scratch.lexical.hits();
                scratch.evidence.read(reading, self.lexicon(), hits, &scratch.listed, &scratch.proposals, dates);
                tagger.tag(reading, &scratch.evidence, &mut scratch.tagged);
                let mut drafts = std::mem::take(&mut scratch.drafts);
                self.vote(reading, scratch, &mut drafts);
                marks::read(reading, &mut scratch.marks, &mut drafts);
                again::carry(reading, &scratch.tagged, &mut scratch.carrier, &mut drafts);
                drafts.retain(|draft| draft.own || !self.is_no_name(reading, draft, scratch.lexical.hits()));
                link::link(reading, &drafts, &mut scratch.linker, &mut scratch.names, mentions);
                scratch.drafts = drafts;
            }
        }
        if !self.stop.is_empty() {
            mentions.retain(|mention| !self.stop.contains(mention.span.of(text)));
        }
        mentions.retain(|mention| match mention.who {
            Who::Listed(entity) => self.wanted_listed[usize::from(self.lexicon().entities()[entity as usize].kind)],
            Who::Named(name) => self.wanted[scratch.names[name as usize].kind],
        });
    }

    /// Which names stand, in order, replacing what `drafts` held.
    fn vote(&self, reading: Reading<'_>, scratch: &Scratch, drafts: &mut Vec<Draft>) {
        drafts.clear();
        let lexicon = self.lexicon();
        let listed = &scratch.listed;
        let own = listed.iter().filter(|listed| listed.own || self.is_custom(listed.entity));
        drafts.extend(own.map(|listed| Draft::listed(listed, lexicon)));
        let given = drafts.len();
        let free = |drafts: &[Draft], first: u32, last: u32| {
            let at = drafts.partition_point(|draft| draft.last <= first);
            drafts.get(at).is_none_or(|draft| draft.first >= last)
        };
        let running = scratch.evidence.register() == tagger::Register::Running;
        // A listed name of several words stands whole where the tagger finds but parts of it, unless what the parts
        // leave out is a head or an adjective, which the tagger has read the text for. In running text a name of
        // another type than the part's stands whole whatever is left out.
        let is_part = |tagged: &tagger::Tagged| {
            let at = listed.partition_point(|listed| listed.last <= tagged.first);
            let Some(whole) = listed.get(at).filter(|whole| whole.source == Source::Lexicon) else { return false };
            let within = whole.token <= tagged.first && tagged.last <= whole.last;
            let names = scratch.tagged.names();
            let is_left = |place: &u32| {
                let at = names.partition_point(|name| name.last <= *place);
                names.get(at).is_none_or(|name| name.first > *place)
            };
            let loose = |place: u32| {
                let look = &reading.looks[place as usize];
                look.front.article || look.front.contracted || look.known.classes.meets(Classes::HEADS)
            };
            let smaller = tagged.last - tagged.first < whole.last - whole.token;
            let other = running && kind_of(lexicon, whole.entity) != Some(tagged.kind);
            within && smaller && (other || !(whole.token..whole.last).filter(is_left).any(loose))
        };
        for tagged in scratch.tagged.names().iter().flat_map(|tagged| apart(reading, *tagged)) {
            let stands = !is_part(&tagged) && !is_foreign(reading, &tagged);
            if stands && free(&drafts[..given], tagged.first, tagged.last) {
                drafts.push(self.tagged(reading, &tagged, scratch.lexical.hits(), listed, &scratch.proposals));
            }
        }
        drafts.sort_unstable_by_key(|draft| draft.first);
        let stands = drafts.len();
        for listed in listed.iter().filter(|listed| !listed.own) {
            let chance = scratch.tagged.chance(listed.token as usize..listed.last as usize);
            if chance >= LISTED && free(&drafts[..stands], listed.token, listed.last) {
                drafts.push(Draft::listed(listed, lexicon));
            }
        }
        drafts.sort_unstable_by_key(|draft| draft.first);
        drafts.dedup_by(|later, first| later.first < first.last);
    }

    /// True right after an event, whose name it is part of, and within a phrase that the lexicon lists as none ("عليه
    /// السلام"); a body may have such a phrase for its name ("مجلس الأمن القومي").
    fn is_no_name(&self, reading: Reading<'_>, draft: &Draft, hits: &[crate::lexicon::Hit]) -> bool {
        let lexicon = self.lexicon();
        let none = |hit: &crate::lexicon::Hit| {
            let kinds = lexicon.candidates(hit).iter().map(|one| lexicon.entities()[one.entity as usize].kind);
            kinds.clone().count() > 0
                && kinds.into_iter().all(|kind| lexicon.types()[usize::from(kind)] == entity::NO_NAME)
        };
        let end = hits.partition_point(|hit| hit.first <= draft.first);
        let near = hits[..end].iter().rev().take_while(|hit| hit.first + PHRASE >= draft.first);
        let mut within = near.filter(|hit| draft.last <= hit.last && none(hit));
        self.recognizer.in_event(reading.text, reading.tokens, draft.first)
            || within.any(|hit| draft.kind != BODY || (hit.first, hit.last) != (draft.first, draft.last))
    }

    fn is_custom(&self, entity: u32) -> bool {
        kind_of(self.lexicon(), entity).is_none()
    }

    /// A name of the tagger's, with the lexicon's entity where the lexicon has that name.
    fn tagged(
        &self,
        reading: Reading<'_>,
        tagged: &tagger::Tagged,
        hits: &[crate::lexicon::Hit],
        listed: &[entity::Mention],
        proposals: &[Proposal],
    ) -> Draft {
        let lexicon = self.lexicon();
        let same_kind = |entity: u32| kind_of(lexicon, entity) == Some(tagged.kind);
        let mut draft = Draft {
            span: words::span(reading, tagged, hits),
            first: tagged.first,
            last: tagged.last,
            kind: tagged.kind,
            entity: None,
            own: false,
            source: Source::Model,
            score: f64::from(tagged.score),
        };
        let at = listed.partition_point(|listed| listed.token < tagged.first);
        let same = listed
            .get(at)
            .filter(|listed| listed.token == tagged.first && listed.last == tagged.last && same_kind(listed.entity));
        if let Some(same) = same {
            (draft.span, draft.entity, draft.source) = (same.span, Some(same.entity), same.source);
            draft.score = draft.score.max(same.score);
            return draft;
        }
        // The lexicon knows which heads belong to the names that it lists.
        let behind = listed.get(at).filter(|behind| {
            let head = reading.looks[tagged.first as usize].known.classes.meets(Classes::ORGANISATION);
            let follows = (behind.token, behind.last) == (tagged.first + 1, tagged.last);
            head && follows && tagged.kind == BODY && same_kind(behind.entity)
        });
        if let Some(behind) = behind {
            (draft.first, draft.span, draft.entity, draft.source) =
                (behind.token, behind.span, Some(behind.entity), behind.source);
            return draft;
        }
        let at = hits.partition_point(|hit| hit.first < tagged.first);
        let same = hits[at..].iter().take_while(|hit| hit.first == tagged.first).find_map(|hit| {
            let fits = hit.last == tagged.last;
            let sure = |candidate: &&crate::lexicon::Candidate| {
                same_kind(candidate.entity) && candidate.needs != crate::lexicon::Needs::FullName
            };
            let candidate = lexicon.candidates(hit).iter().find(sure).filter(|_| fits)?;
            Some((hit.span, candidate.entity))
        });
        if let Some((span, entity)) = same {
            (draft.span, draft.entity, draft.source) = (span, Some(entity), Source::Lexicon);
            return draft;
        }
        let announced = |proposal: &Proposal| proposal.last == tagged.last && proposal.kind.kind() == tagged.kind;
        let at = proposals.partition_point(|proposal| proposal.first < tagged.first);
        if proposals[at..].iter().take_while(|proposal| proposal.first == tagged.first).any(announced) {
            draft.source = Source::Rule;
        }
        draft
    }
}

impl Draft {
    fn listed(listed: &entity::Mention, lexicon: &Lexicon) -> Self {
        Self {
            span: listed.span,
            first: listed.token,
            last: listed.last,
            kind: kind_of(lexicon, listed.entity).unwrap_or(tagger::TYPES.len()),
            entity: Some(listed.entity),
            own: listed.own,
            source: listed.source,
            score: listed.score,
        }
    }
}

/// True for a name with no word in Arabic letters in it or near it: the tagger has not learnt to read such text.
fn is_foreign(reading: Reading<'_>, tagged: &tagger::Tagged) -> bool {
    let (first, last) = (tagged.first as usize, tagged.last as usize);
    let arabic = |tokens: &[Token]| tokens.iter().any(|token| matches!(token.kind, Kind::Word | Kind::Hashtag));
    if arabic(&reading.tokens[first..last]) {
        return false;
    }
    let near = first.saturating_sub(NEAR)..(last + NEAR).min(reading.tokens.len());
    let opens = |at: &usize| reading.tokens[*at].gap == Gap::Line;
    let start = (near.start..=first).rev().find(opens).unwrap_or(near.start);
    let end = (last..near.end).find(opens).unwrap_or(near.end);
    !arabic(&reading.tokens[start..end])
}

/// The persons of a name that a conjunction joins ("محمد وأحمد"); any other name as it is.
fn apart(reading: Reading<'_>, tagged: tagger::Tagged) -> impl Iterator<Item = tagger::Tagged> {
    let joins = move |at: &u32| {
        let (look, token) = (&reading.looks[*at as usize], &reading.tokens[*at as usize]);
        let conjunction = tagged.kind == PERSON && look.front.conjunction.is_some() && look.known.is_name();
        conjunction && !Words::builtin().is_name(token.word(reading.text))
    };
    let starts = std::iter::once(tagged.first).chain((tagged.first + 1..tagged.last).filter(joins));
    let ends = (tagged.first + 1..tagged.last).filter(joins).chain([tagged.last]);
    starts.zip(ends).map(move |(first, last)| tagger::Tagged { first, last, ..tagged })
}
