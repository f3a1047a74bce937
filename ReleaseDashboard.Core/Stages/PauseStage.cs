using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Routing;

namespace ReleaseDashboard.Core.Stages;

/// <summary>Stops the instances and keeps everything else; setup starts them again.</summary>
internal sealed class PauseStage(StageTools tools) : IStageRunner
{
    public IReadOnlyCollection<Stage> Stages { get; } = [Stage.Pause];

    public async Task<RunResult> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        var run = context.Run;
        var environment = run.Environment ?? throw new InvalidOperationException($"Run {run.Id} of stage {run.Stage} names no environment.");
        using var cancellation = new RunCancellation(tools.Records, run.Id, run.Attempt, tools.Clock, cancellationToken);
        var log = new TaskLog(context.Log, "");
        var receipts = new ReceiptBook();
        try
        {
            await log.SayAsync($"Pause of {environment} ({run.Application}): instances are stopped, volumes and configuration stay", cancellationToken);
            var applied = await tools.Records.ReadAppliedAsync(environment, cancellationToken);
            tools.Routes.Set(environment, applied.Desired?.Routes ?? [], []);
            var scope = new EnvironmentScope(environment, run.Application, run.DeploymentId ?? 0, run.Id, run.Attempt, run.Commit ?? applied.Desired?.Scope.Commit ?? "");
            foreach (var name in await tools.Engine.StopInstancesAsync(scope, cancellationToken))
            {
                await log.SayAsync($"{name} stopped", cancellationToken);
                receipts.Add(new ReceiptItem(ReceiptAction.Kept, "instance", name, "stopped"));
            }

            var record = await tools.Records.FindEnvironmentAsync(environment, cancellationToken);
            await log.SayAsync(record is not null && PlanText.Pending(record.Applied, record.Saved) is { } pending
                ? $"Resume {pending}, and starts the instances again."
                : "Resume starts the instances again.", cancellationToken);
            return RunResult.Succeeded(receipts.Close());
        }
        catch (Engines.EngineException e)
        {
            return await StageEnd.FailAsync(log, new Failure(e.Message, null, e.Suggestion), receipts, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (!await cancellation.WasRequestedAsync()) throw;
            return await StageEnd.CancelAsync(context, log, null, receipts, cancellation);
        }
        finally
        {
            tools.Observer.Touch(environment);
        }
    }
}
