//! The C ABI of `schema/adapter.h`, field by field, and the macro that exports an adapter through it.
//!
//! Both sides use these types: the exported functions here, and the registry's worker, which fills in the
//! host's table. A test compares their layout with what a C compiler makes of the header.

#![expect(
    unsafe_code,
    reason = "a C boundary is made of raw pointers; each block says why it may trust them"
)]

use crate::{Adapter, Input, Issue, Output, Position, Severity, Sink, Stop};
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::io::BufRead;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

/// `IQF_ADAPTER_MAGIC`: the bytes `2IQFADPT` in little-endian order.
pub const MAGIC: u64 = 0x5450_4441_4651_4932;
/// `IQF_ABI_MAJOR`: rises when the two sides could no longer talk.
pub const ABI_MAJOR: u32 = 1;
/// `IQF_ABI_MINOR`: rises with each field added at the end of a struct.
pub const ABI_MINOR: u32 = 0;

/// `IQF_OK`.
pub const OK: i32 = 0;
/// `IQF_STOPPED`: the adapter gave up and called `stop` before.
pub const STOPPED: i32 = 1;
/// `IQF_PANICKED`: the adapter caught a panic and called `stop` before, with the code `panic`.
pub const PANICKED: i32 = 2;
/// `IQF_CANCELLED`: the host asked to end, or one of its functions failed.
pub const CANCELLED: i32 = 3;

/// `IQF_WARNING`.
pub const WARNING: u32 = 0;
/// `IQF_ERROR`.
pub const ERROR: u32 = 1;

/// The code with which a caught panic is told; its message is the place alone.
pub const PANIC_CODE: &str = "panic";
/// The code with which this kit tells that an adapter was content before the input had ended.
pub const STOPPED_EARLY_CODE: &str = "stopped-early";

/// `iqf_text`: a pointer and a length in bytes, UTF-8, without a closing zero.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// Where the bytes are; may be null where `len` is zero.
    pub data: *const u8,
    /// How many there are.
    pub len: usize,
}

impl Text {
    /// The text as the other side may see it while `text` lives.
    #[must_use]
    pub const fn of(text: &str) -> Self {
        Self {
            data: text.as_ptr(),
            len: text.len(),
        }
    }

    /// The bytes behind it.
    ///
    /// # Safety
    /// `data` must point at `len` readable bytes that live and stay unchanged for `'a`, or `len` be zero.
    #[must_use]
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.len == 0 || self.data.is_null() {
            return &[];
        }
        // SAFETY: the caller answers for the pointer and the length.
        unsafe { std::slice::from_raw_parts(self.data, self.len) }
    }
}

/// `iqf_position`: where in the file; zero or empty means "not known".
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The line, counted from 1.
    pub row: u64,
    /// The column, counted from 1.
    pub column: u32,
    /// Zero.
    pub reserved: u32,
    /// A byte offset plus one.
    pub offset_plus_one: u64,
    /// A path into a document, such as an XPath.
    pub path: Text,
}

impl Place {
    /// The position as the other side may see it while `position` lives.
    #[must_use]
    pub fn of(position: &Position) -> Self {
        Self {
            row: position.row,
            column: position.column,
            reserved: 0,
            offset_plus_one: position.offset_plus_one,
            path: Text::of(&position.path),
        }
    }
}

/// `iqf_host`: the functions an adapter may call.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Host {
    /// The host's [`ABI_MAJOR`].
    pub abi_major: u32,
    /// The host's [`ABI_MINOR`].
    pub abi_minor: u32,
    /// The size of this struct in bytes.
    pub struct_size: u32,
    /// Bytes after which a batch should be emitted.
    pub batch_size: u32,
    /// The first argument of each function below.
    pub ctx: *mut c_void,
    /// Reads at most `len` bytes; returns how many, 0 at the end, negative on failure.
    pub read: unsafe extern "C" fn(ctx: *mut c_void, buffer: *mut u8, len: usize) -> i64,
    /// Takes an encoded `ResultBatch` of `count` records.
    pub emit:
        unsafe extern "C" fn(ctx: *mut c_void, bytes: *const u8, len: usize, count: u32) -> i32,
    /// Takes an issue.
    pub issue: unsafe extern "C" fn(
        ctx: *mut c_void,
        severity: u32,
        code: Text,
        message: Text,
        position: *const Place,
    ) -> i32,
    /// Not zero once the adapter should return [`CANCELLED`].
    pub cancelled: unsafe extern "C" fn(ctx: *mut c_void) -> i32,
    /// Takes the reason why the adapter gives up.
    pub stop:
        unsafe extern "C" fn(ctx: *mut c_void, code: Text, message: Text, position: *const Place),
}

