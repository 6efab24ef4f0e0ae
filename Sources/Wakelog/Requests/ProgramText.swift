internal import WakelogModel

/// What a program printed, cut to what is kept of it.
///
/// A program prints as much as it likes, and the end of its run has to be recorded all the same: a
/// text beyond its limit is cut, never refused. What is kept is its first quarter, which holds a
/// mark that says how many bytes are missing, and its last three quarters, where CLIs say what went
/// wrong. Nothing is cut within a character, and bytes that are no UTF-8 become U+FFFD.
///
/// Whoever sends a text cuts it, before any limit on a call applies; the bindings do as is done
/// here, so that what arrives from them is not cut again.
package enum ProgramText {
  /// The most bytes that the texts of one call have together, marks included: 64 KiB.
  package static let limit = 64 << 10
  /// Room for a mark, in bytes, out of the first quarter.
  static let markLength = 64

  /// How much of a limit goes to each of some texts: what they have where that fits, else short
  /// texts keep all they have and long ones share the rest equally.
  package static func shares(of lengths: [Int], limit: Int = limit) -> [Int] {
    var shares = lengths
    var room = limit
    for (rank, index) in lengths.indices.sorted(by: { (lengths[$0], $0) < (lengths[$1], $1) })
      .enumerated()
    {
      shares[index] = min(lengths[index], room / (lengths.count - rank))
      room -= shares[index]
    }
    return shares
  }

  /// How long the text that bytes are is, for its share: bytes that are no UTF-8 are longer as
  /// text. Beyond the limit, where it is cut in any case, how many bytes there are.
  package static func length(of bytes: some BidirectionalCollection<UInt8>) -> Int {
    let count = bytes.count
    return count > limit ? count : String(decoding: bytes, as: UTF8.self).utf8.count
  }

  /// The text that bytes are, cut to a limit: their length, or 1 KiB or more. Of longer ones only the ends are
  /// read.
  package static func cut(_ bytes: some BidirectionalCollection<UInt8>, to limit: Int) -> String {
    let count = bytes.count
    guard count > limit else {
      let text = String(decoding: bytes, as: UTF8.self)
      // Bytes that are no UTF-8 are longer as text.
      return text.utf8.count > limit ? cut(text.utf8, to: limit) : text
    }
    return joined(bytes.prefix(headLength(limit)), bytes.suffix(tailLength(limit)), of: count)
  }

  /// Whether a text carries a mark, and so is not all that was printed.
  static func isCut(_ text: String) -> Bool {
    // The least share of a text that is cut is a third.
    guard text.utf8.count > limit / 4 else { return false }
    let (opening, closing) = (Array("\n… ".utf8), Array(" bytes cut …\n".utf8))
    var rest = text.utf8[...]
    while let newline = rest.firstIndex(of: opening[0]) {
      rest = rest[newline...]
      guard rest.starts(with: opening) else {
        rest = rest.dropFirst()
        continue
      }
      rest = rest.dropFirst(opening.count)
      let number = rest.prefix { $0 == UInt8(ascii: ",") || (0x30...0x39).contains($0) }
      if !number.isEmpty, rest[number.endIndex...].starts(with: closing) { return true }
    }
    return false
  }

  static func headLength(_ limit: Int) -> Int { limit / 4 - markLength }
  static func tailLength(_ limit: Int) -> Int { limit - limit / 4 }

  /// The two ends of a text of so many bytes, with the mark between them.
  fileprivate static func joined(
    _ head: some BidirectionalCollection<UInt8>, _ tail: some BidirectionalCollection<UInt8>,
    of count: Int
  ) -> String {
    let (first, last) = (withoutBegunCharacter(head), tail.drop(maximum: 3, while: isContinuation))
    let start = String(decoding: first, as: UTF8.self)
    let end = String(decoding: last, as: UTF8.self)
    // Grown by what was no UTF-8, each is brought back to the bytes that it has room for.
    let keptStart = String(
      decoding: withoutBegunCharacter(start.utf8.prefix(head.count)), as: UTF8.self)
    let keptEnd = String(
      decoding: end.utf8.suffix(tail.count).drop(maximum: 3, while: isContinuation), as: UTF8.self)
    let missing =
      count - first.count - last.count + start.utf8.count - keptStart.utf8.count
      + end.utf8.count - keptEnd.utf8.count
    return "\(keptStart)\n… \(grouped(missing)) bytes cut …\n\(keptEnd)"
  }

  /// Bytes without a character at their end that is not all there.
  package static func withoutBegunCharacter<Bytes: BidirectionalCollection<UInt8>>(
    _ bytes: Bytes
  ) -> Bytes.SubSequence {
    for (index, byte) in bytes.reversed().prefix(3).enumerated() where !isContinuation(byte) {
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return length > index + 1 ? bytes.dropLast(index + 1) : bytes[...]
    }
    return bytes[...]
  }

  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// A number as `1,983,232`.
  private static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }
}

