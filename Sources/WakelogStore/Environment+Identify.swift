extension Environment {
  /// Reads who the log is, and refuses formats that this release does not know.
  func identify() throws(StoreError) -> [UInt8] {
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
      identifier.count == LogFormat.identifierSize
    else { throw .corrupt("Format or identifier is damaged. Restore a copy.", .meta) }
    return unsafe Array(identifier)
  }
}
