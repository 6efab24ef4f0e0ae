/// Keeps the replies of one connection in the order of its requests, and their number bounded.
///
/// A place is taken when a request is read and filled when its reply is there, on whatever thread.
/// Who reads waits while all places are taken: a client that does not read its replies is not read
/// from either.
final class ReplyQueue: Sendable {
  /// How many requests of one connection may be under way.
  static let capacity = 256

  private struct State {
    var replies = [Reply?](repeating: nil, count: ReplyQueue.capacity)
    /// The place of the oldest reply that has not been taken, counted from the first request.
    var first = 0
    /// The place of the next request.
    var next = 0
    var readingHasEnded = false
    var writingHasFailed = false
    /// Whether what was taken last may still be on its way out.
    var isWriting = false
  }

  private let state = Monitor(State())

  /// Takes the next place, once there is one; nil when nobody reads the replies any more.
  func reserve() -> Int? {
    let place: Int = state.wait { state in
      if state.writingHasFailed { return -1 }
      guard state.next - state.first < Self.capacity else { return nil }
      state.next += 1
      return state.next - 1
    }
    return place < 0 ? nil : place
  }

  /// Whether every reply is written out, so that the next may go by another way.
  var isIdle: Bool {
    state.look { $0.first == $0.next && !$0.isWriting && !$0.writingHasFailed }
  }

  /// Fills a place.
  func fill(_ place: Int, with reply: Reply) {
    state.change { $0.replies[place % Self.capacity] = reply }
  }

  /// Says that no place will be taken any more.
  func endReading() {
    state.change { $0.readingHasEnded = true }
  }

  /// Says that replies cannot be written any more; they are dropped from now on.
  func failWriting() {
    state.change { $0.writingHasFailed = true }
  }

  /// Waits for the replies that come next and takes them, those taken before being written, up to one with something to do
  /// afterwards; nil when all are taken and reading has ended.
  func take() -> [Reply]? {
    state.change { $0.isWriting = false }
    let taken: [Reply] = state.wait { state in
      var taken: [Reply] = []
      while state.first < state.next,
        let reply = state.replies[state.first % Self.capacity]
      {
        state.replies[state.first % Self.capacity] = nil
        state.first += 1
        taken.append(reply)
        if reply.afterwards != nil { break }
      }
      state.isWriting = !taken.isEmpty
      let isDone = state.readingHasEnded && state.first == state.next
      return taken.isEmpty && !isDone ? nil : taken
    }
    return taken.isEmpty ? nil : taken
  }
}
