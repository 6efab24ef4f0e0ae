import Glibc
import WakelogModel
import WakelogStore

/// What of this machine stands in the way of a log, and is in no event of it.
enum MachineView {
  /// How long somebody may hold the writer's lock before it is shown, in seconds.
  private static let longWrite = 2.0
  /// How long a reader may look at one state before it is shown, in seconds.
  private static let longRead = 600.0
  /// What a reader may hold back before it is shown, whatever part of the file that is.
  private static let smallBytes = 1 << 20

  /// Entries of `attention` about processes that hold the log up, as they are now. Waits for none
  /// of them.
  static func attention(_ log: Log) -> [JSONValue] {
    var found: [JSONValue] = []
    if let holder = log.writerHolder(), holder.seconds >= longWrite {
      found.append(
        entry(.writerBlocked, since: holder.since, process: holder.process, "\(holder)"))
    }
    if let reader = try? log.oldestReader(), let because = complaint(of: reader, in: log) {
      found.append(
        entry(
          .oldReader, since: reader.since ?? Clock.now().nanoseconds, process: reader.process,
          because))
    }
    return found
  }

  private static func complaint(of reader: OldestReader, in log: Log) -> String? {
    let file = (try? log.statistics().fileBytes) ?? 0
    let holdsMuch = reader.bytesHeld > max(file / 4, smallBytes)
    guard holdsMuch || reader.seconds >= longRead else { return nil }
    let what =
      "process \(reader.process) reads the log as it was \(reader.commitsBehind) commits ago, and "
      + "keeps \(reader.bytesHeld >> 10) KiB of it from being used again: the file grows. "
    return what
      + (reader.isStopped
        ? "It is stopped: continue it with `kill -CONT \(reader.process)`, or end it"
        : "Wait until it has read, or end it")
  }

  private static func entry(
    _ kind: AttentionKind, since: Int64, process: Int32, _ because: String
  ) -> JSONValue {
    [
      "kind": .string(kind.rawValue), "session": .null, "run": .null,
      "since": .time(since, Clock.now().offsetMinutes),
      "family": .string(FailureFamily.infrastructure.name), "pid": .integer(Int64(process)),
      "because": .string(because),
    ]
  }
}
