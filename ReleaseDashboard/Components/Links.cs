namespace ReleaseDashboard.Components;

/// <summary>Addresses of the pages.</summary>
internal static class Links
{
    public static string Application(string name) => $"/applications/{Uri.EscapeDataString(name)}";
    public static string Environment(string id) => $"/environments/{Uri.EscapeDataString(id)}";
    public static string Deployment(long id) => $"/deployments/{id}";
    public static string Build(long id) => $"/builds/{id}";

    /// <summary>Where a run is shown: its build, or its deployment.</summary>
    public static string Run(Core.Model.Run run) =>
        run.DeploymentId is { } deployment ? Deployment(deployment) : run.BuildId is { } build ? Build(build) : "/queue";
}
