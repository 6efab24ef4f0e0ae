internal import Wakelog
internal import WakelogHost

/// The logs that C has open.
let engines = Handles<OpenEngine>(of: "engine")

/// A log that C has open.
final class OpenEngine: Sendable {
  let engine: Engine
  let delivery = Delivery()
  let host: HostCalls

  init(_ engine: Engine) {
    self.engine = engine
    host = HostCalls(engine)
  }

  /// Waits for the calls under way and their callbacks, and closes.
  func close() {
    host.close()
    engine.close()
    delivery.end()
  }

  /// A callback is waited for by closing, which therefore cannot come from it.
  func refuseFromCallback() throws(WakelogError) {
    guard delivery.isThisThread else { return }
    throw WakelogError(
      .busy, "a callback cannot close the engine that called it; close it from another thread")
  }
}