extension Collection {
  fileprivate func drop(maximum: Int, while isDropped: (Element) -> Bool) -> SubSequence {
    let count = prefix(maximum).prefix(while: isDropped).count
    return dropFirst(count)
  }
}

/// A text that comes in pieces, of which no more is kept than `ProgramText` keeps.
package struct ProgramOutput {
  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  private var count = 0

  /// Nothing so far.
  package init() {}

  /// Takes in what follows.
  package mutating func take(_ piece: ArraySlice<UInt8>) {
    count += piece.count
    let first = piece.prefix(ProgramText.headLength(ProgramText.limit) - head.count)
    head += first
    tail += piece.dropFirst(first.count)
    // What fits as a whole stays whole.
    if tail.count > 2 * ProgramText.limit {
      tail.removeFirst(tail.count - ProgramText.limit)
    }
  }

  /// The texts of outputs that one call ends with, cut so that together they keep to the limit.
  package static func texts(of outputs: [ProgramOutput]) -> [String] {
    zip(outputs, ProgramText.shares(of: outputs.map(\.length))).map { $0.text(limit: $1) }
  }

  private var length: Int {
    count > ProgramText.limit ? count : ProgramText.length(of: head + tail)
  }

  private func text(limit: Int) -> String {
    // As long as nothing is dropped, as if it had come at once.
    guard count > head.count + tail.count else { return ProgramText.cut(head + tail, to: limit) }
    return ProgramText.joined(
      head.prefix(ProgramText.headLength(limit)), tail.suffix(ProgramText.tailLength(limit)),
      of: count)
  }
}

/// The texts of a call that ends an attempt, cut so that together they keep to the limit.
///
/// None is lost for another: each keeps what it has up to a third of the limit at least.
struct ProgramTexts {
  var message: String?
  var stderr: String?
  var stdout: String?

  /// Takes the texts as they are given.
  init(message: String?, stderr: String?, stdout: String?) {
    self.message = message
    self.stderr = stderr
    self.stdout = stdout
    let lengths = (message?.utf8.count ?? 0, stderr?.utf8.count ?? 0, stdout?.utf8.count ?? 0)
    guard lengths.0 + lengths.1 + lengths.2 > ProgramText.limit else { return }
    let shares = ProgramText.shares(of: [lengths.0, lengths.1, lengths.2])
    self.message = message.map { ProgramText.cut($0.utf8, to: shares[0]) }
    self.stderr = stderr.map { ProgramText.cut($0.utf8, to: shares[1]) }
    self.stdout = stdout.map { ProgramText.cut($0.utf8, to: shares[2]) }
  }
}

extension FinishRequest {
  /// Cuts the texts to what is kept of them.
  mutating func cutTexts() {
    let texts = ProgramTexts(message: message, stderr: stderr, stdout: stdout)
    message = texts.message
    stderr = texts.stderr
    stdout = texts.stdout
  }
}
