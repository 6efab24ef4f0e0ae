// Stands before the calls that change files, for tests only: linked into an executable, these come
// before the C library's own functions, for its shared libraries too. They pass every call on, and
// once told to, they write down those below one folder or make one of them fail.

#define _GNU_SOURCE
#include "recorder.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define STEPS_ASIDE
#endif
#endif

#ifdef STEPS_ASIDE

bool recorder_is_there(void) { return false; }
void recorder_begin(const char *folder, const char *journal) {}
void recorder_fail(const char *folder, uint64_t number, int error) {}
uint64_t recorder_calls(void) { return 0; }

#else

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

bool recorder_is_there(void) { return true; }

static char root[PATH_MAX];
static size_t root_length;
static int journal = -1;
static atomic_bool watches;
static _Atomic uint64_t calls;
static uint64_t failing;
static int failure;

static void die(const char *why) {
  dprintf(STDERR_FILENO, "recorder: %s (%s)\n", why, strerror(errno));
  abort();
}

static void watch(const char *folder) {
  if (!realpath(folder, root)) die("no such folder");
  root_length = strlen(root);
  calls = 0;
  atomic_store(&watches, true);
}

void recorder_begin(const char *folder, const char *path) {
  journal = (int)syscall(
      SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (journal < 0) die("no journal");
  watch(folder);
}

void recorder_fail(const char *folder, uint64_t number, int error) {
  failing = number;
  failure = error;
  watch(folder);
}

uint64_t recorder_calls(void) { return calls; }

/// Whether this call is the one to fail; errno is set then.
static bool fails(void) {
  if (++calls != failing) return false;
  errno = failure;
  return true;
}

/// The part of a path below the folder; null when it is not below it or is a lock file's.
static const char *below(const char *path) {
  if (strncmp(path, root, root_length) != 0 || path[root_length] != '/') return NULL;
  const char *name = strrchr(path, '/');
  bool is_lock = strcmp(name, "/lock.mdb") == 0 || strcmp(name, "/writer.lock") == 0;
  return is_lock ? NULL : path + root_length + 1;
}

/// Whether a descriptor is of a file below the folder, or of the folder; gives its path and inode.
static const char *find(int descriptor, char path[PATH_MAX], uint64_t *file) {
  if (!atomic_load(&watches) || descriptor == journal) return NULL;
  int error = errno;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  errno = error;
  if (length <= 0) return NULL;
  path[length] = 0;
  struct stat status;
  if (strcmp(path, root) != 0 && !below(path)) return NULL;
  if (fstat(descriptor, &status) != 0) return NULL;
  *file = status.st_ino;
  return path[root_length] ? path + root_length + 1 : "";
}

/// Makes a path absolute, without "." and "..", as far as its text goes.
static const char *resolve(int folder, const char *given, char path[PATH_MAX]) {
  if (!atomic_load(&watches)) return NULL;
  char whole[2 * PATH_MAX], base[PATH_MAX] = "";
  int error = errno;
  if (given[0] != '/') {
    char link[64] = "/proc/self/cwd";
    if (folder != AT_FDCWD) snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, base, sizeof base - 1);
    base[length < 0 ? 0 : length] = 0;
  }
  errno = error;
  snprintf(whole, sizeof whole, "%s/%s", base, given);
  size_t end = 0;
  for (char *rest = whole, *part; (part = strsep(&rest, "/"));) {
    if (!*part || strcmp(part, ".") == 0) continue;
    if (strcmp(part, "..") == 0) {
      while (end > 0 && path[--end] != '/') continue;
      continue;
    }
    size_t length = strlen(part);
    if (end + length + 2 > PATH_MAX) return NULL;
    path[end++] = '/';
    memcpy(path + end, part, length);
    end += length;
  }
  path[end] = 0;
  return below(path);
}

static void put(
    uint32_t kind, uint64_t file, uint64_t offset, uint64_t length, const char *first,
    const char *second, const struct iovec *data, int count) {
  if (journal < 0) return;
  int error = errno;
  struct recorder_head head = {
      .kind = kind, .thread = (uint32_t)syscall(SYS_gettid), .file = file, .offset = offset,
      .length = length, .first = (uint32_t)strlen(first), .second = (uint32_t)strlen(second)};
  struct iovec parts[IOV_MAX] = {
      {&head, sizeof head}, {(void *)first, head.first}, {(void *)second, head.second}};
  size_t total = sizeof head + head.first + head.second;
  int used = 3;
  uint64_t left = length;
  for (int at = 0; at < count && left > 0; at++) {
    if (used == IOV_MAX) die("a write in too many parts");
    size_t size = data[at].iov_len < left ? data[at].iov_len : left;
    parts[used++] = (struct iovec){data[at].iov_base, size};
    total += size;
    left -= size;
  }
  // One write to a file opened for appending is one piece of it, whoever else writes.
  if (syscall(SYS_writev, journal, parts, used) != (long)total) die("the journal is cut");
  errno = error;
}

