using System.Text.RegularExpressions;

namespace ReleaseDashboard.Core.Git;

/// <summary>Turns what git prints into a sentence that says what happened and what to do.</summary>
internal static partial class GitFailure
{
    /// <param name="shown">The address without credentials.</param>
    /// <param name="error">Standard error of git, in English (<c>LC_ALL=C</c>).</param>
    public static GitException OfRemote(string shown, string error)
    {
        if (Has(error, "could not read Username", "could not read Password", "Authentication failed", "Permission denied (", "The requested URL returned error: 401", "The requested URL returned error: 403", "invalid credentials"))
            return new($"The repository {shown} refused the sign-in. If it is private, put a token into its address (https://user:token@host/…) or give this machine an SSH key that may read it.");
        if (Has(error, "Could not resolve host", "Name or service not known", "Temporary failure in name resolution", "unable to look up"))
            return new($"The host of {shown} is not known on this network. Check the address for a typing error, and the name resolution of this machine.");
        if (Has(error, "Failed to connect", "Connection refused", "Connection timed out", "Could not connect", "unable to connect", "No route to host", "Network is unreachable", "Operation timed out", "Connection reset"))
            return new($"The host of {shown} does not answer. Check the address and the port, and that this machine may reach it.");
        if (Has(error, "Host key verification failed"))
            return new($"The host key of {shown} is not the one this machine knows. Check that the host is the right one, then update known_hosts.");
        if (Has(error, "SSL certificate", "certificate verify failed", "server certificate"))
            return new($"The certificate of {shown} is not trusted by this machine. Install the authority that signed it.");
        if (Has(error, "couldn't find remote ref", "Remote branch"))
            return new($"{shown} has no branch or tag of that name. Check the name; it is case-sensitive.");
        if (Has(error, "does not exist", "not found", "does not appear to be a git repository", "not a git repository", "No such file or directory", "Could not read from remote repository"))
            return new($"The repository {shown} does not exist, or may not be read. Check the address for a typing error.");
        if (Has(error, "Too slow", "Operation too slow", "RPC failed", "early EOF", "hung up unexpectedly"))
            return new($"The connection to {shown} broke while the repository was being read. It will work again once the network does; try again.");
        if (Has(error, "No space left on device"))
            return new($"The disk of the data directory is full, so {shown} could not be fetched. Free some space and try again.");
        return new($"{shown} could not be read: {Reason(error)}");
    }

    /// <summary>The line of git's output that says why, without prefix and credentials.</summary>
    public static string Reason(string error)
    {
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = lines.FirstOrDefault(l => l.StartsWith("fatal:", StringComparison.Ordinal) || l.StartsWith("error:", StringComparison.Ordinal)) ?? lines.LastOrDefault();
        if (line is null) return "git said nothing.";
        line = Credentials().Replace(Prefix().Replace(line, ""), "://");
        return line.Length > 300 ? line[..300] + "…" : line;
    }

    private static bool Has(string error, params string[] parts) => parts.Any(p => error.Contains(p, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("^(fatal|error|remote): ")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"://[^/\s]*@")]
    private static partial Regex Credentials();
}