/// The exported `create`.
pub type Create = unsafe extern "C" fn(*const Host, Text, *mut *mut c_void) -> i32;
/// The exported `run`.
pub type Run = unsafe extern "C" fn(*mut c_void, *const Host) -> i32;
/// The exported `destroy`.
pub type Destroy = unsafe extern "C" fn(*mut c_void);

/// `iqf_adapter_descriptor`: the constant that a library exports as `iqf_adapter`.
#[repr(C)]
#[derive(Debug)]
pub struct Descriptor {
    /// [`MAGIC`].
    pub magic: u64,
    /// [`ABI_MAJOR`].
    pub abi_major: u32,
    /// [`ABI_MINOR`].
    pub abi_minor: u32,
    /// The size of this struct in bytes.
    pub struct_size: u32,
    /// The width of a pointer in bytes.
    pub pointer_width: u8,
    /// 1 where the library was built for a big-endian machine.
    pub big_endian: u8,
    /// Zero.
    pub reserved: u16,
    /// [`schema::RECORD_SCHEMA`].
    pub record_schema: u32,
    /// Zero.
    pub reserved2: u32,
    /// [`Adapter::NAME`].
    pub name: Text,
    /// [`Adapter::VERSION`].
    pub version: Text,
    /// [`Adapter::FORMATS`].
    pub formats: Text,
    /// [`crate::VERSION`].
    pub sdk_version: Text,
    /// What built it, in the compiler's own words.
    pub compiler: Text,
    /// Makes an instance.
    pub create: Create,
    /// Reads the file.
    pub run: Run,
    /// Ends the instance.
    pub destroy: Destroy,
}

// SAFETY: the only pointers in an exported descriptor are those of constant texts and functions; nothing
// ever writes to them.
unsafe impl Sync for Descriptor {}

impl Descriptor {
    /// The descriptor of the adapter `A`.
    #[must_use]
    pub const fn of<A: Adapter>() -> Self {
        Self {
            magic: MAGIC,
            abi_major: ABI_MAJOR,
            abi_minor: ABI_MINOR,
            struct_size: size_of::<Self>() as u32,
            pointer_width: size_of::<usize>() as u8,
            big_endian: cfg!(target_endian = "big") as u8,
            reserved: 0,
            record_schema: schema::RECORD_SCHEMA,
            reserved2: 0,
            name: Text::of(A::NAME),
            version: Text::of(A::VERSION),
            formats: Text::of(A::FORMATS),
            sdk_version: Text::of(crate::VERSION),
            compiler: Text::of(env!("SDK_COMPILER")),
            create: create::<A>,
            run: run::<A>,
            destroy: destroy::<A>,
        }
    }
}

/// Exports an [`Adapter`] as the constant `iqf_adapter`, which the registry's worker looks for.
#[macro_export]
macro_rules! export_adapter {
    ($adapter:ty) => {
        // Judged in the adapter's own crate: without unwinding a panic could not be told from a crash.
        #[cfg(panic = "abort")]
        ::core::compile_error!(
            "an adapter must be built with panic = \"unwind\", so that a panic can be reported"
        );

        const _: () = {
            #[expect(
                unsafe_code,
                reason = "the registry finds an adapter by this symbol's name"
            )]
            #[unsafe(no_mangle)]
            static iqf_adapter: $crate::abi::Descriptor = $crate::abi::Descriptor::of::<$adapter>();
        };
    };
}

/// What lives between `create` and `destroy`.
struct Instance<A> {
    adapter: A,
    /// The table given to `create`, which the header promises to outlive the instance: the only way for
    /// `destroy` to tell of a panic.
    host: *const Host,
}

unsafe extern "C" fn create<A: Adapter>(
    host: *const Host,
    config: Text,
    instance: *mut *mut c_void,
) -> i32 {
    // SAFETY: the header promises a table and a text that live through this call, and a place to write to.
    let (table, config) = unsafe { (&*host, config.bytes()) };
    guarded(table, || {
        let config = std::str::from_utf8(config)
            .map_err(|_| Stop::new("config-not-text", "The configuration is not UTF-8."))?;
        let adapter = A::new(config)?;
        let boxed = Box::into_raw(Box::new(Instance { adapter, host }));
        // SAFETY: as above; the box is given back to `destroy` alone.
        unsafe { *instance = boxed.cast() };
        Ok(())
    })
}

unsafe extern "C" fn run<A: Adapter>(instance: *mut c_void, host: *const Host) -> i32 {
    // SAFETY: the instance is the one `create` made, and nobody else holds it now; the table lives through
    // this call.
    let (instance, table) = unsafe { (&mut *instance.cast::<Instance<A>>(), &*host) };
    guarded(table, || {
        let read = Cell::new(0);
        let mut input = Input::new(HostReader {
            host: table,
            read: &read,
        });
        let mut sink = HostSink(table);
        let mut output = Output::new(&mut sink, table.batch_size as usize);
        instance.adapter.run(&mut input, &mut output)?;
        output.flush()?;
        check_end(&mut input, &read)
    })
}

