//! The node as a binary.
use std::{
    collections::BTreeMap,
    io::{self, Write},
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use alloy::{hex, signers::local::PrivateKeySigner};
use clap::{Args, Parser, Subcommand};
use eyre::{Result, WrapErr};
use nitro_devnode::{
    Builder, Devnode, Resumed,
    replay::{self, EqualCounts, Report},
    setup,
    state_file::Moment,
    stylus::artifacts,
};
use tokio::signal::unix::{SignalKind, signal};

/// An embedded Arbitrum Stylus devnode.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Execute recorded transactions again and compare every answer.
    Replay(Replay),
    /// Set up somebody else's `nitro --dev` as this node is set up: official/README.md.
    Setup(Setup),
}

#[derive(Debug, Args)]
struct Setup {
    /// URL of the node to set up.
    #[arg(long, default_value = "http://127.0.0.1:8547")]
    rpc_url: String,
}

#[derive(Debug, Args)]
struct Serve {
    /// Port for HTTP and WebSocket; 0 takes any free one.
    #[arg(long, default_value_t = 8547, env = "NITRO_DEVNODE_PORT")]
    port: u16,
    /// Address to serve on; by default nobody but this machine reaches it.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Start from the plain genesis: no preset, no derived accounts.
    #[arg(long)]
    bare: bool,
    /// ArbOS version of the genesis: 40, 50 or 51.
    #[arg(long, default_value_t = 51)]
    arbos: u64,
    /// Chain id of the genesis.
    #[arg(long, default_value_t = 412_346)]
    chain_id: u64,
    /// Derived accounts to fund, up to 10.
    #[arg(long, default_value_t = 10)]
    accounts: usize,
    /// Refuse what only a debug chain accepts: start functions, console imports, ArbDebug.
    #[arg(long)]
    production_rules: bool,
    /// Seconds between blocks, instead of a block for each transaction.
    #[arg(long)]
    block_time: Option<f64>,
    /// Seal blocks only when told to, by evm_mine.
    #[arg(long, conflicts_with = "block_time")]
    no_mining: bool,
    /// Time at which the chain's clock starts, in seconds since the epoch.
    #[arg(long)]
    timestamp: Option<u64>,
    /// Let time pass only when told to, by evm_increaseTime and the like.
    #[arg(long)]
    manual_clock: bool,
    /// File to keep the chain in: loaded at start if it exists, saved at exit and on an
    /// interval.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Seconds between saves of a changed chain; 0 saves only at exit.
    #[arg(long, value_name = "SECS", default_value_t = 30.0, requires = "state")]
    state_interval: f64,
    /// Folder to keep compiled programs in, so that none is compiled twice; by default
    /// nitro-devnode in $XDG_CACHE_HOME or ~/.cache.
    #[arg(long, value_name = "DIR")]
    cache_dir: Option<PathBuf>,
    /// Print nothing.
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Args)]
struct Replay {
    /// Recordings; the built-in ones if none is given.
    files: Vec<PathBuf>,
    /// Replay the built-in recordings too.
    #[arg(long)]
    builtin: bool,
    /// Print only how much is equal, in the form of corpus/equal.json.
    #[arg(long)]
    counts: bool,
    /// Differences to print for each file.
    #[arg(long, default_value_t = 10)]
    max_differences: usize,
}

fn main() -> ExitCode {
    let started = Instant::now();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Replay(replay)) => replay_files(&replay),
        Some(Command::Setup(setup)) => set_up(&setup).map(|()| ExitCode::SUCCESS),
        None => serve(&cli.serve, started).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|report| {
        // Whoever reads the output, as `head` does, may have seen enough of it.
        let is_left = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
        if !report.downcast_ref().is_some_and(is_left) {
            eprintln!("error: {}", causes(&report));
        }
        ExitCode::FAILURE
    })
}

/// The error and its causes in one line, without those that a cause before them quotes already.
fn causes(report: &eyre::Report) -> String {
    report.chain().fold(String::new(), |told, cause| {
        let cause = cause.to_string();
        if told.is_empty() {
            cause
        } else if told.contains(&cause) {
            told
        } else {
            format!("{told}: {cause}")
        }
    })
}

/// How a shell names the end by SIGINT.
const INTERRUPTED: i32 = 130;

#[tokio::main]
async fn serve(options: &Serve, started: Instant) -> Result<()> {
    let mut builder = Devnode::builder()
        .port(options.port)
        .host(options.host)
        .arbos_version(options.arbos)
        .chain_id(options.chain_id)
        .accounts(options.accounts);
    if options.bare {
        builder = builder.bare();
    }
    if options.production_rules {
        builder = builder.production_rules();
    }
    if let Some(seconds) = options.block_time {
        let interval = Duration::try_from_secs_f64(seconds).wrap_err("--block-time")?;
        eyre::ensure!(!interval.is_zero(), "--block-time must be above zero");
        builder = builder.block_time(interval);
    }
    if options.no_mining {
        builder = builder.no_mining();
    }
    if let Some(seconds) = options.timestamp {
        builder = builder.clock_start(seconds);
    }
    if options.manual_clock {
        builder = builder.manual_clock();
    }
    if let Some(file) = &options.state {
        let interval = Duration::try_from_secs_f64(options.state_interval);
        builder = builder
            .state_file(file)
            .state_interval(interval.wrap_err("--state-interval")?);
    }
    builder = keep_programs(builder, options.cache_dir.as_deref());
    // From here on a signal ends the node in order, even one that comes before it serves.
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let node = builder.spawn().await?;
    if !options.quiet
        && let Err(error) = greet(&node, options.host, started.elapsed())
    {
        tracing::warn!("nobody reads where the node is: {error}");
    }
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    // The last save of a long chain takes seconds: who cannot wait asks again.
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        std::process::exit(INTERRUPTED);
    });
    node.stop()?;
    Ok(())
}

