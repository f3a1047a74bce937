using System.Collections.Concurrent;
using ZstdSharp;

namespace ReleaseDashboard.Core.Logs.Compressed;

/// <summary>Decompresses on any thread. A decompressor is costly to make and used by one thread at a time: those that rest wait here for the next.</summary>
internal static class Zstd
{
    private const int Resting = 8;
    private static readonly ConcurrentBag<Decompressor> Idle = [];

    /// <summary>Throws <see cref="InvalidDataException"/> when the bytes are not what was written: every frame carries a check.</summary>
    public static void Unwrap(ReadOnlySpan<byte> from, Span<byte> to)
    {
        var decompressor = Idle.TryTake(out var idle) ? idle : new Decompressor();
        try
        {
            if (decompressor.Unwrap(from, to) != to.Length) throw new InvalidDataException("A frame of a compressed log has another length than it should.");
        }
        catch (ZstdException e)
        {
            decompressor.Dispose();
            throw new InvalidDataException($"A frame of a compressed log is damaged: {e.Message}", e);
        }
        if (Idle.Count < Resting) Idle.Add(decompressor);
        else decompressor.Dispose();
    }
}
