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
const LENGTHS: &[usize] = if cfg!(miri) { &[16, 33] } else { &[0, 1, 14, 15, 16, 17, 31, 32, 33, 50] };

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

/// Options of all kinds; for Miri those that are put together in seconds, which rules out the presentation forms beside
/// many others.
fn options() -> Vec<Options> {
    let of = |names: &[&str]| names.iter().fold(Options::none(), |options, name| options.with(name, true).unwrap());
    let profile = |name| Options::profile(name).unwrap();
    let mut options = vec![
        profile("search").with("presentation_forms", false).unwrap(),
        of(&["presentation_forms"]),
        of(&["presentation_forms", "elongation", "whitespace"]),
    ];
    if !cfg!(miri) {
        options.extend(["light", "search", "skeleton", "analysis"].map(profile));
        options.push(Options::from_bits(u64::MAX));
    }
    options
}

/// What the options make of a text: told by the slow reference, but under Miri, which looks at how it is made, by the
/// normalizer itself.
fn expected(normalizer: &Normalizer, text: &str) -> String {
    if cfg!(miri) {
        return normalizer.normalize(text);
    }
    reference::normalize(normalizer.options(), text).into_iter().map(|(c, _)| c).collect()
}

#[test]
fn what_is_written_is_text_whatever_the_options() {
    for options in options() {
        let normalizer = Normalizer::new(options);
        let (mut column, mut all) = (String::from("ب "), String::from("ب "));
        for text in texts() {
            let expected = expected(&normalizer, &text);
            let aligned = normalizer.align(&text);
            for written in [&normalizer.normalize(&text), &aligned.text] {
                assert_eq!(std::str::from_utf8(written.as_bytes()), Ok(expected.as_str()), "{text:?}");
            }
            normalizer.append_to(&text, &mut column);
            all.push_str(&expected);
        }
        assert_eq!(std::str::from_utf8(column.as_bytes()), Ok(all.as_str()));
    }
}

#[test]
fn columns_hold_what_their_values_become() {
    let normalizer = Normalizer::new(options().swap_remove(0));
    let pool = Pool::new(Some(1)).unwrap();
    let texts = texts();
    let values: Vec<Option<&str>> = texts.iter().map(|text| Some(text.as_str())).chain([None, Some("")]).collect();
    let expected: Vec<Option<String>> =
        values.iter().map(|value| value.map(|text| expected(&normalizer, text))).collect();
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
