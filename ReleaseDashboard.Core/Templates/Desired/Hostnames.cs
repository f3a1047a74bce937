using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates.Desired;

/// <summary>The hostnames of an environment: those the template writes, and one for every other service with a <c>node_port</c>.</summary>
internal static partial class Hostnames
{
    private const int MaximumLabel = 63;
    private const int MaximumLength = 253;

    /// <summary>The domain of the configuration wins over the dashboard's own.</summary>
    public static string Domain(DesiredInput input) => (input.Template.Domain ?? input.Domain).ToLowerInvariant();

    public static IReadOnlyList<DesiredRoute> Routes(DesiredInput input, Action<string, string> error)
    {
        var routes = new List<DesiredRoute>();
        foreach (var service in input.Template.Services)
        {
            if (service.Ports.FirstOrDefault(p => p.Public) is not { } port) continue;
            var written = input.Template.Hostnames.Where(h => h.Service == service.Name).ToList();
            var hostnames = written.Count == 0 ? [Generated(service.Name, input)] : written.Select(h => Written(h, input, error)).OfType<string>();
            foreach (var hostname in hostnames)
            {
                if (routes.FirstOrDefault(r => r.Hostname == hostname) is { } taken)
                    error($"hostnames.{service.Name}", $"The hostname {hostname} is used by the services {taken.Service} and {service.Name}. Each service needs its own.");
                else
                    routes.Add(new DesiredRoute(hostname, service.Name, port.TargetPort));
            }
        }
        return routes;
    }

    /// <summary><c>web-shop-ted1bc4.apps.localhost</c>; too long a label ends in a hash instead.</summary>
    private static string Generated(string service, DesiredInput input)
    {
        var label = NotLabel().Replace($"{service}-{input.Scope.Application}-{input.Scope.Environment}".ToLowerInvariant(), "-").Trim('-');
        if (label.Length > MaximumLabel)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(label)))[..8];
            label = $"{label[..(MaximumLabel - 9)].TrimEnd('-')}-{hash}";
        }
        return $"{label}.{Domain(input)}";
    }

    private static string? Written(HostnameTemplate hostname, DesiredInput input, Action<string, string> error)
    {
        var path = $"hostnames.{hostname.Service}";
        var values = new Dictionary<string, string>
        {
            ["env_id"] = input.Scope.Environment,
            ["domain"] = Domain(input),
            ["app"] = input.Scope.Application,
            ["RELEASE_ENV_ID"] = input.Scope.Environment,
            ["RELEASE_DOMAIN"] = Domain(input),
            ["RELEASE_APP_NAME"] = input.Scope.Application,
        };
        var missing = Interpolation.Names(hostname.Template).Where(n => !values.ContainsKey(n)).Distinct().ToList();
        if (missing.Count > 0)
        {
            error(path, $"The hostname {hostname.Template} uses {string.Join(", ", missing.Select(m => $"${{{m}}}"))}; it may use ${{env_id}}, ${{domain}} and ${{app}}.");
            return null;
        }

        var result = Interpolation.Expand(hostname.Template, values.GetValueOrDefault).ToLowerInvariant();
        if (result.Length <= MaximumLength && result.Split('.').All(l => l.Length <= MaximumLabel && Label().IsMatch(l)))
        {
            if (result.EndsWith($".{Domain(input)}", StringComparison.Ordinal)) return result;
            error(path, $"The hostname {result} is not below the domain {Domain(input)}, which environments of this configuration are reached under. End it with .${{domain}}.");
            return null;
        }

        error(path, $"{result} is not a hostname: each part between dots has 1 to {MaximumLabel} letters, digits and \"-\", and begins and ends with a letter or digit.");
        return null;
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    private static partial Regex Label();

    [GeneratedRegex("[^a-z0-9-]+")]
    private static partial Regex NotLabel();
}
