internal import Wakelog
internal import WakelogModel

extension Traces {
  /// What a host sees of an attempt, for Wakelog's classifier.
  init(_ attempt: Demo.Attempt, _ answer: Demo.Answer) {
    let leaves = answer.leaves
    self.init(
      provider: attempt.wake.provider, exitCode: leaves["exitCode"]?.integer,
      stdout: leaves["stdout"]?.string ?? "", stderr: leaves["stderr"]?.string ?? "",
      message: leaves["message"]?.string ?? "", turns: leaves["turns"]?.integer,
      outcome: leaves["outcome"]?.string.flatMap(ReportedOutcome.init(rawValue:)),
      resuming: attempt.resume != nil)
    readStructure { try? JSONParser.parse($0) }
  }
}
