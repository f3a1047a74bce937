using System.Buffers;
using System.Text;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker.BuildKit;

/// <summary>
/// Turns traces into the list of steps and into lines: <c>#7 [2/4] RUN pip install</c> when a step starts, its output with the same prefix, and
/// <c>#7 done 1.2s</c>, <c>#7 cached</c> or <c>#7 error …</c>. Steps run in parallel; the number says whose line it is.
/// </summary>
internal sealed class BuildNarrator(IBuildOutput output)
{
    private const string Clipped = "[output clipped";

    private readonly Dictionary<string, Step> _byDigest = [];
    private readonly List<Step> _steps = [];
    private int _started;

    /// <summary>The first step that failed by itself; those that were canceled because of it do not count.</summary>
    public (string Name, string Error, IReadOnlyList<string> LastLines)? FailedStep =>
        _steps.Find(s => s.Vertex.Error.Length > 0 && !s.Vertex.Error.EndsWith("context canceled", StringComparison.Ordinal)) is { } step
            ? (step.Vertex.Name, step.Vertex.Error, step.LastLines)
            : null;

    public async Task TellAsync(BuildTrace trace, CancellationToken cancellationToken)
    {
        var finished = new List<Step>();
        foreach (var vertex in trace.Vertexes)
        {
            var step = Find(vertex);
            step.Merge(vertex);
            if (step.Number == 0 && (step.Vertex.Started ?? step.Vertex.Completed) is not null)
            {
                step.Number = ++_started;
                await output.WriteAsync(LogSource.Sys, $"#{step.Number} {step.Vertex.Name}", cancellationToken);
            }

            if (step.Vertex.Completed is not null && !step.Told) finished.Add(step);
        }

        foreach (var log in trace.Logs)
        {
            if (!_byDigest.TryGetValue(log.Vertex, out var step)) continue;
            foreach (var line in step.Lines(log)) await WriteAsync(step, log.Stream, line, cancellationToken);
        }

        foreach (var warning in trace.Warnings)
            await output.WriteAsync(LogSource.Err, $"#{(_byDigest.TryGetValue(warning.Vertex, out var step) ? step.Number : 0)} warning: {warning.Short}", cancellationToken);
        foreach (var step in finished) await FinishAsync(step, cancellationToken);
        if (trace.Vertexes.Count > 0) await output.StepsAsync([.. _steps.Select(s => s.Describe())], cancellationToken);
    }

    /// <summary>Gives what was printed without a line end.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (var step in _steps) await FlushAsync(step, cancellationToken);
    }

    private async Task FinishAsync(Step step, CancellationToken cancellationToken)
    {
        await FlushAsync(step, cancellationToken);
        step.Told = true;
        var vertex = step.Vertex;
        var (source, end) = vertex switch
        {
            { Error.Length: > 0 } => (LogSource.Err, $"error {vertex.Error}"),
            { Cached: true } => (LogSource.Sys, "cached"),
            _ => (LogSource.Sys, $"done {(vertex.Completed - vertex.Started ?? TimeSpan.Zero).TotalSeconds:0.0}s"),
        };
        await output.WriteAsync(source, $"#{step.Number} {end}", cancellationToken);
    }

    private async Task FlushAsync(Step step, CancellationToken cancellationToken)
    {
        foreach (var (stream, line) in step.Rest()) await WriteAsync(step, stream, line, cancellationToken);
    }

    private async ValueTask WriteAsync(Step step, long stream, string line, CancellationToken cancellationToken)
    {
        step.Keep(line);
        await output.WriteAsync(stream == 2 ? LogSource.Err : LogSource.Out, $"#{step.Number} {line}", cancellationToken);
        if (line.Contains(Clipped, StringComparison.Ordinal))
            await output.WriteAsync(LogSource.Sys, $"#{step.Number} BuildKit cut the output of this step here; the step itself goes on. BUILDKIT_STEP_LOG_MAX_SIZE=2147483647 and BUILDKIT_STEP_LOG_MAX_SPEED=2147483647 in the Docker daemon's environment lift the limit.", cancellationToken);
    }

    private Step Find(TraceVertex vertex)
    {
        if (_byDigest.TryGetValue(vertex.Digest, out var step)) return step;
        step = new Step(vertex);
        _steps.Add(step);
        return _byDigest[vertex.Digest] = step;
    }

    private sealed class Step(TraceVertex vertex)
    {
        private const int MostLastLines = 20;
        private readonly Dictionary<long, ArrayBufferWriter<byte>> _partial = [];
        private readonly Queue<string> _last = [];

        public TraceVertex Vertex { get; private set; } = vertex with { Name = PlainName(vertex.Name) };
        public int Number { get; set; }
        public bool Told { get; set; }
        public IReadOnlyList<string> LastLines => [.. _last];

        /// <summary>Docker 20.10 starts and completes some steps several times: from the first start to the last end.</summary>
        public void Merge(TraceVertex now) => Vertex = now with
        {
            Name = Vertex.Name,
            Cached = Vertex.Cached || now.Cached,
            Started = Vertex.Started ?? now.Started,
            Completed = now.Completed ?? Vertex.Completed,
            Error = now.Error.Length > 0 ? now.Error : Vertex.Error,
        };

        public BuildStep Describe() => new(Vertex.Digest, Vertex.Name, Vertex.Cached, Vertex.Started, Vertex.Completed, Vertex.Error.Length > 0 ? Vertex.Error : null);

        public void Keep(string line)
        {
            _last.Enqueue(line.Length > 2000 ? line[..2000] + "…" : line);
            if (_last.Count > MostLastLines) _last.Dequeue();
        }

        /// <summary>Whole lines; decoded only when whole, so that no character is cut in two.</summary>
        public IEnumerable<string> Lines(TraceLog log)
        {
            if (!_partial.TryGetValue(log.Stream, out var partial)) partial = _partial[log.Stream] = new ArrayBufferWriter<byte>();
            var rest = log.Message;
            for (int end; (end = rest.Span.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
            {
                partial.Write(rest.Span[..end]);
                yield return Take(partial);
            }

            partial.Write(rest.Span);
        }

        public IEnumerable<(long Stream, string Line)> Rest()
        {
            foreach (var (stream, partial) in _partial)
            {
                if (partial.WrittenCount > 0) yield return (stream, Take(partial));
            }
        }

        private static string Take(ArrayBufferWriter<byte> partial)
        {
            var bytes = partial.WrittenSpan;
            if (bytes is [.., (byte)'\r']) bytes = bytes[..^1];
            var line = Encoding.UTF8.GetString(bytes);
            partial.ResetWrittenCount();
            return line;
        }

        /// <summary>The way the context takes (a remote tar, copied) is ours, not the user's.</summary>
        private static string PlainName(string name) => name switch
        {
            "[internal] load remote build context" => "[internal] load build context",
            "copy /context /" => "[internal] unpack build context",
            _ => name,
        };
    }
}
