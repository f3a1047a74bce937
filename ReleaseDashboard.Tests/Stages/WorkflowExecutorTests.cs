using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Stages;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Stages;

public sealed class WorkflowExecutorTests
{
    private readonly Scripted _tasks = new();
    private readonly MemoryJournal _journal = new(new MemoryRecords(), "ted1", new CrashPoints());

    [Fact]
    public async Task TasksOfAStep_RunAtTheSameTime()
    {
        var run = RunAsync(Wanted.Step("all", ["services.a", "services.b", "jobs.c"]));
        await _tasks.StartedAsync("services.a", "services.b", "jobs.c");
        _tasks.End("jobs.c");
        _tasks.End("services.b");
        Assert.False(run.IsCompleted);
        _tasks.End("services.a");
        Assert.True((await run).Succeeded);
    }

    [Fact]
    public async Task Steps_RunInOrder()
    {
        var run = RunAsync(Wanted.Step("first", ["services.a"]), Wanted.Step("second", ["services.b"]));
        await _tasks.StartedAsync("services.a");
        Assert.Equal(["services.a"], _tasks.Started);
        _tasks.End("services.a");
        await _tasks.StartedAsync("services.b");
        _tasks.End("services.b");
        Assert.True((await run).Succeeded);
    }

    [Fact]
    public async Task WaitForFinishFalse_GoesOnAtOnceAndEndsOnlyWhenAllHave()
    {
        var run = RunAsync(Wanted.Step("slow", ["services.slow"], wait: false), Wanted.Step("next", ["services.b"]));
        await _tasks.StartedAsync("services.slow", "services.b");
        _tasks.End("services.b");
        Assert.False(run.IsCompleted);
        _tasks.End("services.slow");
        Assert.True((await run).Succeeded);
    }

    [Fact]
    public async Task HaltOnError_LetsNeighboursEndAndLeavesOutLaterSteps()
    {
        var run = RunAsync(Wanted.Step("first", ["jobs.bad", "services.a"], halt: true), Wanted.Step("second", ["services.b"]));
        await _tasks.StartedAsync("jobs.bad", "services.a");
        _tasks.End("jobs.bad", TaskResult.Failed(new Failure("bad failed.")));
        _tasks.End("services.a");
        var result = await run;
        Assert.True(result.Halted);
        Assert.Equal("bad failed.", result.Failure!.Summary);
        Assert.DoesNotContain("services.b", _tasks.Started);
        Assert.Equal([RunStatus.Failed, RunStatus.Canceled], _journal.Steps.Select(s => s.Status));
    }

    [Fact]
    public async Task HaltOnErrorOfAJob_HaltsWhateverItsStepSays()
    {
        var run = RunAsync(Wanted.Step("first", ["jobs.bad"]), Wanted.Step("second", ["services.b"]));
        _tasks.End("jobs.bad", TaskResult.Failed(new Failure("bad failed."), halts: true));
        Assert.True((await run).Halted);
        Assert.DoesNotContain("services.b", _tasks.Started);
    }

    [Fact]
    public async Task NoHalt_GoesOnAndEndsWithAllErrorsTold()
    {
        var run = RunAsync(Wanted.Step("first", ["jobs.bad"]), Wanted.Step("second", ["services.b"]), Wanted.Step("third", ["jobs.worse"]));
        _tasks.End("jobs.bad", TaskResult.Failed(new Failure("bad failed.", "line")));
        _tasks.End("services.b");
        _tasks.End("jobs.worse", TaskResult.Failed(new Failure("worse failed.")));
        var result = await run;
        Assert.False(result.Halted);
        Assert.Equal(("Completed with errors: bad failed. And 1 more.", "line"), (result.Failure!.Summary, result.Failure.Evidence));
        Assert.Equal([RunStatus.Failed, RunStatus.Succeeded, RunStatus.Failed], _journal.Steps.Select(s => s.Status));
    }

    [Fact]
    public async Task TaskThatThrowsEngineException_FailsWithItsWords()
    {
        var run = RunAsync(Wanted.Step("first", ["services.a"], halt: true));
        _tasks.Throw("services.a", new EngineException("Port 80 is taken.") { Suggestion = "Free it." });
        var result = await run;
        Assert.Equal(("Port 80 is taken.", "Free it."), (result.Failure!.Summary, result.Failure.Suggestion));
    }

    [Fact]
    public async Task EngineAway_WaitsForTheNeighboursAndStartsNothingMore()
    {
        var run = RunAsync(Wanted.Step("first", ["services.a", "jobs.b"]), Wanted.Step("second", ["services.c"]));
        await _tasks.StartedAsync("services.a", "jobs.b");
        _tasks.Throw("services.a", new EngineUnavailableException("away"));
        Assert.False(run.IsCompleted);
        _tasks.End("jobs.b");
        await Assert.ThrowsAsync<EngineUnavailableException>(() => run);
        Assert.DoesNotContain("services.c", _tasks.Started);
    }

    [Fact]
    public void Plan_TaskNamedTwice_GetsItsOwnName() =>
        Assert.Equal(
            ["jobs.a", "services.b", "jobs.a#2"],
            PlannedStep.From([Wanted.Step("one", ["jobs.a"]), Wanted.Step("two", ["services.b", "jobs.a"])]).SelectMany(s => s.Tasks).Select(t => t.Id));

    private async Task<WorkflowResult> RunAsync(params WorkflowStep[] steps)
    {
        var planned = PlannedStep.From(steps);
        await using var log = new MemoryLog().OpenWriter("run-1", []);
        await using var board = new StepBoard(_journal, log, planned, [], TimeProvider.System);
        return await new WorkflowExecutor(board, new TaskLog(log, ""), _tasks).RunAsync(planned, TestContext.Current.CancellationToken);
    }

    /// <summary>Tasks that end when the test says so.</summary>
    private sealed class Scripted : ITaskPerformer
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, TaskCompletionSource<TaskResult>> _ends = new();
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _started = new();

        public IEnumerable<string> Started => _started;

        public void End(string task, TaskResult? result = null) => Gate(task).SetResult(result ?? TaskResult.Succeeded());

        public void Throw(string task, Exception e) => Gate(task).SetException(e);

        public Task StartedAsync(params string[] tasks) => Eventually.TrueAsync(() => tasks.All(_started.Contains), $"{string.Join(", ", tasks)} are started");

        public Task<TaskResult> PerformAsync(PlannedTask task, TaskLog log, CancellationToken cancellationToken)
        {
            _started.Enqueue(task.Id);
            return Gate(task.Id).Task.WaitAsync(cancellationToken);
        }

        public Task<TaskResult?> RestoreAsync(PlannedTask task, RunTask ended, CancellationToken cancellationToken) => Task.FromResult<TaskResult?>(null);

        private TaskCompletionSource<TaskResult> Gate(string task) => _ends.GetOrAdd(task, _ => new TaskCompletionSource<TaskResult>(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
