//! Real daemons on real sockets over real TLS, in one process.

mod exchange;
mod hostile;
mod network;
