#include "addon.h"

#include <stdlib.h>

/* providers(): what is known of agent CLIs, as JSON. */
static napi_value providers(napi_env env, napi_callback_info info) {
  (void)info;
  char *result = NULL;
  size_t length = 0;
  wakelog_status status = wakelog_providers(&result, &length);
  return answer_of(env, status, result, length);
}

typedef wakelog_status (*Question)(const char *, size_t, char **, size_t *);

static napi_value ask(napi_env env, napi_callback_info info, Question question) {
  napi_value value;
  if (!arguments_of(env, info, 1, &value, NULL)) return NULL;
  size_t length, result_length = 0;
  char *text = text_of(env, value, &length), *result = NULL;
  if (text == NULL) return NULL;
  wakelog_status status = question(text, length, &result, &result_length);
  free(text);
  return answer_of(env, status, result, result_length);
}

/* command(request): the words of a CLI's call. */
static napi_value command(napi_env env, napi_callback_info info) {
  return ask(env, info, wakelog_command);
}

/* classify(facts): which failure they show. */
static napi_value classify(napi_env env, napi_callback_info info) {
  return ask(env, info, wakelog_classify);
}

/* readerOpen(provider): the reader's number, or an array of the error's JSON. */
static napi_value reader_open(napi_env env, napi_callback_info info) {
  napi_value value, answer = NULL;
  if (!arguments_of(env, info, 1, &value, NULL)) return NULL;
  char *provider = text_of(env, value, NULL);
  if (provider == NULL) return NULL;
  wakelog_reader reader = 0;
  wakelog_status status = wakelog_reader_open(provider, &reader);
  free(provider);
  if (status != WAKELOG_OK) return answer_of(env, status, NULL, 0);
  napi_create_int64(env, (int64_t)reader, &answer);
  return answer;
}

/* readerFeed(reader, bytes): what the output says so far. No bytes end it. */
static napi_value reader_feed(napi_env env, napi_callback_info info) {
  napi_value values[2];
  uint64_t reader;
  void *bytes = NULL;
  size_t length = 0, result_length = 0;
  if (!arguments_of(env, info, 2, values, NULL) || !number_of(env, values[0], &reader)) return NULL;
  /* Asked first: older versions of Node end the process when it is none. */
  bool is_buffer = false;
  if (napi_is_buffer(env, values[1], &is_buffer) != napi_ok || !is_buffer ||
      napi_get_buffer_info(env, values[1], &bytes, &length) != napi_ok) {
    napi_throw_type_error(env, NULL, "output is fed as a Buffer");
    return NULL;
  }
  char *result = NULL;
  wakelog_status status =
      wakelog_reader_feed(reader, length == 0 ? "" : bytes, length, &result, &result_length);
  return answer_of(env, status, result, result_length);
}

/* readerClose(reader) */
static napi_value reader_close(napi_env env, napi_callback_info info) {
  napi_value value;
  uint64_t reader;
  if (!arguments_of(env, info, 1, &value, NULL) || !number_of(env, value, &reader)) return NULL;
  wakelog_reader_close(reader);
  return NULL;
}

bool clis_define(napi_env env, napi_value exports) {
  return define(env, exports, "providers", providers) && define(env, exports, "command", command) &&
         define(env, exports, "classify", classify) &&
         define(env, exports, "readerOpen", reader_open) &&
         define(env, exports, "readerFeed", reader_feed) &&
         define(env, exports, "readerClose", reader_close);
}
