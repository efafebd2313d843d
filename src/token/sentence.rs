//! Where sentences begin.
//!
//! Input: tokens. Output: for each token the number of its sentence, counted from 0. Contract: the numbers rise by
//! one at a time. A line break ends a sentence, for news puts titles and paragraphs on lines of their own; so does
//! a full stop, question or exclamation mark or an ellipsis, but not after a single letter ("د.", "أ.").

use super::{Gap, Kind, Token};

/// The sentence number of each token, replacing what `numbers` held.
pub fn number(text: &str, tokens: &[Token], numbers: &mut Vec<u32>) {
    numbers.clear();
    let mut sentence = 0;
    let mut ended = false;
    for (place, token) in tokens.iter().enumerate() {
        let closes =
            || token.kind == Kind::Punctuation && matches!(token.text(text), "\"" | "»" | "”" | "'" | ")" | "]");
        if place > 0 && (token.gap == Gap::Line || (ended && !(token.gap == Gap::None && closes()))) {
            sentence += 1;
            ended = false;
        }
        numbers.push(sentence);
        if token.kind == Kind::Punctuation && ends_sentence(token.text(text)) {
            let initial = place > 0 && token.gap == Gap::None && tokens[place - 1].text(text).chars().nth(1).is_none();
            let joined =
                tokens.get(place + 1).is_some_and(|next| next.gap == Gap::None && next.kind != Kind::Punctuation);
            ended = !(token.text(text) == "." && (initial || joined));
        }
    }
}

/// True for a run of one of these marks.
fn ends_sentence(sign: &str) -> bool {
    sign.starts_with(['.', '!', '?', '؟', '…', '\u{6D4}']) && sign != ".."
}
