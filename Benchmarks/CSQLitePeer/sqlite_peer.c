#include "sqlite_peer.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

struct writer {
  const char *path;
  double end;
  int record_bytes;
  long rows;
  int failed;
};

static int run(sqlite3_stmt *statement) {
  int code = sqlite3_step(statement);
  int reset = sqlite3_reset(statement);
  return code == SQLITE_DONE || code == SQLITE_ROW ? reset : code;
}

static sqlite3 *open_log(const char *path) {
  sqlite3 *database = NULL;
  const char *pragmas =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "CREATE TABLE IF NOT EXISTS events (sequence INTEGER PRIMARY KEY, record BLOB NOT NULL);";
  if (sqlite3_open(path, &database) != SQLITE_OK) return NULL;
  sqlite3_busy_timeout(database, 60000);
  if (sqlite3_exec(database, pragmas, NULL, NULL, NULL) != SQLITE_OK) {
    sqlite3_close(database);
    return NULL;
  }
  return database;
}

/// One durable transaction of some rows.
static int append(
  sqlite3_stmt *begin, sqlite3_stmt *insert, sqlite3_stmt *commit, int rows
) {
  if (run(begin) != SQLITE_OK) return 0;
  for (int row = 0; row < rows; row++) {
    if (run(insert) != SQLITE_OK) return 0;
  }
  return run(commit) == SQLITE_OK;
}

static void *write_rows(void *argument) {
  struct writer *writer = argument;
  sqlite3 *database = open_log(writer->path);
  sqlite3_stmt *begin = NULL, *insert = NULL, *commit = NULL;
  unsigned char *record = malloc((size_t)writer->record_bytes);
  writer->failed = 1;
  if (database != NULL && record != NULL
      && sqlite3_prepare_v2(database, "BEGIN IMMEDIATE", -1, &begin, NULL) == SQLITE_OK
      && sqlite3_prepare_v2(
           database, "INSERT INTO events (record) VALUES (?)", -1, &insert, NULL) == SQLITE_OK
      && sqlite3_prepare_v2(database, "COMMIT", -1, &commit, NULL) == SQLITE_OK) {
    memset(record, 0x5A, (size_t)writer->record_bytes);
    sqlite3_bind_blob(insert, 1, record, writer->record_bytes, SQLITE_STATIC);
    writer->failed = 0;
    while (now() < writer->end && !writer->failed) {
      for (int rows = 3; rows >= 2 && !writer->failed; rows--) {
        if (append(begin, insert, commit, rows)) {
          writer->rows += rows;
        } else {
          writer->failed = 1;
        }
      }
    }
  }
  sqlite3_finalize(begin);
  sqlite3_finalize(insert);
  sqlite3_finalize(commit);
  sqlite3_close(database);
  free(record);
  return NULL;
}

double sqlite_peer_rows_per_second(
  const char *path, int threads, double seconds, int record_bytes
) {
  sqlite3 *first = open_log(path);
  if (first == NULL) return -1;
  struct writer *writers = calloc((size_t)threads, sizeof *writers);
  pthread_t *handles = calloc((size_t)threads, sizeof *handles);
  double start = now();
  int started = 0;
  for (; started < threads; started++) {
    writers[started] = (struct writer){
      .path = path, .end = start + seconds, .record_bytes = record_bytes};
    if (pthread_create(&handles[started], NULL, write_rows, &writers[started]) != 0) break;
  }
  long rows = 0;
  int failed = started < threads;
  for (int index = 0; index < started; index++) {
    pthread_join(handles[index], NULL);
    rows += writers[index].rows;
    failed |= writers[index].failed;
  }
  double taken = now() - start;
  free(writers);
  free(handles);
  sqlite3_close(first);
  return failed ? -1 : (double)rows / taken;
}
