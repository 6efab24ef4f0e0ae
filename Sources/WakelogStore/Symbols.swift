import CLMDB

extension LogTransaction where Self: ~Copyable {
  /// Gives the bytes of a symbol to `body`; `nil` if the number was never assigned. Throws `corrupt`
  /// if its row is damaged or lost.
  public func symbol<R>(
    _ namespace: UInt8, _ number: UInt32, _ body: (RawSpan) throws -> R
  ) throws -> R? {
    switch try snapshot.symbol(namespace, number) {
    case nil: return nil
    case .name(let name)?: return try unsafe body(name.bytes)
    case .forgotten?: return try unsafe body(Array("forgotten:\(number)".utf8).span.bytes)
    }
  }

  /// The number of a name, or `nil` if it has none. Throws `corrupt` if the rows that tell so
  /// contradict each other.
  public func number(of name: RawSpan, namespace: UInt8) throws -> UInt32? {
    try unsafe name.withUnsafeBytes { name in
      try unsafe snapshot.number(name, namespace)
    }
  }

  /// The number of a name given as a buffer, or `nil` if it has none.
  public func number(of name: UnsafeRawBufferPointer, namespace: UInt8) throws -> UInt32? {
    unsafe try snapshot.number(name, namespace)
  }

  /// How many symbols a namespace has. Their numbers are 1 to this.
  public func symbolCount(_ namespace: UInt8) throws -> UInt32 {
    try snapshot.symbolCount(namespace)
  }

  /// Walks the names that begin with `prefix`, until `body` returns `false`.
  ///
  /// In order of their bytes, except that names of over 494 bytes follow the order of their cut
  /// form. An empty prefix lists the whole namespace.
  public func forEachSymbol(
    _ namespace: UInt8, prefix: [UInt8] = [], _ body: (UInt32, RawSpan) throws -> Bool
  ) throws {
    let start = [namespace] + prefix.prefix(LogFormat.longNamePrefix)
    var cursor = try snapshot.cursor(.names)
    var isThere = try cursor.seek(start)
    if isThere ? try cursor.previous() : try cursor.last() {
      // A name of the prefix may have been turned into one of before it, or of behind it.
      try snapshot.checkRow(.names, cursor)
      isThere = try isThere && cursor.next()
    }
    while isThere {
      let row = unsafe try snapshot.nameRow(cursor.key, cursor.value)
      guard unsafe cursor.key.starts(with: start) else { return }
      if unsafe row.name.starts(with: prefix) {
        guard try unsafe body(row.number, row.name.bytes) else { return }
      }
      isThere = try cursor.next()
    }
  }
}

extension WriteTransaction {
  /// The number of a name, assigned now if it had none: 1 for a namespace's first, one more for
  /// each. A name has up to 64 KiB; throws `tooLarge` beyond.
  @discardableResult
  public func intern(_ namespace: UInt8, _ name: RawSpan) throws -> UInt32 {
    try unsafe name.withUnsafeBytes { unsafe try writer.intern(namespace, $0) }
  }

  /// Interns a name given as a buffer.
  @discardableResult
  public func intern(_ namespace: UInt8, _ name: UnsafeRawBufferPointer) throws -> UInt32 {
    unsafe try writer.intern(namespace, name)
  }

  /// Assigns a number that the caller expects to be the next one.
  ///
  /// It is a programmer error if `number` is not one more than `symbolCount`, or the name has a
  /// number already.
  public func define(_ namespace: UInt8, _ number: UInt32, _ name: RawSpan) throws {
    try unsafe name.withUnsafeBytes { name in
      let count = try writer.count(namespace)
      precondition(number == count + 1, "symbols are numbered without gaps")
      let given = unsafe try writer.intern(namespace, name)
      precondition(given == number, "the name has a number already")
    }
  }
}

extension Writer {
  /// Leaves the symbols that were added so far out of the next seal: another has them.
  func sealNoSymbols() { firstNewSymbols.removeAll() }

  func count(_ namespace: UInt8) throws(StoreError) -> UInt32 {
    if let count = symbolCounts[namespace] { return count }
    let count = try snapshot.symbolCount(namespace)
    symbolCounts[namespace] = count
    return count
  }

