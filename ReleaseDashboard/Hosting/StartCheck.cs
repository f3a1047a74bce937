using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.RegularExpressions;
using ReleaseDashboard.Core;

namespace ReleaseDashboard.Hosting;

/// <summary>Looks at every setting before anything starts, and lists all that is wrong at once.</summary>
internal static partial class StartCheck
{
    public const int WrongSettings = 2;

    public static int Refuse(IReadOnlyList<string> problems)
    {
        Console.Error.WriteLine(problems.Count == 1
            ? "The dashboard cannot start because one setting is wrong:"
            : $"The dashboard cannot start because {problems.Count} settings are wrong:");
        foreach (var problem in problems) Console.Error.WriteLine($"  - {problem}");
        Console.Error.WriteLine("Every setting is listed in appsettings.sample.json.");
        return WrongSettings;
    }

    public static IReadOnlyList<string> Problems(IConfiguration configuration)
    {
        var section = configuration.GetSection(CoreOptions.Section);
        List<(string Path, string Problem)> unreadable = [.. Unreadable(section, typeof(CoreOptions))];
        var options = Bind(section, [.. unreadable.Select(u => u.Path)]);
        return
        [
            .. Urls(configuration), .. unreadable.Select(u => u.Problem),
            .. Numbers(options), .. Words(options), .. DataDirectory(options.DataDirectory), .. Ports(configuration),
        ];
    }

    /// <summary>The settings without those that cannot be read, which keep their default: the binder would end at the first.</summary>
    private static CoreOptions Bind(IConfigurationSection section, IReadOnlyCollection<string> without)
    {
        var readable = section.AsEnumerable(makePathsRelative: true).Where(s => s.Value is not null && !without.Contains(s.Key, StringComparer.OrdinalIgnoreCase));
        return new ConfigurationBuilder().AddInMemoryCollection(readable).Build().Get<CoreOptions>() ?? new CoreOptions();
    }

    public static string PortTaken(string url) =>
        $"ASPNETCORE_URLS is \"{url}\", but another program already listens there. Stop it, or choose another port.";

    private static IEnumerable<string> Urls(IConfiguration configuration) =>
        from url in ListenUrls.Read(configuration)
        where !ListenUrls.TryParse(url, out _)
        select $"ASPNETCORE_URLS is \"{url}\"; it must be an address such as {ListenUrls.Default} (several are separated by ;).";

    /// <summary>Values that are not of the setting's type, by their path below the section.</summary>
    private static IEnumerable<(string Path, string Problem)> Unreadable(IConfigurationSection section, Type type, string? within = null)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var child = section.GetSection(property.Name);
            var path = within is null ? property.Name : $"{within}:{property.Name}";
            if (property.PropertyType is { IsClass: true } nested && nested != typeof(string))
            {
                foreach (var problem in Unreadable(child, nested, path)) yield return problem;
            }
            else if (child.Value is { } value && property.PropertyType != typeof(string) && !TypeDescriptor.GetConverter(property.PropertyType).IsValid(value))
            {
                yield return (path, $"{CoreOptions.Section}__{path.Replace(":", "__", StringComparison.Ordinal)} is \"{value}\"; it must be {(property.PropertyType == typeof(bool) ? "true or false" : "a whole number")}.");
            }
        }
    }

    private static IEnumerable<string> Numbers(CoreOptions options)
    {
        (string Key, int Value, int Low, int High)[] ranges =
        [
            (nameof(options.MaxConcurrentRuns), options.MaxConcurrentRuns, 1, 64),
            (nameof(options.GitPollSeconds), options.GitPollSeconds, 5, 3600),
            (nameof(options.EphemeralDays), options.EphemeralDays, 1, 365),
            (nameof(options.MinimumFreeMegabytes), options.MinimumFreeMegabytes, 0, 1_000_000),
            (nameof(options.DrainSeconds), options.DrainSeconds, 0, 600),
            ($"Logs__{nameof(LogOptions.MaxMegabytesPerRun)}", options.Logs.MaxMegabytesPerRun, 1, 100_000),
            ($"Logs__{nameof(LogOptions.MaxMegabytesPerInstance)}", options.Logs.MaxMegabytesPerInstance, 1, 100_000),
            ($"Logs__{nameof(LogOptions.RetentionDays)}", options.Logs.RetentionDays, 1, 3650),
            ($"Logs__{nameof(LogOptions.MaxMegabytesPerEnvironment)}", options.Logs.MaxMegabytesPerEnvironment, 1, 1_000_000),
        ];
        return from range in ranges
               where range.Value < range.Low || range.Value > range.High
               select $"Release__{range.Key} is {range.Value}; it must be from {range.Low} to {range.High}.";
    }

    private static IEnumerable<string> Words(CoreOptions options)
    {
        if (!DomainName().IsMatch(options.Domain) || IPAddress.TryParse(options.Domain, out _))
            yield return $"Release__Domain is \"{options.Domain}\"; it must be a domain name such as apps.localhost, without scheme and port.";
        if (options.Engine is not ("docker" or "fake"))
            yield return $"Release__Engine is \"{options.Engine}\"; it must be docker or fake.";
        if (options.Docker.Endpoint is { Length: > 0 } endpoint && !IsDockerEndpoint(endpoint))
            yield return $"Release__Docker__Endpoint is \"{endpoint}\"; it must look like unix:///var/run/docker.sock or tcp://host:2375.";
        if (options.Auth.BootstrapToken is { Length: > 0 and < 16 })
            yield return "Release__Auth__BootstrapToken is too short; it must have at least 16 characters, for example from: openssl rand -hex 24.";
        if (options.SamplesDirectory is { Length: > 0 } samples && !Directory.Exists(samples))
            yield return $"Release__SamplesDirectory is \"{samples}\"; there is no such directory.";
    }

    /// <summary>The server would find out too, but late and with a stack trace.</summary>
    private static IEnumerable<string> Ports(IConfiguration configuration)
    {
        foreach (var url in ListenUrls.Read(configuration))
        {
            if (!ListenUrls.TryParse(url, out var address) || address.Port == 0) continue;
            var host = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? ip : address.Host == "localhost" ? IPAddress.Loopback : IPAddress.Any;
            var taken = false;
            using var listener = new TcpListener(host, address.Port);
            try
            {
                listener.Start();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                taken = true;
            }
            catch (SocketException)
            {
                // A low port without the right to it, an address of another machine: the server's own message is exact.
            }

            if (taken) yield return PortTaken(url);
        }
    }

    private static bool IsDockerEndpoint(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "unix" or "npipe" or "tcp" or "http" or "https";

    private static IEnumerable<string> DataDirectory(string path)
    {
        if (string.IsNullOrWhiteSpace(path)) return ["Release__DataDirectory is empty; it must name a directory the dashboard may write to."];
        try
        {
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $".write-test-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return [$"Release__DataDirectory is \"{path}\", which cannot be written to: {e.Message}"];
        }
    }

    [GeneratedRegex(@"^(?=.{1,200}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$", RegexOptions.IgnoreCase)]
    private static partial Regex DomainName();
}
