using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Store;

/// <summary>Whose the logs of runs are.</summary>
public interface ILogOwners
{
    /// <summary>By the run's id, all there ever were.</summary>
    Task<IReadOnlyDictionary<long, LogOwner>> ListAsync(CancellationToken cancellationToken);
}

/// <param name="Environment">Null for a build.</param>
/// <param name="Over">The run will write no more.</param>
public sealed record LogOwner(string Application, string? Environment, Stage Stage, bool Over);

internal sealed class LogOwners(IDbContextFactory<DashboardDb> contexts) : ILogOwners
{
    public async Task<IReadOnlyDictionary<long, LogOwner>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Runs.Select(r => new { r.Id, r.Application, r.Environment, r.Stage, r.Status }).ToListAsync(cancellationToken);
        return rows.ToDictionary(r => r.Id, r => new LogOwner(r.Application, r.Environment, r.Stage, r.Status.IsFinal()));
    }
}
