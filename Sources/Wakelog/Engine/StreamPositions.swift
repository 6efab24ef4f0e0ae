import WakelogModel

/// Where the events of keys lie, as far as somebody asked.
///
/// An event names the one before it of its key, so that a stream is read backwards. Whoever reads
/// one forward, page by page, would walk back through all of it for each page; so what was walked
/// is remembered, up to a limit.
struct StreamPositions {
  /// Positions of one key's events without a gap.
  struct Stream {
    /// Those up to where the walk began, the last first.
    fileprivate var before: [UInt64] = []
    /// Those that came since, in order.
    fileprivate var after: [UInt64] = []
    /// Whether the first event of the key is among them.
    fileprivate var isWhole = false

    /// The last event.
    var last: UInt64 { after.last ?? before.first ?? 0 }
    /// The first event that is known.
    var first: UInt64 { before.last ?? after.first ?? 0 }
    fileprivate var count: Int { before.count + after.count }

    fileprivate subscript(index: Int) -> UInt64 {
      index < before.count ? before[before.count - 1 - index] : after[index - before.count]
    }

    /// How many of the known positions are below one.
    fileprivate func rank(_ position: UInt64) -> Int {
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if self[middle] < position { low = middle + 1 } else { high = middle }
      }
      return low
    }

    /// Those of a range, in order, up to a limit.
    func positions(_ range: ClosedRange<UInt64>, atMost limit: Int) -> [SequenceNumber] {
      let start = rank(range.lowerBound)
      var found: [SequenceNumber] = []
      var index = start
      while index < count, found.count < limit, self[index] <= range.upperBound {
        found.append(SequenceNumber(self[index]))
        index += 1
      }
      return found
    }
  }

  /// How many positions are remembered of all streams but the one read last.
  private static let limit = 1 << 20

  private var streams: [UInt32: Stream] = [:]
  private var total = 0

  /// Forgets everything, since some of it was taken back.
  mutating func forget() {
    guard total > 0 else { return }
    streams = [:]
    total = 0
  }

  /// What is known of a stream that ends with an event, down to a position at least.
  ///
  /// - Parameter previous: The event before one of the same key, nil when that one is not there.
  mutating func stream<Failure: Error>(
    of session: SessionSymbol, head: SequenceNumber, downTo first: UInt64,
    _ previous: (SequenceNumber) throws(Failure) -> SequenceNumber?
  ) throws(Failure) -> Stream {
    if let near = try Self.near(head, downTo: first, previous) { return near }
    var stream = streams.removeValue(forKey: session.number) ?? Stream()
    total -= stream.count
    // A state of the past ends earlier: it is a part of what is known.
    if stream.last < head.value {
      if head.value > stream.last, !(try Self.extend(&stream, to: head, previous)) {
        stream = Stream()
      }
    }
    if !stream.isWhole, stream.count == 0 || stream.first > first {
      try Self.deepen(&stream, head, downTo: first, previous)
    }
    if total + stream.count > Self.limit { forget() }
    streams[session.number] = stream
    total += stream.count
    return stream
  }

  /// How many events are walked back without remembering them: a host that looks at its latest runs
  /// needs no memory for them.
  private static let nearby = 256

  /// The end of a stream down to a position; nil where that is far.
  private static func near<Failure: Error>(
    _ head: SequenceNumber, downTo first: UInt64,
    _ previous: (SequenceNumber) throws(Failure) -> SequenceNumber?
  ) throws(Failure) -> Stream? {
    var stream = Stream()
    var at = head
    while at.exists, let before = try previous(at), before < at {
      stream.before.append(at.value)
      if at.value <= first { return stream }
      if stream.before.count >= nearby { return nil }
      at = before
    }
    stream.isWhole = true
    return stream
  }

  /// Adds what came since; false when it does not join what is known.
  private static func extend<Failure: Error>(
    _ stream: inout Stream, to head: SequenceNumber,
    _ previous: (SequenceNumber) throws(Failure) -> SequenceNumber?
  ) throws(Failure) -> Bool {
    guard stream.count > 0 else { return true }
    var fresh: [UInt64] = []
    var at = head
    while at.value > stream.last {
      guard let before = try previous(at), before < at else { return false }
      fresh.append(at.value)
      at = before
    }
    guard at.value == stream.last else { return false }
    stream.after += fresh.reversed()
    return true
  }

  /// Adds what is older.
  private static func deepen<Failure: Error>(
    _ stream: inout Stream, _ head: SequenceNumber, downTo first: UInt64,
    _ previous: (SequenceNumber) throws(Failure) -> SequenceNumber?
  ) throws(Failure) {
    var at = head
    if stream.count > 0 {
      guard let before = try previous(SequenceNumber(stream.first)) else { return }
      at = before
    }
    while at.exists {
      if stream.count > 0, at.value >= stream.first { return }
      guard let before = try previous(at) else { return }
      stream.before.append(at.value)
      if before.exists, at.value < first { return }
      at = before
    }
    stream.isWhole = true
  }
}
