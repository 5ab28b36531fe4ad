//! A machine that cannot confine an adapter: the worker is started by a small program for which the kernel
//! answers "no such call" to what Landlock or seccomp needs.

use super::{Kept, behave, confined, misbehaving, options, works};
use registry::adapter::{Fault, Options, Sandbox, find};
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
    works(&best_effort, &misbehaving(&best_effort));
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
