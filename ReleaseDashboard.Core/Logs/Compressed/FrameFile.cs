using System.Buffers.Binary;

namespace ReleaseDashboard.Core.Logs.Compressed;

/// <summary>
/// A log that has ended, as one file: zstd frames of the text, each independent of the others; the index in a frame that zstd skips; and the seek table of the zstd
/// project's "seekable format", so that <c>zstd -dc</c> and every tool that knows the format get the text out of it.
/// <code>
/// text frames   | at most <see cref="FrameSize"/> bytes of text each: whole lines, or a part of a line that is larger
/// skipped frame | index pages | task names | frame directory | page directory | trailer
/// skipped frame | seek table
/// </code>
/// </summary>
internal static class FrameFile
{
    public const int FrameSize = 256 * 1024;

    /// <summary>Lines of an index page.</summary>
    public const int PageLines = 4096;

    public const uint SkippedMagic = 0x184D2A50;
    public const uint TableMagic = 0x184D2A5E;
    public const uint SeekableMagic = 0x8F92EAB1;
    public const int TableFooter = 9;
    public const int TableEntry = 8;
    public const int SkippedHeader = 8;

    /// <summary>Speed is what matters: a finished log waits for nobody, but shares the machine with builds.</summary>
    public const int Level = 3;

    /// <summary>One frame of text.</summary>
    /// <param name="FirstLine">Number of the line it begins with, or is a part of.</param>
    /// <param name="Lines">Line feeds in it.</param>
    /// <param name="IsPart">A part of a line that is larger than a frame.</param>
    public readonly record struct Frame(long Offset, int Stored, long TextOffset, int Length, long FirstLine, int Lines, bool IsPart)
    {
        public const int Size = 16;

        public void Write(Span<byte> to)
        {
            BinaryPrimitives.WriteInt64LittleEndian(to, FirstLine);
            BinaryPrimitives.WriteInt32LittleEndian(to[8..], Lines);
            BinaryPrimitives.WriteInt32LittleEndian(to[12..], IsPart ? 1 : 0);
        }
    }

    /// <summary>Where a page of the index stands.</summary>
    public readonly record struct Page(long Offset, int Stored, int Length, long TextOffset, long Ticks)
    {
        public const int Size = 32;

        public void Write(Span<byte> to)
        {
            BinaryPrimitives.WriteInt64LittleEndian(to, Offset);
            BinaryPrimitives.WriteInt32LittleEndian(to[8..], Stored);
            BinaryPrimitives.WriteInt32LittleEndian(to[12..], Length);
            BinaryPrimitives.WriteInt64LittleEndian(to[16..], TextOffset);
            BinaryPrimitives.WriteInt64LittleEndian(to[24..], Ticks);
        }

        public static Page Read(ReadOnlySpan<byte> from) => new(
            BinaryPrimitives.ReadInt64LittleEndian(from),
            BinaryPrimitives.ReadInt32LittleEndian(from[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[24..]));
    }

    /// <summary>The last bytes of the index frame.</summary>
    /// <param name="Lines">Number of the last line.</param>
    /// <param name="Tasks">Offset of the task names.</param>
    /// <param name="Directory">Offset of the frame directory; the page directory follows it.</param>
    /// <param name="Sum">CRC-32C of everything from <paramref name="Tasks"/> to the trailer.</param>
    public readonly record struct Trailer(
        long Lines, long TextEnd, long EndTicks, long Tasks, int TasksStored, int TasksLength, long Directory, int Frames, int Pages, long FirstLine, long FirstOffset, uint Sum)
    {
        public const int Size = 88;

        private static ReadOnlySpan<byte> Magic => "rd-logz1"u8;

        public void Write(Span<byte> to)
        {
            to[..Size].Clear();
            Magic.CopyTo(to);
            BinaryPrimitives.WriteInt64LittleEndian(to[8..], Lines);
            BinaryPrimitives.WriteInt64LittleEndian(to[16..], TextEnd);
            BinaryPrimitives.WriteInt64LittleEndian(to[24..], EndTicks);
            BinaryPrimitives.WriteInt64LittleEndian(to[32..], Tasks);
            BinaryPrimitives.WriteInt32LittleEndian(to[40..], TasksStored);
            BinaryPrimitives.WriteInt32LittleEndian(to[44..], TasksLength);
            BinaryPrimitives.WriteInt64LittleEndian(to[48..], Directory);
            BinaryPrimitives.WriteInt32LittleEndian(to[56..], Frames);
            BinaryPrimitives.WriteInt32LittleEndian(to[60..], Pages);
            BinaryPrimitives.WriteInt64LittleEndian(to[64..], FirstLine);
            BinaryPrimitives.WriteInt64LittleEndian(to[72..], FirstOffset);
            BinaryPrimitives.WriteUInt32LittleEndian(to[80..], Sum);
        }

        public static Trailer? Read(ReadOnlySpan<byte> from) => !from[..8].SequenceEqual(Magic) ? null : new(
            BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[40..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[44..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[48..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[56..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[60..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[64..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[72..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[80..]));
    }
}
