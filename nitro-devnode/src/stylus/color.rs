//! The terminal colours that Nitro leaves in its texts.

/// A detail in an error report, bold red.
pub fn red(text: impl std::fmt::Display) -> String {
    format!("\u{1b}[31;1m{text}\u{1b}[0;0m")
}

/// What surrounds a printed number, grey.
pub fn grey(text: impl std::fmt::Display) -> String {
    format!("\u{1b}[0;0m\u{1b}[90m{text}\u{1b}[0;0m")
}
