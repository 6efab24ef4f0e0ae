internal import Glibc
internal import WakelogHost

extension Lookout.World {
  /// Sees what a descriptor gives, and `stop` before it.
  init(_ descriptor: Int32, stop: Int32) {
    let see = { (milliseconds: Int32) -> Lookout.Sight in
      let ready = Descriptor.wait(
        for: [(descriptor, POLLIN), (stop, POLLIN)], milliseconds: milliseconds)
      return ready[1] != 0 ? .stop : ready[0] != 0 ? .input : .nothing
    }
    self.init(
      nanoseconds: {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
      },
      look: { see(0) },
      sleep: { see(-1) },
      giveWay: { _ = sched_yield() })
  }
}
