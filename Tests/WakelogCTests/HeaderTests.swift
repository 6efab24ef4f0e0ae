import Foundation
import TestSupport
import Testing

/// The library as a package carries it, and the header as compilers read it.
@Suite struct HeaderTests {
  let library: BuiltLibrary

  init() throws { library = try BuiltLibrary() }

  @Test(
    "the header compiles without a warning",
    arguments: [
      "cc -x c -std=c99", "cc -x c -std=c11", "cc -x c -std=c17", "clang -x c -std=c99",
      "c++ -x c++ -std=c++11", "c++ -x c++ -std=c++20", "clang++ -x c++ -std=c++17",
    ])
  func compiles(_ compiler: String) throws {
    let words = compiler.split(separator: " ").map(String.init)
    let outcome = try Shell.run(
      words + ["-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", "wakelog.h"],
      in: library.folder)
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  @Test func `what shows is what the header declares, and nothing else`() throws {
    let listing = try Shell.run(["nm", "-D", "--defined-only", library.path])
    let shown = Set(
      listing.output.split(separator: "\n").compactMap { $0.split(separator: " ").last })
    let header = try String(contentsOfFile: library.folder + "/wakelog.h", encoding: .utf8)
    let declared = header.matches(of: /\b(wakelog_\w+)\(/).map(\.output.1)
    #expect(shown == Set(declared))
    #expect(shown.count == 21)
  }

  @Test func `it asks for nothing but the system's own libraries`() throws {
    let listing = try Shell.run(["readelf", "-d", library.path])
    let needed = listing.output.matches(of: /NEEDED.*\[(.*)\]/).map { String($0.output.1) }
    let system = ["libc.so", "libm.so", "libgcc_s.so", "libstdc++.so", "ld-linux"]
    #expect(!needed.isEmpty)
    for name in needed { #expect(system.contains { name.hasPrefix($0) }, "\(name)") }
    #expect(listing.output.contains("[libwakelog.so]"))
    #expect(!listing.output.contains("TEXTREL"))
    #expect(!listing.output.contains("RUNPATH"))
    let text = try Data(contentsOf: URL(fileURLWithPath: library.path))
    #expect(text.range(of: Data("libFoundation".utf8)) == nil)
  }
}
