//! What the programs go through after the compiler: Binaryen's `wasm-opt`, by the recipe in
//! `contracts/Stylus.toml`, in which cargo-stylus has it too.
//!
//! It takes functions out of a program, and an uncached call pays for each at its start.
//! `wasm-opt` comes from the PATH or, if that has none of the recipe's version, from npm.
//! What it made of a module is kept beside the module, under the hash of both.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use alloy::primitives::{B256, Keccak256};
use serde::Deserialize;

/// The list of the package from npm: its folder below the contracts, and what it consists of.
const LIST: &str = "wasm-opt";
const LIST_FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// The program.
const WASM_OPT: &str = "wasm-opt";

/// Why modules were not optimised.
#[derive(Debug, thiserror::Error)]
pub enum OptimizeError {
    /// Neither the PATH nor npm has the program.
    #[error("wasm-opt {version} is not on the PATH, and npm does not install it: {reason}")]
    Missing {
        /// The version that the recipe wants.
        version: String,
        /// What npm or the system says.
        reason: String,
    },
    /// The recipe cannot be understood.
    #[error("{} has no table [wasm-opt] with a version and flags", path.display())]
    Recipe {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: toml::de::Error,
    },
    /// A file cannot be read or written.
    #[error("cannot read or write {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The program refused a module.
    #[error("wasm-opt cannot optimise {}: {diagnostics}", path.display())]
    Refused {
        /// The module.
        path: PathBuf,
        /// What it printed.
        diagnostics: String,
    },
}

/// A version of `wasm-opt` and what it is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipe {
    version: String,
    flags: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Manifest {
    wasm_opt: Recipe,
}

/// A module as the compiler wrote it, and where it is kept once optimised.
struct Job {
    module: PathBuf,
    kept: PathBuf,
}

/// Optimises modules of the contracts; in the order of `modules`.
///
/// # Errors
/// [`OptimizeError`]; [`OptimizeError::Missing`] if only the program is missing.
pub fn optimize(workspace: &Path, modules: &[PathBuf]) -> Result<Vec<Vec<u8>>, OptimizeError> {
    let recipe = Recipe::read(workspace)?;
    let jobs = modules.iter().map(|module| recipe.job(module));
    let jobs = jobs.collect::<Result<Vec<_>, _>>()?;
    let open: Vec<&Job> = jobs.iter().filter(|job| !job.kept.is_file()).collect();
    if !open.is_empty() {
        let program = program(&recipe, workspace)?;
        thread::scope(|scope| {
            let (recipe, program) = (&recipe, &program);
            let runs = open.iter();
            let runs: Vec<_> = runs
                .map(|job| scope.spawn(move || job.run(program, recipe)))
                .collect();
            runs.into_iter().try_for_each(|run| match run.join() {
                Ok(outcome) => outcome,
                Err(panic) => std::panic::resume_unwind(panic),
            })
        })?;
    }
    jobs.iter().map(|job| read(&job.kept)).collect()
}

impl Recipe {
    fn read(workspace: &Path) -> Result<Self, OptimizeError> {
        let path = workspace.join("Stylus.toml");
        let text = read(&path)?;
        let manifest: Result<Manifest, _> = toml::from_slice(&text);
        match manifest {
            Ok(manifest) => Ok(manifest.wasm_opt),
            Err(source) => Err(OptimizeError::Recipe { path, source }),
        }
    }

    fn job(&self, module: &Path) -> Result<Job, OptimizeError> {
        let mut hash = Keccak256::new();
        for part in [&self.version].into_iter().chain(&self.flags) {
            hash.update(part);
            hash.update([0]);
        }
        hash.update(read(module)?);
        let hash: B256 = hash.finalize();
        let stem = module.file_stem().unwrap_or_default().to_string_lossy();
        let kept = module.with_file_name("optimized");
        Ok(Job {
            module: module.to_owned(),
            kept: kept.join(format!("{stem}-{hash:x}.wasm")),
        })
    }
}

impl Job {
    /// Whoever reads the kept file while somebody else makes it finds all of it or nothing.
    fn run(&self, program: &Path, recipe: &Recipe) -> Result<(), OptimizeError> {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        let folder = self.kept.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(at(folder))?;
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        let written = self.kept.with_extension(format!("{}-{run}", process::id()));
        let output = Command::new(program)
            .args(&recipe.flags)
            .arg(&self.module)
            .arg("-o")
            .arg(&written)
            .output()
            .map_err(at(program))?;
        if !output.status.success() {
            return Err(OptimizeError::Refused {
                path: self.module.clone(),
                diagnostics: String::from_utf8_lossy(&output.stderr).into_owned(),
            });
        }
        fs::rename(&written, &self.kept).map_err(at(&self.kept))
    }
}

