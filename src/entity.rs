//! Which of the names that stand in a text are mentions, and of whom.
//!
//! Input: a text's tokens and the aliases that [`crate::lexicon`] found. Output: [`Mention`]s in order, apart from
//! each other. Contract: one written policy decides.
//!
//! 1. An alias that needs nothing is a mention.
//! 2. With the recognizer on, an alias that needs its full name counts where the document names the entity by an
//!    alias that needs nothing, unless it stands right after another person's given name. One that needs a head
//!    counts there too, and right after a head word of its class; one that needs a place also after a preposition of
//!    place, and then it names its entity for the rest of the document.
//! 3. Of several entities that one alias may name, a city right after a head of cities is no country; else the one the
//!    document names elsewhere wins, the nearest before it first; then the one whose country stands beside it; then the
//!    one whose country the document names most; then the likeliest.
//! 4. A name right after a cup, league or agreement is part of its name, and no mention.
//! 5. Of mentions that overlap, the one that begins first stays; of those, the longest; of those, the one whose entity
//!    the document names elsewhere.
//! 6. The singular head right before an organisation's name belongs to it, unless the name is quoted; a title before a
//!    person's name does not.

mod country;
mod heads;
pub mod rule;

use std::cmp::Reverse;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cancel;
use crate::error::{Error, Result};
use crate::lexicon::{Candidate, Hit, Lexicon, Needs};
use crate::span::NormSpan;
use crate::token::clitic::Clitics;
use crate::token::{Gap, Kind, Token};
use crate::words::{Class, Words};
use country::Countries;
use heads::Heads;

/// Who found a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// An alias that needs no other evidence.
    Lexicon,
    /// An alias announced by a head word.
    Rule,
    /// A short form of a name that the document gives in full.
    Link,
    /// The tagger.
    Model,
}

impl Source {
    /// Every source.
    pub const ALL: [Source; 4] = [Source::Lexicon, Source::Rule, Source::Link, Source::Model];

    /// The source's name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Source::Lexicon => "lexicon",
            Source::Rule => "rule",
            Source::Link => "link",
            Source::Model => "model",
        }
    }
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
    /// Index into [`Lexicon::entities`].
    pub entity: u32,
    /// True if the caller's own lexicon lists the alias.
    pub own: bool,
    /// Who found it.
    pub source: Source,
    /// How sure the finding is, from 0 to 1: 1 for an alias of one entity that needs nothing, 0.9 for a link, 0.8
    /// after a head word, 0.7 for an alias of several entities where nothing in the document tells which.
    pub score: f64,
}

/// The types that are mentions unless the caller names others.
pub const TYPES: [&str; 3] = ["PER", "ORG", "LOC"];

/// The type of persons.
const PERSON: &str = "PER";

/// The type of organisations.
const ORGANISATION: &str = "ORG";

/// The type of phrases that hold a name but name nothing ("birthplace", which begins like Muscat): they take their
/// place in the text and are never mentions.
pub const NO_NAME: &str = "NONE";

/// Within so many tokens a country stands beside a name.
const BESIDE: u32 = 3;

/// Decides which aliases are mentions.
#[derive(Debug)]
pub struct Recognizer {
    lexicon: Arc<Lexicon>,
    heads: &'static Heads,
    /// By type: the caller wants it.
    wanted: Vec<bool>,
    /// By type: its aliases compete for a place in the text, wanted or not.
    competes: Vec<bool>,
    /// By type: the class of its head words.
    classes: Vec<Option<u8>>,
    /// The class of the prepositions of place.
    prepositions: Option<u8>,
    /// The class of cups, leagues and agreements.
    events: Option<u8>,
    /// The class of heads that belong to an organisation's name.
    parts: Option<u8>,
    /// Hashes of given names: a family name right after one belongs to another person.
    given_names: FxHashSet<u64>,
    countries: Countries,
    links: bool,
}

/// Memory that one thread uses for one text after another.
#[derive(Debug, Default)]
pub struct Scratch {
    hits: Vec<Hit>,
    /// Entities named by an alias that needs nothing and is theirs alone, each with the token at which it stands, in
    /// order.
    named: Vec<(u32, u32)>,
    /// How often something tells of each country.
    told: FxHashMap<u32, u32>,
    /// What each accepted alias is taken for, whether its entity is named nowhere else in the document, and its place
    /// among the aliases.
    found: Vec<(Mention, bool, usize)>,
}

