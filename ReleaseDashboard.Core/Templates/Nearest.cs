namespace ReleaseDashboard.Core.Templates;

/// <summary>Finds what somebody meant.</summary>
internal static class Nearest
{
    /// <summary>The candidate with the smallest edit distance, when it is near enough to be meant; null otherwise.</summary>
    public static string? To(string written, IEnumerable<string> candidates)
    {
        if (written.Length > 100) return null;
        var limit = Math.Max(2, written.Length / 3);
        var best = candidates
            .Select(c => (Candidate: c, Distance: Distance(written.ToLowerInvariant(), c.ToLowerInvariant())))
            .Where(c => c.Distance <= limit && c.Distance < Math.Max(written.Length, c.Candidate.Length))
            .OrderBy(c => c.Distance)
            .ThenBy(c => c.Candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Candidate;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one into the other.</summary>
    public static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[a.Length, b.Length];
    }
}
