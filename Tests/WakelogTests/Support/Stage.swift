import Foundation
import Synchronization
import WakelogModel

@testable import Wakelog
@testable import WakelogStore

/// A log whose file is put back, under the calls that use it, right before a transaction begins:
/// what LMDB shows is decided by the test, and not by how threads happen to run.
final class Stage: Sendable {
  let log: Log
  private let queue: JobQueue
  private let file: String
  private let script = Script()

  /// What is put into the file, before which transaction, and which transactions there were.
  private final class Script: Sendable {
    let state = Mutex<(putting: [Int: Data], begun: [SystemCall])>(([:], []))
  }

  /// Opens the log, and writes one event.
  init(_ place: Place) throws {
    file = place.log + "/data.mdb"
    var options = LogOptions(mapSizeBytes: 64 << 20)
    options.fault = { [file, script] call in
      guard call == .beginRead || call == .beginWrite else { return 0 }
      let data = script.state.withLock { state in
        state.begun.append(call)
        return state.putting[state.begun.count]
      }
      if let data { Self.put(data, file) }
      return 0
    }
    log = try Log.open(place.log, options: options)
    let engineOptions = Engine.Options.forTests { $0.checkpointEventsAtClosing = 1 }
    queue = JobQueue(Transactor(log, engineOptions, watch: EventWatch()))
    try write()
  }

  /// The file as it is now.
  var contents: Data { get throws { try Data(contentsOf: URL(fileURLWithPath: file)) } }

  /// The two headers of LMDB as they are now, one of which each commit replaces.
  var headers: Data { get throws { try contents.prefix(2 * sysconf(Int32(_SC_PAGESIZE))) } }

  /// Puts back what was there; what the file has beyond stays, since it is mapped.
  func put(_ data: Data) { Self.put(data, file) }

  private static func put(_ data: Data, _ file: String) {
    let descriptor = open(file, O_WRONLY)
    let count = data.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    close(descriptor)
    precondition(count == data.count, "the file could not be put back")
  }

  /// Carries calls out one after the other, and puts something into the file before the first, the
  /// second, … transaction that they begin; gives those transactions.
  @discardableResult
  func carryOut(_ jobs: [ResultJob<JSONValue>], putting: [Int: Data] = [:]) -> [SystemCall] {
    script.state.withLock { $0 = (putting, []) }
    for job in jobs { _ = try? queue.perform(job) }
    return script.state.withLock { $0.begun }
  }

  /// A call that appends an event, and gives the state's position.
  static func writing() -> ResultJob<JSONValue> {
    ResultJob(writes: true) { core throws(WakelogError) in
      let (host, version) = (core.names.symbol("h", Space.Host.self), Symbol<Space.Version>.none)
      _ = try core.execute(.host(host, version: version), at: Instant(nanoseconds: 0))
      return .count(core.state.position.value)
    }
  }

  /// A call that gives the state's position, after which a checkpoint may be wanted.
  static func reading(wantsCheckpoint: Bool = false) -> ResultJob<JSONValue> {
    ResultJob(writes: false) { core throws(WakelogError) in
      core.wantsCheckpoint = wantsCheckpoint
      return .count(core.state.position.value)
    }
  }

  /// Appends an event.
  func write() throws {
    let job = Self.writing()
    carryOut([job])
    _ = try job.value()
  }
}
