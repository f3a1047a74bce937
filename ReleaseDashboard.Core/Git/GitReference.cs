namespace ReleaseDashboard.Core.Git;

/// <summary>Which texts may be given to git as a branch, a tag, a sha or a path; everything else is answered without asking it.</summary>
internal static class GitReference
{
    /// <summary>The rules of <c>git check-ref-format</c>, so that no revision expression (<c>main~3</c>, <c>main:file</c>) gets through as a name.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and < 250
        && name[0] is not ('-' or '/' or '.')
        && name[^1] is not ('/' or '.')
        && !name.Contains("..", StringComparison.Ordinal)
        && !name.Contains("//", StringComparison.Ordinal)
        && !name.Contains("/.", StringComparison.Ordinal)
        && !name.Contains("@{", StringComparison.Ordinal)
        && !name.EndsWith(".lock", StringComparison.Ordinal)
        && name.All(c => !char.IsControl(c) && c is not (' ' or '~' or '^' or ':' or '?' or '*' or '[' or '\\'));

    public static bool IsSha(string text) => text.Length is >= 4 and <= 64 && text.All(char.IsAsciiHexDigit);

    /// <summary>A path inside the repository in git's form, <c>""</c> for the root; null when it leaves the repository.</summary>
    public static string? Path(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").ToList();
        return parts.Contains("..") || path.Contains('\0', StringComparison.Ordinal) ? null : string.Join('/', parts);
    }
}
