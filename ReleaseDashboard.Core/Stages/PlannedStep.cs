using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

internal enum TaskKind
{
    /// <summary>Space and volumes.</summary>
    Environment,
    Service,
    RemoveService,
    Job,
    RemoveEnvironment,
    Image,
    Unknown,
}

/// <param name="Id">Unique in the run and the same in every attempt: <c>jobs.migrate</c>, and <c>jobs.migrate#2</c> where a workflow names it again.</param>
/// <param name="Subject">Name of the service or job.</param>
internal sealed record PlannedTask(string Id, TaskKind Kind, string Subject);

/// <summary>A step of a plan with its tasks told apart.</summary>
internal sealed record PlannedStep(string Name, IReadOnlyList<PlannedTask> Tasks, bool HaltOnError = true, bool WaitForFinish = true)
{
    public const string RemoveEnvironment = "release.remove_environment";

    public static IReadOnlyList<PlannedStep> From(IReadOnlyList<WorkflowStep> steps)
    {
        var seen = new Dictionary<string, int>();
        return [.. steps.Select(s => new PlannedStep(s.Name, [.. s.Tasks.Select(t => Task(t, seen))], s.HaltOnError, s.WaitForFinish))];
    }

    private static PlannedTask Task(string name, Dictionary<string, int> seen)
    {
        var count = seen[name] = seen.GetValueOrDefault(name) + 1;
        var id = count == 1 ? name : $"{name}#{count}";
        if (name == RemoveEnvironment) return new PlannedTask(id, TaskKind.RemoveEnvironment, name);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var subject = name[(dot + 1)..];
        return (dot < 0 ? "" : name[..dot]) switch
        {
            "services" => new PlannedTask(id, TaskKind.Service, subject),
            "jobs" => new PlannedTask(id, TaskKind.Job, subject),
            _ => new PlannedTask(id, TaskKind.Unknown, name),
        };
    }
}
