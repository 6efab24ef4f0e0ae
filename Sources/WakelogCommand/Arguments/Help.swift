extension Command {
  /// The command's page: how to call it, what it does, when to use it, an example.
  var page: String {
    var text = "\(summary)\n\n  \(usage)\n\n\(wrapped(about, width: 88))\n"
    let rows = allOptions.map { option in
      (option.name + (option.value.map { " \($0)" } ?? ""), option.help)
    }
    text += "\nOptions:\n" + columns(rows)
    text += "\n" + (examples.count > 1 ? "Examples:" : "Example:") + "\n"
    for example in examples { text += "  \(example)\n" }
    return text
  }

  /// The call in a line.
  var usage: String {
    var words = ["wakelog", name]
    words += operands.map { $0.isRequired ? $0.name : "[\($0.name)]" }
    words += options.filter(\.isRequired).map { "\($0.name) \($0.value ?? "")" }
    if options.contains(where: { !$0.isRequired }) { words.append("[options]") }
    if let rest { words.append("-- \(rest)") }
    return words.joined(separator: " ")
  }
}

extension CommandTable {
  /// The tool's page.
  static var page: String {
    var text = """
      wakelog keeps the sessions of agents: which one a conversation resumes, whether the last
      run worked, and what was done when it did not. Everything is in one log, a folder.

        wakelog COMMAND [options]


      """
    for group in groups {
      text += "\(group.title):\n" + columns(group.commands.map { ($0.name, $0.summary) }) + "\n"
    }
    return text + """
      'wakelog COMMAND --help' says when to use a command and shows an example. Commands print
      tables for people and, with --json, JSON for programs.

      Exit status: 0 done, 1 something was found, 2 the call is wrong, 3 the log cannot be read,
      4 refused, 5 standard output could not be written, 6 a server was stopped before everything
      was answered.

      """
  }
}

/// Two columns, indented.
private func columns(_ rows: [(String, String)]) -> String {
  let width = rows.map(\.0.count).max() ?? 0
  var text = ""
  for (left, right) in rows {
    text += "  " + left + String(repeating: " ", count: width - left.count + 2) + right + "\n"
  }
  return text
}

/// Breaks a paragraph into lines.
private func wrapped(_ text: String, width: Int) -> String {
  var lines = [""]
  for word in text.split(separator: " ") {
    if lines[lines.count - 1].count + word.count + 1 > width { lines.append("") }
    if !lines[lines.count - 1].isEmpty { lines[lines.count - 1] += " " }
    lines[lines.count - 1] += word
  }
  return lines.joined(separator: "\n")
}
