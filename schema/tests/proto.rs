//! The messages derived by hand are those of `result_record.proto`: every message, field, number, type and
//! cardinality, both ways.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use prost::Message;
use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value,
};
use schema::wire::{
    Body, Person, Position, Proof, ProofCheck, Registration, ResultBatch, ResultRecord,
    StatedField, Subject, UlnChange,
};

fn published() -> DescriptorPool {
    let folder = env!("CARGO_MANIFEST_DIR");
    let files = protox::compile(["result_record.proto"], [folder]).unwrap();
    DescriptorPool::from_file_descriptor_set(files).unwrap()
}

fn message(pool: &DescriptorPool, name: &str) -> MessageDescriptor {
    pool.get_message_by_name(&format!("iqf.adapter.v1.{name}"))
        .unwrap()
}

/// A value that no other field has: field numbers under the text of the path to it.
fn distinct(field: &FieldDescriptor, path: &str) -> Value {
    let single = match field.kind() {
        Kind::String => Value::String(format!("{path}.{}", field.number())),
        Kind::Uint64 => Value::U64(u64::from(field.number()) + (1 << 40)),
        Kind::Uint32 => Value::U32(field.number() + (1 << 20)),
        Kind::Message(inner) => {
            Value::Message(filled(&inner, &format!("{path}.{}", field.number())))
        }
        other => panic!(
            "{} is of a kind this test does not know: {other:?}",
            field.full_name()
        ),
    };
    if field.is_list() {
        Value::List(vec![single.clone(), single])
    } else {
        single
    }
}

/// A message in which every published field is set.
fn filled(descriptor: &MessageDescriptor, path: &str) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    for field in descriptor.fields() {
        message.set_field(&field, distinct(&field, path));
    }
    message
}

/// What is published and filled survives the structs byte for byte: they have every field, of that number,
/// type and cardinality. What the structs encode holds nothing that is not published.
fn same<T: Message + Default>(name: &str) {
    let pool = published();
    let descriptor = message(&pool, name);
    let all = filled(&descriptor, name).encode_to_vec();
    let ours = T::decode(all.as_slice()).unwrap();
    assert_eq!(
        ours.encode_to_vec(),
        all,
        "{name}: a published field is missing here, or differs"
    );
    let back = DynamicMessage::decode(descriptor, ours.encode_to_vec().as_slice()).unwrap();
    assert_eq!(
        back.unknown_fields().count(),
        0,
        "{name}: a field is not published"
    );
}

#[test]
fn every_published_field_is_in_the_structs_with_its_number_and_type() {
    same::<ResultBatch>("ResultBatch");
    same::<ResultRecord>("ResultRecord");
    same::<Position>("Position");
    same::<Subject>("Subject");
    same::<Person>("Person");
    same::<Body>("Body");
    same::<Registration>("Registration");
    same::<StatedField>("StatedField");
    same::<UlnChange>("UlnChange");
    same::<Proof>("Proof");
    same::<ProofCheck>("ProofCheck");
}

/// What a Rust type says of the published type of a single value.
trait Single {
    fn is(kind: &Kind) -> bool;
}

macro_rules! single {
    ($($rust:ty: $kind:pat,)*) => {
        $(impl Single for $rust {
            fn is(kind: &Kind) -> bool {
                matches!(kind, $kind)
            }
        })*
    };
    ($($message:ident)*) => {
        $(impl Single for $message {
            fn is(kind: &Kind) -> bool {
                matches!(kind, Kind::Message(published) if published.name() == stringify!($message))
            }
        })*
    };
}

single!(String: Kind::String, u32: Kind::Uint32, u64: Kind::Uint64,);
single!(Position Subject Person Body Registration StatedField Proof ProofCheck UlnChange ResultRecord);

/// What a struct's field says of the published field.
trait Published {
    fn fits(&self, field: &FieldDescriptor) -> bool;
}

impl<T: Single> Published for T {
    fn fits(&self, field: &FieldDescriptor) -> bool {
        !field.is_list() && T::is(&field.kind())
    }
}

impl<T: Single> Published for Option<T> {
    fn fits(&self, field: &FieldDescriptor) -> bool {
        !field.is_list() && T::is(&field.kind())
    }
}

impl<T: Single> Published for Vec<T> {
    fn fits(&self, field: &FieldDescriptor) -> bool {
        field.is_list() && T::is(&field.kind())
    }
}

/// Encodes a struct and looks up, for each of its fields by name, the published field of that name. The
/// structs are taken apart without `..`: a new field does not compile until it stands here too.
macro_rules! names {
    ($pool:expr, $message:ident { $($field:ident),* $(,)? }) => {{
        let descriptor = message($pool, stringify!($message));
        let decoded = $message::decode(filled(&descriptor, "x").encode_to_vec().as_slice()).unwrap();
        let $message { $($field),* } = decoded;
        $({
            let published = descriptor.get_field_by_name(stringify!($field)).unwrap();
            assert!($field.fits(&published), "the type of {}", published.full_name());
            let mut only = $message::default();
            let place = &mut only.$field;
            *place = $field;
            let read = DynamicMessage::decode(descriptor.clone(), only.encode_to_vec().as_slice()).unwrap();
            assert_eq!(read.unknown_fields().count(), 0);
            let set: Vec<String> = read.fields().map(|(field, _)| field.name().to_owned()).collect();
            assert_eq!(set, [stringify!($field)], "of {}", stringify!($message));
        })*
        let ours = [$(stringify!($field)),*];
        assert_eq!(descriptor.fields().count(), ours.len(), "of {}", stringify!($message));
        1
    }};
}

#[test]
fn every_field_of_the_structs_is_published_under_its_name() {
    let pool = &published();
    let messages = names!(pool, ResultBatch { records })
        + names!(
            pool,
            ResultRecord {
                position,
                verb,
                status,
                subject,
                person,
                body,
                record_id,
                result_id,
                certificate_number,
                centre,
                awarded_on,
                started_on,
                valid_from,
                valid_until,
                action_date,
                action_reason,
                grade,
                level,
                credit,
                language,
                route,
                registration,
                stated,
                proofs,
                credit_scheme,
                uln_change,
            }
        )
        + names!(
            pool,
            Position {
                row,
                column,
                path,
                offset_plus_one
            }
        )
        + names!(
            pool,
            Subject {
                kind,
                code,
                title,
                part_of
            }
        )
        + names!(
            pool,
            Person {
                uln,
                linked_ulns,
                given_name,
                family_name,
                date_of_birth,
                gender,
                postcode,
                reference,
            }
        )
        + names!(
            pool,
            Body {
                recognition_number,
                ukprn,
                name
            }
        )
        + names!(
            pool,
            Registration {
                number,
                conditions,
                state
            }
        )
        + names!(
            pool,
            UlnChange {
                kind,
                uln,
                master_uln,
                changed_on
            }
        )
        + names!(pool, StatedField { name, value })
        + names!(
            pool,
            Proof {
                path,
                form,
                suite,
                method,
                controller,
                key_source,
                checks
            }
        )
        + names!(pool, ProofCheck { name, result, code });
    assert_eq!(
        pool.all_messages().count(),
        messages,
        "a published message is missing here"
    );
}

#[test]
fn the_published_text_is_the_one_compiled_in() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/result_record.proto");
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        schema::RESULT_RECORD_PROTO
    );
}
