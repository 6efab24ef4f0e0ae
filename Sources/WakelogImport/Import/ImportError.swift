/// Why a store cannot be imported at all; what is wrong with a single row is in the report.
public struct ImportError: Error, Sendable, CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var message: String

  /// Says what is wrong.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
