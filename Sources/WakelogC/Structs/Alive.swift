public import CWakelog
internal import Wakelog

/// See wakelog.h.
@c @implementation
public func wakelog_progress(
  _ engine: wakelog_engine, _ request: UnsafePointer<wakelog_progress_request>!
) -> wakelog_status {
  answer { () throws(WakelogError) in
    let open = try engines.find(engine)
    let given = unsafe try SizedStruct.read(request, "request")
    var progress = unsafe ProgressRequest(
      attempt: given.attempt, fence: try Text.required(given.fence, "fence"))
    unsafe progress.sessionId = try Text.optional(given.session_id, "sessionId")
    unsafe progress.pid = given.pid.ifGiven
    progress.entered = unsafe try given.entered.truth("entered") ?? false
    try open.engine.progress(progress)
  }
}

/// See wakelog.h.
@c @implementation
public func wakelog_check(
  _ engine: wakelog_engine, _ session: UnsafePointer<CChar>!, _ fence: UnsafePointer<CChar>!
) -> wakelog_status {
  answer { () throws(WakelogError) in
    let open = try engines.find(engine)
    let session = unsafe try Text.required(session, "session")
    let fence = unsafe try Text.required(fence, "fence")
    try open.engine.check(CheckRequest(session: session, fence: fence))
  }
}
