//! A machine that cannot confine an adapter: the worker is started by a small program for which the kernel
//! answers "no such call" to what Landlock or seccomp needs.

use super::{Kept, behave, built, c, confined, misbehaving, options, works};
use registry::adapter::{Fault, Options, Sandbox, find, list};
use rstest::rstest;
use schema::Code;
use std::path::Path;
use std::process::Command;

/// Makes one system call fail, and goes on as the registry.
const WITHOUT: &str = r#"
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int count, char **arguments) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MISSING, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof code[0], code};
    (void)count;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) return 90;
    execv(REGISTRY, arguments);
    return 91;
}
"#;

/// Options whose workers find one system call missing.
fn without(folder: &Path, call: &str, sandbox: Sandbox) -> Options {
    let (code, program) = (folder.join("without.c"), folder.join("without"));
    std::fs::write(&code, WITHOUT).unwrap();
    let built = Command::new("cc")
        .arg(format!("-DMISSING={call}"))
        .arg(format!("-DREGISTRY=\"{}\"", env!("CARGO_BIN_EXE_registry")))
        .arg("-o")
        .args([&program, &code])
        .status()
        .unwrap();
    assert!(built.success());
    Options {
        worker_program: program,
        sandbox,
        ..options()
    }
}

#[rstest]
#[case::landlock("SYS_landlock_create_ruleset", "Landlock")]
#[case::seccomp("SYS_seccomp", "seccomp")]
fn without_a_sandbox_an_adapter_is_loaded_only_by_the_operators_word(
    #[case] call: &str,
    #[case] missing: &str,
) {
    if !confined(&options()) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let required = without(folder.path(), call, Sandbox::Required);
    let fault = find(&required, "misbehaving").unwrap_err();
    assert_eq!(fault.code(), Code::SandboxUnavailable, "{fault}");
    assert!(fault.to_string().contains(missing), "{fault}");
    let found = misbehaving(&options());
    let fault = behave(&required, &found, "good", &mut Kept::default()).unwrap_err();
    assert!(matches!(fault, Fault::SandboxUnavailable { .. }), "{fault}");

    let best_effort = without(folder.path(), call, Sandbox::BestEffort);
    let found = misbehaving(&best_effort);
    assert!(
        found.unconfined.as_ref().unwrap().contains(missing),
        "{found:?}"
    );
    works(&best_effort, &found);
}

#[test]
fn where_nothing_is_missing_nothing_is_said_to_be() {
    let best_effort = Options {
        sandbox: Sandbox::BestEffort,
        ..options()
    };
    if confined(&options()) {
        assert_eq!(misbehaving(&best_effort).unconfined, None);
    }
}

/// The command line on a machine where a call is missing.
fn command(folder: &Path, call: &str, arguments: &[&str]) -> std::process::Output {
    let options = without(folder, call, Sandbox::BestEffort);
    Command::new(env!("CARGO_BIN_EXE_registry"))
        .current_dir(folder)
        .env_clear()
        .env("REGISTRY_ADAPTERS__DIRECTORIES", format!("[{:?}]", built()))
        .env("REGISTRY_ADAPTERS__WORKER", &options.worker_program)
        .env("REGISTRY_ADAPTERS__SANDBOX", "best-effort")
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn an_operator_is_told_when_a_worker_runs_with_less_than_the_whole_sandbox() {
    if !confined(&options()) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let call = "SYS_landlock_create_ruleset";
    let listed = command(folder.path(), call, &["adapters", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    for adapter in listed["adapters"].as_array().unwrap() {
        let said = adapter["unconfined"].as_str().unwrap_or_default();
        assert!(said.contains("Landlock"), "{adapter}");
    }
    std::fs::write(folder.path().join("results.csv"), "uln,title\n").unwrap();
    let imported = command(
        folder.path(),
        call,
        &["import", "--adapter", "csv", "results.csv"],
    );
    let said = String::from_utf8(imported.stderr).unwrap();
    assert!(
        said.contains("less than the whole sandbox") && said.contains("Landlock"),
        "{said}"
    );
}

#[test]
fn the_doctor_takes_a_missing_sandbox_as_the_operator_does() {
    if !confined(&options()) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let call = "SYS_landlock_create_ruleset";
    let program = without(folder.path(), call, Sandbox::BestEffort).worker_program;
    for (sandbox, level) in [("best-effort", "warning"), ("required", "fault")] {
        let output = Command::new(&program)
            .current_dir(folder.path())
            .env_clear()
            .env("REGISTRY_ADAPTERS__SANDBOX", sandbox)
            .args(["doctor", "--json"])
            .output()
            .unwrap();
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = told["findings"].as_array().unwrap();
        let found = findings.iter().find(|one| one["check"] == "sandbox");
        assert_eq!(found.unwrap()["level"], level, "{told}");
    }
}

/// A folder with an adapter in C whose constructor does this, on a machine where a call is missing.
fn early(folder: &Path, call: &str, body: &str) -> Options {
    c::compile(folder, &c::constructor(body));
    Options {
        directories: vec![folder.to_owned()],
        ..without(folder, call, Sandbox::BestEffort)
    }
}

#[rstest]
#[case::landlock(
    "SYS_landlock_create_ruleset",
    "socket(AF_INET, SOCK_STREAM, 0);",
    Code::AdapterSandbox
)]
#[case::landlock("SYS_landlock_create_ruleset", "fork();", Code::AdapterSandbox)]
#[case::landlock("SYS_landlock_create_ruleset", "abort();", Code::AdapterCrashed)]
// This one cannot be stopped: the linker itself must open files. It is why the sandbox is required by default.
#[case::landlock(
    "SYS_landlock_create_ruleset",
    "if (open(\"/etc/passwd\", O_RDONLY) >= 0) _Exit(9);",
    Code::AdapterExited
)]
#[case::seccomp(
    "SYS_seccomp",
    "if (open(\"/etc/passwd\", O_RDONLY) < 0) _Exit(9);",
    Code::AdapterExited
)]
#[case::seccomp("SYS_seccomp", "abort();", Code::AdapterCrashed)]
fn what_a_constructor_can_do_where_half_of_the_sandbox_is_missing(
    #[case] call: &str,
    #[case] body: &str,
    #[case] code: Code,
) {
    if !confined(&options()) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let options = early(folder.path(), call, body);
    let found = list(&options);
    let fault = found.first().unwrap().descriptor.as_ref().unwrap_err();
    assert_eq!(fault.code(), code, "{fault}");
    let whole = super::options();
    works(&whole, &misbehaving(&whole));
}

#[test]
fn without_landlock_the_system_calls_are_still_confined() {
    if !confined(&options()) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let call = "SYS_landlock_create_ruleset";
    let options = without(folder.path(), call, Sandbox::BestEffort);
    let found = misbehaving(&options);
    for how in ["open", "connect", "fork"] {
        let fault = behave(&options, &found, how, &mut Kept::default()).unwrap_err();
        assert_eq!(fault.code(), Code::AdapterSandbox, "{fault}");
    }
}
