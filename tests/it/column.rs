//! Columns normalized whole: the same values, the same type and sound arrays, whatever the type, slice and threads.

use std::sync::Arc;

use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::Int8Type;
use arrow_array::{Array, ArrayRef, LargeStringArray, StringArray, StringViewArray};
use arrow_schema::DataType;
use marsad::normalize::Normalizer;
use marsad::pipeline::column;
use marsad::pipeline::pool::Pool;

/// Values of all lengths, each of them normalized to something else or nothing, and nulls.
fn rows(count: usize) -> Vec<Option<String>> {
    let value = |row: usize| match row % 7 {
        3 => None,
        5 => Some(String::new()),
        _ => Some(format!("  مدرسةٌ {row} إلى ﷲ ").repeat(1 + row % 11)),
    };
    (0..count).map(value).collect()
}

fn arrays(rows: &[Option<String>]) -> Vec<ArrayRef> {
    let mut dictionary = StringDictionaryBuilder::<Int8Type>::new();
    rows.iter().for_each(|row| dictionary.append_option(row.as_deref().map(|text| &text[..text.len().min(10)])));
    vec![
        Arc::new(rows.iter().map(Option::as_deref).collect::<StringArray>()),
        Arc::new(rows.iter().map(Option::as_deref).collect::<LargeStringArray>()),
        Arc::new(rows.iter().map(Option::as_deref).collect::<StringViewArray>()),
        Arc::new(dictionary.finish()),
    ]
}

fn values(array: &dyn Array) -> Vec<Option<String>> {
    let owned = |value: Option<&str>| value.map(str::to_owned);
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().map(owned).collect(),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().map(owned).collect(),
        DataType::Utf8View => array.as_string_view().iter().map(owned).collect(),
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            if dictionary.values().is_empty() {
                return vec![None; array.len()];
            }
            let keys = dictionary.normalized_keys();
            let values = values(dictionary.values().as_ref());
            (0..array.len()).map(|row| array.is_valid(row).then(|| values[keys[row]].clone()).flatten()).collect()
        }
        other => panic!("no column of text: {other}"),
    }
}

#[test]
fn a_column_is_its_values_one_by_one() {
    let normalizer = Normalizer::profile("search").unwrap();
    for count in [0, 1, 6, 20_000] {
        let rows = rows(count);
        for array in arrays(&rows) {
            let part = array.slice(count / 3, count / 2);
            for array in [array, part] {
                let expected: Vec<_> =
                    values(&array).into_iter().map(|value| value.map(|text| normalizer.normalize(&text))).collect();
                for threads in [1, 3] {
                    let pool = Pool::new(Some(threads)).unwrap();
                    let found = column::normalize(&normalizer, &pool, "x", array.as_ref()).unwrap();
                    found.to_data().validate_full().unwrap();
                    assert_eq!(found.data_type(), array.data_type());
                    assert_eq!(found.null_count(), array.null_count());
                    assert!(values(&found) == expected, "{} rows of {}, {threads} threads", count, array.data_type());
                }
            }
        }
    }
}
