//! Compresses recordings into `nitro-devnode/corpus`:
//! `cargo run -p nitro-devnode --example pack_corpus -- FILE.jsonl…`.
use std::{io::Write, path::PathBuf};

use brotlic::{BlockSize, BrotliEncoderOptions, CompressorWriter, LargeWindowSize, Quality};
use eyre::{OptionExt, Result};

fn main() -> Result<()> {
    let target = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"));
    for source in std::env::args_os().skip(1).map(PathBuf::from) {
        let text = std::fs::read(&source)?;
        let encoder = BrotliEncoderOptions::new()
            .quality(Quality::best())
            .large_window_size(LargeWindowSize::new(25)?)
            .block_size(BlockSize::best())
            .size_hint(text.len().try_into()?)
            .build()?;
        let mut writer = CompressorWriter::with_encoder(encoder, Vec::new());
        writer.write_all(&text)?;
        let packed = writer.into_inner()?;
        let mut name = source.file_name().ok_or_eyre("not a file")?.to_owned();
        name.push(".br");
        println!("{name:?}: {} → {} bytes", text.len(), packed.len());
        std::fs::write(target.join(name), packed)?;
    }
    Ok(())
}
