//! One Redis or Valkey: one user with a password, nothing on disk, little memory. What it holds
//! can always be rebuilt.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ring::digest;

use super::files;
use super::program::{Probe, Program, StopBy};
use super::secrets::Secret;
use super::tools::Tools;

const USER: &str = "cell";

/// Writes the settings and describes the server.
pub fn server(
    tools: &Tools,
    name: String,
    folder: &Path,
    log: PathBuf,
    addr: SocketAddr,
    password: &Secret,
) -> Result<Program, files::Error> {
    files::ensure_folder(folder, 0o700)?;
    let conf = folder.join("redis.conf");
    files::write_atomic(
        &folder.join("users.acl"),
        users_acl(password).as_bytes(),
        0o600,
    )?;
    files::write_atomic(&conf, redis_conf(folder, addr).as_bytes(), 0o600)?;
    Ok(Program {
        name,
        path: tools.redis_server.clone(),
        arguments: vec![conf.into()],
        environment: tools.environment.base(),
        account: None,
        log,
        stop: StopBy::Terminate,
        probe: Probe::Redis(addr),
    })
}

pub fn url(addr: SocketAddr, password: &Secret) -> String {
    format!("redis://{USER}:{}@{addr}/0", password.expose())
}

/// Only hashes reach the disk here. The user may do what an application does, not what an
/// administrator does.
fn users_acl(password: &Secret) -> String {
    let hash = hex::encode(digest::digest(
        &digest::SHA256,
        password.expose().as_bytes(),
    ));
    format!("user default off\nuser {USER} on #{hash} ~* &* +@all -@admin -@dangerous +info\n")
}

fn redis_conf(folder: &Path, addr: SocketAddr) -> String {
    let (ip, port) = (addr.ip(), addr.port());
    let acl = quoted(&folder.join("users.acl"));
    let folder = quoted(folder);
    format!(
        "\
# Written at every start by cellctl.
bind {ip}
port {port}
aclfile {acl}
dir {folder}
daemonize no
set-proc-title no
save \"\"
appendonly no
maxmemory 64mb
maxmemory-policy allkeys-lru
databases 1
loglevel notice
"
    )
}

fn quoted(path: &Path) -> String {
    let text = path
        .to_string_lossy()
        .replace('\\', "\\\\")
        .replace('"', "\\\"");
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    //! The password is not in any file.

    use super::super::secrets::Secret;
    use super::users_acl;

    #[test]
    fn the_acl_holds_a_hash_and_turns_the_default_user_off() {
        let secret = Secret::random();
        let text = users_acl(&secret);
        assert!(text.starts_with("user default off\n"));
        assert!(!text.contains(secret.expose()));
    }
}