impl Scratch {
    /// Every alias of the text that was read last, whether it became a mention or not.
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// Where an entity is named, in order.
    fn named(&self, entity: u32) -> &[(u32, u32)] {
        let start = self.named.partition_point(|(other, _)| *other < entity);
        let rest = &self.named[start..];
        &rest[..rest.partition_point(|(other, _)| *other == entity)]
    }
}

impl Recognizer {
    /// A recognizer of the wanted types; with `links` off, only of aliases that need nothing.
    pub fn new<S: AsRef<str>>(lexicon: Arc<Lexicon>, types: &[S], links: bool) -> Result<Self> {
        let heads = Heads::builtin();
        let names = lexicon.types();
        for wanted in types {
            let wanted = wanted.as_ref();
            if !names.iter().any(|name| name == wanted) && !TYPES.contains(&wanted) {
                let known: Vec<&str> = names.iter().map(String::as_str).filter(|name| *name != NO_NAME).collect();
                let known = known.join(", ");
                return Err(Error::option("types", format!("{wanted:?}"), format!("the lexicon defines {known}")));
            }
        }
        let is_wanted = |name: &String| types.iter().any(|wanted| wanted.as_ref() == name);
        let wanted: Vec<bool> = names.iter().map(|name| name != NO_NAME && is_wanted(name)).collect();
        let competes = names.iter().map(|name| is_wanted(name) || TYPES.contains(&name.as_str()) || name == NO_NAME);
        let classes = names.iter().map(|name| heads.class(name)).collect();
        let (prepositions, events, parts) =
            (heads.class(heads::PREPOSITION), heads.class(heads::EVENT), heads.class(heads::PART));
        Ok(Self {
            wanted,
            competes: competes.collect(),
            classes,
            prepositions,
            events,
            parts,
            given_names: if links { lexicon.openings(PERSON) } else { FxHashSet::default() },
            countries: if links { Countries::of_lexicon(&lexicon)? } else { Countries::default() },
            heads,
            links,
            lexicon,
        })
    }

    /// The lexicon it reads.
    pub fn lexicon(&self) -> &Arc<Lexicon> {
        &self.lexicon
    }

    /// The mentions of a text, replacing what `mentions` held.
    pub fn find(&self, text: &str, tokens: &[Token], scratch: &mut Scratch, mentions: &mut Vec<Mention>) {
        mentions.clear();
        self.lexicon.hits(text, tokens, &mut scratch.hits);
        if scratch.hits.is_empty() {
            return;
        }
        self.name(text, tokens, scratch);
        scratch.found.clear();
        for (place, hit) in scratch.hits.iter().enumerate() {
            cancel::step(place);
            if let Some((candidate, source, score)) = self.decide(text, tokens, place, scratch) {
                let Candidate { entity, own, .. } = candidate;
                let (token, last) = (hit.first, hit.last);
                let mention = Mention { span: hit.span, token, last, entity, own, source, score };
                let elsewhere = scratch.named(entity).iter().any(|(_, named)| *named != hit.first);
                scratch.found.push((mention, !elsewhere, place));
            }
        }
        let order =
            |&(mention, alone, place): &(Mention, bool, usize)| (mention.token, Reverse(mention.last), alone, place);
        scratch.found.sort_unstable_by_key(order);
        let mut end = 0;
        for (mention, ..) in &scratch.found {
            if mention.token < end {
                continue;
            }
            end = mention.last;
            let kind = self.lexicon.entities()[mention.entity as usize].kind;
            if self.wanted[usize::from(kind)] && !self.in_event(text, tokens, mention.token) {
                let whole = self.with_head(text, tokens, *mention, mentions.last());
                mentions.push(self.without_titles(text, tokens, whole));
            }
        }
    }

    /// True right after a cup, league or agreement, whose name a name there is part of.
    pub fn in_event(&self, text: &str, tokens: &[Token], token: u32) -> bool {
        self.events.is_some_and(|class| self.heads.announce(class, text, tokens, token))
    }