unsafe extern "C" fn destroy<A: Adapter>(instance: *mut c_void) {
    if instance.is_null() {
        return;
    }
    // SAFETY: the instance is the box that `create` made; the host calls this once, with the table still
    // alive.
    let (instance, table) = unsafe {
        let instance = Box::from_raw(instance.cast::<Instance<A>>());
        let table = &*instance.host;
        (instance, table)
    };
    guarded(table, || {
        drop(instance);
        Ok(())
    });
}

/// Runs `body`, tells the host how it failed, and makes of it what the ABI returns.
fn guarded(host: &Host, body: impl FnOnce() -> Result<(), Stop>) -> i32 {
    let (stop, answer) = match placed(body) {
        Ok(Ok(())) => return OK,
        Ok(Err(stop)) if stop.cancelled => return CANCELLED,
        Ok(Err(stop)) => (stop, STOPPED),
        Err(place) => (Stop::new(PANIC_CODE, place), PANICKED),
    };
    // SAFETY: the host's function takes texts that live through the call.
    unsafe {
        (host.stop)(
            host.ctx,
            Text::of(&stop.code),
            Text::of(&stop.message),
            &Place::of(&stop.position),
        );
    };
    answer
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `body`; a panic becomes its place, such as `src/lib.rs:12:5`. The panic's own words are dropped:
/// they may quote the file, and so a person.
fn placed<T>(body: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                before(panic);
            } else if let Some(place) = panic.location() {
                PLACE.set(place.to_string());
            }
        }));
    });
    GUARDED.set(true);
    let ended = catch_unwind(AssertUnwindSafe(body));
    GUARDED.set(false);
    ended.map_err(|payload| {
        // A payload's own destructor may panic in turn; it is small, and the process ends soon.
        std::mem::forget(payload);
        PLACE.take()
    })
}

/// An adapter that is content while the input goes on has most likely lost records. White space, such as
/// the line end after a document's closing tag, is nobody's record.
fn check_end(input: &mut Input<'_>, read: &Cell<u64>) -> Result<(), Stop> {
    loop {
        let rest = input.fill_buf()?;
        if rest.is_empty() {
            return Ok(());
        }
        if !rest.iter().all(u8::is_ascii_whitespace) {
            return Err(Stop::new(
                STOPPED_EARLY_CODE,
                "The adapter ended before it had read the whole file.",
            )
            .at(Position::offset(
                read.get().saturating_sub(rest.len() as u64),
            )));
        }
        let length = rest.len();
        input.consume(length);
    }
}

/// The input behind the host's table.
struct HostReader<'a> {
    host: &'a Host,
    /// Bytes read so far.
    read: &'a Cell<u64>,
}

impl std::io::Read for HostReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let host = self.host;
        // SAFETY: the host writes at most `len` bytes to the buffer, within this call.
        let count = unsafe { (host.read)(host.ctx, buffer.as_mut_ptr(), buffer.len()) };
        let count = usize::try_from(count)
            .ok()
            .filter(|count| *count <= buffer.len())
            .ok_or_else(|| std::io::Error::other("the host could not read the file"))?;
        self.read.set(self.read.get() + count as u64);
        Ok(count)
    }
}

/// The output behind the host's table.
struct HostSink<'a>(&'a Host);

impl HostSink<'_> {
    fn answer(code: i32) -> Result<(), Stop> {
        if code == OK {
            Ok(())
        } else {
            Err(Stop::cancelled())
        }
    }
}

impl Sink for HostSink<'_> {
    fn batch(&mut self, bytes: &[u8], count: u32) -> Result<(), Stop> {
        // SAFETY: the host reads the bytes within this call.
        Self::answer(unsafe { (self.0.emit)(self.0.ctx, bytes.as_ptr(), bytes.len(), count) })
    }

    fn issue(&mut self, issue: &Issue) -> Result<(), Stop> {
        let severity = match issue.severity {
            Severity::Warning => WARNING,
            Severity::Error => ERROR,
        };
        // SAFETY: the host reads the texts and the position within this call.
        Self::answer(unsafe {
            (self.0.issue)(
                self.0.ctx,
                severity,
                Text::of(&issue.code),
                Text::of(&issue.message),
                &Place::of(&issue.position),
            )
        })
    }

    fn cancelled(&mut self) -> bool {
        // SAFETY: the function takes nothing but the host's own pointer.
        unsafe { (self.0.cancelled)(self.0.ctx) != 0 }
    }
}
