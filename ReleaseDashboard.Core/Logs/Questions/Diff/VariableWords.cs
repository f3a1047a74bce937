namespace ReleaseDashboard.Core.Logs.Questions.Diff;

/// <summary>Recognises what differs from run to run. Each answers how many bytes from the beginning of a text are such a thing, 0 when it does not begin with one.</summary>
internal static class VariableWords
{
    private static readonly string[] Units =
        ["ns", "us", "ms", "s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes", "h", "hour", "hours", "b", "kb", "mb", "gb", "kib", "mib", "gib", "bytes"];

    private static readonly string[] Counted = ["run ", "deployment ", "build ", "attempt ", "pid ", "pid=", "pid: ", "port ", "port=", "port: "];

    public static int Digits(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? text.Length : end;
    }

    /// <summary>A time of day, a date, or both; with fraction and zone.</summary>
    public static int TimeLength(ReadOnlySpan<byte> text)
    {
        var at = 0;
        if (text.Length >= 10 && Digits(text) == 4 && text[4] is (byte)'-' or (byte)'/' && Digits(text[5..]) == 2 && text[7] == text[4] && Digits(text[8..]) == 2)
        {
            at = 10;
            if (at + 1 >= text.Length || text[at] is not ((byte)'T' or (byte)' ') || ClockLength(text[(at + 1)..]) == 0) return at;
            at++;
        }
        var clock = ClockLength(text[at..]);
        if (clock == 0) return at;
        at += clock;
        if (at < text.Length && text[at] == 'Z') return at + 1;
        if (at + 2 < text.Length && text[at] is (byte)'+' or (byte)'-' && Digits(text[(at + 1)..]) is 2 or 4)
        {
            at += 1 + Digits(text[(at + 1)..]);
            if (at + 2 < text.Length && text[at] == ':' && Digits(text[(at + 1)..]) == 2) at += 3;
        }
        return at;
    }

    /// <summary>An IPv4 address, with its port.</summary>
    public static int AddressLength(ReadOnlySpan<byte> text)
    {
        var at = 0;
        for (var part = 0; part < 4; part++)
        {
            var digits = Digits(text[at..]);
            if (digits is 0 or > 3) return 0;
            at += digits;
            if (part == 3) break;
            if (at >= text.Length || text[at++] != '.') return 0;
        }
        return at < text.Length - 1 && text[at] == ':' && Digits(text[(at + 1)..]) is var port and > 0 ? at + 1 + port : at;
    }

    /// <summary>A duration or a size: <c>1.5s</c>, <c>200 ms</c>, <c>12.3 MB</c>.</summary>
    public static int AmountLength(ReadOnlySpan<byte> text)
    {
        var at = DecimalLength(text);
        var unit = at < text.Length && text[at] == ' ' ? at + 1 : at;
        var end = unit;
        while (end < text.Length && char.IsAsciiLetter((char)text[end])) end++;
        // A digit behind the letter: 1m23s; that is a word of its own, see IsAmount.
        return end > unit && (end == text.Length || !char.IsAsciiDigit((char)text[end])) && IsUnit(text[unit..end], spaced: unit > at) ? end : 0;
    }

    /// <summary>An amount in one word: <c>20ms</c>, <c>1m23s</c>.</summary>
    public static bool IsAmount(ReadOnlySpan<byte> word)
    {
        while (!word.IsEmpty)
        {
            var digits = Digits(word);
            if (digits == 0) return false;
            word = word[digits..];
            var letters = word.IndexOfAnyInRange((byte)'0', (byte)'9');
            if (letters < 0) letters = word.Length;
            if (letters == 0 || !IsUnit(word[..letters], spaced: false)) return false;
            word = word[letters..];
        }
        return true;
    }

    public static int DecimalLength(ReadOnlySpan<byte> text)
    {
        var digits = Digits(text);
        var fraction = digits < text.Length - 1 && text[digits] is (byte)'.' or (byte)',' ? Digits(text[(digits + 1)..]) : 0;
        return fraction > 0 ? digits + 1 + fraction : digits;
    }

    /// <summary>A part of a commit, a digest, a container's name: hexadecimal, long, and no plain number or word.</summary>
    public static bool IsHexName(ReadOnlySpan<byte> word)
    {
        if (word.Length < 7) return false;
        var letters = 0;
        foreach (var b in word)
        {
            if (!char.IsAsciiHexDigit((char)b)) return false;
            if (!char.IsAsciiDigit((char)b)) letters++;
        }
        return letters > 0 || word.Length >= 12;
    }

    /// <summary>Such a name and, of a UUID, the parts behind it.</summary>
    public static int HexNameLength(ReadOnlySpan<byte> text)
    {
        var at = HexDigits(text);
        while (at + 4 < text.Length && text[at] == '-' && HexDigits(text[(at + 1)..]) is var part and >= 4) at += 1 + part;
        return at;
    }

    public static int UuidLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return 0;
        return HexDigits(text) == 8 && HexDigits(text[9..]) == 4 && HexDigits(text[14..]) == 4 && HexDigits(text[19..]) == 4 && HexDigits(text[24..]) == 12 ? 36 : 0;
    }

    /// <summary>The word before says that the number is one of ours or of the system.</summary>
    public static bool IsCounted(ReadOnlySpan<byte> before)
    {
        foreach (var word in Counted)
        {
            if (before.Length >= word.Length && System.Text.Ascii.EqualsIgnoreCase(before[^word.Length..], word)) return true;
        }
        return false;
    }

    private static int HexDigits(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (at < text.Length && char.IsAsciiHexDigit((char)text[at])) at++;
        return at;
    }

    private static int ClockLength(ReadOnlySpan<byte> text)
    {
        var hours = Digits(text);
        if (hours is 0 or > 2 || text.Length < hours + 3 || text[hours] != ':' || Digits(text[(hours + 1)..]) != 2) return 0;
        var at = hours + 3;
        if (at >= text.Length || text[at] != ':' || Digits(text[(at + 1)..]) != 2) return 0;
        at += 3;
        return at < text.Length - 1 && text[at] is (byte)'.' or (byte)',' && Digits(text[(at + 1)..]) is var fraction and > 0 ? at + 1 + fraction : at;
    }

    private static bool IsUnit(ReadOnlySpan<byte> text, bool spaced)
    {
        // "2 m" and "3 b" are no amounts.
        if (spaced && text.Length < 2) return false;
        foreach (var unit in Units)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(text, unit)) return true;
        }
        return false;
    }
}
