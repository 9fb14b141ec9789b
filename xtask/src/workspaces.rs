//! Where the workspaces are and how cargo is run in each.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use eyre::{Context, OptionExt, Result, ensure};

/// The repository: the off-chain workspace at its root, the contracts below it.
pub(crate) struct Repository {
    root: PathBuf,
}

/// One cargo workspace with its own lockfile.
pub(crate) struct Workspace {
    pub(crate) name: &'static str,
    pub(crate) path: PathBuf,
}

impl Repository {
    pub(crate) fn locate() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .ok_or_eyre("run this through cargo: `cargo xtask <task>`")?;
        let root = Path::new(&manifest)
            .parent()
            .ok_or_eyre("xtask is not in a folder of the repository")?
            .to_path_buf();
        Ok(Self { root })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Every workspace, in the order in which they are checked.
    pub(crate) fn workspaces(&self) -> Vec<Workspace> {
        vec![
            Workspace {
                name: "contracts",
                path: self.root.join("contracts"),
            },
            self.off_chain(),
            Workspace {
                name: "twins",
                path: self.root.join("tests/twins"),
            },
        ]
    }

    /// The node, the programs that operate the protocol, and the end-to-end tests.
    pub(crate) fn off_chain(&self) -> Workspace {
        Workspace {
            name: "off chain",
            path: self.root.clone(),
        }
    }

    /// Where the off-chain workspace is built to.
    pub(crate) fn target(&self) -> PathBuf {
        let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        self.root.join(target)
    }

    /// `cargo` in the off-chain workspace.
    pub(crate) fn cargo(&self) -> Command {
        cargo(&self.root)
    }

    /// Runs a verb of the `lst` command line.
    pub(crate) fn lst(&self, verb: &[&str]) -> Result<()> {
        let run = ["run", "--package", "cli", "--bin", "lst", "--"];
        run_to_success(cargo(&self.root).args(run).args(verb))
    }
}

impl Workspace {
    /// `cargo` in this workspace.
    pub(crate) fn cargo(&self) -> Command {
        cargo(&self.path)
    }
}

/// Runs `command`, its output going where ours goes.
pub(crate) fn run_to_success(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command
        .status()
        .wrap_err_with(|| format!("cannot start `{shown}`"))?;
    ensure!(status.success(), "`{shown}` failed ({status})");
    Ok(())
}

/// The command as a reader would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(
        command
            .get_args()
            .map(|argument| argument.to_string_lossy()),
    );
    words.join(" ")
}

/// The cargo of the pinned toolchain: configuration and toolchain are found from `folder` upwards.
fn cargo(folder: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(folder);
    command
}
