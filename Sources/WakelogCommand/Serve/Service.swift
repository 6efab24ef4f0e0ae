internal import Wakelog

/// What the connections of a server share.
final class Service: Sendable {
  /// The log that they serve.
  let engine: Engine
  /// Polls as readable once the server is to stop.
  let stop: Int32
  /// Which requests have no answer yet.
  let ledger: Ledger
  /// Whose client asked last.
  let traffic = Traffic(cores: Cores.available)
  private let longReads = Turnstile(width: 1)
  private let longRequests = Turnstile(width: 32)

  init(_ engine: Engine, stop: Int32, _ ledger: Ledger) {
    self.engine = engine
    self.stop = stop
    self.ledger = ledger
  }

  /// What a request takes before it is carried out.
  func claim(_ method: String, lineBytes: Int) -> Claim {
    switch method {
    case "sessions", "agents", "events", "attention", "why":
      Claim(bytes: Claim.page + Claim.parsed * lineBytes, turnstile: longReads)
    default:
      Claim(
        bytes: Claim.plain + Claim.parsed * lineBytes,
        turnstile: lineBytes > Claim.longLine ? longRequests : nil)
    }
  }
}

/// What a request may cost others: the memory of its connection, and a turn of the engine's.
///
/// The engine carries out together all that waits, and everybody in a batch waits for all of it. So
/// of the requests that take long only a few are handed to it at a time, whoever asks: one read of a
/// page, and 32 requests of more than 16 KiB.
struct Claim {
  /// The memory set aside until the reply is there and its size is known.
  let bytes: Int
  /// Through which it goes to the engine; nil for the short requests that most are.
  let turnstile: Turnstile?

  /// A page of a listing.
  static let page = 1 << 20
  /// Any other reply: most have some hundred bytes, with parameters of a session some thousand.
  static let plain = 12 << 10
  /// A request that was read takes more memory than its line, by this factor.
  static let parsed = 4
  /// From how many bytes on a line is long.
  static let longLine = 16 << 10
}
