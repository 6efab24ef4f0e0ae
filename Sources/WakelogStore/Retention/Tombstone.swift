import CLMDB

// A symbol that was forgotten keeps its number, and the digest that was sealed of it: the chain
// verifies, and nobody learns the name. Where the name must be known again, because an id was
// condemned, a row of `names` leads to the number by that digest; whoever has the name finds it.

/// What stands for a symbol whose name was forgotten.
enum Tombstone {
  /// The row in the place of the name: a checksum that no name has, and the sealed digest.
  static func row(_ namespace: UInt8, _ number: UInt32, _ digest: [UInt8]) -> [UInt8] {
    checksummed(digest, seed: seed(namespace, number))
  }

  /// The sealed digest in a row; nil if it is none.
  static func digest(_ row: Bytes, _ namespace: UInt8, _ number: UInt32) -> [UInt8]? {
    guard let body = unsafe checked(row, seed: seed(namespace, number)),
      body.count == LogFormat.sealSize
    else { return nil }
    return unsafe Array(body)
  }

  private static func seed(_ namespace: UInt8, _ number: UInt32) -> UInt64 {
    ~symbolSeed(namespace, number)
  }

  /// What is added to a namespace where names are found by digest.
  static let mark: UInt8 = 0x80

  /// The key in `names` by which a forgotten name is known again.
  static func key(_ namespace: UInt8, _ name: Bytes, _ secret: [UInt8]) -> [UInt8] {
    let purpose = Hashing.digest(Array("forgotten".utf8))
    let key = unsafe secret.withUnsafeBytes {
      unsafe Hashing.keyed(purpose, $0, size: LogFormat.digestSize)
    }
    let bytes = unsafe [namespace] + Array(name)
    let digest = unsafe bytes.withUnsafeBytes {
      unsafe Hashing.keyed(key, $0, size: LogFormat.digestSize)
    }
    return [namespace | mark] + digest
  }
}

/// A row of `symbols`, taken apart.
@safe enum SymbolRow {
  /// A name.
  case name(Bytes)
  /// The sealed digest of one that was forgotten.
  case forgotten([UInt8])

  /// Takes a row apart; nil if it is damaged.
  init?(_ row: Bytes, _ namespace: UInt8, _ number: UInt32, _ format: FormatVersion) {
    if let name = unsafe format.name(row, namespace, number) {
      self = unsafe .name(name)
    } else if let digest = unsafe Tombstone.digest(row, namespace, number) {
      self = .forgotten(digest)
    } else {
      return nil
    }
  }
}

extension Hashing {
  fileprivate static func digest(_ bytes: [UInt8]) -> [UInt8] {
    unsafe bytes.withUnsafeBytes { unsafe digest($0) }
  }
}

extension Snapshot {
  /// What was sealed of a symbol that was forgotten; nil of one that has its name.
  func tombstone(_ namespace: UInt8, _ number: UInt32) throws(StoreError) -> [UInt8]? {
    guard let row = unsafe try get(.symbols, symbolKey(namespace, number)) else { return nil }
    return unsafe Tombstone.digest(row, namespace, number)
  }

  /// The number of a name that was forgotten and is known again by its digest.
  func forgottenNumber(_ name: Bytes, _ namespace: UInt8) throws(StoreError) -> UInt32? {
    guard identity.format != .first, try base()?.forgotten ?? 0 > 0 else { return nil }
    let key = unsafe Tombstone.key(namespace, name, identity.secret)
    guard let row = unsafe try get(.names, key) else { return nil }
    let number = try unsafe key.withBytes { (key) throws(StoreError) in
      unsafe identity.format.number(row, key)
    }
    guard let number, let digest = try tombstone(namespace, number),
      unsafe digest == SymbolSeal.digest(SymbolSeal.key(identity.secret, namespace, number), name)
    else { throw .corrupt("A forgotten name's row is damaged. Run verify.", .names) }
    return number
  }

  /// A symbol as a segment holds it.
  func archivedSymbol(_ namespace: UInt8, _ number: UInt32) throws(StoreError) -> ArchivedSymbol {
    var symbol = ArchivedSymbol(namespace: namespace, number: number, name: nil, digest: [])
    if let digest = try tombstone(namespace, number) {
      symbol.digest = digest
      return symbol
    }
    guard let name = unsafe try name(namespace, number) else {
      throw .corrupt("Symbol \(number) of namespace \(namespace) is missing.", .symbols)
    }
    let key = SymbolSeal.key(identity.secret, namespace, number)
    symbol.name = unsafe Array(name)
    symbol.digest = unsafe SymbolSeal.digest(key, name)
    return symbol
  }
}

extension Writer {
  /// Writes the rows of a symbol that came from elsewhere.
  func adopt(_ symbol: ArchivedSymbol) throws(StoreError) {
    let (namespace, number) = (symbol.namespace, symbol.number)
    guard let name = symbol.name else {
      try put(
        .symbols, symbolKey(namespace, number),
        Tombstone.row(namespace, number, symbol.digest))
      return
    }
    try put(
      .symbols, symbolKey(namespace, number),
      checksummed(name, seed: symbolSeed(namespace, number)))
    let key = unsafe name.withUnsafeBytes { unsafe nameKey(namespace, $0) }
    try put(.names, key, checksummed(bigEndianBytes(number), seed: Hashing.seed(key)))
  }

  /// Assigns the next number to a name that was forgotten, of which only the digest is known.
  func addForgotten(
    _ namespace: UInt8, _ number: UInt32, _ digest: [UInt8]
  ) throws(StoreError) {
    try put(
      .symbols, symbolKey(namespace, number), Tombstone.row(namespace, number, digest),
      MDB_NOOVERWRITE)
    symbolCounts[namespace] = number
    if firstNewSymbols[namespace] == nil { firstNewSymbols[namespace] = number }
  }

  /// Puts a tombstone in the place of a symbol; with `isKnownAgain` its name still leads to it.
  /// False if it has been forgotten already.
  func forget(
    _ namespace: UInt8, _ number: UInt32, isKnownAgain: Bool
  ) throws(StoreError) -> Bool {
    guard try snapshot.tombstone(namespace, number) == nil,
      let bytes = unsafe try snapshot.name(namespace, number)
    else { return false }
    let name = unsafe Array(bytes)
    let seal = SymbolSeal.key(identity.secret, namespace, number)
    let (nameRow, digest, mark) = unsafe name.withUnsafeBytes { name in
      unsafe (
        nameKey(namespace, name), SymbolSeal.digest(seal, name),
        Tombstone.key(namespace, name, identity.secret)
      )
    }
    // In place first, so that nothing of it stays in what a page has free.
    try put(
      .symbols, symbolKey(namespace, number),
      [UInt8](repeating: 0, count: name.count + LogFormat.checksumSize))
    try put(.symbols, symbolKey(namespace, number), Tombstone.row(namespace, number, digest))
    try delete(.names, nameRow)
    if isKnownAgain {
      try put(.names, mark, checksummed(bigEndianBytes(number), seed: Hashing.seed(mark)))
    }
    return true
  }
}
