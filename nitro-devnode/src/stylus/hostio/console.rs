//! Printing, on debug chains only (activation refuses the imports elsewhere); free.
use std::fmt::Display;

use wasmtime::{Caller, Linker, WasmTy};

use super::Result;
use crate::stylus::{
    color::grey,
    host::{Escape, Guest, Host},
};

const CONSOLE: &str = "console";

pub(super) fn link(linker: &mut Linker<Host>) -> Result {
    linker.func_wrap(
        CONSOLE,
        "log_txt",
        |c: Caller<'_, Host>, text: u32, len: u32| Ok(log_text(Guest::new(c), text, len)?),
    )?;
    link_number::<i32>(linker, "i32")?;
    link_number::<i64>(linker, "i64")?;
    link_number::<f32>(linker, "f32")?;
    link_number::<f64>(linker, "f64")
}

/// `log_…` and `tee_…` of one type; tracers do not see the latter.
fn link_number<T>(linker: &mut Linker<Host>, ty: &'static str) -> Result
where
    T: WasmTy + Display + Copy + 'static,
{
    linker.func_wrap(
        CONSOLE,
        &format!("log_{ty}"),
        move |c: Caller<'_, Host>, value: T| {
            tracing::info!(target: "stylus", "{value}");
            Guest::new(c).report("console_log", || (shown(ty, value), ()));
        },
    )?;
    linker.func_wrap(CONSOLE, &format!("tee_{ty}"), |value: T| {
        tracing::info!(target: "stylus", "{value}");
        value
    })?;
    Ok(())
}

/// `log_txt(text, len)`.
fn log_text(mut guest: Guest<'_>, text: u32, length: u32) -> std::result::Result<(), Escape> {
    let bytes = guest.read(text, length)?;
    tracing::info!(target: "stylus", "{}", String::from_utf8_lossy(&bytes));
    guest.report("console_log_text", || (bytes, ()));
    Ok(())
}

/// A number as tracers show it: `i32(7)` with all but the number in grey.
fn shown(ty: &str, value: impl Display) -> String {
    format!("{}{}{value}{}", grey(ty), grey("("), grey(")"))
}
