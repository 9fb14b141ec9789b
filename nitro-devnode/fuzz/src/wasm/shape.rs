//! Valid modules of the kind that activation accepts, made of an input's bytes.
use std::fmt::Write as _;

use arbitrary::{Result, Unstructured};
use nitro_devnode::stylus::{
    activate::ActivationRules,
    imports::{CONSOLE, CONSOLE_FUNCTIONS, HOSTIOS, PAY_FOR_MEMORY_GROW, Signature, VM_HOOKS},
};
use wasm_smith::{Config, Module};
use wasmparser::ValType;

/// A module with an entry point and a memory, which may grow, and some of the host's functions.
pub(super) fn module(u: &mut Unstructured<'_>, rules: &ActivationRules) -> Result<Vec<u8>> {
    let shape = shape(u)?;
    let config = Config {
        module_shape: Some(wat::parse_str(shape).expect("the shape is WAT")),
        allow_floats: false,
        allow_start_export: u.ratio(1, 16)?,
        bulk_memory_enabled: u.ratio(1, 2)?,
        exceptions_enabled: false,
        extended_const_enabled: false,
        gc_enabled: false,
        max_data_segments: 4,
        max_element_segments: 4,
        max_elements: 16,
        max_funcs: 8,
        max_globals: 8,
        max_instructions: 200,
        max_memories: 1,
        max_memory32_bytes: 32 << 16,
        max_table_elements: 64,
        max_tables: 1,
        max_types: 12,
        max_values: 8,
        memory64_enabled: false,
        multi_value_enabled: rules.stylus_version < 3,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: false,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        ..Config::default()
    };
    Ok(Module::new(config, u)?.to_bytes())
}

fn shape(u: &mut Unstructured<'_>) -> Result<String> {
    let mut text = "(module".to_owned();
    // A few functions at most: the rarer one is, the rarer it is called.
    let grows = u.arbitrary()?;
    if grows {
        let pays = HOSTIOS.iter().find(|host| host.name == PAY_FOR_MEMORY_GROW);
        text += &import(VM_HOOKS, pays.expect("it is one of the hostios"));
    }
    let mut imported = vec![PAY_FOR_MEMORY_GROW];
    for _ in 0..u.int_in_range(0..=5)? {
        let (from, host) = match u.ratio(1, 8)? {
            true => (CONSOLE, u.choose(&CONSOLE_FUNCTIONS)?),
            false => (VM_HOOKS, u.choose(&HOSTIOS)?),
        };
        if !imported.contains(&host.name) {
            imported.push(host.name);
            text += &import(from, host);
        }
    }
    let pages: u8 = u.int_in_range(0..=3)?;
    let most = if grows {
        u.int_in_range(pages..=16)?
    } else {
        pages
    };
    text += &format!(r#"(memory (export "memory") {pages} {most})"#);
    text += r#"(func (export "user_entrypoint") (param i32) (result i32) unreachable))"#;
    Ok(text)
}

fn import(from: &str, host: &Signature) -> String {
    let mut text = format!(r#"(import "{from}" "{}" (func"#, host.name);
    for (kind, types) in [("param", host.params), ("result", host.results)] {
        if !types.is_empty() {
            let names: Vec<_> = types.iter().map(word).collect();
            write!(text, " ({kind} {})", names.join(" ")).expect("a string grows");
        }
    }
    text + "))"
}

fn word(ty: &ValType) -> String {
    ty.to_string()
}
