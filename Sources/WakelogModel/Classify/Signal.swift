/// The signal that ended a process.
struct Signal {
  /// Whether it is one that asks a process to end, and that somebody sends for it: SIGTERM, SIGINT
  /// or SIGHUP.
  var isRequest: Bool
}

/// The signal that ended the attempt: as given by number or name, else as the exit code says.
///
/// Shells report 128 + n, and Python reports -n. Of the negative numbers only the usual ends count:
/// -1 and -2 are also what Node.js gives for a process that could not be started.
func endingSignal(_ traces: Traces) -> Signal? {
  if let name = traces.signalName?.lowercased(), !name.isEmpty {
    let short = name.hasPrefix("sig") ? String(name.dropFirst(3)) : name
    return Signal(isRequest: ["term", "int", "hup", "15", "2", "1"].contains(short))
  }
  if let number = traces.signal, number > 0 { return Signal(isRequest: requests.contains(number)) }
  guard let code = traces.exitCode else { return nil }
  if (129...192).contains(code) { return Signal(isRequest: requests.contains(code - 128)) }
  guard [-4, -6, -7, -8, -9, -11, -15].contains(code) else { return nil }
  return Signal(isRequest: code == -15)
}

/// SIGHUP, SIGINT, SIGTERM.
private let requests: Set<Int64> = [1, 2, 15]
