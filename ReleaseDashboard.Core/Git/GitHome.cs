using Microsoft.Extensions.Options;

namespace ReleaseDashboard.Core.Git;

/// <summary>Where the repositories lie, and the configuration file every git process reads instead of the machine's.</summary>
internal sealed class GitHome
{
    private readonly string _data;
    private readonly Lock _lock = new();
    private bool _written;

    public GitHome(IOptions<CoreOptions> options) => _data = Path.GetFullPath(options.Value.DataDirectory);

    public string Mirrors => Path.Combine(_data, "git");

    public string Hosted => Path.Combine(_data, "hosted");

    public string Mirror(string application) => Path.Combine(Mirrors, Folder(application));

    public string HostedRepository(string application) => Path.Combine(Hosted, Folder(application));

    /// <summary>Path of the configuration file, written anew once in the life of the process.</summary>
    public string ConfigurationFile()
    {
        var path = Path.Combine(Mirrors, "config");
        lock (_lock)
        {
            if (_written && File.Exists(path)) return path;
            Directory.CreateDirectory(Mirrors);
            var fresh = path + "." + Environment.ProcessId;
            File.WriteAllText(fresh, Configuration());
            File.Move(fresh, path, overwrite: true);
            _written = true;
            return path;
        }
    }

    /// <summary>
    /// Starts with the settings of the account the dashboard runs as (credential helpers, proxies), then takes back what would change the
    /// meaning of a repository. <c>safe.directory</c>: paths are given by the owner, and their account may be another.
    /// <c>pruneExpire = never</c>: a commit that runs stays readable after its branch was rewritten.
    /// </summary>
    private static string Configuration()
    {
        var home = Environment.GetEnvironmentVariable("HOME");
        var own = string.IsNullOrEmpty(home) ? "" : $"""
            [include]
                path = "{home.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}/.gitconfig"

            """;
        return own + """
            [safe]
                directory = *
            [protocol "ext"]
                allow = never
            [core]
                autocrlf = false
                hooksPath = /dev/null
                quotePath = false
            [http]
                lowSpeedLimit = 100
                lowSpeedTime = 60
                receivepack = true
            [gc]
                pruneExpire = never
                cruftPacks = true
                autoDetach = false
            [receive]
                fsckObjects = true
            [uploadpack]
                allowFilter = true
            [commit]
                gpgSign = false

            """;
    }

    private static string Folder(string application)
    {
        if (application.Length == 0 || application[0] is '.' or '-' || application.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            throw new GitException($"'{application}' cannot be the name of a repository.");
        return application + ".git";
    }
}
