/*
 * Wakelog in C: which provider session an agent host resumes, and what it does when that fails.
 *
 * The words, methods, parameters and results are those of the wire interface: `wakelog_call` takes
 * any method with its parameters as a JSON object and gives its result as JSON. The four calls that
 * a host makes for every run also come with plain structs, which name the same parameters.
 *
 * Every function may be called from any thread, and none waits for another's callback. A call that
 * writes returns when its events are durable. Text is UTF-8. After a fork the child gets
 * WAKELOG_BUSY from every engine of its parent: it opens the log again, or leaves it alone.
 * Nothing that a caller passes ends the process: null, unknown and closed handles are refused.
 */
#ifndef WAKELOG_H
#define WAKELOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface. It changes when a program built against an older header could no
 * longer run; structs grow at their end and say their size, functions are only added. */
#define WAKELOG_ABI 1

/* What a call came to: 0, or why it was not carried out. The names are those of the wire. */
typedef int32_t wakelog_status;
enum {
  WAKELOG_OK = 0,
  WAKELOG_INVALID_PARAMETER = 1, /* a parameter is unknown, missing or wrong; the error names it */
  WAKELOG_UNKNOWN_METHOD = 2,    /* no such method */
  WAKELOG_STALE_FENCE = 3,       /* the write lost: its run has ended, or its key was reset */
  WAKELOG_NOT_FOUND = 4,         /* the session, agent or run is not known */
  WAKELOG_CONFLICT = 5,          /* the state is not what the call expects */
  WAKELOG_BUSY = 6,              /* a run is open, or the log is in use or closed */
  WAKELOG_CORRUPT = 7,           /* the log is damaged, or no log */
  WAKELOG_DISK_FULL = 8,         /* there is no room on the disk; nothing was written */
  WAKELOG_READ_ONLY = 9,         /* the log was opened for reading, or may not be written */
  WAKELOG_TOO_LARGE = 10,        /* a value is longer than its limit */
  WAKELOG_HOST_SUPERSEDED = 11   /* another process took the host's name */
};

/* An open log. The number of a closed one is never used again; 0 is none. */
typedef uint64_t wakelog_engine;

/* WAKELOG_ABI of the library, to be compared at loading. */
int32_t wakelog_abi(void);

/* The version of the library, as text that lives as long as the process. */
const char *wakelog_version(void);

/* Frees what a function of this library gave. Null is let be. */
void wakelog_free(void *memory);

/* The error of this thread's last call that failed: the error object of the wire,
 * `{ "code", "message", "data": { "code"?, "field"?, "cursor"? } }`. Null when none has. Lives until
 * this thread calls again. */
const char *wakelog_last_error(void);

/* The message alone: what is wrong, and what to do next. */
const char *wakelog_last_error_message(void);

/* Opens the log in a directory, making it if need be.
 *
 * `host` is the name of this process' host: runs that it left open when it was killed end as
 * interrupted, and wakes carry its name. Processes that live at the same time take different names:
 * while another process of this machine has the name and lives, opening is WAKELOG_BUSY, unless the
 * options say `takeOver`. Null for a process that starts no runs.
 * `options` is null or a JSON object: `policy` (a document, or the name of one that is built in, to
 * be adopted for every process on the log), `readOnly`, `givenClock`, `mapSizeBytes`, `takeOver`,
 * `coldAfterSeconds` (how long sessions lie in memory unchanged before their rows may leave for a
 * file without a name in the directory, to come back when they are asked for; 0 for never, default
 * a day),
 * `writerWaitSeconds` (how long a call that writes waits for another process that writes, before it
 * is WAKELOG_BUSY and names that process; 30 by default, 0 for not at all), `trustsFolder` (take a
 * directory that others can write to, or that belongs to another user).
 * A log is open once in a process: a second opening is WAKELOG_BUSY. */
wakelog_status wakelog_open(const char *directory, const char *host, const char *options,
                            wakelog_engine *engine);

/* Waits for the calls under way, and closes. Calls made later are WAKELOG_BUSY, as is closing twice.
 * From within a callback of the same engine it is WAKELOG_BUSY and closes nothing. */
wakelog_status wakelog_close(wakelog_engine engine);

/* Carries out a method by name and waits.
 *
 * `params` is a JSON object of `params_length` bytes, or null for none. `result` gets the result as
 * JSON, ended by a zero byte that `result_length` does not count; free it with `wakelog_free`.
 * `result_length` may be null. When the call fails, `result` is null. */
