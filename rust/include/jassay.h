/*
 * Jassay's engine: judges streams of JSON records.
 *
 * A caller opens one engine, compiles a config to a plan, opens a session for each stream, feeds it the bytes of the stream in
 * order, and finishes it to get the result.
 *
 *     jassay_engine *engine;
 *     jassay_plan *plan;
 *     jassay_session *session;
 *     const uint8_t *result;
 *     uint64_t result_length;
 *     jassay_error error;
 *
 *     jassay_engine_new(2, 256 << 20, &engine, &error);
 *     jassay_plan_new(engine, config, config_length, &plan, &error);
 *     jassay_session_new(engine, plan, &session, &error);
 *     while (... more bytes ...)
 *         if (jassay_session_feed(session, bytes, length, &error) != JASSAY_OK) break;
 *     jassay_session_finish(session, &result, &result_length, &error);
 *     ... read the result, a ProcessResult of jassay.proto ...
 *     jassay_session_free(session);
 *     jassay_plan_free(plan);
 *     jassay_engine_free(engine);
 *
 * Conventions
 * - Config and result are encoded protobuf messages: ProcessConfig or MergeConfig, and ProcessResult, of proto/jassay/v1/jassay.proto.
 * - Inputs are a pointer and a length in bytes, borrowed for the duration of the call. The pointer may be null where the length is 0.
 *   Bytes need no alignment, no padding and no terminator.
 * - Every function that can fail returns a jassay_status and takes a jassay_error of the caller's, which may be null. Outputs and
 *   the error are written only in their own case: outputs on success, the error on failure.
 * - Whatever a _new function returns is freed by the _free function of its name. Freeing null does nothing. A plan and a session keep
 *   what they need of their engine alive, so the three may be freed in any order.
 * - No function unwinds or aborts on bad data. A defect of the engine that would do so is caught and returned as JASSAY_ENGINE_FAULT.
 */
#ifndef JASSAY_H
#define JASSAY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised whenever a function, a struct or a status changes its meaning. */
#define JASSAY_ABI_VERSION 5

/* Values are never reused. */
typedef int32_t jassay_status;
enum {
    JASSAY_OK = 0,
    /* As JASSAY_OK; besides, no byte that could still come would change the result: feed no more, finish. */
    JASSAY_DONE = 1,
    /* A pointer is null that must not be, or a number is out of its range. A defect of the caller. */
    JASSAY_INVALID_ARGUMENT = 2,
    /* The config is no encoded ProcessConfig, or no MergeConfig. */
    JASSAY_CONFIG_UNREADABLE = 3,
    /* The config has values out of their range; the text has one line "field: description" for each. */
    JASSAY_CONFIG_INVALID = 4,
    /* The engine's memory limit does not allow it. */
    JASSAY_MEMORY_REFUSED = 5,
    /* jassay_session_cancel was called. */
    JASSAY_CANCELLED = 6,
    /* A defect of the engine. */
    JASSAY_ENGINE_FAULT = 7,
    /* The session has been finished, or a call on it has failed: it can only be freed. */
    JASSAY_SESSION_SPENT = 8,
    /* A state is of another version of states, or of another config than the ones before it, or its part has come before. */
    JASSAY_STATE_INCOMPATIBLE = 9,
    /* The bytes are no states, or a state is cut short, or there is none. */
    JASSAY_STATE_DAMAGED = 10,
    /* The config's schema cannot be judged by: it is no schema, a reference in it leads to nothing that is given, or it is too large or too
       costly. The text has one line "resource#pointer: what is wrong" for each problem, as far as they fit; jassay_schema_check tells all. */
    JASSAY_SCHEMA_INVALID = 11,
    JASSAY_SCHEMA_REF_UNRESOLVED = 12,
    JASSAY_SCHEMA_TOO_COMPLEX = 13
};

#define JASSAY_ERROR_TEXT_BYTES 2048

/* Owned by the caller, filled on failure. */
typedef struct jassay_error {
    jassay_status status;
    /* Bytes of text in use. */
    uint32_t text_length;
    /* UTF-8, not terminated, none of the stream's data in it. */
    char text[JASSAY_ERROR_TEXT_BYTES];
} jassay_error;

