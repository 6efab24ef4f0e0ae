import Foundation
import Testing
import WakelogStore

@testable import Wakelog

/// A task that blocked would take one of the pool's threads, of which there is one a core.
@Suite struct AwaitingTests {
  let place = Place()

  private func wake(_ engine: Engine, _ call: Int) -> Task<Bool, any Error> {
    Task.detached {
      let request = WakeRequest(
        session: "s\(call)", agent: "ada", provider: "claude", source: .message)
      return try await engine.wake(request).isStarted
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `calls that are awaited block no thread of the pool`() async throws {
    let engine = try place.open()
    let writer = HeldWriter(engine)
    let waiting = (0..<64).map { wake(engine, $0) }
    // Other tasks go on meanwhile, on every thread of the pool.
    for _ in 0..<2 * ProcessInfo.processInfo.activeProcessorCount {
      let other = Task.detached { await Task.yield() }
      await other.value
    }
    writer.giveBack()
    for call in waiting {
      let isStarted = try await call.value
      #expect(isStarted)
    }
    engine.close()
  }
}
