using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace ReleaseDashboard.Core.Logs.Compressed;

/// <summary>Where zstd frames end, by their own headers (RFC 8878) and without a directory.</summary>
internal static class FrameWalk
{
    private const uint Magic = 0xFD2FB528;
    private const uint AnySkipped = 0x184D2A50;

    private static ReadOnlySpan<byte> MagicBytes => [0x28, 0xB5, 0x2F, 0xFD];

    /// <summary>The frame of text that begins at an offset; null when none does, or not all of it is there.</summary>
    public static (int Stored, int Length)? Next(SafeFileHandle file, long offset)
    {
        Span<byte> head = stackalloc byte[18];
        var read = RandomAccess.Read(file, head, offset);
        if (read < 9 || BinaryPrimitives.ReadUInt32LittleEndian(head) != Magic) return null;
        var flags = head[4];
        var single = (flags & 0x20) != 0;
        var at = 5 + (single ? 0 : 1) + (flags & 3) switch { 0 => 0, 1 => 1, 2 => 2, _ => 4 };
        // No frame of ours is without its length, or larger than this.
        var length = (flags >> 6) switch { 0 => single ? head[at] : -1, 1 => BinaryPrimitives.ReadUInt16LittleEndian(head[at..]) + 256, 2 => BinaryPrimitives.ReadInt32LittleEndian(head[at..]), _ => -1 };
        if (length is < 0 or > FrameFile.FrameSize) return null;
        at += (flags >> 6) switch { 0 => 1, 1 => 2, _ => 4 };
        var end = RandomAccess.GetLength(file);
        Span<byte> block = stackalloc byte[3];
        for (var place = offset + at; ;)
        {
            if (RandomAccess.Read(file, block, place) < 3) return null;
            var header = block[0] | (block[1] << 8) | (block[2] << 16);
            place += 3 + (((header >> 1) & 3) == 1 ? 1 : header >> 3);
            if (place > end) return null;
            if ((header & 1) == 0) continue;
            place += (flags & 4) != 0 ? 4 : 0;
            return place > end ? null : ((int)(place - offset), length);
        }
    }

    /// <summary>What begins here is passed over by whoever decompresses: the index.</summary>
    public static bool IsSkipped(SafeFileHandle file, long offset)
    {
        Span<byte> head = stackalloc byte[4];
        return offset >= 0 && RandomAccess.Read(file, head, offset) == 4 && (BinaryPrimitives.ReadUInt32LittleEndian(head) & 0xFFFFFFF0) == AnySkipped;
    }

    /// <summary>The next place behind an offset where a frame of text may begin; the end of the file when there is none.</summary>
    public static long Find(SafeFileHandle file, long offset)
    {
        var bytes = new byte[256 * 1024];
        for (var at = offset; ;)
        {
            var read = RandomAccess.Read(file, bytes, at);
            if (read < 4) return RandomAccess.GetLength(file);
            if (bytes.AsSpan(0, read).IndexOf(MagicBytes) is var found and >= 0) return at + found;
            at += read - 3;
        }
    }
}
