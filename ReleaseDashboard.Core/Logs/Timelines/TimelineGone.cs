using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Timelines;

/// <summary>Which lines of a timeline are not in the logs any more that it is made of: of a log that was pruned all, of one whose oldest lines were dropped those.</summary>
/// <param name="Ranges">In order and apart from each other.</param>
/// <param name="Pruned">Null when nothing is gone.</param>
internal sealed record TimelineGone(IReadOnlyList<LineRange> Ranges, LogPruned? Pruned)
{
    private const int NamesTold = 5;

    private static readonly TimelineGone Nothing = new([], null);

    /// <summary>Milliseconds within which a folder may change twice and say the same time.</summary>
    private const long Blur = 100;

    /// <summary>By timeline, with the time of the folder: nothing in it goes without changing that, and lines that are written do not change it.</summary>
    private static readonly ConcurrentDictionary<string, Seen> Known = new();

    /// <param name="At">The folder's time, which was first seen at <paramref name="Tick"/>.</param>
    /// <param name="Sure">Looked at when the folder had been quiet.</param>
    private sealed record Seen(DateTime At, long Tick, bool Sure, TimelineGone Gone);

    public static TimelineGone Of(SafeFileHandle records, string path, IReadOnlyList<TimelineMember> members)
    {
        var folder = Path.GetDirectoryName(path)!;
        var (at, tick) = (Directory.GetLastWriteTimeUtc(folder), Environment.TickCount64);
        var known = Known.GetValueOrDefault(path);
        if (known is { Sure: true } && known.At == at) return known.Gone;
        if (known?.At == at) tick = known.Tick;
        var gone = Look(records, folder, members);
        Known[path] = new Seen(at, tick, Environment.TickCount64 - tick > Blur, gone);
        return gone;
    }

    public static void Forget(string path) => Known.TryRemove(path, out _);

    private static TimelineGone Look(SafeFileHandle records, string folder, IReadOnlyList<TimelineMember> members)
    {
        var lost = members.Select(m => Lost.Of(LogPaths.Of(folder, m.LogId))).ToArray();
        if (Array.TrueForAll(lost, l => l.Last == 0)) return Nothing;
        var ranges = new List<LineRange>();
        var bytes = new byte[TimelineRecord.Size * 4096];
        var before = default(TimelineRecord);
        for (long number = 1, taken; ; number += taken)
        {
            var read = RandomAccess.Read(records, bytes, number * TimelineRecord.Size) / TimelineRecord.Size;
            for (taken = 0; taken < read; taken++)
            {
                if (TimelineRecord.Parse(bytes.AsSpan((int)taken * TimelineRecord.Size, TimelineRecord.Size)) is not { } record || record.Log > lost.Length) return Told();
                var of = lost[record.Log - 1];
                var lines = Math.Min(of.Last - record.FirstLine + 1, record.LineEnd - before.LineEnd);
                if (lines > 0)
                {
                    LineRange.Add(ranges, new LineRange(before.LineEnd + 1, before.LineEnd + lines));
                    of.Lines += lines;
                    of.Bytes += lines == record.LineEnd - before.LineEnd ? record.TextEnd - before.TextEnd : 0;
                }
                before = record;
            }
            if (read < 4096) return Told();
        }

        TimelineGone Told()
        {
            if (ranges.Count == 0) return Nothing;
            var of = members.Zip(lost).Where(l => l.Second.Lines > 0).ToList();
            var newest = of.MaxBy(l => l.Second.Note?.At ?? DateTimeOffset.MinValue).Second.Note;
            var names = string.Join(", ", of.Take(NamesTold).Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Second.Lines:N0} of {l.First.Name}")));
            if (of.Count > NamesTold) names += $" and others of {of.Count - NamesTold} more instances";
            var reason = newest?.Reason ?? "Their logs are not on the disk any more.";
            return new TimelineGone(ranges, new LogPruned(newest?.At ?? File.GetLastWriteTimeUtc(records), ranges[^1].To, of.Sum(l => l.Second.Bytes), $"They are lines of instances: {names}. {reason}")
            {
                Removed = of.Sum(l => l.Second.Lines),
            });
        }
    }

    /// <param name="last">Lines of the log up to this one are gone.</param>
    private sealed class Lost(long last, LogPruned? note)
    {
        public long Last => last;

        public LogPruned? Note => note;

        public long Lines { get; set; }

        public long Bytes { get; set; }

        public static Lost Of(LogPaths paths)
        {
            var note = new PrunedNote(paths.Pruned).Read();
            if (note is null && (File.Exists(paths.Index) || File.Exists(paths.Compressed))) return new Lost(0, null);
            using var log = LogFiles.Open(paths);
            return new Lost(log is null ? long.MaxValue : log.FirstLine - 1, note);
        }
    }
}
