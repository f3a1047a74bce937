using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store;

internal static class DeploymentReads
{
    /// <summary>The records of the rows, stages included: one query for all of them.</summary>
    public static async Task<List<Deployment>> WithStagesAsync(this DashboardDb db, IReadOnlyList<DeploymentEntity> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(d => d.Id).ToList();
        var stages = await (
            from stage in db.DeploymentStages.AsNoTracking()
            join run in db.Runs.AsNoTracking() on stage.RunId equals run.Id
            where ids.Contains(stage.DeploymentId)
            orderby stage.DeploymentId, stage.Position
            select new { stage.DeploymentId, Stage = new DeploymentStage(run.Stage, run.Status, run.Id, run.QueuedAt, run.StartedAt, run.FinishedAt) })
            .ToListAsync(cancellationToken);
        var byDeployment = stages.ToLookup(s => s.DeploymentId, s => s.Stage);
        return [.. rows.Select(d => d.ToRecord(byDeployment[d.Id]))];
    }
}
