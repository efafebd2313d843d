//! All integration tests, in one binary. Each module says in one line what belongs in it.

#[path = "it/allocations.rs"]
mod allocations;
#[path = "it/bad_files.rs"]
mod bad_files;
#[path = "it/calendar.rs"]
mod calendar;
#[path = "it/cancel.rs"]
mod cancel;
#[path = "it/cases.rs"]
mod cases;
#[path = "it/column.rs"]
mod column;
#[path = "it/data_files.rs"]
mod data_files;
#[path = "it/dates.rs"]
mod dates;
#[path = "it/decode.rs"]
mod decode;
#[path = "it/entity.rs"]
mod entity;
#[path = "it/files.rs"]
mod files;
#[path = "it/fuzz.rs"]
mod fuzz;
#[path = "it/layers.rs"]
mod layers;
#[path = "it/lexicon.rs"]
mod lexicon;
#[path = "it/mention.rs"]
mod mention;
#[path = "it/normalize.rs"]
mod normalize;
#[path = "it/pipeline.rs"]
mod pipeline;
#[path = "it/reference.rs"]
mod reference;
#[path = "it/soundness.rs"]
mod soundness;
#[path = "it/tables.rs"]
mod tables;
#[path = "it/tagger.rs"]
mod tagger;
#[path = "it/tokens.rs"]
mod tokens;
#[path = "it/wide.rs"]
mod wide;
