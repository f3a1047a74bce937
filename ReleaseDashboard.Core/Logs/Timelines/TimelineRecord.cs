using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace ReleaseDashboard.Core.Logs.Timelines;

/// <summary>
/// Lines of one log that stand together in a timeline, 40 bytes: <c>lineEnd:i64 textEnd:i64 firstLine:i64 textStart:i64 log:u16 0:u16 check:u32</c>, little endian. In the
/// place of record 0 stands the header, whose ends are 0, so that a record always reaches from the ends of the one before to its own.
/// </summary>
/// <param name="LineEnd">Number in the timeline of its last line.</param>
/// <param name="TextEnd">Offset in the timeline's text behind it.</param>
/// <param name="FirstLine">Number in its own log of its first line.</param>
/// <param name="TextStart">Offset of that line in the log's text.</param>
/// <param name="Log">1-based place in the timeline's list of logs.</param>
internal readonly record struct TimelineRecord(long LineEnd, long TextEnd, long FirstLine, long TextStart, ushort Log)
{
    public const int Size = 40;
    private const int CheckAt = 36;

    private static ReadOnlySpan<byte> Header => "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0release-timeline-1\0\0\0\0\0\0"u8;

    public static void WriteHeader(SafeFileHandle file) => RandomAccess.Write(file, Header, 0);

    public static bool HasHeader(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return RandomAccess.Read(file, bytes, 0) == Size && bytes.SequenceEqual(Header);
    }

    /// <param name="number">1-based; for 0 the empty record that everything begins behind.</param>
    public static TimelineRecord? Read(SafeFileHandle file, long number)
    {
        if (number == 0) return default(TimelineRecord);
        Span<byte> bytes = stackalloc byte[Size];
        return RandomAccess.Read(file, bytes, number * Size) < Size ? null : Parse(bytes);
    }

    public static TimelineRecord? Parse(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[CheckAt..]) != IndexRecord.Sum(bytes[..CheckAt])
            ? null
            : new TimelineRecord(
                BinaryPrimitives.ReadInt64LittleEndian(bytes),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[32..]));

    public void Write(SafeFileHandle file, long number)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, LineEnd);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], TextEnd);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], FirstLine);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], TextStart);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[32..], Log);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[34..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[CheckAt..], IndexRecord.Sum(bytes[..CheckAt]));
        RandomAccess.Write(file, bytes, number * Size);
    }
}