#[tokio::main]
async fn set_up(options: &Setup) -> Result<()> {
    for step in setup::set_up(&options.rpc_url).await? {
        let done = if step.stood { "stood already" } else { "done" };
        println!("  {}: {done}", step.what);
    }
    Ok(())
}

fn greet(node: &Devnode, host: IpAddr, start_up: Duration) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let config = node.reader().config();
    writeln!(out, "nitro-devnode {}", env!("CARGO_PKG_VERSION"))?;
    writeln!(
        out,
        "  chain id {}, ArbOS {}",
        config.chain_id, config.arbos_version
    )?;
    caution(&mut out, host)?;
    writeln!(out)?;
    writeln!(out, "  dev account (1,000 ETH, owns the chain)")?;
    account(&mut out, node.dev_account())?;
    if !node.accounts().is_empty() {
        writeln!(out, "  accounts (10,000 ETH each)")?;
    }
    for key in node.accounts() {
        account(&mut out, key)?;
    }
    if let Some(resumed) = node.resumed() {
        writeln!(out)?;
        writeln!(out, "  {}", went_on(resumed))?;
    }
    writeln!(out)?;
    writeln!(out, "  {}", node.http_url())?;
    writeln!(out, "  {}", node.ws_url())?;
    writeln!(out, "  ready after {} ms", start_up.as_millis())?;
    out.flush()
}

/// Keeps compiled programs in the named folder, or else in the user's.
fn keep_programs(builder: Builder, named: Option<&Path>) -> Builder {
    match (named, artifacts::default_folder()) {
        (Some(folder), _) => return builder.cache_dir(folder),
        // Nobody asked for it, so the node starts without.
        (None, Some(folder)) => {
            if let Err(refused) = artifacts::keep_in(&folder) {
                tracing::warn!("{refused}");
            }
        }
        (None, None) => {}
    }
    builder
}

/// What nobody should take this node for.
fn caution(out: &mut impl Write, host: IpAddr) -> io::Result<()> {
    writeln!(
        out,
        "  for development: no consensus, no L1, no fraud proofs; its keys are public"
    )?;
    if !host.is_loopback() {
        writeln!(
            out,
            "  {host} can be reached from other machines: whoever does owns this chain, \
             and can use up this machine"
        )?;
    }
    Ok(())
}

/// Where the chain comes from, and what may be missing.
fn went_on(resumed: &Resumed) -> String {
    let (path, block) = (resumed.path.display(), resumed.block);
    let ago = resumed.saved_at.elapsed().unwrap_or_default().as_secs();
    let loaded = format!("goes on from {path}: block {block}, saved {ago} s ago");
    match resumed.moment {
        Moment::Exit => loaded,
        Moment::Running => {
            format!("{loaded}\n  the last node did not exit in order: what came after that is lost")
        }
    }
}

fn account(out: &mut impl Write, key: &PrivateKeySigner) -> io::Result<()> {
    let secret = hex::encode(key.to_bytes());
    writeln!(out, "    {}  key 0x{secret}", key.address())
}

fn replay_files(options: &Replay) -> Result<ExitCode> {
    let mut recordings = Vec::new();
    if options.files.is_empty() || options.builtin {
        for name in replay::builtin_names() {
            recordings.push((name.to_owned(), replay::builtin_file(name)?));
        }
    }
    for file in &options.files {
        let text = std::fs::read_to_string(file).wrap_err_with(|| file.display().to_string())?;
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        recordings.push((name, text));
    }
    let mut out = io::stdout().lock();
    if options.counts {
        let reports = replay::replay_all(recordings).collect::<Result<Vec<_>, _>>()?;
        let counts = reports
            .iter()
            .map(|report| (&report.name, EqualCounts::from(report)));
        let counts: BTreeMap<_, _> = counts.collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&counts)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "{}", Report::heading())?;
    let mut equal = true;
    for report in replay::replay_all(recordings) {
        let report = report?;
        writeln!(out, "{report}")?;
        for difference in report.differences.iter().take(options.max_differences) {
            writeln!(out, "    {}: {}", difference.label, difference.what)?;
        }
        let hidden = report
            .differences
            .len()
            .saturating_sub(options.max_differences);
        if hidden > 0 {
            writeln!(out, "    … and {hidden} more")?;
        }
        equal &= report.is_equal();
    }
    Ok(if equal {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
