//! The same for operators, on the internal listener: they name the org and its epoch, as
//! global-control does, and need no member of the org.

pub mod http;
