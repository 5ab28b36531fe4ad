//! What a library must say of itself before it is run: each difference is told by the field's name.

use super::{Kept, behave, built, c, confined, options, works};
use registry::adapter::{Fault, Options, find, list};
use rstest::rstest;
use schema::Code;

/// A folder with one library in it, called `libadapter_broken.so`.
fn folder_with(bytes: &[u8]) -> (tempfile::TempDir, Options) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("libadapter_broken.so"), bytes).unwrap();
    let options = Options {
        directories: vec![folder.path().to_owned()],
        ..options()
    };
    (folder, options)
}

fn library() -> Vec<u8> {
    std::fs::read(built().join("libadapter_misbehaving.so")).unwrap()
}

/// Changes the descriptor in a library's bytes; offsets are those of `schema/adapter.h`.
pub(super) fn patched(offset: usize, bytes: &[u8]) -> Vec<u8> {
    let mut library = library();
    let magic = sdk::abi::MAGIC.to_le_bytes();
    let places: Vec<usize> = memchr::memmem::find_iter(&library, &magic).collect();
    // The magic number may also stand in code; the descriptor is the one with the right major and size after it.
    let size = u32::try_from(size_of::<sdk::abi::Descriptor>())
        .unwrap()
        .to_le_bytes();
    let place = places
        .into_iter()
        .find(|place| library.get(place + 16..place + 20) == Some(&size))
        .unwrap();
    library.splice(
        place + offset..place + offset + bytes.len(),
        bytes.iter().copied(),
    );
    library
}

#[rstest]
#[case::magic(0, &[0; 8], "magic")]
#[case::newer_major(8, &2_u32.to_le_bytes(), "abi_major")]
#[case::older_major(8, &0_u32.to_le_bytes(), "abi_major")]
#[case::smaller_struct(16, &64_u32.to_le_bytes(), "struct_size")]
#[case::pointer_width(20, &[4], "pointer_width")]
#[case::endianness(21, &[1], "big_endian")]
#[case::record_schema(24, &7_u32.to_le_bytes(), "record_schema")]
fn a_descriptor_that_does_not_fit_is_told_by_the_field(
    #[case] offset: usize,
    #[case] bytes: &[u8],
    #[case] differs: &str,
) {
    if !confined(&options()) {
        return;
    }
    let (_folder, options) = folder_with(&patched(offset, bytes));
    let fault = find(&options, "broken").unwrap_err();
    assert_eq!(fault.code(), Code::AdapterIncompatible, "{fault}");
    assert!(
        matches!(&fault, Fault::Incompatible { field, .. } if field == differs),
        "{fault}"
    );
}

#[test]
fn a_newer_minor_number_fits() {
    if !confined(&options()) {
        return;
    }
    let (_folder, options) = folder_with(&patched(12, &9_u32.to_le_bytes()));
    let found = find(&options, "misbehaving").unwrap();
    assert_eq!(found.descriptor.as_ref().unwrap().abi, (1, 9));
    works(&options, &found);
}

/// The header of a later registry: a field more at the end of both structs.
fn later_header() -> String {
    let header = schema::ADAPTER_HEADER;
    let places = [
        ("#define IQF_ABI_MINOR 0u", "#define IQF_ABI_MINOR 1u"),
        (
            "} iqf_host;",
            "    int32_t (*later)(void *ctx);\n} iqf_host;",
        ),
        (
            "} iqf_adapter_descriptor;",
            "    void *later;\n} iqf_adapter_descriptor;",
        ),
    ];
    places
        .into_iter()
        .fold(header.to_owned(), |header, (now, then)| {
            assert_eq!(header.matches(now).count(), 1);
            header.replace(now, then)
        })
}

/// Uses the later function only of a host that has it.
const LATER: &str = r#"
static int32_t run(void *instance, const iqf_host *host) {
    static const uint8_t record[] = {0x0a, 0x07, 0x22, 0x05, 0x1a, 0x03, 'n', 'e', 'w'};
    uint8_t buffer[64];
    if (host->abi_minor >= 1 && host->struct_size >= sizeof *host) return host->later(host->ctx);
    while (host->read(host->ctx, buffer, sizeof buffer) > 0) {}
    return host->emit(host->ctx, record, sizeof record, 1);
}
"#;

#[test]
fn an_adapter_of_a_later_minor_runs_with_what_this_registry_has() {
    if !confined(&options()) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("adapter.c"), c::source(LATER)).unwrap();
    c::compile_with(folder.path(), &later_header());
    let options = Options {
        directories: vec![folder.path().to_owned()],
        ..options()
    };
    let found = find(&options, "in-c").unwrap();
    assert_eq!(found.descriptor.as_ref().unwrap().abi, (1, 1));
    let mut kept = Kept::default();
    behave(&options, &found, "anything", &mut kept).unwrap();
    assert_eq!(kept.titles, ["new"]);
}

#[test]
fn a_later_minor_with_a_smaller_struct_does_not_fit() {
    if !confined(&options()) {
        return;
    }
    // Minor number and size lie side by side.
    let both = [9_u32.to_le_bytes(), 64_u32.to_le_bytes()].concat();
    let (_folder, options) = folder_with(&patched(12, &both));
    let fault = find(&options, "broken").unwrap_err();
    assert!(
        matches!(&fault, Fault::Incompatible { field, .. } if field == "struct_size"),
        "{fault}"
    );
}

#[test]
fn what_is_no_library_is_not_loaded() {
    if !confined(&options()) {
        return;
    }
    let (_folder, options) = folder_with(b"iqf_adapter\0 but not a library");
    let fault = find(&options, "broken").unwrap_err();
    assert_eq!(fault.code(), Code::AdapterUnloadable, "{fault}");
    // A library that was cut off while it was copied, and still has the symbol's name in it.
    let cut = [&library()[..1 << 16], b"iqf_adapter\0"].concat();
    let (_folder, options) = folder_with(&cut);
    let fault = find(&options, "broken").unwrap_err();
    assert!(
        [Code::AdapterUnloadable, Code::AdapterCrashed].contains(&fault.code()),
        "{fault}"
    );
    let (_folder, options) = folder_with(b"no symbol of ours");
    assert_eq!(list(&options).len(), 0);
}

#[test]
fn a_library_that_changes_between_looking_and_running_is_not_run() {
    let (folder, options) = folder_with(&library());
    if !confined(&options) {
        return;
    }
    let found = find(&options, "misbehaving").unwrap();
    std::fs::write(
        folder.path().join("libadapter_broken.so"),
        b"something else",
    )
    .unwrap();
    let fault = behave(&options, &found, "good", &mut Kept::default()).unwrap_err();
    assert_eq!(fault.code(), Code::AdapterUnloadable, "{fault}");
}
