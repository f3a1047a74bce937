using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Planning;

namespace ReleaseDashboard.Core.Stages;

/// <summary>
/// The workflow's own tasks first, then everything the environment ever created. Nothing stands in the way of the removal: not a template that is broken, not a
/// job that fails, not a setup that never succeeded, not engine objects that are gone already.
/// </summary>
internal sealed class TeardownStage(StageTools tools, IDesiredStates states, IInstanceLogs outputs) : IStageRunner
{
    private static readonly PlannedTask Removal = new(PlannedStep.RemoveEnvironment, TaskKind.RemoveEnvironment, PlannedStep.RemoveEnvironment);

    public IReadOnlyCollection<Stage> Stages { get; } = [Stage.Teardown];

    public async Task<RunResult> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        var run = context.Run;
        var environment = run.Environment ?? throw new InvalidOperationException($"Run {run.Id} of stage {run.Stage} names no environment.");
        using var cancellation = new RunCancellation(tools.Records, run.Id, run.Attempt, tools.Clock, cancellationToken);
        var log = new TaskLog(context.Log, "");
        var receipts = new ReceiptBook();
        var images = new ImagePulls(tools.Engine);
        StepBoard? board = null;
        try
        {
            await log.SayAsync($"Teardown of {environment} ({run.Application}){(run.Attempt > 1 ? $", attempt {run.Attempt}" : "")}", cancellationToken);
            var observed = await tools.Engine.ObserveAsync(environment, cancellationToken);
            var applied = await tools.Records.ReadAppliedAsync(environment, cancellationToken);
            var (desired, plan) = await PlanAsync(run, applied, observed, log, cancellationToken);
            var own = OwnSteps(plan);
            var last = new PlannedStep(RemovalName(plan), [Removal]);
            board = new StepBoard(context.Journal, context.Log, [.. own, last], await context.Journal.ReadStepsAsync(cancellationToken), tools.Clock);
            var result = new WorkflowResult([], false);
            if (own.Count > 0)
            {
                var work = new EnvironmentWork(context, tools, desired!, observed, applied, plan!, board, receipts, images, cancellation);
                result = await new WorkflowExecutor(board, log, new JudgedTasks(new EnvironmentTasks(work), tools.Logs, run), ignoreHalts: true).RunAsync(own, cancellationToken);
            }

            return await RemoveAsync(environment, log, board, last, receipts, result, cancellationToken);
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
            tools.Observer.Touch(environment);
        }
    }

    private async Task<RunResult> RemoveAsync(string environment, TaskLog log, StepBoard board, PlannedStep step, ReceiptBook receipts, WorkflowResult own, CancellationToken cancellationToken)
    {
        await log.SayAsync($"Step {step.Name}: {Removal.Id}", cancellationToken);
        board.Start(Removal);
        receipts.Add(tools.Routes.ForEnvironment(environment).Select(r => new ReceiptItem(ReceiptAction.Removed, "route", r.Hostname)));
        tools.Routes.Remove(environment);
        try
        {
            var removed = await tools.Engine.RemoveEnvironmentAsync(environment, board.LogOf(Removal), cancellationToken);
            receipts.Add(removed.Items);
            var left = removed.Left is { } counted ? $"{counted} left" : "what is left is not known";
            board.Finish(Removal, removed.Left == 0 ? RunStatus.Succeeded : RunStatus.Failed, $"{removed.Items.Count} removed, {left}");
            await log.SayAsync($"Teardown: {removed.Items.Count} objects removed, {left} on the engine", cancellationToken);
            if (removed.Left == 0)
            {
                await DeleteOutputsAsync(environment, log, cancellationToken);
                return new RunResult(RunStatus.Succeeded, receipts.Close(0), own.Failure);
            }

            var problem = removed.Left is { } still ? $"{still} objects of {environment} are still on the engine." : $"The engine did not say what is left of {environment}.";
            return RunResult.Failed(new Failure(problem, null, "Delete the environment again; what is left is named in the log."), receipts.Close(removed.Left));
        }
        catch (EngineException e)
        {
            board.Finish(Removal, RunStatus.Failed, e.Message);
            return await StageEnd.FailAsync(log, new Failure(e.Message, null, e.Suggestion ?? "Delete the environment again."), receipts, cancellationToken);
        }
    }

    /// <summary>What its instances printed goes with it. A file that cannot be deleted is no reason to keep the environment.</summary>
    private async Task DeleteOutputsAsync(string environment, TaskLog log, CancellationToken cancellationToken)
    {
        try
        {
            var others = (await tools.Records.ListEnvironmentsAsync(cancellationToken)).Select(e => e.Id).Where(id => id != environment);
            await outputs.DeleteAsync(environment, others, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            await log.SayAsync($"The copied output of the instances could not be deleted: {e.Message}", cancellationToken);
        }
    }

    /// <summary>Null when what should be cannot be said any more: then there is only the removal.</summary>
    private async Task<(DesiredState? Desired, Plan? Plan)> PlanAsync(Run run, AppliedState applied, ObservedState observed, TaskLog log, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await states.LoadAsync(StateRequest.Of(run), cancellationToken);
            if (outcome.Accepted)
            {
                var plan = Planner.Plan(outcome.Value.Desired, observed, applied, Stage.Teardown);
                foreach (var line in PlanText.Lines(run, outcome.Value, plan)) await log.SayAsync(line, cancellationToken);
                return (outcome.Value.Desired, plan);
            }

            await log.SayAsync($"The workflow's own tasks are left out: {outcome.Refusal.Message}", cancellationToken);
        }
        catch (Exception e) when (e is not (OperationCanceledException or EngineUnavailableException or RunLostException))
        {
            await log.SayAsync($"The workflow's own tasks are left out, because what should be cannot be computed: {e.Message}", cancellationToken);
        }

        return (null, null);
    }

    /// <summary>Jobs only, and none of them stops what follows: a service that is about to be removed is not started first.</summary>
    private static List<PlannedStep> OwnSteps(Plan? plan) => plan is null ? [] :
    [
        .. PlannedStep.From(plan.Steps)
            .Select(s => s with { Tasks = [.. s.Tasks.Where(t => t.Kind == TaskKind.Job)], HaltOnError = false })
            .Where(s => s.Tasks.Count > 0),
    ];

    private static string RemovalName(Plan? plan) =>
        plan?.Steps.LastOrDefault(s => s.Tasks.Contains(PlannedStep.RemoveEnvironment) && s.Tasks.Count == 1)?.Name ?? "remove";
}
