using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store;

/// <summary>Rows to records. No entity leaves the store and the commands.</summary>
internal static class Mapping
{
    /// <summary>In front of what is encrypted. No address begins like it, so that rows written before addresses were encrypted can be read.</summary>
    private const string Sealed = "sealed:";

    /// <summary>With the full address, which may hold credentials: for git and for runs. What people see goes through the views and the commands.</summary>
    public static Application ToRecord(this ApplicationEntity a, ITextProtection protection) => new(
        a.Name, a.Repository.StartsWith(Sealed, StringComparison.Ordinal) ? protection.Unprotect(a.Repository[Sealed.Length..]) : a.Repository,
        a.Hosted, a.TrackingBranch, a.Version, a.CreatedAt);

    public static string SealAddress(this ITextProtection protection, string address) => Sealed + protection.Protect(address);

    public static ReleaseEnvironment ToRecord(this EnvironmentEntity e) => new(
        e.Id, e.Application, e.Kind, e.Branch, e.FollowsTag, e.Phase, e.Health, e.Sync,
        e.Drift == StoredJson.EmptyList ? [] : StoredJson.Read<List<DriftItem>>(e.Drift),
        e.SetupSucceeded, e.SavedVersion(), e.AppliedVersion(), e.Commit, e.BuildId, e.CreatedAt, e.ExpiresAt, e.RemovedAt);

    public static ConfigurationVersion SavedVersion(this EnvironmentEntity e) => new(e.SavedDefault, e.SavedSpecific);

    public static ConfigurationVersion? AppliedVersion(this EnvironmentEntity e) =>
        e is { AppliedDefault: { } major, AppliedSpecific: { } minor } ? new(major, minor) : null;

    public static SavedConfiguration ToRecord(this ConfigurationEntity c, ITextProtection protection) => new(
        c.Application, c.Environment, new(c.Default, c.Specific), new(c.Template, protection.Unprotect(c.Variables)), c.SavedAt, c.SavedBy);

    public static Build ToRecord(this BuildEntity b) => new(
        b.Id, b.Application, b.Commit, b.Branch, b.Author, b.Message, b.SpecHash, b.Status, b.Trigger, b.Actor, b.RunId,
        b.Images == StoredJson.EmptyList ? [] : StoredJson.Read<List<BuildImage>>(b.Images),
        b.CreatedAt, b.StartedAt, b.FinishedAt, StoredJson.Failure(b.Failure));

    public static GitCommit Committed(this BuildEntity b) => new(b.Commit, b.Author, b.Message, b.CommittedAt);

    public static Run ToRecord(this RunEntity r) => new(
        r.Id, r.Stage, r.Application, r.Environment, r.DeploymentId, r.BuildId, r.Commit, r.Workflow, r.Status, r.Attempt, r.LockKey, r.AfterRunId,
        r.Trigger, r.Actor, r.QueuedAt, r.StartedAt, r.FinishedAt, r.CancelRequestedAt is not null, r.Waiting,
        StoredJson.Failure(r.Failure), r.Receipt is null ? null : StoredJson.Read<Receipt>(r.Receipt));

    public static Deployment ToRecord(this DeploymentEntity d, IEnumerable<DeploymentStage> stages) => new(
        d.Id, d.Environment, d.Application, d.Status, d.Trigger, d.Actor, d.Commit, d.BuildId, d.CreatedAt, d.FinishedAt, [.. stages], StoredJson.Failure(d.Failure));

    public static DeploymentStage ToStage(this RunEntity r) => new(r.Stage, r.Status, r.Id, r.QueuedAt, r.StartedAt, r.FinishedAt);
}
