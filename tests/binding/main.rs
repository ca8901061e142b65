//! Bindings: real nodes explain what they logged, honest ones and those that lie, and the check says which.

mod commands;
mod honest;
mod liar;
mod misdeeds;
mod scene;
mod tampered;
mod world;
