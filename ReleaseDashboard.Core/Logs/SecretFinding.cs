namespace ReleaseDashboard.Core.Logs;

/// <summary>A task printed a secret. It is masked in the log; the task should not print it.</summary>
/// <param name="Task">Empty for the run itself, or for the only task of an instance's log.</param>
/// <param name="Count">How often, since the log began.</param>
/// <param name="FirstLine">Line of the first.</param>
public sealed record SecretFinding(string Task, long Count, long FirstLine);
