/// A seal, taken apart; the layout is in `LogFormat`.
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

  /// Reads a stored seal; `nil` if it is malformed.
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
}

extension Writer {
  /// Starts the hash of this commit's events and finds the previous seal; refuses to extend a broken chain.
  func beginSeal() throws(StoreError) {
    last = try snapshot.lastSequence()
    let hasher = self.hasher ?? SealHasher()
    let previous: [UInt8]
    var cursor = try snapshot.cursor(.seals)
    if try cursor.last() {
      guard unsafe cursor.key.count == 8, unsafe cursor.key.bigEndian(UInt64.self) == last,
        let seal = unsafe Seal(cursor.value)
      else { throw .corrupt("The last seal is not that of the last event.", .seals, last) }
      previous = seal.hash
    } else {
      guard last == 0 else { throw .corrupt("The events have no seal.", .seals, last) }
      previous = hasher.genesis(identifier: identity.identifier)
    }
    hasher.begin()
    previousSeal = previous
    self.hasher = hasher
  }

  /// Writes the seal if events were appended; else remembers which symbols have none yet.
  func seal() throws(StoreError) {
    guard appended > 0, let hasher else { return try rememberUnsealed() }
    var firsts = firstNewSymbols
    for (namespace, first) in try snapshot.unsealedSymbols() {
      firsts[namespace] = first
      try delete(.meta, LogFormat.unsealedKey + [namespace])
    }
    let events = hasher.finish()
    hasher.begin()
    var ranges: [Seal.Range] = []
    for (namespace, first) in firsts.sorted(by: { $0.key < $1.key }) {
      let count = try snapshot.symbolCount(namespace)
      let range = Seal.Range(namespace: namespace, first: first, count: count - first + 1)
      try snapshot.hash(range, identity.secret, into: hasher)
      ranges.append(range)
    }
    let hash = hasher.seal(
      previous: previousSeal, first: last - appended + 1, count: appended, events: events,
      symbols: hasher.finish())
    let seal = Seal(hash: hash, events: appended, symbols: ranges)
    try put(.seals, bigEndianBytes(last), seal.bytes)
  }

  private func rememberUnsealed() throws(StoreError) {
    for (namespace, first) in firstNewSymbols.sorted(by: { $0.key < $1.key }) {
      let key = LogFormat.unsealedKey + [namespace]
      if unsafe try snapshot.get(.meta, key) == nil {
        try put(.meta, key, bigEndianBytes(first))
      }
    }
  }
}

extension Snapshot {
  /// The namespaces with symbols that no seal covers, and the first such number of each.
  func unsealedSymbols() throws(StoreError) -> [(UInt8, UInt32)] {
    let prefix = LogFormat.unsealedKey
    var found: [(UInt8, UInt32)] = []
    var cursor = try cursor(.meta)
    var isThere = try unsafe prefix.withBytes { (key) throws(StoreError) in
      try unsafe cursor.seek(key)
    }
    while isThere, unsafe cursor.key.starts(with: prefix) {
      guard unsafe cursor.key.count == prefix.count + 1, unsafe cursor.value.count == 4 else {
        throw .corrupt("The row about unsealed symbols is malformed.", .meta)
      }
      found.append(
        (unsafe cursor.key[prefix.count], unsafe cursor.value.bigEndian(UInt32.self)))
      isThere = try cursor.next()
    }
    return found
  }

  /// Hashes a run of symbols; throws `corrupt` if one is missing.
  func hash(_ range: Seal.Range, _ secret: [UInt8], into hasher: SealHasher) throws(StoreError) {
    hasher.update(range.bytes)
    for number in range.first...(range.first + range.count - 1) {
      guard let name = unsafe try get(.symbols, symbolKey(range.namespace, number)) else {
        throw .corrupt("Symbol \(number) of namespace \(range.namespace) is missing.", .symbols)
      }
      let key = SymbolSeal.key(secret, range.namespace, number)
      unsafe hasher.update(SymbolSeal.digest(key, name))
    }
  }
}
