import CLMDB

/// What the rows of a damaged log say, each checked by itself, and the writing of a new log of them.
struct SalvagedLog {
  private let old: Identity
  private let base: SalvagedBase?
  private var frames: [UInt64: [UInt8]] = [:]
  private var seals: [UInt64: Seal] = [:]
  private var names: [UInt8: [UInt32: [UInt8]]] = [:]
  /// The sealed digests of names that were forgotten.
  private var tombstones: [UInt8: [UInt32: [UInt8]]] = [:]
  /// The rows by which forgotten names are known again.
  private var marks: [SalvagedRows.Row] = []
  private var evidence: [UInt64: [UInt8]] = [:]
  private var replies: [(digest: [UInt8], age: UInt64, bytes: [UInt8])] = []
  private var last: UInt64 = 0

  init(_ rows: SalvagedRows, _ salvage: inout Salvage) throws(StoreError) {
    let meta = rows.tables["meta"] ?? []
    old = try Self.identity(meta)
    var events: [UInt64: [UInt8]] = [:]
    (events, seals, last) = Self.events(rows)
    frames = events
    base = SalvagedBase(meta, old.format, &salvage) { events[$0] != nil }
    takeSymbols(rows)
    takeMarks(rows, &salvage)
    for row in rows.tables["evidence"] ?? [] where row.key.count == LogFormat.sequenceSize {
      evidence[Self.number(row.key)] = row.value
    }
    for row in rows.tables["replies"] ?? [] {
      let seed = unsafe row.key.withUnsafeBytes { unsafe old.format.replySeed($0) }
      let reply = unsafe try? row.value.withBytes { (bytes) throws(StoreError) in
        let reply = unsafe try ReplyRow(bytes, seed: seed)
        return unsafe (reply.age, Array(reply.bytes))
      }
      if let reply, row.key.count == LogFormat.digestSize {
        replies.append((row.key, reply.0, reply.1))
      } else {
        salvage.losses.append("the reply to a call that had a key")
      }
    }
    salvage.lastSeen = last
  }

  private static func number(_ key: [UInt8]) -> UInt64 {
    unsafe key.withUnsafeBytes { unsafe $0.bigEndian(UInt64.self) }
  }

