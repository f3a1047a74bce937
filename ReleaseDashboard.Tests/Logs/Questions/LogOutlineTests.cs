using System.Text;
using Microsoft.Extensions.Time.Testing;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Logs.Questions.Outline;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Stages;
using Xunit;

namespace ReleaseDashboard.Tests.Logs.Questions;

public sealed class LogOutlineTests : IDisposable
{
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Theory]
    [InlineData(1, 10)]
    [InlineData(700, 200)]
    [InlineData(20_000, 100)]
    public async Task Outline_AskedWhileTheLogGrows_IsTheSameAsReadAtOnce(int lines, int buckets)
    {
        var growing = _logs.Questions();
        var frame = new OutlineFrame([], buckets);
        await using (var writer = _logs.Store.OpenWriter("run-1", []))
        {
            for (var i = 0; i < 7; i++)
            {
                await RandomLogs.WriteAsync(writer, i, lines / 7);
                await growing.OutlineAsync("run-1", frame, LogFixture.Cancellation);
            }
            writer.Complete();
        }

        var now = await growing.OutlineAsync("run-1", frame, LogFixture.Cancellation);
        var all = await _logs.Store.AllAsync("run-1");
        var marks = all.Select(l => LineMarks.Of(l.Text)).ToList();
        Assert.Equivalent(await _logs.Questions().OutlineAsync("run-1", frame, LogFixture.Cancellation), now, strict: true);
        Assert.Equal((all.Count, true), (now.TotalLines, now.Ended));
        Assert.Equal((marks.Count(m => m == LineMark.Error), marks.Count(m => m == LineMark.Warning)), (now.Errors, now.Warnings));
        Assert.Equal(marks.IndexOf(LineMark.Error) is var first and >= 0 ? first + 1 : null, now.FirstError);
        Assert.True(now.Buckets.Count <= buckets);
        Assert.Equal(
            marks.Zip(all).Chunk((int)now.BucketSize).Select(c => new OutlineBucket(c.Length, c.Count(m => m.First == LineMark.Error), c.Count(m => m.First == LineMark.Warning), c.Sum(m => (long)Encoding.UTF8.GetByteCount(m.Second.Text)))),
            now.Buckets);
        foreach (var group in now.Groups.Where(g => g is { Kind: "task", Ranges: not null }))
        {
            var own = all.Where(l => l.Task == group.Name).Select(l => l.Number).ToList();
            Assert.Equal(own, group.Ranges!.SelectMany(r => Enumerable.Range((int)r.From, (int)(r.To - r.From + 1))).Select(n => (long)n));
            Assert.Equal((own.Count, own[0], own[^1]), (group.Lines, group.First!.Value, group.Last!.Value));
        }
    }

    [Fact]
    public async Task Outline_OfABuild_HasItsStepsInTheirTaskInTheirStep()
    {
        await using (var writer = _logs.Store.OpenWriter("run-2", []))
        {
            await writer.WriteAsync(LogSource.Sys, "", "Build of shop", LogFixture.Cancellation);
            await writer.WriteAsync(LogSource.Sys, "images.web", "#1 [1/2] FROM base", LogFixture.Cancellation);
            await writer.WriteAsync(LogSource.Sys, "images.web", "#1 cached", LogFixture.Cancellation);
            await writer.WriteAsync(LogSource.Sys, "images.web", "#2 [2/2] RUN make", LogFixture.Cancellation);
            await writer.WriteAsync(LogSource.Sys, "images.api", "#1 [1/1] COPY . .", LogFixture.Cancellation);
            await writer.WriteAsync(LogSource.Err, "images.web", "#2 make: *** [all] Error 1", LogFixture.Cancellation);
            await writer.WriteAsync(LogSource.Err, "images.web", "#2 error process \"make\" did not complete successfully: exit code: 2", LogFixture.Cancellation);
        }
        var task = new RunTask("images.web", RunStatus.Failed, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(3), 2, 7, null);
        var steps = new[] { new RunStep("build", RunStatus.Failed, [task, task with { Name = "images.api", Status = RunStatus.Canceled }, task with { Name = "images.none", Status = RunStatus.Queued, StartedAt = null, FinishedAt = null }]) };

        var outline = await _logs.Questions().OutlineAsync("run-2", new OutlineFrame(steps, 200), LogFixture.Cancellation);

        Assert.Equal(
            [
                ("step:1", null, "build", "step", RunStatus.Failed, 6, 2), ("images.web", "step:1", "images.web", "task", RunStatus.Failed, 5, 2), ("images.web#1", "images.web", "[1/2] FROM base", "build", RunStatus.Succeeded, 2, 0),
                ("images.web#2", "images.web", "[2/2] RUN make", "build", RunStatus.Failed, 3, 2), ("images.api", "step:1", "images.api", "task", RunStatus.Canceled, 1, 0), ("images.api#1", "images.api", "[1/1] COPY . .", "build", RunStatus.Canceled, 1, 0),
                ("images.none", "step:1", "images.none", "task", RunStatus.Queued, 0, 0),
            ],
            outline.Groups.Select(g => (g.Key, g.Parent, g.Name, g.Kind, g.Status!.Value, (int)g.Lines, (int)g.Errors)));
        Assert.Equal([new(2, 7)], outline.Groups[0].Ranges!);
        Assert.Equal([new(2, 4), new(6, 7)], outline.Groups[1].Ranges!);
        Assert.Equal((TimeSpan.FromSeconds(3), 6L), (outline.Groups[0].FinishedAt - outline.Groups[0].StartedAt, outline.FirstError));
    }

    [Fact]
    public async Task Outline_OfATaskThatIsNamedTwice_HasEachWithItsOwnLines()
    {
        var planned = PlannedStep.From([new WorkflowStep("first", ["jobs.load"], true, true), new WorkflowStep("second", ["jobs.load"], true, true)]);
        await using (var writer = _logs.Store.OpenWriter("run-4", []))
        {
            foreach (var (task, lines) in planned.SelectMany(s => s.Tasks).Zip([2, 3]))
            {
                for (var i = 0; i < lines; i++) await writer.OutAsync($"line {i}", task.Id);
            }
        }
        var steps = planned.Select(s => new RunStep(s.Name, RunStatus.Succeeded, [.. s.Tasks.Select(t => new RunTask(t.Id, RunStatus.Succeeded, null, null, null, null, null))])).ToList();

        var outline = await _logs.Questions().OutlineAsync("run-4", new OutlineFrame(steps, 200), LogFixture.Cancellation);

        Assert.Equal([("step:1", 2L, 1L), ("jobs.load", 2, 1), ("step:2", 3, 3), ("jobs.load#2", 3, 3)], outline.Groups.Select(g => (g.Key, g.Lines, g.First!.Value)));
    }

    [Fact]
    public async Task Outline_WithMoreRangesThanCanBeTold_LeavesThoseOfTheLargestGroupsOut()
    {
        await using (var writer = _logs.Store.OpenWriter("run-3", []))
        {
            for (var i = 0; i < 2700; i++)
            {
                await writer.OutAsync("a", "jobs.a");
                await writer.OutAsync("b", "jobs.b");
            }
            await writer.OutAsync("c", "jobs.c");
        }
        var outline = await _logs.Questions().OutlineAsync("run-3", new OutlineFrame([], 200), LogFixture.Cancellation);
        Assert.Single(outline.Groups, g => g.Ranges is null);
        Assert.Equal([new(5401, 5401)], outline.Groups.Single(g => g.Name == "jobs.c").Ranges!);
    }

    [Fact]
    public async Task Outline_NobodyAsksForAnyMore_IsForgotten()
    {
        var clock = new FakeTimeProvider();
        using var cache = new OutlineCache(clock);
        var questions = new LogQuestions(_logs.Store, cache);
        for (var i = 1; i <= 40; i++)
        {
            await using (var writer = _logs.Store.OpenWriter($"run-{i}", [])) await writer.OutAsync("a");
            await questions.OutlineAsync($"run-{i}", new OutlineFrame(null, 10), LogFixture.Cancellation);
        }
        Assert.Equal(32, cache.Count);
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public async Task Outline_OfALogThatIsNotThere_IsEmpty()
    {
        var outline = await _logs.Questions().OutlineAsync("run-9", new OutlineFrame(null, 10), LogFixture.Cancellation);
        Assert.Equal((0, null), (outline.TotalLines, outline.FirstError));
        Assert.Empty(outline.Groups);
    }
}
