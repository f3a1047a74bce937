using System.Text;
using System.Text.Encodings.Web;

namespace ReleaseDashboard.Core.Logs.Writing;

/// <summary>The shapes in which programs print a secret.</summary>
internal static class SecretForms
{
    /// <summary>Shorter secrets would mask half of every log.</summary>
    private const int MinimumLength = 4;

    /// <summary>Shorter lines of a secret with many (a brace, "end:") are no secret of their own.</summary>
    public const int MinimumLineLength = 6;

    /// <summary>Where tools break base64: <c>base64</c> of the GNU tools and of OpenSSL.</summary>
    private static readonly int[] Columns = [76, 64];

    /// <summary>A shorter rest of broken base64 is left: it would be found in other text.</summary>
    private const int MinimumPiece = 12;

    /// <summary>None of them has a line feed: output is looked at line by line.</summary>
    public static IEnumerable<string> Of(string secret)
    {
        var trimmed = secret.Trim();
        if (trimmed.Length < MinimumLength) return [];
        return new[] { secret, trimmed, secret.TrimEnd() + "\n" }.Distinct().SelectMany(Encoded)
            .Concat(Lines(secret).Where(l => l.Length >= MinimumLineLength).SelectMany(Encoded))
            .Where(f => f.Length >= MinimumLength && !f.Contains('\n') && !f.Contains('\r'))
            .Distinct();
    }

    /// <summary>Lines of a secret that has several, without the space around them; none of one that has one.</summary>
    public static IReadOnlyList<string> Lines(string secret)
    {
        var trimmed = secret.Trim();
        return trimmed.Contains('\n') ? [.. trimmed.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)] : [];
    }

    private static IEnumerable<string> Encoded(string text)
    {
        yield return text;
        foreach (var form in Base64(Encoding.UTF8.GetBytes(text))) yield return form;

        var url = Uri.EscapeDataString(text);
        yield return url;
        yield return LowerHex(url);
        yield return url.Replace("%20", "+");
        // What encodeURIComponent leaves as it is.
        yield return url.Replace("%21", "!").Replace("%27", "'").Replace("%28", "(").Replace("%29", ")").Replace("%2A", "*");

        var json = JavaScriptEncoder.Default.Encode(text);
        yield return json;
        yield return LowerUnicode(json);
        var relaxed = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
        yield return relaxed;
        yield return relaxed.Replace("/", "\\/");
        yield return string.Concat(relaxed.Select(c => char.IsAscii(c) ? c.ToString() : $"\\u{(int)c:x4}"));
    }

    /// <summary>Alone, and inside of other text (<c>user:password</c>) at each of the three places a group of three bytes can start.</summary>
    private static IEnumerable<string> Base64(byte[] secret)
    {
        var whole = Convert.ToBase64String(secret).TrimEnd('=');
        yield return whole;
        yield return UrlAlphabet(whole);
        foreach (var piece in Columns.Where(c => whole.Length > c).SelectMany(whole.Chunk).Where(p => p.Length >= MinimumPiece)) yield return new string(piece);
        if (secret.Length < 6) yield break;
        for (var before = 0; before < 3; before++)
        {
            // Characters that also carry bits of a neighbour differ from case to case: only those of the secret alone are looked for.
            var text = Convert.ToBase64String([.. new byte[before], .. secret]).TrimEnd('=');
            var from = before == 0 ? 0 : before + 1;
            var to = (before + secret.Length) * 8 / 6;
            yield return text[from..to];
            yield return UrlAlphabet(text[from..to]);
        }
    }

    private static string UrlAlphabet(string base64) => base64.Replace('+', '-').Replace('/', '_');

    private static string LowerHex(string url) => Lower(url, "%", 2);

    private static string LowerUnicode(string json) => Lower(json, "\\u", 4);

    private static string Lower(string text, string mark, int digits)
    {
        var result = new StringBuilder(text);
        for (var i = text.IndexOf(mark, StringComparison.Ordinal); i >= 0; i = text.IndexOf(mark, i + 1, StringComparison.Ordinal))
        {
            for (var d = i + mark.Length; d < Math.Min(text.Length, i + mark.Length + digits); d++) result[d] = char.ToLowerInvariant(result[d]);
        }
        return result.ToString();
    }
}
