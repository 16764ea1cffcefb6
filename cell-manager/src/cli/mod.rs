//! The command line of `cellctl`: one variant per command, one file per command. They print; all
//! else happens in `local` and `driver`.
//!
//! Exit status: 0 done, 1 failed, 2 misused, 3 no platform runs there, 4 something is not healthy (not with --json).

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};
use contracts::{OrgId, Slug};

use crate::config::Config;
use crate::local::client::{self, Client};

mod cells_create;
mod cells_delete;
mod cells_list;
mod cells_purge;
mod cells_restore;
mod cells_show;
mod local;
mod local_down;
mod local_hold;
mod local_status;
mod print;
mod replay;
mod replay_text;
mod replays_cancel;
mod replays_list;
mod replays_show;

const NOT_RUNNING: u8 = 3;
const UNHEALTHY: u8 = 4;

const EXIT_HELP: &str = "\
Exit status: 0 done · 1 failed · 2 misused · 3 no platform runs there · 4 something is not healthy (not with --json)";

/// Runs Cellplane on this machine and manages its cells
#[derive(Debug, Parser)]
#[command(name = "cellctl", version, after_help = EXIT_HELP)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a whole platform on this machine until Ctrl-C
    Local(local::LocalArgs),
    /// Say what runs where, and how it is doing
    LocalStatus(Asked),
    /// Stop the platform; its data stays
    LocalDown(local_down::DownArgs),
    /// Keep one process stopped, to see the rest do without it
    LocalHold(local_hold::HoldArgs),
    /// Start a held process again
    LocalRelease(local_hold::HoldArgs),
    /// List, show, create and delete cells of the running platform
    #[command(subcommand)]
    Cells(Cells),
    /// Read an org's stored files again: say what would change, and put it in place
    Replay(replay::ReplayArgs),
    /// List, show and cancel an org's replays
    #[command(subcommand)]
    Replays(Replays),
}

#[derive(Debug, Subcommand)]
enum Replays {
    /// One line per replay, newest first
    List(replays_list::ListArgs),
    /// What one replay has found
    Show(replays_show::ShowArgs),
    /// Stop one; the days it has replaced until then stay
    Cancel(replays_cancel::CancelArgs),
}

#[derive(Debug, Subcommand)]
enum Cells {
    /// One line per cell
    List(cells_list::ListArgs),
    /// Everything about one cell
    Show(cells_show::ShowArgs),
    /// Add a cell; it serves when this returns
    Create(cells_create::CreateArgs),
    /// Remove a cell that serves no org; its data is kept until `cells purge`
    Delete(cells_delete::DeleteArgs),
    /// Take back the last deletion of a cell
    Restore(cells_restore::RestoreArgs),
    /// Remove the data of all deleted cells for good
    Purge(cells_purge::PurgeArgs),
}

/// Which platform is meant.
#[derive(Debug, Args)]
struct Place {
    /// Folder of all data
    #[arg(long, value_name = "DIR", default_value = ".cellplane")]
    data: PathBuf,
}

#[derive(Debug, Args)]
struct Asked {
    #[command(flatten)]
    place: Place,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// An org by its address (`acme`) or its id.
fn parse_org(text: &str) -> Result<String, String> {
    let is_id = text.parse::<OrgId>().is_ok();
    if is_id || text.parse::<Slug>().is_ok() {
        return Ok(text.to_owned());
    }
    Err("give the org's address, such as acme, or its id (org_…)".to_owned())
}

impl Place {
    /// Absolute, with links resolved as far as they exist: one folder, one name.
    fn resolve(&self) -> Result<PathBuf> {
        let path = std::path::absolute(&self.data).context("find the data folder")?;
        Ok(canonical(&path))
    }

    fn open(&self) -> Result<Client> {
        Ok(Client::open(&self.resolve()?)?)
    }
}

fn canonical(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => canonical(parent).join(name),
        _ => path.to_path_buf(),
    }
}

/// Runs the command and prints why it failed, if it did.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    service_kit::install_crypto();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("start the runtime");
    match runtime.and_then(|runtime| runtime.block_on(run(cli))) {
        Ok(code) => code,
        Err(err) => {
            print::err(&format!("cellctl: {err:#}"));
            exit_code_of(&err)
        }
    }
}

fn exit_code_of(err: &anyhow::Error) -> ExitCode {
    match err.downcast_ref::<client::Error>() {
        Some(client::Error::NotRunning { .. }) => ExitCode::from(NOT_RUNNING),
        _ => ExitCode::FAILURE,
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Local(args) => return local::run(&Config::load(), args).await,
        Command::LocalStatus(args) => return local_status::run(&args).await,
        Command::LocalDown(args) => local_down::run(&args).await?,
        Command::LocalHold(args) => local_hold::hold(&args).await?,
        Command::LocalRelease(args) => local_hold::release(&args).await?,
        Command::Cells(command) => match command {
            Cells::List(args) => cells_list::run(&args).await?,
            Cells::Show(args) => cells_show::run(&args).await?,
            Cells::Create(args) => cells_create::run(&args).await?,
            Cells::Delete(args) => return cells_delete::run(&args).await,
            Cells::Restore(args) => cells_restore::run(&args).await?,
            Cells::Purge(args) => return cells_purge::run(&args).await,
        },
        Command::Replay(args) => return replay::run(&args).await,
        Command::Replays(command) => match command {
            Replays::List(args) => replays_list::run(&args).await?,
            Replays::Show(args) => replays_show::run(&args).await?,
            Replays::Cancel(args) => replays_cancel::run(&args).await?,
        },
    }
    Ok(ExitCode::SUCCESS)
}
