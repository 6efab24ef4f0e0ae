import Foundation
import Testing
import Wakelog

@testable import WakelogImport

/// Databases whose host is writing, died while it wrote, or begins to write.
struct StoreDatabaseTests {
  let place: Place
  let folder: Folder

  init() throws {
    place = try Place()
    _ = try place.write("store/keep", "")
    folder = try Folder.open(place.path + "/store")
  }

  private var file: String { place.path + "/store/state.db" }

  /// A database of a host, in a journal mode, with the sum of its numbers 1.
  private func host(_ mode: String, at path: String? = nil) throws -> SQLiteFile {
    let host = try SQLiteFile(path ?? file)
    try host.execute(
      "PRAGMA journal_mode=\(mode); CREATE TABLE numbers (number INTEGER, filling TEXT);"
        + "INSERT INTO numbers VALUES (1, hex(zeroblob(20000)))")
    return host
  }

  private func sum() throws -> Int64? {
    let opened = try StoreDatabase.open("state.db", in: folder)
    let sum = try opened.database.prepare("SELECT sum(number) FROM numbers")
    try sum.bind([])
    _ = try sum.step()
    try opened.checkUnchanged()
    return sum.integer(0)
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: place.path + "/store").sorted()
  }

  @Test func `beside a writer with a log, all that it committed is read`() throws {
    let host = try host("WAL")
    try host.execute(
      "INSERT INTO numbers VALUES (2, ''); BEGIN; INSERT INTO numbers VALUES (4, '')")
    let before = try names()
    #expect(try sum() == 3)
    // It goes on, and is not in anybody's way.
    let opened = try StoreDatabase.open("state.db", in: folder)
    try host.execute("COMMIT")
    try opened.checkUnchanged()
    #expect(try sum() == 7)
    #expect(try names() == before)
  }

  /// Takes the files as they are, as a copy or a crash leaves them.
  private func leave(_ tails: [String], from path: String) throws {
    for tail in tails {
      try FileManager.default.copyItem(atPath: path + tail, toPath: file + tail)
    }
  }

  @Test func `a log without its index is read too`() throws {
    let elsewhere = place.path + "/live.db"
    let host = try host("WAL", at: elsewhere)
    try host.execute("INSERT INTO numbers VALUES (2, '')")
    try leave(["", "-wal"], from: elsewhere)
    #expect(try sum() == 3)
    #expect(try names() == ["keep", "state.db", "state.db-wal"])
  }

  // A transaction of which parts are in the file already: the journal says what was there before.
  @Test func `what a host had not committed when it died is not read`() throws {
    let elsewhere = place.path + "/live.db"
    let host = try host("DELETE", at: elsewhere)
    try host.execute(
      """
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
      INSERT INTO numbers SELECT 0, hex(zeroblob(20000)) FROM n;
      PRAGMA cache_size=1; BEGIN;
      UPDATE numbers SET number = 8, filling = hex(zeroblob(20001));
      """)
    try leave([""], from: elsewhere)
    #expect(try sum() != 1, "nothing of the transaction is in the file: this tests nothing")
    try FileManager.default.removeItem(atPath: file)
    try leave(["", "-journal"], from: elsewhere)
    let bytes = try #require(FileManager.default.contents(atPath: file + "-journal"))
    #expect(!bytes.isEmpty)
    #expect(try sum() == 1)
    #expect(FileManager.default.contents(atPath: file + "-journal") == bytes)
    #expect(try names() == ["keep", "state.db", "state.db-journal"])
  }

  @Test func `a host with a journal is not kept waiting, and its writing is noticed`() throws {
    let host = try host("DELETE")
    #expect(try sum() == 1)
    let opened = try StoreDatabase.open("state.db", in: folder)
    let reading = try opened.database.prepare("SELECT number FROM numbers")
    try reading.bind([])
    _ = try reading.step()
    try host.execute("INSERT INTO numbers VALUES (2, '')")
    #expect(throws: ImportError.self) { try opened.checkUnchanged() }
    #expect(try sum() == 3)
  }

  @Test func `a store that was written to while it was read is not taken`() throws {
    let host = try SQLiteFile(file)
    try host.execute(
      """
      CREATE TABLE sessions (id TEXT, source TEXT, started_at REAL);
      CREATE TABLE messages (id INTEGER PRIMARY KEY, session_id TEXT, role TEXT, timestamp REAL);
      INSERT INTO sessions VALUES ('a', 'cli', 1776513600);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      INSERT INTO messages SELECT i, 'a', iif(i % 2, 'user', 'assistant'), 1776513600 + i FROM n;
      """)
    let engine = try Engine.open(place.path + "/log")
    defer { engine.close() }
    let source = try HostImport(.hermes, at: place.path + "/store")
    var rounds = 0
    let thrown = #expect(throws: ImportError.self) {
      try source.run(into: engine) { _ in
        rounds += 1
        try? host.execute("UPDATE messages SET timestamp = timestamp + 1 WHERE id = 2900")
      }
    }
    #expect(rounds > 0)
    #expect(thrown?.message.contains("was written to while it was read") == true)
    #expect(engine.waitForEvents(after: 0, timeoutMilliseconds: 0) == 0)
    #expect(try source.run(into: engine).events > 1_000)
  }
}
