/// Where a damaged log begins that was trimmed, and the state there.
struct SalvagedBase {
  private(set) var position: UInt64 = 0
  /// The seal that the first commit follows; nil if it is lost.
  private(set) var seal: [UInt8]?
  private(set) var digest: [UInt8]
  private(set) var pieces: [[UInt8]] = []
  private(set) var forgotten: UInt64 = 0

  /// Takes the rows; nil for a log that was neither trimmed nor had anything forgotten.
  init?(
    _ meta: [SalvagedRows.Row], _ format: FormatVersion, _ salvage: inout Salvage,
    hasEvent: (UInt64) -> Bool
  ) {
    let row = meta.first { $0.key == LogFormat.baseKey }
    let kept = Self.pieces(meta, format)
    guard row != nil || !kept.isEmpty else { return nil }
    let base = row.flatMap { row in
      unsafe row.value.withUnsafeBytes {
        unsafe format.meta($0, row.key).flatMap { unsafe Base(Array($0)) }
      }
    }
    guard let base else {
      // The places of the states say where the log may begin: there where its events do.
      let place = kept.keys.sorted().first { hasEvent($0 + 1) }
      salvage.losses.append(
        place.map {
          "the row `base`: the seal before event \($0 + 1), so nothing shows that the log and its "
            + "archive belong together"
        } ?? "the row `base`: where the log begins, if it was trimmed")
      guard let place, let pieces = kept[place] else { return nil }
      self.init(place, nil, Self.digest(pieces), pieces, 0)
      return
    }
    self.init(base.position, base.seal, base.stateHash, kept[base.position] ?? [], base.forgotten)
    guard position > 0, Self.digest(pieces) != digest else { return }
    pieces = []
    salvage.losses.append(
      "the state at event \(position), where the log begins: without it no host can go on with the "
        + "log. Its events are saved; put them together with the archive: 'wakelog import wakelog "
        + "ARCHIVE --with DIR2 --log NEW'")
  }

  private init(
    _ position: UInt64, _ seal: [UInt8]?, _ digest: [UInt8], _ pieces: [[UInt8]],
    _ forgotten: UInt64
  ) {
    self.position = position
    self.seal = seal
    self.digest = digest
    self.pieces = pieces
    self.forgotten = forgotten
  }

  /// The states that are kept, by position: their pieces from the first on, as far as they are sound.
  private static func pieces(
    _ meta: [SalvagedRows.Row], _ format: FormatVersion
  ) -> [UInt64: [[UInt8]]] {
    let prefix = LogFormat.basePieceKey
    var found: [UInt64: [UInt32: [UInt8]]] = [:]
    for row in meta where row.key.starts(with: prefix) && row.key.count == prefix.count + 12 {
      let numbers = Array(row.key.dropFirst(prefix.count))
      let (position, piece) = unsafe numbers.withUnsafeBytes {
        unsafe ($0.bigEndian(UInt64.self), $0.bigEndian(UInt32.self, at: 8))
      }
      let bytes = unsafe row.value.withUnsafeBytes {
        unsafe format.meta($0, row.key).map { unsafe Array($0) }
      }
      if let bytes { found[position, default: [:]][piece] = bytes }
    }
    return found.mapValues { pieces in
      var list: [[UInt8]] = []
      while let next = pieces[UInt32(list.count)] { list.append(next) }
      return list
    }
  }

  private static func digest(_ pieces: [[UInt8]]) -> [UInt8] {
    let stream = Digest.Stream()
    for piece in pieces { unsafe stream.take(piece: piece.span.bytes) }
    return stream.finish()
  }
}
