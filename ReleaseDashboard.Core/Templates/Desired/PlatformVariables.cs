using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates.Desired;

/// <summary>The variables that every instance and job is given.</summary>
internal static class PlatformVariables
{
    private static readonly string[] OfTheCommit = ["RELEASE_COMMIT_SHA", "RELEASE_COMMIT_SHORT", "RELEASE_BUILD_ID", "RELEASE_BRANCH_NAME"];

    public static IReadOnlyDictionary<string, string> For(DesiredInput input, IReadOnlyList<DesiredRoute> routes)
    {
        var commit = input.Scope.Commit;
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["RELEASE_ACCOUNT_ID"] = "1",
            ["RELEASE_APP_NAME"] = input.Scope.Application,
            ["RELEASE_ENV_ID"] = input.Scope.Environment,
            ["RELEASE_ENV_TYPE"] = input.Kind.Word(),
            ["RELEASE_BRANCH_NAME"] = input.Branch,
            ["RELEASE_BUILD_ID"] = input.BuildId.ToString(),
            ["RELEASE_CLOUD_PROVIDER"] = "local",
            ["RELEASE_CLUSTER_REGION"] = "local",
            ["RELEASE_COMMIT_SHA"] = commit,
            ["RELEASE_COMMIT_SHORT"] = commit.Length > 7 ? commit[..7] : commit,
            ["RELEASE_CONTEXT"] = "local",
            ["RELEASE_DOMAIN"] = Hostnames.Domain(input),
            ["RELEASE_REGISTRY_PATH"] = $"release/{input.Scope.Application}",
        };
        foreach (var route in routes)
        {
            // With several hostnames the first one is the service's address.
            variables.TryAdd($"{Prefix(route.Service)}_INGRESS_HOST", route.Hostname);
            variables.TryAdd($"{Prefix(route.Service)}_INGRESS_URL", $"{input.Scheme}://{route.Hostname}{(input.PublicUrlPort is { } port ? $":{port}" : "")}");
        }
        foreach (var service in input.Template.Services.Where(s => s.HasRepo))
        {
            var name = BuildSpecs.ImageName(service, input.Scope.Application);
            if (input.Images.FirstOrDefault(i => i.Name == name) is { } image) variables[Prefix(service.Name) + PlatformNames.ImageShaSuffix] = image.Digest;
        }
        return variables;
    }

    /// <summary>True for what differs with every commit or build.</summary>
    public static bool ChangesWithCommit(string name) => OfTheCommit.Contains(name) || name.EndsWith(PlatformNames.ImageShaSuffix, StringComparison.Ordinal);

    private static string Prefix(string service) => service.ToUpperInvariant().Replace('-', '_');
}
