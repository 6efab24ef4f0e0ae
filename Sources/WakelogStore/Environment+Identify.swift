/// Who a log is, in which format, and what only it knows.
package final class Identity: Sendable {
  let format: FormatVersion
  /// 16 random bytes that name the log.
  let identifier: [UInt8]
  /// 32 random bytes that key the digests of symbols and evidence; they never leave the log.
  let secret: [UInt8]
  /// What the log was converted from; empty for one that was not.
  let origin: [UInt8]
  /// The seal before the first.
  let genesis: [UInt8]

  init(_ format: FormatVersion, identifier: [UInt8], secret: [UInt8], origin: [UInt8] = []) {
    self.format = format
    self.identifier = identifier
    self.secret = secret
    self.origin = origin
    genesis = SealHasher().genesis(format, identifier: identifier, origin: origin)
  }

  /// A new log's.
  static func random() -> Identity {
    Identity(
      .second, identifier: Hashing.randomBytes(LogFormat.identifierSize),
      secret: Hashing.randomBytes(LogFormat.secretSize))
  }
}

extension Writer {
  /// Writes who a new log is.
  func putIdentity() throws(StoreError) {
    try put(.meta, LogFormat.formatKey, LogFormat.magic + bigEndianBytes(LogFormat.version))
    try putMeta(LogFormat.needsKey, LogFormat.needs)
    try putMeta(LogFormat.identifierKey, identity.identifier)
    try putMeta(LogFormat.secretKey, identity.secret)
    if !identity.origin.isEmpty { try putMeta(LogFormat.originKey, identity.origin) }
  }

  func putMeta(_ key: [UInt8], _ bytes: [UInt8]) throws(StoreError) {
    try put(.meta, key, checksummed(bytes, seed: Hashing.seed(key)))
  }
}

extension Environment {
  /// Reads who the log is, and refuses formats that this release does not know.
  func identify() throws(StoreError) -> Identity {
    let transaction = unsafe try beginRead()
    defer { unsafe endRead(transaction) }
    let rows = unsafe MetaRows(transaction)
    let format = try rows.format()
    let identifier = try rows.row(LogFormat.identifierKey, format)
    let secret = try rows.row(LogFormat.secretKey, format)
    let origin = try rows.row(LogFormat.originKey, format) ?? []
    guard let identifier, identifier.count == LogFormat.identifierSize,
      let secret, secret.count == LogFormat.secretSize,
      origin.isEmpty || origin.count == LogFormat.originSize
    else { throw .corrupt("Identifier or secret is missing. Restore a copy.", .meta) }
    return Identity(format, identifier: identifier, secret: secret, origin: origin)
  }
}

/// The rows of `meta`, before it is known whose they are.
@safe struct MetaRows {
  private let transaction: OpaquePointer

  init(_ transaction: OpaquePointer) { unsafe self.transaction = unsafe transaction }

  private func raw(_ key: [UInt8]) throws(StoreError) -> Bytes? {
    try unsafe key.withBytes { (key) throws(StoreError) in
      try unsafe LMDB.get(transaction, .meta, key)
    }
  }

  /// The log's format; throws `newerFormat` for one that a later release wrote.
  func format() throws(StoreError) -> FormatVersion {
    let magic = LogFormat.magic
    guard let format = unsafe try raw(LogFormat.formatKey), format.count == magic.count + 4,
      unsafe format.starts(with: magic)
    else { throw StoreError(.notALog, "data.mdb was not written by this store. Check the path.") }
    let version = unsafe format.bigEndian(UInt32.self, at: magic.count)
    if let known = FormatVersion(rawValue: version) { return known }
    // Whatever a later format changes, this row stays: a version without it is a flipped bit.
    guard version > LogFormat.version,
      let needs = try row(LogFormat.needsKey, .second).map({ String(decoding: $0, as: UTF8.self) })
    else { throw .corrupt("The version of the format is damaged. Restore a copy.", .meta) }
    throw StoreError(
      .newerFormat,
      "The log has format \(version) and needs Wakelog \(needs) or later; this release knows up to "
        + "format \(LogFormat.version). Upgrade.")
  }

  /// What a row says, or nil if there is none; throws `corrupt` if it is damaged.
  func row(_ key: [UInt8], _ format: FormatVersion) throws(StoreError) -> [UInt8]? {
    guard let row = unsafe try raw(key) else { return nil }
    guard let bytes = unsafe format.meta(row, key) else {
      let name = String(decoding: key, as: UTF8.self)
      throw .corrupt("The row `\(name)` is damaged. Restore a copy, or run salvage.", .meta)
    }
    return unsafe Array(bytes)
  }
}
