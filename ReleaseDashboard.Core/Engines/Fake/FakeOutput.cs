using System.Runtime.CompilerServices;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Fake;

/// <summary>Lines that can be read from the first one by any number of readers while they grow.</summary>
internal sealed class FakeOutput
{
    private readonly Lock _lock = new();
    private readonly List<OutputLine> _lines = [];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    public void Add(DateTimeOffset at, LogSource source, string text) => Change(() => _lines.Add(new OutputLine(at, source, text)));

    public void End() => Change(() => _ended = true);

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
