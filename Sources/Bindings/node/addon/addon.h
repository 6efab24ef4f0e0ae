/*
 * The addon's own declarations: one `Environment` for each Node environment that loaded it (the
 * main thread's, each worker's), and `Job`s, which are calls on their way.
 */
#ifndef WAKELOG_ADDON_H
#define WAKELOG_ADDON_H

#define NAPI_VERSION 8
#include <node_api.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "wakelog.h"

struct Environment;

/* What a job does off the event loop. */
enum Work { SUBMIT, OPEN, CLOSE, WAIT };

/* A call on its way. Made on the event loop's thread, finished on another, settled on the first. */
typedef struct Job {
  struct Job *next;
  struct Environment *environment;
  enum Work work;
  uint32_t number; /* what the JavaScript side knows the call by */
  wakelog_engine engine;
  uint64_t after; /* of a wait, as the next */
  uint32_t milliseconds;
  char *directory; /* of an opening, as the next two */
  char *host;
  char *options;
  wakelog_status status;
  char *text; /* what came of it, as JSON */
  size_t length;
} Job;

/* Outlives its Node environment while jobs of it are under way. */
typedef struct Environment {
  atomic_size_t references;
  pthread_mutex_t lock;
  bool is_ending;       /* no job wakes the event loop any more */
  Job *first, *last;    /* finished, to be settled */
  wakelog_engine *engines; /* open ones; closed when the environment ends */
  size_t engine_count, engine_capacity;
  napi_threadsafe_function wake;
  napi_ref settle; /* the JavaScript function that is told what jobs came to */
  size_t under_way; /* jobs not yet settled; touched by the event loop's thread alone */
} Environment;

Environment *environment_make(napi_env env, napi_value settle);
void environment_release(Environment *environment);

/* Keeps an engine to be closed with the environment. False when that is ending: the engine is then
 * the caller's to close. */
bool environment_keep(Environment *environment, wakelog_engine engine);
void environment_forget(Environment *environment, wakelog_engine engine);

/* A job, counted as under way; null with an exception pending. */
Job *job_make(napi_env env, Environment *environment, enum Work work, uint32_t number);
/* Lets go of a job that never started. */
void job_drop(napi_env env, Job *job);
/* Hands a finished job to the event loop. On any thread. */
void job_finish(Job *job, wakelog_status status, const char *text, size_t length);
/* Carries the job out on a thread of its own. False with an exception pending. */
bool job_start(napi_env env, Job *job);

/* The functions for JavaScript. */
bool calls_define(napi_env env, napi_value exports);
bool clis_define(napi_env env, napi_value exports);

/* Text of an argument for as long as a call lasts, ended by a zero byte. */
typedef struct Text {
  char *start; /* in `inside`, where it fits; that spares counting it first */
  size_t length;
  char inside[512];
} Text;

/* Takes a text, to be let go of in any case; false with an exception pending. */
bool text_take(napi_env env, napi_value value, Text *text);
/* The same for the name of a method: without a zero character in it. */
bool name_take(napi_env env, napi_value value, Text *text);
void text_drop(Text *text);

/* Text of an argument, ended by a zero byte, to be freed; null with an exception pending. */
char *text_of(napi_env env, napi_value value, size_t *length);
/* The same for null and undefined, which give null. False with an exception pending. */
bool text_or_null_of(napi_env env, napi_value value, char **text);
/* UTF-8 as a string; not `napi_ok` when it is longer than memory or a string allows. */
napi_status string_of(napi_env env, const char *text, size_t length, napi_value *string);
/* A number that a handle or position is; false with an exception pending. */
bool number_of(napi_env env, napi_value value, uint64_t *number);
/* The arguments of a call; false, with an exception pending, unless there are `count`. */
bool arguments_of(napi_env env, napi_callback_info info, size_t count, napi_value *values,
                  Environment **environment);
/* A result as a string, or an array of the last error's JSON. Frees `text`. */
napi_value answer_of(napi_env env, wakelog_status status, char *text, size_t length);
/* Defines one function. */
bool define(napi_env env, napi_value exports, const char *name, napi_callback function);

#endif
