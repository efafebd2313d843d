//! Normalizing whole columns.
//!
//! Input: an Arrow array of text. Output: an array of the same type, null where the input is. Contract: the same
//! values as one by one, for any number of threads; a dictionary's values are normalized once each.

use std::sync::Arc;

use arrow_array::builder::StringViewBuilder;
use arrow_array::types::ArrowDictionaryKeyType;
use arrow_array::{
    AnyDictionaryArray, Array, ArrayRef, DictionaryArray, LargeStringArray, PrimitiveArray, StringArray,
    downcast_dictionary_array,
};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::DataType;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::pool::Pool;
use crate::error::{Error, Result};
use crate::input::arrow::Text;
use crate::normalize::Normalizer;

/// Rows of one piece of work for a thread.
const PIECE: usize = 4096;

/// The column, normalized.
pub fn normalize(normalizer: &Normalizer, pool: &Pool, argument: &str, array: &dyn Array) -> Result<ArrayRef> {
    let text = Text::of(argument, array)?;
    let nulls = array.nulls().cloned();
    match array.data_type() {
        DataType::Null => Ok(arrow_array::new_null_array(&DataType::Null, array.len())),
        DataType::Utf8View => {
            let (values, ends) = run(normalizer, pool, &text, array.len());
            let mut builder = StringViewBuilder::with_capacity(array.len());
            let mut start = 0;
            for (row, end) in ends.iter().enumerate() {
                let value = std::str::from_utf8(&values[start..*end]).expect("normalized text is UTF-8");
                builder.append_option(array.is_valid(row).then_some(value));
                start = *end;
            }
            Ok(Arc::new(builder.finish()))
        }
        DataType::Dictionary(_, _) => downcast_dictionary_array!(
            array => dictionary(normalizer, pool, argument, array),
            other => Err(Error::Type {
                argument: argument.to_owned(),
                found: format!("a dictionary keyed by {other}"),
                accepted: "a dictionary keyed by whole numbers is due".to_owned(),
            })
        ),
        DataType::Utf8 => {
            let (values, ends) = run(normalizer, pool, &text, array.len());
            match small_offsets(&ends) {
                Some(offsets) => Ok(Arc::new(small(values, offsets, nulls))),
                None => Ok(Arc::new(large(values, &ends, nulls))),
            }
        }
        _ => {
            let (values, ends) = run(normalizer, pool, &text, array.len());
            Ok(Arc::new(large(values, &ends, nulls)))
        }
    }
}

/// The normalized values one after another, and where each ends.
fn run(normalizer: &Normalizer, pool: &Pool, text: &Text<'_>, rows: usize) -> (Vec<u8>, Vec<usize>) {
    let piece = |range: std::ops::Range<usize>| {
        let mut values = Vec::new();
        let mut ends = Vec::with_capacity(range.len());
        for row in range {
            normalizer.append(text.get(row).unwrap_or_default(), &mut values);
            ends.push(values.len());
        }
        (values, ends)
    };
    if pool.threads() == 1 || rows <= PIECE {
        return piece(0..rows);
    }
    let starts: Vec<usize> = (0..rows).step_by(PIECE).collect();
    let pieces: Vec<(Vec<u8>, Vec<usize>)> =
        pool.run(|| starts.par_iter().map(|&start| piece(start..rows.min(start + PIECE))).collect());
    let mut values = Vec::with_capacity(pieces.iter().map(|(values, _)| values.len()).sum());
    let mut ends = Vec::with_capacity(rows);
    for (more, places) in pieces {
        let base = values.len();
        ends.extend(places.into_iter().map(|end| end + base));
        values.extend_from_slice(&more);
    }
    (values, ends)
}

/// The ends as 32-bit offsets, where they fit.
fn small_offsets(ends: &[usize]) -> Option<Vec<i32>> {
    let last = ends.last().copied().unwrap_or(0);
    i32::try_from(last).ok()?;
    Some(std::iter::once(0).chain(ends.iter().map(|&end| end as i32)).collect())
}

fn small(values: Vec<u8>, offsets: Vec<i32>, nulls: Option<NullBuffer>) -> StringArray {
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    StringArray::new(offsets, Buffer::from_vec(values), nulls)
}

fn large(values: Vec<u8>, ends: &[usize], nulls: Option<NullBuffer>) -> LargeStringArray {
    let offsets: Vec<i64> = std::iter::once(0).chain(ends.iter().map(|&end| end as i64)).collect();
    LargeStringArray::new(OffsetBuffer::new(ScalarBuffer::from(offsets)), Buffer::from_vec(values), nulls)
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
