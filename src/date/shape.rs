//! The shapes of `data/dates/shapes/`, compiled into one small machine that tries all of them at once.
//!
//! Input: a row of [`Atom`]s and where to begin. Output: every way a shape can end there, with the atoms in its
//! slots. Contract: the machine keeps one thread a slot, so that its work is bounded by slots times atoms however a
//! form nests its choices, and no match is longer than [`FARTHEST`] atoms.

mod form;

use serde::Deserialize;
use std::collections::BTreeMap;

use self::form::{Node, Parser};
use super::atom::Atom;
use super::vocabulary::{Classes, Vocabulary};
use crate::data;
use crate::error::{Error, Result};

/// The most atoms in a match.
pub(super) const FARTHEST: usize = 48;

/// What the parts of a match are made into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Make {
    Point,
    Open,
    Interval,
    Twin,
    List,
    Duration,
    Offset,
    Set,
    Nothing,
}

/// A shape, apart from its form.
#[derive(Debug)]
pub(super) struct Shape {
    pub make: Make,
    pub not_after: Classes,
    pub not_before: Classes,
    pub unless_year_after: Classes,
    pub not_near: Classes,
    pub near: Classes,
    /// It must be all that the text says.
    pub whole: bool,
    pub example: String,
    pub name: String,
}

/// All shapes, compiled.
#[derive(Debug)]
pub(super) struct Shapes {
    pub shapes: Vec<Shape>,
    slots: Vec<Slot>,
    /// The slots that may begin a shape, by class.
    seeds: Vec<Vec<Seed>>,
    starts: Classes,
    /// The classes of atoms that are a shape by themselves.
    lone: Classes,
    /// What may come after an atom of a class that begins a shape.
    seconds: Vec<Classes>,
}

/// A place in a form that takes one atom.
#[derive(Debug)]
struct Slot {
    class: u8,
    context: bool,
    follow: Vec<Step>,
    /// The classes of the slots that follow.
    next: Classes,
    /// The shape that may end here.
    accept: Option<u16>,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    slot: u16,
    /// The slot's class, which is asked for most often.
    class: u8,
    /// How many `&` were crossed.
    sides: u8,
}

/// A slot that may begin a shape.
#[derive(Debug, Clone, Copy)]
struct Seed {
    step: Step,
    /// The shape may end with it.
    ends: bool,
    /// The classes of the slots that follow it.
    next: Classes,
}

/// An atom in its slot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Capture {
    pub atom: usize,
    pub class: u8,
    pub side: u8,
    pub context: bool,
}

/// One end of a match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Accept {
    pub shape: u16,
    /// One past the last atom of the span.
    pub end: usize,
    /// One past the last atom read, evidence included.
    pub read: usize,
    node: u32,
}

#[derive(Debug, Clone, Copy)]
struct Trace {
    capture: Capture,
    parent: u32,
    end: usize,
}

/// Memory that is used again from match to match.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    threads: Vec<(u16, u32)>,
    next: Vec<(u16, u32)>,
    traces: Vec<Trace>,
    /// When each slot was last entered, so that it is entered once a step.
    stamps: Vec<u64>,
    stamp: u64,
    /// The ends found, best last.
    pub accepts: Vec<Accept>,
}

const ROOT: u32 = u32::MAX;

