public import WakelogModel

/// An incident that happened in public, to hold a violation against.
///
/// The law checker names the one whose shape a violation has; this table says what it was.
public struct KnownIncident: Hashable, Sendable {
  /// The host and the number of its issue, as `paperclip#6608`.
  public let name: String
  /// What happened, in a line.
  public let title: String
  /// The laws that it broke.
  public let laws: [Law]
  /// Where it was reported.
  public let link: String

  /// The incident of a name; nil for one that is not in the table.
  public init?(named name: String?) {
    guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  private init(_ name: String, _ title: String, _ laws: [Law], _ path: String) {
    self.name = name
    self.title = title
    self.laws = laws
    link = "https://github.com/" + path
  }

  /// All of them.
  public static let all: [KnownIncident] = [
    KnownIncident(
      "paperclip#6608", "the fallback worked, and the dead id and the failed status stayed",
      [.deadStaysDead, .lastAttemptDecides, .infrastructureIsNotTheAgent],
      "paperclipai/paperclip/issues/6608"),
    KnownIncident(
      "paperclip#1907", "a project's session was resumed in the agent's home, past a reset",
      [.sessionInItsWorkspace, .resetIsAWall], "paperclipai/paperclip/pull/1907"),
    KnownIncident(
      "archon#1280", "the id of a failing result was kept and resumed",
      [.deadStaysDead, .proofBeforeResume], "coleam00/Archon/issues/1280"),
    KnownIncident(
      "archon#1830", "two runs resumed one session at the same time", [.oneOpenRun],
      "coleam00/Archon/pull/1830"),
    KnownIncident(
      "archon#2329", "a run that worked showed the error of an earlier try",
      [.lastAttemptDecides], "coleam00/Archon/issues/2329"),
    KnownIncident(
      "hermes#3210", "after a reset the cached agent went on writing to the old session",
      [.resetIsAWall, .staleWritersLose], "NousResearch/hermes-agent/issues/3210"),
    KnownIncident(
      "hermes#37555", "a run that had ended delivered, and freed what was not its own",
      [.staleWritersLose], "NousResearch/hermes-agent/issues/37555"),
    KnownIncident(
      "hermes#61993", "a session that a reset had ended came back", [.resetIsAWall],
      "NousResearch/hermes-agent/issues/61993"),
    KnownIncident(
      "openclaw#77011", "the transcript was gone, and resuming it hung and failed for ever",
      [.deadStaysDead, .lastAttemptDecides, .everyWakeSettles, .infrastructureIsNotTheAgent],
      "openclaw/openclaw/issues/77011"),
    KnownIncident(
      "openclaw#77030", "one path had seen that the transcript was gone, another resumed it",
      [.deadStaysDead], "openclaw/openclaw/pull/77030"),
    KnownIncident(
      "openclaw#77104", "cron runs that leave no session were registered as resumable",
      [.proofBeforeResume], "openclaw/openclaw/pull/77104"),
  ]
}
