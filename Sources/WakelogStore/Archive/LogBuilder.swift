import CLMDB

/// Makes a log of items that came from elsewhere: the same rows, numbers and seals, so that the
/// result is the log that they are of.
package final class LogBuilder {
  private let log: Log
  private var batch: [ArchiveItem] = []
  private var size = 0
  private var last: UInt64 = 0
  private var ranges: [SymbolRange] = []

  private static let batchItems = 8_192
  private static let batchBytes = 16 << 20
  /// How often a batch is tried again when the map is full; each time it has doubled.
  private static let growths = 24

  /// Begins a log in a directory that has none.
  package init(_ directory: String, _ header: SegmentHeader) throws(StoreError) {
    let identity = Identity(
      .second, identifier: header.identifier, secret: header.secret, origin: header.origin)
    try LogFiles.create(directory, LogOptions(), identity)
    log = try Log.open(directory)
  }

  /// The last event taken in.
  package private(set) var position: UInt64 = 0

  /// Takes in the next item.
  package func add(_ item: ArchiveItem) throws {
    batch.append(item)
    size += item.weight
    if case .event(let event) = item { position = event.sequence }
    if batch.count >= Self.batchItems || size >= Self.batchBytes { try flush() }
  }

  /// Ends the log, and closes it.
  package func finish() throws {
    try flush()
    log.close()
  }

  /// Closes the log as far as it has come.
  package func abandon() { log.close() }

  private func flush() throws {
    for growth in 0... {
      let before = (last, ranges)
      do {
        try log.write { transaction in
          for item in batch { try write(item, transaction.writer) }
        }
        break
      } catch let error as StoreError where error.code == .mapFull && growth < Self.growths {
        (last, ranges) = before
      }
    }
    batch.removeAll(keepingCapacity: true)
    size = 0
  }

  private func write(_ item: ArchiveItem, _ writer: Writer) throws(StoreError) {
    switch item {
    case .event(let event):
      last = event.sequence
      let key = bigEndianBytes(event.sequence)
      try writer.put(.events, key, event.frame, MDB_APPEND)
      switch event.evidence {
      case .none: break
      case .bytes(let bytes): try writer.put(.evidence, key, [Removal.none] + bytes, MDB_APPEND)
      case .removed(let flag):
        guard let removal = Removal(rawValue: flag) else { break }
        try writer.put(.evidence, key, removal.row(event.sequence), MDB_APPEND)
      }
    case .symbols(let symbols): ranges = symbols
    case .symbol(let symbol): try writer.adopt(symbol)
    case .seal(let hash, let events):
      let seal = Seal(
        hash: hash, events: events,
        symbols: ranges.map {
          Seal.Range(namespace: $0.namespace, first: $0.first, count: $0.count)
        })
      try writer.put(
        .events, Seal.key(last), checksummed(seal.bytes, seed: last), MDB_APPEND)
      ranges = []
    }
  }
}

extension ArchiveItem {
  /// About how many bytes it holds.
  fileprivate var weight: Int {
    switch self {
    case .event(let event):
      if case .bytes(let bytes) = event.evidence {
        event.frame.count + bytes.count
      } else {
        event.frame.count
      }
    case .symbol(let symbol): symbol.name?.count ?? 32
    case .symbols, .seal: 64
    }
  }
}
