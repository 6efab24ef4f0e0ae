import CAllocations
import Testing
import WakelogTesting

@testable import WakelogModel

/// Replay reduces millions of events a second: none of them may ask for memory.
@Suite(.enabled(if: allocations_are_counted(), "a sanitizer has an allocator of its own"))
struct AllocationTests {
  @Test func `reducing allocates nothing but rows`() {
    var history = History(seed: 19)
    for _ in 0..<3_000 { history.step() }
    let events = history.events
    var state = State()
    for event in events { state.reduce(event) }
    var made: [UInt8: [UInt64]] = [:]
    for event in events {
      let before = allocations_made()
      state.reduce(event)
      let after = allocations_made()
      made[event.body.kindNumber, default: []].append(after - before)
    }
    // Tables grow now and then: the middle one of each kind says whether it asks for memory.
    for (kind, counts) in made {
      #expect(counts.sorted()[counts.count / 2] == 0, "kind \(kind)")
    }
  }
}
