using Microsoft.Extensions.Options;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Logs.Questions.Outline;
using ReleaseDashboard.Core.Logs.Timelines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

/// <summary>A log store on real files in a folder of its own; <see cref="Reopen"/> is what a restart of the process sees.</summary>
internal sealed class LogFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private LogTimelines? _timelines;

    public LogFixture() => Store = Reopen();

    public FileLogStore Store { get; }

    public LogTimelines Timelines => _timelines ??= NewTimelines();

    public string DataDirectory => _folder.Path;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public FileLogStore Reopen() => Open(_folder.Path);

    public static FileLogStore Open(string dataDirectory, LogOptions? options = null) => new(Options.Create(new CoreOptions { DataDirectory = dataDirectory, Logs = options ?? new() }), TimeProvider.System);

    public ILogQuestions Questions(TimeProvider? clock = null) => new LogQuestions(Store, new OutlineCache(clock ?? TimeProvider.System));

    public Task<LogMatches> SearchAsync(string logId, string query, bool regex, long from, int limit, CancellationToken cancellationToken) =>
        Questions().SearchAsync(logId, new LogQuery(query, regex), from, limit, cancellationToken);

    /// <summary>As after a restart of the process.</summary>
    public LogTimelines NewTimelines(FileLogStore? store = null) => new(Options.Create(new CoreOptions { DataDirectory = _folder.Path }), store ?? Store);

    public string File(string name) => Path.Combine(_folder.Path, "logs", name);

    public void Dispose()
    {
        _timelines?.Dispose();
        _folder.Dispose();
    }
}

internal static class LogReading
{
    public static async Task<IReadOnlyList<LogLine>> AllAsync(this ILogStore store, string id)
    {
        var lines = new List<LogLine>();
        while (await store.ReadAsync(id, lines.Count + 1, 1000, LogFixture.Cancellation) is { Lines.Count: > 0 } batch) lines.AddRange(batch.Lines);
        return lines;
    }

    public static async Task<string[]> TextsAsync(this ILogStore store, string id) => [.. (await store.AllAsync(id)).Select(l => l.Text)];

    public static ValueTask<long> OutAsync(this ILogWriter writer, string text, string task = "") => writer.WriteAsync(LogSource.Out, task, text, LogFixture.Cancellation);
}
