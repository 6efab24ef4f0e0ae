/// An event's value, taken apart; the layout is in `StorageFormat.md`.
@safe struct Frame {
  let hasEvidence: Bool
  let record: Bytes
  private let value: Bytes

  /// The evidence's digest, if the event has evidence.
  var digest: Bytes? {
    guard hasEvidence else { return nil }
    return unsafe Bytes(rebasing: value[LogFormat.framePrefix..<recordStart])
  }

  private var recordStart: Int {
    LogFormat.framePrefix + (hasEvidence ? LogFormat.digestSize : 0)
  }

  /// Checks the frame and finds its parts.
  @inline(__always)
  init(_ value: Bytes, sequence: UInt64) throws(StoreError) {
    let start = unsafe try Self.recordStart(value, sequence)
    hasEvidence = start > LogFormat.framePrefix
    unsafe self.value = unsafe value
    unsafe record = unsafe value.from(start)
  }

  /// Where the record starts in `value`, once checksum and flags are found good.
  @inline(__always)
  static func recordStart(_ value: Bytes, _ sequence: UInt64) throws(StoreError) -> Int {
    guard value.count >= LogFormat.framePrefix else {
      throw .corrupt("The event's frame is cut short. Run verify.", .events, sequence)
    }
    let stored = unsafe value.littleEndian(UInt32.self, at: 0)
    let checked = unsafe value.from(LogFormat.checksumSize)
    guard unsafe stored == Hashing.checksum(checked, seed: sequence) else {
      throw .corrupt("The event's checksum does not match. Run verify.", .events, sequence)
    }
    let flags = unsafe checked[0]
    if flags == 0 { return LogFormat.framePrefix }
    let start = LogFormat.framePrefix + LogFormat.digestSize
    guard flags == LogFormat.hasEvidence, value.count >= start else {
      throw .corrupt("The event's flags are unknown. Run verify.", .events, sequence)
    }
    return start
  }
}
