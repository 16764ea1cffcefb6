//! Everything that must hold before a commit lands, short of the tests; and what puts it right.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::cli::Quiet;
use crate::config::Config;
use crate::test::{self, TestArgs};
use crate::tools::{self, Tool};
use crate::ui::Ui;
use crate::{build, generate, steps, tidy};

/// What a check found to do, if it did not fail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Checked,
    Skipped,
}

type Check = (&'static str, fn(&Config) -> Result<Done>);

const CHECKS: [Check; 6] = [
    ("format", format),
    ("tidy", |config| tidy::run(config).map(|()| Done::Checked)),
    ("clippy", clippy),
    ("generated files", |config| {
        generate::run(config, true).map(|()| Done::Checked)
    }),
    ("UI lint", |config| ui_script(config, "lint")),
    ("UI types", |config| ui_script(config, "types")),
];

/// Runs every check, also after one has failed, so that one run shows all there is to do.
pub(crate) fn check(config: &Config) -> Result<()> {
    tools::ensure(config, &wanted_tools(config))?;
    let mut failed = Vec::new();
    for (name, work) in CHECKS {
        let started = Instant::now();
        let result = work(config);
        println!(
            "{name:<16} {:<7} {:>6.1} s",
            verdict(&result),
            started.elapsed().as_secs_f64()
        );
        if let Err(err) = result {
            tell(&err);
            failed.push(name);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    eprintln!("failed: {}", failed.join(", "));
    Err(anyhow::Error::new(Quiet))
}

/// `check`, then every test, and how long each took.
pub(crate) fn ci(config: &Config) -> Result<()> {
    let args = TestArgs::default();
    let mut wanted = wanted_tools(config);
    wanted.extend(test::wanted_tools(config, &args));
    tools::ensure(config, &wanted)?;
    let mut times: Vec<(&str, &str, Duration)> = Vec::new();
    let mut run = |name, work: &dyn Fn() -> Result<()>| {
        println!("== cargo x {name}");
        let started = Instant::now();
        let result = work().map(|()| Done::Checked);
        times.push((name, verdict(&result), started.elapsed()));
        result.inspect_err(tell).is_ok()
    };
    let checked = run("check", &|| check(config));
    let tested = run("test", &|| test::run(config, &args));
    println!("== time");
    for (name, verdict, elapsed) in times {
        println!("{name:<16} {verdict:<7} {:>6.1} s", elapsed.as_secs_f64());
    }
    if checked && tested {
        Ok(())
    } else {
        Err(anyhow::Error::new(Quiet))
    }
}

/// Puts right what a program can put right.
pub(crate) fn fix(config: &Config) -> Result<()> {
    let ui = Ui::find(config);
    tools::ensure(config, &wanted_tools(config))?;
    let mut clippy = build::cargo(config, &["clippy", "--workspace", "--all-targets", "--fix"]);
    clippy.args(["--allow-dirty", "--allow-staged"]);
    steps::run("applying clippy's suggestions", &mut clippy)?;
    steps::run("formatting", &mut build::cargo(config, &["fmt", "--all"]))?;
    if let Some(ui) = ui {
        ui.install()?;
        ui.script("fixing the UI", "fix", &[])?;
    }
    test::update_snapshots(config)
}

fn wanted_tools(config: &Config) -> Vec<Tool> {
    let mut wanted = tools::BUILD.to_vec();
    wanted.push(Tool::Postgres);
    if Ui::find(config).is_some() {
        wanted.extend(tools::UI);
    }
    wanted
}

fn format(config: &Config) -> Result<Done> {
    steps::run(
        "checking the format",
        &mut build::cargo(config, &["fmt", "--all", "--check"]),
    )?;
    Ok(Done::Checked)
}

fn clippy(config: &Config) -> Result<Done> {
    let mut command = build::cargo(
        config,
        &["clippy", "--workspace", "--all-targets", "--locked"],
    );
    command.args(["--quiet", "--", "-D", "warnings"]);
    steps::run("running clippy", &mut command)?;
    Ok(Done::Checked)
}

fn ui_script(config: &Config, name: &str) -> Result<Done> {
    let Some(ui) = Ui::find(config) else {
        eprintln!("  UI {name} skipped: there is no ui/package.json");
        return Ok(Done::Skipped);
    };
    ui.install()?;
    ui.script(&format!("checking the UI's {name}"), name, &[])?;
    Ok(Done::Checked)
}

fn verdict(result: &Result<Done>) -> &'static str {
    match result {
        Ok(Done::Checked) => "ok",
        Ok(Done::Skipped) => "skipped",
        Err(_) => "FAILED",
    }
}

fn tell(err: &anyhow::Error) {
    if err.downcast_ref::<Quiet>().is_none() {
        eprintln!("failed to {err:#}");
    }
}
