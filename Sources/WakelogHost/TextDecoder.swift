internal import Wakelog

/// Makes text of bytes that come in pieces, cut anywhere.
struct TextDecoder: Sendable {
  private var begun: [UInt8] = []

  /// The text of a piece; a character that is not all there waits for the next.
  mutating func take(_ bytes: ArraySlice<UInt8>) -> String {
    let all = begun + bytes
    let whole = ProgramText.withoutBegunCharacter(all)
    begun = Array(all[whole.endIndex...])
    return String(decoding: whole, as: UTF8.self)
  }
}
