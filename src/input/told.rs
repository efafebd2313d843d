//! How what was found in a file stands in a message: short, and on one line.

/// Code points of a value that are told.
const VALUE: usize = 60;
/// Names of columns or keys that are told.
const NAMES: usize = 12;

/// A value in quotes, cut where it is long.
pub(super) fn quoted(value: &str) -> String {
    match value.char_indices().nth(VALUE) {
        Some((end, _)) => format!("{:?}...", &value[..end]),
        None => format!("{value:?}"),
    }
}

/// Names with commas between them, as they are where they are plain.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let (mut told, mut more) = (Vec::new(), 0);
    for name in names {
        if told.len() == NAMES {
            more += 1;
        } else if name.chars().any(char::is_control) || name.chars().nth(VALUE).is_some() {
            told.push(quoted(name));
        } else {
            told.push(name.to_owned());
        }
    }
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    told.join(", ")
}

/// A number with a comma after every three digits from the right.
pub(super) fn grouped(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let mut told = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            told.push(',');
        }
        told.push(digit);
    }
    told
}
