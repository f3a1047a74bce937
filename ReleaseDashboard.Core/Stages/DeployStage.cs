using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Planning;
using ReleaseDashboard.Core.Routing;

namespace ReleaseDashboard.Core.Stages;

/// <summary>
/// What setup, patch and a custom workflow have in common: load what should be, look at what is, plan, say the plan, carry it out step by step, and write
/// down what is true now. Called again after a crash it does the same, and what is done already turns out to be right.
/// </summary>
internal abstract class DeployStage(StageTools tools, IDesiredStates states) : IStageRunner
{
    public abstract IReadOnlyCollection<Stage> Stages { get; }

    public async Task<RunResult> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        var run = context.Run;
        using var cancellation = new RunCancellation(tools.Records, run.Id, run.Attempt, tools.Clock, cancellationToken);
        var log = new TaskLog(context.Log, "");
        var receipts = new ReceiptBook();
        var images = new ImagePulls(tools.Engine);
        StepBoard? board = null;
        try
        {
            if (run.Environment is not { } environment) throw new InvalidOperationException($"Run {run.Id} of stage {run.Stage} names no environment.");
            cancellationToken.ThrowIfCancellationRequested();
            var loading = states.LoadAsync(StateRequest.Of(run), cancellationToken);
            var observing = tools.Engine.ObserveAsync(environment, cancellationToken);
            var applying = tools.Records.ReadAppliedAsync(environment, cancellationToken);
            await Task.WhenAll(loading, observing, applying);
            var (outcome, observed, applied) = (await loading, await observing, await applying);
            if (!outcome.Accepted) return await StageEnd.FailAsync(log, PlanText.Failure(outcome.Refusal), receipts, cancellationToken);
            var loaded = outcome.Value;
            var plan = Planner.Plan(loaded.Desired, observed, applied, run.Stage, run.Workflow);
            var paused = observed.Instances.Count > 0 && observed.Instances.All(i => i.Status == InstanceStatus.Exited);
            foreach (var line in PlanText.Lines(run, loaded, plan, resumes: paused)) await log.SayAsync(line, cancellationToken);
            if (Refuse(run, loaded, observed) is { } refusal) return await StageEnd.FailAsync(log, refusal, receipts, cancellationToken);

            await LeftJobs.RemoveOthersAsync(tools.Engine, run, observed, log, receipts, cancellationToken);
            var steps = PlannedStep.From(plan.Steps);
            var (before, after) = Surround(plan);
            board = new StepBoard(context.Journal, context.Log, [.. before, .. steps, .. after], await context.Journal.ReadStepsAsync(cancellationToken), tools.Clock);
            var work = new EnvironmentWork(context, tools, loaded.Desired, observed, applied, plan, board, receipts, images, cancellation);
            Begin(work);
            StartPulls(work, steps, cancellationToken);

            var executor = new WorkflowExecutor(board, log, new JudgedTasks(new EnvironmentTasks(work), tools.Logs, run));
            var result = await executor.RunAsync([.. before, .. steps], cancellationToken);
            if (result.Succeeded) result = await executor.RunAsync(after, cancellationToken);
            else board.CancelRest("not run: the workflow failed");
            if (result.Failure is { } failure) return await StageEnd.FailAsync(log, failure, receipts, cancellationToken);

            await CompleteAsync(work, loaded, cancellationToken);
            return RunResult.Succeeded(receipts.Close());
        }
        catch (EngineException e)
        {
            return await StageEnd.FailAsync(log, new Failure(e.Message, null, e.Suggestion), receipts, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (!await cancellation.WasRequestedAsync()) throw;
            await LeftJobs.RemoveOwnAsync(tools.Engine, run, log, receipts, cancellation);
            return await StageEnd.CancelAsync(context, log, board, receipts, cancellation);
        }
        finally
        {
            await images.SettleAsync();
            await StageEnd.CloseAsync(board, cancellation);
            if (run.Environment is { } touched) tools.Observer.Touch(touched);
        }
    }

    /// <summary>A reason not to begin. Nothing has been changed on the engine.</summary>
    protected abstract Failure? Refuse(Run run, LoadedState loaded, ObservedState observed);

    /// <summary>Steps of our own around the workflow's.</summary>
    protected virtual (IReadOnlyList<PlannedStep> Before, IReadOnlyList<PlannedStep> After) Surround(Plan plan) => ([], []);

    protected virtual void Begin(EnvironmentWork work)
    {
        // A table that knows who serves knows it better than our look at the engine, which is older.
        if (tools.Routes.ForEnvironment(work.Scope.Environment).Any(r => r.Endpoints.Count > 0)) return;
        tools.Routes.Set(work.Scope.Environment, work.RoutesWith(null), RouteLoader.Serving(work.Applied, work.Observed));
    }

    /// <summary>Everything succeeded: write down what the environment is now.</summary>
    protected abstract Task CompleteAsync(EnvironmentWork work, LoadedState loaded, CancellationToken cancellationToken);

    /// <summary>What is applied now: the services this run carried out as desired, the others as they were. One that no workflow names is not there.</summary>
    protected static DesiredState Merge(EnvironmentWork work)
    {
        var carriedOut = PlannedStep.From(work.Plan.Steps).SelectMany(s => s.Tasks).Where(t => t.Kind == TaskKind.Service).Select(t => t.Subject).ToHashSet();
        var before = (work.Applied.Desired?.Services ?? []).ToDictionary(s => s.Name);
        var services = work.Desired.Services
            .Select(s => carriedOut.Contains(s.Name) ? s : before.GetValueOrDefault(s.Name))
            .OfType<DesiredService>();
        return work.Desired with { Services = [.. services] };
    }

    private static void StartPulls(EnvironmentWork work, IReadOnlyList<PlannedStep> steps, CancellationToken cancellationToken)
    {
        foreach (var task in steps.SelectMany(s => s.Tasks))
        {
            if (task.Kind == TaskKind.Service && work.Desired.Services.FirstOrDefault(s => s.Name == task.Subject) is { } service && !work.IsKept(service))
                work.Images.Start(service.Image, service.Built, work.Board.LogOf(task), cancellationToken);
            if (task.Kind == TaskKind.Job && work.Desired.Jobs.FirstOrDefault(j => j.Name == task.Subject) is { } job && work.Board.EndedEarlier(task) is null)
                work.Images.Start(job.Image, job.Built, work.Board.LogOf(task), cancellationToken);
        }
    }
}