/* Worker threads and the memory that all sessions share. Any thread, also at once. */
typedef struct jassay_engine jassay_engine;
/* A compiled config; immutable. Any thread, also at once. */
typedef struct jassay_plan jassay_plan;
/* What was found out about a schema; immutable. Any thread, also at once. */
typedef struct jassay_schema_report jassay_schema_report;
/* One stream. One thread at a time, which need not always be the same; jassay_session_cancel from any. */
typedef struct jassay_session jassay_session;

/* What is in use at this moment. Figures are read one after the other, not as one snapshot. */
typedef struct jassay_usage {
    /* Bytes that may be reserved, and that are reserved, by sessions and by jassay_engine_reserve together. */
    uint64_t memory_limit;
    uint64_t memory_reserved;
    /* Objects alive in the process, of all engines. */
    uint64_t plans;
    uint64_t sessions;
} jassay_usage;

/* How far a session is. */
typedef struct jassay_progress {
    /* Of the stream, bytes that have been framed; of a merge, bytes fed. */
    uint64_t bytes;
    /* Records that have been judged, and those of them that are invalid. */
    uint64_t records;
    uint64_t invalid;
    /* Where the stream ended, if not well. */
    uint64_t stopped_at;
    /* How it ended, a Termination of jassay.proto; 0 until it has, and of a merge. */
    uint32_t termination;
    uint32_t reserved;
} jassay_progress;

/* JASSAY_ABI_VERSION of the library. Compare it before any other call. */
uint32_t jassay_abi_version(void);

/* Terminated, static: the library's version, and the kernel, the code path that judges: the best one of this processor, or the one that
   the environment variable JASSAY_KERNEL names (avx512, avx2, portable). With a name that this processor does not have,
   jassay_engine_new fails with JASSAY_INVALID_ARGUMENT and names those it has. */
const char *jassay_version(void);
const char *jassay_kernel(void);

/* threads: 1 to 1,024, those that may judge one stream at once, the calling one among them. memory_limit: bytes, at least 1. */
jassay_status jassay_engine_new(uint32_t threads, uint64_t memory_limit, jassay_engine **engine, jassay_error *error);
/* The same, with bounds on compressed streams, beyond which they end as LIMIT. max_expansion: decompressed bytes for each compressed one,
   judged after the first GiB, at least 1 (jassay_engine_new: 2,000). max_zstd_window: bytes that a zstd frame may refer back, 1 KiB to 2 GiB
   (jassay_engine_new: 8 MiB); a stream reserves what its frames ask. */
jassay_status jassay_engine_new_bounded(uint32_t threads, uint64_t memory_limit, uint64_t max_expansion, uint64_t max_zstd_window,
                                        jassay_engine **engine, jassay_error *error);
void jassay_engine_free(jassay_engine *engine);

/* Takes bytes of the engine's memory limit for the caller's own buffers, all or nothing: JASSAY_OK or JASSAY_MEMORY_REFUSED. */
jassay_status jassay_engine_reserve(jassay_engine *engine, uint64_t bytes, jassay_error *error);
/* Gives back what jassay_engine_reserve took; never more than that. */
void jassay_engine_release(jassay_engine *engine, uint64_t bytes);
jassay_status jassay_engine_usage(const jassay_engine *engine, jassay_usage *usage, jassay_error *error);

/* JASSAY_CONFIG_UNREADABLE or JASSAY_CONFIG_INVALID where the config is at fault, one of the three JASSAY_SCHEMA_ where its schema is. */
jassay_status jassay_plan_new(jassay_engine *engine, const uint8_t *config, uint64_t config_length, jassay_plan **plan,
                              jassay_error *error);
/* The same with a MergeConfig: its sessions are fed states, one after the other and cut anywhere, and their result is that of all. */
jassay_status jassay_merge_plan_new(jassay_engine *engine, const uint8_t *config, uint64_t config_length, jassay_plan **plan,
                                    jassay_error *error);
void jassay_plan_free(jassay_plan *plan);

/*
 * Tells whether a schema can be judged by. The request is an encoded CheckSchemaRequest; JASSAY_CONFIG_UNREADABLE where it is not. A schema
 * with problems is a success that tells them.
 */
jassay_status jassay_schema_check(jassay_engine *engine, const uint8_t *request, uint64_t request_length, jassay_schema_report **report,
                                  jassay_error *error);
/* An encoded CheckSchemaResponse; it is the report's and stands until that is freed. */
jassay_status jassay_schema_report_bytes(const jassay_schema_report *report, const uint8_t **bytes, uint64_t *length, jassay_error *error);
void jassay_schema_report_free(jassay_schema_report *report);