wakelog_status wakelog_call(wakelog_engine engine, const char *method, const char *params,
                            size_t params_length, char **result, size_t *result_length);

/* Whether a call made now would have to wait for another, of this process or of another that writes
 * to the log: perhaps for long, as one may be stopped. Who must not wait so submits the call instead.
 * False for an engine that is not open. */
bool wakelog_must_wait(wakelog_engine engine);

/* Told once what a submitted call came to, on a thread of the engine's for callbacks, one after the
 * other: it should not be kept for long. It may make calls, but not close the same engine. `json`
 * is the result, or the error object, of `length` bytes; it lives until the callback returns. */
typedef void (*wakelog_callback)(void *context, wakelog_status status, const char *json,
                                 size_t length);

/* Carries out a method without waiting. The callback is called exactly once if this returns
 * WAKELOG_OK, and never otherwise. Many calls on their way share one commit. */
wakelog_status wakelog_submit(wakelog_engine engine, const char *method, const char *params,
                              size_t params_length, wakelog_callback callback, void *context);

/* Waits up to a time for an event after a position, of this process or another; `last` gets the last
 * position that is durable. With `events` this is `subscribe` within a process. Closing the engine
 * ends the wait. */
wakelog_status wakelog_wait(wakelog_engine engine, uint64_t after, uint32_t milliseconds,
                            uint64_t *last);

/* ---- The calls of every run, with plain structs ----
 *
 * A struct begins with its size: `wakelog_wake_request request = {.size = sizeof request};`. Text
 * ends with a zero byte; null is left out. What is not named here is to be had with
 * `wakelog_call`: a wake's `payload` and `trace`, the `payloads` of a run, totals of `usage`, whether
 * a plan runs `beside` a session in use. */

/* Three answers. */
typedef int8_t wakelog_truth;
enum { WAKELOG_LEFT_OUT = 0, WAKELOG_TRUE = 1, WAKELOG_FALSE = -1 };

/* A request to run an agent: see `wake` of the wire. */
typedef struct {
  size_t size;
  const char *session;
  const char *agent;
  const char *provider;
  const char *source; /* timer message assignment cron manual recovery event */
  const char *reason;
  const char *scope;
  const char *workspace_path;
  const char *workspace_kind; /* project home worktree other; both or none */
  const char *resume;
  const char *fingerprint; /* a JSON object */
  const char *transcripts; /* a JSON object */
  const char *key;         /* the idempotency key */
  int64_t at;              /* nanoseconds since 1970; 0 for the engine's clock */
  uint32_t lease;          /* seconds; 0 for the policy's */
  wakelog_truth force_fresh;
  wakelog_truth keep;
  wakelog_truth transcript;
  wakelog_truth resumable;
} wakelog_wake_request;

/* How an attempt begins. Texts live as long as the result that this is part of. */
typedef struct {
  uint64_t attempt; /* 0: there is nothing to run */
  uint64_t generation;
  const char *session_id;     /* the id to resume; null for a fresh session */
  const char *workspace_path; /* where to run; null when nobody named a place */
  const char *workspace_kind;
  const char *params;  /* what the provider reported with the session, as JSON, or null */
  const char *because; /* why, in a sentence */
} wakelog_plan;

/* What became of a wake. Set `size`, and free `memory` with `wakelog_free` when done. */
typedef struct {
  size_t size;
  void *memory;
  const char *disposition; /* started refused coalesced deferred */
  const char *because;     /* why it was refused, or null */
  const char *fence;       /* the right to write for the run; null unless started */
  uint64_t run;            /* 0: none */
  wakelog_plan plan;
  bool duplicate;
} wakelog_wake_result;

wakelog_status wakelog_wake(wakelog_engine engine, const wakelog_wake_request *request,
                            wakelog_wake_result *result);

/* A sign of life of the current attempt: see `progress`. */
typedef struct {
  size_t size;
  uint64_t attempt;
  const char *fence;
  const char *session_id;
  uint32_t pid; /* 0: left out */
  wakelog_truth entered;
} wakelog_progress_request;

wakelog_status wakelog_progress(wakelog_engine engine, const wakelog_progress_request *request);

