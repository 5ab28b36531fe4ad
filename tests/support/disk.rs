//! Small disks of a process's own, where this machine lets a test mount one.

use super::{Process, command};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whether it does.
pub(crate) fn may_mount() -> bool {
    // In a namespace of its own: nobody else's folder is covered.
    let tried = Command::new("unshare")
        .args(["-m", "mount", "-t", "tmpfs", "tmpfs", "/tmp"])
        .output();
    tried.is_ok_and(|output| output.status.success())
}

/// A server that sees a disk of that size at `place`, with these settings beside; and the disk as it is seen from outside.
pub(crate) fn served_on_a_disk(
    folder: &Path,
    url: &str,
    (place, size): (&Path, &str),
    settings: &[(&str, &Path)],
) -> (Process, PathBuf) {
    let plain = command(folder, url, &[]);
    let at = place.display();
    let script =
        format!("mkdir -p {at}; mount -t tmpfs -o size={size} tmpfs {at}; exec \"$0\" \"$@\"");
    let mut inside = Command::new("unshare");
    inside
        .args(["-m", "sh", "-c", &script])
        .arg(plain.get_program())
        .args(["--json", "serve", "--listen", "127.0.0.1:0"])
        .current_dir(folder)
        .env_clear();
    for (name, value) in plain.get_envs() {
        inside.env(name, value.unwrap());
    }
    let log = std::fs::File::create(folder.join("log.txt")).unwrap();
    inside
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
        .envs(settings.iter().copied())
        .stdout(Stdio::piped())
        .stderr(log);
    let server = Process::start(folder, inside);
    let seen = server.root().join(place.strip_prefix("/").unwrap());
    (server, seen)
}
