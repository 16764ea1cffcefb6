//! `cargo x bench <name>`: one measured claim per file of `scenarios/`.

mod arguments;

mod cluster;

mod core_time;

mod report;

mod scenarios;

use anyhow::Result;
use clap::Parser;

use crate::arguments::Arguments;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let Some(name) = arguments.name.filter(|_| !arguments.list) else {
        scenarios::print_list();
        return Ok(());
    };
    if let Some(order) = &arguments.load {
        return scenarios::load(order).await;
    }
    if let Some(order) = &arguments.walk {
        return scenarios::walk(&name, order).await;
    }
    let report = scenarios::run(&name, arguments.quick, &arguments.wish).await?;
    report.print(arguments.json.as_deref())
}
