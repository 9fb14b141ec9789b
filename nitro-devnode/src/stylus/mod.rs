//! A Stylus program's life in order: decompression, validation, metering, activation,
//! compilation, execution.
pub mod activate;
pub mod artifacts;
pub mod branch;
pub mod buildable;
pub mod code;
pub mod color;
pub mod depth;
mod dictionary;
pub mod dynamic;
pub mod engine;
pub mod exchange;
pub mod floats;
pub mod heap;
pub mod host;
mod hostio;
pub mod hostio_log;
pub mod imports;
pub mod ink;
pub mod instrument;
pub mod limits;
pub mod meter;
pub mod predict;
pub mod refusal;
pub mod run;
pub mod site;
pub mod storage_cache;
pub mod wasm;

#[cfg(test)]
mod tests;
