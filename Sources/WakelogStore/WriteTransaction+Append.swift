import CLMDB

extension WriteTransaction {
  /// Appends a record and returns its sequence: 1 for the first, one more for each.
  ///
  /// Evidence is stored beside the record, which keeps only its digest. A record has up to 64 KiB,
  /// evidence up to 256 MiB; throws `tooLarge` beyond, `mapFull` when the map must grow first.
  @discardableResult
  public func append(_ record: RawSpan, evidence: RawSpan? = nil) throws -> UInt64 {
    try unsafe record.withUnsafeBytes { record in
      guard let evidence else { return unsafe try writer.append(record, evidence: nil) }
      return try unsafe evidence.withUnsafeBytes { evidence in
        unsafe try writer.append(record, evidence: evidence)
      }
    }
  }

  /// Appends a record given as a buffer; otherwise as `append(_:evidence:)` with spans.
  @discardableResult
  public func append(
    _ record: UnsafeRawBufferPointer, evidence: UnsafeRawBufferPointer? = nil
  ) throws -> UInt64 {
    unsafe try writer.append(record, evidence: evidence)
  }
}

extension Writer {
  func append(_ record: Bytes, evidence: Bytes?) throws(StoreError) -> UInt64 {
    guard record.count <= LogFormat.maximumRecord else {
      throw StoreError(.tooLarge, "A record has up to 64 KiB.", table: Table.events.name)
    }
    if appended == 0 { try beginSeal() }
    let sequence = last + 1
    let frame = unsafe try makeFrame(record, evidence, sequence)
    var key = sequence.bigEndian
    try unsafe withUnsafeBytes(of: &key) { (key) throws(StoreError) in
      guard unsafe try put(.events, key, frame.from(12), MDB_APPEND) else {
        throw .corrupt("The event is there already. Run verify.", .events, sequence)
      }
      if let evidence = unsafe evidence { unsafe try putEvidence(key, evidence) }
    }
    unsafe hasher?.update(frame)
    last = sequence
    appended += 1
    return sequence
  }

  /// Fills the scratch buffer: sequence, length and frame.
  private func makeFrame(_ record: Bytes, _ evidence: Bytes?, _ sequence: UInt64)
    throws(StoreError) -> Bytes
  {
    var digest: [UInt8] = []
    if let evidence = unsafe evidence {
      guard evidence.count <= LogFormat.maximumEvidence else {
        throw StoreError(.tooLarge, "Evidence has up to 256 MiB.", table: Table.evidence.name)
      }
      let format = identity.format
      digest = unsafe format.digest(ofEvidence: evidence, sequence, identity.secret)
    }
    let length = LogFormat.framePrefix + digest.count + record.count
    reserve(12 + length)
    let whole = unsafe UnsafeMutableRawBufferPointer(rebasing: scratch[..<(12 + length)])
    unsafe whole.storeBytes(of: sequence.bigEndian, toByteOffset: 0, as: UInt64.self)
    unsafe whole.storeBytes(of: UInt32(length).bigEndian, toByteOffset: 8, as: UInt32.self)
    unsafe whole[16] = digest.isEmpty ? 0 : LogFormat.hasEvidence
    if !digest.isEmpty {
      unsafe UnsafeMutableRawBufferPointer(rebasing: whole[17...]).copyBytes(from: digest)
    }
    if record.count > 0 {
      unsafe (whole.baseAddress! + 17 + digest.count).copyMemory(
        from: record.baseAddress!, byteCount: record.count)
    }
    let sum = unsafe Hashing.checksum(Bytes(whole).from(16), seed: sequence)
    unsafe whole.storeBytes(of: sum.littleEndian, toByteOffset: 12, as: UInt32.self)
    return Bytes(whole)
  }

  private func putEvidence(_ key: Bytes, _ evidence: Bytes) throws(StoreError) {
    let row = [Removal.none] + (unsafe Array(evidence))
    try unsafe row.withBytes { (row) throws(StoreError) in
      _ = unsafe try put(.evidence, key, row, MDB_APPEND)
    }
  }
}
