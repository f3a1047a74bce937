using System.Globalization;
using System.Text;

namespace ReleaseDashboard.Core.Logs;

/// <summary>Text of a line as it is shown: whole, or its beginning and a marker.</summary>
internal static class ShownText
{
    /// <param name="bytes">The line, at most <see cref="LogFiles.LineCap"/> of it.</param>
    /// <param name="length">Bytes the whole line has.</param>
    public static string Of(ReadOnlySpan<byte> bytes, long length)
    {
        if (length <= LogFiles.LineCap) return Encoding.UTF8.GetString(bytes);
        var end = Length(bytes);
        return Encoding.UTF8.GetString(bytes[..end]) + string.Create(CultureInfo.InvariantCulture, $" … [{length - end:N0} bytes of this line are left out; the raw log has them]");
    }

    /// <summary>Bytes that are shown of a line that is longer than the cap: no character is cut in two.</summary>
    public static int Length(ReadOnlySpan<byte> bytes)
    {
        var end = Math.Min(LogFiles.LineCap, bytes.Length);
        while (end > 0 && end < bytes.Length && (bytes[end] & 0xC0) == 0x80) end--;
        // The byte behind the cap was not read: step back over a character that may be unfinished.
        if (end == bytes.Length)
        {
            var lead = end - 1;
            while (lead > 0 && lead > end - 4 && (bytes[lead] & 0xC0) == 0x80) lead--;
            var need = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : bytes[lead] >= 0xC0 ? 2 : 1;
            if (lead + need > end) end = lead;
        }
        return end;
    }
}
