namespace ReleaseDashboard.Core.Logs.Questions.Diff;

/// <summary>Joins lines that follow each other into rows. Answers false when there is no room for another row.</summary>
internal sealed class DiffRows(int most)
{
    private readonly List<DiffRow> _rows = [];

    public IReadOnlyList<DiffRow> Rows => _rows;

    public bool Same(long left, long right) => Add(DiffKind.Same, left, right);

    public bool Removed(long left) => Add(DiffKind.Removed, left, null);

    public bool Added(long right) => Add(DiffKind.Added, null, right);

    private bool Add(DiffKind kind, long? left, long? right)
    {
        if (_rows.Count > 0 && _rows[^1] is var last && last.Kind == kind && Follows(last.Left, left) && Follows(last.Right, right))
        {
            _rows[^1] = new DiffRow(kind, On(last.Left, left), On(last.Right, right));
            return true;
        }
        if (_rows.Count >= most) return false;
        _rows.Add(new DiffRow(kind, On(null, left), On(null, right)));
        return true;
    }

    private static bool Follows(LineRange? range, long? line) => line is null || range?.To == line - 1;

    private static LineRange? On(LineRange? range, long? line) => line is not { } to ? null : new LineRange(range?.From ?? to, to);
}
