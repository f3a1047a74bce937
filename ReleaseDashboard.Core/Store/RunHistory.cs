using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Store;

/// <summary>What a run did, and the runs before it: what questions about its log need to know.</summary>
public interface IRunHistory
{
    /// <summary>The steps as they were last recorded; empty before the first.</summary>
    Task<IReadOnlyList<RunStep>> ReadStepsAsync(long run, CancellationToken cancellationToken);

    /// <summary>
    /// The newest run before this one of the same stage that succeeded, in the same environment. For a build: of the same application and branch, else of its tracking branch.
    /// </summary>
    Task<Run?> FindGreenBeforeAsync(Run run, CancellationToken cancellationToken);
}

internal sealed class RunHistory(IDbContextFactory<DashboardDb> contexts, IJournalStore journal) : IRunHistory
{
    public Task<IReadOnlyList<RunStep>> ReadStepsAsync(long run, CancellationToken cancellationToken) => journal.ReadStepsAsync(run, cancellationToken);

    public async Task<Run?> FindGreenBeforeAsync(Run run, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var green = db.Runs.AsNoTracking().Where(r => r.Id < run.Id && r.Stage == run.Stage && r.Status == RunStatus.Succeeded && r.Application == run.Application);
        if (run.Stage != Stage.Build)
        {
            return (await green.Where(r => r.Environment == run.Environment && r.Workflow == run.Workflow).OrderByDescending(r => r.Id).FirstOrDefaultAsync(cancellationToken))?.ToRecord();
        }
        var own = await db.Builds.Where(b => b.Id == run.BuildId).Select(b => b.Branch).FirstOrDefaultAsync(cancellationToken);
        var tracking = await db.Applications.Where(a => a.Name == run.Application).Select(a => a.TrackingBranch).FirstOrDefaultAsync(cancellationToken);
        foreach (var branch in new[] { own, tracking }.OfType<string>().Distinct())
        {
            var found = await (from r in green join b in db.Builds on r.BuildId equals b.Id where b.Branch == branch orderby r.Id descending select r).FirstOrDefaultAsync(cancellationToken);
            if (found is not null) return found.ToRecord();
        }
        return null;
    }
}
