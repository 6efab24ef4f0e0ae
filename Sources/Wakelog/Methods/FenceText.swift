import WakelogModel
import WakelogStore

/// The right to write for one run, as the host holds it: the run's number and a secret.
///
/// The log keeps a digest of the secret alone. Whoever reads the log cannot write for the run.
struct FenceText {
  static let secretBytes = 16

  let run: SequenceNumber
  let secret: [UInt8]

  /// A secret that nobody can guess.
  static func draw() -> [UInt8] { Digest.randomBytes(secretBytes) }

  /// What the log keeps of a secret.
  static func digest(_ secret: [UInt8]) -> FenceDigest {
    let bytes = Digest.short(secret)
    func half(_ range: Range<Int>) -> UInt64 {
      bytes[range].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    return FenceDigest(low: half(0..<8), high: half(8..<16))
  }

  init(run: SequenceNumber, secret: [UInt8]) {
    self.run = run
    self.secret = secret
  }

  /// Reads a fence; nil for what no engine gave out.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let dash = bytes.firstIndex(of: UInt8(ascii: "-")),
      let run = Self.number(bytes[..<dash])
    else { return nil }
    let digits = Array(bytes[(dash + 1)...])
    guard digits.count == Self.secretBytes * 2 else { return nil }
    var secret: [UInt8] = []
    secret.reserveCapacity(Self.secretBytes)
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1])
      else { return nil }
      secret.append(high << 4 | low)
    }
    self.init(run: SequenceNumber(run), secret: secret)
  }

  /// A run's number in the one way that it is written; nil for anything else.
  private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
    guard let first = digits.first, first != UInt8(ascii: "0"), digits.count <= 20 else {
      return nil
    }
    var number: UInt64 = 0
    for digit in digits {
      guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
      let (tens, isTooLong) = number.multipliedReportingOverflow(by: 10)
      let (sum, isTooLarge) = tens.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
      if isTooLong || isTooLarge { return nil }
      number = sum
    }
    return number
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  /// As the host gets it.
  var text: String { "\(run.value)-\(hexadecimal(secret))" }

  /// What it claims.
  var claim: FenceClaim { FenceClaim(run: run, digest: Self.digest(secret)) }
}

extension Core {
  /// What a fence claims, and the key of its run. Throws `staleFence` for what no engine gave out.
  func claim(_ text: String) throws(WakelogError) -> (claim: FenceClaim, session: SessionSymbol) {
    guard let fence = FenceText(text), let wake = try event(fence.run),
      case .wakeRequested = wake.body
    else { throw WakelogError(Fault.staleFence) }
    return (fence.claim, wake.session)
  }
}
