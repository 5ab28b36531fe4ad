//! The registry's one program.

fn main() {
    // Before anything else: a worker confines its own thread and must have no other.
    if registry::adapter::worker::is_worker() {
        registry::adapter::worker::work();
    }
}
