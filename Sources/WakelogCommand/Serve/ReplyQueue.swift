internal import WakelogHost

/// Keeps the replies of one connection in the order of its requests, and their number and size
/// bounded.
///
/// A place is taken when a request is read and filled when its reply is there, on whatever thread.
/// Whoever reads waits while there is no place: a client that does not read its replies is not read
/// from either, and costs no more than `budget`.
final class ReplyQueue: Sendable {
  /// How many requests of one connection may be under way.
  static let capacity = 256
  /// How many bytes the requests under way and the replies not written yet may take. A request that
  /// needs more is the only one.
  static let budget = 4 << 20
  /// How much is written at a time, where several replies are there.
  static let portion = 256 << 10

  private struct Place {
    var bytes: Int
    var reply: Reply?
  }

  private struct State {
    /// The places taken, the oldest first.
    var places: [Place] = []
    /// The number of the first place, counted from the first request.
    var first = 0
    /// What all places take, and what is being written.
    var bytes = 0
    /// What was taken last and may still be on its way out.
    var writing = (count: 0, bytes: 0)
    var readingHasEnded = false
    var writingHasFailed = false
  }

  private let ledger: Ledger
  private let state = Monitor(State())

  init(_ ledger: Ledger) { self.ledger = ledger }

  /// Takes the next place, once there is one; nil when nobody reads the replies any more.
  func reserve(_ bytes: Int) -> Int? {
    let place: Int = state.wait { state in
      if state.writingHasFailed { return -1 }
      guard state.places.count < Self.capacity,
        state.bytes == 0 || state.bytes + bytes <= Self.budget
      else { return nil }
      state.places.append(Place(bytes: bytes))
      state.bytes += bytes
      return state.first + state.places.count - 1
    }
    guard place >= 0 else { return nil }
    ledger.accept()
    return place
  }

  /// Whether every reply is written out, so that the next may go by another way.
  var isIdle: Bool {
    state.look { $0.places.isEmpty && $0.writing.count == 0 && !$0.writingHasFailed }
  }

  /// Fills a place; what it takes is known now.
  func fill(_ place: Int, with reply: Reply) {
    state.change { state in
      let index = place - state.first
      state.bytes += reply.bytes - state.places[index].bytes
      state.places[index] = Place(bytes: reply.bytes, reply: reply)
    }
  }

  /// Says that no place will be taken any more.
  func endReading() {
    state.change { $0.readingHasEnded = true }
  }

  /// Says that replies cannot be written any more; they are dropped from now on.
  func failWriting() {
    state.change { $0.writingHasFailed = true }
  }

  /// Waits for the replies that come next and takes about a `portion`, those taken before being
  /// written, up to one with something to do afterwards; nil when all are taken and reading has
  /// ended.
  func take() -> [Reply]? {
    let written = state.change { state in
      defer { state.writing = (0, 0) }
      state.bytes -= state.writing.bytes
      return state.writing.count
    }
    ledger.settle(written)
    let taken: [Reply] = state.wait { state in
      var taken: [Reply] = []
      for place in state.places {
        guard let reply = place.reply, state.writing.bytes < Self.portion else { break }
        taken.append(reply)
        state.writing.bytes += place.bytes
        if reply.afterwards != nil { break }
      }
      state.writing.count = taken.count
      state.places.removeFirst(taken.count)
      state.first += taken.count
      let isDone = state.readingHasEnded && state.places.isEmpty
      return taken.isEmpty && !isDone ? nil : taken
    }
    return taken.isEmpty ? nil : taken
  }
}
