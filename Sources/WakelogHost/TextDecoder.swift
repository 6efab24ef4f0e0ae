/// Makes text of bytes that come in pieces, cut anywhere.
struct TextDecoder: Sendable {
  private var begun: [UInt8] = []

  /// The text of a piece; a character that is not all there waits for the next.
  mutating func take(_ bytes: ArraySlice<UInt8>) -> String {
    var all = begun + bytes
    begun = []
    for (index, byte) in all.suffix(3).reversed().enumerated() where byte & 0xC0 != 0x80 {
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      if length > index + 1 {
        begun = Array(all.suffix(index + 1))
        all.removeLast(index + 1)
      }
      break
    }
    return String(decoding: all, as: UTF8.self)
  }
}
