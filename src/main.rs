//! The `tally` program: parse, call, exit code.

fn main() -> std::process::ExitCode {
    tallystick::cli::main(std::env::args_os())
}
