#ifndef WAKELOG_RECORDER_H
#define WAKELOG_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

/// What a record of the journal says. The numbers are those in the file.
enum {
  RECORD_WRITE = 1,
  RECORD_SETTLED = 2,
  RECORD_FLUSH_BEGUN = 3,
  RECORD_FLUSHED = 4,
  RECORD_TRUNCATED = 5,
  RECORD_CREATED = 6,
  RECORD_LINKED = 7,
  RECORD_RENAMED = 8,
  RECORD_UNLINKED = 9,
  RECORD_FOLDER_MADE = 10,
  RECORD_FOLDER_REMOVED = 11,
};

/// The offset of what was appended: where the file ends, which several may move at once.
#define RECORD_AT_END UINT64_MAX

/// The head of a record; two paths and the bytes that were written follow it.
struct recorder_head {
  uint32_t kind;
  uint32_t thread;
  /// The number of the file's inode.
  uint64_t file;
  uint64_t offset;
  /// How many bytes follow, or the length that a file was cut to.
  uint64_t length;
  /// How long the two paths are, both relative to the folder.
  uint32_t first;
  uint32_t second;
};

/// Whether this build can record: not with a sanitizer, which stands before the same calls.
bool recorder_is_there(void);

/// From here on writes what this process does to the files below a folder into a journal, which
/// several processes may share. A record is written after what it records, so that whoever learns
/// of that and does something more has a later record. Lock files are not recorded: their content
/// means nothing after a restart.
void recorder_begin(const char *folder, const char *journal);

/// Makes the calls below a folder fail: of those that change files or flush them, the `number`th
/// from here on, with an error, and none after it.
void recorder_fail(const char *folder, uint64_t number, int error);

/// How many such calls there were since `recorder_fail`.
uint64_t recorder_calls(void);

#endif
