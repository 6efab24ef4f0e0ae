#include "addon.h"

#include <stdlib.h>
#include <string.h>

/* In C a text ends at its zero byte. */
static bool is_whole(napi_env env, const char *text, size_t length) {
  if (strlen(text) == length) return true;
  napi_throw_type_error(env, NULL, "the string has a zero character in it");
  return false;
}

char *text_of(napi_env env, napi_value value, size_t *length) {
  size_t count = 0;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &count) != napi_ok) {
    napi_throw_type_error(env, NULL, "a string is expected");
    return NULL;
  }
  char *text = malloc(count + 1);
  if (text == NULL) {
    napi_throw_error(env, NULL, "there is no memory left for a string of this length");
    return NULL;
  }
  napi_get_value_string_utf8(env, value, text, count + 1, &count);
  if (length != NULL) {
    *length = count;
  } else if (!is_whole(env, text, count)) {
    free(text);
    return NULL;
  }
  return text;
}

bool text_take(napi_env env, napi_value value, Text *text) {
  /* What leaves room for the longest character is all of it; what is no string fails below. */
  if (napi_get_value_string_utf8(env, value, text->inside, sizeof text->inside, &text->length) ==
          napi_ok &&
      text->length + 4 < sizeof text->inside) {
    text->start = text->inside;
  } else {
    text->start = text_of(env, value, &text->length);
  }
  return text->start != NULL;
}

bool name_take(napi_env env, napi_value value, Text *text) {
  return text_take(env, value, text) && is_whole(env, text->start, text->length);
}

void text_drop(Text *text) {
  if (text->start != text->inside) free(text->start);
}

bool text_or_null_of(napi_env env, napi_value value, char **text) {
  napi_valuetype type;
  *text = NULL;
  if (napi_typeof(env, value, &type) != napi_ok) return false;
  if (type == napi_null || type == napi_undefined) return true;
  *text = text_of(env, value, NULL);
  return *text != NULL;
}

static bool is_ascii(const char *text, size_t length) {
  uint64_t word, all = 0;
  size_t i = 0;
  for (; i + sizeof word <= length; i += sizeof word) {
    memcpy(&word, text + i, sizeof word);
    all |= word;
  }
  for (; i < length; i += 1) all |= (unsigned char)text[i];
  return (all & UINT64_C(0x8080808080808080)) == 0;
}

napi_status string_of(napi_env env, const char *text, size_t length, napi_value *string) {
  /* ASCII, as most is, needs no decoding: V8 takes it over some five times as fast. */
  return is_ascii(text, length) ? napi_create_string_latin1(env, text, length, string)
                                : napi_create_string_utf8(env, text, length, string);
}

bool number_of(napi_env env, napi_value value, uint64_t *number) {
  int64_t given;
  if (napi_get_value_int64(env, value, &given) != napi_ok || given < 0) {
    napi_throw_type_error(env, NULL, "a number that is not negative is expected");
    return false;
  }
  *number = (uint64_t)given;
  return true;
}

bool arguments_of(napi_env env, napi_callback_info info, size_t count, napi_value *values,
                  Environment **environment) {
  size_t given = count;
  if (napi_get_cb_info(env, info, &given, values, NULL, NULL) != napi_ok || given < count) {
    napi_throw_type_error(env, NULL, "too few arguments");
    return false;
  }
  if (environment != NULL &&
      (napi_get_instance_data(env, (void **)environment) != napi_ok || *environment == NULL)) {
    napi_throw_error(env, NULL, "`attach` comes first");
    return false;
  }
  return true;
}

napi_value answer_of(napi_env env, wakelog_status status, char *text, size_t length) {
  napi_value answer = NULL, error;
  if (status == WAKELOG_OK) {
    if (string_of(env, text, length, &answer) != napi_ok) {
      napi_throw_error(env, NULL, "the result is longer than a string can be");
    }
  } else {
    const char *json = wakelog_last_error();
    napi_create_array_with_length(env, 1, &answer);
    napi_create_string_utf8(env, json ? json : "{}", NAPI_AUTO_LENGTH, &error);
    napi_set_element(env, answer, 0, error);
  }
  wakelog_free(text);
  return answer;
}

bool define(napi_env env, napi_value exports, const char *name, napi_callback function) {
  napi_value made;
  return napi_create_function(env, name, NAPI_AUTO_LENGTH, function, NULL, &made) == napi_ok &&
         napi_set_named_property(env, exports, name, made) == napi_ok;
}

/* attach(settle): names the function that is told (number, status, text) of every job. Once. */
static napi_value attach(napi_env env, napi_callback_info info) {
  napi_value settle;
  napi_valuetype type;
  Environment *environment = NULL;
  if (!arguments_of(env, info, 1, &settle, NULL)) return NULL;
  napi_get_instance_data(env, (void **)&environment);
  if (environment != NULL || napi_typeof(env, settle, &type) != napi_ok || type != napi_function) {
    napi_throw_error(env, NULL, "`attach` takes a function, once");
    return NULL;
  }
  environment = environment_make(env, settle);
  if (environment == NULL || napi_set_instance_data(env, environment, NULL, NULL) != napi_ok) {
    napi_throw_error(env, NULL, "this thread cannot be prepared for wakelog");
  }
  return NULL;
}

NAPI_MODULE_INIT() {
  if (wakelog_abi() != WAKELOG_ABI) {
    napi_throw_error(env, NULL, "libwakelog.so is of another version than the addon; build again");
    return NULL;
  }
  napi_value version;
  if (!define(env, exports, "attach", attach) || !calls_define(env, exports) ||
      !clis_define(env, exports) ||
      napi_create_string_utf8(env, wakelog_version(), NAPI_AUTO_LENGTH, &version) != napi_ok ||
      napi_set_named_property(env, exports, "version", version) != napi_ok) {
    return NULL;
  }
  return exports;
}
