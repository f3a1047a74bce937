using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>Makes the images of one commit, all at the same time. An image an earlier attempt of this build made is not made again.</summary>
internal sealed class BuildStage(StageTools tools, IImageBuilder builder, IGitRepositories git) : IStageRunner
{
    public IReadOnlyCollection<Stage> Stages { get; } = [Stage.Build];

    public async Task<RunResult> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        var run = context.Run;
        using var cancellation = new RunCancellation(tools.Records, run.Id, run.Attempt, tools.Clock, cancellationToken);
        var log = new TaskLog(context.Log, "");
        var receipts = new ReceiptBook();
        StepBoard? board = null;
        try
        {
            if (await LoadAsync(run, cancellationToken) is not { } work)
                return await StageEnd.FailAsync(log, new Failure($"The application {run.Application} is gone, so there is nothing to build."), receipts, cancellationToken);
            await log.SayAsync($"Build {work.Build.Id} of {work.Application.Name} at {ImageTasks.Short(work.Build.Commit)}{(run.Attempt > 1 ? $", attempt {run.Attempt}" : "")}", cancellationToken);
            if (work.Specs.Count == 0)
            {
                await log.SayAsync("Nothing to build: no service of the template has a build.", cancellationToken);
                await context.Journal.WriteBuildImagesAsync([], cancellationToken);
                return RunResult.Succeeded(Receipt.Empty);
            }

            await using var images = new ImageTasks(work, run.Trigger == "rebuild", context.Journal, builder, git, receipts, tools.Clock);
            board = new StepBoard(context.Journal, context.Log, [images.Step], await context.Journal.ReadStepsAsync(cancellationToken), tools.Clock);
            var result = await new WorkflowExecutor(board, log, new JudgedTasks(images, tools.Logs, run)).RunAsync([images.Step], cancellationToken);
            await images.FlushAsync(cancellationToken);
            if (result.Failure is { } failure) return await StageEnd.FailAsync(log, failure, receipts, cancellationToken);
            await context.Journal.WriteBuildImagesAsync(images.Made, cancellationToken);
            await log.SayAsync(images.Made.Count == 1 ? "1 image is ready" : $"{images.Made.Count} images are ready", cancellationToken);
            return RunResult.Succeeded(receipts.Close());
        }
        catch (EngineException e)
        {
            return await StageEnd.FailAsync(log, new Failure(e.Message, null, e.Suggestion), receipts, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (!await cancellation.WasRequestedAsync()) throw;
            return await StageEnd.CancelAsync(context, log, board, receipts, cancellation);
        }
        finally
        {
            await StageEnd.CloseAsync(board, cancellation);
        }
    }

    /// <summary>What to make was decided when the build was asked for; a template saved since then changes the next build, not this one.</summary>
    private async Task<BuildWork?> LoadAsync(Run run, CancellationToken cancellationToken)
    {
        var id = run.BuildId ?? throw new InvalidOperationException($"Run {run.Id} of stage {run.Stage} names no build.");
        if (await tools.Records.FindApplicationAsync(run.Application, cancellationToken) is not { } application) return null;
        if (await tools.Records.FindBuildAsync(id, cancellationToken) is not { } build) return null;
        return new BuildWork(application, build, await tools.Records.ReadBuildSpecsAsync(id, cancellationToken));
    }
}

/// <param name="Specs">One for each image.</param>
internal sealed record BuildWork(Application Application, Build Build, IReadOnlyList<BuildSpec> Specs);
