/// The signal that ended a process.
struct Signal {
  /// Whether it is the one that a terminal sends for Control-C: somebody stopped the run.
  var isInterrupt: Bool
}

/// The signal that ended the attempt: as given by number or name, else as the exit code says.
///
/// Shells report 128 + n, and Python reports -n. Of the negative numbers only the usual ends count:
/// -1 and -2 are also what Node.js gives for a process that could not be started.
func endingSignal(_ traces: Traces) -> Signal? {
  if let name = traces.signalName?.lowercased(), !name.isEmpty {
    return Signal(isInterrupt: name == "sigint" || name == "int" || name == "2")
  }
  if let number = traces.signal, number > 0 { return Signal(isInterrupt: number == 2) }
  guard let code = traces.exitCode else { return nil }
  if (129...192).contains(code) { return Signal(isInterrupt: code == 130) }
  return [-4, -6, -7, -8, -9, -11, -15].contains(code) ? Signal(isInterrupt: false) : nil
}