  func intern(_ namespace: UInt8, _ name: Bytes) throws(StoreError) -> UInt32 {
    if let number = unsafe try snapshot.number(name, namespace) { return number }
    guard name.count <= LogFormat.maximumSymbol else {
      throw StoreError(.tooLarge, "A symbol has up to 64 KiB.", table: Table.symbols.name)
    }
    let number = try count(namespace) + 1
    let key = symbolKey(namespace, number)
    let row = checksummed(unsafe [UInt8](name), seed: symbolSeed(namespace, number))
    guard try put(.symbols, key, row, MDB_NOOVERWRITE) else {
      throw .corrupt("Symbol \(number) is there already. Run verify.", .symbols)
    }
    let nameKey = unsafe nameKey(namespace, name)
    let body = checksummed(bigEndianBytes(number), seed: Hashing.seed(nameKey))
    guard try put(.names, nameKey, body, MDB_NOOVERWRITE) else {
      throw .corrupt("The name of symbol \(number) is there already. Run verify.", .names)
    }
    symbolCounts[namespace] = number
    if firstNewSymbols[namespace] == nil { firstNewSymbols[namespace] = number }
    return number
  }
}

extension Snapshot {
  /// The bytes of a symbol; nil if the number was never assigned, or its name was forgotten. In
  /// format 2 a row that is damaged or lost is an error.
  func name(_ namespace: UInt8, _ number: UInt32) throws(StoreError) -> Bytes? {
    guard case .name(let name)? = try symbol(namespace, number) else { return nil }
    return unsafe name
  }

  /// What stands for a symbol; nil if the number was never assigned.
  func symbol(_ namespace: UInt8, _ number: UInt32) throws(StoreError) -> SymbolRow? {
    guard let row = unsafe try get(.symbols, symbolKey(namespace, number)) else {
      guard identity.format != .first, number > 0, try number <= symbolCount(namespace) else {
        return nil
      }
      throw .corrupt("Symbol \(number) of namespace \(namespace) is lost. Run verify.", .symbols)
    }
    guard let found = unsafe SymbolRow(row, namespace, number, identity.format) else {
      throw .corrupt(
        "Symbol \(number) of namespace \(namespace) is damaged. Run verify.", .symbols)
    }
    return found
  }

  func number(_ name: Bytes, _ namespace: UInt8) throws(StoreError) -> UInt32? {
    let key = unsafe nameKey(namespace, name)
    guard let row = unsafe try get(.names, key) else {
      try checkAbsence(.names, key)
      return unsafe try forgottenNumber(name, namespace)
    }
    let found = try unsafe key.withBytes { (key) throws(StoreError) in
      unsafe try nameRow(key, row)
    }
    guard unsafe found.name.elementsEqual(name) else { throw unsafe .disagreement(found.number) }
    return unsafe found.number
  }

  /// What a row of `names` says: a number, and the name that the number has, which is the row's.
  func nameRow(_ key: Bytes, _ row: Bytes) throws(StoreError) -> (number: UInt32, name: Bytes) {
    guard key.count > 0, let number = unsafe identity.format.number(row, key) else {
      throw .corrupt("A name's row is damaged. Run verify.", .names)
    }
    if unsafe key[0] >= Tombstone.mark {
      guard try unsafe tombstone(key[0] - Tombstone.mark, number) != nil else {
        throw .disagreement(number)
      }
      return unsafe (number, Bytes(start: nil, count: 0))
    }
    guard let name = unsafe try name(key[0], number) else {
      throw .corrupt("Symbol \(number) is missing. Run verify.", .symbols)
    }
    guard unsafe key.equals(nameKey(key[0], name)) else { throw .disagreement(number) }
    return unsafe (number, name)
  }

  func symbolCount(_ namespace: UInt8) throws(StoreError) -> UInt32 {
    var cursor = try cursor(.symbols)
    let beyond = [namespace] + bigEndianBytes(UInt32.max)
    let isThere = try cursor.seek(beyond)
    if isThere { try checkRow(.symbols, cursor) }
    guard try isThere ? cursor.previous() : cursor.last() else { return 0 }
    try checkRow(.symbols, cursor)
    guard unsafe cursor.key[0] == namespace else { return 0 }
    return unsafe cursor.key.bigEndian(UInt32.self, at: 1)
  }
}

extension StoreError {
  static func disagreement(_ number: UInt32) -> StoreError {
    .corrupt("Symbol \(number) and its name disagree. Run verify.", .names)
  }
}

func symbolKey(_ namespace: UInt8, _ number: UInt32) -> [UInt8] {
  [namespace] + bigEndianBytes(number)
}

/// The key of a name, cut and completed by a digest if it is long.
func nameKey(_ namespace: UInt8, _ name: Bytes) -> [UInt8] {
  guard name.count > LogFormat.shortName else { return unsafe [namespace] + name }
  return unsafe [namespace] + name.prefix(LogFormat.longNamePrefix) + Hashing.digest(name)
}
