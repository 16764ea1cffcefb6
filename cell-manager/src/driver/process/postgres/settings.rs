//! The settings of a local cluster: small, since many run side by side, and durable, since this
//! is where people's data is.

use std::net::SocketAddr;

/// Everybody needs a password and nobody comes from elsewhere.
pub(super) const PG_HBA: &str = "\
# Written at every start by cellctl.
host all all 127.0.0.1/32 scram-sha-256
";

pub(super) fn postgresql_conf(addr: SocketAddr) -> String {
    let (ip, port) = (addr.ip(), addr.port());
    format!(
        "\
# Written at every start by cellctl; lasting changes of yours go through ALTER SYSTEM.
listen_addresses = '{ip}'
port = {port}
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 40
superuser_reserved_connections = 3
shared_buffers = 24MB
huge_pages = off
work_mem = 8MB
maintenance_work_mem = 32MB
effective_cache_size = 256MB
max_worker_processes = 4
max_parallel_workers_per_gather = 0
max_logical_replication_workers = 0
max_wal_senders = 2
max_replication_slots = 2
wal_level = replica
max_wal_size = 512MB
fsync = on
full_page_writes = on
jit = off
autovacuum_max_workers = 2
bgwriter_lru_maxpages = 0
log_timezone = 'UTC'
timezone = 'UTC'
datestyle = 'iso, ymd'
log_destination = 'stderr'
log_line_prefix = '%m [%p] %u@%d '
log_checkpoints = off
logging_collector = off
idle_in_transaction_session_timeout = '10min'
"
    )
}
