using System.Formats.Tar;
using System.Text;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Docker.BuildKit;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Stages;
using ReleaseDashboard.Core.Verdicts;
using ReleaseDashboard.Tests.Docker;
using ReleaseDashboard.Tests.Support;

namespace ReleaseDashboard.Tests.Verdicts;

/// <summary>What the verdict was made from, as far as a run shows it afterwards.</summary>
internal static class Recorder
{
    public static async Task<FailureFacts> FactsAsync(ILogStore logs, Run run, string task, Failure failure, CancellationToken cancellationToken)
    {
        var own = (await logs.ReadAsync(run.LogId, 1, 1000, cancellationToken)).Lines.Where(l => l.Task == task).ToList();
        // The dashboard's last word on the task is what was known without looking further.
        var summary = own.Last(l => l.Source == LogSource.Sys).Text.TrimEnd('.') + ".";
        return new FailureFacts(run.Stage, task, summary, failure.Clues ?? new FailureClues(), [.. own.Select(l => new FactLine(l.Number, l.Text, LineMarks.Of(l.Text) == LineMark.Error, l.Source != LogSource.Sys))]);
    }
}

/// <summary>Builds one Dockerfile on the real engine, as the stage does.</summary>
internal sealed class Building(string instructions) : ITaskPerformer
{
    public async Task<TaskResult> PerformAsync(PlannedTask task, TaskLog log, CancellationToken cancellationToken)
    {
        var request = new ImageBuildRequest(
            $"release-test/web:verdict-{Guid.NewGuid():N}", "Dockerfile", null, new Dictionary<string, string>(), new Dictionary<string, string>(), WriteAsync, NoCache: true);
        var result = await new BuildKitImageBuilder(DockerLab.Connection).BuildAsync(request, new Output(log), cancellationToken);
        if (result.Failure is not { } failure) return TaskResult.Succeeded();
        var line = await log.SayAsync(failure.Summary, cancellationToken);
        return TaskResult.Failed(failure with { Line = line });
    }

    public Task<TaskResult?> RestoreAsync(PlannedTask task, RunTask ended, CancellationToken cancellationToken) => Task.FromResult<TaskResult?>(null);

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        await using var tar = new TarWriter(stream, TarEntryFormat.Gnu, leaveOpen: true);
        using var text = new MemoryStream(Encoding.UTF8.GetBytes($"FROM {TestImages.Busybox}\n{instructions}\n"));
        await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, "Dockerfile") { DataStream = text }, cancellationToken);
    }

    private sealed class Output(TaskLog log) : IBuildOutput
    {
        public ValueTask WriteAsync(LogSource source, string text, CancellationToken cancellationToken) => log.WriteAsync(source, text, cancellationToken);

        public ValueTask StepsAsync(IReadOnlyList<BuildStep> steps, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
