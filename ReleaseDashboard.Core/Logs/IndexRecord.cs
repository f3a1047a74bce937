using System.Buffers.Binary;
using System.Numerics;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// What the index says of one line, 24 bytes: <c>end:i64 ticks:i64 task:u16 source:u8 check:u8 textsum:u32</c>, little endian. Record n of the file is
/// line n; in the place of record 0 stands the <see cref="IndexHeader"/>, so that a line always reaches from the end of the record before to its own.
/// </summary>
/// <param name="End">Offset behind the line's line feed.</param>
/// <param name="Ticks">UTC.</param>
/// <param name="Task">Line of the task file, 0 for none.</param>
/// <param name="Source"><see cref="LogSource"/>, or <see cref="EndMark"/> for the record that ends the log.</param>
/// <param name="TextSum">CRC-32C of the line without its line feed.</param>
internal readonly record struct IndexRecord(long End, long Ticks, ushort Task, byte Source, uint TextSum)
{
    public const int Size = 24;
    public const byte EndMark = 0xFF;
    private const int CheckAt = 19;

    public bool IsEnd => Source == EndMark;

    public DateTimeOffset At => new(Ticks, TimeSpan.Zero);

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, End);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], Ticks);
        BinaryPrimitives.WriteUInt16LittleEndian(to[16..], Task);
        to[18] = Source;
        to[CheckAt] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(to[20..], TextSum);
        to[CheckAt] = Check(to[..Size]);
    }

    public static long ReadEnd(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadInt64LittleEndian(from);

    /// <summary>Null for bytes that are no record: a torn or zero-filled tail.</summary>
    public static IndexRecord? Read(ReadOnlySpan<byte> from)
    {
        Span<byte> copy = stackalloc byte[Size];
        from[..Size].CopyTo(copy);
        copy[CheckAt] = 0;
        if (Check(copy) != from[CheckAt]) return null;
        var record = new IndexRecord(
            ReadEnd(from),
            BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(from[16..]),
            from[18],
            BinaryPrimitives.ReadUInt32LittleEndian(from[20..]));
        return record.End < 0 || (ulong)record.Ticks > (ulong)DateTime.MaxValue.Ticks || (record.Source > (byte)LogSource.Sys && !record.IsEnd) ? null : record;
    }

    public static uint Sum(ReadOnlySpan<byte> text) => Sum(uint.MaxValue, text);

    /// <summary>Goes on with the sum of what stands before; the first part goes on with <see cref="uint.MaxValue"/>.</summary>
    public static uint Sum(uint sum, ReadOnlySpan<byte> text)
    {
        for (; text.Length >= 8; text = text[8..]) sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(text));
        foreach (var b in text) sum = BitOperations.Crc32C(sum, b);
        return sum;
    }

    private static byte Check(ReadOnlySpan<byte> record)
    {
        var sum = Sum(record);
        return (byte)(sum ^ (sum >> 8) ^ (sum >> 16) ^ (sum >> 24));
    }
}
