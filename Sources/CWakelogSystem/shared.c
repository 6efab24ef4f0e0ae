#define _GNU_SOURCE
#include "wakelog_system.h"
#include "read_file.h"

#include <errno.h>
#include <string.h>
#include <time.h>

/* A record that one writes and others read without a lock: odd while it is being written. */
typedef struct {
  uint32_t sequence;
  uint32_t unused;
  uint64_t words[12];
} record;

typedef struct {
  uint64_t commit;
  int64_t time;
} commit_time;

enum { magic_bytes = 8, boot_bytes = 36, commits = 1024 };
static const char magic[magic_bytes] = {'w', 'k', 'w', 'r', 'i', 't', 'e', 'r'};
static const uint32_t version = 1;
static const int64_t second = 1000000000;
static const int64_t commit_spacing = 10 * second;

typedef struct {
  char magic[magic_bytes];
  uint32_t version;
  uint32_t mutex_bytes;
  char boot[boot_bytes];
  char pad[12];
  pthread_mutex_t writer;
  char pad_writer[64 - sizeof(pthread_mutex_t) % 64];
  record holder, opener, sound, files;
  uint64_t commit_count;
  commit_time times[commits];
} shared;

static int64_t now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * second + time.tv_nsec;
}

int64_t wakelog_boot_nanoseconds(void) { return now(CLOCK_BOOTTIME); }
int64_t wakelog_real_nanoseconds(void) { return now(CLOCK_REALTIME); }

static void put(record *record, const void *value, size_t bytes) {
  uint64_t words[sizeof record->words / 8] = {0};
  memcpy(words, value, bytes);
  uint32_t sequence = __atomic_load_n(&record->sequence, __ATOMIC_RELAXED) | 1;
  __atomic_store_n(&record->sequence, sequence, __ATOMIC_RELAXED);
  __atomic_thread_fence(__ATOMIC_RELEASE);
  for (size_t index = 0; index * 8 < bytes; index++)
    __atomic_store_n(&record->words[index], words[index], __ATOMIC_RELAXED);
  __atomic_store_n(&record->sequence, sequence + 1, __ATOMIC_RELEASE);
}

