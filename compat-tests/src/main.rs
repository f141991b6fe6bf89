//! `lancebridge-compat`: replays recorded scenarios, and checks databases.

use std::process::ExitCode;

fn main() -> ExitCode {
    lancebridge_compat::cli::main()
}
