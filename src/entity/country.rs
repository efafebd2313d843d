//! Which country a text is about, for names that places of several countries bear.
//!
//! Input: `data/entities/countries.tsv`. Output: [`Countries::of`]. Contract: a country, its people's adjective and the
//! places listed under it tell of it; nothing else does.

use std::path::Path;

use rustc_hash::FxHashMap;

use crate::data::{self, Table};
use crate::error::{Error, Result};
use crate::lexicon::Lexicon;

/// What the identifier of a nationality begins with; the country's follows.
const NATIONALITY: &str = "NAT_";

/// The country that an entity tells of.
#[derive(Debug, Default)]
pub(super) struct Countries {
    of: FxHashMap<u32, u32>,
}

impl Countries {
    /// The countries of a lexicon's entities.
    pub(super) fn of_lexicon(lexicon: &Lexicon) -> Result<Self> {
        let places: FxHashMap<&str, u32> = lexicon.entities().iter().map(|entity| &*entity.id).zip(0..).collect();
        let mut of = FxHashMap::default();
        let path = "entities/countries.tsv";
        for row in Table::parse(Path::new(path), data::file(path), &["country", "id"])?.rows() {
            let row = row?;
            let [country, place] = [row.cells[0], row.cells[1]];
            if country.is_empty() || place.is_empty() {
                return Err(Error::data(path, row.line, "a country and the id of a place are due"));
            }
            // A lexicon of the caller's alone has neither.
            let Some(&country_entity) = places.get(country) else { continue };
            of.insert(country_entity, country_entity);
            let nationality = places.get(format!("{NATIONALITY}{country}").as_str());
            of.extend(places.get(place).into_iter().chain(nationality).map(|entity| (*entity, country_entity)));
        }
        Ok(Self { of })
    }

    /// The country that an entity tells of.
    pub(super) fn of(&self, entity: u32) -> Option<u32> {
        self.of.get(&entity).copied()
    }
}
