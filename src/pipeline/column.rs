//! Normalizing whole columns.
//!
//! Input: an Arrow array of text. Output: an array of the same type, null where the input is. Contract: the same
//! values as one by one, for any number of threads; a dictionary's values are normalized once each.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::builder::{StringViewBuilder, make_view};
use arrow_array::types::ArrowDictionaryKeyType;
use arrow_array::{
    AnyDictionaryArray, Array, ArrayRef, DictionaryArray, GenericStringArray, LargeStringArray, OffsetSizeTrait,
    PrimitiveArray, StringArray, StringViewArray, downcast_dictionary_array,
};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer};
use arrow_schema::DataType;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::pool::Pool;
use crate::cancel::{self, Token};
use crate::error::{Error, Result};
use crate::input::arrow::Text;
use crate::normalize::Normalizer;

/// Bytes of one piece of work for a thread.
const PIECE: usize = 1 << 20;

/// The column, normalized.
pub fn normalize(normalizer: &Normalizer, pool: &Pool, argument: &str, array: &dyn Array) -> Result<ArrayRef> {
    let text = Text::of(argument, array)?;
    let rows = array.len();
    let nulls = array.nulls().cloned();
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
        DataType::Utf8View => Ok(Arc::new(views(pieces(normalizer, pool, &text, rows, PIECE), nulls))),
        kind => {
            let bytes = if pool.threads() == 1 { usize::MAX } else { PIECE };
            Ok(strings(pool, pieces(normalizer, pool, &text, rows, bytes), nulls, *kind == DataType::LargeUtf8))
        }
    }
}

/// Rows, normalized one after another.
struct Piece {
    bytes: Vec<u8>,
    /// Where each row's value ends.
    ends: Vec<usize>,
}

impl Piece {
    fn of(normalizer: &Normalizer, text: &Text<'_>, rows: Range<usize>) -> Self {
        cancel::point();
        let source: usize = rows.clone().map(|row| text.get(row).map_or(0, str::len)).sum();
        // Memory that comes zeroed from the system costs nothing before it is written.
        let mut bytes = vec![0; source + Normalizer::ROOM];
        let mut ends = Vec::with_capacity(rows.len());
        let mut end = 0;
        for row in rows {
            cancel::step(row);
            if let Some(value) = text.get(row) {
                end = normalizer.write(value, &mut bytes, end);
            }
            ends.push(end);
        }
        bytes.truncate(end);
        Self { bytes, ends }
    }
}

/// The column in pieces of about `bytes` bytes of source each.
fn pieces(normalizer: &Normalizer, pool: &Pool, text: &Text<'_>, rows: usize, bytes: usize) -> Vec<Piece> {
    let mut cuts = vec![0];
    let mut size = 0;
    for row in 0..rows {
        size += text.get(row).map_or(0, str::len) + size_of::<usize>();
        if size >= bytes {
            cuts.push(row + 1);
            size = 0;
        }
    }
    if cuts.last() != Some(&rows) {
        cuts.push(rows);
    }
    let cuts: Vec<Range<usize>> = cuts.windows(2).map(|pair| pair[0]..pair[1]).collect();
    if pool.threads() == 1 || cuts.len() < 2 {
        return cuts.into_iter().map(|rows| Piece::of(normalizer, text, rows)).collect();
    }
    let token = Token::current();
    let piece = |rows| token.within(|| Piece::of(normalizer, text, rows));
    pool.run(|| cuts.into_par_iter().map(piece).collect())
}

/// The pieces as a column of utf8, or of large_utf8 where they are too long for it or it is asked for.
fn strings(pool: &Pool, mut pieces: Vec<Piece>, nulls: Option<NullBuffer>, large: bool) -> ArrayRef {
    let total: usize = pieces.iter().map(|piece| piece.bytes.len()).sum();
    let values = if pieces.len() == 1 { std::mem::take(&mut pieces[0].bytes) } else { joined(pool, &pieces, total) };
    if large || i32::try_from(total).is_err() {
        Arc::new(array::<i64>(&pieces, values, nulls))
    } else {
        Arc::new(array::<i32>(&pieces, values, nulls))
    }
}

/// The bytes of all pieces, one after another.
fn joined(pool: &Pool, pieces: &[Piece], total: usize) -> Vec<u8> {
    let mut values = vec![0; total];
    let mut rest = values.as_mut_slice();
    let mut copies = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let (place, after) = std::mem::take(&mut rest).split_at_mut(piece.bytes.len());
        rest = after;
        copies.push((place, &piece.bytes));
    }
    pool.run(|| copies.into_par_iter().for_each(|(place, bytes)| place.copy_from_slice(bytes)));
    values
}

fn array<O: OffsetSizeTrait>(pieces: &[Piece], values: Vec<u8>, nulls: Option<NullBuffer>) -> GenericStringArray<O> {
    let mut offsets = Vec::with_capacity(1 + pieces.iter().map(|piece| piece.ends.len()).sum::<usize>());
    offsets.push(O::default());
    let mut start = 0;
    for piece in pieces {
        offsets.extend(piece.ends.iter().map(|&end| O::usize_as(start + end)));
        start += piece.ends.last().copied().unwrap_or_default();
    }
    let offsets = OffsetBuffer::new(offsets.into());
    assert!(start == values.len() && nulls.as_ref().is_none_or(|nulls| nulls.len() + 1 == offsets.len()));
    // SAFETY: the offsets rise, as `OffsetBuffer::new` has seen, from nothing to the end of the values, and each lies
    // between two texts of a normalizer, whose output is UTF-8. Looking through it again takes longer than making it.
    unsafe { GenericStringArray::new_unchecked(offsets, values.into(), nulls) }
}

/// The pieces as a column of utf8_view, which takes their bytes as they are.
fn views(pieces: Vec<Piece>, nulls: Option<NullBuffer>) -> StringViewArray {
    let mut views = Vec::with_capacity(pieces.iter().map(|piece| piece.ends.len()).sum());
    for (number, piece) in pieces.iter().enumerate() {
        let number = u32::try_from(number).expect("fewer pieces than rows of 4 GB");
        let mut start = 0;
        for &end in &piece.ends {
            let offset = u32::try_from(start).expect("a piece is small");
            views.push(make_view(&piece.bytes[start..end], number, offset));
            start = end;
        }
    }
    assert!(nulls.as_ref().is_none_or(|nulls| nulls.len() == views.len()));
    let buffers: Vec<Buffer> = pieces.into_iter().map(|piece| piece.bytes.into()).collect();
    // SAFETY: each view was made from bytes of its piece that are one text of a normalizer, whose output is UTF-8.
    unsafe { StringViewArray::new_unchecked(views.into(), buffers.into(), nulls) }
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
