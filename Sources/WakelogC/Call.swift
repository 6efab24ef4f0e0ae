public import CWakelog
internal import Wakelog
internal import WakelogHost

/// See wakelog.h.
@c @implementation
public func wakelog_call(
  _ engine: wakelog_engine, _ method: UnsafePointer<CChar>!, _ params: UnsafePointer<CChar>!,
  _ params_length: Int, _ result: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ result_length: UnsafeMutablePointer<Int>!
) -> wakelog_status {
  unsafe giving(result, result_length) { () throws(WakelogError) in
    let open = try engines.find(engine)
    let method = unsafe try Text.required(method, "method")
    let params = unsafe try Text.object(params, count: params_length, "params")
    return HostCalls.has(method)
      ? try open.host.text(method, params) : try open.engine.text(method, params)
  }
}

/// See wakelog.h.
@c @implementation
public func wakelog_must_wait(_ engine: wakelog_engine) -> Bool {
  (try? engines.find(engine))?.engine.mustWait ?? false
}

/// See wakelog.h.
@c @implementation
public func wakelog_submit(
  _ engine: wakelog_engine, _ method: UnsafePointer<CChar>!, _ params: UnsafePointer<CChar>!,
  _ params_length: Int, _ callback: wakelog_callback!, _ context: UnsafeMutableRawPointer!
) -> wakelog_status {
  answer { () throws(WakelogError) in
    let open = try engines.find(engine)
    guard let callback = unsafe callback else { throw .null("callback") }
    let method = unsafe try Text.required(method, "method")
    let params = unsafe try Text.object(params, count: params_length, "params")
    let address = unsafe Context(address: context)
    try open.delivery.expect()
    let told = { @Sendable (result: Result<JSONText, WakelogError>) in
      open.delivery.add(
        unsafe Delivery.Told(callback: callback, context: address.address, result: result))
    }
    if HostCalls.has(method) {
      open.host.submitText(method, params, completion: told)
    } else {
      open.engine.submitText(method, params, completion: told)
    }
  }
}

/// See wakelog.h.
@c @implementation
public func wakelog_wait(
  _ engine: wakelog_engine, _ after: UInt64, _ milliseconds: UInt32,
  _ last: UnsafeMutablePointer<UInt64>!
) -> wakelog_status {
  answer { () throws(WakelogError) in
    guard let last = unsafe last else { throw .null("last") }
    let open = try engines.find(engine)
    unsafe last.pointee = open.engine.waitForEvents(
      after: after, timeoutMilliseconds: Int(milliseconds))
    _ = try engines.find(engine)
  }
}

/// Carries out the body of a function that gives JSON.
func giving(
  _ result: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ length: UnsafeMutablePointer<Int>?, _ body: () throws(WakelogError) -> JSONText
) -> wakelog_status {
  unsafe result?.pointee = nil
  unsafe length?.pointee = 0
  return answer { () throws(WakelogError) in
    guard let result = unsafe result else { throw .null("result") }
    let text = Text.copy(try body().bytes)
    unsafe result.pointee = text.start
    unsafe length?.pointee = text.count
  }
}

/// What the host gave to have it back.
///
/// `@unchecked Sendable`: nothing here looks at what is there.
@safe struct Context: @unchecked Sendable {
  let address: UnsafeMutableRawPointer?
}
