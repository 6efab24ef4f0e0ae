internal import Glibc
internal import Wakelog
internal import WakelogStore

/// The numbers by which C knows what it has open.
///
/// A number and no address: one that was closed, or never given, is told from one in use.
struct Handles<Value: Sendable>: Sendable, ~Copyable {
  private struct Table {
    var open: [UInt64: (value: Value, process: pid_t)] = [:]
    var last: UInt64 = 0
  }

  private let noun: String
  private let table = Lock(acrossForks: Table())

  /// Numbers of what a function of the header calls by a noun.
  init(of noun: String) { self.noun = noun }

  /// Gives a number.
  func add(_ value: Value) -> UInt64 {
    table.withLock { table in
      table.last += 1
      table.open[table.last] = (value, getpid())
      return table.last
    }
  }

  /// What a number stands for.
  func find(_ handle: UInt64) throws(WakelogError) -> Value {
    try table.withLock { table throws(WakelogError) in try find(handle, in: table) }
  }

  /// Takes a number back, if that may be; of two that try only one does.
  func remove(
    _ handle: UInt64, if mayClose: (Value) throws(WakelogError) -> Void = { _ in }
  ) throws(WakelogError) -> Value {
    try table.withLock { table throws(WakelogError) in
      let found = try find(handle, in: table)
      try mayClose(found)
      table.open[handle] = nil
      return found
    }
  }

  private func find(_ handle: UInt64, in table: Table) throws(WakelogError) -> Value {
    if let found = table.open[handle] {
      guard found.process == getpid() else {
        throw WakelogError(
          .busy, "the \(noun) was opened before a fork; open it again in the child")
      }
      return found.value
    }
    guard handle == 0 || handle > table.last else {
      throw WakelogError(.busy, "the \(noun) was closed; open it again")
    }
    throw WakelogError(
      .invalidParameter, "`\(noun)` is \(handle), which no opening gave; give what opening gave",
      field: noun)
  }
}
