/// One figure beside what it was meant to be.
struct Row {
  let what: String
  let target: String
  let measured: String
  let spread: String
  let ratio: String
  /// Whether the target was met; nil where there is none.
  let isMet: Bool?

  init(
    _ what: String, target: String = "", measured: String, spread: String = "",
    ratio: String = "", isMet: Bool? = nil
  ) {
    self.what = what
    self.target = target
    self.measured = measured
    self.spread = spread
    self.ratio = ratio
    self.isMet = isMet
  }
}

/// All figures, as one Markdown table.
struct Report {
  private var rows: [Row] = []

  mutating func add(_ row: Row) { rows.append(row) }

  func print() {
    Swift.print("\n| what | target | measured (median) | min to max | ratio | |")
    Swift.print("|---|---|---|---|---|---|")
    for row in rows {
      let verdict = row.isMet.map { $0 ? "pass" : "short" } ?? ""
      Swift.print(
        "| \(row.what) | \(row.target) | \(row.measured) | \(row.spread) | \(row.ratio) "
          + "| \(verdict) |")
    }
  }
}

/// Several measurements of one thing.
struct Samples {
  private(set) var values: [Double] = []

  mutating func add(_ value: Double) { values.append(value) }

  var sorted: [Double] { values.sorted() }
  var median: Double { sorted.isEmpty ? 0 : sorted[values.count / 2] }
  var least: Double { values.min() ?? 0 }
  var most: Double { values.max() ?? 0 }

  /// The quotients of what was measured in turn: of each value and the other's of the same turn.
  func over(_ other: Samples) -> Samples {
    Samples(zip(values, other.values).map { $0 / $1 })
  }

  init(_ values: [Double] = []) { self.values = values }

  func spread(_ unit: String = "") -> String {
    "\(shown(least)) to \(shown(most))\(unit)"
  }
}

/// A number with as many digits as it deserves.
func shown(_ value: Double) -> String {
  if value >= 1_000 { return grouped(Int(value.rounded())) }
  let digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return fixed(value, digits)
}

func fixed(_ value: Double, _ digits: Int) -> String {
  var scale = 1
  for _ in 0..<digits { scale *= 10 }
  let whole = Int((value * Double(scale)).rounded())
  guard digits > 0 else { return String(whole) }
  let fraction = String(whole % scale)
  return "\(whole / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
}

func grouped(_ value: Int) -> String {
  var digits = Array(String(value))
  var at = digits.count - 3
  while at > 0 {
    digits.insert(",", at: at)
    at -= 3
  }
  return String(digits)
}
