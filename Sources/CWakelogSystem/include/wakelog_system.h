/* What the store needs of the system that Swift cannot say: locks held across a fork, a lock that
   processes share, and credentials of one thread. */
#ifndef WAKELOG_SYSTEM_H
#define WAKELOG_SYSTEM_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Not for whoever loads the library: what shows of it is wakelog.h. */
#pragma GCC visibility push(hidden)

/* Forks take the mutex first and free it on both sides, so that the child finds it free. The mutex
   lives as long as the process. Returns 0, or ENOMEM beyond 32 mutexes. */
int wakelog_forks_hold(pthread_mutex_t *mutex);

/* A process, and since when it holds something. */
typedef struct {
  int64_t process;        /* its number; 0 for nobody */
  uint64_t pid_namespace; /* the inode of its pid namespace; 0 if that is not known */
  uint64_t started;       /* when it started, in the kernel's ticks since boot */
  int64_t since_boot;     /* nanoseconds of CLOCK_BOOTTIME */
  int64_t since_epoch;    /* nanoseconds of CLOCK_REALTIME */
  char command[24];       /* its name, up to a zero */
} wakelog_holder;

/* data.mdb as it was when its pages were known to be sound. */
typedef struct {
  uint64_t device;
  uint64_t inode;
  uint64_t commit;
  int64_t size;
  int64_t changed;  /* nanoseconds of its ctime */
  int64_t modified; /* nanoseconds of its mtime */
  uint64_t settled; /* whether any later change shows in the two times */
} wakelog_sound;

/* Two files, by device and inode. */
typedef struct {
  uint64_t data_device, data_inode, lock_device, lock_inode;
} wakelog_files;

/* The bytes of the mapped file. */
size_t wakelog_shared_bytes(void);
/* Makes the map's mutex and records anew. What is known to be sound stays, unless another boot or
   another layout wrote it. Only with nobody else in the file. */
int wakelog_shared_prepare(void *map);
/* Whether the map is of this layout and this boot. */
bool wakelog_shared_is_ours(const void *map);

/* Takes the writer's lock, waiting so many nanoseconds at most: 0, ETIMEDOUT or another error. A
   lock whose holder died is taken over. */
int wakelog_writer_acquire(void *map, const wakelog_holder *me, int64_t nanoseconds);
void wakelog_writer_release(void *map);
/* Who holds the writer's lock; false for nobody. */
bool wakelog_writer_holder(const void *map, wakelog_holder *holder);

/* Who opens the log at the moment; for the message of one who waits. */
void wakelog_opener_set(void *map, const wakelog_holder *me);
bool wakelog_opener(const void *map, wakelog_holder *holder);

void wakelog_sound_set(void *map, const wakelog_sound *sound);
bool wakelog_sound_get(const void *map, wakelog_sound *sound);

void wakelog_files_set(void *map, const wakelog_files *files);
void wakelog_files_get(const void *map, wakelog_files *files);

/* Remembers when a commit was made; one each ten seconds is enough. With the writer's lock. */
void wakelog_commit_note(void *map, uint64_t commit);
/* The time of the first remembered commit after another, in nanoseconds of CLOCK_BOOTTIME, which
   nobody sets; 0 when none is remembered. */
int64_t wakelog_commit_after(const void *map, uint64_t commit);

/* This process as a holder, its times left 0. */
wakelog_holder wakelog_holder_self(void);
/* The state of a process, as /proc shows it, and when it started; 0 when there is none. */
char wakelog_process_state(pid_t process, uint64_t *started);
/* Whether a process is stopped, by a signal or a debugger; false for one that cannot be seen. */
bool wakelog_process_is_stopped(pid_t process);
int64_t wakelog_boot_nanoseconds(void);
int64_t wakelog_real_nanoseconds(void);

/* The times of a file, in nanoseconds since the epoch, from what stat(2) filled in. */
int64_t wakelog_modified(const void *status);
int64_t wakelog_changed(const void *status);
/* Sets a file's time of change to now, finer than the ticks by which the system does; the time, 0
   where that is refused. */
int64_t wakelog_touch(int descriptor);

/* A pipe, and the next connection of a socket, that no child inherits: 0, and the descriptor, or -1
   with errno. */
int wakelog_pipe(int ends[2]);
int wakelog_accept(int listener);

/* Locks a byte of an open file for the open file, not for the process: 0, or EAGAIN while another
   holds it. `kind` is F_RDLCK, F_WRLCK or F_UNLCK. */
int wakelog_lock_byte(int descriptor, short kind, off_t offset);

/* A file without a name in a folder, which no child inherits, no other user can open and nobody can
   give a name: its descriptor, or -1 with errno. */
int wakelog_scratch_open(const char *folder);
/* Moves mapped memory as mremap(2) does, its pages as they are: to a place, over what is mapped
   there, or where there is room for it to become larger. Null where that cannot be done. */
void *wakelog_memory_move(void *from, size_t bytes, size_t room, void *to);

/* Lets this thread, and no other, open files as a user would; back to the process's own with
   what `wakelog_user_now` returned before. False where the system refuses. */
typedef struct {
  uid_t user;
  gid_t group;
} wakelog_user;
wakelog_user wakelog_user_now(void);
bool wakelog_user_become(wakelog_user user);

/* A program to be started, its signals as they are by default. */
typedef struct {
  const char *path;
  char *const *words;   /* its own name first, null last */
  char *const *environment; /* null last; null for this process's own */
  const char *folder;   /* where it works; null for here */
  int input;            /* its standard input, output and error; -1 for this process's own */
  int output;
  int errors;
  int kept;             /* one more that it inherits, under its number here; -1 for none */
  bool own_group;       /* whether it leads a process group of its own */
  bool dies_with_parent; /* whether the kernel ends it when the thread that started it ends */
} wakelog_program;
/* Starts a program: 0, and its number, or an error of the system's. `named`, unless null, is called
 * with the number before the program runs; one whose parent dies before that never runs. */
int wakelog_spawn(const wakelog_program *program, pid_t *child, void (*named)(pid_t, void *),
                  void *context);
/* A file without a name that reads as some bytes, and that no child inherits; -1 for an error. */
int wakelog_input(const void *bytes, size_t count);
/* This process's variables, null last. */
char *const *wakelog_environment(void);

/* Keeps Control-Z and its kind from stopping this thread; returns what undoes that. */
uint32_t wakelog_stops_block(void);
void wakelog_stops_unblock(uint32_t blocked);

#pragma GCC visibility pop

#endif
