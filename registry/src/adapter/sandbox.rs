//! What a worker may do: address space, processor time and descriptors by limits, files and network by
//! Landlock, system calls by two seccomp filters, of which the second also takes away what loading needs.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, Ruleset,
    RulesetAttr, RulesetStatus, Scope,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter,
};
use std::collections::BTreeMap;

/// Sets the limits. `memory` counts from what the worker itself already has mapped.
pub(super) fn limit(memory: u64, cpu_seconds: u64) -> std::io::Result<()> {
    let set = |resource, soft: u64, hard: u64| {
        let limit = Rlimit {
            current: Some(soft),
            maximum: Some(hard),
        };
        setrlimit(resource, limit)
    };
    let space = mapped()?.saturating_add(memory);
    set(Resource::As, space, space)?;
    // The soft limit ends the worker with a signal that tells why; the hard one cannot be blocked.
    set(Resource::Cpu, cpu_seconds, cpu_seconds.saturating_add(5))?;
    set(Resource::Core, 0, 0)?;
    set(Resource::Fsize, 0, 0)?;
    set(Resource::Nofile, 16, 16)?;
    Ok(())
}

/// Bytes of address space that this process has now.
fn mapped() -> std::io::Result<u64> {
    let pages = std::fs::read_to_string("/proc/self/statm")?;
    let pages: u64 = pages
        .split(' ')
        .next()
        .and_then(|size| size.parse().ok())
        .ok_or(std::io::ErrorKind::InvalidData)?;
    Ok(pages.saturating_mul(rustix::param::page_size() as u64))
}

/// Forbids every file, every TCP port and every signal or abstract socket beyond this process. Holds for
/// this thread and its children, so it comes before any thread.
pub(super) fn forbid_files() -> Result<(), String> {
    let confine = || {
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(ABI::V6))?
            .handle_access(AccessNet::from_all(ABI::V6))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?
            .restrict_self()
    };
    match confine() {
        Ok(status) if status.ruleset != RulesetStatus::NotEnforced => Ok(()),
        Ok(_) => Err("Landlock is not enforced by this kernel".to_owned()),
        Err(error) => Err(format!("Landlock failed: {error}")),
    }
}

/// What this machine can confine an adapter with, such as `Landlock ABI 6`. Confines a thread that ends at
/// once, since the kernel tells no other way.
///
/// # Errors
/// What is missing.
pub fn look() -> Result<String, String> {
    let actions = std::fs::read_to_string("/proc/sys/kernel/seccomp/actions_avail")
        .map_err(|error| format!("this kernel has no seccomp filters: {error}"))?;
    if !actions.split_whitespace().any(|action| action == "trap") {
        return Err("seccomp cannot trap system calls on this kernel".to_owned());
    }
    let confine = || {
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(ABI::V6))?
            .create()?
            .restrict_self()
    };
    let status = std::thread::spawn(confine)
        .join()
        .map_err(|_| "Landlock could not be tried".to_owned())?
        .map_err(|error: landlock::RulesetError| format!("Landlock failed: {error}"))?;
    match status.landlock {
        LandlockStatus::Available {
            effective_abi,
            kernel_abi,
        } => {
            let abi = kernel_abi.unwrap_or(effective_abi as i32);
            Ok(format!("Landlock ABI {abi}, seccomp"))
        }
        LandlockStatus::NotEnabled => Err("Landlock is built in and not enabled".to_owned()),
        LandlockStatus::NotImplemented => Err("this kernel has no Landlock".to_owned()),
    }
}

/// The two filters, made before the first is in force.
pub(super) struct Filters {
    loading: BpfProgram,
    running: BpfProgram,
}

impl Filters {
    /// Makes both.
    pub(super) fn new() -> Result<Self, String> {
        let make = |rules| build(rules).map_err(|error| format!("seccomp failed: {error}"));
        Ok(Self {
            loading: make(loading())?,
            running: make(running())?,
        })
    }

    /// From here on only what loading a library needs is allowed.
    pub(super) fn before_loading(&self) -> Result<(), String> {
        apply_filter(&self.loading).map_err(|error| format!("seccomp failed: {error}"))
    }

    /// From here on only reading, handing over and memory are allowed.
    pub(super) fn before_running(&self) -> Result<(), String> {
        apply_filter(&self.running).map_err(|error| format!("seccomp failed: {error}"))
    }
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

fn build(
    rules: Result<Rules, seccompiler::BackendError>,
) -> Result<BpfProgram, seccompiler::Error> {
    // A trap, not a kill: its handler tells the host which call it was.
    let filter = SeccompFilter::new(
        rules?,
        SeccompAction::Trap,
        SeccompAction::Allow,
        std::env::consts::ARCH.try_into()?,
    )?;
    Ok(filter.try_into()?)
}

/// What an adapter needs: memory, time, locks, randomness, its input, its output, and its end.
fn running() -> Result<Rules, seccompiler::BackendError> {
    let mut rules = free(&[
        libc::SYS_brk,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_clock_gettime,
        libc::SYS_clock_getres,
        libc::SYS_gettimeofday,
        libc::SYS_clock_nanosleep,
        libc::SYS_nanosleep,
        libc::SYS_restart_syscall,
        libc::SYS_sched_yield,
        libc::SYS_getrandom,
        libc::SYS_getcpu,
        libc::SYS_sigaltstack,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ]);
    rules.insert(libc::SYS_read, vec![when(0, SeccompCmpOp::Eq, 0)?]);
    let outputs = || {
        Ok(vec![
            when(0, SeccompCmpOp::Eq, 1)?,
            when(0, SeccompCmpOp::Eq, 2)?,
        ])
    };
    rules.insert(libc::SYS_write, outputs()?);
    rules.insert(libc::SYS_writev, outputs()?);
    let executable = u64::from(libc::PROT_EXEC.unsigned_abs());
    let plain = || Ok(vec![when(2, SeccompCmpOp::MaskedEq(executable), 0)?]);
    rules.insert(libc::SYS_mmap, plain()?);
    rules.insert(libc::SYS_mprotect, plain()?);
    // `abort` signals its own thread.
    let own = u64::from(std::process::id());
    let abort = vec![
        condition(0, SeccompCmpOp::Eq, own)?,
        condition(2, SeccompCmpOp::Eq, u64::from(libc::SIGABRT.unsigned_abs()))?,
    ];
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(abort)?]);
    // Allocators name their mappings; it changes nothing.
    let name = u64::from(libc::PR_SET_VMA.unsigned_abs());
    rules.insert(libc::SYS_prctl, vec![when(0, SeccompCmpOp::Eq, name)?]);
    Ok(rules)
}

