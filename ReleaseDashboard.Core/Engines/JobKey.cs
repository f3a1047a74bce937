namespace ReleaseDashboard.Core.Engines;

/// <summary>Identity of a job inside its environment: <see cref="Model.ObservedJob.Key"/>. The same run and task is the same job, whoever asks.</summary>
public static class JobKey
{
    public static string Of(long runId, string task) => $"{runId}/{task}";
}
