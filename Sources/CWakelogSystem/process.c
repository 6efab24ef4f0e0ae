#define _GNU_SOURCE
#include "wakelog_system.h"
#include "read_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

size_t wakelog_read_file(const char *path, char *text, size_t capacity) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return 0;
  ssize_t count = read(descriptor, text, capacity - 1);
  close(descriptor);
  text[count > 0 ? count : 0] = 0;
  return count > 0 ? (size_t)count : 0;
}

char wakelog_process_state(pid_t process, uint64_t *started) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
  if (wakelog_read_file(path, text, sizeof text) == 0) return 0;
  /* The name, the second field, may hold spaces and brackets; fields are counted from its end. */
  char *field = strrchr(text, ')');
  if (!field || strlen(field) < 3) return 0;
  field += 2;
  char state = *field;
  for (int number = 3; number < 22 && field; number++) {
    field = strchr(field, ' ');
    if (field) field++;
  }
  *started = field ? strtoull(field, NULL, 10) : 0;
  return state;
}

bool wakelog_process_is_stopped(pid_t process) {
  uint64_t started;
  char state = wakelog_process_state(process, &started);
  return state == 'T' || state == 't';
}

wakelog_holder wakelog_holder_self(void) {
  wakelog_holder me = {.process = getpid()};
  struct stat namespace;
  if (stat("/proc/self/ns/pid", &namespace) == 0) me.pid_namespace = namespace.st_ino;
  wakelog_process_state(getpid(), &me.started);
  size_t count = wakelog_read_file("/proc/self/comm", me.command, sizeof me.command);
  if (count > 0 && me.command[count - 1] == '\n') me.command[count - 1] = 0;
  return me;
}

static int64_t nanoseconds(struct timespec time) {
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t wakelog_modified(const void *status) {
  return nanoseconds(((const struct stat *)status)->st_mtim);
}

int64_t wakelog_changed(const void *status) {
  return nanoseconds(((const struct stat *)status)->st_ctim);
}

int64_t wakelog_touch(int descriptor) {
  struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}};
  clock_gettime(CLOCK_REALTIME, &times[1]);
  return futimens(descriptor, times) == 0 ? nanoseconds(times[1]) : 0;
}

int wakelog_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int wakelog_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }

int wakelog_lock_byte(int descriptor, short kind, off_t offset) {
  struct flock request = {.l_type = kind, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1};
  while (fcntl(descriptor, F_OFD_SETLK, &request) != 0) {
    if (errno == EINTR) continue;
    return errno == EACCES ? EAGAIN : errno;
  }
  return 0;
}

wakelog_user wakelog_user_now(void) {
  /* A number that is none changes nothing and returns what is. */
  return (wakelog_user){.user = (uid_t)setfsuid((uid_t)-1), .group = (gid_t)setfsgid((gid_t)-1)};
}

bool wakelog_user_become(wakelog_user user) {
  /* The group first: without the user's rights it could not be changed any more. Back, likewise:
     the process keeps its capability to do both. */
  setfsgid(user.group);
  setfsuid(user.user);
  wakelog_user is = wakelog_user_now();
  return is.user == user.user && is.group == user.group;
}

static const int stops[] = {SIGTSTP, SIGTTIN, SIGTTOU};
enum { stop_count = sizeof stops / sizeof *stops };

uint32_t wakelog_stops_block(void) {
  sigset_t set, before;
  sigemptyset(&set);
  for (int index = 0; index < stop_count; index++) sigaddset(&set, stops[index]);
  pthread_sigmask(SIG_BLOCK, &set, &before);
  uint32_t blocked = 0;
  for (int index = 0; index < stop_count; index++)
    if (!sigismember(&before, stops[index])) blocked |= 1u << index;
  return blocked;
}

void wakelog_stops_unblock(uint32_t blocked) {
  sigset_t set;
  sigemptyset(&set);
  for (int index = 0; index < stop_count; index++)
    if (blocked & 1u << index) sigaddset(&set, stops[index]);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
