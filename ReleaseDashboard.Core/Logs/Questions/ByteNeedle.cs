using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace ReleaseDashboard.Core.Logs.Questions;

/// <summary>
/// Finds a text in bytes, with or without regard to the case of ASCII letters. Two of its bytes that are seldom in logs are compared at 32 places at once; only
/// where both fit is the whole compared.
/// </summary>
internal sealed class ByteNeedle
{
    private readonly byte[] _needle;
    private readonly bool _ignoreCase;
    private readonly int _first;
    private readonly int _second;

    public ByteNeedle(byte[] needle, bool ignoreCase)
    {
        _needle = needle;
        _ignoreCase = ignoreCase;
        var byRarity = Enumerable.Range(0, needle.Length).OrderBy(i => Commonness(needle[i])).ToArray();
        _first = byRarity[0];
        _second = byRarity[Math.Min(1, byRarity.Length - 1)];
    }

    public int Length => _needle.Length;

    /// <summary>-1 when it is not there.</summary>
    public int IndexOf(ReadOnlySpan<byte> text)
    {
        if (!_ignoreCase) return text.IndexOf(_needle);
        var at = 0;
        var places = text.Length - _needle.Length + 1;
        if (Vector256.IsHardwareAccelerated && places >= Vector256<byte>.Count)
        {
            ref var start = ref MemoryMarshal.GetReference(text);
            var (firstBits, firstByte) = Folded(_first);
            var (secondBits, secondByte) = Folded(_second);
            for (; at <= places - Vector256<byte>.Count; at += Vector256<byte>.Count)
            {
                var a = Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)(at + _first)) | firstBits, firstByte);
                var b = Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)(at + _second)) | secondBits, secondByte);
                for (var both = (a & b).ExtractMostSignificantBits(); both != 0; both &= both - 1)
                {
                    var hit = at + BitOperations.TrailingZeroCount(both);
                    if (Fits(text, hit)) return hit;
                }
            }
        }
        for (; at < places; at++)
        {
            if (Fits(text, at)) return at;
        }
        return -1;
    }

    /// <summary>Times it is there, without overlap.</summary>
    public long Count(ReadOnlySpan<byte> text)
    {
        if (_needle.Length == 1)
        {
            var letter = _needle[0];
            return text.Count(letter) + (_ignoreCase && char.IsAsciiLetter((char)letter) ? text.Count((byte)(letter ^ 0x20)) : 0);
        }
        var count = 0;
        for (var hit = IndexOf(text); hit >= 0; hit = IndexOf(text), count++) text = text[(hit + _needle.Length)..];
        return count;
    }

    private bool Fits(ReadOnlySpan<byte> text, int at) => Ascii.EqualsIgnoreCase(text.Slice(at, _needle.Length), _needle);

    /// <summary>Letters are compared in lower case, which is one bit; nothing else is changed.</summary>
    private (Vector256<byte> Bits, Vector256<byte> Wanted) Folded(int index)
    {
        var bits = char.IsAsciiLetter((char)_needle[index]) ? (byte)0x20 : (byte)0;
        return (Vector256.Create(bits), Vector256.Create((byte)(_needle[index] | bits)));
    }

    private static int Commonness(byte b)
    {
        var common = " etaoinsr0123456789.:-/lcdmupgfh,=\"[]_bTwvyk"u8.IndexOf((byte)(b is >= (byte)'A' and <= (byte)'Z' ? b | 0x20 : b));
        return common < 0 ? 0 : 100 - common;
    }
}
