using Docker.DotNet.Models;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <param name="Container">The ready instance; null when it did not become ready.</param>
/// <param name="Problem">Why not, as the end of a sentence that begins with the service's name.</param>
/// <param name="Clues">What else is known of it.</param>
internal sealed record Waited(ContainerInspectResponse? Container, string? Problem, FailureClues? Clues = null)
{
    public static Waited Ready(ContainerInspectResponse container) => new(container, null);
    public static Waited Failed(string problem, FailureClues? clues = null) => new(null, problem, clues);
}

/// <summary>
/// Waits until a started instance is ready, or it is certain that it will not be. Asks at once and then again in growing steps, never less often than
/// the probe's period; a process that dies is noticed by an event.
/// </summary>
internal sealed class InstanceWaiter(DockerConnection docker, DockerContainers containers, Readiness readiness, ReadinessMemory memory, TimeProvider clock)
{
    /// <summary>Docker starts a dead process again; one that waits for its database this way is given two more tries.</summary>
    private const int MostDeaths = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SettleAfterDeath = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PortPatience = TimeSpan.FromSeconds(10);

    private readonly ListeningSockets _sockets = new(docker);

    public Task<Waited> WaitAsync(DesiredService service, string id, DeathWatch watch, CancellationToken cancellationToken) =>
        DockerSpec.Probe(service) is { } probe ? ProbeAsync(probe, id, watch, cancellationToken) : SettleAsync(service, id, watch, cancellationToken);

    private async Task<Waited> ProbeAsync(ProbeTemplate probe, string id, DeathWatch watch, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        var period = TimeSpan.FromSeconds(Math.Max(0.1, probe.PeriodSeconds));
        var delay = TimeSpan.FromSeconds(Math.Max(0, probe.InitialDelaySeconds));
        var limit = delay + period * Math.Max(1, probe.FailureThreshold);
        if (delay > TimeSpan.Zero) await PauseAsync(delay, id, MostDeaths - 1, watch, cancellationToken);

        ContainerInspectResponse? container = null;
        var pause = FirstPause;
        for (var deaths = -1; ;)
        {
            var (now, exitCode) = watch.Of(id);
            if (now >= MostDeaths) return await DiedAsync(id, now, exitCode, cancellationToken);
            // Ports and addresses change with every start.
            if (now != deaths || container?.State?.Running != true)
            {
                deaths = now;
                container = await containers.InspectAsync(id, cancellationToken);
                if (container is null) return Waited.Failed("was removed by somebody else while it started");
            }

            var answer = container.State is { Running: true, Restarting: false }
                ? await readiness.AskAsync(probe, ProbeTarget.Of(container, docker.Endpoint.IsLocalLinux), cancellationToken)
                : new ProbeAnswer(false, deaths > 0 ? $"its process ended with exit code {exitCode}" : "it did not run");
            if (answer.Ready && watch.Of(id).Deaths == deaths)
            {
                memory.Remember(container, true);
                return Waited.Ready(container);
            }

            var left = limit - clock.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero) return Waited.Failed($"never became ready: {answer.Detail} for {limit.TotalSeconds:0.#} s", await CluesAsync(probe, answer, container, now, exitCode, cancellationToken));
            await PauseAsync(left < pause ? left : pause, id, deaths, watch, cancellationToken);
            pause = pause * 1.5 < period ? pause * 1.5 : period;
        }
    }

    /// <summary>Without a probe running is ready: once it has run for a moment and, if it has a public port, something listens there or ten seconds have passed.</summary>
    private async Task<Waited> SettleAsync(DesiredService service, string id, DeathWatch watch, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            var (deaths, exitCode) = watch.Of(id);
            if (deaths >= MostDeaths) return await DiedAsync(id, deaths, exitCode, cancellationToken);
            await PauseAsync(deaths == 0 ? Settle : SettleAfterDeath, id, deaths, watch, cancellationToken);
            if (watch.Of(id).Deaths != deaths) continue;

            var container = await containers.InspectAsync(id, cancellationToken);
            if (container is null) return Waited.Failed("was removed by somebody else while it started");
            if (container.State is not { Running: true, Restarting: false }) return Waited.Failed($"does not keep running: its process ended with exit code {container.State?.ExitCode}", Died(container, Math.Max(1, deaths), (int)(container.State?.ExitCode ?? 0)));
            if (clock.GetElapsedTime(begun) < PortPatience && await IsDeafAsync(service, container, cancellationToken)) continue;
            memory.Remember(container, true);
            return Waited.Ready(container);
        }
    }

    private async Task<bool> IsDeafAsync(DesiredService service, ContainerInspectResponse container, CancellationToken cancellationToken)
    {
        var target = ProbeTarget.Of(container, docker.Endpoint.IsLocalLinux);
        foreach (var port in service.Ports.Where(p => p.Public))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(1));
            try
            {
                if (await Readiness.ListensAsync(port.TargetPort, target, limit.Token) == false) return true;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return true;
            }
        }

        return false;
    }

    private async Task<Waited> DiedAsync(string id, int deaths, int exitCode, CancellationToken cancellationToken)
    {
        var container = await containers.InspectAsync(id, cancellationToken);
        var memoryLimit = container?.HostConfig?.Memory ?? 0;
        var problem = exitCode switch
        {
            137 when memoryLimit > 0 => $"was killed {deaths} times while starting (exit code 137): it probably needs more memory than its limit of {memoryLimit >> 20} MiB",
            // The init process in the container found nothing to start.
            126 or 127 => $"never became ready: its program is not in the image or cannot be run (exit code {exitCode})",
            _ => $"never became ready: its process ended {deaths} times, the last time with exit code {exitCode}",
        };
        return Waited.Failed(problem, Died(container, deaths, exitCode));
    }

    private static FailureClues Died(ContainerInspectResponse? container, int deaths, int exitCode) => new()
    {
        ExitCode = exitCode,
        Deaths = deaths,
        OutOfMemory = container?.State?.OOMKilled == true,
        MemoryLimitBytes = container?.HostConfig?.Memory is > 0 and var limit ? limit : null,
    };

    private async Task<FailureClues> CluesAsync(ProbeTemplate probe, ProbeAnswer answer, ContainerInspectResponse container, int deaths, int exitCode, CancellationToken cancellationToken) =>
        (deaths > 0 ? Died(container, deaths, exitCode) : new FailureClues()) with
        {
            Probe = Readiness.Describe(probe),
            ProbeAnswer = answer.Detail,
            Port = probe.Exec is { Count: > 0 } ? null : probe.HttpPath is null ? probe.TcpPort : probe.HttpPort ?? 80,
            Listening = await _sockets.ReadAsync(container, cancellationToken),
        };

    /// <summary>The pause ends early when the instance dies once more.</summary>
    private async Task PauseAsync(TimeSpan pause, string id, int deaths, DeathWatch watch, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var died = watch.DiedAsync(id, deaths, over.Token);
        var first = await Task.WhenAny(Task.Delay(pause, clock, over.Token), died);
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (first == died) await died;
        else _ = died.Exception;
    }
}
