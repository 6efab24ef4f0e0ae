internal import CWakelogSystem
internal import Glibc

/// What a process does with file descriptors, one function per need; interrupted calls are retried.
package enum Descriptor {
  /// Reads what there is, up to the buffer's size: the count, 0 at the end, -1 for an error.
  package static func read(_ descriptor: Int32, into buffer: inout [UInt8]) -> Int {
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      }
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: _ = wait(for: [(descriptor, POLLIN)], milliseconds: -1)
      default: return -1
      }
    }
  }

  /// Writes all of it; gives the error that kept it from that, nil for none.
  package static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int32? {
    unsafe bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = unsafe Glibc.write(
          descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
        if count >= 0 {
          done += count
        } else if errno == EAGAIN {
          _ = wait(for: [(descriptor, POLLOUT)], milliseconds: -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
  }

  /// Waits for the first of some descriptors to become ready, which includes its end; what each is
  /// ready for, all zero when the time has passed. A descriptor of -1 is not waited for.
  package static func wait(
    for wanted: [(descriptor: Int32, events: Int32)], milliseconds: Int32
  ) -> [Int32] {
    var polled = wanted.map { pollfd(fd: $0.descriptor, events: Int16($0.events), revents: 0) }
    while true {
      let count = unsafe poll(&polled, nfds_t(polled.count), milliseconds)
      if count >= 0 || errno != EINTR { return polled.map { Int32($0.revents) } }
    }
  }

  /// A pipe whose ends are not inherited; nil when the process has no descriptors left.
  package static func pipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard unsafe wakelog_pipe(&ends) == 0 else { return nil }
    return (ends[0], ends[1])
  }

  /// A file without a name that reads as a text; -1 where none can be made.
  package static func file(of text: String) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in unsafe wakelog_input(bytes.baseAddress, bytes.count) }
  }

  /// What reads as nothing; -1 where that cannot be opened.
  package static func nothing() -> Int32 { unsafe open("/dev/null", O_RDONLY | O_CLOEXEC) }
}

/// The system's words for the last error of a system call.
package func systemError(_ code: Int32 = errno) -> String {
  unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}

/// Seconds of the clock that nobody sets.
package func monotonicSeconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
