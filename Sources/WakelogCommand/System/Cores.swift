/// How many cores a process may keep busy.
enum Cores {
  /// What affinity and the quota of a container leave of the machine's; 1 or more.
  ///
  /// Quotas are those of cgroup v2, the process's own and those of the groups around it. Under
  /// version 1 only affinity counts.
  static var available: Int {
    let affinity = allowed(byStatus: readFile("/proc/self/status") ?? "")
    let groups = folders(ofGroups: readFile("/proc/self/cgroup") ?? "")
    let quotas = groups.compactMap { readFile("/sys/fs/cgroup\($0)/cpu.max") }
    return quotas.compactMap(whole(inQuota:)).reduce(affinity, min)
  }

  /// How many cores the process may run on, by `/proc/self/status`, which gives a set of bits; 1
  /// where it says nothing. Swift does not see `sched_getaffinity`.
  static func allowed(byStatus status: String) -> Int {
    let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }
    let digits = line?.drop { $0 != ":" }.compactMap(\.hexDigitValue) ?? []
    return max(digits.reduce(0) { $0 + $1.nonzeroBitCount }, 1)
  }

  /// The folders of a process's group and of those around it, from `/proc/self/cgroup`.
  static func folders(ofGroups groups: String) -> [String] {
    let line = groups.split(separator: "\n").first { $0.hasPrefix("0::/") }
    let names = line?.dropFirst(3).split(separator: "/") ?? []
    return (0...names.count).map { count in names.prefix(count).map { "/\($0)" }.joined() }
  }

  /// The whole cores that a quota is good for, 1 at least; nil without one. `cpu.max` holds the
  /// microseconds of work in each period, and the period's.
  static func whole(inQuota quota: String) -> Int? {
    let numbers = quota.split(whereSeparator: \.isWhitespace).map { Int($0) }
    guard numbers.count == 2, let work = numbers[0], let period = numbers[1], period > 0 else {
      return nil
    }
    return max(work / period, 1)
  }
}