  private static func identity(_ rows: [SalvagedRows.Row]) throws(StoreError) -> Identity {
    func raw(_ key: [UInt8]) -> [UInt8]? { rows.first { $0.key == key }?.value }
    let version = raw(LogFormat.formatKey).flatMap { row -> FormatVersion? in
      guard row.count == LogFormat.magic.count + 4, row.starts(with: LogFormat.magic) else {
        return nil
      }
      return FormatVersion(rawValue: row.suffix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }
    // A version that cannot be read is told by the row that only format 2 has.
    let format = version ?? (raw(LogFormat.needsKey) == nil ? .first : .second)
    func row(_ key: [UInt8], _ size: Int) -> [UInt8]? {
      let bytes = raw(key).flatMap { row in
        unsafe row.withUnsafeBytes { unsafe format.meta($0, key).map { unsafe Array($0) } }
      }
      return bytes?.count == size ? bytes : nil
    }
    // Without the secret no evidence can be checked, and a new log needs one of its own.
    let identifier = row(LogFormat.identifierKey, LogFormat.identifierSize)
    let secret = row(LogFormat.secretKey, LogFormat.secretSize)
    return Identity(
      format, identifier: identifier ?? Hashing.randomBytes(LogFormat.identifierSize),
      secret: secret ?? Hashing.randomBytes(LogFormat.secretSize),
      origin: row(LogFormat.originKey, LogFormat.originSize) ?? [])
  }

  /// How far behind the last sound event a damaged row may say that it is, and be believed.
  private static let largestGap: UInt64 = 1 << 20

  private static func events(
    _ rows: SalvagedRows
  ) -> (frames: [UInt64: [UInt8]], seals: [UInt64: Seal], last: UInt64) {
    var frames: [UInt64: [UInt8]] = [:]
    var seals: [UInt64: Seal] = [:]
    var last: UInt64 = 0
    var damaged: [UInt64] = []
    for row in rows.tables["events"] ?? [] where row.key.count >= LogFormat.sequenceSize {
      let sequence = number(row.key)
      if row.key.count == LogFormat.sequenceSize {
        if (try? ForeignFrame(row.value, sequence)) != nil {
          frames[sequence] = row.value
          last = max(last, sequence)
        } else {
          damaged.append(sequence)
        }
      } else {
        seals[sequence] = unsafe try? row.value.withBytes { (bytes) throws(StoreError) in
          unsafe try Seal(row: bytes, sequence)
        }
      }
    }
    for row in rows.tables["seals"] ?? [] where row.key.count == LogFormat.sequenceSize {
      seals[number(row.key)] = unsafe row.value.withUnsafeBytes { unsafe Seal($0) }
    }
    let credible = damaged.filter {
      $0 < last.addingReportingOverflow(largestGap).partialValue
    }
    return (frames, seals, max(last, credible.max() ?? 0))
  }

  private mutating func takeSymbols(_ rows: SalvagedRows) {
    for row in rows.tables["symbols"] ?? [] where row.key.count == 5 {
      let number = row.key.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
      switch unsafe row.value.withUnsafeBytes({
        unsafe SalvagedSymbol($0, row.key[0], number, old.format)
      }) {
      case .name(let name)?: names[row.key[0], default: [:]][number] = name
      case .forgotten(let digest)?: tombstones[row.key[0], default: [:]][number] = digest
      case nil: break
      }
    }
    // A short name stands in its key as well.
    for row in rows.tables["names"] ?? []
    where row.key.count <= LogFormat.shortName + 1 && row.key.first ?? 255 < Tombstone.mark {
      let number = unsafe row.key.withUnsafeBytes { key in
        unsafe row.value.withUnsafeBytes { unsafe old.format.number($0, key) }
      }
      guard let number, let namespace = row.key.first else { continue }
      if names[namespace]?[number] == nil, tombstones[namespace]?[number] == nil {
        names[namespace, default: [:]][number] = Array(row.key.dropFirst())
      }
    }
  }

  private mutating func takeMarks(_ rows: SalvagedRows, _ salvage: inout Salvage) {
    for row in rows.tables["names"] ?? [] {
      guard let first = row.key.first, first >= Tombstone.mark else { continue }
      let number = unsafe row.key.withUnsafeBytes { key in
        unsafe row.value.withUnsafeBytes { unsafe old.format.number($0, key) }
      }
      guard let number, tombstones[first - Tombstone.mark]?[number] != nil else {
        salvage.losses.append(
          "that a forgotten name is known again: an id that was condemned may be offered")
        continue
      }
      marks.append(row)
    }
  }

  /// Writes the log into an empty directory.
  func write(_ path: String, _ salvage: inout Salvage) throws(StoreError) {
    let environment = try Environment(path: path, options: LogOptions(), lockless: false)
    defer { environment.close() }
    let identity = Identity(
      .second, identifier: old.identifier, secret: old.secret, origin: old.origin)
    let transaction = unsafe try environment.beginWrite(waitingAtMost: 0)
    let writer = Writer(
      unsafe Snapshot(transaction, identity, isReadOnly: false), environment)
    defer { writer.abortUnlessFinished() }
    for table in Table.allCases { unsafe try LMDB.openTable(transaction, table, create: true) }
    try writer.putIdentity()
    let start = base?.position ?? 0
    let end = usable(from: start)
    try putBase(writer, identity)
    try addSymbols(below: start, through: end, writer, &salvage)
    for sequence in stride(from: start + 1, through: end, by: 1) {
      try append(sequence, writer, &salvage)
      if let seal = seals[sequence] {
        for range in seal.symbols {
          try add(range.namespace, through: range.first + range.count - 1, writer, &salvage)
        }
      }
      if sequence == end {
        for namespace in namespaces {
          try add(namespace, through: highest(namespace), writer, &salvage)
        }
      }
      if seals[sequence] != nil || sequence == end { try writer.seal() }
    }
    for mark in marks { try writer.put(.names, mark.key, mark.value) }
    for reply in replies {
      let body = bigEndianBytes(reply.age) + reply.bytes
      let row = checksummed(body, seed: Hashing.seed(reply.digest))
      try writer.put(.replies, reply.digest, row)
      try writer.put(.replyAges, bigEndianBytes(reply.age) + reply.digest, [])
    }
    try writer.commit()
    salvage.base = start
    salvage.events = end - start
    tellLost(end, &salvage)
  }

  /// The last event before the first that is lost.
  private func usable(from start: UInt64) -> UInt64 {
    var end = start
    while frames[end + 1] != nil { end += 1 }
    return end
  }

  /// Says where the log begins, and how many names were forgotten.
  private func putBase(_ writer: Writer, _ identity: Identity) throws(StoreError) {
    let count = tombstones.values.reduce(0) { $0 + UInt64($1.count) }
    guard let base, base.position > 0 else {
      let forgotten = max(base?.forgotten ?? 0, count)
      guard forgotten > 0 else { return }
      return try writer.putBase(
        Base(
          position: 0, seal: identity.genesis,
          stateHash: [UInt8](repeating: 0, count: LogFormat.sealSize), forgotten: forgotten))
    }
    for (number, piece) in base.pieces.enumerated() {
      try writer.putMeta(basePieceKey(base.position, UInt32(number)), piece)
    }
    try writer.putBase(
      Base(
        position: base.position, seal: base.seal ?? identity.genesis, stateHash: base.digest,
        forgotten: max(base.forgotten, count)))
  }

  private var namespaces: [UInt8] { Set(names.keys).union(tombstones.keys).sorted() }

  /// The highest number of a namespace that is there.
  private func highest(_ namespace: UInt8) -> UInt32 {
    max(names[namespace]?.keys.max() ?? 0, tombstones[namespace]?.keys.max() ?? 0)
  }

  /// Adds the symbols whose seals went to the archive, with the events that they came with.
  private func addSymbols(
    below start: UInt64, through end: UInt64, _ writer: Writer, _ salvage: inout Salvage
  ) throws(StoreError) {
    guard start > 0 else { return }
    var firsts: [UInt8: UInt32] = [:]
    for (sequence, seal) in seals where sequence > start && sequence <= end {
      for range in seal.symbols {
        firsts[range.namespace] = min(range.first, firsts[range.namespace] ?? .max)
      }
    }
    for namespace in namespaces {
      let last = firsts[namespace].map { max($0, 1) - 1 } ?? highest(namespace)
      try add(namespace, through: last, writer, &salvage)
    }
    writer.sealNoSymbols()
  }

  private func tellLost(_ end: UInt64, _ salvage: inout Salvage) {
    guard end < last else { return }
    var next = end + 1
    func lose(before sound: UInt64) {
      guard next < sound else { return }
      let range = next + 1 == sound ? "event \(next)" : "events \(next) to \(sound - 1)"
      salvage.losses.append(range)
    }
    for sequence in frames.keys.filter({ $0 > end }).sorted() {
      guard let frame = frames[sequence], let stray = try? ForeignFrame(frame, sequence) else {
        continue
      }
      lose(before: sequence)
      salvage.strays.append((sequence, stray.record))
      next = sequence + 1
    }
    lose(before: last + 1)
    if !salvage.strays.isEmpty {
      salvage.losses.append(
        "\(salvage.strays.count) events behind event \(end) are sound and cannot be in a log "
          + "without those before them")
    }
  }

  private func append(
    _ sequence: UInt64, _ writer: Writer, _ salvage: inout Salvage
  ) throws(StoreError) {
    guard let bytes = frames[sequence] else { return }
    let frame = try ForeignFrame(bytes, sequence)
    guard let digest = frame.evidence else {
      try unsafe frame.record.withBytes { (record) throws(StoreError) in
        _ = unsafe try writer.append(record, evidence: nil)
      }
      return
    }
    let row = evidence[sequence] ?? []
    let removal = unsafe row.withUnsafeBytes { unsafe old.format.removal($0, sequence) }
    let kept = Array(row.dropFirst())
    let found = unsafe kept.withUnsafeBytes {
      unsafe old.format.digest(ofEvidence: $0, sequence, old.secret)
    }
    let isSound = removal == nil && row.first == Removal.none && found == digest
    try unsafe frame.record.withBytes { (record) throws(StoreError) in
      try unsafe (isSound ? kept : digest).withBytes { (evidence) throws(StoreError) in
        _ = unsafe try writer.append(record, evidence: evidence)
      }
    }
    guard !isSound else { return }
    if removal == nil { salvage.losses.append("the evidence of event \(sequence)") }
    let mark = (removal ?? .redacted).row(sequence)
    try writer.put(.evidence, bigEndianBytes(sequence), mark)
  }

  /// Adds the symbols of a namespace up to a number; one that is lost gets a name that says so.
  private func add(
    _ namespace: UInt8, through number: UInt32, _ writer: Writer, _ salvage: inout Salvage
  ) throws(StoreError) {
    // Numbers have no gaps, so one far beyond those that are there is damage.
    let known = (names[namespace]?.count ?? 0) + (tombstones[namespace]?.count ?? 0)
    let credible = known * 2 + 1_000
    let number = min(number, UInt32(clamping: credible))
    var next = try writer.count(namespace) + 1
    while next <= number {
      if let digest = tombstones[namespace]?[next] {
        try writer.addForgotten(namespace, next, digest)
        next += 1
        continue
      }
      let name = names[namespace]?[next]
      if name == nil { salvage.losses.append("symbol \(next) of namespace \(namespace)") }
      let bytes = name ?? Array("lost symbol \(next) of namespace \(namespace)".utf8)
      let given = try unsafe bytes.withBytes { (bytes) throws(StoreError) in
        unsafe try writer.intern(namespace, bytes)
      }
      guard given == next else {
        throw .corrupt("Symbols \(given) and \(next) have one name; nothing is certain.", .symbols)
      }
      next += 1
    }
  }
}

/// A row of `symbols` that was read from a damaged file.
private enum SalvagedSymbol {
  case name([UInt8])
  case forgotten([UInt8])

  init?(_ row: Bytes, _ namespace: UInt8, _ number: UInt32, _ format: FormatVersion) {
    switch unsafe SymbolRow(row, namespace, number, format) {
    case .name(let name)?: self = .name(unsafe Array(name))
    case .forgotten(let digest)?: self = .forgotten(digest)
    case nil: return nil
    }
  }
}