    /// The mention with the head before it, where that belongs to the name ("حزب النهضة") and to no other mention.
    fn with_head(&self, text: &str, tokens: &[Token], mention: Mention, last: Option<&Mention>) -> Mention {
        let kind = usize::from(self.lexicon.entities()[mention.entity as usize].kind);
        let apart = mention.span.start != tokens[mention.token as usize].word_span().start;
        let organisation = self.lexicon.types()[kind] == ORGANISATION;
        let Some(class) = self.parts.filter(|_| organisation && !apart) else { return mention };
        match self.heads.part(class, text, tokens, mention.token) {
            Some((token, start)) if last.is_none_or(|last| last.span.end <= start) => {
                Mention { span: NormSpan::new(start, mention.span.end), token, ..mention }
            }
            _ => mention,
        }
    }

    /// The mention of a person without the titles that its alias begins with ("البابا فرنسيس"); titles that are given
    /// names too stay ("السيد البدوي").
    fn without_titles(&self, text: &str, tokens: &[Token], mut mention: Mention) -> Mention {
        let kind = usize::from(self.lexicon.entities()[mention.entity as usize].kind);
        let words = Words::builtin();
        while self.lexicon.types()[kind] == PERSON && mention.token + 1 < mention.last {
            let word = &text[mention.span.start..tokens[mention.token as usize].span.end];
            let next = &tokens[mention.token as usize + 1];
            let title = words.is_in(word, Class::Title) && !words.is_name(word);
            if !title || Clitics::builtin().front(next.word(text)).particle.is_some() {
                break;
            }
            (mention.token, mention.span) =
                (mention.token + 1, NormSpan::new(next.word_span().start, mention.span.end));
        }
        mention
    }

