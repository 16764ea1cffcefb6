//! Starts a program that listens on a port of its own. Between picking a free port and listening
//! on it somebody else may take it; then another one is picked.

use std::net::SocketAddr;
use std::time::Duration;

use super::Error;
use super::ports::Ports;
use super::processes::Processes;
use super::program::Program;

const ATTEMPTS: u32 = 3;
const WITHIN: Duration = Duration::from_secs(90);

/// Claims a port for each purpose, starts what `describe` makes of them, and waits until it is
/// ready. Returns the addresses, in the order of the purposes.
pub async fn launch<const N: usize, E>(
    ports: &Ports,
    processes: &Processes,
    purposes: [&str; N],
    describe: impl Fn([SocketAddr; N]) -> Result<Program, E> + Send + Sync,
) -> Result<[SocketAddr; N], Error>
where
    Error: From<E>,
{
    let mut addresses = claim(ports, purposes)?;
    let mut attempt = 1;
    loop {
        let program = describe(addresses)?;
        processes.start(program.clone());
        let Err(err) = processes.wait_ready(&program, WITHIN).await else {
            return Ok(addresses);
        };
        processes.stop(&program.name).await;
        let again = claim(ports, purposes)?;
        // The same ports are free: they were not the reason.
        if again == addresses || attempt == ATTEMPTS {
            return Err(err.into());
        }
        addresses = again;
        attempt += 1;
    }
}

fn claim<const N: usize>(ports: &Ports, purposes: [&str; N]) -> Result<[SocketAddr; N], Error> {
    let mut claimed = [SocketAddr::from(([127, 0, 0, 1], 0)); N];
    for (place, purpose) in claimed.iter_mut().zip(purposes) {
        *place = ports.claim(purpose)?;
    }
    Ok(claimed)
}