/// Writes down what a write did, and that it is on the disk where the descriptor says so.
static ssize_t written(
    int descriptor, ssize_t done, uint64_t offset, const struct iovec *data, int count) {
  char path[PATH_MAX];
  uint64_t file;
  if (done <= 0) return done;
  const char *name = find(descriptor, path, &file);
  if (!name) return done;
  put(RECORD_WRITE, file, offset, (uint64_t)done, name, "", data, count);
  if (fcntl(descriptor, F_GETFL) & O_DSYNC)
    put(RECORD_SETTLED, file, offset, (uint64_t)done, name, "", NULL, 0);
  return done;
}

/// Whether a descriptor's call is to fail.
static bool refuses(int descriptor) {
  char path[PATH_MAX];
  uint64_t file;
  return atomic_load(&watches) && failing && find(descriptor, path, &file) && fails();
}

/// Where the next write without an offset goes: where the file ends, if that is what it says.
static uint64_t position(int descriptor) {
  if (!atomic_load(&watches)) return 0;
  if (fcntl(descriptor, F_GETFL) & O_APPEND) return RECORD_AT_END;
  int error = errno;
  off_t at = lseek(descriptor, 0, SEEK_CUR);
  errno = error;
  return at < 0 ? 0 : (uint64_t)at;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  if (refuses(descriptor)) return -1;
  struct iovec data = {(void *)bytes, count};
  ssize_t done = syscall(SYS_pwrite64, descriptor, bytes, count, offset);
  return written(descriptor, done, (uint64_t)offset, &data, 1);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  if (refuses(descriptor)) return -1;
  struct iovec data = {(void *)bytes, count};
  uint64_t offset = position(descriptor);
  ssize_t done = syscall(SYS_write, descriptor, bytes, count);
  return written(descriptor, done, offset, &data, 1);
}

ssize_t writev(int descriptor, const struct iovec *data, int count) {
  if (refuses(descriptor)) return -1;
  uint64_t offset = position(descriptor);
  ssize_t done = syscall(SYS_writev, descriptor, data, count);
  return written(descriptor, done, offset, data, count);
}

ssize_t pwritev(int descriptor, const struct iovec *data, int count, off_t offset) {
  if (refuses(descriptor)) return -1;
  ssize_t done = syscall(SYS_pwritev, descriptor, data, count, offset, 0L);
  return written(descriptor, done, (uint64_t)offset, data, count);
}

ssize_t pwrite64(int, const void *, size_t, off_t) __attribute__((alias("pwrite")));
ssize_t pwritev64(int, const struct iovec *, int, off_t) __attribute__((alias("pwritev")));

static int flush(long call, int descriptor) {
  if (refuses(descriptor)) return -1;
  char path[PATH_MAX];
  uint64_t file;
  const char *name = find(descriptor, path, &file);
  if (name) put(RECORD_FLUSH_BEGUN, file, 0, 0, name, "", NULL, 0);
  int code = (int)syscall(call, descriptor);
  if (name && code == 0) put(RECORD_FLUSHED, file, 0, 0, name, "", NULL, 0);
  return code;
}

int fdatasync(int descriptor) { return flush(SYS_fdatasync, descriptor); }
int fsync(int descriptor) { return flush(SYS_fsync, descriptor); }

int ftruncate(int descriptor, off_t length) {
  if (refuses(descriptor)) return -1;
  char path[PATH_MAX];
  uint64_t file;
  const char *name = find(descriptor, path, &file);
  int code = (int)syscall(SYS_ftruncate, descriptor, length);
  if (name && code == 0) put(RECORD_TRUNCATED, file, (uint64_t)length, 0, name, "", NULL, 0);
  return code;
}

int ftruncate64(int, off_t) __attribute__((alias("ftruncate")));

/// Room that is promised changes no bytes, but makes the file longer unless told to keep its size.
int fallocate(int descriptor, int mode, off_t offset, off_t length) {
  if (refuses(descriptor)) return -1;
  char path[PATH_MAX];
  uint64_t file;
  const char *name = find(descriptor, path, &file);
  struct stat before;
  if (name && (mode & ~FALLOC_FL_KEEP_SIZE || fstat(descriptor, &before) != 0))
    die("fallocate in a way that is not recorded");
  int code = (int)syscall(SYS_fallocate, descriptor, mode, offset, length);
  if (name && code == 0 && mode == 0 && offset + length > before.st_size)
    put(RECORD_TRUNCATED, file, (uint64_t)(offset + length), 0, name, "", NULL, 0);
  return code;
}

int posix_fallocate(int descriptor, off_t offset, off_t length) {
  int error = errno;
  int code = fallocate(descriptor, 0, offset, length) == 0 ? 0 : errno;
  errno = error;
  return code;
}

int fallocate64(int, int, off_t, off_t) __attribute__((alias("fallocate")));
int posix_fallocate64(int, off_t, off_t) __attribute__((alias("posix_fallocate")));