/* False for a record that is being written for longer than that takes: its writer died in it. */
static bool get(const record *record, void *value, size_t bytes) {
  uint64_t words[sizeof record->words / 8] = {0};
  for (int attempt = 0; attempt < 1000; attempt++) {
    uint32_t before = __atomic_load_n(&record->sequence, __ATOMIC_ACQUIRE);
    for (size_t index = 0; index * 8 < bytes; index++)
      words[index] = __atomic_load_n(&record->words[index], __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (before % 2 == 0 && before == __atomic_load_n(&record->sequence, __ATOMIC_RELAXED)) {
      memcpy(value, words, bytes);
      return true;
    }
  }
  return false;
}

static void read_boot(char boot[boot_bytes]) {
  char text[64];
  memset(boot, 0, boot_bytes);
  size_t count = wakelog_read_file("/proc/sys/kernel/random/boot_id", text, sizeof text);
  memcpy(boot, text, count < boot_bytes ? count : boot_bytes);
}

size_t wakelog_shared_bytes(void) { return sizeof(shared); }

bool wakelog_shared_is_ours(const void *map) {
  const shared *shared = map;
  char boot[boot_bytes];
  read_boot(boot);
  return memcmp(shared->magic, magic, magic_bytes) == 0 && shared->version == version &&
         shared->mutex_bytes == sizeof(pthread_mutex_t) &&
         memcmp(shared->boot, boot, boot_bytes) == 0;
}

int wakelog_shared_prepare(void *map) {
  shared *shared = map;
  char boot[boot_bytes];
  read_boot(boot);
  /* Without the name of the boot nothing is known to be of this one. */
  if (boot[0] == 0 || !wakelog_shared_is_ours(map)) memset(shared, 0, sizeof *shared);
  memset(&shared->writer, 0, sizeof shared->writer);
  memset(&shared->holder, 0, sizeof shared->holder);
  memset(&shared->opener, 0, sizeof shared->opener);
  memset(&shared->files, 0, sizeof shared->files);
  pthread_mutexattr_t attributes;
  int code = pthread_mutexattr_init(&attributes);
  if (code == 0) {
    code = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    if (code == 0) code = pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    if (code == 0) code = pthread_mutex_init(&shared->writer, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  memcpy(shared->boot, boot, boot_bytes);
  shared->version = version;
  shared->mutex_bytes = sizeof(pthread_mutex_t);
  memcpy(shared->magic, magic, magic_bytes);
  return code;
}

int wakelog_writer_acquire(void *map, const wakelog_holder *me, int64_t nanoseconds) {
  shared *shared = map;
  int code = pthread_mutex_trylock(&shared->writer);
  if (code == EBUSY && nanoseconds > 0) {
    int64_t end = now(CLOCK_MONOTONIC) + nanoseconds;
    struct timespec limit = {.tv_sec = end / second, .tv_nsec = end % second};
    code = pthread_mutex_clocklock(&shared->writer, CLOCK_MONOTONIC, &limit);
  }
  if (code == EOWNERDEAD) code = pthread_mutex_consistent(&shared->writer);
  if (code != 0) return code == EBUSY ? ETIMEDOUT : code;
  wakelog_holder holder = *me;
  holder.since_boot = now(CLOCK_BOOTTIME);
  holder.since_epoch = now(CLOCK_REALTIME);
  put(&shared->holder, &holder, sizeof holder);
  return 0;
}

void wakelog_writer_release(void *map) {
  shared *shared = map;
  wakelog_holder nobody = {0};
  put(&shared->holder, &nobody, sizeof nobody);
  pthread_mutex_unlock(&shared->writer);
}

bool wakelog_writer_holder(const void *map, wakelog_holder *holder) {
  return get(&((const shared *)map)->holder, holder, sizeof *holder) && holder->process != 0;
}

void wakelog_opener_set(void *map, const wakelog_holder *me) {
  wakelog_holder opener = *me;
  opener.since_boot = now(CLOCK_BOOTTIME);
  opener.since_epoch = now(CLOCK_REALTIME);
  put(&((shared *)map)->opener, &opener, sizeof opener);
}

bool wakelog_opener(const void *map, wakelog_holder *holder) {
  return get(&((const shared *)map)->opener, holder, sizeof *holder) && holder->process != 0;
}

void wakelog_sound_set(void *map, const wakelog_sound *sound) {
  put(&((shared *)map)->sound, sound, sizeof *sound);
}

bool wakelog_sound_get(const void *map, wakelog_sound *sound) {
  return get(&((const shared *)map)->sound, sound, sizeof *sound) && sound->inode != 0;
}

void wakelog_files_set(void *map, const wakelog_files *files) {
  put(&((shared *)map)->files, files, sizeof *files);
}

void wakelog_files_get(const void *map, wakelog_files *files) {
  if (!get(&((const shared *)map)->files, files, sizeof *files)) memset(files, 0, sizeof *files);
}

void wakelog_commit_note(void *map, uint64_t commit) {
  shared *shared = map;
  int64_t time = now(CLOCK_BOOTTIME);
  uint64_t count = shared->commit_count;
  if (count > 0) {
    commit_time last = shared->times[(count - 1) % commits];
    if (time < last.time + commit_spacing && time > last.time - commit_spacing) return;
  }
  commit_time *next = &shared->times[count % commits];
  __atomic_store_n(&next->time, time, __ATOMIC_RELAXED);
  __atomic_store_n(&next->commit, commit, __ATOMIC_RELEASE);
  __atomic_store_n(&shared->commit_count, count + 1, __ATOMIC_RELEASE);
}

int64_t wakelog_commit_after(const void *map, uint64_t commit) {
  const shared *shared = map;
  uint64_t count = __atomic_load_n(&shared->commit_count, __ATOMIC_ACQUIRE);
  uint64_t first = count > commits ? count - commits : 0;
  for (uint64_t index = first; index < count; index++) {
    const commit_time *found = &shared->times[index % commits];
    if (__atomic_load_n(&found->commit, __ATOMIC_ACQUIRE) > commit)
      return __atomic_load_n(&found->time, __ATOMIC_RELAXED);
  }
  return 0;
}
