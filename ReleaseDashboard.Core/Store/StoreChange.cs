using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store;

internal enum StoreSubject
{
    Queue,
    Applications,
    Environments,
    Activity,
    Application,
    Environment,
    Deployment,
    Build,
    Run,
}

/// <summary>Something readers may be looking at was committed.</summary>
internal readonly record struct StoreChange(StoreSubject Subject, string Id = "")
{
    public static IReadOnlyCollection<StoreChange> Of(IReadOnlyCollection<object> entities)
    {
        var changes = new HashSet<StoreChange>();
        foreach (var entity in entities) changes.UnionWith(Of(entity));
        return changes;
    }

    private static IEnumerable<StoreChange> Of(object entity)
    {
        switch (entity)
        {
            case StoreChange change:
                return [change];
            case ApplicationEntity application:
                return [new(StoreSubject.Applications), new(StoreSubject.Application, application.Name)];
            case ConfigurationEntity { Environment: { } environment }:
                return [new(StoreSubject.Environment, environment)];
            case ConfigurationEntity configuration:
                return [new(StoreSubject.Application, configuration.Application)];
            case EnvironmentEntity environment:
                return [new(StoreSubject.Environments), new(StoreSubject.Environment, environment.Id), new(StoreSubject.Application, environment.Application)];
            case AppliedEntity applied:
                return [new(StoreSubject.Environment, applied.Environment)];
            case BuildEntity build:
                return [new(StoreSubject.Build, build.Id.ToString()), new(StoreSubject.Application, build.Application)];
            case BuildProgressEntity progress:
                return [new(StoreSubject.Build, progress.BuildId.ToString())];
            case RunEntity run:
                return OfRun(run);
            case RunStepsEntity steps:
                return [new(StoreSubject.Run, steps.RunId.ToString())];
            case DeploymentEntity deployment:
                return
                [
                    new(StoreSubject.Deployment, deployment.Id.ToString()), new(StoreSubject.Environment, deployment.Environment),
                    new(StoreSubject.Environments), new(StoreSubject.Application, deployment.Application),
                ];
            case ActivityEntity:
                return [new(StoreSubject.Activity)];
            default:
                return [];
        }
    }

    private static IEnumerable<StoreChange> OfRun(RunEntity run)
    {
        yield return new(StoreSubject.Queue);
        yield return new(StoreSubject.Run, run.Id.ToString());
        if (run.Environment is { } environment) yield return new(StoreSubject.Environment, environment);
        if (run.DeploymentId is { } deployment) yield return new(StoreSubject.Deployment, deployment.ToString());
        if (run.BuildId is { } build && run.Stage == Model.Stage.Build) yield return new(StoreSubject.Build, build.ToString());
    }
}

/// <summary>Told after every commit; must return at once. The store knows no other room: what listens is registered by those that do.</summary>
internal interface IStoreListener
{
    void Changed(IReadOnlyCollection<StoreChange> changes);
}

/// <summary>Encrypts what must not be readable in the database file; registered by a room that knows the vault.</summary>
internal interface ITextProtection
{
    string Protect(string clear);

    string Unprotect(string secret);
}
