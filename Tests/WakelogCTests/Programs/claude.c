/* A host that runs the real claude: an id that it does not know, then the fallback, which fails for
 * lack of a login. Words: the log, the program, and the format of its output. */
#include "check.h"

#include <sys/wait.h>

static const char dead[] = "11111111-1111-4111-8111-111111111111";

static char *contents(const char *path) {
  FILE *file = fopen(path, "r");
  char *text = calloc(1, 1 << 20);
  CHECK(file && text);
  text[fread(text, 1, (1 << 20) - 1, file)] = 0;
  fclose(file);
  return text;
}

/* Runs the CLI by the words that the library gives; gives its exit code. */
static int run(const char *program, const char *format, const char *session) {
  char request[1024], line[4096] = "", *call, *word;
  const char *json = strcmp(format, "text") ? ", \"--verbose\"" : "";
  snprintf(request, sizeof request,
           "{\"provider\": \"claude\", \"command\": [\"%s\", \"-p\", \"hi\", \"--output-format\","
           " \"%s\"%s]%s%s%s}", program, format, json, session ? ", \"sessionId\": \"" : "",
           session ? session : "", session ? "\"" : "");
  CHECK(wakelog_command(request, strlen(request), &call, NULL) == WAKELOG_OK);
  CHECK(!session == !strstr(call, "\"--resume\",\"11111111"));
  /* The words are plain: quotes and commas are all that JSON puts around them. */
  word = strchr(call, '[') + 1;
  *strchr(word, ']') = 0;
  for (char *byte = word; *byte; byte++)
    if (*byte == ',' || *byte == '"') *byte = ' ';
  snprintf(line, sizeof line, "%s >out 2>err </dev/null", word);
  wakelog_free(call);
  int status = system(line);
  CHECK(WIFEXITED(status));
  return WEXITSTATUS(status);
}

/* What the output says by itself, in a form that `finish` takes. */
static int turns_in(const char *output) {
  wakelog_reader reader;
  char *reading;
  CHECK(wakelog_reader_open("claude", &reader) == WAKELOG_OK);
  CHECK(wakelog_reader_feed(reader, output, strlen(output), NULL, NULL) == WAKELOG_OK);
  CHECK(wakelog_reader_feed(reader, NULL, 0, &reading, NULL) == WAKELOG_OK);
  CHECK(strstr(reading, "\"entered\":false"));
  const char *turns = strstr(reading, "\"turns\":");
  int count = turns && strncmp(turns + 8, "null", 4) ? atoi(turns + 8) : WAKELOG_UNKNOWN;
  wakelog_free(reading);
  CHECK(wakelog_reader_close(reader) == WAKELOG_OK);
  return count;
}

int main(int count, char **words) {
  static const char *const expected[][2] = {
      {"unknownSession", "session"}, {"authentication", "configuration"}};
  wakelog_engine engine;
  CHECK(count == 4 && wakelog_open(words[1], "gateway", NULL, &engine) == WAKELOG_OK);
  wakelog_wake_request wake = wake_of("s");
  wake.resume = dead;
  wakelog_wake_result woken = {.size = sizeof woken};
  CHECK(wakelog_wake(engine, &wake, &woken) == WAKELOG_OK);
  wakelog_plan plan = woken.plan;
  void *previous = NULL;
  for (int attempt = 0; attempt < 2; attempt++) {
    wakelog_finish_request finish = WAKELOG_FINISH_REQUEST;
    wakelog_finish_result end = {.size = sizeof end};
    CHECK(attempt ? !plan.session_id : !strcmp(plan.session_id, dead));
    finish.attempt = plan.attempt;
    finish.fence = woken.fence;
    finish.exit_code = run(words[2], words[3], plan.session_id);
    char *output = contents("out"), *errors = contents("err");
    finish.standard_output = output;
    finish.standard_error = errors;
    if (strcmp(words[3], "text")) finish.turns = turns_in(output);
    CHECK(wakelog_finish(engine, &finish, &end) == WAKELOG_OK);
    if (!end.failure_kind || strcmp(end.failure_kind, expected[attempt][0]))
      fprintf(stderr, "%s%s", output, errors);
    CHECK(end.failure_kind && !strcmp(end.failure_kind, expected[attempt][0]));
    CHECK(!strcmp(end.failure_family, expected[attempt][1]));
    CHECK(!end.session_id && end.settled == (attempt == 1));
    free(output);
    free(errors);
    wakelog_free(previous);
    previous = end.memory;
    plan = end.next;
  }
  wakelog_free(previous);
  wakelog_free(woken.memory);
  gives(engine, "session", "{\"session\": \"s\"}", "\"bound\":null");
  gives(engine, "session", "{\"session\": \"s\"}",
        "\"condemned\":[{\"sessionId\":\"11111111-1111-4111-8111-111111111111\","
        "\"because\":\"unknownSession\"");
  gives(engine, "agent", "{\"agent\": \"ada\"}", "\"replaceable\":false");
  CHECK(wakelog_close(engine) == WAKELOG_OK);
  puts("done");
  return 0;
}
