// The peer of the benchmark: the same rows, durable commit by durable commit, in SQLite.

#ifndef SQLITE_PEER_H
#define SQLITE_PEER_H

/// Appends records of a size by some threads, each with a connection of its own, for some seconds:
/// three rows and two in turn, as wakes and finishes leave events, each lot in a transaction of its
/// own. WAL, synchronous=FULL. Returns how many rows became durable each second; negative when
/// SQLite refuses.
double sqlite_peer_rows_per_second(
  const char *path, int threads, double seconds, int record_bytes);

#endif
