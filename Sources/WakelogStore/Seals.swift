import CLMDB

/// A seal, taken apart; the layout is in `StorageFormat.md`.
struct Seal {
  /// A run of new symbols in one namespace.
  struct Range: Equatable {
    var namespace: UInt8
    var first: UInt32
    var count: UInt32

    /// What of it is hashed, before its symbols.
    var bytes: [UInt8] { [namespace] + bigEndianBytes(first) + bigEndianBytes(count) }
  }

  var hash: [UInt8]
  var events: UInt64
  var symbols: [Range]

  init(hash: [UInt8], events: UInt64, symbols: [Range]) {
    self.hash = hash
    self.events = events
    self.symbols = symbols
  }

  /// Reads a stored seal, behind its checksum; `nil` if it is malformed.
  init?(_ bytes: Bytes) {
    guard bytes.count > LogFormat.sealSize else { return nil }
    hash = unsafe Array(bytes.prefix(LogFormat.sealSize))
    symbols = []
    var offset = LogFormat.sealSize
    guard let count = unsafe Varint.read(bytes, at: &offset), count > 0 else { return nil }
    events = count
    while offset < bytes.count {
      let namespace = unsafe bytes[offset]
      offset += 1
      guard let first = unsafe Varint.read(bytes, at: &offset),
        let count = unsafe Varint.read(bytes, at: &offset),
        let first = UInt32(exactly: first), let count = UInt32(exactly: count),
        first > 0, count > 0, !first.addingReportingOverflow(count - 1).overflow
      else { return nil }
      symbols.append(Range(namespace: namespace, first: first, count: count))
    }
  }

  /// Reads the row of a seal behind the events of its commit.
  init(row: Bytes, _ sequence: UInt64) throws(StoreError) {
    guard let body = unsafe checked(row, seed: sequence), let seal = unsafe Seal(body) else {
      throw .corrupt("The seal behind the event is damaged. Run verify.", .events, sequence)
    }
    self = seal
  }

  var bytes: [UInt8] {
    var bytes = hash
    Varint.append(events, to: &bytes)
    for range in symbols {
      bytes.append(range.namespace)
      Varint.append(UInt64(range.first), to: &bytes)
      Varint.append(UInt64(range.count), to: &bytes)
    }
    return bytes
  }

  /// The key of the seal behind an event.
  static func key(_ sequence: UInt64) -> [UInt8] {
    bigEndianBytes(sequence) + [LogFormat.sealMark]
  }

  /// The event behind which a seal stands, by its key; nil if the key is no seal's.
  static func sequence(_ key: Bytes) -> UInt64? {
    guard key.count == LogFormat.sealKeySize,
      unsafe key[LogFormat.sequenceSize] == LogFormat.sealMark
    else { return nil }
    return unsafe key.bigEndian(UInt64.self)
  }
}

extension Writer {
  /// Starts the hash of the next commit's events and finds the previous seal; refuses to extend a
  /// broken chain.
  func beginSeal() throws(StoreError) {
    let hasher = self.hasher ?? SealHasher()
    if previousSeal.isEmpty {
      let end = try snapshot.chainEnd()
      last = end.position
      previousSeal = end.seal
    }
    hasher.begin()
    self.hasher = hasher
  }

  /// Ends a commit: writes the seal behind the events appended since the last one, if there are any.
  func seal() throws(StoreError) {
    guard appended > 0, let hasher else {
      precondition(firstNewSymbols.isEmpty, "a commit with new symbols has an event")
      return
    }
    let events = hasher.finish()
    hasher.begin()
    var ranges: [Seal.Range] = []
    for (namespace, first) in firstNewSymbols.sorted(by: { $0.key < $1.key }) {
      let count = try count(namespace)
      let range = Seal.Range(namespace: namespace, first: first, count: count - first + 1)
      try snapshot.hash(range, into: hasher)
      ranges.append(range)
    }
    let hash = hasher.seal(
      previous: previousSeal, first: last - appended + 1, count: appended, events: events,
      symbols: hasher.finish())
    let seal = Seal(hash: hash, events: appended, symbols: ranges)
    try put(.events, Seal.key(last), checksummed(seal.bytes, seed: last), MDB_APPEND)
    previousSeal = hash
    appended = 0
    firstNewSymbols.removeAll(keepingCapacity: true)
  }
}

extension Snapshot {
  /// The last event and the seal behind it; the start of the chain if there is none.
  func chainEnd() throws(StoreError) -> (position: UInt64, seal: [UInt8]) {
    var cursor = try cursor(.events)
    guard try cursor.last() else { return try chainStart() }
    guard let last = unsafe Seal.sequence(cursor.key) else {
      throw .corrupt("The last event has no seal. Run verify.", .events, try lastSequence())
    }
    return (last, unsafe try Seal(row: cursor.value, last).hash)
  }

  /// Hashes a run of symbols; throws `corrupt` if one is missing or damaged.
  func hash(_ range: Seal.Range, into hasher: SealHasher) throws(StoreError) {
    hasher.update(range.bytes)
    for number in range.first...(range.first + range.count - 1) {
      switch try symbol(range.namespace, number) {
      case .name(let name)?:
        let key = SymbolSeal.key(identity.secret, range.namespace, number)
        unsafe hasher.update(SymbolSeal.digest(key, name))
      case .forgotten(let digest)?: hasher.update(digest)
      case nil:
        throw .corrupt("Symbol \(number) of namespace \(range.namespace) is missing.", .symbols)
      }
    }
  }
}
