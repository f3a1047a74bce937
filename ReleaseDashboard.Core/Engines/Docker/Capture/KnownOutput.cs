using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker.Capture;

/// <summary>What a reader has of an instance's output already: enough to find the place from which on it is new.</summary>
internal sealed class KnownOutput
{
    /// <summary>Lines that are compared to find a place again.</summary>
    public const int TailLines = 64;

    private readonly Queue<OutputLine> _tail = new();
    private readonly Dictionary<LogSource, Place> _exact = [];

    public KnownOutput(OutputMark? mark)
    {
        Count = mark is null ? 0 : mark.Lines;
        foreach (var line in mark?.Tail.TakeLast(TailLines) ?? []) _tail.Enqueue(line);
    }

    /// <summary>Lines since the instance's first; null when some were lost.</summary>
    public long? Count { get; private set; }

    public IReadOnlyList<OutputLine> Tail => [.. _tail];

    public bool Nothing => _tail.Count == 0;

    /// <summary>The last line of each source by Docker's own time, where the last lines were read from Docker's log; empty where they were only listened to.</summary>
    public IReadOnlyDictionary<LogSource, Place> Exact => new Dictionary<LogSource, Place>(_exact);

    /// <param name="At">Within a source times never go back; between two they may.</param>
    /// <param name="Same">How many lines were read that have this time.</param>
    public readonly record struct Place(DateTimeOffset At, int Same);

    public DateTimeOffset? Last => _tail.Count == 0 ? null : _tail.Last().At;

    /// <summary>Lines that were listened to: when they were printed is known only nearly.</summary>
    public void Heard(DateTimeOffset at, LogSource source, ReadOnlySpan<byte> lines)
    {
        Count += OutputText.Count(lines);
        _exact.Clear();
        var from = lines.Length;
        for (var i = 0; i < TailLines && from > 0; i++) from = lines[..(from - 1)].LastIndexOf((byte)'\n') + 1;
        while (from < lines.Length)
        {
            var end = from + lines[from..].IndexOf((byte)'\n') + 1;
            Add(new OutputLine(at, source, OutputText.Of(lines[from..end])));
            from = end;
        }
    }

    /// <summary>A line of Docker's log.</summary>
    public void Read(OutputLine line)
    {
        Count++;
        _exact[line.Source] = new Place(line.At, _exact.TryGetValue(line.Source, out var last) && last.At == line.At ? last.Same + 1 : 1);
        Add(line);
    }

    /// <summary>Something is missing: lines can no longer be counted from the first.</summary>
    public void Lost() => Count = null;

    private void Add(OutputLine line)
    {
        _tail.Enqueue(line);
        if (_tail.Count > TailLines) _tail.Dequeue();
    }
}
