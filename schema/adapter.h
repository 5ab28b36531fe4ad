/*
 * The boundary between the registry and an adapter: a dynamic library that turns one source's file into
 * result records (result_record.proto). The library exports one constant, `iqf_adapter`. It is loaded only
 * in a sandboxed worker process, never in the registry's own.
 *
 * Rules. No ownership crosses: nobody frees what the other side made. Every text is a pointer and a length
 * in bytes, UTF-8, without a closing zero. Nothing may be called after `run` has returned except `destroy`.
 * The table given to `create` stays valid until `destroy` has returned, which may use it to call `stop`.
 * No exception and no panic may cross. Fields are only ever added at the end of a struct; `struct_size`
 * tells how many there are, and `abi_minor` rises with each.
 */
#ifndef IQF_ADAPTER_H
#define IQF_ADAPTER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IQF_ADAPTER_MAGIC 0x5450444146514932ull /* the bytes "2IQFADPT" in little-endian order */
#define IQF_ABI_MAJOR 1u
#define IQF_ABI_MINOR 0u
#define IQF_RECORD_SCHEMA 1u

typedef struct {
    const uint8_t *data;
    size_t len;
} iqf_text;

/* What `create` and `run` return, and what the host's functions return. */
enum {
    IQF_OK = 0,
    IQF_STOPPED = 1,   /* the adapter gave up and called `stop` before */
    IQF_PANICKED = 2,  /* the adapter caught a panic and called `stop` before, code "panic", message its place */
    IQF_CANCELLED = 3, /* the host asked to end, or a host's function failed: return at once */
};

enum { IQF_WARNING = 0, IQF_ERROR = 1 };

/* Where in the file; zero or empty means "not known". See message Position. */
typedef struct {
    uint64_t row;
    uint32_t column;
    uint32_t reserved;
    uint64_t offset_plus_one;
    iqf_text path;
} iqf_position;

typedef struct {
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t struct_size;
    uint32_t batch_size; /* bytes after which a batch should be emitted */
    void *ctx;           /* handed back as the first argument of each function below */
    /* Reads at most `len` bytes; returns how many, 0 at the end, negative on failure. */
    int64_t (*read)(void *ctx, uint8_t *buf, size_t len);
    /* Hands over an encoded ResultBatch holding `count` records, each of at most 1 MiB. */
    int32_t (*emit)(void *ctx, const uint8_t *bytes, size_t len, uint32_t count);
    /* Tells of a record that could not be read, or of something odd. Codes are kebab-case, at most 64 bytes;
       messages are at most 500 bytes and hold no personal data. */
    int32_t (*issue)(void *ctx, uint32_t severity, iqf_text code, iqf_text message, const iqf_position *position);
    /* Not zero once the adapter should return IQF_CANCELLED. The functions above refuse from then on, and an
       adapter that goes on all the same is killed half a second later. */
    int32_t (*cancelled)(void *ctx);
    /* Says why the adapter gives up; call once, before returning IQF_STOPPED or IQF_PANICKED. */
    void (*stop)(void *ctx, iqf_text code, iqf_text message, const iqf_position *position);
} iqf_host;

typedef struct {
    uint64_t magic;
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t struct_size;
    uint8_t pointer_width; /* in bytes */
    uint8_t big_endian;    /* 0 or 1 */
    uint16_t reserved;
    uint32_t record_schema;
    uint32_t reserved2;
    iqf_text name;        /* the {adapter} of /imports/{adapter}: a-z, 0-9 and '-', at most 40 */
    iqf_text version;
    iqf_text formats;     /* media types, separated by commas */
    iqf_text sdk_version; /* empty where no SDK was used */
    iqf_text compiler;
    /* `config` is the adapter's table of the configuration, as TOML. On success an instance is written. */
    int32_t (*create)(const iqf_host *host, iqf_text config, void **instance);
    int32_t (*run)(void *instance, const iqf_host *host);
    void (*destroy)(void *instance);
} iqf_adapter_descriptor;

extern const iqf_adapter_descriptor iqf_adapter;

#ifdef __cplusplus
}
#endif
#endif
