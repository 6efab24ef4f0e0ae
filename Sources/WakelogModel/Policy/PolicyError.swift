/// Why a policy document was not taken.
public struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path of the value at fault: `reset.idleSeconds`, `overrides[0].match.provider`, or
  /// `policy` for the document as a whole.
  public var field: String
  /// What to do about it.
  public var message: String

  /// Names a value and what to do about it.
  public init(field: String, message: String) {
    self.field = field
    self.message = message
  }

  /// Field and message in one line.
  public var description: String { "\(field): \(message)" }
}
