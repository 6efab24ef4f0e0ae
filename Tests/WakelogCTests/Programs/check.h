/* What the programs of these tests share. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wakelog.h"

/* Ends the program unless something holds. */
#define CHECK(condition)                                                              \
  do {                                                                                \
    if (!(condition)) {                                                               \
      const char *error = wakelog_last_error();                                       \
      fprintf(stderr, "%s:%d: %s\n  last error: %.400s\n", __FILE__, __LINE__, #condition, \
              error ? error : "none");                                                \
      _exit(1);                                                                       \
    }                                                                                 \
  } while (0)

/* Checks that a call failed so, and that the error says a word: a field, or what to do. */
#define REFUSED(call, expected, word)                            \
  do {                                                           \
    wakelog_status status = (call);                              \
    if (status != (expected)) fprintf(stderr, "got %d\n", status); \
    CHECK(status == (expected));                                 \
    CHECK(wakelog_last_error() && strstr(wakelog_last_error(), (word))); \
  } while (0)

/* Calls a method that has to succeed. The caller frees the result. */
static inline char *call(wakelog_engine engine, const char *method, const char *params) {
  char *result = NULL;
  size_t length = 0;
  CHECK(wakelog_call(engine, method, params, params ? strlen(params) : 0, &result, &length) ==
        WAKELOG_OK);
  CHECK(result && strlen(result) == length);
  return result;
}

/* Checks that a method succeeds and that its result has a text in it. */
static inline void gives(wakelog_engine engine, const char *method, const char *params,
                         const char *text) {
  char *result = call(engine, method, params);
  if (!strstr(result, text)) fprintf(stderr, "%s gave %s\n", method, result);
  CHECK(strstr(result, text));
  wakelog_free(result);
}

/* A wake of a key with all that is required. */
static inline wakelog_wake_request wake_of(const char *session) {
  wakelog_wake_request request = {.size = sizeof request};
  request.session = session;
  request.agent = "ada";
  request.provider = "claude";
  request.source = "message";
  return request;
}

#endif
