//! Brings the platform up on this machine, and takes it down. All of the work is done by
//! `cellctl local`; here it only gets its binaries and tools.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::build::{self, Profile};
use crate::cli::{Exit, Quiet};
use crate::config::Config;
use crate::tools::{self, Tool};
use crate::ui::Ui;

#[derive(Args)]
pub(crate) struct UpArgs {
    /// Port of the router
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// How many cells to start with
    #[arg(long, default_value_t = 2)]
    cells: u16,
    #[command(flatten)]
    place: Place,
    /// Return once everything is ready
    #[arg(long)]
    detach: bool,
    /// Throw away the data of earlier runs first
    #[arg(long)]
    fresh: bool,
    /// Fill in an org to look at
    #[arg(long)]
    seed: Option<Seed>,
    /// Run optimised binaries
    #[arg(long)]
    release: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Seed {
    Demo,
}

#[derive(Args)]
pub(crate) struct Place {
    /// Folder of all data [default: .cellplane in the checkout]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Place {
    /// Relative to where the user is; the default is always in the checkout.
    pub(crate) fn resolve(&self, config: &Config) -> Result<PathBuf> {
        match &self.data {
            Some(data) => std::path::absolute(data).context("find the data folder"),
            None => Ok(config.root.join(".cellplane")),
        }
    }
}

/// What `cellctl local` is started with.
pub(crate) struct Parts {
    pub(crate) bin: PathBuf,
    postgres: PathBuf,
    redis: PathBuf,
    ui: Option<PathBuf>,
}

impl Parts {
    /// Finds the tools and builds what is out of date.
    pub(crate) fn prepare(config: &Config, profile: Profile) -> Result<Self> {
        let ui = Ui::find(config);
        let mut wanted = [tools::BUILD, tools::PLATFORM].concat();
        if ui.is_some() {
            wanted.extend(tools::UI);
        }
        let toolbox = tools::ensure(config, &wanted)?;
        // The UI first: release binaries carry the bundle inside.
        let ui = ui.map(|ui| ui.build()).transpose()?;
        Ok(Self {
            bin: build::services(config, profile)?,
            postgres: toolbox.path(Tool::Postgres)?.to_path_buf(),
            redis: toolbox.path(Tool::Redis)?.to_path_buf(),
            ui,
        })
    }

    /// `cellctl local` on this data folder and port.
    pub(crate) fn local(&self, config: &Config, data: &Path, port: u16, cells: u16) -> Command {
        let mut command = config.command(self.bin.join("cellctl"));
        command.arg("local").arg("--data").arg(data);
        command.args(["--port", &port.to_string(), "--cells", &cells.to_string()]);
        command.arg("--bin-dir").arg(&self.bin);
        command.arg("--pg-bin-dir").arg(&self.postgres);
        command.arg("--redis-server").arg(&self.redis);
        if let Some(ui) = &self.ui {
            command.arg("--ui-dir").arg(ui);
        }
        command
    }
}

pub(crate) fn up(config: &Config, args: &UpArgs) -> Result<()> {
    let data = args.place.resolve(config)?;
    let parts = Parts::prepare(config, Profile::of(args.release))?;
    let mut command = parts.local(config, &data, args.port, args.cells);
    for (flag, given) in [("--detach", args.detach), ("--fresh", args.fresh)] {
        if given {
            command.arg(flag);
        }
    }
    if let Some(Seed::Demo) = args.seed {
        command.args(["--seed", "demo"]);
    }
    // Becoming cellctl, instead of waiting for it, gives it Ctrl-C first hand.
    Err(command.exec()).context("start cellctl")
}

pub(crate) fn down(config: &Config, place: &Place) -> Result<()> {
    let data = place.resolve(config)?;
    let mut command = cellctl(config)?;
    command.arg("local-down").arg("--data").arg(data);
    finish(command)
}

pub(crate) fn status(config: &Config, place: &Place, json: bool) -> Result<()> {
    let data = place.resolve(config)?;
    let mut command = cellctl(config)?;
    command.arg("local-status").arg("--data").arg(data);
    if json {
        command.arg("--json");
    }
    finish(command)
}

/// The simulator alone, until Ctrl-C.
pub(crate) fn sim(config: &Config, listen: &str) -> Result<()> {
    tools::ensure(config, &tools::BUILD)?;
    let bin = build::package(config, "dv360-simulator", Profile::Dev)?;
    let mut command = config.command(bin.join("dv360-simulator"));
    command.arg("serve").env("SIMULATOR_LISTEN", listen);
    Err(command.exec()).context("start the simulator")
}

/// The newest cellctl that was built, or a new one.
fn cellctl(config: &Config) -> Result<Command> {
    let target = build::target_folder(config)?;
    let built = ["debug", "release"]
        .map(|folder| target.join(folder).join("cellctl"))
        .into_iter()
        .filter(|path| path.is_file())
        .max_by_key(|path| path.metadata().and_then(|found| found.modified()).ok());
    let path = match built {
        Some(path) => path,
        None => {
            tools::ensure(config, &tools::BUILD)?;
            build::package(config, "cell-manager", Profile::Dev)?.join("cellctl")
        }
    };
    Ok(config.command(path))
}

/// Ends like the command we ran, which has said all there is to say.
fn finish(mut command: Command) -> Result<()> {
    let status = command.status().context("start cellctl")?;
    if status.success() {
        return Ok(());
    }
    let code = status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1);
    Err(anyhow::Error::new(Exit(code)).context(Quiet))
}
