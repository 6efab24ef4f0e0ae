import CWakelogSystem

/// A process that holds the writer's lock of a log.
public struct WriterHolder: Sendable, Equatable, CustomStringConvertible {
  /// Its number, as its own pid namespace counts.
  public var process: Int32
  /// Its name, up to 15 bytes.
  public var command: String
  /// Since when it holds the lock, in nanoseconds since 1970.
  public var since: Int64
  /// For how long it holds it, in seconds; the machine's sleep counts.
  public var seconds: Double
  /// Whether it is stopped: by Ctrl-Z, SIGSTOP or a debugger.
  public var isStopped: Bool
  /// Whether it is in another pid namespace, as processes of another container are: its number
  /// says nothing here, and whether it is stopped cannot be seen.
  public var isElsewhere: Bool

  /// The holder that a record names; nil when that process is gone, and its lock with it.
  init?(_ record: wakelog_holder, seenFrom namespace: UInt64) {
    isElsewhere = record.pid_namespace != namespace
    process = Int32(truncatingIfNeeded: record.process)
    if !isElsewhere {
      var started: UInt64 = 0
      let state = unsafe wakelog_process_state(process, &started)
      let isGone = state == 0 || state == Int8(UInt8(ascii: "Z"))
      guard !isGone, record.started == 0 || started == record.started else { return nil }
    }
    isStopped = !isElsewhere && wakelog_process_is_stopped(process)
    command = unsafe withUnsafeBytes(of: record.command) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    since = record.since_epoch
    seconds = Double(max(0, wakelog_boot_nanoseconds() - record.since_boot)) / 1e9
  }

  /// Who it is, for how long it holds the lock, and what to do.
  public var description: String {
    let place = isElsewhere ? " of another pid namespace (container)" : ""
    let who = "process \(process) (\(command))\(place) has held the writer's lock"
    let length = seconds < 10 ? "\((seconds * 10).rounded() / 10)" : "\(Int(seconds))"
    if isStopped {
      return "\(who) for \(length) s and is stopped: continue it with `kill -CONT \(process)`, or "
        + "end it; then nothing of its transaction is kept"
    }
    return "\(who) for \(length) s: wait until it has written, or end it"
  }
}
