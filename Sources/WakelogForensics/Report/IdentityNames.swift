import WakelogModel

/// How provider sessions are called where others may read: whoever has an id can enter its session.
///
/// An id is known by its first characters, at most half of it; two that would look the same are
/// told apart by a number. Ids are shortened wherever they occur, in reasons and notes as well. Those
/// of less than eight bytes are no secret, and would be found in every other word.
final class IdentityNames {
  static let shortestSecret = 8

  private var shorts: [ArraySlice<UInt8>: String] = [:]
  /// The lengths of the ids that begin with eight bytes, longest first.
  private var lengths: [UInt64: [Int]] = [:]
  private var taken: [String: Int] = [:]

  /// Keeps every id as it is.
  init() {}

  /// Shortens some ids.
  init(shortening ids: some Sequence<String>) {
    for id in ids { add(id) }
  }

  private func add(_ id: String) {
    let bytes = Array(id.utf8)
    guard bytes.count >= Self.shortestSecret, shorts[bytes[...]] == nil else { return }
    let start = id.prefix(min(8, id.count / 2)) + "…"
    taken[String(start), default: 0] += 1
    let number = taken[String(start)] ?? 1
    shorts[bytes[...]] = number == 1 ? String(start) : "\(start)\(number)"
    let window = Self.window(bytes, at: 0)
    let others = lengths[window] ?? []
    if !others.contains(bytes.count) {
      lengths[window] = (others + [bytes.count]).sorted(by: >)
    }
  }

  /// A text in which no id stands whole.
  func shortened(_ text: String) -> String {
    guard !shorts.isEmpty, text.utf8.count >= Self.shortestSecret else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var hasFound = false
    var place = 0
    while place < bytes.count {
      if let (short, length) = id(bytes, at: place) {
        result += short.utf8
        place += length
        hasFound = true
      } else {
        result.append(bytes[place])
        place += 1
      }
    }
    return hasFound ? String(decoding: result, as: UTF8.self) : text
  }

  private func id(_ bytes: [UInt8], at place: Int) -> (String, Int)? {
    guard place + Self.shortestSecret <= bytes.count,
      let lengths = lengths[Self.window(bytes, at: place)]
    else { return nil }
    for length in lengths where place + length <= bytes.count {
      if let short = shorts[bytes[place..<(place + length)]] { return (short, length) }
    }
    return nil
  }

  private static func window(_ bytes: [UInt8], at place: Int) -> UInt64 {
    bytes[place..<(place + shortestSecret)].reduce(0) { $0 << 8 | UInt64($1) }
  }
}
