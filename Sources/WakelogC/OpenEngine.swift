internal import CWakelog
internal import Glibc
internal import Wakelog
internal import WakelogStore

/// A log that C has open.
final class OpenEngine: Sendable {
  let engine: Engine
  let delivery = Delivery()
  private let process = getpid()

  init(_ engine: Engine) { self.engine = engine }

  /// Whether this process opened it, and is not the child of the one that did.
  var isOwn: Bool { getpid() == process }

  /// Waits for the calls under way and their callbacks, and closes.
  func close() {
    engine.close()
    delivery.end()
  }
}

/// The numbers by which C knows what it has open.
///
/// A number and no address: one that was closed, or never given, is told from one in use.
struct Handles: Sendable {
  private static let shared = Lock(acrossForks: Handles())

  private var open: [wakelog_engine: OpenEngine] = [:]
  private var last: wakelog_engine = 0

  /// Gives a number.
  static func add(_ engine: OpenEngine) -> wakelog_engine {
    shared.withLock { handles in
      handles.last += 1
      handles.open[handles.last] = engine
      return handles.last
    }
  }

  /// What a number stands for.
  static func find(_ handle: wakelog_engine) throws(WakelogError) -> OpenEngine {
    let found = try shared.withLock { handles throws(WakelogError) in try handles.find(handle) }
    guard found.isOwn else {
      throw WakelogError(.busy, "the log was opened before a fork; open it again in the child")
    }
    return found
  }

  /// Takes a number back; of two that try only one does.
  static func remove(_ handle: wakelog_engine) throws(WakelogError) -> OpenEngine {
    let found = try find(handle)
    guard !found.delivery.isThisThread else {
      throw WakelogError(
        .busy, "a callback cannot close the log that called it; close it from another thread")
    }
    return try shared.withLock { handles throws(WakelogError) in
      let found = try handles.find(handle)
      handles.open[handle] = nil
      return found
    }
  }

  private func find(_ handle: wakelog_engine) throws(WakelogError) -> OpenEngine {
    if let found = open[handle] { return found }
    guard handle == 0 || handle > last else {
      throw WakelogError(.busy, "the log was closed; open it again")
    }
    throw WakelogError(
      .invalidParameter, "`engine` is \(handle), which no opening gave; give what wakelog_open gave",
      field: "engine")
  }
}
