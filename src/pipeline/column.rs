//! Normalizing whole columns.
//!
//! Input: an Arrow array of text. Output: an array of the same type, null where the input is. Contract: the same
//! values as one by one, for any number of threads; a dictionary's values are normalized once each.

use std::sync::Arc;

use arrow_array::builder::{LargeStringBuilder, StringBuilder, StringLikeArrayBuilder, StringViewBuilder};
use arrow_array::types::ArrowDictionaryKeyType;
use arrow_array::{
    AnyDictionaryArray, Array, ArrayRef, DictionaryArray, LargeStringArray, PrimitiveArray, StringArray,
    downcast_dictionary_array,
};
use arrow_schema::DataType;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::pool::Pool;
use crate::error::{Error, Result};
use crate::input::arrow::Text;
use crate::normalize::Normalizer;

/// Rows of one piece of work for a thread.
const PIECE: usize = 4096;

/// The most bytes that one byte of text becomes, rounded up: what fits 32-bit offsets whatever it holds.
const GROWTH: usize = 16;

/// The column, normalized.
pub fn normalize(normalizer: &Normalizer, pool: &Pool, argument: &str, array: &dyn Array) -> Result<ArrayRef> {
    let text = Text::of(argument, array)?;
    let rows = array.len();
    let bytes: usize = (0..rows).map(|row| text.get(row).map_or(0, str::len)).sum();
    match array.data_type() {
        DataType::Null => Ok(arrow_array::new_null_array(&DataType::Null, rows)),
        DataType::Dictionary(_, _) => downcast_dictionary_array!(
            array => dictionary(normalizer, pool, argument, array),
            other => Err(Error::Type {
                argument: argument.to_owned(),
                found: format!("a dictionary keyed by {other}"),
                accepted: "a dictionary keyed by whole numbers is due".to_owned(),
            })
        ),
        DataType::Utf8View => Ok(fill(StringViewBuilder::with_capacity(rows), normalizer, pool, &text, rows)),
        DataType::Utf8 if bytes < i32::MAX as usize / GROWTH => {
            Ok(fill(StringBuilder::with_capacity(rows, bytes), normalizer, pool, &text, rows))
        }
        _ => Ok(fill(LargeStringBuilder::with_capacity(rows, bytes), normalizer, pool, &text, rows)),
    }
}

/// The normalized values as a column. The builders take a `&str` for UTF-8; arrays made of bytes are looked through
/// again, which takes longer than normalizing.
fn fill<B: StringLikeArrayBuilder>(
    mut builder: B,
    normalizer: &Normalizer,
    pool: &Pool,
    text: &Text<'_>,
    rows: usize,
) -> ArrayRef {
    let mut add = |row: usize, value: &str| match text.get(row) {
        None => builder.append_null(),
        Some(_) => builder.append_value(value),
    };
    if pool.threads() == 1 || rows <= PIECE {
        let mut value = String::new();
        for row in 0..rows {
            value.clear();
            normalizer.append_to(text.get(row).unwrap_or_default(), &mut value);
            add(row, &value);
        }
        return builder.finish();
    }
    let piece = |start: usize| {
        let (mut values, mut ends) = (String::new(), Vec::with_capacity(PIECE));
        for row in start..rows.min(start + PIECE) {
            normalizer.append_to(text.get(row).unwrap_or_default(), &mut values);
            ends.push(values.len());
        }
        (values, ends)
    };
    let starts: Vec<usize> = (0..rows).step_by(PIECE).collect();
    let pieces: Vec<(String, Vec<usize>)> = pool.run(|| starts.par_iter().map(|&start| piece(start)).collect());
    for ((values, ends), first) in pieces.iter().zip(starts) {
        let mut start = 0;
        for (place, &end) in ends.iter().enumerate() {
            add(first + place, &values[start..end]);
            start = end;
        }
    }
    builder.finish()
}

/// A dictionary with its values normalized, each once, and the keys that follow.
fn dictionary<K: ArrowDictionaryKeyType>(
    normalizer: &Normalizer,
    pool: &Pool,
    argument: &str,
    array: &DictionaryArray<K>,
) -> Result<ArrayRef> {
    let values = normalize(normalizer, pool, argument, array.values().as_ref())?;
    let text = Text::of(argument, values.as_ref())?;
    let mut places: FxHashMap<Option<&str>, usize> = FxHashMap::default();
    let mut kept = Vec::new();
    let mut moved = Vec::with_capacity(values.len());
    for row in 0..values.len() {
        let place = *places.entry(text.get(row)).or_insert_with(|| {
            kept.push(row);
            kept.len() - 1
        });
        moved.push(place);
    }
    let empty = moved.is_empty();
    let keys: PrimitiveArray<K> = if empty {
        array.keys().clone()
    } else {
        let old = array.normalized_keys();
        let new = |row: usize| arrow_buffer::ArrowNativeType::from_usize(moved[old[row]]);
        (0..array.len()).map(|row| array.keys().is_valid(row).then(|| new(row)).flatten()).collect()
    };
    let values: ArrayRef = match values.data_type() {
        DataType::Utf8 => Arc::new(kept.iter().map(|&row| text.get(row)).collect::<StringArray>()),
        DataType::Utf8View => {
            let mut builder = StringViewBuilder::new();
            kept.iter().for_each(|&row| builder.append_option(text.get(row)));
            Arc::new(builder.finish())
        }
        _ => Arc::new(kept.iter().map(|&row| text.get(row)).collect::<LargeStringArray>()),
    };
    Ok(Arc::new(DictionaryArray::new(keys, values)))
}
