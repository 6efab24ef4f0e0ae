#include "addon.h"

#include <stdlib.h>
#include <string.h>

/* Tells JavaScript what one job came to. */
static void tell(napi_env env, napi_value function, const Job *job) {
  napi_handle_scope scope;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  napi_value receiver, words[3], exception;
  wakelog_status status = job->status;
  if (job->text == NULL || string_of(env, job->text, job->length, &words[2]) != napi_ok) {
    /* Longer than memory or a string allows. */
    status = WAKELOG_TOO_LARGE;
    napi_create_string_utf8(env, "", 0, &words[2]);
  }
  napi_create_uint32(env, job->number, &words[0]);
  napi_create_int32(env, status, &words[1]);
  napi_get_undefined(env, &receiver);
  if (napi_call_function(env, receiver, function, 3, words, NULL) == napi_pending_exception &&
      napi_get_and_clear_last_exception(env, &exception) == napi_ok) {
    napi_fatal_exception(env, exception);
  }
  napi_close_handle_scope(env, scope);
}

/* On the event loop: takes every finished job. */
static void settle(napi_env env, Environment *environment) {
  pthread_mutex_lock(&environment->lock);
  Job *job = environment->first;
  environment->first = environment->last = NULL;
  pthread_mutex_unlock(&environment->lock);
  napi_value function = NULL;
  if (env != NULL) napi_get_reference_value(env, environment->settle, &function);
  while (job != NULL) {
    Job *next = job->next;
    if (function != NULL) tell(env, function, job);
    environment->under_way -= 1;
    free(job->text);
    free(job);
    environment_release(environment);
    job = next;
  }
  /* Nothing under way: the loop may end. */
  if (env != NULL && environment->under_way == 0) {
    napi_unref_threadsafe_function(env, environment->wake);
  }
}

static void on_wake(napi_env env, napi_value function, void *context, void *data) {
  (void)function, (void)data;
  settle(env, context);
}

void job_finish(Job *job, wakelog_status status, const char *text, size_t length) {
  Environment *environment = job->environment;
  job->status = status;
  if (text != NULL) {
    job->text = malloc(length + 1);
    if (job->text != NULL) {
      memcpy(job->text, text, length);
      job->text[length] = 0;
      job->length = length;
    } else {
      job->status = WAKELOG_TOO_LARGE;
    }
  }
  pthread_mutex_lock(&environment->lock);
  bool is_ending = environment->is_ending;
  if (!is_ending) {
    bool is_first = environment->first == NULL;
    if (is_first) environment->first = job;
    else environment->last->next = job;
    environment->last = job;
    /* Under the lock, for the loop's end waits for the lock before it lets go of `wake`. */
    if (is_first) napi_call_threadsafe_function(environment->wake, NULL, napi_tsfn_nonblocking);
  }
  pthread_mutex_unlock(&environment->lock);
  if (is_ending) {
    free(job->text);
    free(job);
    environment_release(environment);
  }
}

/* The environment ends: a worker's, or the main thread's that has nothing left to do. Calls under
 * way become durable, and nobody hears of them. (`process.exit` comes by no hook, and ends the
 * process like a kill: calls not yet answered were carried out wholly or not at all.) */
static void on_end(void *data) {
  Environment *environment = data;
  pthread_mutex_lock(&environment->lock);
  environment->is_ending = true;
  wakelog_engine *engines = environment->engines;
  size_t count = environment->engine_count;
  environment->engines = NULL;
  environment->engine_count = environment->engine_capacity = 0;
  pthread_mutex_unlock(&environment->lock);
  for (size_t i = 0; i < count; i += 1) wakelog_close(engines[i]);
  free(engines);
  settle(NULL, environment);
  environment_release(environment);
}

Environment *environment_make(napi_env env, napi_value function) {
  Environment *environment = calloc(1, sizeof *environment);
  if (environment == NULL) return NULL;
  atomic_init(&environment->references, 1);
  pthread_mutex_init(&environment->lock, NULL);
  napi_value name;
  /* Hooks are run last in, first out: `wake` has one of its own, and ours has to run before it. */
  if (napi_create_reference(env, function, 1, &environment->settle) != napi_ok ||
      napi_create_string_utf8(env, "wakelog", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_threadsafe_function(env, NULL, NULL, name, 0, 1, NULL, NULL, environment, on_wake,
                                      &environment->wake) != napi_ok ||
      napi_unref_threadsafe_function(env, environment->wake) != napi_ok ||
      napi_add_env_cleanup_hook(env, on_end, environment) != napi_ok) {
    environment_release(environment);
    return NULL;
  }
  return environment;
}

void environment_release(Environment *environment) {
  if (atomic_fetch_sub(&environment->references, 1) != 1) return;
  pthread_mutex_destroy(&environment->lock);
  free(environment->engines);
  free(environment);
}

bool environment_keep(Environment *environment, wakelog_engine engine) {
  pthread_mutex_lock(&environment->lock);
  bool is_kept = !environment->is_ending;
  if (is_kept && environment->engine_count == environment->engine_capacity) {
    size_t capacity = environment->engine_capacity * 2 + 4;
    wakelog_engine *engines = realloc(environment->engines, capacity * sizeof *engines);
    is_kept = engines != NULL;
    if (is_kept) {
      environment->engines = engines;
      environment->engine_capacity = capacity;
    }
  }
  if (is_kept) environment->engines[environment->engine_count++] = engine;
  pthread_mutex_unlock(&environment->lock);
  return is_kept;
}

void environment_forget(Environment *environment, wakelog_engine engine) {
  pthread_mutex_lock(&environment->lock);
  for (size_t i = 0; i < environment->engine_count; i += 1) {
    if (environment->engines[i] != engine) continue;
    environment->engines[i] = environment->engines[--environment->engine_count];
    break;
  }
  pthread_mutex_unlock(&environment->lock);
}
