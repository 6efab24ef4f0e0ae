extension Demo {
  /// Colours, where there is somebody to see them.
  struct Ink {
    var isOn: Bool

    func plain(_ text: String) -> String { text }
    func bold(_ text: String) -> String { paint(text, "1") }
    func dim(_ text: String) -> String { paint(text, "2") }
    func red(_ text: String) -> String { paint(text, "31") }
    func green(_ text: String) -> String { paint(text, "32") }
    func loud(_ text: String) -> String { paint(text, "1;31") }

    private func paint(_ text: String, _ code: String) -> String {
      isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
  }

  /// Lays out text in a fixed width.
  enum Layout {
    /// The widest line.
    static var width: Int { 100 }

    /// Breaks a text at spaces; a word that is too long stands alone.
    static func lines(_ text: String, width: Int) -> [String] {
      var lines: [String] = []
      var line = ""
      for word in text.split(separator: " ") {
        if !line.isEmpty, line.count + 1 + word.count > width {
          lines.append(line)
          line = ""
        }
        line += line.isEmpty ? String(word) : " \(word)"
      }
      return lines + (line.isEmpty ? [] : [line])
    }

    /// Fills up with spaces on the right.
    static func left(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Fills up with spaces on the left.
    static func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
  }
}
