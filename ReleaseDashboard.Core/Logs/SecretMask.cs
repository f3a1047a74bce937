using System.Buffers;
using System.Text;

namespace ReleaseDashboard.Core.Logs;

/// <summary>Replaces secrets by <c>***</c> before a line reaches the file. Thread-safe; time grows with the text, not with the number of secrets.</summary>
internal sealed class SecretMask
{
    private const string Mask = "***";
    private readonly SearchValues<string>? _forms;
    private readonly string[] _longestFirst;

    public SecretMask(IEnumerable<string> secrets)
    {
        _longestFirst = [.. secrets.SelectMany(SecretForms.Of).Distinct().OrderByDescending(f => f.Length)];
        if (_longestFirst.Length > 0) _forms = SearchValues.Create(_longestFirst, StringComparison.Ordinal);
    }

    public string Apply(string text)
    {
        if (_forms is null) return text;
        var rest = text.AsSpan();
        var hit = rest.IndexOfAny(_forms);
        if (hit < 0) return text;

        var result = new StringBuilder(text.Length);
        while (hit >= 0)
        {
            result.Append(rest[..hit]);
            var length = Reach(rest[hit..]);
            // A secret of several lines stays as many lines: a resumed run counts them.
            var breaks = rest.Slice(hit, length).Count('\n');
            result.Append(Mask);
            for (var i = 0; i < breaks; i++) result.Append('\n').Append(Mask);
            rest = rest[(hit + length)..];
            hit = rest.IndexOfAny(_forms);
        }
        return result.Append(rest).ToString();
    }

    /// <summary>Length of the secret the text starts with, and of those that begin inside of it and reach beyond.</summary>
    private int Reach(ReadOnlySpan<char> text)
    {
        var length = LengthAt(text);
        for (var at = 1; at < length; at++) length = Math.Max(length, at + LengthAt(text[at..]));
        return length;
    }

    private int LengthAt(ReadOnlySpan<char> text)
    {
        foreach (var form in _longestFirst)
        {
            if (text.StartsWith(form, StringComparison.Ordinal)) return form.Length;
        }
        return 0;
    }
}
