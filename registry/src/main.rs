//! The registry's one program.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Before anything else: a worker confines its own thread and must have no other.
    if registry::adapter::worker::is_worker() {
        registry::adapter::worker::work();
    }
    registry::cli::main()
}
