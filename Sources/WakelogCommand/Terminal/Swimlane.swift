internal import WakelogForensics
internal import WakelogModel

/// A session's timeline for a terminal: time runs to the right, each provider session has a lane.
///
/// Every mark has a column of its own, so nothing hides behind anything, and pauses are drawn the
/// wider the longer they were, though not in proportion: a week between two wakes would leave no
/// room for either. What does not fit the width goes on in the next band.
struct Swimlane {
  private let marks: [Timeline.Mark]
  private let dead: Set<String>
  private let width: Int
  private let ids: Abbreviation
  private let labelWidth: Int

  private static let fresh = "no session"

  /// Draws a timeline that many columns wide.
  init(_ timeline: Timeline, width: Int) {
    marks = timeline.marks
    dead = timeline.dead
    let abbreviation = Abbreviation(timeline.marks.compactMap(\.id))
    ids = abbreviation
    let names = timeline.marks.compactMap(\.id).map { printable(abbreviation.short($0)) }
    labelWidth = max(10, names.map(WakelogCommand.width).max() ?? 0)
    self.width = max(30, width - labelWidth - 2)
  }

  /// The bands, the legend excluded.
  var text: String { bands.map(draw).joined(separator: "\n") }

  /// What the signs mean.
  static let legend = """
    · wake  - wake that started nothing  ╶ attempt  ↳ fallback  ✓ worked  ✗ failed  \
    ○ broken off  ◆ bound  † given up  ┃ reset  ! write that changed nothing
    """

  /// A mark with its column.
  private struct Placed {
    var mark: Timeline.Mark
    var column: Int
  }

  private var bands: [[Placed]] {
    var bands: [[Placed]] = []
    var band: [Placed] = []
    var column = 0
    for (index, mark) in marks.enumerated() {
      if index > 0 { column += 1 + Self.gap(marks[index - 1].at, mark.at) }
      if column >= width {
        bands.append(band)
        band = []
        column = 0
      }
      band.append(Placed(mark: mark, column: column))
    }
    return band.isEmpty ? bands : bands + [band]
  }

  /// Columns for a pause: one for each power of four seconds, at most eight.
  private static func gap(_ from: Instant, _ to: Instant) -> Int {
    var seconds = max(0, (to.nanoseconds - from.nanoseconds) / 1_000_000_000)
    var columns = 0
    while seconds >= 4, columns < 8 {
      seconds /= 4
      columns += 1
    }
    return columns
  }

  private func draw(_ band: [Placed]) -> String {
    var lanes: [String] = []
    for placed in band {
      if let lane = lane(of: placed.mark), !lanes.contains(lane) { lanes.append(lane) }
    }
    var text = axis(band)
    text += line("wakes", .plain, wakes(band), band)
    for lane in lanes {
      let isDead = dead.contains(lane)
      let label = lane == Self.fresh ? lane : printable(ids.short(lane))
      text += line(label, isDead ? .red : .plain, attempts(band, lane), band)
    }
    return text
  }

  /// The lane that a mark is drawn in; nil for what is drawn with the wakes or across all.
  private func lane(of mark: Timeline.Mark) -> String? {
    switch mark.what {
    case .wake, .disposed, .reset: nil
    case .began, .ended: mark.id ?? Self.fresh
    case .bound, .condemned, .rejected: mark.id
    }
  }

  private typealias Cell = (sign: Character, style: Style)

  private func wakes(_ band: [Placed]) -> [Int: Cell] {
    var cells: [Int: Cell] = [:]
    for placed in band {
      switch placed.mark.what {
      case .wake: cells[placed.column] = ("·", .bold)
      case .disposed: cells[placed.column] = ("-", .yellow)
      case .rejected where placed.mark.id == nil: cells[placed.column] = ("!", .red)
      default: break
      }
    }
    return cells
  }

  private func attempts(_ band: [Placed], _ lane: String) -> [Int: Cell] {
    var cells: [Int: Cell] = [:]
    var began: Int?
    for placed in band where self.lane(of: placed.mark) == lane {
      switch placed.mark.what {
      case .began(_, let isFallback):
        cells[placed.column] = (isFallback ? "↳" : "╶", isFallback ? .yellow : .plain)
        began = placed.column
      case .ended(let outcome, _):
        // It may have begun in an earlier band.
        for column in ((began ?? -1) + 1)..<max(placed.column, (began ?? -1) + 1) {
          if cells[column] == nil { cells[column] = ("─", .dim) }
        }
        cells[placed.column] = Self.end(outcome)
        began = nil
      case .bound: cells[placed.column] = ("◆", .green)
      case .condemned: cells[placed.column] = ("†", .red)
      case .rejected: cells[placed.column] = ("!", .red)
      default: break
      }
    }
    if let began, let last = band.last?.column, last > began {
      for column in (began + 1)...last where cells[column] == nil {
        cells[column] = ("─", .dim)
      }
    }
    return cells
  }

  private static func end(_ outcome: Outcome?) -> Cell {
    switch outcome {
    case .succeeded: ("✓", .green)
    case .failed, .timedOut: ("✗", .red)
    case .cancelled, .interrupted, .superseded, nil: ("○", .yellow)
    }
  }

  private func line(
    _ label: String, _ style: Style, _ cells: [Int: Cell], _ band: [Placed]
  ) -> String {
    var walls: Set<Int> = []
    for placed in band {
      if case .reset = placed.mark.what { walls.insert(placed.column) }
    }
    var text =
      style.apply(label)
      + String(repeating: " ", count: labelWidth - WakelogCommand.width(label) + 2)
    for column in 0...(band.last?.column ?? 0) {
      if walls.contains(column) {
        text += Style.yellow.apply("┃")
      } else if let cell = cells[column] {
        text += cell.style.apply(String(cell.sign))
      } else {
        text += " "
      }
    }
    while text.hasSuffix(" ") { text.removeLast() }
    return text + "\n"
  }

  /// Dates and times above the columns, where there is room for them; a date where it is a new one.
  private func axis(_ band: [Placed]) -> String {
    var line: [Character] = []
    var date: Substring = ""
    for placed in band {
      let words = Clock.date(placed.mark.at.description).split(separator: " ")
      guard words.count == 2, placed.column >= line.count + (line.isEmpty ? 0 : 2) else { continue }
      let label = date == words[0] ? String(words[1]) : words.joined(separator: " ")
      guard line.isEmpty || placed.column + label.count <= width else { continue }
      line += String(repeating: " ", count: placed.column - line.count) + label
      date = words[0]
    }
    return String(repeating: " ", count: labelWidth + 2) + Style.dim.apply(String(line)) + "\n"
  }
}
