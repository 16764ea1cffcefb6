//! What the parts that exist once are told: global-control, the router, the DV360 simulator.

use std::net::SocketAddr;
use std::path::PathBuf;

use service_kit::keys;

use super::SimulatorOptions;
use super::secrets::PlatformSecrets;
use crate::driver::process::layout::Layout;
use crate::driver::process::postgres;
use crate::driver::process::program::{Probe, Program, StopBy};
use crate::driver::process::tools::{self, Tools};

pub(super) const GLOBAL_DATABASE: &str = "global";
pub(super) const GLOBAL_ROLE: &str = "global_app";
pub(super) const DV360_CLIENT_ID: &str = "cellplane-local.apps.googleusercontent.com";

const GLOBAL_CONTROL: &str = "global-control";
/// Open requests may go on for so long when the router is stopped.
const ROUTER_GRACE_MS: u64 = 1_000;

/// Describes the programs of one platform.
#[derive(Debug)]
pub(super) struct Programs<'a> {
    pub(super) layout: &'a Layout,
    pub(super) tools: &'a Tools,
    pub(super) secrets: &'a PlatformSecrets,
    pub(super) public_port: u16,
    pub(super) ui_dir: Option<PathBuf>,
}

impl Programs<'_> {
    /// Where browsers find an org or the app.
    pub(super) fn public_url_template(&self) -> String {
        format!("http://{{host}}.localhost:{}", self.public_port)
    }

    pub(super) fn redirect_url(&self) -> String {
        format!(
            "http://app.localhost:{}/oauth/dv360/callback",
            self.public_port
        )
    }

    pub(super) fn global_control(
        &self,
        subcommand: &str,
        database: SocketAddr,
    ) -> Result<Program, tools::Error> {
        let secrets = self.secrets;
        let edge_master = &secrets.edge_master_key;
        let password = &secrets.global_password;
        let mut program = self.program(GLOBAL_CONTROL, subcommand)?;
        let mut tell = |name: &str, value: String| {
            program
                .environment
                .push((format!("GLOBAL_{name}").into(), value.into()));
        };
        tell(
            "DATABASE_URL",
            postgres::url(database, GLOBAL_ROLE, password, GLOBAL_DATABASE),
        );
        tell("PUBLIC_URL_TEMPLATE", self.public_url_template());
        tell(
            "CONTROL_MASTER_KEY",
            secrets.control_master_key.expose().to_owned(),
        );
        tell(
            "EDGE_KEY",
            PlatformSecrets::derive(edge_master, keys::EDGE, GLOBAL_CONTROL),
        );
        tell("SIGNING_KEY", secrets.signing_key.expose().to_owned());
        tell("TELEMETRY__LOG_FORMAT", "json".to_owned());
        if let Some(folder) = &self.ui_dir {
            tell("UI_DIR", folder.to_string_lossy().into_owned());
        }
        Ok(program)
    }

    pub(super) fn serve_global_control(
        &self,
        database: SocketAddr,
        public: SocketAddr,
        internal: SocketAddr,
    ) -> Result<Program, tools::Error> {
        let mut program = self.global_control("serve", database)?;
        program.listen("GLOBAL_PUBLIC_LISTEN", public);
        program.listen("GLOBAL_INTERNAL_LISTEN", internal);
        program.probe = Probe::Http(internal);
        Ok(program)
    }

    pub(super) fn work_global_control(
        &self,
        database: SocketAddr,
        health: SocketAddr,
    ) -> Result<Program, tools::Error> {
        let mut program = self.global_control("work", database)?;
        program.listen("GLOBAL_HEALTH_LISTEN", health);
        program.probe = Probe::Http(health);
        Ok(program)
    }

    pub(super) fn router(
        &self,
        public: &[SocketAddr],
        admin: SocketAddr,
        app: SocketAddr,
        feed: SocketAddr,
    ) -> Result<Program, tools::Error> {
        let secrets = self.secrets;
        let id = secrets.router_id.to_string();
        let control = PlatformSecrets::derive(&secrets.control_master_key, keys::CONTROL, &id);
        let public: Vec<String> = public.iter().map(ToString::to_string).collect();
        let snapshot = self.layout.data.join("router/routes.snapshot");
        let mut program = self.program("router", "")?;
        program.arguments.clear();
        let mut tell = |name: &str, value: String| {
            program
                .environment
                .push((format!("ROUTER_{name}").into(), value.into()));
        };
        tell("PUBLIC_LISTEN", public.join(","));
        tell("ADMIN_LISTEN", admin.to_string());
        tell("DOMAIN", "localhost".to_owned());
        tell("APP_UPSTREAM", app.to_string());
        tell("SNAPSHOT_PATH", snapshot.to_string_lossy().into_owned());
        tell("FEED_URL", format!("http://{feed}"));
        tell("ROUTER_ID", id);
        tell("CONTROL_KEY", control);
        tell(
            "EDGE_MASTER_KEY",
            secrets.edge_master_key.expose().to_owned(),
        );
        tell("SNAPSHOT_PUBLIC_KEYS", secrets.public_key());
        tell("GRACE_PERIOD_MS", ROUTER_GRACE_MS.to_string());
        tell("TELEMETRY__LOG_FORMAT", "json".to_owned());
        program.probe = Probe::Http(admin);
        Ok(program)
    }

    pub(super) fn simulator(
        &self,
        listen: SocketAddr,
        options: &SimulatorOptions,
    ) -> Result<Program, tools::Error> {
        let mut program = self.program("dv360-simulator", "serve")?;
        let secret = self.secrets.dv360_client_secret.expose();
        let mut tell = |name: &str, value: String| {
            program
                .environment
                .push((format!("SIMULATOR_{name}").into(), value.into()));
        };
        tell("LISTEN", listen.to_string());
        tell("CLIENT_ID", DV360_CLIENT_ID.to_owned());
        tell("CLIENT_SECRET", secret.to_owned());
        if let Some(delay) = options.report_delay_ms {
            tell("REPORT_DELAY_MS", delay.to_string());
        }
        if let Some(count) = options.line_items {
            tell("LINE_ITEMS", count.to_string());
        }
        tell("TELEMETRY__LOG_FORMAT", "json".to_owned());
        program.probe = Probe::Http(listen);
        Ok(program)
    }

    fn program(&self, binary: &str, subcommand: &str) -> Result<Program, tools::Error> {
        let name = match subcommand {
            "" => binary.to_owned(),
            _ if binary == GLOBAL_CONTROL => format!("{binary}/{subcommand}"),
            _ => binary.to_owned(),
        };
        Ok(Program {
            path: self.tools.binary(binary)?,
            arguments: vec![subcommand.into()],
            environment: self.tools.environment.base(),
            account: None,
            log: self.layout.log(&name.replace('/', "-")),
            name,
            stop: StopBy::Terminate,
            probe: Probe::Http(SocketAddr::from(([127, 0, 0, 1], 0))),
        })
    }
}
