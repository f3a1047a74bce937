namespace ReleaseDashboard.Components;

/// <summary>Addresses of the pages.</summary>
internal static class Links
{
    public static string Application(string name) => $"/applications/{Uri.EscapeDataString(name)}";
    public static string Environment(string id) => $"/environments/{Uri.EscapeDataString(id)}";

    /// <summary>What a service (<c>web</c>) or one of its instances (<c>web/</c> and its id) prints.</summary>
    public static string Output(string environment, string output) => $"{Environment(environment)}?tab=logs&output={Uri.EscapeDataString(output)}";
    public static string Deployment(long id) => $"/deployments/{id}";
    public static string Build(long id) => $"/builds/{id}";

    /// <summary>Where a run is shown: its build, or its deployment.</summary>
    public static string Run(Core.Model.Run run) =>
        run.DeploymentId is { } deployment ? Deployment(deployment) : run.BuildId is { } build ? Build(build) : "/queue";
}
