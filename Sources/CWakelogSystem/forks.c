#include "wakelog_system.h"

#include <errno.h>

/* Nothing here allocates: the handlers run in whatever state a fork finds the process. */
enum { capacity = 32 };
static pthread_mutex_t *held[capacity];
static int count;
static pthread_mutex_t list = PTHREAD_MUTEX_INITIALIZER;

static void lock_all(void) {
  pthread_mutex_lock(&list);
  for (int index = 0; index < count; index++) pthread_mutex_lock(held[index]);
}

static void unlock_all(void) {
  for (int index = count; index-- > 0;) pthread_mutex_unlock(held[index]);
  pthread_mutex_unlock(&list);
}

int wakelog_forks_hold(pthread_mutex_t *mutex) {
  int code = 0;
  pthread_mutex_lock(&list);
  if (count == capacity) {
    code = ENOMEM;
  } else {
    held[count++] = mutex;
  }
  bool first = code == 0 && count == 1;
  pthread_mutex_unlock(&list);
  if (first) code = pthread_atfork(lock_all, unlock_all, unlock_all);
  return code;
}
