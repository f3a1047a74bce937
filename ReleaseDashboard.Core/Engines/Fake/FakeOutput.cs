using System.Runtime.CompilerServices;
using System.Text;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Fake;

/// <summary>Lines that can be read from the first one by any number of readers while they grow.</summary>
internal sealed class FakeOutput
{
    private readonly Lock _lock = new();
    private readonly List<OutputLine> _lines = [];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;
    private int _forgotten;

    public void Add(DateTimeOffset at, LogSource source, string text) => Change(() => _lines.Add(new OutputLine(at, source, text)));

    public void End() => Change(() => _ended = true);

    /// <summary>It is started again.</summary>
    public void Begin() => Change(() => _ended = false);

    /// <summary>The oldest lines can no longer be read, as after a log was rotated.</summary>
    public void Forget(int count) => Change(() => _forgotten = Math.Max(_forgotten, count));

    public async IAsyncEnumerable<OutputPiece> ReadPiecesAsync(OutputMark? mark, bool starting, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = mark is null ? 0 : mark.Lines ?? Behind(mark); ;)
        {
            OutputLine? line = null;
            OutputLoss? lost = null;
            bool over;
            Task grown;
            lock (_lock)
            {
                grown = _grown.Task;
                if (next < _forgotten) lost = new OutputLoss(next == 0 ? null : _lines[(int)next - 1].At, _lines[_forgotten - 1].At, _forgotten - next, "the fake engine forgot it");
                else if (next < _lines.Count) line = _lines[(int)next];
                over = line is null && lost is null && _ended && !starting;
            }

            if (over) yield break;

            if (lost is not null)
            {
                next += lost.Lines ?? 0;
                yield return new OutputPiece(lost.To, LogSource.Sys, default, lost);
            }
            else if (line is { } printed)
            {
                next++;
                starting = false;
                yield return new OutputPiece(printed.At, printed.Source, Encoding.UTF8.GetBytes(printed.Text + "\n"));
            }
            else
            {
                await grown.WaitAsync(cancellationToken);
            }
        }
    }

    public IReadOnlyList<OutputLine> Last(int count)
    {
        lock (_lock) return [.. _lines.TakeLast(count)];
    }

    public async IAsyncEnumerable<OutputLine> ReadAsync(long skip, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = (int)skip; ;)
        {
            OutputLine[] lines;
            Task grown;
            bool ended;
            lock (_lock)
            {
                lines = [.. _lines.Skip(next)];
                grown = _grown.Task;
                ended = _ended;
            }

            foreach (var line in lines) yield return line;
            next += lines.Length;
            if (lines.Length > 0) continue;
            if (ended || !follow) yield break;
            await grown.WaitAsync(cancellationToken);
        }
    }

    private long Behind(OutputMark mark)
    {
        lock (_lock) return mark.Tail.Count == 0 ? 0 : _lines.FindLastIndex(l => l.At <= mark.Tail[^1].At) + 1;
    }

    private void Change(Action change)
    {
        TaskCompletionSource grown;
        lock (_lock)
        {
            change();
            grown = _grown;
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        grown.SetResult();
    }
}
