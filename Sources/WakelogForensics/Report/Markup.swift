/// HTML in the making.
///
/// Elements, attribute names and phrases of the program are literals; everything else is escaped
/// on its way in, and loses the provider sessions' ids that are not to be shown. So nothing that
/// a log holds can become markup, or give a session away.
struct Markup {
  /// Attributes by name; those without a value are left out.
  typealias Attributes = KeyValuePairs<StaticString, String?>

  private(set) var bytes: [UInt8] = []
  private let ids: IdentityNames

  init(_ ids: IdentityNames) { self.ids = ids }

  /// An element with what a closure puts into it.
  mutating func element(
    _ name: StaticString, _ attributes: Attributes = [:], _ body: (inout Markup) -> Void
  ) {
    tag(name, attributes)
    body(&self)
    literal("</")
    literal(name)
    literal(">")
  }

  /// An element with a text, of which so many characters are shown.
  mutating func element(
    _ name: StaticString, _ attributes: Attributes = [:], text: String, atMost length: Int = .max
  ) {
    element(name, attributes) { $0.text(text, atMost: length) }
  }

  /// The start of an element, or all of one that holds nothing.
  mutating func tag(_ name: StaticString, _ attributes: Attributes = [:]) {
    literal("<")
    literal(name)
    for (name, value) in attributes {
      guard let value else { continue }
      literal(" ")
      literal(name)
      literal("=\"")
      text(value)
      literal("\"")
    }
    literal(">")
  }

  /// Text of whatever origin, as text. Ids are shortened before the rest is cut off: half an id
  /// would not be known as one.
  mutating func text(_ text: String, atMost length: Int = .max) {
    for scalar in ids.shortened(text).cut(to: length).unicodeScalars {
      switch scalar {
      case "&": literal("&amp;")
      case "<": literal("&lt;")
      case ">": literal("&gt;")
      case "\"": literal("&quot;")
      case "'": literal("&#39;")
      case "\n": bytes.append(UInt8(ascii: "\n"))
      case "\t": bytes.append(UInt8(ascii: " "))
      default: bytes.append(contentsOf: UTF8.encode(isHarmful(scalar) ? "\u{FFFD}" : scalar)!)
      }
    }
  }

  /// A literal of the program.
  mutating func literal(_ literal: StaticString) {
    literal.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
  }

  /// A file of the program, such as its style sheet.
  mutating func resource(_ content: [UInt8]) { bytes.append(contentsOf: content) }

  /// Characters that show nothing, or change the direction of what follows.
  private func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
      || (0x200E...0x200F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
      || (0x2066...0x2069).contains(scalar.value) || (0xFFFE...0xFFFF).contains(scalar.value)
  }
}

extension String {
  /// The start of a text that is too long, with `…`.
  fileprivate func cut(to length: Int) -> String {
    utf8.count <= length || count <= length ? self : prefix(length - 1) + "…"
  }
}
