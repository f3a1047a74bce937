namespace ReleaseDashboard.Core.Logs.Questions.Diff;

/// <summary>
/// What a line is compared by: its text without what differs in every run. Times, durations, sizes, hashes and other long hexadecimal names, addresses and ports,
/// process numbers in brackets, numbers of steps, runs, builds and deployments, temporary folders and colours all count as alike; other numbers count.
/// </summary>
internal static class LineHash
{
    /// <summary>Bytes of a line that are looked at.</summary>
    public const int Most = 4096;

    /// <param name="buffer">At least <see cref="Most"/> bytes, for any use.</param>
    public static ulong Of(ReadOnlySpan<byte> line, Span<byte> buffer)
    {
        // FNV-1a: lines are short, and two that are taken for each other by chance do no harm.
        var hash = 14695981039346656037UL;
        foreach (var b in buffer[..Normalize(line, buffer)]) hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }

    /// <summary>Writes the text with one sign in place of each thing that differs; returns its length.</summary>
    public static int Normalize(ReadOnlySpan<byte> line, Span<byte> to)
    {
        if (line.Length > Most) line = line[..Most];
        var length = 0;
        for (var at = 0; at < line.Length;)
        {
            var b = line[at];
            if (b == 0x1B)
            {
                at += Escape(line[at..]);
            }
            else if (IsWord(b))
            {
                var word = WordLength(line[at..]);
                var used = Variable(line, at, word);
                if (used > 0)
                {
                    to[length++] = 1;
                    at += used;
                }
                else
                {
                    line.Slice(at, word).CopyTo(to[length..]);
                    length += word;
                    at += word;
                }
            }
            else
            {
                to[length++] = b;
                at++;
            }
        }
        return length;
    }

    /// <summary>Bytes from the word at a place on that are one variable thing; 0 when the word counts.</summary>
    private static int Variable(ReadOnlySpan<byte> line, int at, int word)
    {
        var text = line.Slice(at, word);
        var before = line[..at];
        if (before.EndsWith("/tmp/"u8)) return PathLength(line[at..]);
        if (!text.ContainsAnyInRange((byte)'0', (byte)'9')) return MonthAndTime(line[at..]);
        var rest = line[at..];
        if (VariableWords.UuidLength(rest) is var uuid and > 0) return uuid;
        var digits = text.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? 0 : word;
        if (digits == 0) return VariableWords.IsAmount(text) ? word : VariableWords.IsHexName(text) ? VariableWords.HexNameLength(rest) : 0;
        if (VariableWords.TimeLength(rest) is var time and > 0) return time;
        if (VariableWords.AddressLength(rest) is var address and > 0) return address;
        if (VariableWords.AmountLength(rest) is var amount and > 0) return amount;
        if (VariableWords.IsHexName(text)) return VariableWords.HexNameLength(rest);
        if (digits >= 10 || before.EndsWith("#"u8) || VariableWords.IsCounted(before)) return word;
        if (digits is 4 or 5 && before.Length > 1 && before[^1] == ':' && (IsWord(before[^2]) || before[^2] is (byte)']' or (byte)'*')) return word;
        if (before.EndsWith("["u8) && rest.Length > word && rest[word] == ']') return word;
        // #7 1.532 text
        return before.Length > 2 && before[0] == '#' && before[1..^1].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && before[^1] == ' ' ? VariableWords.DecimalLength(rest) : 0;
    }

    /// <summary><c>Nov 23 16:04:43</c>.</summary>
    private static int MonthAndTime(ReadOnlySpan<byte> text)
    {
        if (text.Length < 15 || text[3] != ' ' || "JanFebMarAprMayJunJulAugSepOctNovDec"u8.IndexOf(text[..3]) < 0) return 0;
        var day = text[4] == ' ' ? 5 : 4;
        var end = day + VariableWords.Digits(text[day..]);
        return end > day && end < text.Length && text[end] == ' ' && VariableWords.TimeLength(text[(end + 1)..]) is var time and > 0 ? end + 1 + time : 0;
    }

    private static int WordLength(ReadOnlySpan<byte> text)
    {
        var length = 1;
        while (length < text.Length && IsWord(text[length])) length++;
        return length;
    }

    private static int PathLength(ReadOnlySpan<byte> text)
    {
        var length = 1;
        while (length < text.Length && (IsWord(text[length]) || text[length] is (byte)'.' or (byte)'_' or (byte)'-')) length++;
        return length;
    }

    private static int Escape(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[1] != '[') return 1;
        var length = 2;
        while (length < text.Length && text[length] is < 0x40 or > 0x7E) length++;
        return Math.Min(length + 1, text.Length);
    }

    private static bool IsWord(byte b) => char.IsAsciiLetterOrDigit((char)b);
}
