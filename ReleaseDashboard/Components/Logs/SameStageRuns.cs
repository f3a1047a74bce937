using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Logs;

/// <summary>A run that another can be compared with.</summary>
/// <param name="Label">What it is called in a menu.</param>
public sealed record SameStageRun(string Id, string Label);

/// <summary>The runs a log is worth comparing with: of the same stage of the same environment, or builds of the same application.</summary>
internal static class SameStageRuns
{
    private const int Most = 20;

    public static async Task<IReadOnlyList<SameStageRun>> FindAsync(IDashboardViews views, long runId, CancellationToken cancellationToken)
    {
        if (await views.RunAsync(runId, cancellationToken) is not { Run: var run }) return [];
        var page = new PageRequest(Limit: 50);
        var others = run.Environment is null
            ? (await views.BuildsAsync(run.Application, page, cancellationToken)).Items.Select(b => Label(b.RunId, b.Status, b.Commit, b.CreatedAt))
            : (await views.DeploymentsAsync(run.Application, run.Environment, page, cancellationToken)).Items
                .SelectMany(d => d.Stages.Where(s => s.Stage == run.Stage).Select(s => Label(s.RunId, s.Status, d.Commit, s.QueuedAt)));
        return [.. others.Where(r => r.Id != runId.ToString()).DistinctBy(r => r.Id).Take(Most)];
    }

    private static SameStageRun Label(long run, RunStatus status, string? commit, DateTimeOffset at) =>
        new(run.ToString(), $"run {run}, {status.Word()}{(commit is { Length: >= 7 } ? $", {commit[..7]}" : "")}, {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
}
