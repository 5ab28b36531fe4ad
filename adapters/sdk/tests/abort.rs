//! An adapter built with `panic = "abort"` does not compile, and is told why.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;
use std::process::{Command, Output};

const ADAPTER: &str = r#"
struct Nothing;
impl sdk::Adapter for Nothing {
    const NAME: &'static str = "nothing";
    const VERSION: &'static str = "1";
    const FORMATS: &'static str = "text/plain";
    fn new(_: &str) -> Result<Self, sdk::Stop> {
        Ok(Self)
    }
    fn run(&mut self, _: &mut sdk::Input<'_>, _: &mut sdk::Output<'_>) -> Result<(), sdk::Stop> {
        Ok(())
    }
}
sdk::export_adapter!(Nothing);
"#;

/// The folder of this test's executable, which holds the kit as it was built for it.
fn built() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path
}

/// The newest build of the kit there.
fn kit() -> PathBuf {
    let files = std::fs::read_dir(built())
        .unwrap()
        .map(|file| file.unwrap());
    let libraries = files.filter(|file| {
        let name = file.file_name().into_string().unwrap();
        name.starts_with("libsdk-") && name.ends_with(".rlib")
    });
    let newest = libraries.max_by_key(|file| file.metadata().unwrap().modified().unwrap());
    newest.unwrap().path()
}

fn compile(panic: &str) -> Output {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let source = folder.join(format!("adapter_{panic}.rs"));
    std::fs::write(&source, ADAPTER).unwrap();
    Command::new("rustc")
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "cdylib",
            "--emit",
            "metadata",
        ])
        .args(["-C", &format!("panic={panic}")])
        .arg("--extern")
        .arg(format!("sdk={}", kit().display()))
        .arg("-L")
        .arg(format!("dependency={}", built().display()))
        .arg("--out-dir")
        .args([&folder, &source])
        .output()
        .unwrap()
}

#[test]
fn an_adapter_that_aborts_on_panic_does_not_compile() {
    let unwinding = compile("unwind");
    let said = String::from_utf8(unwinding.stderr).unwrap();
    assert!(unwinding.status.success(), "{said}");
    let aborting = compile("abort");
    let said = String::from_utf8(aborting.stderr).unwrap();
    assert!(!aborting.status.success());
    assert!(
        said.contains("must be built with panic = \\\"unwind\\\"")
            || said.contains("must be built with panic = \"unwind\""),
        "{said}"
    );
}
