extension Command {
  /// Reads what was typed behind the command's name.
  ///
  /// Options and operands may stand in any order, `--name value` or `--name=value`; everything
  /// behind `--` is left as it is.
  func parse(_ arguments: [String]) throws(CommandError) -> Invocation {
    var invocation = Invocation(command: self)
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word == "--" {
        guard self.rest != nil else { throw .usage("'--' has no meaning here") }
        invocation.rest = Array(rest)
        break
      }
      if word.utf8.starts(with: "-".utf8), word.utf8.count > 1 {
        invocation.options.append(try option(word, &rest))
      } else {
        invocation.operands.append(word)
      }
    }
    if !invocation.has("--help") { try check(invocation) }
    return invocation
  }

  /// All options, with those that every command has, or every one that takes a log.
  var allOptions: [Option] {
    let takesLog = options.contains { $0.name == "--log" }
    return options + (takesLog ? [.trustFolder] : []) + [.json, .help]
  }

  private func option(
    _ word: String, _ rest: inout ArraySlice<String>
  ) throws(CommandError) -> (name: String, value: String) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts[0] == "-h" ? "--help" : String(parts[0])
    guard let option = allOptions.first(where: { $0.name == name }) else {
      throw .usage(
        "unknown option \(name)" + hint(name, among: allOptions.map(\.name)))
    }
    guard let value = option.value else {
      guard parts.count == 1 else { throw .usage("\(name) takes no value") }
      return (name, "")
    }
    if parts.count == 2 { return (name, String(parts[1])) }
    guard let next = rest.popFirst(), next != "--" else {
      throw .usage("\(name) needs a value: \(name) \(value)")
    }
    return (name, next)
  }

  private func check(_ invocation: Invocation) throws(CommandError) {
    let given = invocation.operands
    if given.count > operands.count {
      let extra = given[operands.count]
      throw .usage("'\(extra)' is one word too many; quote values with spaces")
    }
    for operand in operands.dropFirst(given.count) where operand.isRequired {
      throw .usage("\(operand.name) is missing")
    }
    for option in options where option.isRequired && !invocation.has(option.name) {
      if option.name == "--log", environment("WAKELOG_LOG") != nil { continue }
      throw .usage("\(option.name) \(option.value ?? "") is missing: \(option.help)")
    }
    if let rest, invocation.rest.isEmpty {
      throw .usage("-- \(rest) is missing")
    }
  }
}

/// `; did you mean …?` when something among the known words is close to the one typed.
func hint(_ word: String, among known: [String]) -> String {
  let best = known.map { (word: $0, distance: editDistance(word, $0)) }
    .min { $0.distance < $1.distance }
  guard let best, best.distance <= max(1, word.count / 3) else { return "" }
  return "; did you mean \(best.word)?"
}

/// Letters to insert, drop, change or swap with their neighbour to make one word of the other.
func editDistance(_ left: String, _ right: String) -> Int {
  let (left, right) = (Array(left.utf8), Array(right.utf8))
  var before: [Int] = []
  var last = Array(0...right.count)
  for row in 0..<left.count {
    var current = [row + 1]
    for column in 0..<right.count {
      let change = last[column] + (left[row] == right[column] ? 0 : 1)
      var best = min(change, last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        best = min(best, before[column - 1] + 1)
      }
      current.append(best)
    }
    (before, last) = (last, current)
  }
  return last[right.count]
}
