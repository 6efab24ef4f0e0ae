public import WakelogModel

/// One log, opened. Placeholder of the interface while the engine is written.
public final class Engine: Sendable {
  /// How a log is opened.
  public struct Options: Sendable {
    /// Whether nothing may be written.
    public var readOnly = false
    /// The policy to adopt at opening; nil keeps the last one adopted.
    public var policy: Policy?
    /// The host this process is; its earlier runs are ended as interrupted at opening.
    public var host: String?
    /// Whether times ahead of the clock are taken as given.
    public var givenClock = false

    /// Options for reading and writing.
    public init() {}
  }

  /// Opens the log in a directory, making it if need be.
  public static func open(
    _ directory: String, options: Options = Options()
  ) throws(WakelogError) -> Engine {
    throw WakelogError(.corrupt, "not yet")
  }

  /// Carries out a method of PROTOCOL by name and waits until its events are durable.
  public func call(_ method: String, _ params: JSONObject) throws(WakelogError) -> JSONValue {
    throw WakelogError(.corrupt, "not yet")
  }

  /// The same without blocking the thread: `completion` is called once, on a thread of the
  /// engine, in the order in which calls of one caller were made.
  public func submit(
    _ method: String, _ params: JSONObject,
    completion: @escaping @Sendable (Result<JSONValue, WakelogError>) -> Void
  ) {}

  /// Waits up to a time for events after a position; gives the last position that is durable.
  public func waitForEvents(after: UInt64, timeoutMilliseconds: Int) -> UInt64 { 0 }

  /// Waits for calls under way and closes the log.
  public func close() {}
}
