//! All integration tests, in one binary. Each module says in one line what belongs in it.

#[path = "it/normalize.rs"]
mod normalize;
#[path = "it/reference.rs"]
mod reference;
