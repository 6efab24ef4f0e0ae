/* What a call costs over the pipes of a server, to a client that does nothing else; see
 * Suite+Bindings.swift for what is asked. `noop` is a line that `cat` sends back: waking a process
 * and being woken by it.
 *
 *   cc -O2 Benchmarks/Bindings/stdio.c -o .build/stdio-bench
 *   swift run -c release wakelog-bench --only bindings --binding 'taskset -c 0 .build/stdio-bench core'
 *
 * On one core, that shows what the server costs. Between two cores, without `taskset` and `core`, most
 * of what is measured on a virtual machine is the waking of the one that sleeps: this client's own,
 * which waits as any client would. The server does not sleep while it is asked without a pause.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int to_server, from_server;
static char line[1 << 20], fence[256];
static const char *binding = "C, stdio";

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static pid_t start(char *const words[]) {
  int input[2], output[2];
  if (pipe(input) || pipe(output)) exit(1);
  pid_t process = fork();
  if (process == 0) {
    dup2(input[0], 0);
    dup2(output[1], 1);
    close(input[1]);
    close(output[0]);
    execvp(words[0], words);
    _exit(127);
  }
  close(input[0]);
  close(output[1]);
  to_server = input[1];
  from_server = output[0];
  return process;
}

static void end(pid_t process) {
  close(to_server);
  close(from_server);
  waitpid(process, NULL, 0);
}

/* Sends a line and waits for the one that answers. */
static void ask(const char *request) {
  size_t size = strlen(request), count = 0;
  if (write(to_server, request, size) != (ssize_t)size) exit(1);
  do {
    ssize_t more = read(from_server, line + count, sizeof line - 1 - count);
    if (more <= 0) exit(1);
    count += (size_t)more;
  } while (line[count - 1] != '\n');
  line[count] = 0;
}

static void call(const char *method, const char *params) {
  static char request[2048];
  snprintf(request, sizeof request,
           "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":{%s}}\n", method, params);
  ask(request);
  if (!strstr(line, "\"result\":")) {
    fputs(line, stderr);
    exit(1);
  }
}

static void copy_fence(char *into) {
  const char *text = strstr(line, "\"fence\":\"");
  if (!text) exit(1);
  snprintf(into, sizeof fence, "%.*s", (int)strcspn(text + 9, "\""), text + 9);
}

static void run(void) {
  char params[1024], held[256];
  call("wake", "\"session\":\"s\",\"agent\":\"a\",\"provider\":\"claude\",\"source\":\"message\"");
  const char *attempt = strstr(line, "\"attempt\":");
  if (!attempt) exit(1);
  long long number = atoll(attempt + 10);
  copy_fence(held);
  snprintf(params, sizeof params,
           "\"attempt\":%lld,\"fence\":\"%s\",\"exitCode\":0,\"turns\":1,\"sessionId\":\"id-1\"",
           number, held);
  call("finish", params);
}

static void session(void) { call("session", "\"session\":\"s\""); }

static void check(void) {
  char params[512];
  snprintf(params, sizeof params, "\"session\":\"checked\",\"fence\":\"%s\"", fence);
  call("check", params);
}

static void noop(void) { ask("a line of no meaning that is about as long as a request of this is\n"); }

static void measure(const char *name, int count, void (*body)(void)) {
  for (int round = 0; round < count / 10 + 1; round++) body();
  double begun = microseconds();
  for (int round = 0; round < count; round++) body();
  printf("{\"binding\":\"%s\",\"call\":\"%s\",\"microseconds\":%f}\n", binding, name,
         (microseconds() - begun) / count);
}

int main(int count, char **words) {
  if (count == 4 && !strcmp(words[1], "core")) {
    binding = "C, stdio on one core";
    words++;
    count--;
  }
  if (count != 3) return 2;
  int rounds = atoi(words[2]);
  char *tool = getenv("WAKELOG_CLI");
  pid_t server = start(
      (char *[]){tool ? tool : ".build/release/wakelog", "serve", "--log", words[1], NULL});
  call("wake",
       "\"session\":\"checked\",\"agent\":\"a\",\"provider\":\"claude\",\"source\":\"message\"");
  copy_fence(fence);
  measure("run", rounds, run);
  measure("session", rounds, session);
  measure("check", rounds, check);
  end(server);
  pid_t echo = start((char *[]){"cat", NULL});
  measure("noop", rounds, noop);
  end(echo);
  return 0;
}
