/// Rows under headings, aligned, for a person to read.
struct Table {
  /// One field of a row.
  struct Cell: ExpressibleByStringLiteral {
    var text: String
    var style = Style.plain

    init(_ text: String, _ style: Style = .plain) {
      self.text = printable(text)
      self.style = style
    }

    init(stringLiteral value: String) { self.init(value) }
  }

  private let headings: [String]
  private let alignsRight: [Bool]
  private var rows: [[Cell]] = []

  /// Names the columns; numbers stand at the right, their headings begin with `>`.
  init(_ headings: [String]) {
    alignsRight = headings.map { $0.hasPrefix(">") }
    self.headings = headings.map { $0.hasPrefix(">") ? String($0.dropFirst()) : $0 }
  }

  /// Adds a row of as many cells as there are columns.
  mutating func add(_ cells: [Cell]) { rows.append(cells) }

  /// The table's lines.
  func text(withHeadings: Bool = true) -> String {
    var widths = headings.map(width)
    for row in rows {
      for (column, cell) in row.enumerated() {
        widths[column] = max(widths[column], width(cell.text))
      }
    }
    var text = withHeadings ? line(headings.map { Cell($0, .bold) }, widths) : ""
    for row in rows { text += line(row, widths) }
    return text
  }

  private func line(_ cells: [Cell], _ widths: [Int]) -> String {
    var text = ""
    for (column, cell) in cells.enumerated() {
      let gap = String(repeating: " ", count: widths[column] - width(cell.text))
      let isLast = column == cells.count - 1
      let styled = cell.style.apply(cell.text)
      text += alignsRight[column] ? gap + styled : isLast ? styled : styled + gap
      if !isLast { text += "  " }
    }
    while text.hasSuffix(" ") { text.removeLast() }
    return text + "\n"
  }
}

/// Columns that a text takes on a terminal; characters of East Asia and pictures take two.
func width(_ text: String) -> Int {
  text.reduce(0) { total, character in
    let scalar = character.unicodeScalars.first?.value ?? 0
    let isWide =
      (0x1100...0x115F).contains(scalar) || (0x2E80...0xA4CF).contains(scalar)
      || (0xAC00...0xD7A3).contains(scalar) || (0xF900...0xFAFF).contains(scalar)
      || (0xFE30...0xFE6F).contains(scalar) || (0xFF00...0xFF60).contains(scalar)
      || (0x1F300...0x1FAFF).contains(scalar) || (0x20000...0x3FFFD).contains(scalar)
    return total + (isWide ? 2 : 1)
  }
}
