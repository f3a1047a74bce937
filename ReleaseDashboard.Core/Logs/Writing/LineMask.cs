using System.Buffers;
using System.Text;

namespace ReleaseDashboard.Core.Logs.Writing;

/// <summary>
/// Masks whole lines of one task. Remembers from call to call where in a secret of several lines the output stands, so that its short lines, which are no
/// secret on their own, are masked as well when it is printed line by line.
/// </summary>
internal sealed class LineMask(SecretMask mask)
{
    private readonly ArrayBufferWriter<byte> _masked = new();
    private (int Secret, int Line)? _next;

    /// <summary>Lines with secrets in the last call: place among the lines of the call, and how many.</summary>
    public List<(int Line, int Count)> Hits { get; } = [];

    /// <param name="lines">Whole lines, each with its line feed.</param>
    /// <returns>The same lines, or as many masked ones; good until the next call.</returns>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> lines)
    {
        Hits.Clear();
        if (mask.IsEmpty || (_next is null && mask.Find(lines, 0).Length == 0)) return lines;
        _masked.ResetWrittenCount();
        if (mask.Sequences.Count > 0) ByLine(lines);
        else Whole(lines);
        return _masked.WrittenSpan;
    }

    private void Whole(ReadOnlySpan<byte> lines)
    {
        var done = 0;
        var line = 0;
        for (var (start, length) = mask.Find(lines, 0); length > 0; (start, length) = mask.Find(lines, done))
        {
            line += lines[done..start].Count((byte)'\n');
            _masked.Write(lines[done..start]);
            _masked.Write("***"u8);
            done = start + length;
            Hit(line, 1);
        }
        _masked.Write(lines[done..]);
    }

    private void ByLine(ReadOnlySpan<byte> lines)
    {
        for (var number = 0; !lines.IsEmpty; number++)
        {
            var end = lines.IndexOf((byte)'\n') + 1;
            var line = lines[..end];
            lines = lines[end..];
            var goesOn = GoesOn(line, out var isShort);
            if (goesOn && isShort)
            {
                _masked.Write("***\n"u8);
                continue;
            }
            var count = mask.Mask(line, _masked);
            // The rest of a secret that was counted with its first line.
            if (count > 0 && !goesOn) Hit(number, count);
            if (!goesOn) _next = count > 0 ? Begins(line) : null;
        }
    }

    private void Hit(int line, int count)
    {
        if (Hits.Count > 0 && Hits[^1].Line == line) Hits[^1] = (line, Hits[^1].Count + count);
        else Hits.Add((line, count));
    }

    private bool GoesOn(ReadOnlySpan<byte> line, out bool isShort)
    {
        isShort = false;
        if (_next is not { } next) return false;
        var secret = mask.Sequences[next.Secret];
        var expected = secret[next.Line];
        var text = Encoding.UTF8.GetString(line).Trim();
        var last = next.Line == secret.Count - 1;
        _next = null;
        if (text != expected && !(last && text.StartsWith(expected, StringComparison.Ordinal))) return false;
        isShort = text == expected && expected.Length < SecretForms.MinimumLineLength;
        _next = last ? null : next with { Line = next.Line + 1 };
        return true;
    }

    private (int, int)? Begins(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line).Trim();
        for (var secret = 0; secret < mask.Sequences.Count; secret++)
        {
            var lines = mask.Sequences[secret];
            for (var i = 0; i < lines.Count - 1; i++)
            {
                if (lines[i].Length >= SecretForms.MinimumLineLength && text.EndsWith(lines[i], StringComparison.Ordinal)) return (secret, i + 1);
            }
        }
        return null;
    }
}
