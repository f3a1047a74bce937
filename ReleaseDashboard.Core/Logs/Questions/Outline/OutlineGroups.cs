using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Questions.Outline;

/// <summary>Puts what was counted and what is recorded together: steps, in them their tasks, in them the steps of image builds.</summary>
internal static class OutlineGroups
{
    private const int MostRanges = 5000;

    public static IReadOnlyList<OutlineGroup> Of(Dictionary<int, GroupCount> tasks, SortedDictionary<(int Task, int Step), BuildCount> builds, OutlineFrame frame)
    {
        var groups = new List<OutlineGroup>();
        var left = tasks.OrderBy(t => t.Value.First).ToList();
        var steps = frame.Steps ?? [];
        for (var i = 0; i < steps.Count; i++)
        {
            var key = $"step:{i + 1}";
            var inside = new List<OutlineGroup>();
            foreach (var task in steps[i].Tasks)
            {
                var at = left.FindIndex(t => t.Value.Name == task.Name);
                var group = Group(task.Name, key, task.Name, "task", at < 0 ? null : left[at].Value) with { Status = task.Status, StartedAt = task.StartedAt, FinishedAt = task.FinishedAt };
                inside.Add(group);
                if (at < 0) continue;
                inside.AddRange(BuildsOf(left[at].Key, group, builds));
                left.RemoveAt(at);
            }
            groups.Add(Step(key, steps[i], [.. inside.Where(g => g.Parent == key)]));
            groups.AddRange(inside);
        }
        foreach (var (number, count) in left)
        {
            var group = Group(count.Name, null, count.Name, frame.Steps is null ? "instance" : "task", count);
            groups.Add(group with { StartedAt = At(count.StartedTicks), FinishedAt = null });
            groups.AddRange(BuildsOf(number, group, builds));
        }
        return WithinLimit(groups);
    }

    private static IEnumerable<OutlineGroup> BuildsOf(int task, OutlineGroup parent, SortedDictionary<(int Task, int Step), BuildCount> builds)
    {
        foreach (var (key, step) in builds)
        {
            if (key.Task != task) continue;
            var status = step.Ended ?? (parent.Status is { } of && of.IsFinal() ? of : RunStatus.Running);
            yield return Group($"{parent.Key}#{key.Step}", parent.Key, step.Count.Name, "build", step.Count) with
            {
                Status = status,
                StartedAt = At(step.Count.StartedTicks),
                FinishedAt = status.IsFinal() ? At(step.Count.LastTicks) : null,
            };
        }
    }

    private static OutlineGroup Step(string key, RunStep step, IReadOnlyList<OutlineGroup> tasks) => new(
        key, null, step.Name, "step", step.Status,
        tasks.Min(t => t.StartedAt), step.Status.IsFinal() ? tasks.Max(t => t.FinishedAt) : null,
        tasks.Sum(t => t.Lines), tasks.Sum(t => t.Errors), tasks.Sum(t => t.Warnings),
        tasks.Min(t => t.First), tasks.Max(t => t.Last), Join(tasks));

    private static OutlineGroup Group(string key, string? parent, string name, string kind, GroupCount? count) => new(
        key, parent, name, kind, null, null, null, count?.Lines ?? 0, count?.Errors ?? 0, count?.Warnings ?? 0, count?.First, count?.Last, count is null ? [] : count.Ranges is null ? null : [.. count.Ranges]);

    /// <summary>Tasks run in parallel: their lines lie between each other's.</summary>
    private static List<LineRange>? Join(IReadOnlyList<OutlineGroup> tasks)
    {
        if (tasks.Any(t => t.Ranges is null)) return null;
        var joined = new List<LineRange>();
        foreach (var range in tasks.SelectMany(t => t.Ranges!).OrderBy(r => r.From))
        {
            if (joined.Count > 0 && joined[^1].To + 1 >= range.From) joined[^1] = joined[^1] with { To = Math.Max(joined[^1].To, range.To) };
            else joined.Add(range);
        }
        return joined;
    }

    private static List<OutlineGroup> WithinLimit(List<OutlineGroup> groups)
    {
        var ranges = groups.Sum(g => g.Ranges?.Count ?? 0);
        foreach (var most in groups.OrderByDescending(g => g.Ranges?.Count ?? 0).ToList())
        {
            if (ranges <= MostRanges) break;
            ranges -= most.Ranges?.Count ?? 0;
            groups[groups.IndexOf(most)] = most with { Ranges = null };
        }
        return groups;
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
