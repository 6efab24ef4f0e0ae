#define _GNU_SOURCE
#include "wakelog_system.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int place(int descriptor, int wanted) {
  if (descriptor < 0) return 0;
  if (descriptor == wanted) return fcntl(wanted, F_SETFD, 0);
  return dup2(descriptor, wanted);
}

/* In the child, which may only call what is safe there; returns with errno where it fails. */
static void become(const wakelog_program *program, pid_t parent, int ready) {
  if (program->own_group && setpgid(0, 0) != 0) return;
  /* Not inherited by what it starts itself. The parent may have died before it was asked for. */
  if (program->dies_with_parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return;
    if (getppid() != parent) _exit(127);
  }
  if (program->folder != NULL && chdir(program->folder) != 0) return;
  if (place(program->input, STDIN_FILENO) < 0) return;
  if (place(program->output, STDOUT_FILENO) < 0) return;
  if (place(program->errors, STDERR_FILENO) < 0) return;
  char go;
  ssize_t count;
  do count = read(ready, &go, 1);
  while (count < 0 && errno == EINTR);
  if (count != 1) _exit(127);
  if (program->kept >= 0 && fcntl(program->kept, F_SETFD, 0) != 0) return;
  signal(SIGPIPE, SIG_DFL);
  signal(SIGXFSZ, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(program->path, program->words,
         program->environment != NULL ? program->environment : environ);
}

/* Writes a byte to a pipe whose reader may be gone, without the signal that this would raise. */
static void signal_safely(int pipe) {
  sigset_t broken, before, pending;
  sigemptyset(&broken);
  sigaddset(&broken, SIGPIPE);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &broken, &before);
  ssize_t count;
  do count = write(pipe, "", 1);
  while (count < 0 && errno == EINTR);
  if (count < 0 && errno == EPIPE && !sigismember(&pending, SIGPIPE)) {
    const struct timespec none = {0, 0};
    while (sigtimedwait(&broken, NULL, &none) < 0 && errno == EINTR) {}
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int wakelog_spawn(const wakelog_program *program, pid_t *child, void (*named)(pid_t, void *),
                  void *context) {
  int report[2], ready[2];
  if (pipe2(report, O_CLOEXEC) != 0) return errno;
  if (pipe2(ready, O_CLOEXEC) != 0) {
    int failure = errno;
    close(report[0]);
    close(report[1]);
    return failure;
  }
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t parent = getpid();
  pid_t id = fork();
  int failure = id < 0 ? errno : 0;
  if (id == 0) {
    close(ready[1]);
    become(program, parent, ready[0]);
    failure = errno;
    if (write(report[1], &failure, sizeof failure) < 0) _exit(126);
    _exit(127);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(report[1]);
  close(ready[0]);
  if (id > 0) {
    if (named != NULL) named(id, context);
    ssize_t count;
    /* A child that has failed already reads it no more, which is no error here. */
    signal_safely(ready[1]);
    int code = 0;
    do count = read(report[0], &code, sizeof code);
    while (count < 0 && errno == EINTR);
    if (count == (ssize_t)sizeof code) {
      failure = code;
      while (waitpid(id, NULL, 0) < 0 && errno == EINTR) {}
    } else {
      *child = id;
    }
  }
  close(ready[1]);
  close(report[0]);
  return failure;
}

int wakelog_input(const void *bytes, size_t count) {
  int file = memfd_create("input", MFD_CLOEXEC);
  if (file < 0) return -1;
  const char *next = bytes;
  while (count > 0) {
    ssize_t written = write(file, next, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      int failure = errno;
      close(file);
      errno = failure;
      return -1;
    }
    next += written;
    count -= (size_t)written;
  }
  lseek(file, 0, SEEK_SET);
  return file;
}

char *const *wakelog_environment(void) { return environ; }
