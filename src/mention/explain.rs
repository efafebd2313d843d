//! Why something is a mention, and why something else is not.
//!
//! Input: a text that a [`Finder`] has just read. Output: [`Reason`]s in order of place. Contract: each mention has one,
//! and so has every alias of the lexicon and every proposal of a rule that no mention covers; a reason says what a line
//! of the lexicon could change.

use super::{Finder, LISTED, Mention, Scratch, Source, Who};
use crate::cancel;
use crate::entity::rule::{Announced, Proposal};
use crate::lexicon::{Candidate, Hit, Needs};
use crate::span::NormSpan;
use crate::tagger::{self, Place, TYPES};
use crate::token::Token;
use crate::words::Reading;

/// Why a name is a mention, or is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// The name.
    pub span: NormSpan,
    /// Its type.
    pub kind: String,
    /// The entity that it names or might name.
    pub id: String,
    /// True for a mention.
    pub found: bool,
    /// Who found it, or proposes it.
    pub source: Source,
    /// The reasons, joined by semicolons.
    pub why: String,
}

/// So many features are told of a name that the tagger found.
const TOLD: usize = 3;

impl Finder {
    /// The reasons for what [`Finder::find`] has just found in this text.
    pub fn explain(
        &self,
        text: &str,
        tokens: &[Token],
        sentences: &[u32],
        scratch: &Scratch,
        mentions: &[Mention],
    ) -> Vec<Reason> {
        let reading = Reading { text, tokens, sentences, looks: &scratch.looks };
        let mut reasons: Vec<Reason> = mentions.iter().map(|mention| self.found(reading, scratch, mention)).collect();
        let covered = |first: u32, last: u32| {
            let at = mentions.partition_point(|one| one.last <= first);
            mentions.get(at).is_some_and(|one| one.token < last)
        };
        for hit in scratch.lexical.hits().iter().filter(|hit| !covered(hit.first, hit.last)) {
            for candidate in self.lexicon().candidates(hit) {
                reasons.push(self.missed(reading, scratch, hit, *candidate));
            }
        }
        let proposals = if self.tagger.is_some() { &scratch.proposals[..] } else { &[] };
        for proposal in proposals.iter().filter(|proposal| !covered(proposal.first, proposal.last)) {
            let chance = scratch.tagged.chance(proposal.first as usize..proposal.last as usize);
            let span = NormSpan::new(
                tokens[proposal.first as usize].word_span().start,
                tokens[proposal.last as usize - 1].span.end,
            );
            let kind = TYPES[proposal.kind.kind()];
            reasons.push(Reason {
                span,
                kind: kind.to_owned(),
                id: format!("{kind}:{}", span.of(text)),
                found: false,
                source: Source::Rule,
                why: format!("{}; but the tagger gives a name here a chance of {chance:.2}", announced(proposal)),
            });
        }
        reasons.sort_by_key(|reason| (reason.span.start, !reason.found, reason.span.end));
        reasons
    }

    fn found(&self, reading: Reading<'_>, scratch: &Scratch, mention: &Mention) -> Reason {
        cancel::point();
        let lexicon = self.lexicon();
        let (kind, id) = match mention.who {
            Who::Listed(entity) => {
                let entity = &lexicon.entities()[entity as usize];
                (lexicon.types()[usize::from(entity.kind)].clone(), entity.id.to_string())
            }
            Who::Named(name) => {
                let name = &scratch.names[name as usize];
                (TYPES[name.kind].to_owned(), name.id.to_string())
            }
        };
        let mut why = Vec::new();
        let hits = scratch.lexical.hits();
        let hits = hits[hits.partition_point(|hit| hit.first < mention.token)..].iter();
        let mut hits = hits.take_while(|hit| hit.first == mention.token).filter(|hit| hit.last == mention.last);
        let same = |candidate: &&Candidate| Who::Listed(candidate.entity) == mention.who;
        if let Some(candidate) = hits.find_map(|hit| lexicon.candidates(hit).iter().find(same)) {
            let whose = if candidate.own { "your lexicon has" } else { "the lexicon has" };
            why.push(format!("{whose} it as an alias of {id} that needs {}", needs(candidate.needs)));
        }
        if self.tagger.is_some() {
            let from = scratch.proposals.partition_point(|proposal| proposal.first < mention.token);
            let same = scratch.proposals[from..].iter().take_while(|proposal| proposal.first == mention.token);
            why.extend(same.filter(|same| same.last == mention.last).map(|same| announced(same).to_owned()));
        }
        let tagged = scratch.tagged.names();
        let tagged = tagged.get(tagged.partition_point(|name| name.last <= mention.token));
        match (&self.tagger, tagged.filter(|name| name.first < mention.last)) {
            (Some(tagger), Some(name)) => {
                let label = tagger::label(name.kind, Place::of(0, (name.last - name.first) as usize));
                let reasons = tagger.reasons(reading, &scratch.evidence, name.first as usize, label);
                let told: Vec<String> =
                    reasons.iter().take(TOLD).map(|(about, score)| format!("{about} {score:+.1}")).collect();
                why.push(format!("the tagger is {:.2} sure; most for it: {}", name.score, told.join(", ")));
            }
            _ if mention.source == Source::Link => why.push("the text has this name elsewhere".to_owned()),
            _ => {}
        }
        if why.is_empty() {
            why.push("it stands between brackets right after a name".to_owned());
        }
        Reason { span: mention.span, kind, id, found: true, source: mention.source, why: why.join("; ") }
    }

    fn missed(&self, reading: Reading<'_>, scratch: &Scratch, hit: &Hit, candidate: Candidate) -> Reason {
        let lexicon = self.lexicon();
        let entity = &lexicon.entities()[candidate.entity as usize];
        let kind = usize::from(entity.kind);
        let wanted = self.wanted_listed[kind];
        let chance = || scratch.tagged.chance(hit.first as usize..hit.last as usize);
        let why = if self.stop.contains(hit.span.of(reading.text)) {
            "it is on the stop list".to_owned()
        } else if !wanted {
            format!("the type {} is not asked for", lexicon.types()[kind])
        } else if self.recognizer.in_event(reading.text, reading.tokens, hit.first) {
            "it stands right after a cup, league or agreement, whose name it is part of".to_owned()
        } else if candidate.needs != Needs::Nothing {
            format!("the alias needs {}, which the text does not give", needs(candidate.needs))
        } else if self.tagger.is_some() && chance() < LISTED {
            format!("the tagger gives a name here a chance of {:.2}, less than {LISTED}", chance())
        } else {
            "another name takes its place".to_owned()
        };
        Reason {
            span: hit.span,
            kind: lexicon.types()[kind].clone(),
            id: entity.id.to_string(),
            found: false,
            source: Source::Lexicon,
            why,
        }
    }
}

/// What an alias needs, as a phrase.
fn needs(needs: Needs) -> &'static str {
    match needs {
        Needs::Nothing => "nothing",
        Needs::Place => "a preposition of place or a head word before it",
        Needs::Head => "a head word before it",
        Needs::FullName => "the full name in the same text",
    }
}

/// Why a rule proposes a name.
fn announced(proposal: &Proposal) -> &'static str {
    match proposal.kind {
        Announced::Person => "a title or role announces a person",
        Announced::Names => "a given name and what may be a family's stand together",
        Announced::Body => "it begins with the head of a body's name",
        Announced::Quoted => "it stands in quotes after the head of a body's name",
        Announced::Place => "a class noun of places stands before it",
        Announced::Facility => "it begins with the head of a building's or place's name",
    }
}
