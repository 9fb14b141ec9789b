//! A Stylus program's life in order: decompression, validation, metering, activation,
//! compilation, execution.
pub mod code;
