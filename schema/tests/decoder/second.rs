//! The second decoder: the crate `protobuf`, which shares no code with ours, reading by the published file.

use protobuf::Message;
use protobuf::descriptor::FileDescriptorSet;
use protobuf::reflect::{FileDescriptor, ReflectValueRef, RuntimeFieldType};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A message's fields by number, without those of which nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tree(BTreeMap<u32, Value>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Number(u64),
    Message(Tree),
    List(Vec<Value>),
}

impl Tree {
    /// This message followed by another, as the specification joins them.
    pub(crate) fn merged(mut self, later: Self) -> Self {
        for (number, value) in later.0 {
            let joined = match (self.0.remove(&number), value) {
                (Some(Value::Message(earlier)), Value::Message(later)) => {
                    Value::Message(earlier.merged(later))
                }
                (Some(Value::List(earlier)), Value::List(later)) => {
                    Value::List([earlier, later].concat())
                }
                (_, later) => later,
            };
            self.0.insert(number, joined);
        }
        self
    }
}

fn published() -> &'static FileDescriptor {
    static PUBLISHED: OnceLock<FileDescriptor> = OnceLock::new();
    PUBLISHED.get_or_init(|| {
        let files = protox::compile(["result_record.proto"], [env!("CARGO_MANIFEST_DIR")]).unwrap();
        let files = prost::Message::encode_to_vec(&files);
        let mut files = FileDescriptorSet::parse_from_bytes(&files).unwrap();
        FileDescriptor::new_dynamic(files.file.remove(0), &[]).unwrap()
    })
}

/// Reads a message of that name; nothing where the bytes are none.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Option<Tree> {
    let message = published().message_by_package_relative_name(name).unwrap();
    let read = message.parse_from_bytes(bytes).ok()?;
    Some(tree(&*read))
}

fn tree(message: &dyn protobuf::MessageDyn) -> Tree {
    let mut fields = BTreeMap::new();
    for field in message.descriptor_dyn().fields() {
        let value = match field.runtime_field_type() {
            RuntimeFieldType::Singular(_) => field.get_singular(message).map(value),
            _ => {
                let list = field.get_repeated(message);
                Some(Value::List(list.into_iter().map(value).collect()))
            }
        };
        let nothing = [
            Value::Text(String::new()),
            Value::Number(0),
            Value::List(Vec::new()),
        ];
        if let Some(value) = value.filter(|value| !nothing.contains(value)) {
            fields.insert(u32::try_from(field.number()).unwrap(), value);
        }
    }
    Tree(fields)
}

fn value(value: ReflectValueRef<'_>) -> Value {
    match value {
        ReflectValueRef::String(text) => Value::Text(text.to_owned()),
        ReflectValueRef::U32(number) => Value::Number(number.into()),
        ReflectValueRef::U64(number) => Value::Number(number),
        ReflectValueRef::Message(message) => Value::Message(tree(&*message)),
        other => panic!("a kind that no field is of: {other:?}"),
    }
}
