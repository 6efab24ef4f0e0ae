/// Who a log is, and what only it knows.
struct Identity: Sendable {
  /// 16 random bytes that name the log.
  var identifier: [UInt8]
  /// 32 random bytes that key the digests of symbols; they never leave the log.
  var secret: [UInt8]

  /// A new log's.
  static func random() -> Identity {
    Identity(
      identifier: Hashing.randomBytes(LogFormat.identifierSize),
      secret: Hashing.randomBytes(LogFormat.secretSize))
  }
}

extension Environment {
  /// Reads who the log is, and refuses formats that this release does not know.
  func identify() throws(StoreError) -> Identity {
    let transaction = unsafe try beginRead()
    defer { unsafe endRead(transaction) }
    let snapshot = unsafe Snapshot(transaction, isReadOnly: true)
    let magic = LogFormat.magic
    guard let format = unsafe try snapshot.get(.meta, LogFormat.formatKey),
      format.count == magic.count + 4, unsafe format.starts(with: magic)
    else { throw StoreError(.notALog, "data.mdb was not written by this store. Check the path.") }
    let version = unsafe format.bigEndian(UInt32.self, at: magic.count)
    guard version <= LogFormat.version else {
      throw StoreError(
        .newerFormat,
        "The log has format \(version), this release knows up to \(LogFormat.version). Upgrade.")
    }
    guard version == LogFormat.version,
      let identifier = unsafe try snapshot.get(.meta, LogFormat.identifierKey),
      identifier.count == LogFormat.identifierSize,
      let secret = unsafe try snapshot.get(.meta, LogFormat.secretKey),
      secret.count == LogFormat.secretSize
    else { throw .corrupt("Format, identifier or secret is damaged. Restore a copy.", .meta) }
    return unsafe Identity(identifier: Array(identifier), secret: Array(secret))
  }
}