/* Starts the clock of the result's timing. */
jassay_status jassay_session_new(jassay_engine *engine, const jassay_plan *plan, jassay_session **session, jassay_error *error);

/*
 * What a listener is told: an encoded ProcessEvent of at most 1 MiB (accepted, violations, records), or the next bytes of the output of valid
 * records or of invalid ones.
 */
enum {
    JASSAY_EVENT = 1,
    JASSAY_VALID = 2,
    JASSAY_INVALID = 3
};
/*
 * Takes what is told; the bytes are borrowed for the duration of the call, which may wait. 0: go on. Anything else: the function on the
 * session that runs returns JASSAY_CANCELLED. Must not unwind, and of the session it may only call jassay_session_cancel.
 */
typedef int32_t (*jassay_listener)(void *context, uint32_t told, const uint8_t *bytes, uint64_t length);

/* What a listener wants to be told: events, as the config asks; records as two outputs. */
enum {
    JASSAY_WANT_EVENTS = 1,
    JASSAY_WANT_OUTPUTS = 2
};

/*
 * From now on the listener is told of the stream in its order, by the thread that calls a function on the session: one batch of each kind
 * is held for it at most. To be called once at most, before anything is fed. Listener and context are used as long as the session lives.
 * Not of a merge.
 */
jassay_status jassay_session_listen(jassay_session *session, uint32_t wanted, jassay_listener listener, void *context, jassay_error *error);

/*
 * Judges what has been decompressed and still waits, and tells the listener, if there is one, what waits for its batch to be full. At most
 * 16 KiB of a compressed stream wait on. Not of a merge.
 */
jassay_status jassay_session_flush(jassay_session *session, jassay_error *error);

/*
 * Judges the next bytes of the stream, on this thread and on workers, and returns when they are no longer needed. Never blocks on
 * anything but that work and a listener. JASSAY_OK: go on. JASSAY_DONE: go on to finish; bytes fed after that are ignored. Any other status: the
 * session is spent.
 */
jassay_status jassay_session_feed(jassay_session *session, const uint8_t *bytes, uint64_t length, jassay_error *error);

/* Tells how far the session is. Not while another call on it runs. */
jassay_status jassay_session_progress(jassay_session *session, jassay_progress *progress, jassay_error *error);

/*
 * Ends the stream before its first record that has not been judged, with the termination INTERRUPTED; where it has ended by itself,
 * nothing changes. Afterwards the session can only be finished or merged; bytes that are fed are ignored. Not of a merge.
 */
jassay_status jassay_session_interrupt(jassay_session *session, jassay_error *error);

/*
 * Ends the stream as part `number` of a whole and begins another one; numbers rise from call to call. The source, UTF-8 of at most 512
 * bytes, is named in the part's violations. `progress` tells how the part ended. Afterwards the session can be fed the next stream, or
 * be given to jassay_session_merge; it cannot be finished. Its config has to be with_state. Not of a merge.
 */
jassay_status jassay_session_end_part(jassay_session *session, uint32_t number, const uint8_t *source, uint64_t source_length,
                                      jassay_progress *progress, jassay_error *error);

/*
 * Adds the parts that have ended in a session, one at least, to `merge`, a session of a merge; `parts` is then spent. Both have to be of
 * one engine. No part may come twice; as of states, 0 to n have to be there in the end for positions in the whole.
 */
jassay_status jassay_session_merge(jassay_session *merge, jassay_session *parts, jassay_error *error);

/*
 * Ends the stream and gives its state, of any size; the result will then be without it. Of no bytes where the config has not
 * with_state. The state is the session's and stands until it is freed. Afterwards the session can only be finished; bytes that are fed
 * are ignored.
 */
jassay_status jassay_session_state(jassay_session *session, const uint8_t **state, uint64_t *state_length, jassay_error *error);

/* Ends the stream, unless jassay_session_state has. The result is the session's and stands until it is freed. Afterwards the session is spent. */
jassay_status jassay_session_finish(jassay_session *session, const uint8_t **result, uint64_t *result_length, jassay_error *error);

/* Makes a running or later call on the session return JASSAY_CANCELLED, within 100 ms. Must not race with jassay_session_free. */
void jassay_session_cancel(jassay_session *session);

/* Not while another call on the session runs. */
void jassay_session_free(jassay_session *session);

#ifdef __cplusplus
}
#endif

#endif /* JASSAY_H */
