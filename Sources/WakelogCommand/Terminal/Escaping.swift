/// Text with everything escaped that would move the cursor, colour the terminal, turn the line
/// around or not be seen: what a log holds was written by others, and so were arguments and paths.
///
/// Escapes are those of JSON, so that JSON stays JSON. Newlines stay, being the caller's own, and
/// so do the styles of `Style`, where they are shown; within a field, `printable` sees to both.
func escaped(_ text: String, keepingStyles: Bool = false) -> String {
  guard !text.utf8.allSatisfy(isPlain) else { return text }
  var result = ""
  var rest = text.unicodeScalars[...]
  while let scalar = rest.first {
    if keepingStyles, scalar == "\u{1B}", let style = Style.opening(rest) {
      result += style
      rest.removeFirst(style.unicodeScalars.count)
      continue
    }
    if scalar != "\n", isHidden(scalar) {
      result += escape(scalar)
    } else {
      result.unicodeScalars.append(scalar)
    }
    rest.removeFirst()
  }
  return result
}

/// A field of a line: text as `escaped` has it, on one line.
func printable(_ text: String) -> String {
  guard !text.utf8.allSatisfy({ isPlain($0) && $0 != UInt8(ascii: "\n") }) else { return text }
  let line = text.unicodeScalars.map { scalar in
    switch scalar {
    case "\n": "⏎"
    case "\t": " "
    default: String(scalar)
    }
  }
  return escaped(line.joined())
}

/// Whether a byte of UTF-8 stands for itself, whatever is before and behind it.
func isPlain(_ byte: UInt8) -> Bool { (0x20..<0x7F).contains(byte) || byte == 0x0A }

/// Whether a terminal does something else with a character than to show it: controls, formats
/// (bidirectional ones, joiners, tags), separators of lines and paragraphs, private characters,
/// and those that are ignored by default (variation selectors, fillers).
private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.value < 0x7F { return scalar.value < 0x20 }
  return switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate: true
  default: scalar.properties.isDefaultIgnorableCodePoint
  }
}

/// `\u202e`; two of them beyond U+FFFF, as JSON has it.
private func escape(_ scalar: Unicode.Scalar) -> String {
  String(scalar).utf16.map { unit in
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }.joined()
}
