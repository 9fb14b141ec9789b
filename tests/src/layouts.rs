//! Where each contract keeps what: read off the `#[storage]` structs and compared with
//! `contracts/layouts.json`. A layout only ever grows at its end; run with `LAYOUTS=record` to record that.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use client::compile::workspace;
use client::contract::Contract;
use eyre::{OptionExt, Result, ensure};

/// The fields of every storage struct, by the struct's name.
type Structs = BTreeMap<String, Vec<(String, String)>>;

/// Slot, path and type of every field, in order.
type Layout = Vec<String>;

/// The storage structs of a crate's sources.
fn structs(folder: &Path, found: &mut Structs) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        for declared in text.split("#[storage]\n").skip(1) {
            let (head, rest) = declared.split_once('{').ok_or_eyre("a struct has a body")?;
            let name = head.split_whitespace().last().ok_or_eyre("a name")?;
            let (body, _) = rest.split_once("\n}").ok_or_eyre("a body ends")?;
            found.insert(name.to_owned(), fields(body));
        }
    }
    Ok(())
}

fn fields(body: &str) -> Vec<(String, String)> {
    let lines = body.lines().map(str::trim);
    let lines = lines.filter(|line| !line.starts_with("//") && !line.starts_with('#'));
    let declared = lines.filter_map(|line| line.trim_end_matches(',').split_once(": "));
    declared
        .map(|(name, kind)| {
            let name = name.rsplit(' ').next().unwrap_or(name);
            (name.to_owned(), kind.to_owned())
        })
        .collect()
}

/// Appends the fields of `name`, which begin at the slot behind those that are there.
fn expand(
    structs: &Structs,
    name: &str,
    path: &str,
    slot: &mut usize,
    layout: &mut Layout,
) -> Result<()> {
    let fields = structs.get(name);
    for (field, kind) in fields.ok_or_eyre(format!("no storage struct is called {name}"))? {
        let path = format!("{path}{field}");
        let reserved = kind
            .strip_prefix("Reserved<")
            .and_then(|rest| rest.strip_suffix('>'));
        match (kind.as_str(), reserved) {
            ("Slot" | "WordMap" | "WordMaps", _) => {
                layout.push(format!("{slot} {path}: {kind}"));
                *slot += 1;
            }
            // Its bits are in the first slot, beside the pauses.
            ("Beside", _) => layout.push(format!("0 {path}: {kind}")),
            // Reserved slots may be used later, so they are no part of what is kept.
            (_, Some(count)) => *slot += count.parse::<usize>()?,
            (kind, None) => expand(structs, kind, &format!("{path}."), slot, layout)?,
        }
    }
    Ok(())
}

/// The sources of a contract: its program's, and those of the state that it shares with a second one.
fn sources(contract: Contract) -> Vec<PathBuf> {
    let name = contract.name();
    let last = name.rsplit('-').next().unwrap_or(name);
    let folders = [name.to_owned(), format!("{last}-state")];
    let folders = folders.map(|folder| workspace().join(folder).join("src"));
    folders.into_iter().filter(|path| path.is_dir()).collect()
}

fn layout(contract: Contract) -> Result<Layout> {
    let mut found = Structs::new();
    structs(&workspace().join("glue/src"), &mut found)?;
    for folder in sources(contract) {
        structs(&folder, &mut found)?;
    }
    let library = workspace().join(contract.name()).join("src/lib.rs");
    let library = fs::read_to_string(library)?;
    let (_, entry) = library.split_once("entrypoint").ok_or_eyre("a program")?;
    let (_, entry) = entry.split_once("pub struct ").ok_or_eyre("a contract")?;
    let name = entry.split_whitespace().next().ok_or_eyre("a name")?;
    let mut layout = Layout::new();
    expand(&found, name, "", &mut 0, &mut layout)?;
    Ok(layout)
}

#[test]
fn a_layout_only_ever_grows_at_its_end() -> Result<()> {
    let path = workspace().join("layouts.json");
    let records = std::env::var("LAYOUTS").is_ok_and(|how| how == "record");
    let mut current = BTreeMap::new();
    for contract in Contract::ALL {
        current.insert(contract, layout(contract)?);
    }
    let mut recorded: BTreeMap<Contract, Layout> = match fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text)?,
        Err(_) => BTreeMap::new(),
    };
    for (contract, now) in &current {
        let kept = recorded.remove(contract).unwrap_or_default();
        ensure!(
            now.starts_with(&kept),
            "{contract} moves what is stored already: {now:#?} was {kept:#?}"
        );
        ensure!(
            now.len() == kept.len() || records,
            "{contract} stores more than contracts/layouts.json says: run the test with LAYOUTS=record"
        );
    }
    if records {
        let text = serde_json::to_string_pretty(&current)?;
        fs::write(path, format!("{text}\n"))?;
    }
    Ok(())
}

/// The drawing is what a reader goes by.
#[test]
fn every_layout_is_drawn_as_it_is() -> Result<()> {
    for contract in Contract::ALL {
        let mut drawn: Vec<usize> = Vec::new();
        for folder in sources(contract) {
            for file in ["lib.rs", "state.rs"] {
                let text = fs::read_to_string(folder.join(file)).unwrap_or_default();
                let rows = text.lines().filter_map(|line| line.strip_prefix("//! | "));
                drawn.extend(rows.filter_map(|row| row.split(' ').next()?.parse::<usize>().ok()));
            }
        }
        let slots: Vec<usize> = layout(contract)?
            .iter()
            .filter_map(|line| line.split(' ').next()?.parse().ok())
            .filter(|slot| *slot >= 8)
            .collect();
        assert_eq!(drawn, slots, "{contract}");
    }
    Ok(())
}
