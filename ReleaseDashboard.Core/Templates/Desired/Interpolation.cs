using System.Text.RegularExpressions;

namespace ReleaseDashboard.Core.Templates.Desired;

/// <summary><c>${NAME}</c> inside text. <c>$${NAME}</c> is the text <c>${NAME}</c> itself; <c>$NAME</c> is left to the shell.</summary>
internal static partial class Interpolation
{
    public static bool IsUsedIn(string text) => text.Contains("${", StringComparison.Ordinal);

    public static IEnumerable<string> Names(string text) => Reference().Matches(text).Where(m => !m.Value.StartsWith("$$", StringComparison.Ordinal)).Select(m => m.Groups[1].Value);

    /// <param name="find">Null for a name that does not exist, which then stays as it is written.</param>
    public static string Expand(string text, Func<string, string?> find) =>
        Reference().Replace(text, m => m.Value.StartsWith("$$", StringComparison.Ordinal) ? m.Value[1..] : find(m.Groups[1].Value) ?? m.Value);

    [GeneratedRegex(@"\$?\$\{([^{}$\s]+)\}")]
    private static partial Regex Reference();
}
