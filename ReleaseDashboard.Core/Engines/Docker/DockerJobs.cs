using Docker.DotNet.Models;
using ReleaseDashboard.Core.Engines.Docker.Capture;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>
/// Runs jobs. The container's name is the job's identity, so a second start is refused by Docker itself. Crash points: created but not started is started by
/// the repeat; running or ended is attached to; the container stays until its result is recorded.
/// </summary>
internal sealed class DockerJobs(DockerConnection docker, DockerContainers containers, DockerOutput outputs, EngineStops stops, TimeProvider clock)
{
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);
    private const uint GraceSeconds = 2;

    public async Task<JobResult> RunAsync(EnvironmentScope scope, DesiredJob job, string task, long linesSeen, IEngineOutput output, CancellationToken cancellationToken)
    {
        var name = DockerNames.Job(scope.Environment, job.Name, scope.RunId, task);
        var id = await containers.CreateAsync(DockerSpec.Job(scope, job, task), cancellationToken);
        try
        {
            var container = await FindAsync(id, job, cancellationToken);
            if (stops.Ended(name, container) && WasKilled(container, job))
            {
                await output.WriteAsync(LogSource.Sys, $"{task} was ended when the engine stopped; it is started again.", cancellationToken);
                await containers.RemoveAsync(id, cancellationToken);
                id = await containers.CreateAsync(DockerSpec.Job(scope, job, task), cancellationToken);
                container = await FindAsync(id, job, cancellationToken);
                linesSeen = 0;
            }

            using var attached = container.State?.Status == "created" ? await Attachment.TryAsync(docker, id, clock, cancellationToken) : null;
            if (container.State?.Status == "created")
            {
                await containers.StartAsync(id, job.Name, cancellationToken);
                container = await FindAsync(id, job, cancellationToken);
            }

            var limit = TimeSpan.FromSeconds(job.TimeoutSeconds);
            var timedOut = await FollowAsync(container, attached, limit, linesSeen, output, cancellationToken);
            var ended = await EndedAsync(id, job, cancellationToken);
            var duration = DockerView.Time(ended.State?.FinishedAt) - DockerView.StartedAt(ended) ?? TimeSpan.Zero;
            // An attempt before us may have stopped it at its time limit and died before it could say so.
            timedOut |= duration >= limit && ended.State?.ExitCode is 137 or 143;
            return new JobResult(timedOut ? null : (int?)ended.State?.ExitCode, timedOut, ended.State?.OOMKilled == true, duration);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await EndAsync(id);
            throw;
        }
        catch (EngineException)
        {
            // It could not be started: nothing ran, so nothing is kept.
            await EndAsync(id);
            throw;
        }
    }

    /// <summary>
    /// It lies there killed, neither for its memory nor for its time. Where the engine (or the machine) was stopped under it, it never came to its end, so it is run
    /// again: that is not its failure. 255 is what the engine writes for those it finds dead when it starts.
    /// </summary>
    private static bool WasKilled(ContainerInspectResponse container, DesiredJob job) =>
        container.State is { Status: "exited" or "dead", ExitCode: 137 or 143 or 255, OOMKilled: false }
        && !(DockerView.Time(container.State.FinishedAt) - DockerView.StartedAt(container) >= TimeSpan.FromSeconds(job.TimeoutSeconds));

    /// <summary>The engine went away while the job was waited for: if it now lies there killed, that was the reason.</summary>
    public void Away(EnvironmentScope scope, DesiredJob job, string task) => stops.Saw(DockerNames.Job(scope.Environment, job.Name, scope.RunId, task));

    public async Task RemoveAsync(EnvironmentScope scope, DesiredJob job, string task, CancellationToken cancellationToken) =>
        await containers.RemoveAsync(DockerNames.Job(scope.Environment, job.Name, scope.RunId, task), cancellationToken);

    /// <summary>Gives the output until the job ends or its time is over (counted from its own start). True when it was over.</summary>
    private async Task<bool> FollowAsync(ContainerInspectResponse container, Attachment? attached, TimeSpan limit, long linesSeen, IEngineOutput output, CancellationToken cancellationToken)
    {
        var used = DockerView.StartedAt(container) is { } started ? clock.GetUtcNow() - started : TimeSpan.Zero;
        var left = limit - used;
        var running = container.State?.Running == true;
        using var timeUp = new CancellationTokenSource(running ? left > TimeSpan.Zero ? left : TimeSpan.Zero : Timeout.InfiniteTimeSpan, clock);
        var stopped = Task.CompletedTask;
        await using (timeUp.Token.Register(() => stopped = StopAsync(container.ID, cancellationToken)))
        {
            if (attached is not null) linesSeen = await HearAsync(attached, linesSeen, output, cancellationToken);
            // The process ended, and with it the connection: all was heard. Otherwise Docker's log is read from where it broke off.
            if (attached is null || !await EndsAsync(container.ID, cancellationToken)) await ReadAsync(container.ID, linesSeen, output, cancellationToken);
        }

        await stopped;
        return timeUp.IsCancellationRequested;
    }

    /// <summary>Gives what the attached connection says to its end. Returns how many lines are seen now.</summary>
    private static async Task<long> HearAsync(Attachment attached, long linesSeen, IEngineOutput output, CancellationToken cancellationToken)
    {
        var number = 0L;
        while (await attached.ReadAsync(cancellationToken) is { } read)
        {
            var (source, lines) = read;
            for (; number < linesSeen && !lines.IsEmpty; number++) lines = lines[(lines.Span.IndexOf((byte)'\n') + 1)..];
            if (lines.IsEmpty) continue;
            number += OutputText.Count(lines.Span);
            await output.WriteLinesAsync(source, lines, cancellationToken);
        }

        return Math.Max(number, linesSeen);
    }

    /// <summary>Docker writes down that a process ended a moment after its output did.</summary>
    private async Task<bool> EndsAsync(string id, CancellationToken cancellationToken)
    {
        using var soon = new CancellationTokenSource(EndTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(soon.Token, cancellationToken);
        try
        {
            await WaitAsync(id, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task ReadAsync(string id, long linesSeen, IEngineOutput output, CancellationToken cancellationToken)
    {
        var number = 0L;
        await foreach (var line in outputs.ReadToTheEndAsync(id, token => WaitAsync(id, token), cancellationToken))
        {
            if (++number > linesSeen) await output.WriteAsync(line.Source, line.Text, cancellationToken);
        }
    }

    private Task StopAsync(string id, CancellationToken cancellationToken) => containers.StopAsync(id, GraceSeconds, cancellationToken);

    /// <summary>The output may end a moment before Docker has written the exit code: wait for it.</summary>
    private async Task<ContainerInspectResponse> EndedAsync(string id, DesiredJob job, CancellationToken cancellationToken)
    {
        var container = await FindAsync(id, job, cancellationToken);
        if (container.State?.Running != true) return container;
        await WaitAsync(id, cancellationToken);
        return await FindAsync(id, job, cancellationToken);
    }

    private Task<ContainerWaitResponse> WaitAsync(string id, CancellationToken cancellationToken) =>
        docker.CallAsync(client => client.Containers.WaitContainerAsync(id, cancellationToken), cancellationToken);

    private async Task<ContainerInspectResponse> FindAsync(string id, DesiredJob job, CancellationToken cancellationToken) =>
        await containers.InspectAsync(id, cancellationToken)
        ?? throw new EngineException($"The job {job.Name} was removed by somebody else while it ran.") { Suggestion = "Run the deployment again." };

    private async Task EndAsync(string id)
    {
        using var limit = new CancellationTokenSource(CleanUpTime);
        try
        {
            await containers.StopAsync(id, GraceSeconds, limit.Token);
            await containers.RemoveAsync(id, limit.Token);
        }
        catch (Exception problem) when (problem is EngineUnavailableException or EngineException or OperationCanceledException)
        {
            // The engine is away; the job goes with its environment.
        }
    }
}