/// The same and what the dynamic linker needs, and what the second filter is set with.
fn loading() -> Result<Rules, seccompiler::BackendError> {
    let mut rules = running()?;
    rules.extend(free(&[
        libc::SYS_openat,
        libc::SYS_read,
        libc::SYS_pread64,
        libc::SYS_close,
        libc::SYS_fstat,
        libc::SYS_newfstatat,
        libc::SYS_mmap,
        libc::SYS_mprotect,
        libc::SYS_seccomp,
    ]));
    let lock = u64::from(libc::PR_SET_NO_NEW_PRIVS.unsigned_abs());
    rules
        .entry(libc::SYS_prctl)
        .or_default()
        .push(when(0, SeccompCmpOp::Eq, lock)?);
    Ok(rules)
}

fn free(calls: &[i64]) -> Rules {
    calls.iter().map(|call| (*call, Vec::new())).collect()
}

fn when(
    argument: u8,
    operator: SeccompCmpOp,
    value: u64,
) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(vec![condition(argument, operator, value)?])
}

fn condition(
    argument: u8,
    operator: SeccompCmpOp,
    value: u64,
) -> Result<SeccompCondition, seccompiler::BackendError> {
    // The kernel looks at the low half of these arguments only, and so must the filter.
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)
}

macro_rules! names {
    ($($call:ident)*) => {
        &[$((libc::$call, stringify!($call))),*]
    };
}

/// The system calls that code most likely tries.
const NAMES: &[(i64, &str)] = names![
    SYS_accept4 SYS_bind SYS_bpf SYS_chdir SYS_clone SYS_clone3 SYS_close SYS_close_range SYS_connect SYS_dup SYS_dup3
    SYS_epoll_create1 SYS_eventfd2 SYS_execve SYS_execveat SYS_faccessat SYS_faccessat2 SYS_fchmod SYS_fchmodat
    SYS_fcntl SYS_fstat SYS_ftruncate SYS_getcwd SYS_getdents64 SYS_getppid SYS_getrlimit SYS_getsockopt
    SYS_getuid SYS_inotify_init1 SYS_io_uring_enter SYS_io_uring_setup SYS_ioctl SYS_kill SYS_linkat SYS_listen
    SYS_lseek SYS_memfd_create SYS_mkdirat SYS_mmap SYS_mount SYS_mprotect SYS_newfstatat SYS_openat SYS_openat2
    SYS_perf_event_open SYS_pidfd_open SYS_pipe2 SYS_pkey_mprotect SYS_ppoll SYS_prctl SYS_pread64 SYS_prlimit64
    SYS_process_vm_readv SYS_process_vm_writev SYS_ptrace SYS_pwrite64 SYS_read SYS_readlinkat SYS_readv
    SYS_recvfrom SYS_recvmsg SYS_renameat2 SYS_rt_sigaction SYS_sched_getaffinity SYS_seccomp SYS_sendmsg SYS_sendto
    SYS_set_robust_list SYS_setrlimit SYS_setsid SYS_setuid SYS_shmget SYS_socket SYS_socketpair SYS_statx
    SYS_symlinkat SYS_sysinfo SYS_tgkill SYS_timer_create SYS_tkill SYS_truncate SYS_uname SYS_unlinkat SYS_unshare
    SYS_userfaultfd SYS_utimensat SYS_wait4 SYS_waitid SYS_write SYS_writev
];

/// Those that only older machines have.
#[cfg(target_arch = "x86_64")]
const OLD_NAMES: &[(i64, &str)] = names![
    SYS_access SYS_alarm SYS_chmod SYS_creat SYS_dup2 SYS_epoll_create SYS_fork SYS_link SYS_lstat SYS_mkdir
    SYS_open SYS_pipe SYS_poll SYS_readlink SYS_rename SYS_rmdir SYS_select SYS_stat SYS_symlink SYS_time
    SYS_unlink SYS_vfork
];
#[cfg(not(target_arch = "x86_64"))]
const OLD_NAMES: &[(i64, &str)] = &[];

/// The name of a system call, or its number.
pub(super) fn call_name(number: u32) -> String {
    let known = NAMES
        .iter()
        .chain(OLD_NAMES)
        .find(|(call, _)| *call == i64::from(number));
    known.map_or_else(
        || format!("number {number}"),
        |(_, name)| name.trim_start_matches("SYS_").to_owned(),
    )
}
