//! The structs of the ABI have the layout, and the constants the values, that a C compiler makes of the
//! published header.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use sdk::abi::{self, Descriptor, Host, Place, Text};
use std::fmt::Write;
use std::mem::offset_of;
use std::process::Command;

/// Collects each fact twice: as Rust has it, and as a C expression that must come to the same.
#[derive(Default)]
struct Facts {
    ours: String,
    program: String,
}

impl Facts {
    fn add(&mut self, name: &str, value: u64, expression: &str) {
        writeln!(self.ours, "{name} {value}").unwrap();
        writeln!(
            self.program,
            "    printf(\"{name} %llu\\n\", (unsigned long long)({expression}));"
        )
        .unwrap();
    }
}

macro_rules! layout {
    ($facts:expr, $rust:ident, $c:literal: $($field:ident)*) => {
        $facts.add($c, size_of::<$rust>() as u64, concat!("sizeof(", $c, ")"));
        $facts.add(concat!($c, " align"), align_of::<$rust>() as u64, concat!("_Alignof(", $c, ")"));
        $(
            let name = concat!($c, ".", stringify!($field));
            let offset = concat!("offsetof(", $c, ", ", stringify!($field), ")");
            $facts.add(name, offset_of!($rust, $field) as u64, offset);
            let size = concat!("sizeof(((", $c, " *)0)->", stringify!($field), ")");
            let ours = size_of_field(|it: &$rust| &raw const it.$field);
            $facts.add(&format!("{name} size"), ours as u64, size);
        )*
    };
}

fn size_of_field<S, T>(_field: impl Fn(&S) -> *const T) -> usize {
    size_of::<T>()
}

macro_rules! constants {
    ($facts:expr, $($rust:ident = $c:literal)*) => {
        $($facts.add($c, abi::$rust as u64, $c);)*
    };
}

fn facts() -> Facts {
    let mut facts = Facts::default();
    layout!(facts, Text, "iqf_text": data len);
    layout!(facts, Place, "iqf_position": row column reserved offset_plus_one path);
    layout!(facts, Host, "iqf_host":
        abi_major abi_minor struct_size batch_size ctx read emit issue cancelled stop);
    layout!(facts, Descriptor, "iqf_adapter_descriptor":
        magic abi_major abi_minor struct_size pointer_width big_endian reserved record_schema reserved2
        name version formats sdk_version compiler create run destroy);
    constants!(facts,
        MAGIC = "IQF_ADAPTER_MAGIC" ABI_MAJOR = "IQF_ABI_MAJOR" ABI_MINOR = "IQF_ABI_MINOR"
        OK = "IQF_OK" STOPPED = "IQF_STOPPED" PANICKED = "IQF_PANICKED" CANCELLED = "IQF_CANCELLED"
        WARNING = "IQF_WARNING" ERROR = "IQF_ERROR");
    facts.add(
        "IQF_RECORD_SCHEMA",
        u64::from(schema::RECORD_SCHEMA),
        "IQF_RECORD_SCHEMA",
    );
    facts
}

#[test]
fn the_structs_are_those_of_the_published_header() {
    let facts = facts();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let code = folder.join("layout.c");
    let program = folder.join("layout");
    std::fs::write(folder.join("adapter.h"), schema::ADAPTER_HEADER).unwrap();
    let text = format!(
        "#include <stdio.h>\n#include \"adapter.h\"\nint main(void) {{\n{}}}\n",
        facts.program
    );
    std::fs::write(&code, text).unwrap();
    let mut compiler = Command::new("cc");
    compiler.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-o"]);
    assert!(compiler.args([&program, &code]).status().unwrap().success());
    let output = Command::new(&program).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), facts.ours);
}

#[test]
fn the_magic_number_spells_its_name() {
    assert_eq!(&abi::MAGIC.to_le_bytes(), b"2IQFADPT");
}
