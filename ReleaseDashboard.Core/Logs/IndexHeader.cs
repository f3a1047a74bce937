using System.Buffers.Binary;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// What stands in the place of record 0: a log as it began says "release-log-1"; one whose older lines were dropped says where the rest begins, since
/// numbers of lines and offsets of text never change.
/// </summary>
/// <param name="Offset">Offset of the first byte of the text file.</param>
/// <param name="Lines">Lines before the first record.</param>
/// <param name="Second">The text is in the file of the second name: the one rename that makes the index new makes the text new with it.</param>
internal readonly record struct IndexHeader(long Offset, long Lines, bool Second)
{
    private static ReadOnlySpan<byte> First => "\0\0\0\0\0\0\0\0release-log-1\0\0\0"u8;

    private static ReadOnlySpan<byte> Later => "rd-log2"u8;

    public void Write(Span<byte> to)
    {
        if (this == default)
        {
            First.CopyTo(to);
            return;
        }
        BinaryPrimitives.WriteInt64LittleEndian(to, Offset);
        Later.CopyTo(to[8..]);
        to[15] = Second ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], Lines);
    }

    /// <summary>Null for bytes that are no header.</summary>
    public static IndexHeader? Read(ReadOnlySpan<byte> from)
    {
        if (from[..IndexRecord.Size].SequenceEqual(First)) return default(IndexHeader);
        if (!from[8..15].SequenceEqual(Later) || from[15] > 1) return null;
        return new IndexHeader(BinaryPrimitives.ReadInt64LittleEndian(from), BinaryPrimitives.ReadInt64LittleEndian(from[16..]), from[15] == 1);
    }
}