    fn competing<'h>(&'h self, hit: &Hit) -> impl Iterator<Item = Candidate> + Clone + 'h {
        let entities = self.lexicon.entities();
        let candidates = self.lexicon.candidates(hit).iter().copied();
        candidates.filter(|candidate| self.competes[usize::from(entities[candidate.entity as usize].kind)])
    }

    /// Notes where each entity is named beyond doubt.
    fn name(&self, text: &str, tokens: &[Token], scratch: &mut Scratch) {
        scratch.named.clear();
        scratch.told.clear();
        for (place, hit) in scratch.hits.iter().enumerate() {
            cancel::step(place);
            if let Some(country) = self.told(hit) {
                *scratch.told.entry(country).or_default() += 1;
            }
            for place in self.competing(hit).filter(|candidate| self.links && candidate.needs == Needs::Place) {
                if self.is_announced(text, tokens, hit, place) {
                    scratch.named.push((place.entity, hit.first));
                }
            }
            let mut sure = self.competing(hit).filter(|candidate| candidate.needs == Needs::Nothing);
            if let (Some(candidate), None) = (sure.next(), sure.next()) {
                scratch.named.push((candidate.entity, hit.first));
            }
        }
        scratch.named.sort_unstable();
    }

    /// The country that a name tells of beyond doubt.
    fn told(&self, hit: &Hit) -> Option<u32> {
        let mut candidates = self.lexicon.candidates(hit).iter().filter(|candidate| candidate.needs == Needs::Nothing);
        let country = self.countries.of(candidates.next()?.entity)?;
        candidates.all(|other| self.countries.of(other.entity) == Some(country)).then_some(country)
    }

    /// Of places that one name may stand for, the one whose country is told of beside the name or, with `far`, most
    /// often in the document.
    fn by_country(
        &self,
        candidates: impl Iterator<Item = Candidate> + Clone,
        place: usize,
        scratch: &Scratch,
        far: bool,
    ) -> Option<Candidate> {
        let country = |candidate: &Candidate| self.countries.of(candidate.entity);
        let mut countries = candidates.clone().filter_map(|candidate| country(&candidate));
        let first = countries.next()?;
        if countries.all(|other| other == first) {
            return None;
        }
        let of = |told: u32| candidates.clone().find(|candidate| country(candidate) == Some(told));
        let hits = &scratch.hits;
        let here = &hits[place];
        let after = hits[place + 1..].iter().filter(|hit| hit.first >= here.last);
        let after = after.take_while(|hit| hit.first < here.last + BESIDE);
        let before = hits[..place].iter().rev().filter(|hit| hit.last <= here.first);
        let before = before.take_while(|hit| hit.last + BESIDE > here.first);
        let beside = after.chain(before).filter_map(|hit| self.told(hit)).find_map(of);
        if beside.is_some() || !far {
            return beside;
        }
        let told = |candidate: &Candidate| country(candidate).and_then(|country| scratch.told.get(&country).copied());
        let most = candidates.clone().filter_map(|candidate| told(&candidate)).max()?;
        let mut leading = candidates.filter(|candidate| told(candidate) == Some(most));
        let leader = leading.next()?;
        leading.next().is_none().then_some(leader)
    }

    fn decide(
        &self,
        text: &str,
        tokens: &[Token],
        place: usize,
        scratch: &Scratch,
    ) -> Option<(Candidate, Source, f64)> {
        let hit = &scratch.hits[place];
        let candidates = self.competing(hit);
        let sure = candidates.clone().filter(|candidate| candidate.needs == Needs::Nothing);
        if !self.links {
            return sure.clone().next().map(|candidate| (candidate, Source::Lexicon, certainty(sure.count())));
        }
        let announced = candidates
            .clone()
            .filter(|candidate| candidate.needs == Needs::Head && self.is_announced(text, tokens, hit, *candidate));
        // "ولاية تونس" is no country.
        let is_country = |candidate: Candidate| self.countries.of(candidate.entity) == Some(candidate.entity);
        if sure.clone().next().is_some_and(is_country)
            && let Some(place) = announced.clone().next()
        {
            return Some((place, Source::Rule, 0.8));
        }
        let linked = candidates.clone().filter(|candidate| {
            candidate.needs != Needs::FullName || !self.belongs_to_another(tokens, hit, *candidate)
        });
        let nearest = linked.filter_map(|candidate| {
            let named = scratch.named(candidate.entity);
            let (_, next) = named.first()?;
            let before = named.partition_point(|(_, named)| *named < hit.first);
            let distance = match before.checked_sub(1) {
                Some(last) => hit.first - named[last].1,
                None => u32::MAX / 2 + (next - hit.first),
            };
            Some((distance, candidate))
        });
        if let Some((_, candidate)) = nearest.min_by_key(|(distance, _)| *distance) {
            return Some(match candidate.needs {
                Needs::Nothing => (candidate, Source::Lexicon, 1.0),
                Needs::Place if self.is_announced(text, tokens, hit, candidate) => (candidate, Source::Rule, 0.8),
                Needs::Place | Needs::Head | Needs::FullName => (candidate, Source::Link, 0.9),
            });
        }
        let places = candidates.clone().filter(|candidate| matches!(candidate.needs, Needs::Nothing | Needs::Head));
        if let Some(candidate) = self.by_country(places, place, scratch, false) {
            let source = if candidate.needs == Needs::Nothing { Source::Lexicon } else { Source::Rule };
            return Some((candidate, source, 0.8));
        }
        if let Some(candidate) = self.by_country(sure.clone(), place, scratch, true).or(sure.clone().next()) {
            return Some((candidate, Source::Lexicon, certainty(sure.count())));
        }
        let likeliest = self.by_country(announced.clone(), place, scratch, true).or(announced.clone().next());
        likeliest.map(|candidate| (candidate, Source::Rule, 0.8))
    }

    /// True for a short form of a person's name right after the given name of another ("أحمد السوداني").
    fn belongs_to_another(&self, tokens: &[Token], hit: &Hit, candidate: Candidate) -> bool {
        let kind = self.lexicon.entities()[candidate.entity as usize].kind;
        let apart = tokens[hit.first as usize].gap != Gap::Space;
        let before = (hit.first as usize).checked_sub(1).map(|before| &tokens[before]);
        let titled = |word| self.classes[usize::from(kind)].is_some_and(|class| self.heads.contains(class, word));
        let given = before.is_some_and(|token| {
            token.kind == Kind::Word && self.given_names.contains(&token.hash) && !titled(token.hash)
        });
        !apart && given && self.lexicon.types()[usize::from(kind)] == PERSON
    }

    /// True right after a head word of the candidate's class or, for a place, a preposition.
    fn is_announced(&self, text: &str, tokens: &[Token], hit: &Hit, candidate: Candidate) -> bool {
        let kind = self.lexicon.entities()[candidate.entity as usize].kind;
        let announces = |class: Option<u8>| class.is_some_and(|c| self.heads.announce(c, text, tokens, hit.first));
        if announces(self.classes[usize::from(kind)]) {
            return true;
        }
        let within = tokens[hit.first as usize].span.start..hit.span.start;
        candidate.needs == Needs::Place
            && (announces(self.prepositions) || text[within].ends_with(heads::ATTACHED_PREPOSITION))
    }
}

fn certainty(candidates: usize) -> f64 {
    if candidates == 1 { 1.0 } else { 0.7 }
}
