using System.Buffers;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker.Capture;

/// <summary>Whole lines out of an attached stream. A begun line waits for its end; what is left of one when the stream ends is a line too.</summary>
internal sealed class AttachedLines(AttachedFrames frames)
{
    /// <summary>A longer line is given in parts: a process that never ends its line must not fill our memory.</summary>
    private const int LongestLine = 16 << 20;

    private readonly ArrayBufferWriter<byte>[] _begun = [new(), new()];
    private AttachedFrames.Run? _rest;
    private bool _ended;

    /// <summary>Lines of one source, each with its line feed; null at the end. They are gone with the next call.</summary>
    public async ValueTask<(LogSource Source, ReadOnlyMemory<byte> Lines)?> ReadAsync(CancellationToken cancellationToken)
    {
        while (!_ended)
        {
            var next = _rest ?? await frames.ReadAsync(cancellationToken);
            _rest = null;
            if (next is not { } run)
            {
                _ended = true;
                break;
            }

            var begun = _begun[Index(run.Source)];
            var bytes = run.Buffer.AsMemory(run.Start, run.Length);
            var last = bytes.Span.LastIndexOf((byte)'\n');
            if (last < 0)
            {
                if (begun.WrittenCount > 0 && begun.WrittenCount + run.Length > LongestLine)
                {
                    _rest = run;
                    return (run.Source, Finish(run.Source));
                }

                begun.Write(bytes.Span);
                continue;
            }

            if (begun.WrittenCount > run.Start)
            {
                // The begun line is longer than the room in front of its end: it comes alone, and the others after it.
                var first = bytes.Span.IndexOf((byte)'\n');
                begun.Write(bytes.Span[..first]);
                if (first + 1 < run.Length) _rest = run with { Start = run.Start + first + 1, Length = run.Length - first - 1 };
                return (run.Source, Finish(run.Source));
            }

            var start = run.Start - begun.WrittenCount;
            begun.WrittenSpan.CopyTo(run.Buffer.AsSpan(start));
            begun.ResetWrittenCount();
            begun.Write(bytes.Span[(last + 1)..]);
            return (run.Source, run.Buffer.AsMemory(start, run.Start + last + 1 - start));
        }

        foreach (var source in (ReadOnlySpan<LogSource>)[LogSource.Out, LogSource.Err])
        {
            if (_begun[Index(source)].WrittenCount > 0) return (source, Finish(source));
        }

        return null;
    }

    private static int Index(LogSource source) => source == LogSource.Err ? 1 : 0;

    private ReadOnlyMemory<byte> Finish(LogSource source)
    {
        ref var begun = ref _begun[Index(source)];
        byte[] line = [.. begun.WrittenSpan, (byte)'\n'];
        // What one long line needed is not kept for all the short ones after it.
        begun = new ArrayBufferWriter<byte>();
        return line;
    }
}
