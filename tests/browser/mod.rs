//! The console as its people use it: Debian's Chromium against a network of processes, over TLS. `TALLY_SCREENSHOTS=FOLDER`
//! keeps a picture of each page that is looked at.

mod approval;
mod auditor;
mod clerk;
mod driver;
mod look;
mod office;
mod officer;
mod operator;
