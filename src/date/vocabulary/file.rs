//! What the files of words may hold.
//!
//! Input: TOML. Output: rows. Contract: an unknown key is an error, and so is a file without source or licence.

use serde::Deserialize;

use super::{Field, Form};
use crate::data;

data::file_of! {
    pub(super) struct WordFile {
        #[serde(default)]
        pub family: Option<String>,
        #[serde(default)]
        pub calendar: Option<String>,
        #[serde(default)]
        pub month: Vec<MonthRow>,
        #[serde(default)]
        pub weekday: Vec<WeekdayRow>,
        #[serde(default)]
        pub proclitic: Vec<ProcliticRow>,
        #[serde(default)]
        pub group: Vec<GroupRow>,
        #[serde(default)]
        pub digits: Vec<DigitsRow>,
        #[serde(default)]
        pub spelled: Vec<SpelledRow>,
        #[serde(default)]
        pub number: Vec<NumberRow>,
        #[serde(default)]
        pub feast: Vec<FeastRow>,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeastRow {
    pub calendar: String,
    pub month: u8,
    pub day: u8,
    pub names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MonthRow {
    pub number: u8,
    #[serde(default)]
    pub names: Vec<String>,
    #[serde(default)]
    pub weak: Vec<String>,
    #[serde(default)]
    pub dated: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WeekdayRow {
    pub iso: u8,
    pub names: Vec<String>,
    #[serde(default)]
    pub bare: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProcliticRow {
    pub letters: String,
    pub class: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupRow {
    pub class: String,
    pub words: Vec<String>,
    #[serde(default)]
    pub alone: bool,
    pub days: Option<i8>,
    pub direction: Option<i8>,
    pub unit: Option<String>,
    pub count: Option<u16>,
    pub modifier: Option<String>,
    pub era: Option<String>,
    pub sign: Option<i8>,
    pub sign_that: Option<i8>,
    pub repeat: Option<String>,
    pub rank: Option<i8>,
    pub part: Option<String>,
    pub season: Option<String>,
    pub decade: Option<u16>,
    pub same: Option<i8>,
    pub quarters: Option<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DigitsRow {
    pub class: String,
    pub field: Field,
    pub least: u16,
    pub most: u16,
    pub widths: Vec<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpelledRow {
    pub class: String,
    pub form: Form,
    pub field: Field,
    pub least: u16,
    pub most: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberRow {
    pub value: u16,
    #[serde(default)]
    pub cardinal: Vec<String>,
    #[serde(default)]
    pub ordinal: Vec<String>,
    #[serde(default)]
    pub construct: Vec<String>,
    #[serde(default)]
    pub part: Vec<String>,
    #[serde(default)]
    pub definite_part: Vec<String>,
    #[serde(default)]
    pub ordinal_part: Vec<String>,
}
