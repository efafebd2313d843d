//! Which options are on, and the profiles that name sets of them.
//!
//! Input: names. Output: [`Options`], one bit an option, in the order of `data/profiles.toml`.
//! Contract: every name that is not an option or profile is refused with the names there are.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::fold::Fold;
use crate::data;
use crate::error::{Error, Result};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Profiles {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "licence")]
    _licence: String,
    options: Vec<String>,
    profiles: BTreeMap<String, Vec<String>>,
}

/// All options in the order in which they apply, and the profiles.
#[derive(Debug)]
pub struct OptionSet {
    folds: Vec<Fold>,
    profiles: BTreeMap<String, Vec<String>>,
}

static BUILTIN: LazyLock<OptionSet> = LazyLock::new(|| data::builtin(OptionSet::load));

impl OptionSet {
    /// The built-in options.
    pub fn builtin() -> &'static OptionSet {
        &BUILTIN
    }

    fn load() -> Result<Self> {
        let path = "profiles.toml";
        let listed: Profiles = data::toml(path, data::file(path))?;
        let mut found = BTreeMap::new();
        for (path, text) in data::folder("fold/") {
            let fold = Fold::parse(path, text)?;
            found.insert(fold.name.clone(), fold);
        }
        let mut folds = Vec::new();
        for name in &listed.options {
            let fold = found.remove(name);
            folds.push(fold.ok_or_else(|| Error::data(path, 0, format!("option {name:?} has no file in fold/")))?);
        }
        if let Some(name) = found.into_keys().next() {
            return Err(Error::data(path, 0, format!("fold/{name}.toml is missing from the list `options`")));
        }
        let set = OptionSet { folds, profiles: listed.profiles };
        for names in set.profiles.values() {
            for name in names {
                set.place(name).map_err(|_| Error::data(path, 0, format!("unknown option {name:?}")))?;
            }
        }
        Ok(set)
    }

    /// The options, in the order in which they apply.
    pub fn folds(&self) -> &[Fold] {
        &self.folds
    }

    /// The names of the profiles.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    fn place(&self, name: &str) -> Result<usize> {
        self.folds.iter().position(|fold| fold.name == name).ok_or_else(|| {
            let names: Vec<&str> = self.folds.iter().map(|fold| fold.name.as_str()).collect();
            Error::option(name, "no option of this name", format!("the normalization options are {}", names.join(", ")))
        })
    }
}

/// A set of enabled options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Options {
    enabled: u64,
}

impl Options {
    /// No option: text stays as it is.
    pub fn none() -> Self {
        Self::default()
    }

    /// The options of a profile.
    pub fn profile(name: &str) -> Result<Self> {
        let set = OptionSet::builtin();
        let names = set.profiles.get(name).ok_or_else(|| {
            let known: Vec<&str> = set.profiles().collect();
            Error::option("profile", format!("{name:?}"), format!("the profiles are {}", known.join(", ")))
        })?;
        names.iter().try_fold(Self::none(), |options, name| options.with(name, true))
    }

    /// The same options with one of them on or off.
    pub fn with(self, name: &str, on: bool) -> Result<Self> {
        let bit = 1 << OptionSet::builtin().place(name)?;
        Ok(Self { enabled: if on { self.enabled | bit } else { self.enabled & !bit } })
    }

    /// The options with these bits, in the order of [`OptionSet::folds`]; for tests that try every set.
    pub fn from_bits(bits: u64) -> Self {
        let all = (1u64 << OptionSet::builtin().folds.len()) - 1;
        Self { enabled: bits & all }
    }

    /// The enabled options, in the order in which they apply.
    pub fn folds(&self) -> impl Iterator<Item = &'static Fold> + use<> {
        let enabled = self.enabled;
        OptionSet::builtin()
            .folds
            .iter()
            .enumerate()
            .filter(move |(place, _)| enabled >> place & 1 == 1)
            .map(|(_, f)| f)
    }
}
