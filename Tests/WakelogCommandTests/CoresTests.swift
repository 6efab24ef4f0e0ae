import Testing

@testable import WakelogCommand

/// How many cores a process has, by what the kernel says of it.
struct CoresTests {
  @Test(arguments: [
    ("Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2),
    ("Cpus_allowed:\tffffffff,ffffffff\n", 64), ("Cpus_allowed:\t00000000,00000100\n", 1),
    ("", 1), ("Cpus_allowed_list:\t0-7\n", 1),
  ])
  func `affinity is counted`(status: String, cores: Int) {
    #expect(Cores.allowed(byStatus: status) == cores)
  }

  @Test(arguments: [
    ("max 100000\n", nil), ("50000 100000\n", 1), ("199999 100000\n", 1), ("250000 100000\n", 2),
    ("", nil), ("100000 0", nil), ("x y", nil),
  ])
  func `a quota is good for the whole cores in it`(quota: String, cores: Int?) {
    #expect(Cores.whole(inQuota: quota) == cores)
  }

  @Test func `a group's quota and those around it count`() {
    #expect(Cores.folders(ofGroups: "1:cpu:/a\n0::/a.slice/b\n") == ["", "/a.slice", "/a.slice/b"])
    #expect(Cores.folders(ofGroups: "0::/\n") == [""])
    #expect(Cores.folders(ofGroups: "") == [""])
  }

  @Test func `this process has one at least`() {
    #expect(Cores.available >= 1)
  }
}
