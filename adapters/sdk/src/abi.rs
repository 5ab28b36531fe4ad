//! The C ABI of `schema/adapter.h`, field by field, and the macro that exports an adapter through it.
