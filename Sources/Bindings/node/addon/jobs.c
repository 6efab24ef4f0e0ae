#include "addon.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Job *job_make(napi_env env, Environment *environment, enum Work work, uint32_t number) {
  Job *job = calloc(1, sizeof *job);
  if (job == NULL) {
    napi_throw_error(env, NULL, "there is no memory left for a call");
    return NULL;
  }
  job->environment = environment;
  job->work = work;
  job->number = number;
  atomic_fetch_add(&environment->references, 1);
  /* Something under way keeps the loop alive. */
  if (environment->under_way++ == 0) napi_ref_threadsafe_function(env, environment->wake);
  return job;
}

static void free_words(Job *job) {
  free(job->directory);
  free(job->host);
  free(job->options);
  job->directory = job->host = job->options = NULL;
}

void job_drop(napi_env env, Job *job) {
  Environment *environment = job->environment;
  if (--environment->under_way == 0) napi_unref_threadsafe_function(env, environment->wake);
  free_words(job);
  free(job);
  environment_release(environment);
}

static void finish_with_error(Job *job, wakelog_status status) {
  const char *error = wakelog_last_error();
  if (error == NULL) error = "{\"code\":-32000,\"message\":\"no reason was given\",\"data\":{}}";
  job_finish(job, status, error, strlen(error));
}

static void finish_with_number(Job *job, uint64_t number) {
  char text[24];
  int length = snprintf(text, sizeof text, "%" PRIu64, number);
  job_finish(job, WAKELOG_OK, text, (size_t)length);
}

static void *carry_out(void *argument) {
  Job *job = argument;
  wakelog_status status;
  switch (job->work) {
  case OPEN: {
    wakelog_engine engine = 0;
    status = wakelog_open(job->directory, job->host, job->options, &engine);
    free_words(job);
    if (status != WAKELOG_OK) {
      finish_with_error(job, status);
    } else {
      /* Whoever asked is gone. */
      if (!environment_keep(job->environment, engine)) wakelog_close(engine);
      finish_with_number(job, engine);
    }
    break;
  }
  case CLOSE:
    status = wakelog_close(job->engine);
    if (status != WAKELOG_OK) {
      finish_with_error(job, status);
    } else {
      environment_forget(job->environment, job->engine);
      job_finish(job, WAKELOG_OK, "null", 4);
    }
    break;
  case WAIT: {
    uint64_t last = job->after;
    status = wakelog_wait(job->engine, job->after, job->milliseconds, &last);
    if (status != WAKELOG_OK) finish_with_error(job, status);
    else finish_with_number(job, last);
    break;
  }
  case SUBMIT: break; /* has the engine's own threads */
  }
  return NULL;
}

bool job_start(napi_env env, Job *job) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  int failure = pthread_create(&thread, &attributes, carry_out, job);
  pthread_attr_destroy(&attributes);
  if (failure == 0) return true;
  job_drop(env, job);
  napi_throw_error(env, NULL, "the system has no thread left");
  return false;
}
