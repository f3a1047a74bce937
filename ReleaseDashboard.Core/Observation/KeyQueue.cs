using System.Threading.Channels;

namespace ReleaseDashboard.Core.Observation;

/// <summary>
/// Keys waiting to be looked at. A key stands in the queue once, however often it is added; a key added while it is being worked on comes again afterwards,
/// and is never worked on twice at once.
/// </summary>
internal sealed class KeyQueue
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _dirty = [];
    private readonly HashSet<string> _processing = [];
    private readonly Channel<string> _ready = Channel.CreateUnbounded<string>();

    public void Add(string key)
    {
        lock (_lock)
        {
            if (_dirty.Add(key) && !_processing.Contains(key)) _ready.Writer.TryWrite(key);
        }
    }

    public async ValueTask<string> TakeAsync(CancellationToken cancellationToken)
    {
        var key = await _ready.Reader.ReadAsync(cancellationToken);
        lock (_lock)
        {
            _dirty.Remove(key);
            _processing.Add(key);
        }

        return key;
    }

    public void Done(string key)
    {
        lock (_lock)
        {
            _processing.Remove(key);
            if (_dirty.Contains(key)) _ready.Writer.TryWrite(key);
        }
    }
}
