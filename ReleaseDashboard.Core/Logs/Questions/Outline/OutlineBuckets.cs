namespace ReleaseDashboard.Core.Logs.Questions.Outline;

/// <summary>Counts over stretches of lines. The stretches double when there are too many, so that a log of any length takes the same memory.</summary>
internal sealed class OutlineBuckets
{
    public const int Most = 4096;

    private readonly List<OutlineBucket> _buckets = [];
    private long _size = 1;

    /// <param name="line">1-based, in order.</param>
    /// <param name="bytes">Length of its text.</param>
    public void Add(long line, LineMark mark, long bytes)
    {
        var at = Reach(line);
        var bucket = _buckets[at];
        _buckets[at] = new OutlineBucket(bucket.Lines + 1, bucket.Errors + (mark == LineMark.Error ? 1 : 0), bucket.Warnings + (mark == LineMark.Warning ? 1 : 0), bucket.Bytes + bytes);
    }

    /// <summary>There are stretches up to a line; its place.</summary>
    public int Reach(long line)
    {
        if (line < 1) return 0;
        while ((line - 1) / _size >= Most)
        {
            Join(_buckets);
            _size *= 2;
        }
        var at = (int)((line - 1) / _size);
        while (_buckets.Count <= at) _buckets.Add(default);
        return at;
    }

    /// <summary>At most so many buckets, and how many lines each stands for.</summary>
    public (long Size, IReadOnlyList<OutlineBucket> Buckets) Take(int most)
    {
        var taken = new List<OutlineBucket>(_buckets);
        var size = _size;
        while (taken.Count > most)
        {
            Join(taken);
            size *= 2;
        }
        return (size, taken);
    }

    private static void Join(List<OutlineBucket> buckets)
    {
        var joined = (buckets.Count + 1) / 2;
        for (var i = 0; i < joined; i++)
        {
            var a = buckets[2 * i];
            var b = (2 * i) + 1 < buckets.Count ? buckets[(2 * i) + 1] : default;
            buckets[i] = new OutlineBucket(a.Lines + b.Lines, a.Errors + b.Errors, a.Warnings + b.Warnings, a.Bytes + b.Bytes);
        }
        buckets.RemoveRange(joined, buckets.Count - joined);
    }
}