/* An exit code, status or number of turns that is not known. */
#define WAKELOG_UNKNOWN INT32_MIN

/* The end of an attempt: see `finish`. Numbers are WAKELOG_UNKNOWN when not known, for 0 means
 * something: `wakelog_finish_request request = WAKELOG_FINISH_REQUEST;`.
 *
 * What the program printed (`standard_output`, `standard_error`, `message`) may be of any length and
 * have any bytes: it is cut to 64 KiB together, at both ends, with a mark where something is
 * missing, and what is no UTF-8 is replaced. */
typedef struct {
  size_t size;
  uint64_t attempt;
  const char *fence;
  const char *outcome; /* succeeded failed timedOut cancelled interrupted; null to derive it */
  const char *session_id;
  const char *display_id;
  const char *params; /* a JSON object */
  const char *standard_output;
  const char *standard_error;
  const char *message;
  const char *error_code;
  const char *key;
  int64_t at;
  int64_t input_tokens; /* -1: not known, as the next two */
  int64_t output_tokens;
  int64_t cost_micros;
  int32_t exit_code;
  int32_t signal;
  int32_t status; /* of HTTP */
  int32_t turns;
  uint32_t retry_after_seconds; /* 0: left out */
  wakelog_truth resumed;
} wakelog_finish_request;

#define WAKELOG_FINISH_REQUEST                                                                  \
  {                                                                                             \
    .size = sizeof(wakelog_finish_request), .input_tokens = -1, .output_tokens = -1,            \
    .cost_micros = -1, .exit_code = WAKELOG_UNKNOWN, .signal = WAKELOG_UNKNOWN,                 \
    .status = WAKELOG_UNKNOWN, .turns = WAKELOG_UNKNOWN                                         \
  }

/* What became of it. Unless `settled`, run `next` and finish it with the same fence. */
typedef struct {
  size_t size;
  void *memory;
  const char *outcome;
  const char *failure_kind;   /* null when it did not fail, as the next two */
  const char *failure_family;
  const char *failure_because;
  const char *session_id; /* the id that the key points to now, or null */
  uint64_t run;
  wakelog_plan next;
  bool settled;
  bool pending; /* a deferred wake waits for `next` of the wire */
  bool duplicate;
} wakelog_finish_result;

wakelog_status wakelog_finish(wakelog_engine engine, const wakelog_finish_request *request,
                              wakelog_finish_result *result);

/* Whether a fence still holds: WAKELOG_OK or WAKELOG_STALE_FENCE, which is recorded. A host asks
 * this before it writes to a transcript. */
wakelog_status wakelog_check(wakelog_engine engine, const char *session, const char *fence);

/* ---- Agent CLIs ---- */

/* What is known of agent CLIs, as JSON: a list of one object per provider with the words that resume
 * and begin a session, where transcripts lie, and the source of each fact. Free it with
 * `wakelog_free`. */
wakelog_status wakelog_providers(char **result, size_t *result_length);

/* The words of a CLI's call with those that resume or begin a session put in.
 *
 * `request` is `{ "provider", "command": [words], "sessionId"?, "newId"? }`; the result is
 * `{ "command": [words], "sessionId": the id begun under or null }`. `provider` is a name, or the
 * document of a provider of one's own. */
wakelog_status wakelog_command(const char *request, size_t request_length, char **result,
                               size_t *result_length);

/* Reads a CLI's standard output as it comes. 0 is none. */
typedef uint64_t wakelog_reader;

/* A reader for the output of a provider's CLI, by its name or, as JSON, the document of one's own;
 * WAKELOG_NOT_FOUND for a name that is not known. */
wakelog_status wakelog_reader_open(const char *provider, wakelog_reader *reader);

/* Takes in a piece of output; `result`, unless null, gets what the output says so far:
 * `{ "sessionId", "entered", "turns", "usage" }`, each null where it does not say. A piece of no
 * bytes ends the output. */
wakelog_status wakelog_reader_feed(wakelog_reader reader, const char *bytes, size_t length,
                                   char **result, size_t *result_length);

/* Lets go of a reader. */
wakelog_status wakelog_reader_close(wakelog_reader reader);

/* Which failure the facts of an ended attempt show: see `wakelog classify`. */
wakelog_status wakelog_classify(const char *facts, size_t facts_length, char **result,
                                size_t *result_length);

#ifdef __cplusplus
}
#endif

#endif
