//! Loads an adapter's library, in the worker only, and compares its descriptor field by field with what
//! this registry takes, as PostgreSQL does with a module's magic block: a difference is named, not guessed.

#![expect(
    unsafe_code,
    reason = "loading and calling foreign code; only ever inside the sandboxed worker"
)]

use super::frame::{Difference, Introduction, Wrong};
use sdk::abi::{ABI_MAJOR, ABI_MINOR, Descriptor, Host, MAGIC, Text};
use std::ffi::c_void;

/// What was checked is what runs: the library is a sealed copy in memory, at this descriptor.
const LIBRARY: &str = "/proc/self/fd/3";

/// A loaded library whose descriptor fits. It is never unloaded: thread-local destructors make that unsound,
/// and the process ends soon anyway.
pub(super) struct Library {
    descriptor: &'static Descriptor,
}

impl Library {
    /// Loads the library, which runs its constructors.
    pub(super) fn load() -> Result<Self, Wrong> {
        use libloading::os::unix::{Library as Raw, RTLD_LOCAL, RTLD_NOW};
        // SAFETY: whatever its constructors do, they do it in this process, which is confined and holds
        // nothing. `RTLD_NOW`, because a symbol missing later would be a crash.
        let library = unsafe { Raw::open(Some(LIBRARY), RTLD_NOW | RTLD_LOCAL) }
            .map_err(|error| Wrong::Unloadable(sources(&error)))?;
        // SAFETY: the symbol's address is only looked at once the magic number behind it is right.
        let address = unsafe { library.get::<*const Descriptor>(b"iqf_adapter\0") }
            .map(|symbol| *symbol)
            .map_err(|error| Wrong::Unloadable(sources(&error)))?;
        std::mem::forget(library);
        if address.is_null() || !address.is_aligned() {
            return Err(differs("address", "aligned", "not"));
        }
        check_magic(address)?;
        // SAFETY: magic, sizes and number of fields are those of this struct, in a library that stays.
        let descriptor = unsafe { &*address };
        Ok(Self { descriptor })
    }

    /// What the library says of itself.
    pub(super) fn introduction(&self) -> Result<Introduction, Wrong> {
        let it = self.descriptor;
        Ok(Introduction {
            name: text("name", it.name)?,
            version: text("version", it.version)?,
            formats: text("formats", it.formats)?,
            sdk_version: text("sdk_version", it.sdk_version)?,
            compiler: text("compiler", it.compiler)?,
            abi_major: it.abi_major,
            abi_minor: it.abi_minor,
            record_schema: it.record_schema,
            unconfined: String::new(),
        })
    }

    /// Calls `create`.
    pub(super) fn create(&self, host: &Host, config: &str) -> (i32, *mut c_void) {
        let mut instance = std::ptr::null_mut();
        // SAFETY: the table and the text live through the call, the table until the process ends.
        let answer = unsafe { (self.descriptor.create)(host, Text::of(config), &mut instance) };
        (answer, instance)
    }

    /// Calls `run`.
    pub(super) fn run(&self, instance: *mut c_void, host: &Host) -> i32 {
        // SAFETY: the instance is the one `create` made.
        unsafe { (self.descriptor.run)(instance, host) }
    }

    /// Calls `destroy`.
    pub(super) fn destroy(&self, instance: *mut c_void) {
        // SAFETY: the instance is the one `create` made, and is not used after this.
        unsafe { (self.descriptor.destroy)(instance) }
    }
}

/// Compares what must be right before the rest of the descriptor means anything.
fn check_magic(address: *const Descriptor) -> Result<(), Wrong> {
    macro_rules! field {
        ($name:ident) => {
            // SAFETY: the library exports this symbol; each field is read only once all before it were right,
            // so that a smaller struct is not read beyond `struct_size`.
            unsafe { (&raw const (*address).$name).read() }
        };
    }
    let hexadecimal = |magic: u64| format!("{magic:#018x}");
    same("magic", &hexadecimal(MAGIC), &hexadecimal(field!(magic)))?;
    same("abi_major", &ABI_MAJOR, &field!(abi_major))?;
    let (minor, size) = (field!(abi_minor), field!(struct_size));
    let ours = size_of::<Descriptor>() as u32;
    // A newer minor has more fields at the end, which do not matter here. There is no older one than ours yet.
    if size < ours || (minor == ABI_MINOR && size != ours) {
        let ours = if minor == ABI_MINOR {
            ours.to_string()
        } else {
            format!("at least {ours}")
        };
        return Err(differs("struct_size", ours, size.to_string()));
    }
    let width = size_of::<usize>() as u8;
    same("pointer_width", &width, &field!(pointer_width))?;
    let big = u8::from(cfg!(target_endian = "big"));
    same("big_endian", &big, &field!(big_endian))?;
    let number = field!(record_schema);
    same("record_schema", &schema::RECORD_SCHEMA, &number)
}

fn same<T: PartialEq + ToString>(field: &str, ours: &T, theirs: &T) -> Result<(), Wrong> {
    if ours == theirs {
        Ok(())
    } else {
        Err(differs(field, ours.to_string(), theirs.to_string()))
    }
}

fn differs(field: &str, ours: impl Into<String>, theirs: impl Into<String>) -> Wrong {
    Wrong::Incompatible(Difference {
        field: field.to_owned(),
        ours: ours.into(),
        theirs: theirs.into(),
    })
}

fn text(field: &str, text: Text) -> Result<String, Wrong> {
    const MOST: usize = 512;
    if text.len > MOST {
        return Err(differs(
            field,
            format!("at most {MOST} bytes"),
            format!("{} bytes", text.len),
        ));
    }
    // SAFETY: the descriptor is constant and so are its texts; a wild pointer ends this process only.
    let bytes = unsafe { text.bytes() };
    String::from_utf8(bytes.to_vec()).map_err(|_| differs(field, "UTF-8", "something else"))
}

/// The error's own sources: `libloading` itself says only that `dlopen` failed.
fn sources(error: &libloading::Error) -> String {
    let source = std::error::Error::source(error);
    source.map_or_else(|| error.to_string(), ToString::to_string)
}
