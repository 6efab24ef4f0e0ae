/// What is wrong with a provider's document, or with a call that session words are to be put in.
public struct ProviderError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The member of the document, as a path, or the part of the call: `output[2].when`, `command`.
  public let field: String
  /// What is wrong, and what to do.
  public let message: String

  init(_ field: String, _ message: String) {
    self.field = field
    self.message = message
  }

  /// Field and message in one line.
  public var description: String { "\(field): \(message)" }
}
