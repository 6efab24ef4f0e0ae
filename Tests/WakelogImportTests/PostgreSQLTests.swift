import Foundation
import Testing
import Wakelog
import WakelogImport

/// A PostgreSQL server of the test's own, from Debian's package.
final class Server {
  private let folder: String
  private let binaries: String

  /// Where Debian keeps the newest server; nil where there is none.
  static let binaries: String? = {
    let parent = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    return versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }
      .map { "\(parent)/\($0)/bin" }
      .first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
  }()

  init(_ binaries: String) throws {
    self.binaries = binaries
    folder = "/tmp/wakelog-postgres-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // The server refuses to run as root.
    if getuid() == 0 { try Self.run("chown postgres \(folder)") }
    try run("initdb -D \(folder)/data -A trust -U postgres --no-sync")
    try run(
      "pg_ctl -D \(folder)/data -w -l \(folder)/log "
        + "-o \"-c listen_addresses= -k \(folder) -c fsync=off\" start")
  }

  deinit {
    try? run("pg_ctl -D \(folder)/data -m immediate stop")
    try? FileManager.default.removeItem(atPath: folder)
  }

  var address: String { "postgresql://postgres@/postgres?host=\(folder)" }

  /// Carries out SQL.
  func execute(_ sql: String) throws {
    let file = folder + "/script.sql"
    try sql.write(toFile: file, atomically: true, encoding: .utf8)
    try Self.run("chmod 644 \(file)")
    try run("psql -h \(folder) -U postgres -q -v ON_ERROR_STOP=1 -f \(file)")
  }

  private func run(_ command: String) throws {
    let line = "cd \(folder) && PATH=\(binaries):$PATH \(command) > \(folder)/output 2>&1"
    guard getuid() == 0 else { return try Self.run(line) }
    try Self.run("su postgres -s /bin/sh -c '\(line)'")
  }

  /// By the C library: Foundation's process waits for the server too, which keeps its descriptors.
  private static func run(_ line: String) throws {
    struct Failed: Error { var line: String }
    if system(line + " < /dev/null") != 0 { throw Failed(line: line) }
  }
}

/// Paperclip's rows, read from a server.
struct PostgreSQLTests {
  @Test(
    .enabled(
      if: Server.binaries != nil,
      "PostgreSQL is not installed: apt-get install postgresql; this test was skipped"))
  func `a database gives the same log as its exported rows`() throws {
    let server = try Server(try #require(Server.binaries))
    try server.execute(try Self.script())
    let database = try Place()
    let files = try Place()
    let one = try database.take(try HostImport(paperclip: server.address))
    let other = try files.take(.paperclip, Fixture.path("paperclip/life"))
    #expect(one.report.events == other.report.events)
    #expect(one.events == other.events)
    #expect(one.findings == [])
    #expect(try database.take(try HostImport(paperclip: server.address)).report.events == 0)
  }

  @Test func `a server that is not there is an error`() {
    #expect(throws: ImportError.self) {
      try HostImport(paperclip: "postgresql:///nothing?host=/nowhere&connect_timeout=1")
    }
  }

  /// The tables with the columns' types, and the rows of the fixture.
  private static func script() throws -> String {
    var sql = """
      CREATE TABLE heartbeat_runs (id text primary key, company_id text, agent_id text,
        invocation_source text, status text, started_at timestamptz, finished_at timestamptz,
        error text, exit_code int, signal text, usage_json jsonb, result_json jsonb,
        session_id_before text, session_id_after text, stdout_excerpt text, stderr_excerpt text,
        error_code text, retry_of_run_id text, context_snapshot jsonb, created_at timestamptz);
      CREATE TABLE agent_runtime_state (agent_id text primary key, company_id text,
        adapter_type text, session_id text, last_run_status text, updated_at timestamptz);
      CREATE TABLE agent_task_sessions (id text primary key, company_id text, agent_id text,
        adapter_type text, task_key text, session_params_json jsonb, session_display_id text,
        updated_at timestamptz);
      CREATE TABLE agent_wakeup_requests (id text primary key, company_id text, agent_id text,
        source text, reason text, payload jsonb, status text, run_id text,
        requested_at timestamptz);
      CREATE TABLE heartbeat_run_events (id bigserial, run_id text, message text,
        created_at timestamptz);

      """
    let folder = Fixture.path("paperclip/life")
    for table in ["heartbeat_runs", "agent_runtime_state", "heartbeat_run_events"] {
      for line in try String(contentsOfFile: "\(folder)/\(table).jsonl", encoding: .utf8)
        .split(separator: "\n")
      {
        sql +=
          "INSERT INTO \(table) SELECT * FROM jsonb_populate_record(NULL::\(table), "
          + "$row$\(line)$row$::jsonb);\n"
      }
    }
    for table in ["agent_task_sessions", "agent_wakeup_requests"] {
      let text = try String(contentsOfFile: "\(folder)/\(table).csv", encoding: .utf8)
        .replacingOccurrences(of: "\r\n", with: "\n")
      let header = text.prefix { !$0.isNewline }
      sql += "COPY \(table) (\(header)) FROM stdin WITH (FORMAT csv, HEADER);\n\(text)\\.\n"
    }
    return sql
  }
}
