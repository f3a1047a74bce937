using System.Text;
using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Git;

/// <summary>
/// A repository address as a person typed it, checked before git sees it: http(s), ssh (also <c>user@host:path</c>), git, file and absolute paths.
/// Credentials in an http(s) address are taken out of it, so that they appear neither in a process list nor in a message.
/// </summary>
/// <param name="Fetch">What git is given.</param>
/// <param name="Shown">What people are shown: without credentials.</param>
/// <param name="BasicCredentials">Base64 of <c>user:password</c>, if the address had any.</param>
internal sealed partial record RepositoryAddress(string Fetch, string Shown, string? BasicCredentials)
{
    private static readonly string[] Schemes = ["http", "https", "ssh", "git", "file"];

    /// <exception cref="GitException">The address is of no kind that is allowed.</exception>
    public static RepositoryAddress Parse(string repository)
    {
        var text = repository.Trim();
        if (text.Length == 0) throw new GitException("The repository address is empty. Give a URL (https://…, ssh://…, git@host:path) or an absolute path.");
        if (text.StartsWith('-') || text.Contains("::", StringComparison.Ordinal) || text.Any(char.IsControl))
            throw NotAllowed(text);

        if (text.StartsWith('/')) return new RepositoryAddress(text, text, null);
        if (ScpLike().IsMatch(text)) return new RepositoryAddress(text, text, null);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || !Schemes.Contains(uri.Scheme) || !text.Contains("://", StringComparison.Ordinal))
            throw NotAllowed(text);
        if (uri.Host.StartsWith('-') || (uri.Scheme != "file" && uri.Host.Length == 0)) throw NotAllowed(text);
        return uri.UserInfo.Length == 0 ? new RepositoryAddress(text, text, null) : WithUser(text, uri);
    }

    /// <summary>The application as people may see it: its address without credentials. One that cannot be read is shown without what may be some.</summary>
    public static Application Hide(Application application)
    {
        if (application.Hosted) return application;
        try
        {
            return application with { Repository = Parse(application.Repository).Shown };
        }
        catch (GitException)
        {
            return application with { Repository = CredentialPart().Replace(application.Repository, "://") };
        }
    }

    /// <summary>The origin that the credentials may be sent to: <c>https://host:port/</c>.</summary>
    public string Origin => new Uri(Fetch).GetLeftPart(UriPartial.Authority) + "/";

    private static RepositoryAddress WithUser(string text, Uri uri)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = text.IndexOfAny(['/', '?', '#'], start) is var path and > 0 ? path : text.Length;
        // The last one: a password may hold another.
        var bare = text[..start] + text[(text.LastIndexOf('@', end - 1) + 1)..];
        if (uri.Scheme is not ("http" or "https"))
        {
            // A user name belongs to ssh; a password there is never used, and so never shown.
            var user = uri.UserInfo.Split(':', 2)[0];
            return new RepositoryAddress(text, bare.Replace("://", $"://{user}@", StringComparison.Ordinal), null);
        }

        var parts = uri.UserInfo.Split(':', 2);
        var clear = $"{Uri.UnescapeDataString(parts[0])}:{(parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "")}";
        return new RepositoryAddress(bare, bare, Convert.ToBase64String(Encoding.UTF8.GetBytes(clear)));
    }

    private static GitException NotAllowed(string text) => new(
        $"'{CredentialPart().Replace(text, "://")}' is not a repository address that can be used. Give a URL (https://…, ssh://…, git@host:path, git://…, file://…) or an absolute path.");

    [GeneratedRegex(@"^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)[A-Za-z0-9][A-Za-z0-9.-]*:[^:/-][^:]*$")]
    private static partial Regex ScpLike();

    [GeneratedRegex(@"://[^/\s]*@")]
    private static partial Regex CredentialPart();
}
