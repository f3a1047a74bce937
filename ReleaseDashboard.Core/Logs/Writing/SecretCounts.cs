using System.Text.Json;

namespace ReleaseDashboard.Core.Logs.Writing;

/// <summary>
/// How often which task printed a secret, in a small file beside the log: it outlives the process, the next attempt goes on counting, and pruning leaves it. Written at the first of
/// a task, when a count has doubled, and at the end: a killed process loses a part of a count, never a finding.
/// </summary>
internal sealed class SecretCounts(string path)
{
    private readonly Dictionary<string, SecretFinding> _findings = Read(path).ToDictionary(f => f.Task);
    private volatile IReadOnlyList<SecretFinding>? _snapshot;
    private long _total;
    private long _saved;

    public IReadOnlyList<SecretFinding> All
    {
        get
        {
            if (_snapshot is { } snapshot) return snapshot;
            lock (_findings) return _snapshot = [.. _findings.Values.OrderBy(f => f.FirstLine)];
        }
    }

    public static IReadOnlyList<SecretFinding> Read(string path)
    {
        // Asked for by every page of a run: nearly none has any.
        if (!File.Exists(path)) return [];
        try
        {
            return JsonSerializer.Deserialize<SecretFinding[]>(File.ReadAllBytes(path)) ?? [];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return [];
        }
    }

    public void Add(string task, int count, long line)
    {
        bool isNew;
        lock (_findings)
        {
            isNew = !_findings.TryGetValue(task, out var known);
            _findings[task] = isNew ? new(task, count, line) : known! with { Count = known.Count + count };
            _snapshot = null;
            _total += count;
        }
        if (isNew || _total >= 2 * _saved) Save();
    }

    public void Save()
    {
        if (_total == _saved) return;
        _saved = _total;
        File.WriteAllBytes(path + LogPaths.Unfinished, JsonSerializer.SerializeToUtf8Bytes(All));
        File.Move(path + LogPaths.Unfinished, path, overwrite: true);
    }
}