/// `wasm-opt` of the recipe's version.
fn program(recipe: &Recipe, workspace: &Path) -> Result<PathBuf, OptimizeError> {
    // Threads that build at once install it once.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let on_path = Path::new(WASM_OPT);
    if has_version(on_path, &recipe.version) {
        return Ok(on_path.to_owned());
    }
    let folder = tools(workspace).join(LIST);
    let installed = folder.join("node_modules/.bin").join(WASM_OPT);
    if has_version(&installed, &recipe.version) {
        return Ok(installed);
    }
    install(&workspace.join(LIST), &folder).map_err(|reason| OptimizeError::Missing {
        version: recipe.version.clone(),
        reason,
    })?;
    if has_version(&installed, &recipe.version) {
        return Ok(installed);
    }
    Err(OptimizeError::Missing {
        version: recipe.version.clone(),
        reason: format!("{LIST}/package.json names another version"),
    })
}

/// Where the repository's tasks keep what they install, too: beside the build products.
fn tools(workspace: &Path) -> PathBuf {
    let repository = workspace.parent().unwrap_or(workspace);
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    repository.join(target).join("tools")
}

/// It prints, for example, `wasm-opt version 132 (version_132)`.
fn has_version(program: &Path, version: &str) -> bool {
    let Ok(output) = Command::new(program).arg("--version").output() else {
        return false;
    };
    let printed = String::from_utf8_lossy(&output.stdout);
    let mut words = printed
        .split_whitespace()
        .skip_while(|word| *word != "version");
    words.nth(1) == Some(version)
}

/// Installs what the lockfile in `list` names; its hash is compared, and no script of it runs.
fn install(list: &Path, folder: &Path) -> Result<(), String> {
    let described = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(folder).map_err(|error| described(folder, error))?;
    for file in LIST_FILES {
        let from = list.join(file);
        fs::copy(&from, folder.join(file)).map_err(|error| described(&from, error))?;
    }
    let output = Command::new("npm")
        .args(["ci", "--silent", "--no-audit", "--no-fund"])
        .arg("--ignore-scripts")
        .current_dir(folder)
        .output()
        .map_err(|error| described(Path::new("npm"), error))?;
    if output.status.success() {
        return Ok(());
    }
    let diagnostics = String::from_utf8_lossy(&output.stderr);
    Err(format!("npm ended with {}\n{diagnostics}", output.status))
}

fn read(path: &Path) -> Result<Vec<u8>, OptimizeError> {
    fs::read(path).map_err(at(path))
}

fn at(path: impl AsRef<OsStr>) -> impl FnOnce(io::Error) -> OptimizeError {
    let path = PathBuf::from(path.as_ref());
    move |source| OptimizeError::File { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::workspace;

    /// A workspace whose recipe is `recipe`, and nothing else.
    fn made_of(name: &str, recipe: &str) -> PathBuf {
        let folder = format!("optimize-{name}-{}", process::id());
        let folder = env::temp_dir().join(folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("Stylus.toml"), recipe).unwrap();
        folder
    }

    #[test]
    fn the_package_from_npm_is_of_the_version_that_the_recipe_names() {
        let Recipe { version, flags } = Recipe::read(&workspace()).unwrap();
        assert_eq!((version.as_str(), flags.len()), ("132", 5));
        let list = fs::read_to_string(workspace().join("wasm-opt/package.json")).unwrap();
        assert!(list.contains(r#""binaryen": "132.0.0""#), "{list}");
    }

    #[test]
    fn a_recipe_without_flags_is_refused() {
        let folder = made_of("malformed", "[wasm-opt]\nversion = \"132\"\n");
        let error = optimize(&folder, &[]).unwrap_err();
        fs::remove_dir_all(&folder).unwrap();
        assert!(matches!(error, OptimizeError::Recipe { .. }), "{error:?}");
    }

    #[test]
    fn a_version_that_nobody_has_is_reported_as_missing() {
        let recipe = "[wasm-opt]\nversion = \"0\"\nflags = []\n";
        let folder = made_of("missing", recipe);
        let module = folder.join("a.wasm");
        fs::write(&module, [0; 8]).unwrap();
        let error = optimize(&folder, &[module]).unwrap_err();
        fs::remove_dir_all(&folder).unwrap();
        let OptimizeError::Missing { version, reason } = error else {
            panic!("{error:?}");
        };
        assert_eq!(version, "0");
        assert!(reason.contains("wasm-opt/package.json"), "{reason}");
    }

    #[test]
    fn a_module_is_optimised_once_for_each_recipe() {
        let job = |flags: &[&str], bytes: &[u8]| {
            let folder = made_of("keys", "");
            let module = folder.join("a.wasm");
            fs::write(&module, bytes).unwrap();
            let recipe = Recipe {
                version: "132".to_owned(),
                flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            };
            recipe.job(&module).unwrap().kept
        };
        assert_eq!(job(&["-Oz"], b"module"), job(&["-Oz"], b"module"));
        assert_ne!(job(&["-Oz"], b"module"), job(&["-O3"], b"module"));
        assert_ne!(job(&["-Oz"], b"module"), job(&["-Oz"], b"another"));
        assert_ne!(job(&["-O", "z"], b""), job(&["-Oz"], b""));
    }
}