data::file_of! {
    struct File {
        /// Of two matches that are alike, the shape of the file with the lower rank wins.
        rank: u8,
        #[serde(default)]
        parts: BTreeMap<String, String>,
        #[serde(default)]
        shape: Vec<Row>,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    form: String,
    make: Make,
    example: String,
    #[serde(default)]
    not_after: Vec<String>,
    #[serde(default)]
    not_before: Vec<String>,
    #[serde(default)]
    unless_year_after: Vec<String>,
    #[serde(default)]
    near: Vec<String>,
    #[serde(default)]
    not_near: Vec<String>,
    #[serde(default)]
    whole: bool,
}

impl Shapes {
    /// Reads and compiles files of shapes, each a path and a text.
    pub fn load<'f>(files: impl Iterator<Item = (&'f str, &'f str)>, vocabulary: &Vocabulary) -> Result<Self> {
        let mut read = Vec::new();
        let mut parts = BTreeMap::new();
        for (path, text) in files {
            let mut file: File = data::toml(path, text)?;
            for (name, part) in std::mem::take(&mut file.parts) {
                if parts.insert(name.clone(), part).is_some() {
                    return Err(Error::data(path, 0, format!("part {name} is spelled out in two files")));
                }
            }
            read.push((path, file));
        }
        read.sort_by_key(|(_, file)| file.rank);
        if let Some(pair) = read.windows(2).find(|pair| pair[0].1.rank == pair[1].1.rank) {
            return Err(Error::data(pair[1].0, 0, format!("rank {} is that of {} too", pair[0].1.rank, pair[0].0)));
        }
        let parser = Parser { parts: &parts, vocabulary };
        let mut all = Shapes {
            shapes: Vec::new(),
            slots: Vec::new(),
            seeds: Vec::new(),
            starts: Classes::NONE,
            lone: Classes::NONE,
            seconds: Vec::new(),
        };
        all.seeds.resize_with(vocabulary.classes().len(), Vec::new);
        all.seconds.resize(vocabulary.classes().len(), Classes::NONE);
        for (path, file) in read {
            for row in file.shape {
                all.add(row, &parser)
                    .map_err(|(name, message)| Error::data(path, 0, format!("shape {name:?}: {message}")))?;
            }
        }
        if all.shapes.is_empty() {
            return Err(Error::data("shapes/", 0, "a grammar of dates needs files of shapes"));
        }
        Ok(all)
    }

    /// Compiles a shape; its name and what is wrong with it, where something is.
    fn add(&mut self, row: Row, parser: &Parser) -> std::result::Result<(), (String, String)> {
        let fault = |message: String| (row.name.clone(), message);
        let node = parser.parse(&row.form).map_err(fault)?;
        let classes = |names: &[String]| {
            names.iter().try_fold(Classes::NONE, |set, name| match parser.vocabulary.class(name) {
                Some(class) => Ok(set | Classes::only(class)),
                None => Err(fault(format!("there is no class {name:?}"))),
            })
        };
        let shape = Shape {
            make: row.make,
            not_after: classes(&row.not_after)?,
            not_before: classes(&row.not_before)?,
            unless_year_after: classes(&row.unless_year_after)?,
            not_near: classes(&row.not_near)?,
            near: classes(&row.near)?,
            whole: row.whole,
            example: row.example.clone(),
            name: row.name.clone(),
        };
        self.compile(&node).map_err(fault)?;
        self.shapes.push(shape);
        Ok(())
    }

    /// True if an atom of these classes may be a shape by itself.
    #[inline]
    pub fn stands_alone(&self, classes: Classes) -> bool {
        self.lone.meets(classes)
    }

    /// True if an atom of these classes may begin a shape, be it alone or with the next atom.
    #[inline]
    pub fn begins(&self, classes: Classes, next: Option<Classes>) -> bool {
        self.stands_alone(classes)
            || next.is_some_and(|next| {
                classes.shared(self.starts).any(|class| self.seconds[usize::from(class)].meets(next))
            })
    }

    fn compile(&mut self, node: &Node) -> std::result::Result<(), String> {
        let (shape, first) = (self.shapes.len() as u16, self.slots.len());
        let mut build = Build { slots: &mut self.slots, shape };
        let entry = build.node(node, Exit { steps: Vec::new(), accepts: true });
        if entry.accepts {
            return Err("the form may be empty".to_owned());
        }
        if self.slots.len() > usize::from(u16::MAX) {
            return Err("the forms have more slots than there is room for".to_owned());
        }
        for slot in &mut self.slots[first..] {
            slot.next = slot.follow.iter().fold(Classes::NONE, |all, step| all | Classes::only(step.class));
        }
        for step in entry.steps {
            let slot = &self.slots[usize::from(step.slot)];
            let seed = Seed { step, ends: slot.accept.is_some(), next: slot.next };
            self.seeds[usize::from(step.class)].push(seed);
            self.seconds[usize::from(step.class)] |= slot.next;
            self.starts.add(step.class);
            if seed.ends {
                self.lone.add(step.class);
            }
        }
        Ok(())
    }

    /// Finds every end of every shape that begins at `atoms[at]`, best last: the farthest, then the one with the
    /// most evidence, then the first in the file.
    ///
    /// `thorough` also follows threads that the next atom is sure to end: the slow way, which tests compare with.
    pub fn run(&self, atoms: &[Atom], at: usize, thorough: bool, scratch: &mut Scratch) {
        let Scratch { threads, next, traces, stamps, stamp, accepts } = scratch;
        threads.clear();
        traces.clear();
        accepts.clear();
        stamps.resize(self.slots.len(), 0);
        let after = |place: usize| atoms.get(place + 1).map_or(Classes::NONE, |next| next.classes);
        let mut enter =
            |step: Step, parent: u32, place: usize, traces: &mut Vec<Trace>, into: &mut Vec<(u16, u32)>, stamp: u64| {
                if stamps[usize::from(step.slot)] == stamp {
                    return;
                }
                let slot = &self.slots[usize::from(step.slot)];
                // A thread that can neither end here nor go on is not begun.
                if !thorough && slot.accept.is_none() && !after(place).meets(slot.next) {
                    return;
                }
                stamps[usize::from(step.slot)] = stamp;
                let (side, end) = match parent {
                    ROOT => (0, at),
                    parent => (traces[parent as usize].capture.side, traces[parent as usize].end),
                };
                let end = if slot.context { end } else { place + 1 };
                let capture =
                    Capture { atom: place, class: slot.class, side: side + step.sides, context: slot.context };
                let node = traces.len() as u32;
                traces.push(Trace { capture, parent, end });
                into.push((step.slot, node));
                if let Some(shape) = slot.accept {
                    accepts.push(Accept { shape, end, read: place + 1, node });
                }
            };
        *stamp += 1;
        for class in atoms[at].classes.shared(self.starts) {
            let next = after(at);
            for seed in &self.seeds[usize::from(class)] {
                if thorough || seed.ends || next.meets(seed.next) {
                    enter(seed.step, ROOT, at, traces, threads, *stamp);
                }
            }
        }
        for (place, atom) in atoms.iter().enumerate().take(at + FARTHEST).skip(at + 1) {
            if threads.is_empty() {
                break;
            }
            *stamp += 1;
            next.clear();
            for &(slot, node) in threads.iter() {
                for &step in &self.slots[usize::from(slot)].follow {
                    if atom.is(step.class) {
                        enter(step, node, place, traces, next, *stamp);
                    }
                }
            }
            std::mem::swap(threads, next);
        }
        accepts.sort_by_key(|accept| (accept.end, accept.read, std::cmp::Reverse((accept.shape, accept.node))));
    }
}

