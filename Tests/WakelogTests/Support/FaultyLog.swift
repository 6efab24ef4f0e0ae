import Foundation
import Synchronization
import WakelogModel

@testable import Wakelog
@testable import WakelogStore

/// An engine whose transactions a test can hold up, let fail, or slip another's commit in before.
final class FaultyLog: Sendable {
  private let fault: Fault
  let engine: Engine
  let log: Log

  /// What happens at a call of the store; the closure is called on the thread that makes it.
  private final class Fault: Sendable {
    let body = Mutex<(@Sendable (SystemCall) -> Int32)?>(nil)
  }

  init(_ place: Place, _ change: (inout Engine.Options) -> Void = { _ in }) throws {
    let fault = Fault()
    var options = LogOptions(mapSizeBytes: 64 << 20)
    options.fault = { call in
      let body = fault.body.withLock { $0 }
      return body?(call) ?? 0
    }
    self.fault = fault
    log = try Log.open(place.log, options: options)
    engine = try Engine.open(log, options: .forTests(change))
  }

  /// Sets what happens at a call from now on.
  func at(_ wanted: SystemCall, _ body: @escaping @Sendable () -> Int32) {
    fault.body.withLock { $0 = { $0 == wanted ? body() : 0 } }
  }

  func heal() { fault.body.withLock { $0 = nil } }

  /// Appends an event past the engine, as another process would.
  func writeElsewhere() throws {
    try log.write { transaction in
      var state = State()
      try transaction.replay(into: &state)
      let event = Event(
        sequence: state.position.next, at: Instant(nanoseconds: 0), session: .none, run: .none,
        generation: Generation(0), previous: state.totals.systemHead, body: .noteAdded(NoteAdded()))
      _ = try event.withRecord { try transaction.append($0) }
    }
  }

  /// What the events of the log add up to, in a replay of all of them.
  func replayed() throws -> String { try replay(log).last }
}

extension Engine {
  /// Waits until that many calls were decided ahead of the log.
  func waitUntilAhead(calls: Int) {
    while callsAhead < calls { usleep(200) }
  }
}

/// One thread stops at a gate until another opens it, and says that it came.
final class Gate: Sendable {
  private let arrived = DispatchSemaphore(value: 0)
  private let opened = DispatchSemaphore(value: 0)

  /// Stops here until the gate is opened.
  func pass() {
    arrived.signal()
    opened.wait()
  }

  /// Waits until a thread has come to the gate.
  func waitForArrival() { arrived.wait() }

  func open() { opened.signal() }
}

/// The writer's place, taken: nobody writes until it is given back.
final class HeldWriter: Sendable {
  private let isHeld = DispatchSemaphore(value: 0)
  private let mayGo = DispatchSemaphore(value: 0)

  init(_ engine: Engine) {
    let holding = Foundation.Thread { [isHeld, mayGo] in
      try? engine.log.write { _ in
        isHeld.signal()
        mayGo.wait()
      }
    }
    holding.start()
    isHeld.wait()
  }

  func giveBack() { mayGo.signal() }
}
