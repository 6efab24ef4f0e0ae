#include "addon.h"

#include <stdlib.h>

static void on_answer(void *context, wakelog_status status, const char *json, size_t length) {
  job_finish(context, status, json, length);
}

/* submit(number, engine, method, params): settled with the result's JSON. When the call cannot even
 * be made, an array of the error's JSON, and nothing is settled. */
static napi_value submit(napi_env env, napi_callback_info info) {
  napi_value values[4];
  Environment *environment;
  uint64_t number, engine;
  if (!arguments_of(env, info, 4, values, &environment) || !number_of(env, values[0], &number) ||
      !number_of(env, values[1], &engine)) {
    return NULL;
  }
  Text method = {.start = NULL}, params = {.start = NULL};
  Job *job = name_take(env, values[2], &method) && text_take(env, values[3], &params)
                 ? job_make(env, environment, SUBMIT, (uint32_t)number)
                 : NULL;
  napi_value answer = NULL;
  if (job != NULL) {
    wakelog_status status =
        wakelog_submit(engine, method.start, params.start, params.length, on_answer, job);
    if (status != WAKELOG_OK) {
      answer = answer_of(env, status, NULL, 0);
      job_drop(env, job);
    }
  }
  text_drop(&method);
  text_drop(&params);
  return answer;
}

/* call(engine, method, params): waits; the result's JSON, or an array of the error's. */
static napi_value call(napi_env env, napi_callback_info info) {
  napi_value values[3];
  uint64_t engine;
  if (!arguments_of(env, info, 3, values, NULL) || !number_of(env, values[0], &engine)) return NULL;
  Text method = {.start = NULL}, params = {.start = NULL};
  napi_value answer = NULL;
  if (name_take(env, values[1], &method) && text_take(env, values[2], &params)) {
    char *result = NULL;
    size_t length = 0;
    wakelog_status status =
        wakelog_call(engine, method.start, params.start, params.length, &result, &length);
    answer = answer_of(env, status, result, length);
  }
  text_drop(&method);
  text_drop(&params);
  return answer;
}

/* open(number, directory, host, options): settled with the engine's number. */
static napi_value open_log(napi_env env, napi_callback_info info) {
  napi_value values[4];
  Environment *environment;
  uint64_t number;
  if (!arguments_of(env, info, 4, values, &environment) || !number_of(env, values[0], &number)) {
    return NULL;
  }
  Job *job = job_make(env, environment, OPEN, (uint32_t)number);
  if (job == NULL) return NULL;
  job->directory = text_of(env, values[1], NULL);
  if (job->directory == NULL || !text_or_null_of(env, values[2], &job->host) ||
      !text_or_null_of(env, values[3], &job->options)) {
    job_drop(env, job);
    return NULL;
  }
  job_start(env, job);
  return NULL;
}

/* openSync(directory, host, options): the engine's number, or an array of the error's JSON. */
static napi_value open_and_wait(napi_env env, napi_callback_info info) {
  napi_value values[3], answer = NULL;
  Environment *environment;
  if (!arguments_of(env, info, 3, values, &environment)) return NULL;
  char *directory = text_of(env, values[0], NULL), *host = NULL, *options = NULL;
  if (directory != NULL && text_or_null_of(env, values[1], &host) &&
      text_or_null_of(env, values[2], &options)) {
    wakelog_engine engine = 0;
    wakelog_status status = wakelog_open(directory, host, options, &engine);
    if (status != WAKELOG_OK) {
      answer = answer_of(env, status, NULL, 0);
    } else if (!environment_keep(environment, engine)) {
      wakelog_close(engine);
      napi_throw_error(env, NULL, "this thread is ending");
    } else {
      napi_create_int64(env, (int64_t)engine, &answer);
    }
  }
  free(directory);
  free(host);
  free(options);
  return answer;
}

/* close(number, engine): settled once everything under way is done. */
static napi_value close_log(napi_env env, napi_callback_info info) {
  napi_value values[2];
  Environment *environment;
  uint64_t number, engine;
  if (!arguments_of(env, info, 2, values, &environment) || !number_of(env, values[0], &number) ||
      !number_of(env, values[1], &engine)) {
    return NULL;
  }
  Job *job = job_make(env, environment, CLOSE, (uint32_t)number);
  if (job == NULL) return NULL;
  job->engine = engine;
  job_start(env, job);
  return NULL;
}

/* wait(number, engine, after, milliseconds): settled with the last durable position. */
static napi_value wait_for_events(napi_env env, napi_callback_info info) {
  napi_value values[4];
  Environment *environment;
  uint64_t number, engine, after, milliseconds;
  if (!arguments_of(env, info, 4, values, &environment) || !number_of(env, values[0], &number) ||
      !number_of(env, values[1], &engine) || !number_of(env, values[2], &after) ||
      !number_of(env, values[3], &milliseconds)) {
    return NULL;
  }
  Job *job = job_make(env, environment, WAIT, (uint32_t)number);
  if (job == NULL) return NULL;
  job->engine = engine;
  job->after = after;
  job->milliseconds = (uint32_t)milliseconds;
  job_start(env, job);
  return NULL;
}

/* noop(): what it costs to come here and go back, for the benchmark. */
static napi_value do_nothing(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  return NULL;
}

bool calls_define(napi_env env, napi_value exports) {
  return define(env, exports, "submit", submit) && define(env, exports, "call", call) &&
         define(env, exports, "open", open_log) &&
         define(env, exports, "openSync", open_and_wait) &&
         define(env, exports, "close", close_log) &&
         define(env, exports, "wait", wait_for_events) && define(env, exports, "noop", do_nothing);
}
