using System.Text;
using System.Text.RegularExpressions;

namespace ReleaseDashboard.Core.Git;

/// <summary>
/// A <c>.dockerignore</c> file with Docker's own meaning (moby/patternmatcher): the last rule that matches a path or one of its
/// folders decides; <c>!</c> takes back; <c>**</c> is any number of folders; case counts.
/// </summary>
internal sealed class DockerIgnore
{
    public static readonly DockerIgnore Nothing = new([]);

    private readonly IReadOnlyList<(bool Keep, Regex Pattern)> _rules;

    private DockerIgnore(IReadOnlyList<(bool Keep, Regex Pattern)> rules) => _rules = rules;

    /// <exception cref="GitException">A pattern cannot be read; the message names the line.</exception>
    public static DockerIgnore Parse(string text)
    {
        var rules = new List<(bool, Regex)>();
        var number = 0;
        foreach (var line in text.TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            if (line.StartsWith('#')) continue;
            var pattern = line.Trim();
            if (pattern.Length == 0) continue;
            var keep = pattern[0] == '!';
            if (keep) pattern = pattern[1..].Trim();
            if (pattern.Length == 0) throw new GitException($".dockerignore, line {number}: '!' stands alone. Write the path to keep behind it.");
            try
            {
                rules.Add((keep, new Regex(ToRegex(Clean(pattern)), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)));
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                throw new GitException($".dockerignore, line {number}: the pattern '{pattern}' cannot be read. Check its brackets.");
            }
        }

        return new DockerIgnore(rules);
    }

    /// <param name="path">Relative to the context, with <c>/</c>, without leading or trailing one.</param>
    public bool Leaves(string path)
    {
        var ignored = false;
        foreach (var (keep, pattern) in _rules)
        {
            if (ignored != keep) continue;
            if (MatchesPathOrFolder(pattern, path)) ignored = !keep;
        }

        return ignored;
    }

    private static bool MatchesPathOrFolder(Regex pattern, string path)
    {
        if (pattern.IsMatch(path)) return true;
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (pattern.IsMatch(path.AsSpan(0, slash))) return true;
        }

        return false;
    }

    /// <summary>Go's <c>filepath.Clean</c>, and without the leading slash: <c>/foo/</c>, <c>./foo</c> and <c>foo</c> are the same.</summary>
    private static string Clean(string pattern)
    {
        var parts = new List<string>();
        foreach (var part in pattern.Split('/'))
        {
            if (part.Length == 0 || part == ".") continue;
            if (part == ".." && parts.Count > 0 && parts[^1] != "..") parts.RemoveAt(parts.Count - 1);
            else if (part != ".." || !pattern.StartsWith('/')) parts.Add(part);
        }

        return parts.Count == 0 ? "." : string.Join('/', parts);
    }

    private static string ToRegex(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            switch (c)
            {
                case '*' when i + 1 < pattern.Length && pattern[i + 1] == '*':
                    i++;
                    if (i + 1 < pattern.Length && pattern[i + 1] == '/') i++;
                    regex.Append(i + 1 == pattern.Length ? ".*" : "(.*/)?");
                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                case '\\':
                    regex.Append(Regex.Escape(i + 1 < pattern.Length ? pattern[++i].ToString() : "\\"));
                    break;
                case '[' or ']':
                    regex.Append(c);
                    break;
                case '^' or '-':
                    // Meaningful inside brackets only, where Go and .NET agree.
                    regex.Append(c);
                    break;
                default:
                    regex.Append(Regex.Escape(c.ToString()));
                    break;
            }
        }

        return regex.Append("\\z").ToString();
    }
}
