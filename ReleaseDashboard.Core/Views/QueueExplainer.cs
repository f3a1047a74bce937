using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Views;

/// <summary>Says of every unfinished run where it stands and what it waits for. Pure: the same picture as the claim's SQL, told in sentences.</summary>
/// <param name="runs">Queued and running, oldest first.</param>
/// <param name="typical">How long a run like this one takes, from own history.</param>
internal sealed class QueueExplainer(IReadOnlyList<Run> runs, int slots, string? storageProblem, DateTimeOffset now, Func<Run, TimeSpan?> typical)
{
    private readonly List<Run> _running = [.. runs.Where(r => r.Status == RunStatus.Running)];
    private readonly List<Run> _queued = [.. runs.Where(r => r.Status == RunStatus.Queued)];

    public IReadOnlyList<QueueRow> Running() => [.. _running.Select(r => new QueueRow(r, 0, r.Waiting, null, null, typical(r)))];

    public IReadOnlyList<QueueRow> Waiting() => [.. _queued.Select((run, index) => Explain(run, index + 1))];

    private QueueRow Explain(Run run, int position)
    {
        var holder = Holder(run);
        return new QueueRow(run, position, WaitsFor(run, holder), holder?.Id, ExpectedWait(run, []), typical(run));
    }

    /// <summary>The one run that has to end first: what runs under the same key, then an older one that waits for it, then the build it comes after.</summary>
    private Run? Holder(Run run) =>
        _running.Find(r => r.LockKey == run.LockKey)
        ?? _queued.FindLast(r => r.LockKey == run.LockKey && r.Id < run.Id)
        ?? (run.AfterRunId is { } after ? runs.FirstOrDefault(r => r.Id == after) : null);

    private string WaitsFor(Run run, Run? holder)
    {
        if (storageProblem is not null) return storageProblem;
        if (holder is not null) return Sentence(run, holder);
        if (run.Waiting is { } own) return own;
        return _running.Count >= slots ? $"a free slot ({_running.Count} of {slots} busy)" : "the worker, which takes it in a moment";
    }

    private static string Sentence(Run run, Run holder)
    {
        if (holder.Stage == Stage.Build) return run.Stage == Stage.Build ? $"build {holder.BuildId} of {holder.Application}, of the same commit" : $"build {holder.BuildId} of {holder.Application}";
        var by = holder.DeploymentId is { } deployment ? $" by deployment {deployment}" : "";
        return holder.Status == RunStatus.Running
            ? $"{holder.Environment} {Doing(holder)}{by}"
            : $"deployment {holder.DeploymentId}, which is ahead of it on {holder.Environment}";
    }

    private static string Doing(Run run) => run.Stage switch
    {
        Stage.Setup => "is being set up",
        Stage.Patch => "is being patched",
        Stage.Teardown => "is being torn down",
        Stage.Pause => "is being paused",
        _ => $"is running workflow {run.Workflow}",
    };

    /// <summary>Null when some part of the wait has no history to be judged by.</summary>
    private TimeSpan? ExpectedWait(Run run, HashSet<long> asked)
    {
        if (!asked.Add(run.Id)) return null;
        if (Holder(run) is { } holder)
        {
            if (typical(holder) is not { } whole) return null;
            if (holder.Status == RunStatus.Running) return Left(holder, whole);
            return ExpectedWait(holder, asked) is { } before ? before + whole : null;
        }

        if (_running.Count < slots) return TimeSpan.Zero;
        var ends = _running.Select(r => typical(r) is { } whole ? Left(r, whole) : (TimeSpan?)null).OfType<TimeSpan>().Order().ToList();
        var ahead = _queued.Count(r => r.Id < run.Id && Holder(r) is null);
        return ahead < ends.Count ? ends[ahead] : null;
    }

    private TimeSpan Left(Run run, TimeSpan whole)
    {
        var left = whole - (now - (run.StartedAt ?? now));
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