impl Scratch {
    /// The atoms of a match in their slots, in order.
    pub fn captures(&self, accept: &Accept, into: &mut Vec<Capture>) {
        into.clear();
        let mut node = accept.node;
        while node != ROOT {
            let trace = self.traces[node as usize];
            into.push(trace.capture);
            node = trace.parent;
        }
        into.reverse();
    }
}

/// What may come next at a place in a form: the slots to try, and whether the form may end there.
#[derive(Clone)]
struct Exit {
    steps: Vec<Step>,
    accepts: bool,
}

struct Build<'s> {
    slots: &'s mut Vec<Slot>,
    shape: u16,
}

impl Build<'_> {
    /// Adds the slots of a node that goes on with `exit`, and says how to enter it.
    fn node(&mut self, node: &Node, exit: Exit) -> Exit {
        match node {
            Node::Slot { class, context } => {
                let slot = self.slots.len() as u16;
                let accept = exit.accepts.then_some(self.shape);
                self.slots.push(Slot {
                    class: *class,
                    context: *context,
                    follow: exit.steps,
                    next: Classes::NONE,
                    accept,
                });
                Exit { steps: vec![Step { slot, class: *class, sides: 0 }], accepts: false }
            }
            Node::Side => {
                let steps = exit.steps.into_iter().map(|step| Step { sides: step.sides + 1, ..step }).collect();
                Exit { steps, ..exit }
            }
            Node::Row(nodes) => nodes.iter().rev().fold(exit, |exit, node| self.node(node, exit)),
            Node::Choice(nodes) => {
                let mut all = Exit { steps: Vec::new(), accepts: false };
                for node in nodes {
                    let entry = self.node(node, exit.clone());
                    all.steps.extend(entry.steps);
                    all.accepts |= entry.accepts;
                }
                all
            }
            Node::Maybe(inner) => {
                let mut entry = self.node(inner, exit.clone());
                entry.steps.extend(exit.steps);
                entry.accepts |= exit.accepts;
                entry
            }
            Node::Repeat(inner) => {
                let first = self.slots.len();
                let entry = self.node(inner, exit.clone());
                // Every slot of the body that may leave it may also enter it again.
                let again = entry.steps.clone();
                let leaves: Vec<Step> = exit.steps.clone();
                for slot in &mut self.slots[first..] {
                    let ends = slot.accept.is_some() && exit.accepts;
                    let goes_on = leaves.iter().any(|leaf| slot.follow.iter().any(|step| step.slot == leaf.slot));
                    if ends || goes_on {
                        slot.follow.extend(again.iter().copied());
                    }
                }
                let mut all = entry;
                all.steps.extend(exit.steps);
                all.accepts |= exit.accepts;
                all
            }
        }
    }
}
