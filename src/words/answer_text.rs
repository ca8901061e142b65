//! The answer as a page for the terminal.
