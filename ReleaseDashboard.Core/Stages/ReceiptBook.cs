using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>Collects what a run changed. The same thing said twice stands once, with its last words.</summary>
internal sealed class ReceiptBook
{
    private readonly Lock _lock = new();
    private readonly List<ReceiptItem> _items = [];

    public void Add(params IEnumerable<ReceiptItem> items)
    {
        lock (_lock)
        {
            foreach (var item in items)
            {
                var same = _items.FindIndex(i => i.Kind == item.Kind && i.Name == item.Name && i.Action == item.Action);
                if (same >= 0) _items[same] = item;
                else _items.Add(item);
            }
        }
    }

    public Receipt Close(int? left = null)
    {
        lock (_lock) return new Receipt([.. _items], left);
    }
}
