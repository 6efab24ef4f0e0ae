internal import Glibc
internal import Wakelog
internal import WakelogModel
internal import WakelogProviders

extension AttemptRunner {
  /// Whether the CLI speaks with a person, and so needs the terminal as its output.
  var isInteractive: Bool {
    Descriptor.isTerminal(STDOUT_FILENO) && provider?.isInteractive(words) ?? true
  }

  /// Reads the output of a call that prints JSON; an answer in text may only look like it.
  var reader: OutputReader? {
    guard let provider, provider.call.printing.isEmpty || provider.printsId(words) else {
      return nil
    }
    return OutputReader(provider)
  }

  /// Says what will not be resumed, and why.
  func warn(_ request: WakeRequest, _ plan: PlanResult) {
    guard let provider else {
      if plan.isResume {
        printError("provider \(request.provider) is not known: nothing is resumed")
      }
      return
    }
    if provider.call.begin.isEmpty, let word = provider.call.printing.first,
      !provider.printsId(words)
    {
      printError(
        "\(provider.name) names its session only where it prints JSON (\(word)): there will be "
          + "nothing to resume")
    }
  }
}

/// A random UUID, version 4 of RFC 9562.
func randomUUID() -> String {
  var random = SystemRandomNumberGenerator()
  var bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
  bytes[6] = bytes[6] & 0x0F | 0x40
  bytes[8] = bytes[8] & 0x3F | 0x80
  var text = ""
  for (index, byte) in bytes.enumerated() {
    if [4, 6, 8, 10].contains(index) { text += "-" }
    text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
  return text
}
