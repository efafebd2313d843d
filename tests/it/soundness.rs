//! What the core does without the standard library's checks, at the edges of its blocks: `make miri` runs this module.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Int32Array, LargeStringArray, StringArray, StringViewArray};
use marsad::normalize::{Normalizer, Options};
use marsad::pipeline::column;
use marsad::pipeline::pool::Pool;

use crate::reference;

/// What stands between letters that need no look: of one to four bytes, kept, deleted, replaced, joined, stretched.
const ODD: [&str; 12] =
    ["", "a", " ", "\u{64E}", "\u{640}\u{640}", "أ", "ا\u{653}", "ﷲ", "\u{200F}", "€", "😀", "ووووو"];

/// Lengths, in letters of two bytes, around those of a block: a few for Miri, which takes a thousand times as long.
const LENGTHS: &[usize] = if cfg!(miri) { &[1, 16, 33] } else { &[0, 1, 14, 15, 16, 17, 31, 32, 33, 50] };

/// Plain letters with something odd before, among and after them.
fn texts() -> Vec<String> {
    let letters = |count: usize| "بتسرلمن".chars().cycle().take(count).collect::<String>();
    let mut texts = Vec::new();
    for (place, odd) in ODD.iter().enumerate() {
        for (turn, before) in LENGTHS.iter().enumerate() {
            let after = LENGTHS[(place + turn) % LENGTHS.len()];
            texts.push(format!("{odd}{}{odd}{}{odd}", letters(*before), letters(after)));
        }
    }
    texts
}

#[test]
fn what_is_written_is_text_whatever_the_options() {
    let all = Options::from_bits(u64::MAX);
    for options in
        ["light", "search", "skeleton", "analysis"].map(|name| Options::profile(name).unwrap()).into_iter().chain([all])
    {
        let normalizer = Normalizer::new(options);
        let (mut column, mut expected) = (String::from("ب "), String::from("ب "));
        for text in texts() {
            let plain: String = reference::normalize(normalizer.options(), &text).into_iter().map(|(c, _)| c).collect();
            let aligned = normalizer.align(&text);
            for written in [&normalizer.normalize(&text), &aligned.text] {
                assert_eq!(std::str::from_utf8(written.as_bytes()), Ok(plain.as_str()), "{text:?}");
            }
            normalizer.append_to(&text, &mut column);
            expected.push_str(&plain);
        }
        assert_eq!(std::str::from_utf8(column.as_bytes()), Ok(expected.as_str()));
    }
}

#[test]
fn columns_hold_what_their_values_become() {
    let normalizer = Normalizer::profile("search").unwrap();
    let pool = Pool::new(Some(1)).unwrap();
    let texts = texts();
    let values: Vec<Option<&str>> = texts.iter().map(|text| Some(text.as_str())).chain([None, Some("")]).collect();
    let expected: Vec<Option<String>> =
        values.iter().map(|value| value.map(|text| normalizer.normalize(text))).collect();
    let keys = Int32Array::from_iter((0..values.len() as i32).map(Some));
    let plain = StringArray::from(values.clone());
    let columns: [ArrayRef; 4] = [
        Arc::new(plain.clone()),
        Arc::new(LargeStringArray::from(values.clone())),
        Arc::new(StringViewArray::from(values.clone())),
        Arc::new(DictionaryArray::<Int32Type>::new(keys, Arc::new(plain))),
    ];
    for array in columns {
        let made = column::normalize(&normalizer, &pool, "x", &array).unwrap();
        made.to_data().validate_full().unwrap();
        assert_eq!(made.data_type(), array.data_type());
        assert_eq!(read(&made), expected, "{}", array.data_type());
    }
}

/// The values of a column of text.
fn read(array: &ArrayRef) -> Vec<Option<String>> {
    let owned = |value: Option<&str>| value.map(str::to_owned);
    if let Some(array) = array.as_string_opt::<i32>() {
        return array.iter().map(owned).collect();
    }
    if let Some(array) = array.as_string_opt::<i64>() {
        return array.iter().map(owned).collect();
    }
    if let Some(array) = array.as_string_view_opt() {
        return array.iter().map(owned).collect();
    }
    let array = array.as_dictionary::<Int32Type>().downcast_dict::<StringArray>().unwrap();
    array.into_iter().map(owned).collect()
}
