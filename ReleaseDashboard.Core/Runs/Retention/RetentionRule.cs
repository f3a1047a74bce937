using ReleaseDashboard.Core.Logs;

namespace ReleaseDashboard.Core.Runs;

/// <param name="Owner">Environment, or application for the log of a build: the size of its logs is counted together.</param>
/// <param name="Kind">The stage, or the timeline of the service an instance is of: of each kind a living owner keeps its last.</param>
/// <param name="Living">The owner is still there.</param>
/// <param name="Over">Nothing will be added to it.</param>
internal sealed record OwnedLog(KeptLog Log, string Owner, string Kind, bool Living, bool Over);

internal sealed record ToPrune(string LogId, string Reason);

/// <summary>Which logs go: those that are older than the days, then the oldest of an owner that has too many. Pure.</summary>
internal static class RetentionRule
{
    private const long Megabyte = 1024 * 1024;

    public static IReadOnlyList<ToPrune> Choose(IEnumerable<OwnedLog> logs, LogOptions options, DateTimeOffset now)
    {
        var chosen = new List<ToPrune>();
        var oldest = now.AddDays(-options.RetentionDays);
        foreach (var owner in logs.GroupBy(l => l.Owner))
        {
            var size = owner.Sum(l => l.Log.Bytes);
            foreach (var log in owner.Where(MayGo).OrderBy(l => l.Log.WrittenAt))
            {
                var tooMuch = size > options.MaxMegabytesPerEnvironment * Megabyte;
                if (log.Log.WrittenAt >= oldest && !tooMuch) break;
                size -= log.Log.Bytes;
                chosen.Add(new ToPrune(log.Log.LogId, log.Log.WrittenAt < oldest
                    ? $"Logs are kept for {options.RetentionDays:N0} days after they end (Release:Logs:RetentionDays)."
                    : $"The logs of {log.Owner} took more than {options.MaxMegabytesPerEnvironment:N0} MB (Release:Logs:MaxMegabytesPerEnvironment), and this was the oldest that had ended."));
            }

            bool MayGo(OwnedLog log) => log is { Over: true, Log.Writing: false } && !(log.Living && IsLast(log));
            bool IsLast(OwnedLog log) => owner.Where(l => l.Kind == log.Kind).MaxBy(l => l.Log.WrittenAt) == log;
        }
        return chosen;
    }
}