/// The file that a path names; 0 if it names none.
static uint64_t inode(int folder, const char *path) {
  struct stat status;
  int error = errno;
  int code = fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW);
  errno = error;
  return code == 0 ? status.st_ino : 0;
}

static int open_at(int folder, const char *given, int flags, mode_t mode) {
  char path[PATH_MAX];
  const char *name = flags & (O_CREAT | O_TRUNC) ? resolve(folder, given, path) : NULL;
  if (!name) return (int)syscall(SYS_openat, folder, given, flags, mode);
  bool was_there = inode(folder, given);
  if (failing && fails()) return -1;
  int descriptor = (int)syscall(SYS_openat, folder, given, flags, mode);
  if (descriptor < 0) return descriptor;
  uint64_t file = inode(folder, given);
  if (!was_there) put(RECORD_CREATED, file, 0, 0, name, "", NULL, 0);
  else if (flags & O_TRUNC) put(RECORD_TRUNCATED, file, 0, 0, name, "", NULL, 0);
  return descriptor;
}

static mode_t mode_of(int flags, va_list list) {
  return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(list, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = mode_of(flags, list);
  va_end(list);
  return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = mode_of(flags, list);
  va_end(list);
  return open_at(folder, path, flags, mode);
}

int open64(const char *, int, ...) __attribute__((alias("open")));
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));

int creat(const char *path, mode_t mode) {
  return open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int linkat(int from, const char *old, int to, const char *new, int flags) {
  char source[PATH_MAX], path[PATH_MAX];
  const char *name = resolve(to, new, path);
  if (name && failing && fails()) return -1;
  int code = (int)syscall(SYS_linkat, from, old, to, new, flags);
  if (!name || code != 0) return code;
  const char *first = resolve(from, old, source);
  put(RECORD_LINKED, inode(to, new), 0, 0, first ? first : "", name, NULL, 0);
  return code;
}

int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }

int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
  char source[PATH_MAX], path[PATH_MAX];
  const char *first = resolve(from, old, source), *second = resolve(to, new, path);
  if ((first || second) && failing && fails()) return -1;
  int code = (int)syscall(SYS_renameat2, from, old, to, new, flags);
  if (code != 0 || (!first && !second)) return code;
  if (!first || !second || flags & RENAME_EXCHANGE) die("a rename that is not recorded");
  put(RECORD_RENAMED, inode(to, new), 0, 0, first, second, NULL, 0);
  return code;
}

int renameat(int from, const char *old, int to, const char *new) {
  return renameat2(from, old, to, new, 0);
}

int rename(const char *old, const char *new) {
  return renameat2(AT_FDCWD, old, AT_FDCWD, new, 0);
}

int unlinkat(int folder, const char *given, int flags) {
  char path[PATH_MAX];
  const char *name = resolve(folder, given, path);
  if (name && failing && fails()) return -1;
  int code = (int)syscall(SYS_unlinkat, folder, given, flags);
  uint32_t kind = flags & AT_REMOVEDIR ? RECORD_FOLDER_REMOVED : RECORD_UNLINKED;
  if (name && code == 0) put(kind, 0, 0, 0, name, "", NULL, 0);
  return code;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int folder, const char *given, mode_t mode) {
  char path[PATH_MAX];
  const char *name = resolve(folder, given, path);
  if (name && failing && fails()) return -1;
  int code = (int)syscall(SYS_mkdirat, folder, given, mode);
  if (name && code == 0) put(RECORD_FOLDER_MADE, 0, 0, 0, name, "", NULL, 0);
  return code;
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

/// Between files the kernel copies by itself; what came of it is read back.
ssize_t copy_file_range(
    int from, off_t *from_offset, int to, off_t *to_offset, size_t count, unsigned flags) {
  if (refuses(to)) return -1;
  uint64_t offset = to_offset ? (uint64_t)*to_offset : position(to);
  ssize_t done = syscall(SYS_copy_file_range, from, from_offset, to, to_offset, count, flags);
  char path[PATH_MAX], again[64];
  uint64_t file;
  if (done <= 0 || !find(to, path, &file)) return done;
  char *bytes = malloc((size_t)done);
  snprintf(again, sizeof again, "/proc/self/fd/%d", to);
  int copy = (int)syscall(SYS_openat, AT_FDCWD, again, O_RDONLY | O_CLOEXEC, 0);
  if (!bytes || copy < 0 || pread(copy, bytes, (size_t)done, (off_t)offset) != done)
    die("a copy that cannot be read back");
  close(copy);
  struct iovec data = {bytes, (size_t)done};
  written(to, done, offset, &data, 1);
  free(bytes);
  return done;
}

/// What is written through a map is seen by nobody: the journal would be a lie.
void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
  char path[PATH_MAX];
  uint64_t file;
  if (protection & PROT_WRITE && flags & MAP_SHARED && descriptor >= 0 &&
      find(descriptor, path, &file))
    die("a map that is written to");
  return (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
}

void *mmap64(void *, size_t, int, int, int, off_t) __attribute__((alias("mmap")));

#endif
